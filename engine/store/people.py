"""People and their accounts: `store.people`. Erasing and exporting a whole person is here too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.errors import NotFoundError
from engine.store import characters, conversations, media, memories, windows
from engine.store.db import Database, soil, uninterrupted
from engine.store.files import Files
from engine.store.ids import new_id
from engine.store.search import forget_words
from engine.store.survivors import survivor
from engine.store.tables import identities, instant, people
from engine.types import CharacterRecord, Clock, Conversation, Fact, Media, Message, Person

# A linked account keeps a name of its own: two services call the same person differently, and would go on renaming.
_home = people.alias()
_BY_ACCOUNT = (
    select(
        people,
        func.coalesce(_home.c.display_name, people.c.display_name).label("account_name"),
        identities.c.home_id,
    )
    .select_from(people.join(identities).outerjoin(_home, _home.c.id == identities.c.home_id))
    .where(identities.c.surface == bindparam("surface"), identities.c.external_id == bindparam("external_id"))
)
_KNOWN = _BY_ACCOUNT.with_only_columns(
    people.c.id,
    people.c.display_name,
    people.c.created_at,
    people.c.timezone,
    people.c.confirmed_adult_at,
    func.coalesce(_home.c.display_name, people.c.display_name),
)
_BY_ID = select(people).where(people.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class PersonExport:
    """Everything that is kept about a person."""

    person: Person
    characters: tuple[CharacterRecord, ...]
    conversations: tuple[tuple[Conversation, tuple[Message, ...]], ...]
    facts: tuple[Fact, ...]
    media: tuple[Media, ...]
    summaries: Mapping[str, str]  # what a model noted of long conversations, by their ids


@uninterrupted("get", "resolve")
class People:
    """The people of the store."""

    def __init__(self, db: Database, files: Files, clock: Clock) -> None:
        self._db, self._files, self._clock = db, files, clock

    async def ensure(self, surface: str, external_id: str, display_name: str) -> Person:
        """The person behind an account of a surface; made when first seen, renamed as the surface says."""
        for *known, account_name in await self._db.glance(_KNOWN, surface=surface, external_id=external_id):
            if account_name == display_name:
                return _seen(*known)
        async with self._db.write() as db:
            if row := await _by_account(db, surface, external_id):
                named = update(people).where(people.c.id == (row.home_id or row.id))
                await db.execute(named.values(display_name=display_name))
                return await _get(db, row.id)
            return await self._create(db, surface, external_id, display_name)

    async def get(self, person_id: str) -> Person:
        """The person. Raises NotFoundError."""
        async with self._db.read() as db:
            return await _get(db, person_id)

    async def resolve(self, person_id: str) -> str:
        """The id under which a person goes on; an id from before they were joined to somebody else leads there."""
        async with self._db.read() as db:
            return await survivor(db, person_id)

    async def set_timezone(self, person_id: str, timezone: str) -> Person:
        """Remember where on the clock the person is."""
        return await self._set(person_id, timezone=timezone)

    async def confirm_adult(self, person_id: str) -> Person:
        """Remember that the person said now that they are an adult."""
        return await self._set(person_id, confirmed_adult_at=self._clock())

    async def erase(self, person_id: str, *, keep_surface: str = "") -> None:
        """Remove the person, all that is theirs, and the picture files that nobody else refers to.

        Accounts of `keep_surface` stay, and with them a person of the same id of whom nothing is known: whoever
        sits at this machine goes on, in every process that is open. Whoever was linked goes with them.
        """
        async with self._db.write() as db:
            person_id = await survivor(db, person_id)
            await _get(db, person_id)
            kept = await _accounts(db, person_id, keep_surface)
            await media.discard(db, await media.shas_of_person(db, person_id))
            await db.execute(
                delete(people).where((people.c.id == person_id) | (people.c.joined_id == person_id))
            )
            await forget_words(db)
            await soil(db)
            if kept:
                await self._begin_anew(db, person_id, kept)
        await self._db.erase()
        await self._files.empty_trash(self._db)
        await self._db.tidy()

    async def export(self, person_id: str) -> PersonExport:
        """Everything that is kept about the person, as of one moment."""
        async with self._db.snapshot() as db:
            talks = await conversations.of_person(db, person_id)
            return PersonExport(
                person=await _get(db, person_id),
                characters=tuple(await characters.of_owner(db, person_id)),
                conversations=tuple(
                    [(talk, tuple(await conversations.all_of(db, talk.id))) for talk in talks]
                ),
                facts=tuple(await memories.of_person(db, person_id)),
                media=tuple(await media.of_person(db, person_id)),
                summaries=await windows.of_person(db, person_id),
            )

    async def _begin_anew(self, db: AsyncConnection, person_id: str, accounts: Sequence[Row[Any]]) -> None:
        nobody = {"id": person_id, "display_name": "", "created_at": self._clock(), "timezone": ""}
        await db.execute(insert(people).values(**nobody))
        await db.execute(
            insert(identities), [dict(account._mapping) | {"home_id": None} for account in accounts]
        )

    async def _create(self, db: AsyncConnection, surface: str, external_id: str, name: str) -> Person:
        person = Person(id=new_id(), display_name=name, created_at=self._clock())
        await db.execute(
            insert(people).values(id=person.id, display_name=name, created_at=person.created_at, timezone="")
        )
        await db.execute(
            insert(identities).values(surface=surface, external_id=external_id, person_id=person.id)
        )
        return person

    async def _set(self, person_id: str, **values: object) -> Person:
        async with self._db.step() as db:
            changed = update(people).where(people.c.id == person_id).values(**values).returning(people)
            return _one((await db.execute(changed)).fetchall())


async def _by_account(db: AsyncConnection, surface: str, external_id: str) -> Row[Any] | None:
    return (await db.execute(_BY_ACCOUNT, {"surface": surface, "external_id": external_id})).one_or_none()


async def _accounts(db: AsyncConnection, person_id: str, surface: str) -> Sequence[Row[Any]]:
    wanted = select(identities).where(identities.c.person_id == person_id, identities.c.surface == surface)
    return (await db.execute(wanted)).fetchall()


async def _get(db: AsyncConnection, person_id: str) -> Person:
    return _one((await db.execute(_BY_ID, {"id": person_id})).fetchall())


def _one(rows: Sequence[Row[Any]]) -> Person:
    if not rows:
        raise NotFoundError
    return _person(rows[0])


def _seen(person_id: str, name: str, created_at: int, timezone: str, adult_at: int | None) -> Person:
    """A person as a glance finds them."""
    made = instant(created_at)
    assert made is not None
    return Person(person_id, name, made, timezone, instant(adult_at))


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        display_name=row.display_name,
        created_at=row.created_at,
        timezone=row.timezone,
        confirmed_adult_at=row.confirmed_adult_at,
    )
