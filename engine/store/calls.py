"""Commands behind buttons whose words do not fit into a button's id: `store.calls`.

A messenger gives a button some 64 or 100 characters, and it has to work for months. The same command of the same
person has the same token, so that a message that is shown again adds nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from engine.errors import NotFoundError
from engine.store.db import Database, uninterrupted
from engine.store.tables import calls
from engine.types import Clock

# Random bytes of a token: 16 characters, which nobody guesses.
TOKEN_BYTES = 12
TOO_OLD = "This button is too old to be understood. Type the command instead: /help shows them all."

_new = insert(calls)
_KEEP = _new.on_conflict_do_update(
    index_elements=["person_id", "digest"], set_={"created_at": _new.excluded.created_at}
).returning(calls.c.token)


@uninterrupted("recall")
class Calls:
    """The kept commands of the store."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def keep(self, person_id: str, body: str) -> str:
        """The token of a text. Raises NotFoundError for somebody who is not known."""
        values = {
            "token": secrets.token_urlsafe(TOKEN_BYTES),
            "person_id": person_id,
            "digest": hashlib.sha256(body.encode()).hexdigest(),
            "body": body,
            "created_at": self._clock(),
        }
        try:
            async with self._db.step() as db:
                return str((await db.execute(_KEEP, values)).scalar_one())
        except IntegrityError as error:
            raise NotFoundError from error

    async def recall(self, token: str) -> str:
        """The text of a token. Raises NotFoundError with a sentence for a button that is too old."""
        async with self._db.read() as db:
            body = await db.scalar(select(calls.c.body).where(calls.c.token == token))
        if body is None:
            raise NotFoundError(TOO_OLD)
        return str(body)

    async def prune(self, before: datetime) -> int:
        """Remove what was last shown before."""
        async with self._db.step() as db:
            return int((await db.execute(delete(calls).where(calls.c.created_at < before))).rowcount)
