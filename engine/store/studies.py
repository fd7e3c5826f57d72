"""What small model work has made of a conversation: how far it was read for facts, and its title: `store.studies`.

`engine/memory/recall.py` and `engine/chat/title.py` write here, in the background. A title is made of words, so it goes
with them: triggers of the database empty it as soon as something of the conversation is deleted, hidden or changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from engine.errors import NotFoundError
from engine.store.db import Database, uninterrupted
from engine.store.ids import new_id
from engine.store.tables import conversations, studies

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
_TITLES = (
    select(studies.c.conversation_id, studies.c.title)
    .join(conversations, conversations.c.id == studies.c.conversation_id)
    .where(conversations.c.person_id == bindparam("person_id"), studies.c.title != "")
)


@dataclass(frozen=True, slots=True)
class Study:
    """How far a conversation was read for facts (the id of a message), and its title; "" where there is none yet."""

    read_to: str = ""
    title: str = ""


@uninterrupted("of", "titles")
class Studies:
    """The studies of the store."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, conversation_id: str) -> Study:
        """What was made of a conversation."""
        async with self._db.read() as db:
            row = (await db.execute(_OF, {"conversation_id": conversation_id})).one_or_none()
        return Study(row.read_to, row.title) if row else Study()

    async def set_read_to(self, conversation_id: str, message_id: str) -> None:
        """Remember that everything up to this message was read for facts. Raises NotFoundError."""
        await self._write(_READ_TO, {"conversation_id": conversation_id, "read_to": message_id})

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

    async def _write(self, statement: Any, values: dict[str, str]) -> None:
        try:
            async with self._db.step() as db:
                await db.execute(statement, values)
        except IntegrityError as error:
            raise NotFoundError from error
