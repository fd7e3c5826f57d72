"""Histories from elsewhere: `store.imports`. `engine/memory/imports/importing.py` fills them line by line.

An import is a conversation that is set aside, as those are that a link brings: it is searched and exported, never gone
on with. Its first message is a notice that says what was imported, its last one that all of it was; both are known by
their `event_id`, which names the file's content. The first one points (`reply_to`) at the last line that was learned from. A line's id is made from what was said and when, so that the same line
is kept once, whichever file it comes in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid6 import UUID

from engine.errors import NotFoundError
from engine.store.conversations import message_of, message_rows
from engine.store.db import Database, soil, uninterrupted
from engine.store.ids import new_id
from engine.store.memories import scope_of
from engine.store.search import forget_words
from engine.store.survivors import survivor
from engine.store.tables import (
    SCOPE_BITS,
    characters,
    conversations,
    fact_sources,
    facts,
    messages,
    microseconds,
)
from engine.types import Clock, Message, Role

BEGUN, ENDED = "import:", "imported:"
# Messages that one transaction removes; others write in between.
REMOVED_AT_ONCE = 1000
# Characters of a message that stand for a fact's source, where it has to be another one.
SOURCE_TEXT = 200

_first = conversations.c.number.op("<<")(SCOPE_BITS)
_end = _first + (1 << SCOPE_BITS)
_begun = messages.alias()
_ended = messages.alias()
_lines = messages.alias()
_IMPORTS: Select[Any] = (
    select(
        conversations,
        _begun.c.text.label("title"),
        _begun.c.event_id.label("begun_as"),
        _ended.c.id.label("last_id"),
        _ended.c.event_id.label("ended_as"),
    )
    .join(_begun, _begun.c.seq == _first + 1)
    .join(
        _ended,
        _ended.c.seq
        == select(func.max(_lines.c.seq))
        .where(_lines.c.seq > _first, _lines.c.seq < _end)
        .correlate(conversations)
        .scalar_subquery(),
    )
    .where(conversations.c.set_aside, _begun.c.role == Role.NOTICE, _begun.c.event_id.startswith(BEGUN))
    .order_by(conversations.c.number)
)
# Whether a conversation is an import: such a one is never gone on with, whatever happens to the others.
IMPORTED = (
    exists()
    .where(_lines.c.seq == _first + 1, _lines.c.role == Role.NOTICE, _lines.c.event_id.startswith(BEGUN))
    .correlate(conversations)
)
_SCOPE = (
    conversations.c.person_id == bindparam("person_id"),
    conversations.c.character_id == bindparam("character_id"),
    conversations.c.place == bindparam("place"),
)
_SAID = messages.c.role != Role.NOTICE
_COUNTED = select(func.count(), func.min(messages.c.created_at), func.max(messages.c.created_at)).where(
    messages.c.conversation_id == bindparam("conversation_id"), _SAID
)
_FACTS = (
    select(func.count())
    .select_from(facts)
    .join(messages, messages.c.id == facts.c.source_message_id)
    .where(facts.c.scope == bindparam("scope"), messages.c.conversation_id == bindparam("conversation_id"))
)


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to be kept. `times`: how often the same was said at the same moment before."""

    role: Role
    text: str
    said_at: datetime
    dated: bool = True  # False: `said_at` is a guess
    times: int = 0


@dataclass(frozen=True, slots=True)
class Import:
    """What was imported, as it is now."""

    conversation_id: str
    person_id: str
    title: str  # "A SillyTavern chat"
    begun_at: datetime
    whole: bool  # False: it broke off, and goes on when the file is sent again
    lines: int = 0
    first: datetime | None = None
    last: datetime | None = None
    facts: int = 0


