"""bot/models/pictures.py: `selfsame models`, `pull` and `verify` for pictures as people run them, on a loopback hub."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import Settings, load
from bot.models.pictures import print_pictures, pull_pictures
from engine.errors import InputError
from engine.images.device import hardware
from engine.images.device.hardware import Card
from engine.provision.pictures.known import Job, find_piece, pieces
from tests.bot.test_models import selfsame
from tests.engine.models.hub import Hub
from tests.engine.provision.repos import klein

pytest.importorskip("huggingface_hub")

KLEIN = find_piece("klein")


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with Hub() as running:
        yield running


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "cards", lambda: (Card("Test 12", 12282, 12000, "cuda:0"),))


def window(columns: int = 200) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=columns), out


def test_the_list_names_everything_with_its_size_and_licence(tmp_path: Path, card: None) -> None:
    console, out = window()
    print_pictures(Settings(), tmp_path, console)
    said = out.getvalue()
    for piece in pieces().values():
        size = f"{piece.gigabytes:.1f} GB" if piece.job is Job.DRAWS else rf"{piece.gigabytes * 1000:,.0f} MB"
        assert re.search(rf"^{piece.name} +{size} +{re.escape(piece.licence)}", said, re.MULTILINE), (
            piece.name
        )
    assert "Test 12" in said and "selfsame models pull images" in said
    assert re.search(r"^klein .* bf16 13, fp8 8\.5, nf4 7 +fp8", said, re.MULTILINE)


def test_in_a_narrow_window_no_name_is_cut(tmp_path: Path) -> None:
    console, out = window(80)
    print_pictures(Settings(), tmp_path, console)
    assert max(map(len, out.getvalue().splitlines())) <= 80
    for name in pieces():
        assert re.search(rf"^{name} ", out.getvalue(), re.MULTILINE)


def test_who_names_nothing_is_shown_the_set_with_its_licences_and_asked(tmp_path: Path, card: None) -> None:
    console, out = window()
    asked: list[str] = []
    pull_pictures(
        Settings(),
        tmp_path,
        console,
        name="",
        accepted=False,
        config=None,
        agree=lambda question: bool(asked.append(question)),
    )
    assert asked == ["Fetch them, 16.6 GB in all?"]
    assert "FLUX.2 klein 4B (16.00 GB), Apache 2.0: https://" in out.getvalue()
    assert "Nothing was fetched." in out.getvalue() and not (tmp_path / "models").exists()


def test_without_a_card_nobody_is_led_into_minutes_for_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "cards", tuple)
    with pytest.raises(InputError, match=r"without a graphics card.*docs/images\.md"):
        pull_pictures(
            Settings(), tmp_path, window()[0], name="", accepted=False, config=None, agree=lambda _: True
        )


async def test_a_family_is_fetched_configured_verified_and_found_damaged(hub: Hub, tmp_path: Path) -> None:
    hub.put_folder(KLEIN.repo, klein(tmp_path / "repo"))
    code, said = await selfsame(tmp_path, "models", "pull", "klein", hub=hub)
    assert code == 0, said
    assert "FLUX.2 klein 4B" in said and "its checksums are right" in said
    lines = said[said.index("[images]") :].split("Not installed")[0]
    assert tomllib.loads(lines) == {"images": {"pipeline": "auto"}}
    code, said = await selfsame(tmp_path, "models", "pull", "images", "klein", "--configure", hub=hub)
    assert code == 0, said
    assert "was here already" in said and load(tmp_path / "config.toml", {}).images.pipeline == "auto"
    code, said = await selfsame(tmp_path, "models", "verify")
    assert code == 0, said
    assert re.search(r"✓ +klein +Whole: \d+ files, .* all checksums right", said)
    weights = tmp_path / "data/models" / KLEIN.repo / "vae/diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    code, said = await selfsame(tmp_path, "models", "verify", "klein")
    assert code == 1
    assert re.search(r"✗ +klein +.*is damaged", said)
    code, said = await selfsame(tmp_path, "models", "pull", "klein", hub=hub)
    assert code == 0, said
    assert weights.read_bytes() == (tmp_path / "repo/vae" / weights.name).read_bytes()


async def test_terms_are_accepted_in_so_many_words_and_written_down(hub: Hub, tmp_path: Path) -> None:
    codeformer = find_piece("codeformer")
    for file in codeformer.files or ():
        hub.put(codeformer.repo, file, b"weights")
    (tmp_path / "config.toml").write_text('[images]\naccept = ["kontext"] # read it\n')
    code, said = await selfsame(tmp_path, "models", "pull", "codeformer", hub=hub)
    assert code == 2 and "S-Lab" in said and "--accept-licence" in said and hub.gets == []
    code, said = await selfsame(
        tmp_path, "models", "pull", "codeformer", "--accept-licence", "--configure", hub=hub
    )
    assert code == 0, said
    images = load(tmp_path / "config.toml", {}).images
    assert (images.accept, images.restore) == (("kontext", "codeformer"), "codeformer")


async def test_what_makes_no_sense_is_a_sentence(tmp_path: Path) -> None:
    for words, expected in (
        (("pull", "klien"), "Did you mean klein"),
        (("pull", "klein", "sdxl"), "selfsame models pull sdxl"),
        (("pull", "klein", "--from", "a/b/c.gguf"), "pull chat --from"),
        (("verify", "nothing"), "There is nothing called nothing"),
    ):
        code, said = await selfsame(tmp_path, "models", *words)
        assert code == 2 and expected in said and "Traceback" not in said
    code, said = await selfsame(tmp_path, "models", "verify")
    assert code == 0 and "No picture model is here yet" in said
