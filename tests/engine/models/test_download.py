"""engine/models/download.py against a loopback hub, through huggingface_hub as it is."""

from __future__ import annotations

import asyncio
import json
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytest.importorskip("huggingface_hub")

from engine.errors import InputError, ModelError
from engine.models.download import Fetched, Source, fetch, source
from tests.engine.models.hub import COMMIT, Hub

REPO, FILE = "Owner/Repo-GGUF", "model-Q4_K_M.gguf"
NAME = f"{REPO}/{FILE}"
# The library writes stretches of so many bytes; what breaks, breaks in the middle of one, which is lost.
STRETCH = 10 << 20
DATA = random.Random(4).randbytes(2 * STRETCH + (3 << 20))
TOKEN = "hf_of_nobody"


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with Hub() as running:
        yield running


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a broken connection is taken up, the library sleeps, and so do we."""
    monkeypatch.setattr("engine.models.download.time.sleep", lambda _: None)
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


class Told:
    """What the progress was told."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int, str]] = []

    def __call__(self, have: int, total: int, doing: str) -> None:
        self.steps.append((have, total, doing))


async def fetched(hub: Hub, folder: Path, told: Told | None = None, name: str = NAME) -> tuple[Fetched, ...]:
    return await asyncio.to_thread(fetch, source(name), folder, told or Told(), endpoint=hub.url)


def left(folder: Path) -> list[str]:
    """Names of the files below a folder, without checksums in them."""
    return sorted(path.name.split(".gguf")[0] + path.suffix for path in folder.rglob("*") if path.is_file())


async def test_a_file_arrives_whole_and_is_noted(hub: Hub, tmp_path: Path) -> None:
    file = hub.put(REPO, FILE, DATA)
    told = Told()
    (one,) = await fetched(hub, tmp_path, told)
    assert one == Fetched(tmp_path / REPO / FILE, len(DATA), file.sha256, already=False)
    assert one.path.read_bytes() == DATA
    assert json.loads((tmp_path / REPO / f"{FILE}.json").read_text()) == {
        "from": NAME,
        "commit": COMMIT,
        "sha256": file.sha256,
        "size": len(DATA),
    }
    assert left(tmp_path) == ["model-Q4_K_M.gguf", "model-Q4_K_M.json"]
    assert told.steps[-1] == (len(DATA), len(DATA), "fetching")
    assert hub.gets == [(0, "")]


async def test_a_token_is_shown_to_the_hub_and_to_nobody_else(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    hub.put(REPO, FILE, DATA)
    await fetched(hub, tmp_path)
    assert hub.authorized == [f"Bearer {TOKEN}"]
    assert hub.gets == [(0, "")]


async def test_a_file_that_is_here_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA)
    await fetched(hub, tmp_path)
    told = Told()
    (again,) = await fetched(hub, tmp_path, told)
    assert again.already
    assert (len(hub.gets), told.steps) == (1, [])


async def test_a_file_that_was_put_there_by_hand_is_checked_once(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA)
    path = tmp_path / REPO / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(DATA)
    told = Told()
    (one,) = await fetched(hub, tmp_path, told)
    assert one.already
    assert {doing for *_, doing in told.steps} == {"checking"}
    path.write_bytes(DATA[:-1] + b"?")
    (path.parent / f"{FILE}.json").unlink()
    (one,) = await fetched(hub, tmp_path)
    assert not one.already
    assert path.read_bytes() == DATA


@pytest.mark.parametrize("rude", [False, True])
async def test_a_broken_connection_is_taken_up_where_it_broke(hub: Hub, tmp_path: Path, rude: bool) -> None:
    hub.put(REPO, FILE, DATA)
    hub.breaks = [(STRETCH + 5000, rude), (STRETCH + 5000, rude)]
    (one,) = await fetched(hub, tmp_path)
    assert one.path.read_bytes() == DATA
    starts = [start for start, _ in hub.gets]
    # What is on its way to us when a connection is reset is lost with it.
    assert starts == (sorted(starts) if rude else [0, STRETCH, 2 * STRETCH])


