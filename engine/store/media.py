"""Pictures: a row each, and a file by content that several rows may share: `store.media`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.errors import InputError, NotFoundError
from engine.store.db import Database, uninterrupted
from engine.store.documents import read_making, read_persona, read_shot, write_making, write_shot
from engine.store.files import Files, Staged, drop
from engine.store.ids import new_id
from engine.store.tables import characters, jobs, media, trash, versions
from engine.types import Clock, Making, Media, PicturePurpose, Shot

_SHOWN = (PicturePurpose.SELFIE, PicturePurpose.CANON)
_FIELDS = [media.c[name] for name in Media.__dataclass_fields__]
_MEDIA = select(*_FIELDS)
_BY_ID = _MEDIA.where(media.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is known of a picture before it is stored."""

    mime: str
    width: int
    height: int
    person_id: str | None
    character_id: str | None
    purpose: PicturePurpose
    seed: int
    pipeline: str
    shot: Shot
    caption: str
    job_id: str | None = None
    draft_id: str | None = None
    making: Making | None = None


@uninterrupted("get", "has", "shipped", "gallery")
class MediaShelf:
    """The pictures of the store."""

    def __init__(self, db: Database, files: Files, clock: Clock) -> None:
        self._db, self._files, self._clock = db, files, clock

    async def put(
        self,
        png: bytes,
        *,
        mime: str,
        width: int,
        height: int,
        person_id: str | None,
        character_id: str | None,
        purpose: PicturePurpose,
        seed: int,
        pipeline: str,
        shot: Shot,
        caption: str,
        job_id: str | None = None,
        draft_id: str | None = None,
    ) -> Media:
        """Store a picture: its file first, then its row."""
        picture = Picture(
            mime=mime,
            width=width,
            height=height,
            person_id=person_id,
            character_id=character_id,
            purpose=purpose,
            seed=seed,
            pipeline=pipeline,
            shot=shot,
            caption=caption,
            job_id=job_id,
            draft_id=draft_id,
        )
        staged = await self.stage(png, mime)
        try:
            async with self._db.write() as db:
                return await self.add(db, staged, picture, new_id())
        finally:
            drop(staged)

    async def stage(self, png: bytes, mime: str) -> Staged:
        """Write a file that `add` gives its name. Whoever stages drops in the end."""
        return await self._files.stage(png, mime)

    async def add(self, db: AsyncConnection, staged: Staged, picture: Picture, media_id: str) -> Media:
        """Add a staged picture within a write transaction."""
        record = _media(media_id, staged, picture, self._clock)
        # A picture belongs where what it was asked for belongs, also once accounts are unlinked.
        brought = select(jobs.c.brought_by).where(jobs.c.id == record.job_id).scalar_subquery()
        await db.execute(insert(media).values(**_columns(record), brought_by=brought))
        await self._files.settle(staged)
        return record

    async def get(self, media_id: str) -> Media:
        """The picture. Raises NotFoundError."""
        async with self._db.read() as db:
            row = (await db.execute(_BY_ID, {"id": media_id})).one_or_none()
        if row is None:
            raise NotFoundError
        return _record(row)

    async def has(self, media_id: str) -> bool:
        """Whether the picture is still here: its person may have deleted it."""
        async with self._db.read() as db:
            return bool(await db.scalar(select(exists().where(media.c.id == media_id))))

    async def shipped(self, sha256: str) -> Media | None:
        """The picture of this content that came with the product, if it is here already."""
        wanted = _MEDIA.where(media.c.sha256 == sha256, media.c.person_id.is_(None))
        async with self._db.read() as db:
            rows = (await db.execute(wanted.limit(1))).fetchall()
        return _record(rows[0]) if rows else None

    def path(self, picture: Media) -> Path:
        """Where the picture's file is."""
        return self._files.path(picture.sha256, picture.mime)

    async def gallery(
        self, person_id: str, character_id: str | None, limit: int, before: str | None = None
    ) -> Sequence[Media]:
        """The person's pictures to look at, newest first, from before the picture `before`."""
        wanted = _MEDIA.where(media.c.person_id == person_id, media.c.purpose.in_(_SHOWN))
        if character_id is not None:
            wanted = wanted.where(media.c.character_id == character_id)
        if before is not None:
            wanted = wanted.where(media.c.id < before)
        async with self._db.read() as db:
            rows = (await db.execute(wanted.order_by(media.c.id.desc()).limit(limit))).fetchall()
        return [_record(row) for row in rows]

    async def adopt(self, media_id: str, character_id: str) -> Media:
        """Make a take the canonical picture of a character. Raises NotFoundError."""
        changed = update(media).where(media.c.id == media_id)
        changed = changed.values(character_id=character_id, purpose=PicturePurpose.CANON, draft_id=None)
        async with self._db.step() as db:
            rows = (await db.execute(changed.returning(*_FIELDS))).fetchall()
        if not rows:
            raise NotFoundError
        return _record(rows[0])

    async def delete(self, person_id: str, media_id: str) -> None:
        """Remove a picture, and its file if no other row needs it. Raises NotFoundError, InputError."""
        async with self._db.write() as db:
            gone = delete(media).where(media.c.id == media_id, media.c.person_id == person_id)
            rows = (await db.execute(gone.returning(media.c.sha256, media.c.character_id))).fetchall()
            if not rows:
                raise NotFoundError
            await _refuse_canon(db, media_id, rows[0].character_id)
            await discard(db, [rows[0].sha256])
        await self._files.empty_trash(self._db)

    async def prune_previews(self, before: datetime) -> int:
        """Remove live portraits that were drawn before; they are drawn again when they are looked at."""
        old = delete(media).where(media.c.purpose == PicturePurpose.PREVIEW, media.c.created_at < before)
        async with self._db.write() as db:
            shas = (await db.scalars(old.returning(media.c.sha256))).all()
            await discard(db, shas)
        await self._files.empty_trash(self._db)
        return len(shas)


async def _refuse_canon(db: AsyncConnection, media_id: str, character_id: str | None) -> None:
    current = select(versions.c.persona).join(
        characters,
        (versions.c.character_id == characters.c.id) & (versions.c.version == characters.c.version),
    )
    text = await db.scalar(current.where(characters.c.id == character_id))
    if text and (persona := read_persona(text)).references.headshot == media_id:
        raise InputError(
            f"This is the canonical picture of {persona.name}. "
            "Choose another one first, or delete the character."
        )


async def discard(db: AsyncConnection, shas: Iterable[str]) -> None:
    """Note files whose rows are going; `Files.empty_trash` removes those that no row needs any more."""
    rows = [{"sha256": sha} for sha in set(shas)]
    if rows:
        await db.execute(sqlite_insert(trash).on_conflict_do_nothing(), rows)


async def shas_of_person(db: AsyncConnection, person_id: str) -> Sequence[str]:
    """The files of a person's pictures and of all pictures of the characters they made."""
    own = select(characters.c.id).where(characters.c.owner_id == person_id)
    wanted = select(media.c.sha256).where(or_(media.c.person_id == person_id, media.c.character_id.in_(own)))
    return (await db.scalars(wanted)).all()


async def shas_of_character(db: AsyncConnection, character_id: str) -> Sequence[str]:
    """The files of a character's pictures."""
    return (await db.scalars(select(media.c.sha256).where(media.c.character_id == character_id))).all()


async def of_person(db: AsyncConnection, person_id: str) -> Sequence[Media]:
    """All pictures of a person, oldest first."""
    wanted = _MEDIA.where(media.c.person_id == person_id).order_by(media.c.id)
    return [_record(row) for row in (await db.execute(wanted)).fetchall()]


async def remove_tries(db: AsyncConnection, draft_id: str) -> None:
    """Remove the takes and previews of a draft that became nobody's picture."""
    gone = delete(media).where(media.c.draft_id == draft_id, media.c.purpose.notin_(_SHOWN))
    await discard(db, (await db.scalars(gone.returning(media.c.sha256))).all())


def _media(media_id: str, staged: Staged, picture: Picture, clock: Clock) -> Media:
    return Media(
        id=media_id,
        person_id=picture.person_id,
        character_id=picture.character_id,
        purpose=picture.purpose,
        sha256=staged.sha256,
        mime=picture.mime,
        width=picture.width,
        height=picture.height,
        size=staged.size,
        seed=picture.seed,
        pipeline=picture.pipeline,
        shot=picture.shot,
        caption=picture.caption,
        created_at=clock(),
        job_id=picture.job_id,
        draft_id=picture.draft_id,
        making=picture.making,
    )


def _columns(record: Media) -> dict[str, object]:
    values = {field.name: getattr(record, field.name) for field in _FIELDS}
    return values | {"shot": write_shot(record.shot), "making": write_making(record.making)}


def _record(row: Row[Any]) -> Media:
    values = dict(row._mapping)
    values["purpose"] = PicturePurpose(values["purpose"])
    values["shot"] = read_shot(values["shot"])
    values["making"] = read_making(values["making"])
    return Media(**values)
