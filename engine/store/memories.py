"""Facts about people, each with its source: `store.memories`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Row,
    ScalarSelect,
    Update,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.errors import NotFoundError
from engine.store.db import Database, soil, uninterrupted
from engine.store.ids import new_id
from engine.store.search import best_facts, forget_words, in_facts
from engine.store.survivors import survivor
from engine.store.tables import conversations, fact_sources, facts, messages
from engine.types import CUT, Clock, Fact, FactKind

_FIELDS = [
    column for column in facts.columns if column.name not in ("seq", "scope", "exclusive", "brought_by")
]
_FACT = select(*_FIELDS)
_KNOWN = _FACT.where(facts.c.scope == bindparam("scope")).order_by(
    facts.c.pinned.desc(), facts.c.said_at.desc(), facts.c.seq.desc()
)
_NEWEST = _KNOWN.where(facts.c.superseded_by.is_(None))
# What ended stays readable, but it does not hold any more.
_HOLDS = or_(facts.c.valid_until.is_(None), facts.c.valid_until > bindparam("now"))
_CURRENT = _NEWEST.where(_HOLDS)
_SAME_SUBJECT = _NEWEST.where(
    func.lower(facts.c.subject) == func.lower(bindparam("subject")),
    func.lower(facts.c.relation) == func.lower(bindparam("relation")),
)
_SOURCE = insert_or(fact_sources).on_conflict_do_nothing()
_SOURCES = (
    select(facts.c.source_message_id.label("id"))
    .where(facts.c.id == bindparam("fact_id"), facts.c.source_message_id.is_not(None))
    .union(select(fact_sources.c.message_id).where(fact_sources.c.fact_id == bindparam("fact_id")))
)
_LEFT = select(messages.c.in_prompt, messages.c.text).where(messages.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """A fact to be stored. `exclusive`: there can be only one at a time, a newer one supersedes the older."""

    person_id: str
    character_id: str
    place: str
    subject: str
    relation: str
    value: str
    text: str
    topic: str
    source_message_id: str | None
    source_text: str
    said_at: datetime
    confidence: float = 1.0
    pinned: bool = False
    exclusive: bool = False
    kind: FactKind = FactKind.FACT
    happens_at: datetime | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@uninterrupted("known", "get", "search", "sources")
class Memories:
    """The facts of the store."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def add(self, new: Sequence[NewFact]) -> Sequence[Fact]:
        """Store facts. A known one is given back as it is; an exclusive one supersedes the older.

        None is stored whose message the person asked to forget meanwhile. Raises NotFoundError if the message that they come from is gone meanwhile.
        """
        if not new:
            return ()
        try:
            async with self._db.write() as db:
                return [await _add(db, fact) for fact in new if not await _hidden(db, fact)]
        except IntegrityError as error:
            raise NotFoundError from error

    async def known(
        self, person_id: str, character_id: str, place: str, *, include_superseded: bool = False
    ) -> list[Fact]:
        """What a character knows about a person at a place: pinned first, then newest first.

        With `include_superseded` also what was replaced, and what has ended since.
        """
        scope = {"scope": scope_of(person_id, character_id, place)}
        wanted, asked = (_KNOWN, scope) if include_superseded else (_CURRENT, scope | {"now": self._clock()})
        async with self._db.read() as db:
            rows = (await db.execute(wanted, asked)).fetchall()
        return [_fact(row) for row in rows]

    async def get(self, fact_id: str) -> Fact:
        """The fact. Raises NotFoundError."""
        async with self._db.read() as db:
            return _one((await db.execute(_FACT.where(facts.c.id == fact_id))).fetchall())

    async def sources(self, fact_id: str) -> list[str]:
        """The ids of all messages that said a fact, oldest first."""
        async with self._db.read() as db:
            return sorted((await db.execute(_SOURCES, {"fact_id": fact_id})).scalars())

    async def end(
        self, person_id: str, fact_ids: Sequence[str], at: datetime, source_message_id: str | None
    ) -> int:
        """Facts of a person hold no longer since then; the message that said so is a source of them.

        Returns how many ended. Raises NotFoundError if that message is gone meanwhile.
        """
        if not fact_ids:
            return 0
        mine = facts.c.id.in_(fact_ids), facts.c.person_id == person_id
        closed = update(facts).where(*mine, or_(facts.c.valid_until.is_(None), facts.c.valid_until > at))
        try:
            async with self._db.write() as db:
                ended = (
                    (await db.execute(closed.values(valid_until=at).returning(facts.c.id))).scalars().all()
                )
                for fact_id in ended if source_message_id else ():
                    await db.execute(_SOURCE, {"fact_id": fact_id, "message_id": source_message_id})
        except IntegrityError as error:
            raise NotFoundError from error
        return len(ended)

    async def forget(self, person_id: str, fact_ids: Sequence[str]) -> int:
        """Remove facts of a person with those they superseded. Returns how many of the given there were."""
        if not fact_ids:
            return 0
        gone = delete(facts).where(facts.c.id.in_(fact_ids), facts.c.person_id == person_id)
        async with self._db.write() as db:
            there = select(func.count()).where(facts.c.id.in_(fact_ids), facts.c.person_id == person_id)
            count = await db.scalar(there) or 0
            await db.execute(gone)
            await forget_words(db)
            await soil(db)
        await self._db.erase()
        await self._db.tidy()
        return count

    async def pin(self, person_id: str, fact_id: str, pinned: bool) -> Fact:
        """Pin a fact, so that it is always recalled, or let it go. Raises NotFoundError."""
        return await self._change(
            update(facts).where(facts.c.id == fact_id, facts.c.person_id == person_id).values(pinned=pinned)
        )

    async def correct(self, corrected: Fact) -> Fact:
        """Supersede a fact by itself as its person puts it right: its value, its words and its times.

        Raises NotFoundError.
        """
        mine = facts.c.id == corrected.id, facts.c.person_id == corrected.person_id
        async with self._db.write() as db:
            row = (await db.execute(select(facts).where(*mine))).one_or_none()
            if row is None:
                raise NotFoundError
            fresh = dict(row._mapping) | {
                "id": new_id(),
                "value": corrected.value,
                "text": corrected.text,
                "happens_at": corrected.happens_at,
                "valid_from": corrected.valid_from,
                "source_text": corrected.text,
                "source_message_id": None,
                "said_at": self._clock(),
                "confidence": 1.0,
                "superseded_by": None,
            }
            del fresh["seq"]
            await db.execute(insert(facts).values(**fresh))
            await db.execute(update(facts).where(*mine).values(superseded_by=fresh["id"]))
            return _one((await db.execute(_FACT.where(facts.c.id == fresh["id"]))).fetchall())

    async def search(
        self, person_id: str, character_id: str, place: str, words: Sequence[str], limit: int
    ) -> list[Fact]:
        """The current facts that have the most and the rarest of the words, best first."""
        asked = in_facts(words, scope_of(person_id, character_id, place))
        if not asked:
            return []
        best = best_facts(len(asked))
        found = _FACT.join(best, best.c.seq == facts.c.seq).where(_HOLDS)
        found = found.order_by(best.c.score.desc(), best.c.seq.desc())
        async with self._db.read() as db:
            return [
                _fact(row)
                for row in (await db.execute(found, asked | {"most": limit, "now": self._clock()})).fetchall()
            ]

    async def _change(self, statement: Update) -> Fact:
        async with self._db.step() as db:
            return _one((await db.execute(statement.returning(*_FIELDS))).fetchall())


