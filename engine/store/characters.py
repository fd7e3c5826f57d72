"""Characters with all their versions: `store.characters`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from characters.character import Persona
from engine.errors import NotFoundError
from engine.store import media
from engine.store.db import Database, soil, uninterrupted
from engine.store.documents import read_persona, write_persona
from engine.store.files import Files
from engine.store.ids import new_id
from engine.store.search import forget_words
from engine.store.slugs import free_slug, slug_of
from engine.store.survivors import survivor
from engine.store.tables import characters, conversations, messages, versions
from engine.types import CharacterRecord, Clock, Role

_CURRENT = select(characters, versions.c.persona).join(
    versions, (versions.c.character_id == characters.c.id) & (versions.c.version == characters.c.version)
)
_BY_ID = _CURRENT.where(characters.c.id == bindparam("id"))
_BY_SLUG = _CURRENT.where(characters.c.slug == bindparam("slug"))
# Versions kept in memory: every turn needs one, and few characters are talked with at a time.
KEPT_VERSIONS = 64
_NEVER = datetime.min.replace(tzinfo=UTC)

# When this person last said something in a conversation: one step back on the conversation's index.
_LAST_SAID = (
    select(messages.c.created_at)
    .where(messages.c.conversation_id == conversations.c.id, messages.c.role == Role.PERSON)
    .order_by(messages.c.seq.desc())
    .limit(1)
    .correlate(conversations)
    .scalar_subquery()
)
_LAST_TALK = (
    select(func.max(_LAST_SAID))
    .where(
        conversations.c.person_id == bindparam("person_id"), conversations.c.character_id == characters.c.id
    )
    .correlate(characters)
    .scalar_subquery()
)
_CATALOG = _CURRENT.add_columns(_LAST_TALK.label("talked_at")).where(
    characters.c.published,
    or_(characters.c.owner_id.is_(None), characters.c.owner_id == bindparam("person_id")),
)


@uninterrupted("get", "by_slug", "versions", "version", "catalog")
class Characters:
    """The characters of the store."""

    def __init__(self, db: Database, files: Files, clock: Clock) -> None:
        self._db, self._files, self._clock = db, files, clock
        self._versions: dict[tuple[str, int], Persona] = {}  # a version never changes

    async def create(
        self,
        owner_id: str | None,
        persona: Persona,
        *,
        slug: str | None = None,
        published: bool = True,
        character_id: str | None = None,
    ) -> CharacterRecord:
        """Store a new character; its address is made from its name and numbered if taken.

        With a `character_id` of the caller's, repeating the call gives the character that is stored.
        """
        now, wanted = self._clock(), slug_of(slug or persona.name)
        async with self._db.write() as db:
            owner_id = await survivor(db, owner_id) if owner_id else None
            if rows := (await db.execute(_BY_ID, {"id": character_id})).fetchall():
                return _one(rows)
            taken = await db.scalars(select(characters.c.slug).where(characters.c.slug.startswith(wanted)))
            record = CharacterRecord(
                character_id or new_id(), free_slug(wanted, taken), owner_id, 1, persona, published, now, now
            )
            await db.execute(insert(characters).values(**_columns(record)))
            await _add_version(db, record)
        return record

    async def get(self, character_id: str) -> CharacterRecord:
        """The character. Raises NotFoundError."""
        async with self._db.read() as db:
            return _one((await db.execute(_BY_ID, {"id": character_id})).fetchall())

    async def by_slug(self, slug: str) -> CharacterRecord:
        """The character of an address. Raises NotFoundError."""
        async with self._db.read() as db:
            return _one((await db.execute(_BY_SLUG, {"slug": slug})).fetchall())

    async def save(
        self, character_id: str, persona: Persona, *, published: bool | None = None
    ) -> CharacterRecord:
        """Store a new version; the former ones are kept. Raises NotFoundError."""
        values = {"version": characters.c.version + 1, "updated_at": self._clock()}
        if published is not None:
            values["published"] = published
        async with self._db.write() as db:
            changed = update(characters).where(characters.c.id == character_id).values(values)
            rows = (await db.execute(changed.returning(characters))).fetchall()
            if not rows:
                raise NotFoundError
            record = _record(rows[0], persona)
            await _add_version(db, record)
            # Who talks with a character talks with what it is now; the former versions are kept to go back to.
            follow = update(conversations).where(conversations.c.character_id == character_id)
            await db.execute(follow.values(character_version=record.version))
        return record

    async def versions(self, character_id: str) -> Sequence[int]:
        """The numbers of all versions, oldest first."""
        wanted = select(versions.c.version).where(versions.c.character_id == character_id)
        async with self._db.read() as db:
            return (await db.scalars(wanted.order_by(versions.c.version))).all()

    async def version(self, character_id: str, number: int) -> Persona:
        """The persona of one version. Raises NotFoundError."""
        if (persona := self._versions.get((character_id, number))) is not None:
            return persona
        wanted = select(versions.c.persona).where(
            versions.c.character_id == character_id, versions.c.version == number
        )
        async with self._db.read() as db:
            text = await db.scalar(wanted)
        if text is None:
            raise NotFoundError
        persona = read_persona(text)
        self._versions[character_id, number] = persona
        if len(self._versions) > KEPT_VERSIONS:
            del self._versions[next(iter(self._versions))]
        return persona

    async def catalog(self, person_id: str) -> Sequence[tuple[CharacterRecord, datetime | None]]:
        """Shipped and own characters and when they were last talked at: recent, newest own, then by name."""
        async with self._db.read() as db:
            rows = (await db.execute(_CATALOG, {"person_id": person_id})).fetchall()
        entries = [(_record(row, read_persona(row.persona)), row.talked_at) for row in rows]
        entries.sort(key=lambda entry: entry[0].persona.name.casefold())
        entries.sort(key=lambda entry: entry[0].created_at if entry[0].owner_id else _NEVER, reverse=True)
        entries.sort(key=lambda entry: entry[1] or _NEVER, reverse=True)
        return entries

    async def delete(self, character_id: str) -> None:
        """Remove a character with its conversations, memories and pictures. Raises NotFoundError."""
        self._versions.clear()
        async with self._db.write() as db:
            await media.discard(db, await media.shas_of_character(db, character_id))
            gone = delete(characters).where(characters.c.id == character_id).returning(characters.c.id)
            if not (await db.execute(gone)).fetchall():
                raise NotFoundError
            await forget_words(db)
            await soil(db)
        await self._db.erase()
        await self._files.empty_trash(self._db)
        await self._db.tidy()

    async def ensure_shipped(self, slug: str, persona: Persona) -> CharacterRecord:
        """The shipped character of this address, made or given a new version only where it differs."""
        own = f"{slug}-shipped"  # where somebody's own character has the address already
        async with self._db.read() as db:
            rows = (await db.execute(_CURRENT.where(characters.c.slug.in_((slug, own))))).fetchall()
        shipped = [_record(row, read_persona(row.persona)) for row in rows if row.owner_id is None]
        if not shipped:
            return await self.create(None, persona, slug=own if rows else slug)
        if shipped[0].persona == persona:
            return shipped[0]
        return await self.save(shipped[0].id, persona)


async def of_owner(db: AsyncConnection, person_id: str) -> Sequence[CharacterRecord]:
    """The characters a person made, oldest first."""
    wanted = _CURRENT.where(characters.c.owner_id == person_id).order_by(characters.c.id)
    return [_record(row, read_persona(row.persona)) for row in (await db.execute(wanted)).fetchall()]


async def _add_version(db: AsyncConnection, record: CharacterRecord) -> None:
    await db.execute(
        insert(versions).values(
            character_id=record.id,
            version=record.version,
            persona=write_persona(record.persona),
            created_at=record.updated_at,
        )
    )


def _one(rows: Sequence[Row[Any]]) -> CharacterRecord:
    if not rows:
        raise NotFoundError
    return _record(rows[0], read_persona(rows[0].persona))


def _record(row: Row[Any], persona: Persona) -> CharacterRecord:
    return CharacterRecord(
        id=row.id,
        slug=row.slug,
        owner_id=row.owner_id,
        version=row.version,
        persona=persona,
        published=row.published,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _columns(record: CharacterRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "slug": record.slug,
        "owner_id": record.owner_id,
        "version": record.version,
        "published": record.published,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }
