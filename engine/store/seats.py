"""Who talks with whom in a messenger's channel, and each character's topic there: `store.seats`.

Several people may talk with several characters in the same channel: each person talks with whom they turned to last,
and everyone who was ever called there stays within earshot. `bot/commands/seat.py` asks; surfaces keep the topics, and
say which channel or topic is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from engine.errors import NotFoundError
from engine.store.db import Database, uninterrupted
from engine.store.tables import seats, topics
from engine.types import Clock

_seat = insert(seats)
_TAKE = _seat.on_conflict_do_update(
    index_elements=["surface", "channel", "thread", "person_id", "character_id"],
    set_={"seated_at": _seat.excluded.seated_at},
)
_HERE = (
    seats.c.surface == bindparam("surface"),
    seats.c.channel == bindparam("channel"),
    seats.c.thread == bindparam("thread"),
)
_OF = (
    select(seats.c.character_id)
    .where(*_HERE, seats.c.person_id == bindparam("person_id"))
    .order_by(seats.c.seated_at.desc())
    .limit(1)
)
_ALL = (
    select(seats.c.character_id)
    .where(*_HERE)
    .group_by(seats.c.character_id)
    .order_by(func.max(seats.c.seated_at).desc(), seats.c.character_id.desc())
)
_topic = insert(topics)
_SET_TOPIC = _topic.on_conflict_do_update(
    index_elements=["surface", "channel", "person_id", "character_id"],
    set_={"thread": _topic.excluded.thread},
)
_IN = topics.c.surface == bindparam("surface"), topics.c.channel == bindparam("channel")
_TOPIC = select(topics.c.thread).where(
    *_IN,
    topics.c.person_id == bindparam("person_id"),
    topics.c.character_id == bindparam("character_id"),
)
_WHOSE = select(topics.c.character_id).where(*_IN, topics.c.thread == bindparam("thread")).limit(1)


@uninterrupted("of", "here", "topic", "character_of_topic")
class Seats:
    """The seats and topics of the store."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def take(self, surface: str, channel: str, thread: str, person_id: str, character_id: str) -> None:
        """From now on the person talks with this character here. Raises NotFoundError if either is gone."""
        values = _named(surface, channel, thread) | {
            "person_id": person_id,
            "character_id": character_id,
            "seated_at": self._clock(),
        }
        await self._write(_TAKE, values)

    async def of(self, surface: str, channel: str, thread: str, person_id: str) -> str | None:
        """The character that the person talks with here."""
        found = await self._read(_OF, _named(surface, channel, thread) | {"person_id": person_id})
        return found[0] if found else None

    async def here(self, surface: str, channel: str, thread: str) -> Sequence[str]:
        """The characters that anybody talks with here, whom somebody turned to last first."""
        return await self._read(_ALL, _named(surface, channel, thread))

    async def leave(self, surface: str, channel: str, thread: str = "") -> None:
        """A thread is gone, or (without one) the channel with all its threads and topics."""
        async with self._db.write() as db:
            for table in (seats, topics):
                gone = delete(table).where(table.c.surface == surface, table.c.channel == channel)
                await db.execute(gone.where(table.c.thread == thread) if thread else gone)

    async def topic(self, surface: str, channel: str, person_id: str, character_id: str) -> str:
        """The topic in which the person talks with the character, "" if there is none yet."""
        asked = {"surface": surface, "channel": channel, "person_id": person_id, "character_id": character_id}
        found = await self._read(_TOPIC, asked)
        return found[0] if found else ""

    async def set_topic(
        self, surface: str, channel: str, person_id: str, character_id: str, thread: str
    ) -> None:
        """Remember a topic. Raises NotFoundError if the person or the character is gone."""
        whose = {"person_id": person_id, "character_id": character_id}
        await self._write(_SET_TOPIC, _named(surface, channel, thread) | whose)

    async def character_of_topic(self, surface: str, channel: str, thread: str) -> str | None:
        """The character whose topic this is."""
        found = await self._read(_WHOSE, _named(surface, channel, thread)) if thread else ()
        return found[0] if found else None

    async def drop_topic(self, surface: str, channel: str, thread: str) -> None:
        """Forget a topic that is gone."""
        async with self._db.step() as db:
            await db.execute(
                delete(topics).where(
                    topics.c.surface == surface, topics.c.channel == channel, topics.c.thread == thread
                )
            )

    async def _read(self, statement: Any, values: dict[str, Any]) -> Sequence[str]:
        async with self._db.read() as db:
            return (await db.scalars(statement, values)).all()

    async def _write(self, statement: Any, values: dict[str, Any]) -> None:
        try:
            async with self._db.step() as db:
                await db.execute(statement, values)
        except IntegrityError as error:
            raise NotFoundError from error


def _named(surface: str, channel: str, thread: str) -> dict[str, Any]:
    return {"surface": surface, "channel": channel, "thread": thread}
