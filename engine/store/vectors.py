"""What messages mean, as numbers, by message: `store.vectors`. `engine/memory/embed` makes and compares them.

They are made in the background, so that some messages have none yet is usual; whoever makes them asks for those. The
numbers of a message tell something of the few messages before it, with which it was read, and nothing is kept that
was made from words which are hidden or changed by now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from engine.errors import NotFoundError
from engine.store.db import Database, uninterrupted
from engine.store.tables import SCOPE_BITS, conversations, messages, vectors
from engine.types import Role

# A message is read together with so many before it; when one of them goes, so do the numbers (triggers of the database
# drop those of the next three).
BEFORE = 2

_TELLABLE = messages.c.in_prompt, messages.c.role != Role.NOTICE, messages.c.text != ""
_NUMBER = select(conversations.c.number).where(conversations.c.id == bindparam("id"))
_IDS = select(conversations.c.id).order_by(conversations.c.number.desc())
_ID = select(conversations.c.id).where(conversations.c.number == bindparam("number"))
_LACKING = (
    select(messages.c.seq)
    .join(vectors, (vectors.c.seq == messages.c.seq) & (vectors.c.model == bindparam("model")), isouter=True)
    .where(
        messages.c.seq > bindparam("after"),
        messages.c.seq < bindparam("stop"),
        *_TELLABLE,
        vectors.c.seq.is_(None),
    )
    .order_by(messages.c.seq.desc())
    .limit(bindparam("most"))
)
_LINES = (
    select(messages.c.seq, messages.c.role, messages.c.text, messages.c.created_at)
    .where(messages.c.seq.in_(bindparam("seqs", expanding=True)), *_TELLABLE)
    .order_by(messages.c.seq)
)
_READ = (
    select(vectors.c.seq, vectors.c.data)
    .where(
        vectors.c.seq > bindparam("after"),
        vectors.c.seq < bindparam("stop"),
        vectors.c.model == bindparam("model"),
    )
    .order_by(vectors.c.seq.desc())
    .limit(bindparam("most"))
)
_row = insert(vectors)
_ADD = _row.on_conflict_do_update(
    index_elements=["seq"], set_={"model": _row.excluded.model, "data": _row.excluded.data}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A message, as it is read."""

    seq: int
    role: Role
    text: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Meant:
    """The numbers of a message, and what was read for them: the message and some before it."""

    seq: int
    data: bytes
    read: Sequence[Line]


@uninterrupted("seqs", "talk_ids", "talk_id", "lacking", "lines", "read")
class Vectors:
    """The numbers of the store."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def seqs(self, conversation_id: str) -> range:
        """The range of `messages.seq` of a conversation. Raises NotFoundError."""
        rows = await self._rows(_NUMBER, {"id": conversation_id})
        if not rows:
            raise NotFoundError
        return seqs_of(rows[0][0])

    async def talk_ids(self) -> list[str]:
        """The ids of all conversations, the latest first."""
        return [row[0] for row in await self._rows(_IDS, {})]

    async def talk_id(self, seqs: range) -> str:
        """The id of the conversation that has this range; "" if it is gone."""
        rows = await self._rows(_ID, {"number": seqs.start >> SCOPE_BITS})
        return rows[0][0] if rows else ""

    async def lacking(self, seqs: range, model: str, *, after: int = 0, most: int) -> list[int]:
        """The latest messages of a range that have no numbers of a model, the latest first; only those after one."""
        after = max(after, seqs.start - 1)
        asked = {"model": model, "after": after, "stop": seqs.stop, "most": most}
        return [row[0] for row in await self._rows(_LACKING, asked)]

    async def lines(self, seqs: Collection[int]) -> dict[int, Line]:
        """Messages, each with those before it that it is read with; what is hidden is left out."""
        wanted = {seq - back for seq in seqs for back in range(BEFORE + 1)}
        return _lines(await self._rows(_LINES, {"seqs": sorted(wanted)}))

    async def add(self, model: str, made: Sequence[Meant]) -> int:
        """Keep numbers, unless what they were made from has changed meanwhile. Returns how many were kept."""
        read = {line.seq: line for meant in made for line in meant.read}
        async with self._db.write() as db:
            now = _lines((await db.execute(_LINES, {"seqs": sorted(read)})).fetchall())
            kept = [
                {"seq": meant.seq, "model": model, "data": meant.data}
                for meant in made
                if all(now.get(line.seq) == line for line in meant.read)
            ]
            if kept:
                await db.execute(_ADD, kept)
        return len(kept)

    async def read(self, seqs: range, model: str, *, after: int = 0, most: int) -> list[tuple[int, bytes]]:
        """The numbers of the latest messages of a range, oldest first; only those after one."""
        asked = {"after": max(after, seqs.start - 1), "stop": seqs.stop, "model": model, "most": most}
        return [(row[0], row[1]) for row in reversed(await self._rows(_READ, asked))]

    async def _rows(self, statement: Select[Any], values: Mapping[str, Any]) -> Sequence[Any]:
        async with self._db.read() as db:
            rows: Sequence[Any] = (await db.execute(statement, values)).fetchall()
        return rows


def seqs_of(number: int) -> range:
    """The range of the messages of a conversation."""
    return range(number << SCOPE_BITS, (number + 1) << SCOPE_BITS)


def _lines(rows: Sequence[Any]) -> dict[int, Line]:
    return {row[0]: Line(row[0], Role(row[1]), row[2], row[3]) for row in rows}