@uninterrupted("of", "get", "whole", "last_id", "unlearned")
class Imports:
    """The imports of the store."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def begin(self, person_id: str, character_id: str, place: str, digest: str, title: str) -> str:
        """The conversation for a file's lines, the same one every time. Raises NotFoundError."""
        async with self._db.write() as db:
            scope = {"person_id": await survivor(db, person_id), "character_id": character_id, "place": place}
            known = _IMPORTS.where(*_SCOPE, _begun.c.event_id == BEGUN + digest)
            if row := (await db.execute(known, scope)).first():
                return str(row.id)
            wanted = select(characters.c.version).where(characters.c.id == character_id)
            version = await db.scalar(wanted)
            if version is None:
                raise NotFoundError
            now, id_ = self._clock(), new_id()
            fresh = insert(conversations).values(
                id=id_, character_version=version, created_at=now, set_aside=True, **scope
            )
            number = (await db.execute(fresh.returning(conversations.c.number))).scalar_one()
            await db.execute(_notice(id_, (number << SCOPE_BITS) + 1, title, BEGUN + digest, now))
            return id_

    async def add(self, conversation_id: str, lines: Sequence[NewLine]) -> int:
        """Keep lines that are not known yet, in this order. Returns how many. Raises NotFoundError."""
        async with self._db.write() as db:
            talk = await _talk(db, conversation_id)
            rows = [_row(talk, line) for line in lines]
            known = select(messages.c.id).where(messages.c.id.in_([row["id"] for row in rows]))
            there = set((await db.execute(known)).scalars())
            unique = {row["id"]: row for row in rows if row["id"] not in there}
            seq = await _last(db, talk) + 1
            fresh = [row | {"seq": seq + number} for number, row in enumerate(unique.values())]
            if fresh:
                await db.execute(insert(messages), fresh)
        return len(fresh)

    async def end(self, conversation_id: str, digest: str, text: str) -> bool:
        """Record that all lines are there. Returns whether it goes on: an import without a line is removed.

        Raises NotFoundError.
        """
        async with self._db.write() as db:
            talk = await _talk(db, conversation_id)
            mine = messages.c.conversation_id == conversation_id
            last = await db.scalar(select(func.max(messages.c.created_at)).where(mine, _SAID))
            if last is None:
                await db.execute(delete(conversations).where(conversations.c.id == conversation_id))
                return False
            await db.execute(delete(messages).where(mine, messages.c.event_id == ENDED + digest))
            seq = await _last(db, talk) + 1
            # With the date of the last line, so that nobody takes it for a talk of today.
            await db.execute(_notice(conversation_id, seq, text, ENDED + digest, last))
            return True

    async def of(self, person_id: str, character_id: str, place: str) -> Sequence[Import]:
        """What a person has imported for a character at a place, oldest first."""
        asked = {"person_id": person_id, "character_id": character_id, "place": place}
        async with self._db.read() as db:
            rows = (await db.execute(_IMPORTS.where(*_SCOPE), asked)).fetchall()
            return [await _counted(db, row) for row in rows]

    async def get(self, conversation_id: str) -> Import:
        """One import. Raises NotFoundError for any other conversation."""
        async with self._db.read() as db:
            wanted = _IMPORTS.where(conversations.c.id == conversation_id)
            row = (await db.execute(wanted)).one_or_none()
            if row is None:
                raise NotFoundError
            return await _counted(db, row)

    async def whole(self) -> Sequence[str]:
        """The conversations of all imports that have all their lines."""
        async with self._db.read() as db:
            rows = (await db.execute(_IMPORTS.where(_ended.c.event_id.startswith(ENDED)))).fetchall()
        return [row.id for row in rows]

    async def last_id(self, conversation_id: str) -> str:
        """The id of an import's last message. Raises NotFoundError."""
        async with self._db.read() as db:
            wanted = _IMPORTS.where(conversations.c.id == conversation_id)
            row = (await db.execute(wanted)).one_or_none()
        if row is None:
            raise NotFoundError
        return str(row.last_id)

    async def unlearned(self, conversation_id: str, most: int) -> Sequence[Message]:
        """The next lines that were not learned from, in order."""
        learned = messages.alias()
        after = select(learned.c.seq).where(
            learned.c.id == select(_begun.c.reply_to).where(*_first_of(conversation_id)).scalar_subquery()
        )
        wanted = message_rows(conversation_id).where(
            messages.c.seq > func.coalesce(after.scalar_subquery(), 0), _SAID
        )
        async with self._db.read() as db:
            rows = (await db.execute(wanted.order_by(messages.c.seq).limit(most))).fetchall()
        return [message_of(row) for row in rows]

    async def set_learned_to(self, conversation_id: str, message_id: str) -> None:
        """Remember that everything up to this line was learned from."""
        first = select(_begun.c.seq).where(*_first_of(conversation_id)).scalar_subquery()
        async with self._db.step() as db:
            await db.execute(update(messages).where(messages.c.seq == first).values(reply_to=message_id))

    async def remove(self, person_id: str, conversation_id: str) -> None:
        """Remove an import with what was learned from it alone. Raises NotFoundError for anybody else's.

        Interrupted, it is still listed, and is removed the next time.
        """
        async with self._db.write() as db:
            wanted = _IMPORTS.where(conversations.c.id == conversation_id)
            row = (await db.execute(wanted)).one_or_none()
            if row is None or row.person_id != await survivor(db, person_id):
                raise NotFoundError
            await _unlearn(db, conversation_id)
            await soil(db)
        newest = select(messages.c.seq).where(messages.c.conversation_id == conversation_id)
        some = newest.order_by(messages.c.seq.desc()).limit(REMOVED_AT_ONCE)
        gone = REMOVED_AT_ONCE
        while gone == REMOVED_AT_ONCE:
            async with self._db.write() as db:
                gone = (await db.execute(delete(messages).where(messages.c.seq.in_(some)))).rowcount
        async with self._db.write() as db:
            await db.execute(delete(conversations).where(conversations.c.id == conversation_id))
            await forget_words(db)
        await self._db.erase()
        await self._db.tidy()


