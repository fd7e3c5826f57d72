"""Finding earlier messages of one scope by words and by time: `store.lookup`; `engine/memory/ranking` weighs them.

A scope (person × character × place) is one range of `seq`, and one more for each talk that a link set aside. Every
statement here is bound to such a range, in the full-text index as well as in the table: what a search costs and what
it finds does not depend on what others have said.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, and_, bindparam, column, func, select, text
from sqlalchemy.sql.selectable import TextualSelect

from engine.store.db import Database, uninterrupted
from engine.store.search import in_forms
from engine.store.tables import SCOPE_BITS, conversations, instant, messages, microseconds, people, versions
from engine.types import Message, Role

# Latest hits of one word that are looked at; a word that is said more often than this tells little.
MOST_HITS = 512
# Latest messages of one stretch of time that are looked at.
MOST_SAID = 512

_first = conversations.c.number.op("<<")(SCOPE_BITS)
_last = (
    select(func.max(messages.c.seq))
    .where(messages.c.seq >= _first, messages.c.seq < _first + (1 << SCOPE_BITS))
    .correlate(conversations)
    .scalar_subquery()
)
_TALKS = (
    select(
        conversations.c.id,
        _first.label("first"),
        func.coalesce(_last, _first).label("last"),
        people.c.timezone,
        func.json_extract(versions.c.persona, "$.name").label("character_name"),
    )
    .join(people)
    .join(
        versions,
        and_(
            versions.c.character_id == conversations.c.character_id,
            versions.c.version == conversations.c.character_version,
        ),
        isouter=True,
    )
    .where(
        conversations.c.person_id == bindparam("person_id"),
        conversations.c.character_id == bindparam("character_id"),
        conversations.c.place == bindparam("place"),
    )
    .order_by(conversations.c.set_aside, conversations.c.number)
)
_SAID = (
    select(messages.c.seq)
    .where(
        messages.c.conversation_id == bindparam("talk"),
        messages.c.created_at >= bindparam("start"),
        messages.c.created_at < bindparam("end"),
    )
    .order_by(messages.c.created_at.desc())
    .limit(MOST_SAID)
)
_SEQS = select(messages.c.seq).where(messages.c.id.in_(text("SELECT value FROM json_each(:ids)")))
_MESSAGES = select(messages.c.seq, *(messages.c[field.name] for field in fields(Message))).where(
    messages.c.seq.in_(text("SELECT value FROM json_each(:seqs)")),
    messages.c.in_prompt,
    messages.c.role != Role.NOTICE,
)


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation of a scope, and the range of its messages."""

    id: str
    seqs: range


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person and a character have said at a place: the talk that goes on, then those set aside."""

    talks: Sequence[Talk] = ()
    character_name: str = ""
    timezone: str = ""  # the person's, "" is the machine's

    @property
    def messages(self) -> int:
        """About how many messages there are; those that were deleted are counted."""
        return sum(len(talk.seqs) for talk in self.talks)


@uninterrupted("scope", "hits", "said", "seqs", "messages")
class Lookup:
    """The searches of the store for recall."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def scope(self, person_id: str, character_id: str, place: str) -> Scope:
        """The talks of a person with a character at a place."""
        rows = await self._db.search(_TALKS, person_id=person_id, character_id=character_id, place=place)
        if not rows:
            return Scope()
        talks = tuple(Talk(id_, range(first + 1, last + 1)) for id_, first, last, *_ in rows)
        *_, timezone, character_name = rows[0]
        return Scope(talks, character_name or "", timezone)

    async def hits(self, scope: Scope, words: Sequence[Sequence[str]]) -> dict[int, int]:
        """The messages that have some of the words, by `seq`: bit n of the number is set for the word n.

        Each word is given by its forms; any of them counts.
        """
        asked = in_forms(words)
        found: dict[int, int] = {}
        for talk in scope.talks if asked else ():
            seqs = talk.seqs
            rows = await self._db.search(_hits(len(asked)), first=seqs.start, last=seqs.stop - 1, **asked)
            found.update((seq, mask) for seq, mask in rows)
        return found

    async def said(self, scope: Scope, spans: Sequence[tuple[datetime, datetime]]) -> set[int]:
        """The messages of stretches of time (the latest of long ones), by `seq`."""
        found: set[int] = set()
        for talk in scope.talks:
            for start, end in spans:
                bounds = {"start": microseconds(start), "end": microseconds(end)}
                found.update(seq for (seq,) in await self._db.search(_SAID, talk=talk.id, **bounds))
        return found

    async def seqs(self, message_ids: Collection[str]) -> set[int]:
        """The `seq` of messages."""
        if not message_ids:
            return set()
        return {seq for (seq,) in await self._db.search(_SEQS, ids=json.dumps(list(message_ids)))}

    async def messages(self, seqs: Collection[int]) -> Mapping[int, Message]:
        """Messages by `seq`, without notices and what the person asked to forget."""
        if not seqs:
            return {}
        rows = await self._db.search(_MESSAGES, seqs=json.dumps(sorted(seqs)))
        return {row[0]: _message(row[1:]) for row in rows}


def _message(row: Sequence[Any]) -> Message:
    """A message of a row as SQLite has it."""
    id_, talk, role, said, created_at, reply_to, job, media, event, in_prompt = row
    said_at = instant(created_at)
    assert said_at is not None
    return Message(id_, talk, Role(role), said, said_at, reply_to, job, media, event, bool(in_prompt))


@cache
def _hits(words: int) -> TextualSelect:
    """Which of so many words each message of a range has."""
    parts = " UNION ALL ".join(
        f"SELECT {1 << number} AS bit, rowid AS seq FROM (SELECT rowid FROM messages_fts "  # noqa: S608 - constants
        f"WHERE messages_fts MATCH :word_{number} AND rowid BETWEEN :first AND :last "
        f"ORDER BY rowid DESC LIMIT {MOST_HITS})"
        for number in range(words)
    )
    whole = text(f"SELECT seq, sum(bit) AS mask FROM ({parts}) GROUP BY seq")  # noqa: S608 - constants
    return whole.columns(column("seq", Integer), column("mask", Integer))
