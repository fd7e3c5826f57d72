"""Forgetting as one transaction: facts go, and what tells them goes from everything that is kept: `store.erasing`.

`engine/memory/forget.py` decides what; here it happens to all or to nothing. Summaries, titles and what messages mean
go by triggers. What models have read, the search indexes' old pages and the log follow, at the next start if not now.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.store.conversations import message_of, messages_where
from engine.store.db import Database, soil, uninterrupted
from engine.store.documents import read_shot
from engine.store.search import forget_words
from engine.store.tables import (
    calls,
    conversations,
    fact_sources,
    facts,
    inbox,
    jobs,
    media,
    messages,
    windows,
)
from engine.types import Clock, Message, Shot


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What is to go, of one person with one character at one place.

    `lines` is given everything that was said there, oldest first, and returns the new words of the messages that
    change; `emptied` stands for nothing left. `rest` returns what stays of any other text, `sources` what stays of the
    clauses that other facts were taken from. `event` is the surface and
    the id of the event that asked for it: it has been handled once this is done, and its words are let go of.
    """

    person_id: str
    character_id: str
    place: str
    fact_ids: frozenset[str]
    lines: Callable[[Sequence[Message]], Mapping[str, str]]
    rest: Callable[[str], str]
    sources: Callable[[str], str]
    emptied: str
    event: tuple[str, str] | None = None


