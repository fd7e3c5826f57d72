"""bot/app.py and bot/messengers.py: messengers live beside the page, and what happens to one happens to it alone."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import Image

from bot.app import open_house, run_house
from bot.messages import Call, Inbound, Origin, Outbound
from bot.messengers import FIRST_WAIT, LONGEST_WAIT, KeptCalls, keep_connected, means, rooms
from bot.ports import SurfaceError
from engine.errors import NotFoundError
from engine.types import NewJob
from tests.bot.conftest import SETTINGS, Guest, Recorder

TOKEN_WRONG = "The token is wrong. Click here."


@dataclass
class Line(Recorder):
    """A messenger whose connection does what a test says, try by try; after the last try it holds."""

    name: str = "line"
    tries: list[Callable[[Callable[[str], None]], Awaitable[None]]] = field(default_factory=list)
    tried: list[float] = field(default_factory=list)
    ended: bool = False

    async def run(self, ready: Callable[[str], None]) -> None:
        self.tried.append(asyncio.get_running_loop().time())
        try:
            if self.tries:
                await self.tries.pop(0)(ready)
            else:
                ready("line: here")
                await asyncio.Event().wait()
        finally:
            self.ended = True


async def drops(ready: Callable[[str], None]) -> None:
    raise ConnectionError("a secret")


async def holds_a_while(ready: Callable[[str], None]) -> None:
    ready("line: here")
    await asyncio.sleep(10)
    raise ConnectionError


async def refused(ready: Callable[[str], None]) -> None:
    raise SurfaceError(TOKEN_WRONG)


async def refused_in_a_group(ready: Callable[[str], None]) -> None:
    raise ExceptionGroup("tasks", [ConnectionError(), ExceptionGroup("inner", [SurfaceError(TOKEN_WRONG)])])


async def ends(ready: Callable[[str], None]) -> None:
    return


async def watched(line: Line, seconds: float) -> tuple[list[str], list[str]]:
    """Keep a messenger connected for a while. Returns what was connected, and what was said."""
    connected: list[str] = []
    said: list[str] = []
    task = asyncio.ensure_future(keep_connected(line, connected.append, said.append))
    await asyncio.wait((task,), timeout=seconds)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return connected, said


async def stumbles(ready: Callable[[str], None]) -> None:
    raise ZeroDivisionError("secret words")


@pytest.mark.looptime
async def test_a_network_away_is_a_line_and_a_mistake_one_trace(caplog: pytest.LogCaptureFixture) -> None:
    await watched(Line(tries=[drops] * 5), 3600)
    assert len(caplog.records) == 5 and "Traceback" not in caplog.text
    caplog.clear()
    await watched(Line(tries=[stumbles] * 5), 3600)
    assert caplog.text.count("Traceback") == 1


@pytest.mark.looptime
async def test_a_connection_that_drops_is_made_again_ever_more_patiently() -> None:
    line = Line(tries=[drops] * 12)
    connected, said = await watched(line, 3600)
    pauses = [round(after - before) for before, after in zip(line.tried, line.tried[1:], strict=False)]
    assert pauses[:4] == [FIRST_WAIT, 2, 4, 8] and max(pauses) == LONGEST_WAIT
    assert connected == ["line"] and said == ["line: here"]


@pytest.mark.looptime
async def test_patience_starts_anew_once_it_was_there(caplog: pytest.LogCaptureFixture) -> None:
    line = Line(tries=[drops, drops, drops, holds_a_while, ends])
    connected, said = await watched(line, 100)
    assert connected == ["line", "line"] and said == ["line: here"]
    pauses = [round(after - before) for before, after in zip(line.tried, line.tried[1:], strict=False)]
    assert pauses == [1, 2, 4, 10 + 1, 2]


@pytest.mark.looptime
@pytest.mark.parametrize("refuse", [refused, refused_in_a_group])
async def test_what_only_the_owner_can_mend_is_said_once(
    refuse: Callable[[Callable[[str], None]], Awaitable[None]], caplog: pytest.LogCaptureFixture
) -> None:
    line = Line(tries=[drops, refuse])
    await watched(line, 3600)
    assert len(line.tried) == 2
    assert caplog.text.count(TOKEN_WRONG) == 1


async def test_the_house_goes_on_without_a_messenger_and_ends_with_it_closed(tmp_path: Path) -> None:
    broken, good = Line(name="broken", tries=[refused]), Line(name="good")
    said: list[str] = []
    async with open_house(SETTINGS, tmp_path) as (house, delivery, surfaces):
        there = asyncio.Event()

        def say(line: str) -> None:
            said.append(line)
            there.set()

        async def main() -> None:
            await there.wait()
            person = await house.engine.people.ensure("good", "1", "Ana")
            origin = Origin("good", person.id, channel="den")
            assert await house.router.accept(Inbound(origin, "m1", call=Call("help")))
            assert not await house.router.accept(Inbound(origin, "m1", call=Call("help")))
            await good.until(lambda: bool(good.shown))

        await run_house(house, delivery, surfaces, main, messengers=(broken, good), say=say)
        assert not await house.engine.inbox.waiting()
    assert said == ["line: here"] and good.ended and broken.ended
    assert len(good.shown) == 1


async def test_what_came_in_before_a_stop_is_answered_once_the_surface_is_back(tmp_path: Path) -> None:
    async def run(line: Line, main: Callable[[], Awaitable[None]]) -> None:
        await run_house(house, delivery, surfaces, main, messengers=(line,), say=lambda _: None)

    class Stuck(Line):
        asked = asyncio.Event()

        async def deliver(self, origin: Origin, outbound: Outbound) -> str:
            self.asked.set()
            await asyncio.Event().wait()
            return ""

    async with open_house(SETTINGS, tmp_path) as (house, delivery, surfaces):
        person = await house.engine.people.ensure("line", "1", "Ana")
        stuck = Stuck()

        async def before() -> None:
            await house.router.accept(Inbound(Origin("line", person.id, channel="den"), "m1", text="/help"))
            await stuck.asked.wait()

        await run(stuck, before)
        assert [one.event_id for one in await house.engine.inbox.waiting()] == ["m1"]

    async with open_house(SETTINGS, tmp_path) as (house, delivery, surfaces):
        line = Line()

        async def after() -> None:
            await line.until(lambda: bool(line.shown))
            while await house.engine.inbox.waiting():
                await asyncio.sleep(0.01)

        await run(line, after)
        assert len(line.shown) == 1


async def test_accounts_lead_to_persons_also_after_they_were_forgotten(guest: Guest) -> None:
    given = rooms(guest.house.engine, guest.house.router, guest.house.pictures)
    discord, telegram = given.accounts("discord"), given.accounts("telegram")
    ana = await discord("1", "Ana")
    assert await discord("1", "Ana B") == ana
    assert await telegram("1", "Ana") != ana
    await guest.house.engine.people.erase(ana)
    again = await discord("1", "Ana")
    assert again != ana and (await guest.house.engine.people.get(again)).display_name == "Ana"


async def test_buttons_keep_their_commands(guest: Guest) -> None:
    calls = KeptCalls(guest.house.engine.calls)
    call = Call("talk", {"character": "noor", "say": "“Grüße”", "confirm": True, "n": 3})
    token = await calls.keep(guest.origin.person_id, call)
    assert len(token) <= 24 and await calls.keep(guest.origin.person_id, call) == token
    assert await calls.recall(token) == call
    with pytest.raises(NotFoundError):
        await calls.recall("x" * len(token))


async def test_a_character_is_called_by_its_name_where_it_is_seated(guest: Guest) -> None:
    engine = guest.house.engine
    noor = await engine.characters.by_slug("noor")
    await engine.seats.take("discord", "den", "", guest.origin.person_id, noor.id)
    addressed = rooms(engine, guest.house.router, guest.house.pictures).addressed
    assert await addressed("discord", "den", "", "What do you think, noor?")
    assert not await addressed("discord", "den", "", "What do you think?")
    assert not await addressed("discord", "elsewhere", "", "What do you think, noor?")


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Noor?", "Noor Haddad", True),
        ("hello noor haddad!", "Noor Haddad", True),
        ("noorwegian", "Noor", False),
        ("Haddad", "Noor Haddad", False),
        ("Dr. Vex: hi", "Dr. Vex", True),
        ("anything", "", False),
    ],
)
def test_a_name_is_a_word(text: str, name: str, expected: bool) -> None:
    assert means(text, name) is expected


async def test_a_picture_of_before_the_join_is_still_there(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(self: object, person_id: str) -> str:
        return "survivor" if person_id == "joined" else person_id

    engine = guest.house.engine
    monkeypatch.setattr(type(engine.people), "resolve", resolve)
    noor = await engine.characters.by_slug("noor")
    media = replace(await engine.media.get(noor.persona.references.headshot), person_id="survivor")

    async def get(self: object, media_id: str) -> object:
        return media

    monkeypatch.setattr(type(engine.media), "get", get)
    assert (await guest.house.pictures.file(media.id, "survivor"))[1] == "image/png"
    assert (await guest.house.pictures.file(media.id, "joined"))[1] == "image/png"
    with pytest.raises(NotFoundError):
        await guest.house.pictures.file(media.id, "bo")


async def test_a_picture_under_way_is_watched_by_its_person_alone(guest: Guest) -> None:
    engine = guest.house.engine
    job = await engine.queue.enqueue(NewJob("picture", guest.house.owner.id, "{}"))
    preview = guest.house.pictures.preview
    assert await preview(job.id, guest.house.owner.id) == ""
    engine.previews.show(job.id, Image.new("RGB", (900, 900), "teal"))
    path = Path(await preview(job.id, guest.house.owner.id))
    assert Image.open(path).size == (384, 384)
    stranger = (await engine.people.ensure("t", "9", "Bo")).id
    for job_id, person_id in ((job.id, stranger), ("../secret", guest.house.owner.id)):
        with pytest.raises(NotFoundError):
            await preview(job_id, person_id)


def test_without_tokens_no_messengers_library_is_imported() -> None:
    code = "import sys, bot.app, bot.doctor; print(sorted({'discord', 'telegram', 'aiohttp'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_with_the_storyteller_no_language_models_library_is_imported(tmp_path: Path) -> None:
    code = f"""
import asyncio, pathlib, sys
import bot.app, bot.doctor, bot.models.chat, bot.models.pictures
from engine.build import open_engine, utc_now
from engine.config import EngineConfig

async def main():
    async with open_engine(EngineConfig(), pathlib.Path({str(tmp_path)!r}), clock=utc_now):
        libraries = {{"llama_cpp", "gguf", "numpy", "openai", "huggingface_hub", "cryptography"}}
        print(sorted(libraries & set(sys.modules)))

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