async def test_what_has_arrived_is_kept_for_the_next_call(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA)
    hub.breaks = [(STRETCH + 5000, False), *[(0, True)] * 60]
    with pytest.raises(ModelError, match="the same command goes on from there"):
        await fetched(hub, tmp_path)
    (part,) = (tmp_path / REPO).glob(".*.part")
    have = part.stat().st_size
    assert have == STRETCH
    assert left(tmp_path) == [".model-Q4_K_M.part"]
    hub.breaks, hub.gets = [], []
    told = Told()
    (one,) = await fetched(hub, tmp_path, told)
    assert one.path.read_bytes() == DATA
    assert hub.gets == [(have, "")]
    assert told.steps[0][2] == "checking"
    assert left(tmp_path) == ["model-Q4_K_M.gguf", "model-Q4_K_M.json"]


async def test_a_hub_that_goes_away_meanwhile_costs_nothing_that_has_arrived(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = hub.put(REPO, FILE, DATA)
    hub.breaks = [(STRETCH + 5000, True), *[(0, True)] * 60]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        file.status = 503 if len(slept) < 3 else 200
        if file.status == 200:
            hub.breaks = []

    monkeypatch.setattr("engine.models.download.time.sleep", sleep)
    (one,) = await fetched(hub, tmp_path)
    assert one.path.read_bytes() == DATA
    assert len(slept) >= 3


async def test_where_no_parts_are_sent_it_begins_anew(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA)
    hub.breaks = [(STRETCH + 5000, False), *[(0, True)] * 60]
    with pytest.raises(ModelError):
        await fetched(hub, tmp_path)
    hub.breaks, hub.ranges = [], False
    (one,) = await fetched(hub, tmp_path)
    assert one.path.read_bytes() == DATA


async def test_what_arrives_damaged_is_thrown_away(hub: Hub, tmp_path: Path) -> None:
    file = hub.put(REPO, FILE, DATA)
    file.data = DATA[:-1] + b"?"
    with pytest.raises(ModelError, match="its checksum is not the hub's"):
        await fetched(hub, tmp_path)
    assert not (tmp_path / REPO / FILE).exists()
    file.data = DATA
    (one,) = await fetched(hub, tmp_path)
    assert one.path.read_bytes() == DATA


async def test_a_file_that_changed_at_the_hub_is_replaced_whole(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA)
    await fetched(hub, tmp_path)
    hub.put(REPO, FILE, DATA[::-1])
    hub.breaks = [(STRETCH + 5000, False), *[(0, True)] * 60]
    with pytest.raises(ModelError):
        await fetched(hub, tmp_path)
    assert (tmp_path / REPO / FILE).read_bytes() == DATA  # the old one stays until the new one is whole
    hub.breaks = []
    (one,) = await fetched(hub, tmp_path)
    assert one.path.read_bytes() == DATA[::-1]


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (403, "GatedRepo", "Accept them at https://127"),
        (401, "GatedRepo", "HF_TOKEN"),
        (403, "", "HF_TOKEN"),
        (500, "", "at the moment"),
        (429, "", "at the moment"),
    ],
)
async def test_what_the_hub_refuses_is_a_sentence(
    hub: Hub, tmp_path: Path, status: int, code: str, said: str
) -> None:
    hub.put(REPO, FILE, DATA, status=status, code=code)
    with pytest.raises(ModelError, match=said):
        await fetched(hub, tmp_path)
    assert left(tmp_path) == []


async def test_what_the_hub_does_not_have_is_a_sentence(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA)
    with pytest.raises(ModelError, match=rf"{REPO} has no file other\.gguf"):
        await fetched(hub, tmp_path, name=f"{REPO}/other.gguf")
    with pytest.raises(ModelError, match="has no Nobody/Nothing, or shows it only to some"):
        await fetched(hub, tmp_path, name="Nobody/Nothing/model.gguf")


async def test_no_hub_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"127\.0\.0\.1:9 cannot be reached"):
        await asyncio.to_thread(fetch, source(NAME), tmp_path, Told(), endpoint="http://127.0.0.1:9")


async def test_a_hub_without_checksums_is_not_believed(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA, sha256="1234")
    with pytest.raises(ModelError, match="does not say size and checksum"):
        await fetched(hub, tmp_path)


