"""The shelf: what leaves memory for the disk and when, what comes back, and that what is erased is gone."""

from __future__ import annotations

import hashlib
import logging
import random
import resource
import stat
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from engine.models.llama.shelf import STEM, Shelf, State
from engine.models.llama.shelf_folder import Folder

STATE_BYTES = 1000
# Of such a state's file: header, label, two tags, and the name.
FILE_BYTES = 108 + 16 + 16 + 16 + 4 * 20 + 6 + STATE_BYTES


def state(of: str, version: int = 0, size: int = STATE_BYTES) -> State:
    """A state whose data follow from whose it is, so that a wrong one is seen."""
    seed = hashlib.sha256(f"{of} {version}".encode()).digest()
    tokens = np.frombuffer((seed * 3)[:80], np.int32)
    return State(tokens, 5, (seed * (size // 32 + 1))[:size])


def same(one: State | None, other: State) -> bool:
    return (
        one is not None
        and one.skipped == other.skipped
        and np.array_equal(one.tokens, other.tokens)
        and bytes(one.data) == bytes(other.data)
    )


@contextmanager
def opened(folder: Path | None, **options: Any) -> Iterator[Shelf]:
    usual: dict[str, Any] = {"scope": "model", "ram_bytes": 0, "disk_bytes": 1 << 30}
    shelf = Shelf(folder, **(usual | options))
    try:
        yield shelf
    finally:
        shelf.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "parked"


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.kv*")}


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


# --- memory and disk ---


def test_it_comes_back_from_memory_without_a_folder() -> None:
    with opened(None, ram_bytes=10_000) as shelf:
        shelf.put("maya", state("maya"))
        assert same(shelf.get("maya"), state("maya"))
        label = shelf.peek("maya")
        assert label is not None and label.skipped == 5
        assert label.tokens.tolist() == state("maya").tokens.tolist()
        assert shelf.get("noor") is None and shelf.peek("noor") is None
        assert shelf.names() == {"maya"}


def test_memory_keeps_the_most_recently_used() -> None:
    with opened(None, ram_bytes=3 * (STATE_BYTES + 80)) as shelf:
        for name in "abc":
            shelf.put(name, state(name))
        shelf.get("a")
        shelf.peek("b")  # that is no use
        shelf.put("d", state("d"))
        assert shelf.names() == {"a", "c", "d"}


def test_one_that_memory_is_too_small_for_pushes_nobody_out() -> None:
    with opened(None, ram_bytes=3 * (STATE_BYTES + 80)) as shelf:
        shelf.put("a", state("a"))
        shelf.put("huge", state("huge", size=100_000))
        assert shelf.names() == {"a"}


def test_what_leaves_memory_is_on_disk_and_in_the_next_process(folder: Path) -> None:
    with opened(folder, ram_bytes=2 * (STATE_BYTES + 80)) as shelf:
        for name in "abcdef":
            shelf.put(name, state(name))
        assert all(same(shelf.get(name), state(name)) for name in "abcdef")
    with opened(folder) as shelf:
        assert shelf.names() == set("abcdef")
        for name in "abcdef":
            label = shelf.peek(name)
            assert label is not None and label.tokens.tolist() == state(name).tokens.tolist()
            assert same(shelf.get(name), state(name))


def test_the_newest_wins(folder: Path) -> None:
    for version in range(3):
        with opened(folder, ram_bytes=10_000) as shelf:
            shelf.put("maya", state("maya", 2 * version))
            shelf.flush()
            shelf.put("maya", state("maya", 2 * version + 1))
            assert same(shelf.get("maya"), state("maya", 2 * version + 1))
        with opened(folder) as shelf:
            assert same(shelf.get("maya"), state("maya", 2 * version + 1))
    assert len(files(folder)) == 1


def test_the_disk_keeps_the_most_recently_used(folder: Path) -> None:
    with opened(folder, disk_bytes=4 * FILE_BYTES) as shelf:
        for name in "abcd":
            shelf.put(f"name-{name}", state(name))
            shelf.flush()
        assert shelf.get("name-a")
        for name in "ef":
            shelf.put(f"name-{name}", state(name))
            shelf.flush()
        assert shelf.names() == {"name-a", "name-d", "name-e", "name-f"}
    assert sum(path.stat().st_size for path in folder.glob("*.kv")) <= 4 * FILE_BYTES


def test_a_use_is_remembered_by_the_next_process_and_a_smaller_budget_holds(folder: Path) -> None:
    with opened(folder) as shelf:
        for name in "abcd":
            shelf.put(f"name-{name}", state(name))
            shelf.flush()
        shelf.get("name-b")
    with opened(folder, disk_bytes=2 * FILE_BYTES) as shelf:
        assert shelf.names() == {"name-b", "name-d"}


def test_at_the_end_the_most_recently_used_are_written(folder: Path) -> None:
    with opened(folder, ram_bytes=100_000, disk_bytes=3 * FILE_BYTES) as shelf:
        for name in "abcdef":
            shelf.put(f"name-{name}", state(name))
        shelf.get("name-a")
    with opened(folder) as shelf:
        assert shelf.names() == {"name-a", "name-e", "name-f"}


def test_what_was_used_in_memory_counts_as_used_on_disk(folder: Path) -> None:
    with opened(folder, ram_bytes=100_000, disk_bytes=2 * FILE_BYTES) as shelf:
        for name in "ab":
            shelf.put(f"name-{name}", state(name))
        shelf.flush()
        shelf.get("name-a")  # from memory
        shelf.put("name-c", state("c"))
    with opened(folder) as shelf:
        assert shelf.names() == {"name-a", "name-c"}


def test_what_the_disk_let_go_meanwhile_is_written_again(folder: Path) -> None:
    with opened(folder, ram_bytes=2 * (STATE_BYTES + 80), disk_bytes=2 * FILE_BYTES) as shelf:
        shelf.put("name-a", state("a"))
        shelf.flush()
        for name in "bcd":
            shelf.get("name-a")  # from memory: the disk takes it for the oldest
            shelf.put(f"name-{name}", state(name))
            shelf.flush()
        for name in "ef":
            shelf.put(f"name-{name}", state(name))
        assert same(shelf.get("name-a"), state("a"))


# --- scopes and passphrases ---


def test_another_model_never_gets_it(folder: Path) -> None:
    with opened(folder, scope="a model") as shelf:
        shelf.put("maya", state("maya"))
        shelf.put("noor", state("noor"))
    with opened(folder, scope="another model") as shelf:
        assert shelf.get("maya") is None and shelf.peek("maya") is None and shelf.names() == set()
        shelf.put("maya", state("maya", 1))
    with opened(folder, scope="a model") as shelf:
        assert shelf.get("maya") is None  # its file is the other's now
        assert same(shelf.get("noor"), state("noor"))


def test_all_scopes_share_the_budget(folder: Path) -> None:
    with opened(folder, scope="a model") as shelf:
        for name in "abc":
            shelf.put(f"name-{name}", state(name))
    with opened(folder, scope="another model", disk_bytes=3 * FILE_BYTES) as shelf:
        shelf.put("name-d", state("d"))
        shelf.put("name-e", state("e"))
    with opened(folder, scope="a model") as shelf:
        assert shelf.names() == {"name-c"}


def test_a_passphrase_hides_it_all(folder: Path) -> None:
    with opened(folder, passphrase="swordfish") as shelf:
        shelf.put("conversation-1234", state("maya"))
    written = content(folder)
    for part in (b"conversation-1234", state("maya").tokens.tobytes(), bytes(state("maya").data)[:16]):
        assert part not in written
    for other in ("", "Swordfish"):
        with opened(folder, passphrase=other, disk_bytes=0) as shelf:
            assert shelf.get("conversation-1234") is None and shelf.names() == set()
    with opened(folder, passphrase="swordfish") as shelf:
        assert same(shelf.get("conversation-1234"), state("maya"))


def test_once_there_is_a_passphrase_nothing_stays_readable(folder: Path) -> None:
    with opened(folder) as shelf:
        shelf.put("maya", state("maya"))
    assert state("maya").tokens.tobytes() in content(folder)
    with opened(folder, passphrase="swordfish"):
        assert state("maya").tokens.tobytes() not in content(folder)


def test_a_lost_salt_loses_the_states_and_nothing_else(folder: Path) -> None:
    with opened(folder, passphrase="swordfish") as shelf:
        shelf.put("maya", state("maya"))
    (folder / "salt").write_bytes(b"too short")
    with opened(folder, passphrase="swordfish") as shelf:
        assert shelf.get("maya") is None
        shelf.put("maya", state("maya", 1))
    with opened(folder, passphrase="swordfish") as shelf:
        assert same(shelf.get("maya"), state("maya", 1))


def test_only_its_owner_may_look(folder: Path) -> None:
    with opened(folder, passphrase="swordfish") as shelf:
        shelf.put("maya", state("maya"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


# --- erasing ---


def test_what_is_dropped_is_nowhere(folder: Path) -> None:
    with opened(folder, ram_bytes=STATE_BYTES + 80) as shelf:
        for name in "abc":
            shelf.put(name, state(name))
        shelf.flush()
        shelf.put("c", state("c", 1))  # in memory, while an older one is on disk
        assert shelf.drop(["a", "c", "nobody"]) == frozenset()
        assert shelf.names() == {"b"}
        assert shelf.get("a") is None and shelf.get("c") is None
        for gone in (state("a"), state("c"), state("c", 1)):
            assert gone.tokens.tobytes() not in content(folder)
    with opened(folder) as shelf:
        assert shelf.names() == {"b"}


def test_it_is_dropped_whatever_model_it_was_of(folder: Path) -> None:
    with opened(folder, scope="a model", passphrase="swordfish") as shelf:
        shelf.put("maya", state("maya"))
    with opened(folder, scope="another model") as shelf:
        shelf.drop(["maya"])
        assert files(folder) == set()


class Paused:
    """Holds the writer in the middle of a file: its first part is written, the next is not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        write = Folder.write

        def slowly(folder: Folder, descriptor: int, parts: Iterable[bytes | memoryview]) -> bool:
            return write(folder, descriptor, self._held_up(parts))

        monkeypatch.setattr(Folder, "write", slowly)

    def _held_up(self, parts: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
        for place, part in enumerate(parts):
            yield part
            if place == 1:
                self.reached.set()
                assert self.go_on.wait(20)


@pytest.mark.parametrize("how", ["drop", "strangers"])
def test_dropped_while_it_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    paused = Paused(monkeypatch)
    with opened(folder) as shelf:
        shelf.put("maya", state("maya", size=30_000))
        assert paused.reached.wait(20)
        assert len(files(folder)) == 1
        if how == "drop":
            shelf.drop(["maya"])
        else:
            shelf.erase_strangers(["noor"])
        assert files(folder) == set()
        paused.go_on.set()
        shelf.flush()
        assert files(folder) == set() and shelf.get("maya") is None
        shelf.put("maya", state("maya", 1))
        shelf.flush()
        assert same(shelf.get("maya"), state("maya", 1))


def test_put_again_while_it_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paused = Paused(monkeypatch)
    with opened(folder) as shelf:
        shelf.put("maya", state("maya", size=30_000))
        assert paused.reached.wait(20)
        shelf.put("maya", state("maya", 1))
        assert same(shelf.get("maya"), state("maya", 1))
        paused.go_on.set()
    with opened(folder) as shelf:
        assert same(shelf.get("maya"), state("maya", 1))


def test_while_it_is_written_it_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paused = Paused(monkeypatch)
    with opened(folder) as shelf:
        shelf.put("maya", state("maya"))
        assert paused.reached.wait(20)
        assert same(shelf.get("maya"), state("maya")) and shelf.peek("maya") and shelf.names() == {"maya"}
        paused.go_on.set()


def test_conversations_that_nobody_knows_are_erased(folder: Path) -> None:
    with opened(folder, scope="another model") as shelf:
        shelf.put("old", state("old"))
        shelf.put("known of old", state("known"))
    with opened(folder, ram_bytes=2 * (STATE_BYTES + 80)) as shelf:
        for name in ("gone", "maya", STEM + "1234", "left"):
            shelf.put(name, state(name))
        shelf.flush()
        shelf.put("in memory", state("in memory"))
        shelf.erase_strangers({"maya", "known of old"})
        assert shelf.names() == {"maya", STEM + "1234"}
        assert len(files(folder)) == 3


# --- a disk that fails ---


def test_what_a_killed_writer_left_is_removed_and_others_files_are_not(folder: Path) -> None:
    folder.mkdir()
    (folder / f"{'0' * 64}.kv.abcd1234.tmp").write_bytes(b"words")
    (folder / "notes.txt").write_bytes(b"somebody's")
    with opened(folder) as shelf:
        assert {path.name for path in folder.iterdir()} == {"lock", "notes.txt"}
        assert shelf.names() == set()


@pytest.mark.parametrize("damage", [b"", b"SELFKV", b"\0" * 4000])
def test_a_broken_file_counts_as_not_there(folder: Path, damage: bytes) -> None:
    with opened(folder) as shelf:
        shelf.put("maya", state("maya"))
        shelf.flush()
        (file,) = folder.glob("*.kv")
        file.write_bytes(damage)
        assert shelf.get("maya") is None and shelf.peek("maya") is None
        shelf.put("maya", state("maya", 1))
        shelf.flush()
        assert same(shelf.get("maya"), state("maya", 1))


def test_what_cannot_be_erased_is_said(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(folder) as shelf:
        for name in ("maya", "noor"):
            shelf.put(name, state(name))
            shelf.flush()
        stuck = folder / f"{hashlib.sha256(b'maya').hexdigest()}.kv"
        stuck.unlink()
        stuck.mkdir()
        assert shelf.drop(["maya", "noor"]) == {"maya"}
        assert files(folder) == {stuck.name}
    assert "cannot be erased" in caplog.text


@contextmanager
def a_disk_with_room_for(size: int) -> Iterator[None]:
    """The kernel refuses to let any file of this process grow beyond it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_once_and_memory_goes_on(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    size = 8 << 20
    with opened(folder, ram_bytes=size + 1000) as shelf:
        with a_disk_with_room_for(1 << 20):
            for name in "abc":
                shelf.put(name, state(name, size=size))
            shelf.flush()
            assert same(shelf.get("c"), state("c", size=size))  # memory has the newest
            assert shelf.get("a") is None and files(folder) == set()
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        assert "cannot be written" in caplog.text
        shelf.put("d", state("d", size=size))
        shelf.flush()
        assert shelf.names() == {"c", "d"}  # there is room again
    with opened(folder) as shelf:
        assert same(shelf.get("c"), state("c", size=size))


def test_a_folder_that_cannot_be_made(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_bytes(b"")
    with opened(tmp_path / "file" / "parked", ram_bytes=10_000) as shelf:
        shelf.put("maya", state("maya"))
        shelf.flush()
        assert same(shelf.get("maya"), state("maya")) and shelf.names() == {"maya"}
        assert shelf.get("noor") is None
    assert len(caplog.records) <= 2 and "stay in memory" in caplog.text


def test_a_folder_that_can_only_be_read(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(folder) as shelf:
        shelf.put("maya", state("maya"))
    (folder / "lock").unlink()
    (folder / "lock").mkdir()  # root may write anywhere: but not open a folder for writing
    with opened(folder, ram_bytes=10_000) as shelf:
        assert same(shelf.get("maya"), state("maya"))
        shelf.put("noor", state("noor"))
        shelf.flush()
        assert same(shelf.get("noor"), state("noor"))
        shelf.drop(["maya"])
        assert files(folder) == set()
    assert "stay in memory" in caplog.text


def test_two_never_write_into_one_folder(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(folder, ram_bytes=10_000) as first:
        first.put("maya", state("maya"))
        first.flush()
        with opened(folder, ram_bytes=10_000) as second:
            assert "another Selfsame" in caplog.text
            second.put("noor", state("noor"))
            second.flush()
            assert same(second.get("maya"), state("maya"))
            assert len(files(folder)) == 1
            second.drop(["maya"])  # what is erased is erased whoever does it
            assert files(folder) == set()
    with opened(folder) as third:
        third.put("noor", state("noor"))
        third.flush()
        assert len(files(folder)) == 1


def test_what_the_disk_is_too_slow_for_is_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.models.llama.shelf.BACKLOG", 3 * (STATE_BYTES + 80))
    paused = Paused(monkeypatch)
    with opened(folder) as shelf:
        shelf.put("first", state("first"))
        assert paused.reached.wait(20)
        for name in "abcde":
            shelf.put(name, state(name))
        assert shelf.names() == set("cde")
        paused.go_on.set()
        shelf.flush()
        assert shelf.names() >= set("cde")


def test_one_that_is_larger_than_what_may_wait_is_written_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.models.llama.shelf.BACKLOG", 10)
    with opened(folder) as shelf:
        shelf.put("maya", state("maya"))
        shelf.flush()
        assert same(shelf.get("maya"), state("maya"))


# --- many at once ---


@pytest.mark.parametrize("passphrase", ["", "swordfish"])
def test_many_threads_at_once(folder: Path, passphrase: str) -> None:
    wrong: list[str] = []

    def use(seed: int) -> None:
        chance = random.Random(seed)
        for step in range(120):
            name = f"{seed % 2}-{chance.randrange(6)}"
            doing = chance.random()
            if doing < 0.5:
                shelf.put(name, state(name, chance.randrange(1000), size=chance.choice([10, 1000, 20_000])))
            elif doing < 0.9:
                got = shelf.get(name)
                if got is not None and not _is_of(got, name):
                    wrong.append(f"{seed} {step} {name}")
            else:
                shelf.drop([name])

    with opened(folder, ram_bytes=30_000, disk_bytes=60_000, passphrase=passphrase) as shelf:
        threads = [threading.Thread(target=use, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        shelf.drop([f"{who}-{number}" for who in range(2) for number in range(6)])
        shelf.flush()
        assert files(folder) == set() and shelf.names() == set()


def _is_of(got: State, name: str) -> bool:
    return any(same(got, state(name, version, len(got.data))) for version in range(1000))


class Schedules(RuleBasedStateMachine):
    """Any order of doings: what is given back is the newest of that name or, after a restart, one that was put."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.newest: dict[str, int] = {}
        self.count = 0
        self.open()

    def open(self) -> None:
        self.shelf = Shelf(Path(self.folder.name), scope="model", ram_bytes=3000, disk_bytes=1 << 30)

    @rule(name=st.sampled_from("abcdef"))
    def put(self, name: str) -> None:
        self.count += 1
        self.newest[name] = self.count
        self.shelf.put(name, state(name, self.count))

    @rule(name=st.sampled_from("abcdef"))
    def get(self, name: str) -> None:
        version = self.newest.get(name)
        got = self.shelf.get(name)
        assert got is None if version is None else same(got, state(name, version))

    @rule(names=st.sets(st.sampled_from("abcdef")))
    def drop(self, names: set[str]) -> None:
        self.shelf.drop(names)
        for name in names:
            self.newest.pop(name, None)

    @rule()
    def flush(self) -> None:
        self.shelf.flush()

    @rule()
    def restart(self) -> None:
        self.shelf.close()
        self.open()

    @invariant()
    def whose(self) -> None:
        assert self.shelf.names() == set(self.newest)

    def teardown(self) -> None:
        self.shelf.close()
        self.folder.cleanup()


TestSchedules = Schedules.TestCase
TestSchedules.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
