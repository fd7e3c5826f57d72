"""What was made of a conversation in quiet moments: how far it was read, and its title: `store.studies`.

`engine/memory/recall.py`, `engine/memory/consolidate.py` and `engine/chat/title.py` write here, in the background. A
title is made of words, so it goes with them: triggers of the database empty it as soon as something of the
conversation is deleted, hidden or changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from engine.errors import NotFoundError
from engine.store.conversations import message_of, message_rows
from engine.store.db import Database, uninterrupted
from engine.store.ids import new_id
from engine.store.tables import conversations, messages, studies
from engine.types import Message

_study = insert(studies)
_READ_TO = _study.on_conflict_do_update(
    index_elements=["conversation_id"], set_={"read_to": _study.excluded.read_to}
)
_BEGIN = _study.on_conflict_do_update(
    index_elements=["conversation_id"], set_={"token": _study.excluded.token}
)
_OF = select(studies.c.read_to, studies.c.title).where(
    studies.c.conversation_id == bindparam("conversation_id")
)
# Both marks are ids of messages and stand in one column, the one for facts first.
_BETWEEN = " "
_SEQ = select(messages.c.seq).where(messages.c.id == bindparam("read_to")).scalar_subquery()
_NEWEST = (
    select(messages.c.conversation_id, func.max(messages.c.seq).label("seq"))
    .group_by(messages.c.conversation_id)
    .subquery()
)
_LATEST = (
    select(messages.c.conversation_id, messages.c.id, studies.c.read_to)
    .join(_NEWEST, _NEWEST.c.seq == messages.c.seq)
    .outerjoin(studies, studies.c.conversation_id == messages.c.conversation_id)
    .order_by(messages.c.seq.desc())
)
_TITLES = (
    select(studies.c.conversation_id, studies.c.title)
    .join(conversations, conversations.c.id == studies.c.conversation_id)
    .where(conversations.c.person_id == bindparam("person_id"), studies.c.title != "")
)


@dataclass(frozen=True, slots=True)
class Study:
    """How far a conversation was read (ids of messages), and its title; "" where there is none yet."""

    read_to: str = ""  # by a model, for facts
    title: str = ""
    gathered_to: str = ""  # for what happened together


@uninterrupted("of", "titles", "behind", "ungathered")
class Studies:
    """The studies of the store."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, conversation_id: str) -> Study:
        """What was made of a conversation."""
        async with self._db.read() as db:
            row = (await db.execute(_OF, {"conversation_id": conversation_id})).one_or_none()
        return _study_of(row.read_to, row.title) if row else Study()

    async def set_read_to(self, conversation_id: str, message_id: str) -> None:
        """Remember that everything up to this message was read for facts. Raises NotFoundError."""
        await self._mark(conversation_id, read_to=message_id)

    async def set_gathered_to(self, conversation_id: str, message_id: str) -> None:
        """Remember that everything up to this message was read for episodes. Raises NotFoundError."""
        await self._mark(conversation_id, gathered_to=message_id)

    async def ungathered(self, conversation_id: str, most: int) -> Sequence[Message]:
        """The first messages that were not read for episodes yet, oldest first, hidden ones too."""
        read_to = (await self.of(conversation_id)).gathered_to
        wanted = message_rows(conversation_id).where(messages.c.seq > func.coalesce(_SEQ, 0))
        async with self._db.read() as db:
            rows = await db.execute(wanted.order_by(messages.c.seq).limit(most), {"read_to": read_to})
            return [message_of(row) for row in rows.fetchall()]

    async def behind(self, most: int) -> Sequence[str]:
        """The conversations whose last message was not read for episodes yet, those talked in last first."""
        async with self._db.read() as db:
            rows = (await db.execute(_LATEST)).fetchall()
        late = [row.conversation_id for row in rows if _study_of(row.read_to or "").gathered_to != row.id]
        return late[:most]

    async def begin_title(self, conversation_id: str) -> str:
        """A token for the title that is being made; words that go meanwhile void it. Raises NotFoundError."""
        token = new_id()
        await self._write(_BEGIN, {"conversation_id": conversation_id, "token": token})
        return token

    async def set_title(self, conversation_id: str, token: str, title: str) -> bool:
        """Keep a title, unless words of the conversation are gone since `begin_title`."""
        mine = studies.c.conversation_id == conversation_id, studies.c.token == token
        async with self._db.step() as db:
            kept = update(studies).where(*mine).values(title=title).returning(studies.c.title)
            return bool((await db.execute(kept)).fetchall())

    async def titles(self, person_id: str) -> Mapping[str, str]:
        """The titles of a person's conversations that have one, by the conversation's id."""
        async with self._db.read() as db:
            rows = (await db.execute(_TITLES, {"person_id": person_id})).fetchall()
        return {row.conversation_id: row.title for row in rows}

    async def _mark(self, conversation_id: str, **marks: str) -> None:
        """Move marks and leave the others where they are, in one transaction."""
        try:
            async with self._db.write() as db:
                row = (await db.execute(_OF, {"conversation_id": conversation_id})).one_or_none()
                moved = replace(_study_of(row.read_to) if row else Study(), **marks)
                kept = f"{moved.read_to}{_BETWEEN}{moved.gathered_to}"
                await db.execute(_READ_TO, {"conversation_id": conversation_id, "read_to": kept})
        except IntegrityError as error:
            raise NotFoundError from error

    async def _write(self, statement: Any, values: dict[str, str]) -> None:
        try:
            async with self._db.step() as db:
                await db.execute(statement, values)
        except IntegrityError as error:
            raise NotFoundError from error


def _study_of(marks: str, title: str = "") -> Study:
    read_to, _, gathered_to = marks.partition(_BETWEEN)
    return Study(read_to, title, gathered_to)