async def test_a_small_file_is_checked_as_git_does(hub: Hub, tmp_path: Path) -> None:
    """What the hub keeps in git itself, e.g. a tokenizer, has git's own checksum."""
    small = DATA[:500_000]
    command = ["git", "hash-object", "--stdin"]
    child = await asyncio.to_thread(subprocess.run, command, input=small, capture_output=True, check=True)
    oid = child.stdout.decode()
    file = hub.put("Owner/Repo", "tokenizer.json", small, sha256=oid.strip())
    wanted = Source("Owner/Repo", "tokenizer.json")
    (one,) = await asyncio.to_thread(fetch, wanted, tmp_path, Told(), endpoint=hub.url)
    assert one.path.read_bytes() == small
    assert json.loads(one.path.with_name("tokenizer.json.json").read_text())["git"] == oid.strip()
    (again,) = await asyncio.to_thread(fetch, wanted, tmp_path, Told(), endpoint=hub.url)
    assert again.already and len(hub.gets) == 1
    file.data, file.sha256 = small[:-1] + b"?", "1" * 40
    with pytest.raises(ModelError, match="its checksum is not the hub's"):
        await asyncio.to_thread(fetch, wanted, tmp_path, Told(), endpoint=hub.url)
    assert one.path.read_bytes() == small


async def test_too_little_disk_is_said_before_anything_is_fetched(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = shutil.disk_usage(tmp_path).free
    hub.put(REPO, FILE, DATA, size=free)
    monkeypatch.setattr("engine.models.hub.LARGEST", 2 * free)
    with pytest.raises(ModelError, match=r"and 1 GB to spare, and \d+\.\d GB are free"):
        await fetched(hub, tmp_path)
    assert hub.gets == []


async def test_what_the_hub_does_not_send_in_one_piece_is_said(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA, size=51_000_000_000)
    with pytest.raises(ModelError, match="the hub sends 50 at most"):
        await fetched(hub, tmp_path)


async def test_a_disk_that_fills_up_keeps_what_has_arrived(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA)
    code = (
        "import sys; from pathlib import Path; from engine.models.download import fetch, source\n"
        "from engine.errors import ModelError\n"
        "try: fetch(source(sys.argv[1]), Path(sys.argv[2]), lambda *_: None, endpoint=sys.argv[3])\n"
        "except ModelError as error: print(error.sentence)"
    )
    limit = STRETCH + 5000  # the system refuses what goes beyond, as a full disk does

    child = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code, NAME, str(tmp_path), hub.url],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        check=False,
    )
    assert "The disk is full" in child.stdout, child.stderr[-2000:]
    assert next((tmp_path / REPO).glob(".*.part")).stat().st_size <= limit
    (one,) = await fetched(hub, tmp_path)
    assert one.path.read_bytes() == DATA
    assert hub.gets[-1][0] > 0


async def test_a_killed_fetch_goes_on_in_the_next_process(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA * 4)
    hub.hold_at = 4 * STRETCH
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; from pathlib import Path; from engine.models.download import fetch, source\n"
        "fetch(source(sys.argv[1]), Path(sys.argv[2]), lambda *_: None, endpoint=sys.argv[3])",
        NAME,
        str(tmp_path),
        hub.url,
    )

    await asyncio.wait_for(hub.held.wait(), 60)
    child.kill()
    assert await child.wait() == -9
    hub.hold_at = 0
    hub.go.set()
    assert not (tmp_path / REPO / FILE).exists()
    (one,) = await fetched(hub, tmp_path)
    assert one.path.read_bytes() == DATA * 4
    assert hub.gets[-1][0] > 0


async def test_two_do_not_fetch_the_same_at_once(hub: Hub, tmp_path: Path) -> None:
    hub.put(REPO, FILE, DATA)
    second: list[ModelError] = []

    class Meanwhile(Told):
        def __call__(self, have: int, total: int, doing: str) -> None:
            if not second:
                with pytest.raises(ModelError, match="by another process") as error:
                    fetch(source(NAME), tmp_path, Told(), endpoint=hub.url)
                second.append(error.value)

    (one,) = await fetched(hub, tmp_path, Meanwhile())
    assert second
    assert one.path.read_bytes() == DATA


async def test_all_parts_are_fetched(hub: Hub, tmp_path: Path) -> None:
    for at in (1, 2):
        hub.put(REPO, f"Q8/model-0000{at}-of-00002.gguf", DATA[at:])
    both = await fetched(hub, tmp_path, name=f"{REPO}/Q8/model-00001-of-00002.gguf")
    assert [one.path.read_bytes() for one in both] == [DATA[1:], DATA[2:]]


@pytest.mark.parametrize(
    "name",
    ["model.gguf", "Owner/model.gguf", "Owner/Repo/../../etc/x.gguf", "Owner/Repo/model.bin", "/a/b/c.gguf"],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="is no file of the hub"):
        source(name)


def test_an_address_of_the_hub_is_a_name_too() -> None:
    assert source(f"https://huggingface.co/{REPO}/resolve/main/{FILE}") == Source(REPO, FILE)