def scope_of(person_id: str, character_id: str, place: str) -> str:
    """Person, character and place as one word that no stemmer touches (it ends in a digit)."""
    name = "\0".join((person_id, character_id, place))
    return hashlib.blake2b(name.encode(), digest_size=12).hexdigest() + "0"


async def of_person(db: AsyncConnection, person_id: str) -> Sequence[Fact]:
    """All facts about a person, oldest first, superseded ones too."""
    wanted = _FACT.where(facts.c.person_id == person_id).order_by(facts.c.seq)
    return [_fact(row) for row in (await db.execute(wanted)).fetchall()]


async def _add(db: AsyncConnection, new: NewFact) -> Fact:
    new = replace(new, person_id=await survivor(db, new.person_id))
    scope = scope_of(new.person_id, new.character_id, new.place)
    asked = {"scope": scope, "subject": new.subject, "relation": new.relation}
    newest = [_fact(row) for row in (await db.execute(_SAME_SUBJECT, asked)).fetchall()]
    # What ended before this was said is told anew; what was said before it ended was known then.
    earlier = [known for known in newest if not known.valid_until or known.valid_until >= new.said_at]
    for known in earlier:
        if known.value.casefold() == new.value.casefold():
            await _said_again(db, known, new)
            return known
    late = next((known for known in earlier if known.said_at > new.said_at), None) if new.exclusive else None
    fact = _fresh(new, late.id if late else None)
    values = {"scope": scope, "exclusive": new.exclusive, "brought_by": _origin(new.source_message_id)}
    await db.execute(insert(facts).values(**_columns(fact), **values))
    older = [known.id for known in earlier] if new.exclusive and not late else []
    if older:
        await db.execute(update(facts).where(facts.c.id.in_(older)).values(superseded_by=fact.id))
    return fact


async def _said_again(db: AsyncConnection, known: Fact, new: NewFact) -> None:
    """Remember the message as one more source."""
    if new.source_message_id and new.source_message_id != known.source_message_id:
        await db.execute(_SOURCE, {"fact_id": known.id, "message_id": new.source_message_id})


async def _hidden(db: AsyncConnection, new: NewFact) -> bool:
    """Whether what a fact comes from was hidden, or cut out of its message, after it was read."""
    left = (await db.execute(_LEFT, {"id": new.source_message_id})).one_or_none()
    return left is not None and (
        not left.in_prompt or (CUT in left.text and new.source_text not in left.text)
    )


def _origin(message_id: str | None) -> ScalarSelect[str | None]:
    """From whom the conversation came in which a fact was told: it goes back there."""
    where = select(conversations.c.brought_by).join(messages)
    return where.where(messages.c.id == message_id).scalar_subquery()


def _fresh(new: NewFact, superseded_by: str | None) -> Fact:
    return Fact(
        id=new_id(),
        person_id=new.person_id,
        character_id=new.character_id,
        place=new.place,
        subject=new.subject,
        relation=new.relation,
        value=new.value,
        text=new.text,
        topic=new.topic,
        source_message_id=new.source_message_id,
        source_text=new.source_text,
        said_at=new.said_at,
        confidence=new.confidence,
        pinned=new.pinned,
        superseded_by=superseded_by,
        kind=new.kind,
        happens_at=new.happens_at,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
    )


def _columns(fact: Fact) -> dict[str, object]:
    return {column.name: getattr(fact, column.name) for column in _FIELDS}


def _one(rows: Sequence[Row[Any]]) -> Fact:
    if not rows:
        raise NotFoundError
    return _fact(rows[0])


def _fact(row: Row[Any]) -> Fact:
    return Fact(**dict(row._mapping) | {"kind": FactKind(row.kind)})
