"""How what was found becomes what is known; `recall.py`, `tell.py`, `consolidate.py` and `contradict.py` keep by it.

A fact belongs to whoever its source belongs to, and is dated by the clock of who said it. What is said to hold no
longer closes what was known, and is past at once where nothing was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from engine.memory.ending import closes, ended_by
from engine.memory.found import Found, Source
from engine.memory.times.when import happens
from engine.memory.times.zones import zone_of
from engine.store.memories import NewFact
from engine.store.store import Store
from engine.types import Fact, FactKind


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of words: what was stored, and what was known and holds no longer by them."""

    told: Sequence[Fact] = ()
    ended: Sequence[Fact] = ()

    def __bool__(self) -> bool:
        return bool(self.told or self.ended)


class Statement(Protocol):
    """What all have that can be known: `Found`, `Happened`, and a `Fact` that is said again."""

    @property
    def subject(self) -> str: ...
    @property
    def relation(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def happens_at(self) -> datetime | None: ...


async def keep(store: Store, source: Source, found: Sequence[Found]) -> Kept:
    """Store what was found in a source, and close what that ends. Raises NotFoundError if its message is gone."""
    found = await asyncio.to_thread(_dated, found, source.at)
    ended, past = await _end(store, source, found)
    told = [_said(source, one) for one in found if not one.ends]
    return Kept(await store.memories.add([*past, *told]), ended)


def owned(
    source: Source,
    said: Statement,
    *,
    exclusive: bool,
    kind: FactKind = FactKind.FACT,
    pinned: bool = False,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> NewFact:
    """A statement as the fact of its source."""
    return NewFact(
        person_id=source.scope.person_id,
        character_id=source.scope.character_id,
        place=source.scope.place,
        subject=said.subject,
        relation=said.relation,
        value=said.value,
        text=said.text,
        topic=said.topic,
        source_message_id=source.message_id,
        source_text=source.words,
        said_at=source.at.astimezone(UTC),
        confidence=said.confidence,
        pinned=pinned,
        exclusive=exclusive,
        kind=kind,
        happens_at=said.happens_at,
        valid_from=valid_from,
        valid_until=valid_until,
    )


async def own_zone(store: Store, person_id: str) -> tzinfo:
    """Where on the clock a person is."""
    return zone_of((await store.people.get(person_id)).timezone)


def _dated(found: Sequence[Found], at: datetime) -> Sequence[Found]:
    """With the moments at which what they tell happens."""
    return [replace(one, happens_at=happens(one.relation, one.text, one.source_text, at)) for one in found]


def _said(source: Source, found: Found) -> NewFact:
    clause = replace(source, words=found.source_text or source.words)
    return owned(clause, found, exclusive=found.exclusive, valid_from=found.valid_from)


async def _end(
    store: Store, source: Source, found: Sequence[Found]
) -> tuple[Sequence[Fact], Sequence[NewFact]]:
    """Close the known facts that hold no longer. Gives them, and what is told to have ended that nobody knew of."""
    ends = [one for one in found if closes(one)]
    if not ends:
        return (), ()
    scope = source.scope
    known = await store.memories.known(scope.person_id, scope.character_id, scope.place)
    over, news = await asyncio.to_thread(_over, source, found, ends, known)
    await store.memories.end(scope.person_id, [fact.id for fact in over], source.at, source.message_id)
    at = source.at.astimezone(UTC)
    past = [replace(_said(source, end), exclusive=False, valid_until=at) for end in news]
    return [replace(fact, valid_until=at) for fact in over], past


def _over(
    source: Source, found: Sequence[Found], ends: Sequence[Found], known: Sequence[Fact]
) -> tuple[Sequence[Fact], Sequence[Found]]:
    """The known facts that end, and the ends of what nobody knew of."""
    over = [fact for fact in ended_by(source, ends, known) if not _says_again(found, fact)]
    return over, [end for end in ends if end.ends and end.text and not ended_by(source, [end], known)]


def _says_again(found: Sequence[Found], known: Fact) -> bool:
    """Whether a message that ends something says that this holds: "two cats" goes, and two cats come."""
    return any(
        (fact.subject, fact.relation, fact.value.casefold())
        == (known.subject, known.relation, known.value.casefold())
        for fact in found
        if not fact.ends
    )