def _first_of(conversation_id: str) -> tuple[ColumnElement[bool], ...]:
    """The first message of an import."""
    return (
        _begun.c.conversation_id == conversation_id,
        _begun.c.role == Role.NOTICE,
        _begun.c.event_id.startswith(BEGUN),
    )


def _notice(conversation_id: str, seq: int, text: str, event_id: str, at: datetime) -> Any:
    return insert(messages).values(
        seq=seq,
        id=new_id(),
        conversation_id=conversation_id,
        role=Role.NOTICE,
        text=text,
        created_at=at,
        event_id=event_id,
    )


async def _talk(db: AsyncConnection, conversation_id: str) -> Row[Any]:
    wanted = select(conversations).where(conversations.c.id == conversation_id)
    row = (await db.execute(wanted)).one_or_none()
    if row is None:
        raise NotFoundError
    return row


async def _last(db: AsyncConnection, talk: Row[Any]) -> int:
    first = talk.number << SCOPE_BITS
    wanted = select(func.max(messages.c.seq)).where(
        messages.c.seq >= first, messages.c.seq < first + (1 << SCOPE_BITS)
    )
    last: int | None = await db.scalar(wanted)
    return last or first


def _row(talk: Row[Any], line: NewLine) -> dict[str, Any]:
    return {
        "id": _id(scope_of(talk.person_id, talk.character_id, talk.place), line),
        "conversation_id": talk.id,
        "role": line.role,
        "text": line.text,
        "created_at": line.said_at,
        "in_prompt": True,
    }


def _id(scope: str, line: NewLine) -> str:
    """An id that sorts by when a line was said, and is the same for the same line in the same scope."""
    moment = microseconds(line.said_at) if line.dated else 0
    said = "\0".join((scope, line.role, str(moment), str(line.times), line.text))
    rest = int.from_bytes(hashlib.sha256(said.encode("utf-8", "replace")).digest()[:10])
    return str(UUID(int=(max(0, moment // 1000) << 80) | rest, version=7))


async def _counted(db: AsyncConnection, row: Row[Any]) -> Import:
    asked = {"conversation_id": row.id, "scope": scope_of(row.person_id, row.character_id, row.place)}
    lines, first, last = (await db.execute(_COUNTED, asked)).one()
    return Import(
        row.id,
        row.person_id,
        row.title,
        row.created_at,
        (row.ended_as or "").startswith(ENDED),
        lines,
        first,
        last,
        await db.scalar(_FACTS, asked) or 0,
    )


# ---------------------------------------------------------------- unlearning


async def _unlearn(db: AsyncConnection, conversation_id: str) -> None:
    """Remove the facts that only this conversation told; what it had replaced or ended holds again."""
    told_here = select(messages.c.id).where(messages.c.conversation_id == conversation_id)
    ending = exists().where(
        fact_sources.c.fact_id == facts.c.id,
        messages.c.id == fact_sources.c.message_id,
        messages.c.conversation_id == conversation_id,
        messages.c.created_at == facts.c.valid_until,
    )
    await db.execute(update(facts).where(ending).values(valid_until=None))
    from_here = facts.c.source_message_id.in_(told_here)
    for fact_id in (await db.execute(select(facts.c.id).where(from_here))).scalars().all():
        await _keep_told_elsewhere(db, fact_id, conversation_id)
    wanted = select(facts.c.id, facts.c.superseded_by).where(from_here)
    going = {row.id: row.superseded_by for row in (await db.execute(wanted)).fetchall()}
    newer = facts.alias()
    replaced = select(facts.c.id, facts.c.superseded_by).join(newer, newer.c.id == facts.c.superseded_by)
    replaced = replaced.where(newer.c.source_message_id.in_(told_here))
    for row in (await db.execute(replaced)).fetchall():
        standing = row.superseded_by
        while standing in going:
            standing = going[standing]
        if row.id not in going:
            await db.execute(update(facts).where(facts.c.id == row.id).values(superseded_by=standing))
    await db.execute(delete(facts).where(from_here))


async def _keep_told_elsewhere(db: AsyncConnection, fact_id: str, conversation_id: str) -> None:
    """Let a fact that was told elsewhere, too, come from there."""
    others = (
        select(messages.c.id, messages.c.text, messages.c.created_at)
        .join(fact_sources, fact_sources.c.message_id == messages.c.id)
        .where(fact_sources.c.fact_id == fact_id, messages.c.conversation_id != conversation_id)
        .order_by(messages.c.created_at)
        .limit(1)
    )
    row = (await db.execute(others)).one_or_none()
    if row is None:
        return
    moved = {"source_message_id": row.id, "source_text": row.text[:SOURCE_TEXT], "said_at": row.created_at}
    await db.execute(update(facts).where(facts.c.id == fact_id).values(**moved))
    used = fact_sources.c.fact_id == fact_id, fact_sources.c.message_id == row.id
    await db.execute(delete(fact_sources).where(*used))
