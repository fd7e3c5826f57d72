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

from sqlalchemy import Integer, Row, Select, TextClause, and_, bindparam, column, func, select, text
from sqlalchemy.sql.selectable import TextualSelect

from engine.store.conversations import message_of
from engine.store.db import Database, uninterrupted
from engine.store.search import in_forms
from engine.store.tables import SCOPE_BITS, Instant, conversations, messages, people, versions
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
        messages.c.created_at >= bindparam("start", type_=Instant),
        messages.c.created_at < bindparam("end", type_=Instant),
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
        asked = {"person_id": person_id, "character_id": character_id, "place": place}
        rows = await self._rows(_TALKS, asked)
        talks = tuple(Talk(row.id, range(row.first + 1, row.last + 1)) for row in rows)
        return Scope(talks, rows[0].character_name or "", rows[0].timezone) if rows else Scope()

    async def hits(self, scope: Scope, words: Sequence[Sequence[str]]) -> dict[int, int]:
        """The messages that have some of the words, by `seq`: bit n of the number is set for the word n.

        Each word is given by its forms; any of them counts.
        """
        asked = in_forms(words)
        found: dict[int, int] = {}
        for talk in scope.talks if asked else ():
            bounds = {"first": talk.seqs.start, "last": talk.seqs.stop - 1}
            rows = await self._rows(_hits(len(asked)), asked | bounds)
            found.update((row.seq, row.mask) for row in rows)
        return found

    async def said(self, scope: Scope, spans: Sequence[tuple[datetime, datetime]]) -> set[int]:
        """The messages of stretches of time (the latest of long ones), by `seq`."""
        found: set[int] = set()
        for talk in scope.talks:
            for start, end in spans:
                rows = await self._rows(_SAID, {"talk": talk.id, "start": start, "end": end})
                found.update(row.seq for row in rows)
        return found

    async def seqs(self, message_ids: Collection[str]) -> set[int]:
        """The `seq` of messages."""
        rows = await self._rows(_SEQS, {"ids": json.dumps(list(message_ids))}) if message_ids else ()
        return {row.seq for row in rows}

    async def messages(self, seqs: Collection[int]) -> Mapping[int, Message]:
        """Messages by `seq`, without notices and what the person asked to forget."""
        if not seqs:
            return {}
        rows = await self._rows(_MESSAGES, {"seqs": json.dumps(sorted(seqs))})
        return {row[0]: message_of(row[1:]) for row in rows}

    async def _rows(
        self, statement: Select[Any] | TextualSelect | TextClause, values: Mapping[str, Any]
    ) -> Sequence[Row[Any]]:
        async with self._db.read() as db:
            return (await db.execute(statement, values)).fetchall()


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
