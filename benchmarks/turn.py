"""`selfsame bench turn`: what a chat turn costs without the model, from the router to the stored reply.

The product's own router, gates, memory, prompt and store run on a database with 1,000 and one with 100,000 stored
messages, turn by turn alternating between the two, so that both see the same machine. Only the model is an instant one.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import House, open_house
from bot.config import Settings
from bot.messages import Call, Chat, Inbound, Origin, Replied
from engine.models.port import Prompt, Sampling, Work

TURNS = 400
QUICK_TURNS = 80
SMALL, LARGE = 1_000, 100_000
# People whose conversations fill the database; the measured one has its share of it.
PEOPLE = 50

# As fast as the bench can talk.
SETTINGS = Settings.model_validate({"access": {"messages_per_minute": 10_000}})

LINES = (
    "I walked along the canal this morning and the ice had gone.",
    "My sister Ana called about the house in Porto again.",
    "Do you remember the bakery with the blue door?",
    "Work was long, the deadline moved to Thursday.",
    "I have been reading about lighthouses before I sleep.",
    "What did you sketch at the bar on Tuesday?",
)

NOBODYS = Work()


class InstantModel:
    """Answers at once, so that what is measured is everything else."""

    name = "instant"
    context_tokens = 8192
    structured = False

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
        """One short reply, a different one each time."""
        yield f"I hear you. Number {uuid.uuid4().hex[:8]}, was it?"


@dataclass(frozen=True)
class Side:
    """One database of the comparison."""

    messages: int
    house: House
    origin: Origin


async def run(*, quick: bool = False) -> dict[str, Any]:
    """Measure. Keys: median_ms, p99_ms (large database), small_median_ms, growth (large over small)."""
    turns = QUICK_TURNS if quick else TURNS
    async with AsyncExitStack() as stack:
        sides = [await stack.enter_async_context(_side(count)) for count in (SMALL, LARGE)]
        times: dict[int, list[float]] = {side.messages: [] for side in sides}
        for number in range(-20, turns):
            for side in sides:
                seconds = await _turn(side, number)
                if number >= 0:
                    times[side.messages].append(seconds * 1000)
    small, large = times[SMALL], times[LARGE]
    median = statistics.median(large)
    return {
        "median_ms": round(median, 3),
        "p99_ms": round(_p99(large), 3),
        "small_median_ms": round(statistics.median(small), 3),
        "growth": round(median / statistics.median(small), 3),
        "turns": turns,
    }


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    return (
        f"One chat turn without the model, {result['turns']} turns on each side, taking turns\n"
        f"  {SMALL:>7,} stored messages: median {result['small_median_ms']:.2f} ms\n"
        f"  {LARGE:>7,} stored messages: median {result['median_ms']:.2f} ms (aim: 8), "
        f"p99 {result['p99_ms']:.2f} ms (aim: 30)\n"
        f"  growth: {result['growth']:.2f} × (aim: 1.3)"
    )


@asynccontextmanager
async def _side(messages: int) -> AsyncGenerator[Side]:
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
        data = Path(folder)
        async with open_house(SETTINGS, data, model=InstantModel()) as (house, _, _):
            origin = await _talk(house, Origin("bench", house.owner.id))
        await asyncio.to_thread(_fill, data / "selfsame.db", messages)
        # A database that is opened, not one whose pages are all still in memory from being written.
        async with open_house(SETTINGS, data, model=InstantModel()) as (house, _, _):
            yield Side(messages, house, origin)


async def _talk(house: House, origin: Origin) -> Origin:
    (chat,) = await house.router.ask(Inbound(origin, "talk", call=Call("talk", {"character": "noor"})))
    assert isinstance(chat, Chat), chat
    return Origin(origin.surface, origin.person_id, conversation_id=chat.conversation_id)


async def _turn(side: Side, number: int) -> float:
    words = f"{LINES[number % len(LINES)]} ({number})"
    started = time.perf_counter()
    shown = await side.house.router.ask(Inbound(side.origin, f"turn-{number}", text=words))
    seconds = time.perf_counter() - started
    assert any(isinstance(one, Replied) for one in shown), shown
    return seconds


def _fill(path: Path, messages: int) -> None:
    """Past conversations of many people with the same character, the measured one among them."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA foreign_keys = ON")
    own = db.execute("SELECT number, id, person_id, character_id, created_at FROM conversations").fetchone()
    conversations = [(own[0], own[1])]
    for number in range(own[0] + 1, own[0] + PEOPLE):
        person, conversation = str(uuid.uuid4()), str(uuid.uuid4())
        db.execute("INSERT INTO people (id, display_name, created_at) VALUES (?, '', ?)", (person, own[4]))
        db.execute(
            "INSERT INTO conversations (number, id, person_id, character_id, character_version, place, created_at) "
            "VALUES (?, ?, ?, ?, 1, 'private', ?)",
            (number, conversation, person, own[3], own[4]),
        )
        conversations.append((number, conversation))
    rows = []
    for index in range(messages):
        number, conversation = conversations[index % PEOPLE]
        role = "person" if (index // PEOPLE) % 2 == 0 else "character"
        line = f"{LINES[index % len(LINES)]} Day {index // 7}."
        rows.append(((number << 32) + 1000 + index, str(uuid.uuid4()), conversation, role, line, own[4]))
    db.executemany(
        "INSERT INTO messages (seq, id, conversation_id, role, text, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        rows,
    )
    db.commit()
    db.close()


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


if __name__ == "__main__":
    print(table(asyncio.run(run())))
