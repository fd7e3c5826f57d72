"""What recall costs over a long talk while very many others are stored; `selfsame bench recall --scale N` calls it.

The measured person has 10,000 messages, others have N between them: the turns of the file, over and over, so that
words are as frequent as they are in talks.
"""

from __future__ import annotations

import asyncio
import math
import sqlite3
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from characters.character import Persona
from engine.memory.recall import Memory
from engine.store.store import DATABASE, Store
from engine.store.tables import SCOPE_BITS, microseconds
from engine.types import PRIVATE_PLACE, Conversation, Role

if TYPE_CHECKING:
    from benchmarks.recall import Told

# Messages of the person who asks, and of each of the others.
OWN, EACH = 10_000, 1_000
# Questions and additions that are timed, after some that are not.
TIMED, WARMING = 400, 20
ADDED = 100
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
# Sessions of twenty turns, two days apart.
SESSION, BETWEEN = 20, timedelta(days=2)


async def crowd_ms(told: Sequence[Told], others: int, own: int = OWN, each: int = EACH) -> dict[str, Any]:
    """Keys: others, crowd_median_ms, crowd_p99_ms (a question), add_median_ms (a message)."""
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
        store = await Store.open(Path(folder), clock=_now)
        conversation = await _begin(store, told[0])
        await store.close()
        await asyncio.to_thread(_fill, Path(folder) / DATABASE, told, (own, others, each))
        # Opened anew, so that no page is in memory only because it was just written by this connection.
        store = await Store.open(Path(folder), clock=_now)
        try:
            asked = await _ask(store, conversation, told)
            added = await _add(store, conversation)
        finally:
            await store.close()
    return {
        "others": others,
        "crowd_median_ms": round(statistics.median(asked), 2),
        "crowd_p99_ms": round(asked[math.ceil(len(asked) * 0.99) - 1], 2),
        "add_median_ms": round(statistics.median(added), 2),
    }


async def _begin(store: Store, told: Told) -> Conversation:
    person = await store.people.ensure("bench", "crowd", told.person)
    character = await store.characters.ensure_shipped(told.character.lower(), Persona(name=told.character))
    return await store.conversations.open(person.id, character.id, PRIVATE_PLACE)


async def _ask(store: Store, conversation: Conversation, told: Sequence[Told]) -> list[float]:
    memory = Memory(store, _now)
    texts = [asked.text for one in told for asked in one.questions]
    times = []
    for text in islice(cycle(texts), WARMING + TIMED):
        started = time.perf_counter()
        await memory.earlier(conversation, text)
        times.append(1000 * (time.perf_counter() - started))
    return sorted(times[WARMING:])


async def _add(store: Store, conversation: Conversation) -> list[float]:
    times = []
    for number in range(ADDED):
        started = time.perf_counter()
        await store.conversations.append(
            conversation.id, Role.PERSON, f"The ferry of {number} o'clock was late again."
        )
        times.append(1000 * (time.perf_counter() - started))
    return times


def _fill(path: Path, told: Sequence[Told], counts: tuple[int, int, int]) -> None:
    """The talk of the person who asks, and those of others with the same character."""
    own, others, each = counts
    db = sqlite3.connect(path)
    number, conversation, character = db.execute(
        "SELECT number, id, character_id FROM conversations"
    ).fetchone()
    texts = cycle([turn.text for one in told for turn in one.turns])
    _say(db, number, conversation, islice(texts, own))
    while others > 0:
        number, person, conversation = number + 1, str(uuid.uuid4()), str(uuid.uuid4())
        db.execute(
            "INSERT INTO people (id, display_name, created_at) VALUES (?, '', ?)",
            (person, microseconds(BEGAN)),
        )
        db.execute(
            "INSERT INTO conversations (number, id, person_id, character_id, character_version, place, created_at) "
            "VALUES (?, ?, ?, ?, 1, 'private', ?)",
            (number, conversation, person, character, microseconds(BEGAN)),
        )
        _say(db, number, conversation, islice(texts, min(others, each)))
        others -= each
    db.commit()
    db.close()


def _say(db: sqlite3.Connection, number: int, conversation: str, texts: Iterator[str]) -> None:
    rows = (
        (
            (number << SCOPE_BITS) + 1 + index,
            str(uuid.uuid4()),
            conversation,
            (Role.PERSON, Role.CHARACTER)[index % 2],
            text,
            microseconds(BEGAN + index // SESSION * BETWEEN + index % SESSION * timedelta(minutes=1)),
        )
        for index, text in enumerate(texts)
    )
    db.executemany(
        "INSERT INTO messages (seq, id, conversation_id, role, text, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        rows,
    )


def _now() -> datetime:
    return datetime.now(UTC)
