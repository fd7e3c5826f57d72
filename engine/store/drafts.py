"""Wizards in progress, saved after each answer: `store.drafts`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from characters.character import Persona
from engine.errors import NotFoundError
from engine.store import media
from engine.store.db import Database, uninterrupted
from engine.store.documents import EXTRA, TEXTS, read_persona, write_persona
from engine.store.files import Files
from engine.store.ids import new_id
from engine.store.survivors import survivor
from engine.store.tables import characters, drafts
from engine.types import Clock, Draft

# The step of a draft that became a character (or a new version of one): it is not offered to be resumed.
PUBLISHED = "published"


@uninterrupted("get", "open")
class Drafts:
    """The drafts of the store."""

    def __init__(self, db: Database, files: Files, clock: Clock) -> None:
        self._db, self._files, self._clock = db, files, clock

    async def create(
        self, person_id: str, persona: Persona, step: str, *, character_id: str | None = None
    ) -> Draft:
        """Begin a draft."""
        now = self._clock()
        async with self._db.write() as db:
            owner = await survivor(db, person_id)
            draft = Draft(new_id(), owner, step, persona, now, now, character_id=character_id)
            # Who changes a character changes it for those who keep it once accounts are unlinked.
            brought = select(characters.c.brought_by).where(characters.c.id == character_id)
            await db.execute(insert(drafts).values(**_columns(draft), brought_by=brought.scalar_subquery()))
        return draft

    async def get(self, draft_id: str) -> Draft:
        """The draft. Raises NotFoundError."""
        async with self._db.read() as db:
            row = (await db.execute(select(drafts).where(drafts.c.id == draft_id))).one_or_none()
        if row is None:
            raise NotFoundError
        return _draft(row)

    async def save(self, draft: Draft) -> Draft:
        """Store all answers as they are now. Raises NotFoundError."""
        fresh = replace(draft, updated_at=self._clock())
        values = _columns(fresh)
        del values["person_id"]  # whose it is may have changed since it was read: accounts can be linked
        changed = update(drafts).where(drafts.c.id == draft.id).values(**values)
        async with self._db.step() as db:
            if not (await db.execute(changed)).rowcount:
                raise NotFoundError
        return fresh

    async def open(self, person_id: str) -> Sequence[Draft]:
        """The person's drafts that are not published, newest first."""
        wanted = select(drafts).where(drafts.c.person_id == person_id, drafts.c.step != PUBLISHED)
        async with self._db.read() as db:
            rows = (
                await db.execute(wanted.order_by(drafts.c.updated_at.desc(), drafts.c.id.desc()))
            ).fetchall()
        return [_draft(row) for row in rows]

    async def publish(self, draft_id: str, character_id: str) -> None:
        """Mark a draft as the character it became, and remove its other takes."""
        async with self._db.write() as db:
            await media.remove_tries(db, draft_id)
            changed = update(drafts).where(drafts.c.id == draft_id)
            await db.execute(
                changed.values(step=PUBLISHED, character_id=character_id, updated_at=self._clock())
            )
        await self._files.empty_trash(self._db)

    async def prune(self, before: datetime) -> int:
        """Remove drafts that became characters before."""
        gone = delete(drafts).where(drafts.c.step == PUBLISHED, drafts.c.updated_at < before)
        async with self._db.step() as db:
            return int((await db.execute(gone)).rowcount)

    async def delete(self, draft_id: str) -> None:
        """Remove a draft with its takes, except one that became a canonical picture."""
        async with self._db.write() as db:
            await media.remove_tries(db, draft_id)
            await db.execute(delete(drafts).where(drafts.c.id == draft_id))
        await self._files.empty_trash(self._db)


def _columns(draft: Draft) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    return values | {
        "persona": write_persona(draft.persona),
        "takes": TEXTS.dump_json(draft.takes).decode(),
        "extra": EXTRA.dump_json(draft.extra).decode(),
    }


def _draft(row: Row[Any]) -> Draft:
    values = {name: row._mapping[name] for name in Draft.__dataclass_fields__}
    values["persona"] = read_persona(values["persona"])
    values["takes"] = TEXTS.validate_json(values["takes"])
    values["extra"] = EXTRA.validate_json(values["extra"])
    return Draft(**values)
