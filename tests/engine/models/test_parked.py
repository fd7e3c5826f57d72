"""What is parked goes with the conversation, also where the model that parked it is not in use any more."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.build import open_engine, utc_now
from engine.config import EngineConfig
from engine.errors import ModelError
from engine.models.choose import PARKED
from engine.models.parked import erase_parked, parked_file
from engine.types import PRIVATE_PLACE, Role


def test_the_files_are_those_of_the_shelf() -> None:
    folder = pytest.importorskip("engine.models.llama.shelf_folder")
    assert parked_file("0197-talk") == folder.file_name("0197-talk")


def test_only_what_is_named_goes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / parked_file(name)).write_bytes(b"words")
    erase_parked(tmp_path, ["one", "never parked"])
    assert [path.name for path in tmp_path.iterdir()] == [parked_file("two")]
    erase_parked(tmp_path / "no such folder", ["one"])


@pytest.mark.skipif(os.name != "posix", reason="needs a lock that other processes see")
def test_characters_go_too_unless_a_model_still_uses_them(tmp_path: Path) -> None:
    shelf_disk = pytest.importorskip("engine.models.llama.shelf_disk")
    disk = shelf_disk.Disk(tmp_path, scope="test", limit=1 << 20)
    stem = tmp_path / f"{'0' * 64}.stem.kv"
    stem.write_bytes(b"a character of one's own")
    erase_parked(tmp_path, ["one"])
    assert stem.exists()
    disk.close()
    erase_parked(tmp_path, ["one"])
    assert not stem.exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a folder that refuses")
def test_a_folder_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / parked_file("one")).write_bytes(b"words")
    tmp_path.chmod(0o500)
    with pytest.raises(ModelError, match="could not be erased"):
        erase_parked(tmp_path, ["one"])
    tmp_path.chmod(0o700)


def test_what_cannot_be_erased_is_said(tmp_path: Path) -> None:
    (tmp_path / parked_file("one")).mkdir()
    with pytest.raises(ModelError, match="could not be erased"):
        erase_parked(tmp_path, ["one"])


async def test_the_storyteller_erases_what_another_model_parked(tmp_path: Path) -> None:
    (tmp_path / PARKED).mkdir()
    async with open_engine(EngineConfig(), tmp_path, clock=utc_now) as engine:
        person = await engine.people.ensure("test", "1", "Ann")
        character, _ = (await engine.characters.catalog(person.id))[0]
        talk = await engine.conversations.open(person.id, character.id, PRIVATE_PLACE)
        await engine.conversations.append(talk.id, Role.PERSON, "hello")
        parked = tmp_path / PARKED / parked_file(talk.id)
        parked.write_bytes(b"what was read of it")
        await engine.conversations.clear(talk.id)
        assert not parked.exists()
