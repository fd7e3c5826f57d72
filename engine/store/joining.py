"""How what belongs to one person becomes another's, and how it goes back: the statements under `links.py`.

Both directions are one transaction each. Words stay where they are; what changes is whose they are, which of two
conversations goes on, and which of two memories that contradict one another is believed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.store.imports import IMPORTED
from engine.store.memories import scope_of
from engine.store.tables import (
    SCOPE_BITS,
    calls,
    characters,
    conversations,
    drafts,
    facts,
    identities,
    inbox,
    jobs,
    media,
    messages,
    people,
    seats,
    shown,
    topics,
)

# Everything that belongs to somebody besides facts, by the column that says to whom.
OWNED = (
    (characters, characters.c.owner_id),
    *(
        (table, table.c.person_id)
        for table in (conversations, media, jobs, drafts, inbox, shown, seats, topics, calls)
    ),
)

_first = conversations.c.number.op("<<")(SCOPE_BITS)
_last = select(func.max(messages.c.seq)).where(messages.c.seq >= _first)
_last = _last.where(messages.c.seq < _first + (1 << SCOPE_BITS)).correlate(conversations)
_SAID_LAST = func.coalesce(
    select(messages.c.created_at).where(messages.c.seq == _last.scalar_subquery()).scalar_subquery(),
    conversations.c.created_at,
)


async def join(db: AsyncConnection, gone: str, kept: str) -> None:
    """Make `gone`, with everyone who was joined to them before, one with `kept`."""
    await _agree_on_conversations(db, gone, kept)
    for table, owner in OWNED:
        values = {owner.name: kept, "brought_by": func.coalesce(table.c.brought_by, gone)}
        await _move(db, table, owner == gone, values)
    await _join_facts(db, gone, kept)
    await db.execute(
        update(identities)
        .where(identities.c.person_id == gone)
        .values(person_id=kept, home_id=func.coalesce(identities.c.home_id, gone))
    )
    # Both are in one place; who unlinks goes on being there, so nothing takes it back.
    zone = select(people.c.timezone).where(people.c.id == gone).scalar_subquery()
    await db.execute(update(people).where(people.c.id == kept, people.c.timezone == "").values(timezone=zone))
    joined = (people.c.id == gone) | (people.c.joined_id == gone)
    await db.execute(update(people).where(joined).values(joined_id=kept))


async def separate(db: AsyncConnection, home: str, kept: str) -> None:
    """Give `home` back what came with them, and what was added to it since."""
    for table, owner in OWNED:
        if table is not conversations:
            await _move(db, table, and_(owner == kept, table.c.brought_by == home), _home_values(owner, home))
    await _part_conversations(db, home, kept)
    await _part_facts(db, home, kept)
    mine = identities.c.person_id == kept, identities.c.home_id == home
    await db.execute(update(identities).where(*mine).values(person_id=home, home_id=None))
    await db.execute(update(people).where(people.c.id == home).values(joined_id=None))


async def _move(
    db: AsyncConnection, table: Table, where: ColumnElement[bool], values: dict[str, Any]
) -> None:
    # What both have alike (a seat in the same channel, a button's text) stays where it is and is found there again.
    await db.execute(update(table).prefix_with("OR IGNORE").where(where).values(values))


def _home_values(owner: Any, home: str) -> dict[str, Any]:
    return {owner.name: home, "brought_by": None}


# ---------------------------------------------------------------- conversations


async def _agree_on_conversations(db: AsyncConnection, gone: str, kept: str) -> None:
    """Where both talked with the same character at the same place, who talked last goes on; the other is kept."""
    rows = await _active(db, (gone, kept))
    aside = []
    for same in _grouped(rows, "character_id", "place"):
        # Nobody loses their place for a tie: the survivor's own comes first.
        latest = max(same, key=lambda row: (row.said, row.person_id == kept))
        aside += [row.id for row in same if row is not latest]
    await _set_aside(db, aside, True)


async def _part_conversations(db: AsyncConnection, home: str, kept: str) -> None:
    mine = conversations.c.person_id == kept, conversations.c.brought_by == home
    # Set aside first: two that are active must never be one person's at the same moment.
    ids = list((await db.scalars(select(conversations.c.id).where(*mine))).all())
    await _set_aside(db, ids, True)
    back = _home_values(conversations.c.person_id, home)
    await db.execute(update(conversations).where(*mine).values(back))
    for person in (home, kept):
        await _wake(db, person)


async def _wake(db: AsyncConnection, person_id: str) -> None:
    """Where all conversations of a talk are set aside, the latest goes on."""
    other = conversations.alias()
    active = exists().where(
        other.c.person_id == conversations.c.person_id,
        other.c.character_id == conversations.c.character_id,
        other.c.place == conversations.c.place,
        ~other.c.set_aside,
    )
    asleep = select(conversations, _SAID_LAST.label("said")).where(
        conversations.c.person_id == person_id, conversations.c.set_aside, ~active, ~IMPORTED
    )
    rows = (await db.execute(asleep)).fetchall()
    groups = _grouped(rows, "character_id", "place")
    await _set_aside(db, [max(same, key=lambda row: (row.said, row.number)).id for same in groups], False)


async def _active(db: AsyncConnection, person_ids: Sequence[str]) -> Sequence[Row[Any]]:
    wanted = select(conversations, _SAID_LAST.label("said")).where(
        conversations.c.person_id.in_(person_ids), ~conversations.c.set_aside
    )
    return (await db.execute(wanted)).fetchall()


async def _set_aside(db: AsyncConnection, ids: Sequence[str], aside: bool) -> None:
    if ids:
        await db.execute(update(conversations).where(conversations.c.id.in_(ids)).values(set_aside=aside))


# ---------------------------------------------------------------- facts


async def _join_facts(db: AsyncConnection, gone: str, kept: str) -> None:
    moved = [row.id for row in await _facts(db, facts.c.person_id == gone)]
    await _hand_over(
        db, facts.c.person_id == gone, kept, {"brought_by": func.coalesce(facts.c.brought_by, gone)}
    )
    # What has ended contradicts nothing that holds.
    holds = facts.c.superseded_by.is_(None), facts.c.valid_until.is_(None)
    current = await _facts(db, facts.c.person_id == kept, *holds)
    by_key: dict[tuple[str, str, str], list[Row[Any]]] = defaultdict(list)
    for row in current:
        by_key[row.scope, row.subject.lower(), row.relation.lower()].append(row)
    for same in by_key.values():
        for loser, winner in _contradictions(same, set(moved)):
            await db.execute(update(facts).where(facts.c.id == loser).values(superseded_by=winner))


def _contradictions(same: Sequence[Row[Any]], moved: set[str]) -> Iterable[tuple[str, str]]:
    """Which facts of one side give way to which of the other: the older to the newer of what can only be one.

    Nothing gives way to what gives way itself, so that unlinking brings back exactly what was there.
    """
    newest_first = sorted(same, key=lambda row: (row.pinned, row.said_at, row.seq), reverse=True)
    only = max((row for row in same if row.exclusive), key=lambda row: (row.said_at, row.seq), default=None)
    standing: list[Row[Any]] = []
    for row in newest_first:
        winner = next((one for one in standing if _beats(one, row, only, moved)), None)
        if winner is None and only is not None and _beats(only, row, only, moved):
            winner = only
        if winner is None:
            standing.append(row)
        else:
            yield row.id, winner.id


def _beats(one: Row[Any], other: Row[Any], only: Row[Any] | None, moved: set[str]) -> bool:
    if one is other or (one.id in moved) == (other.id in moved) or other is only:
        return False
    alike = one.value.casefold() == other.value.casefold()
    return alike or (one is only and other.said_at <= one.said_at)


async def _part_facts(db: AsyncConnection, home: str, kept: str) -> None:
    """Give facts back, and undo what superseded what across the two."""
    await _hand_over(
        db, and_(facts.c.person_id == kept, facts.c.brought_by == home), home, {"brought_by": None}
    )
    rows = {row.id: row for row in await _facts(db, facts.c.person_id.in_((home, kept)))}
    for row in rows.values():
        newer = rows.get(row.superseded_by)
        if newer is None or newer.person_id == row.person_id:
            continue
        while newer is not None and newer.person_id != row.person_id:
            newer = rows.get(newer.superseded_by)
        own = newer.id if newer is not None else None
        await db.execute(update(facts).where(facts.c.id == row.id).values(superseded_by=own))


async def _hand_over(
    db: AsyncConnection, which: ColumnElement[bool], to: str, values: dict[str, Any]
) -> None:
    """Make facts another person's, under the scopes of that person."""
    talks = select(facts.c.scope, facts.c.character_id, facts.c.place).where(which).distinct()
    for old, character_id, place in (await db.execute(talks)).fetchall():
        scope = scope_of(to, character_id, place)
        await db.execute(
            update(facts).where(which, facts.c.scope == old).values(person_id=to, scope=scope, **values)
        )


async def _facts(db: AsyncConnection, *where: ColumnElement[bool]) -> Sequence[Row[Any]]:
    return (await db.execute(select(facts).where(*where).order_by(facts.c.seq))).fetchall()


def _grouped(rows: Sequence[Row[Any]], *names: str) -> Iterable[list[Row[Any]]]:
    groups: dict[tuple[Any, ...], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row._mapping[name] for name in names)].append(row)
    return groups.values()
