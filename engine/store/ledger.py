"""Which message of a messenger shows which of our keys: `store.ledger`. Surfaces write it when they have sent.

After a crash the same key is edited where it stands instead of being sent again, and a reply to a message of ours is
understood. Words are not in it, only a digest of what stands there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from engine.errors import NotFoundError
from engine.store.db import Database, uninterrupted
from engine.store.tables import microseconds, shown
from engine.types import Clock, Shown

DONE, OPEN = "done", "open"

_FIELDS = (shown.c.key, shown.c.part, shown.c.channel, shown.c.ref, shown.c.digest, shown.c.person_id)
_SHOWN = select(*_FIELDS, case((shown.c.state == DONE, 1), else_=0).label("done"))
_PARTS = _SHOWN.where(shown.c.surface == bindparam("surface"), shown.c.key == bindparam("key")).order_by(
    shown.c.part
)
_FIND = (
    _SHOWN.where(
        shown.c.surface == bindparam("surface"),
        shown.c.channel == bindparam("channel"),
        shown.c.ref == bindparam("ref"),
    )
    .order_by(shown.c.shown_at.desc())
    .limit(1)
)
# SQLite takes `ref` from the row that has the maximum.
_RECENT = (
    select(shown.c.channel, shown.c.ref, func.max(shown.c.shown_at).label("latest"))
    .where(shown.c.surface == bindparam("surface"), shown.c.shown_at >= bindparam("since"))
    .group_by(shown.c.channel)
    .order_by(func.max(shown.c.shown_at).desc())
    .limit(bindparam("limit"))
)
_new = insert(shown)
_PUT = _new.on_conflict_do_update(
    index_elements=["surface", "key", "part"],
    set_={
        name: _new.excluded[name] for name in ("person_id", "channel", "ref", "state", "digest", "shown_at")
    },
)


@uninterrupted("parts", "find", "recent")
class Ledger:
    """The messengers' messages as the store knows them."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def parts(self, surface: str, key: str) -> tuple[Shown, ...]:
        """What shows the key, part by part."""
        rows = await self._db.glance(_PARTS, surface=surface, key=key)
        return tuple(
            Shown(name, part, channel, ref, bool(done), digest, person_id)
            for name, part, channel, ref, digest, person_id, done in rows
        )

    async def put(
        self,
        surface: str,
        key: str,
        part: int,
        *,
        person_id: str,
        channel: str,
        ref: str,
        done: bool,
        digest: str = "",
    ) -> None:
        """Remember, or replace what was remembered of this part. Raises NotFoundError for somebody forgotten."""
        try:
            await self._db.note(
                _PUT,
                surface=surface,
                key=key,
                part=part,
                person_id=person_id,
                channel=channel,
                ref=ref,
                state=DONE if done else OPEN,
                digest=digest,
                shown_at=microseconds(self._clock()),
            )
        except sqlite3.IntegrityError as error:
            raise NotFoundError from error

    async def find(self, surface: str, channel: str, ref: str) -> Shown | None:
        """What one of the messenger's messages shows."""
        rows = await self._rows(_FIND, {"surface": surface, "channel": channel, "ref": ref})
        return _shown(rows[0]) if rows else None

    async def recent(self, surface: str, since: datetime, limit: int) -> tuple[tuple[str, str], ...]:
        """The channels where something was shown, and what was shown there last; the newest first."""
        rows = await self._rows(_RECENT, {"surface": surface, "since": since, "limit": limit})
        return tuple((row.channel, row.ref) for row in rows)

    async def drop(self, surface: str, key: str, part: int | None = None) -> None:
        """Forget one part, or all: the messages are gone."""
        gone = delete(shown).where(shown.c.surface == surface, shown.c.key == key)
        async with self._db.step() as db:
            await db.execute(gone if part is None else gone.where(shown.c.part == part))

    async def prune(self, before: datetime) -> int:
        """Forget what was last changed before; nobody scrolls up that far to press a button."""
        async with self._db.step() as db:
            return int((await db.execute(delete(shown).where(shown.c.shown_at < before))).rowcount)

    async def _rows(self, statement: Any, values: dict[str, Any]) -> Sequence[Row[Any]]:
        async with self._db.read() as db:
            return (await db.execute(statement, values)).fetchall()


def _shown(row: Row[Any]) -> Shown:
    return Shown(row.key, row.part, row.channel, row.ref, bool(row.done), row.digest, row.person_id)
