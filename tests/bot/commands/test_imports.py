"""`/import` on the real house: what it says, what it asks, and that it lets everything go again."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.app import import_history
from bot.messages import Confirm, Memories, Outbound, Text, Tone
from bot.surfaces.terminal.surface import TerminalSurface
from bot.surfaces.terminal.talk import talk
from engine.config import MemoryConfig
from tests.bot.conftest import PATIENCE, SETTINGS, Guest, Recorder, opened, working
from tests.bot.surfaces.web.scripted import PaintedPictures
from tests.engine.memory.imports.files import said, tavern, write

CHAT = tavern(
    said("Ada", "My dog is called Biscuit.", "March 3, 2022 9:15am"),
    said("Noor", "What a name!", "March 3, 2022 9:16am"),
    said("Ada", "I live in Lyon.", "May 9, 2024 8:00am"),
    "{broken",
)


async def pieces(content: str) -> AsyncIterator[bytes]:
    yield content.encode()


async def send(guest: Guest, content: str = CHAT, **options: str) -> tuple[Outbound, ...]:
    file = await guest.house.engine.tray.put(pieces(content))
    return await guest.call("import", file=file, character="noor", **options)


async def facts(guest: Guest) -> list[str]:
    (view,) = await guest.call("memory", character="noor")
    assert isinstance(view, Memories)
    return sorted(fact.text for _, topic in view.topics for fact in topic)


async def test_a_history_is_remembered_and_taken_back(guest: Guest) -> None:
    report, undo = await send(guest)
    assert report == Text(
        "Noor Lindqvist remembers 3 lines from 3 March 2022 to 9 May 2024 now, and 2 facts from them. "
        "1 line left out: 1 could not be read."
    )
    assert await facts(guest) == ["You live in Lyon.", "Your dog is called Biscuit."]
    assert isinstance(undo, Confirm)
    (done,) = await guest.call(undo.confirm.call.name, **undo.confirm.call.options)
    assert isinstance(done, Text) and done.text.startswith("Forgotten: A SillyTavern chat, imported on ")
    assert await facts(guest) == []


async def test_what_was_imported_is_gone_over_for_what_happened_together(tmp_path: Path) -> None:
    at_once = SETTINGS.model_copy(update={"memory": MemoryConfig(consolidate_turns=1)})
    async with working(tmp_path, at_once) as (guest, _):
        await send(guest)
        first = "You and Noor Lindqvist first talked on 3 March 2022."
        async with asyncio.timeout(PATIENCE):
            while first not in await facts(guest):
                await asyncio.sleep(0.05)


async def test_imports_are_listed_and_taken_back_by_number(guest: Guest) -> None:
    (how,) = await guest.call("import", character="noor")
    assert isinstance(how, Text) and "SillyTavern" in how.text
    await send(guest)
    (listed,) = await guest.call("import", character="noor")
    assert isinstance(listed, Text)
    assert "\n1. A SillyTavern chat, imported on " in listed.text
    assert ": 3 lines from 3 March 2022 to 9 May 2024, 2 facts\n" in listed.text
    (question,) = await guest.call("import", character="noor", forget="1")
    assert isinstance(question, Confirm) and "3 lines" in question.question
    assert await facts(guest)
    (wrong,) = await guest.call("import", character="noor", forget="2")
    assert isinstance(wrong, Text) and wrong.tone is Tone.ERROR


async def test_the_same_file_again_says_so(guest: Guest) -> None:
    await send(guest)
    (again,) = await send(guest)
    assert again == Text("Nothing new was in it. 4 lines left out: 1 could not be read, 3 were here already.")


async def test_no_file_is_left_behind(guest: Guest, tmp_path: Path) -> None:
    await send(guest)
    (refused,) = await send(guest, "Bea: I have a cat.\nCleo: Nice!\n")
    assert isinstance(refused, Text) and "me:Bea" in refused.text
    assert list((tmp_path / "imports").iterdir()) == []
    (gone,) = await guest.call("import", character="noor", file="0" * 32)
    assert isinstance(gone, Text) and "send it again" in gone.text


class Messenger(Recorder):
    """A surface on which files are sent along."""

    def fetch(self, ref: str) -> AsyncIterator[bytes]:
        assert ref == "https://cdn.example/1"
        return pieces(CHAT)


async def test_a_messengers_file_is_fetched_when_it_is_needed(guest: Guest, tmp_path: Path) -> None:
    guest.surfaces["recorder"] = Messenger()
    report, _ = await guest.call("import", character="noor", file="https://cdn.example/1")
    assert isinstance(report, Text) and "remembers 3 lines" in report.text
    assert list((tmp_path / "imports").iterdir()) == []


async def test_no_path_of_this_machine_can_be_named(guest: Guest, tmp_path: Path) -> None:
    path = write(tmp_path / "history", CHAT)
    for name in (str(path), "../history", "history"):
        (refused,) = await guest.call("import", character="noor", file=name)
        assert isinstance(refused, Text) and refused.tone is Tone.ERROR
    assert await facts(guest) == []


async def test_a_history_is_imported_in_private_only(guest: Guest) -> None:
    public = replace(guest, origin=replace(guest.origin, place="discord:guild:1:channel:2", channel="2"))
    (refused,) = await send(public)
    assert isinstance(refused, Text) and "nobody reads along" in refused.text


async def test_nobody_takes_back_what_is_not_theirs(guest: Guest) -> None:
    _, undo = await send(guest)
    assert isinstance(undo, Confirm)
    other = await guest.another("Eve")
    (refused,) = await other.call(undo.confirm.call.name, **undo.confirm.call.options)
    assert refused == Text("That import is not there any more.", Tone.ERROR)
    assert len(await facts(guest)) == 2


async def test_from_the_command_line(tmp_path: Path) -> None:
    file, out = write(tmp_path / "history", CHAT), io.StringIO()
    data = tmp_path / "data"
    await import_history(SETTINGS, data, file, "noor", "", Console(file=out, width=200))
    assert "Noor Lindqvist remembers 3 lines from 3 March 2022 to 9 May 2024 now" in out.getvalue()
    async with opened(data) as guest:
        assert len(await facts(guest)) == 2


@pytest.mark.parametrize("typed", ["/import {path}", '/import "{path}" me:Ada'])
async def test_from_the_terminal(guest: Guest, tmp_path: Path, typed: str) -> None:
    folder = tmp_path / ("a b" if '"' in typed else "ab")
    folder.mkdir()
    path = write(folder / "history", CHAT)
    out = io.StringIO()
    surface = TerminalSurface(Console(file=out, width=300), PaintedPictures(tmp_path), guest.house.owner.id)
    lines = iter([typed.format(path=path), "n", "/import /no/such/file"])

    async def ask(question: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    house = guest.house
    async with house.router.running({surface.name: surface}):
        await talk(house.router, surface, house.owner.id, "noor", ask, house.engine.tray.copy)
    assert "Noor Lindqvist remembers 3 lines" in out.getvalue()
    assert "There is no such file" in out.getvalue()
    assert len(await facts(guest)) == 2