@uninterrupted("lines", "told_in")
class Erasing:
    """Erases from the store."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def lines(self, person_id: str, character_id: str, place: str) -> list[Message]:
        """Everything that was said, oldest first, with the conversations that a link set aside."""
        async with self._db.read() as db:
            return await _lines(db, _talks(person_id, character_id, place))

    async def told_in(self, message_id: str) -> set[str]:
        """The ids of the facts that a message told, for the first time or again."""
        first = select(facts.c.id).where(facts.c.source_message_id == message_id)
        again = select(fact_sources.c.fact_id).where(fact_sources.c.message_id == message_id)
        async with self._db.read() as db:
            return set((await db.execute(first.union(again))).scalars())

    async def carry_out(self, erasure: Erasure) -> None:
        """Erase, and return when the words are in no file any more."""
        async with self._db.write() as db:
            talks = _talks(erasure.person_id, erasure.character_id, erasure.place)
            await _erase_lines(db, erasure, talks)
            await _erase_facts(db, erasure)
            await _erase_pictures(db, erasure, talks)
            await _erase_buttons(db, erasure)
            await self._let_go(db, erasure.event)
            await db.execute(delete(windows).where(windows.c.conversation_id.in_(talks)))
            await forget_words(db)
            await soil(db)
        await self._db.erase()
        await self._db.tidy()

    async def let_go(self, event: tuple[str, str]) -> None:
        """Let go of the words of an event that asked to forget what is not there any more."""
        async with self._db.write() as db:
            await self._let_go(db, event)
        await self._db.empty_log()

    async def _let_go(self, db: AsyncConnection, event: tuple[str, str] | None) -> None:
        if event is not None:
            its = inbox.c.surface == event[0], inbox.c.event_id == event[1]
            done = {"body": "", "done_at": self._clock()}
            await db.execute(update(inbox).where(*its).values(**done))


def _talks(person_id: str, character_id: str, place: str) -> Select[Any]:
    """The ids of the conversations of one scope."""
    return select(conversations.c.id).where(
        conversations.c.person_id == person_id,
        conversations.c.character_id == character_id,
        conversations.c.place == place,
    )


async def _lines(db: AsyncConnection, talks: Select[Any]) -> list[Message]:
    wanted = messages_where(messages.c.conversation_id.in_(talks)).order_by(messages.c.seq)
    return [message_of(row) for row in (await db.execute(wanted)).fetchall()]


async def _erase_lines(db: AsyncConnection, erasure: Erasure, talks: Select[Any]) -> None:
    fresh = await asyncio.to_thread(erasure.lines, await _lines(db, talks))
    for message_id, text in fresh.items():
        values: dict[str, Any] = {"text": text}
        if text == erasure.emptied:
            values["in_prompt"] = False
        await db.execute(update(messages).where(messages.c.id == message_id).values(**values))


async def _erase_facts(db: AsyncConnection, erasure: Erasure) -> None:
    """Remove the facts; what stays of those that were told in one breath with them has its source cut."""
    here = (
        facts.c.person_id == erasure.person_id,
        facts.c.character_id == erasure.character_id,
        facts.c.place == erasure.place,
    )
    await db.execute(delete(facts).where(*here, facts.c.id.in_(erasure.fact_ids)))
    rows = (await db.execute(select(facts.c.id, facts.c.source_text).where(*here))).fetchall()

    def cut() -> dict[str, str]:
        left = {row.id: (row.source_text, erasure.sources(row.source_text)) for row in rows}
        return {fact_id: after for fact_id, (before, after) in left.items() if after != before}

    for fact_id, source in (await asyncio.to_thread(cut)).items():
        await db.execute(update(facts).where(facts.c.id == fact_id).values(source_text=source))


async def _erase_pictures(db: AsyncConnection, erasure: Erasure, talks: Select[Any]) -> None:
    """Cut what pictures were asked for with, and what they are called."""
    job_ids = select(messages.c.job_id).where(messages.c.conversation_id.in_(talks))
    asked = select(jobs.c.id, jobs.c.payload).where(jobs.c.id.in_(job_ids))
    rows = (await db.execute(asked)).fetchall()
    for row, payload in zip(rows, await _cut_all([row.payload for row in rows], erasure), strict=True):
        if payload != row.payload:
            await db.execute(update(jobs).where(jobs.c.id == row.id).values(payload=payload))
    media_ids = select(messages.c.media_id).where(messages.c.conversation_id.in_(talks))
    shown = select(media.c.id, media.c.shot, media.c.caption).where(media.c.id.in_(media_ids))
    pictures = (await db.execute(shown)).fetchall()
    shots = await _cut_all([picture.shot for picture in pictures], erasure)
    captions = await asyncio.to_thread(lambda: [erasure.rest(picture.caption) for picture in pictures])
    for picture, shot, caption in zip(pictures, shots, captions, strict=True):
        if (shot, caption) != (picture.shot, picture.caption):
            await db.execute(update(media).where(media.c.id == picture.id).values(shot=shot, caption=caption))


async def _erase_buttons(db: AsyncConnection, erasure: Erasure) -> None:
    """Remove kept buttons of the person that carry the words."""
    kept = select(calls.c.token, calls.c.body).where(calls.c.person_id == erasure.person_id)
    rows = (await db.execute(kept)).fetchall()
    bodies = await _cut_all([row.body for row in rows], erasure)
    gone = [row.token for row, body in zip(rows, bodies, strict=True) if body != row.body]
    await db.execute(delete(calls).where(calls.c.token.in_(gone)))


def cut_shot(payload: str) -> Shot:
    """The shot in the payload of a picture job as it is now."""
    return read_shot(json.dumps(json.loads(payload)["shot"]))


async def _cut_all(texts: Sequence[str], erasure: Erasure) -> list[str]:
    """Each JSON text without the words, beside the event loop: a long friendship has thousands."""
    return await asyncio.to_thread(lambda: [_cut_json(text, erasure) for text in texts])


def _cut_json(text: str, erasure: Erasure) -> str:
    """The document with what stays of each of its texts; the same text if all of it stays."""
    try:
        document = json.loads(text)
    except ValueError:
        return erasure.rest(text)
    left = _cut_value(document, erasure)
    return text if left == document else json.dumps(left, ensure_ascii=False)


def _cut_value(value: Any, erasure: Erasure) -> Any:
    match value:
        case str():
            left = erasure.rest(value)
            return "" if left == erasure.emptied else left
        case list():
            return [_cut_value(one, erasure) for one in value]
        case dict():
            return {name: _cut_value(one, erasure) for name, one in value.items()}
        case _:
            return value
