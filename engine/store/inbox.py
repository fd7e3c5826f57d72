"""Events of messengers, kept before they are confirmed there: `store.inbox`. `bot/router.py` takes and ends them.

A messenger that was told “got it” never sends the event again, so its words are written down first, and an event that
comes twice all the same is handled once. Once it has been handled, its words are only in the conversation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from engine.errors import NotFoundError
from engine.store.db import Database, uninterrupted
from engine.store.tables import inbox, microseconds, people
from engine.types import Clock, Waiting

_TAKE = insert(inbox).on_conflict_do_nothing(index_elements=["surface", "event_id"]).returning(inbox.c.seq)
_IT = inbox.c.surface == bindparam("its_surface"), inbox.c.event_id == bindparam("its_event")
_BEGIN = update(inbox).where(*_IT).values(attempts=inbox.c.attempts + 1).returning(inbox.c.attempts)
_DONE = update(inbox).where(*_IT).values(body="", done_at=bindparam("now"))
_WAITING = (
    # Accounts may have been linked since an event came.
    select(
        *(inbox.c[name] for name in Waiting.__dataclass_fields__ if name != "person_id"),
        func.coalesce(people.c.joined_id, people.c.id).label("person_id"),
    )
    .join(people)
    .where(inbox.c.done_at.is_(None))
    .order_by(inbox.c.seq)
)


@uninterrupted("waiting")
class Inbox:
    """The events of the store."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def take(self, surface: str, event_id: str, person_id: str, body: str) -> bool:
        """Keep an event; False if it came before. Raises NotFoundError for somebody who is not known."""
        try:
            kept = await self._db.note(
                _TAKE,
                surface=surface,
                event_id=event_id,
                person_id=person_id,
                body=body,
                received_at=microseconds(self._clock()),
                attempts=0,
            )
        except sqlite3.IntegrityError as error:
            raise NotFoundError from error
        return bool(kept)

    async def begin(self, surface: str, event_id: str) -> int:
        """Count another attempt at handling an event. Returns how many there were; raises NotFoundError."""
        async with self._db.step() as db:
            rows = (await db.execute(_BEGIN, _named(surface, event_id))).fetchall()
        if not rows:
            raise NotFoundError
        return int(rows[0].attempts)

    async def done(self, surface: str, event_id: str) -> None:
        """Record that an event was handled, and let go of its words; nothing if it was forgotten meanwhile."""
        await self._db.note(_DONE, its_surface=surface, its_event=event_id, now=microseconds(self._clock()))

    async def waiting(self) -> Sequence[Waiting]:
        """What has not been handled, oldest first."""
        async with self._db.read() as db:
            return [Waiting(**row._mapping) for row in (await db.execute(_WAITING)).fetchall()]

    async def prune(self, before: datetime) -> int:
        """Remove what was handled before; no messenger repeats an event that late."""
        async with self._db.step() as db:
            return int((await db.execute(delete(inbox).where(inbox.c.done_at < before))).rowcount)


def _named(surface: str, event_id: str) -> dict[str, Any]:
    return {"its_surface": surface, "its_event": event_id}
