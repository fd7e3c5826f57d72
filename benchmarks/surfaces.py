"""`selfsame bench surfaces`: Discord and Telegram against loopback servers that speak their protocols.

Three parts for each: what the adapter adds to a message (gateway event → surface → router → REST call, with a command
that answers at once); many conversations with the whole engine while requests fail; and streaming, where the first
words have to be there soon and edits may not exceed the platform's rates. Needs a checkout: the servers are the tests'.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.towns import CHECKOUT, TOWNS, Town, find_servers
from bot.access import Access
from bot.app import House, open_house, run_house
from bot.commands.command import Request, Tools
from bot.commands.registry import COMMANDS
from bot.config import Settings
from bot.messages import MessageView, Outbound, Replied
from bot.messengers import build
from bot.router import Router
from engine.models.port import ChatModel, Prompt, Sampling, Work
from engine.types import Role

MESSAGES, QUICK_MESSAGES = 200, 40
PEOPLE, QUICK_PEOPLE = 500, 40
LINES, QUICK_LINES = 10, 4
STREAMS, QUICK_STREAMS = 12, 4
# Pieces of a streamed reply and seconds between them: twelve seconds, as a local model on a small GPU.
PIECES, PAUSE = 120, 0.1
# People who take turns, and seconds between two messages: within the limits of a chat and of a bot.
SPEAKERS, BETWEEN = 40, 0.06
# Seconds after which a reply counts as lost, beyond what the platform's own limits take.
PATIENCE = 600.0
# Seconds between two looks; when something was shown is the server's own time.
LOOK_AGAIN = 0.02
# Seconds in which doubled replies would still show up.
AFTERWARDS = 3.0

NOBODYS = Work()


class EchoModel:
    """Says back what was said to it, so that every reply tells which message it answers."""

    name = "echo"
    context_tokens = 8192
    structured = False

    def __init__(self, pieces: int = 1, pause: float = 0.0) -> None:
        self._pieces, self._pause = pieces, pause
        self.first_pieces: dict[str, float] = {}

    def count_tokens(self, text: str) -> int:
        """Four characters a token, as with most vocabularies."""
        return len(text) // 4 + 1

    def prompt_tokens(self, prompt: Prompt) -> int:
        """The tokens of all texts."""
        texts = (*(section.text for section in prompt.sections), *(turn.text for turn in prompt.turns))
        return sum(self.count_tokens(text) for text in texts)

    async def forget(self, conversations: Collection[str]) -> None:
        """Nothing is kept."""

    async def stream(self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS) -> AsyncIterator[str]:
        """The words, and then some more."""
        mark = prompt.turns[-1].text.split()[-1]
        self.first_pieces[mark] = time.monotonic()
        yield f"I heard {mark} here. "
        for number in range(1, self._pieces):
            await asyncio.sleep(self._pause)
            yield f"And more of it, part {number}. "


async def run(*, quick: bool = False) -> dict[str, Any]:
    """Measure. Keys by platform: overhead, conversations, streaming (see `table`)."""
    find_servers()
    result: dict[str, Any] = {"quick": quick}
    for name in TOWNS:
        result[name] = {
            "overhead": await _overhead(name, QUICK_MESSAGES if quick else MESSAGES),
            "conversations": await _conversations(
                name, QUICK_PEOPLE if quick else PEOPLE, QUICK_LINES if quick else LINES
            ),
            "streaming": await _streaming(name, QUICK_STREAMS if quick else STREAMS),
        }
    return result


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = []
    for name in TOWNS:
        over, many, streams = (result[name][part] for part in ("overhead", "conversations", "streaming"))
        lines += [
            name.capitalize(),
            f"  adapter overhead per message: median {over['median_ms']:.2f} ms (aim: 5), p99 {over['p99_ms']:.2f} ms, "
            f"{over['messages']} messages",
            f"  {many['people']} conversations at once, {many['lines']} messages each, {many['faults']} requests failed: "
            f"{many['lost']} lost, {many['doubled']} doubled, {many['disordered']} out of order, "
            f"{many['seconds']:.0f} s",
            f"  streaming in {streams['streams']} chats: first words after {streams['first_ms']:.0f} ms at worst "
            f"(aim: 300), over the platform's rates {streams['violations']} times (aim: 0)",
        ]
    return "\n".join(lines)


async def _overhead(name: str, messages: int) -> dict[str, Any]:
    """From the event to the REST call, without the engine: the command behind words answers at once."""
    async with TOWNS[name](hurried=True) as town, _house_next_door(town):
        # By turns, because limits of single chats are not what is measured; once before, so that all are known.
        await town.move_in(SPEAKERS)
        times = []
        for number in range(-SPEAKERS, messages):
            person, mark = number % SPEAKERS, f"o{number}."
            began = await town.say(person, f"Good evening {mark}")
            shown = await _until(lambda person=person, mark=mark: town.first_words(person, mark))
            times.append((shown - began) * 1000)
            await asyncio.sleep(BETWEEN)
    times = sorted(times[SPEAKERS:])
    return {
        "messages": messages,
        "median_ms": round(statistics.median(times), 2),
        "p99_ms": round(times[int(len(times) * 0.99)], 2),
    }


async def _conversations(name: str, people: int, lines: int) -> dict[str, Any]:
    """Everybody talks at once, while requests fail; who got which answers, and in which order?"""
    async with TOWNS[name](hurried=True) as town, _house(name, town.settings, EchoModel()):
        await town.connected()
        await town.move_in(people)
        await _seat_everybody(town, people)
        town.fail_sometimes()
        began = time.monotonic()
        await asyncio.gather(*(_talk(town, person, lines) for person in range(people)))
        seconds = time.monotonic() - began
        faults = town.fair_weather()
        await asyncio.sleep(AFTERWARDS)
        heard = [_marks(town.replies(person)) for person in range(people)]
    expected = [[f"p{person}m{line}" for line in range(lines)] for person in range(people)]
    return {
        "people": people,
        "lines": lines,
        "faults": faults,
        "seconds": round(seconds, 1),
        "lost": sum(len(set(said) - set(got)) for said, got in zip(expected, heard, strict=True)),
        "doubled": sum(len(got) - len(set(got)) for got in heard),
        "disordered": sum(
            list(dict.fromkeys(got)) != [mark for mark in said if mark in got]
            for said, got in zip(expected, heard, strict=True)
        ),
    }


async def _streaming(name: str, streams: int) -> dict[str, Any]:
    """Slow replies in several chats: when are the first words there, and does anything go too fast?"""
    model = EchoModel(PIECES, PAUSE)
    async with TOWNS[name](hurried=False) as town, _house(name, town.settings, model):
        await town.connected()
        await town.move_in(streams)
        await _seat_everybody(town, streams)
        for person in range(streams):
            await town.say(person, f"Tell me a story s{person}")
            await asyncio.sleep(0.3)  # people do not speak in the same instant
        await asyncio.gather(*(_story_is_told(town, person) for person in range(streams)))
        delays = []
        for person in range(streams):
            shown = town.first_words(person, f"s{person}")
            assert shown is not None
            delays.append((shown - model.first_pieces[f"s{person}"]) * 1000)
        return {
            "streams": streams,
            "first_ms": round(max(delays), 1),
            "first_median_ms": round(statistics.median(delays), 1),
            "violations": town.violations(),
        }


async def _talk(town: Town, person: int, lines: int) -> None:
    """One person: sometimes waits for the answer, sometimes goes on at once."""
    patience = random.Random(person)
    await asyncio.sleep(patience.random())
    for line in range(lines):
        await town.say(person, f"Well then p{person}m{line}")
        if patience.random() < 0.5:
            await _until(lambda line=line: f"p{person}m{line}" in _marks(town.replies(person)) or None)
    await _until(lambda: len(set(_marks(town.replies(person)))) == lines or None)


async def _story_is_told(town: Town, person: int) -> None:
    await _until(lambda: f"part {PIECES - 1}." in "\n".join(town.replies(person)) or None)


async def _seat_everybody(town: Town, people: int) -> None:
    """Everybody talks with Noor: the conversations are there when the clock starts."""
    for person in range(people):
        await town.say(person, "/talk noor")
    await _until(lambda: all(town.replies(person) for person in range(people)) or None)


def _marks(replies: list[str]) -> list[str]:
    """Which messages the replies answer."""
    return [found[1] for reply in replies if (found := re.search(r"I heard (\S+) here", reply))]


async def _until(look: Any) -> Any:
    deadline = time.monotonic() + PATIENCE
    while (seen := look()) is None:
        assert time.monotonic() < deadline, "a reply did not come"
        await asyncio.sleep(LOOK_AGAIN)
    return seen


@asynccontextmanager
async def _house_next_door(town: Town) -> AsyncGenerator[None]:
    """The product in a process of its own, as the platform is elsewhere, too: it answers at once."""
    command = (sys.executable, "-m", "benchmarks.surfaces", town.name, json.dumps(town.settings))
    process = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT)
    try:
        await town.connected()
        yield
    finally:
        process.terminate()
        await process.wait()


async def _answer_at_once(name: str, settings: dict[str, Any]) -> None:
    """What `_house_next_door` starts."""
    async with _house(name, settings, EchoModel(), answer_at_once=True):
        await asyncio.Event().wait()


@asynccontextmanager
async def _house(
    name: str, table: dict[str, Any], model: ChatModel, *, answer_at_once: bool = False
) -> AsyncGenerator[House]:
    """The product's own parts, connected to a town."""
    settings = Settings.model_validate(
        {**table, "access": {"messages_per_minute": 10_000}, "log": {"level": "ERROR"}}
    )
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
        async with open_house(settings, Path(folder), model=model) as (house, delivery, surfaces):
            if answer_at_once:
                house = replace(house, router=_echoing(house, delivery))
            messengers = build(settings, house.engine, house.router, house.pictures)
            ready, done = asyncio.Event(), asyncio.Event()

            async with asyncio.TaskGroup() as tasks:
                running = run_house(
                    house,
                    delivery,
                    surfaces,
                    done.wait,  # type: ignore[arg-type]
                    messengers=messengers,
                    say=lambda _: ready.set(),
                )
                task = tasks.create_task(running)
                await ready.wait()
                try:
                    yield house
                finally:
                    done.set()
                    await asyncio.wait([task])


def _echoing(house: House, delivery: Any) -> Router:
    """A router whose answer to words is there at once: what remains is the surface's and the router's own time."""

    async def say(request: Request) -> AsyncGenerator[Outbound]:
        line = MessageView(
            request.inbound.event_id,
            Role.CHARACTER,
            f"I heard {request.inbound.text.split()[-1]} here.",
            house.engine.clock(),
        )
        yield Replied(line)

    commands = {**COMMANDS, "say": replace(COMMANDS["say"], handler=say)}
    tools = Tools(
        engine=house.engine,
        wizard=None,  # type: ignore[arg-type]
        delivery=delivery,
        settings=house.settings,
        commands=commands,
    )
    return Router(tools, Access(10_000, time.monotonic), house.engine.inbox)


if __name__ == "__main__":
    asyncio.run(_answer_at_once(sys.argv[1], json.loads(sys.argv[2])))
