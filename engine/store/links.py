"""Accounts that become one person, and separate ones again: `store.links`. `bot/commands/link.py` calls it.

Whoever makes a code on one surface and types it on another is both people, which is all the consent that there has to
be. From then on everything is the survivor's, so that every check of whose something is stays as it is; each row
remembers from whom it came (`brought_by`), and goes back there when the accounts are unlinked.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.errors import InputError, NotFoundError
from engine.store import joining
from engine.store.db import Database, uninterrupted
from engine.store.survivors import survivor
from engine.store.tables import identities, link_codes, link_misses, people
from engine.types import Clock

# Letters and digits that nobody takes for one another; 32, so that each is five bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8
VALID_FOR = timedelta(minutes=10)
# Wrong codes of one person within `VALID_FOR`: enough for typing errors, and hopeless for guessing.
MISSES = 5
# The surface of whoever sits at this machine: that person is known by their id to every process that is open.
HOME_SURFACE = "local"

WRONG = (
    "This code is not right, or it is older than ten minutes or used already. "
    "Send /link without a code where you want to link from, and type the new code here."
)
TOO_MANY = "That were too many wrong codes. Wait ten minutes, then send /link again and use the new code."
OWN = (
    "This is your own code: it goes to where you are somebody else to me. "
    "Send it to me on the other service, or on the page."
)
ALREADY = "These two are linked already: you are one and the same person here. /unlink separates them."


@dataclass(frozen=True, slots=True)
class Offer:
    """A code that links whoever types it elsewhere: "K7QM-3XPD"."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a person. `home_id`: the person that it is by itself."""

    home_id: str
    surface: str
    name: str
    joined: bool  # False for the survivor's own


@uninterrupted("accounts")
class Links:
    """The links of the store."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def offer(self, person_id: str, surface: str) -> Offer:
        """A new code of a person; one made before is good for nothing any more."""
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        now, until = self._clock(), self._clock() + VALID_FOR
        values = {
            "code_hash": _hash(code),
            "surface": surface,
            "created_at": now,
            "expires_at": until,
        }
        async with self._db.write() as db:
            person = await survivor(db, person_id)
            await db.execute(delete(link_codes).where(link_codes.c.expires_at <= now))
            new = sqlite_insert(link_codes).values(**values, person_id=person)
            await db.execute(new.on_conflict_do_update(index_elements=["person_id"], set_=values))
        return Offer(f"{code[:4]}-{code[4:]}", until)

    async def offering(self, code: str, person_id: str, surface: str) -> Sequence[Account]:
        """The accounts of whoever made a code: whoever types it is asked about them first. Raises as `join` does."""
        async with self._db.write() as db:
            person = await survivor(db, person_id)
            if (maker := await self._maker(db, code, person, surface)) is not None:
                return await _accounts(db, maker)
            await self._miss(db, person)
        raise InputError(WRONG)

    async def join(self, code: str, person_id: str, surface: str) -> Sequence[Account]:
        """Make whoever types a code one with whoever made it. Returns all their accounts.

        Raises InputError with a sentence for a code that does not count.
        """
        async with self._db.write() as db:
            person = await survivor(db, person_id)
            if (maker := await self._maker(db, code, person, surface)) is not None:
                kept, gone = await _who_stays(db, maker, person)
                await joining.join(db, gone, kept)
                await db.execute(delete(link_codes).where(link_codes.c.person_id.in_((kept, gone))))
                return await _accounts(db, kept)
            await self._miss(db, person)
        raise InputError(WRONG)

    async def void(self, code: str) -> None:
        """Make a code good for nothing: others have seen it. Nothing happens for one that is none."""
        async with self._db.step() as db:
            await db.execute(delete(link_codes).where(link_codes.c.code_hash == _hash(code)))

    async def accounts(self, person_id: str) -> Sequence[Account]:
        """The accounts of a person, their own first."""
        async with self._db.read() as db:
            return await _accounts(db, await survivor(db, person_id))

    async def separate(self, person_id: str, home_id: str) -> None:
        """Give the person whom a link brought their accounts back, with all that came with them.

        Raises NotFoundError if they are not linked.
        """
        async with self._db.write() as db:
            kept = await survivor(db, person_id)
            if home_id == kept or await survivor(db, home_id) != kept:
                raise NotFoundError("These accounts are not linked any more. /link links them again.")
            await joining.separate(db, home_id, kept)

    async def _maker(self, db: AsyncConnection, code: str, person: str, surface: str) -> str | None:
        """Who made a code, None for one that is none. Raises InputError for one's own, and for guessing."""
        await self._refuse_guessing(db, person)
        offered = await self._offered(db, code)
        if offered is not None and offered.person_id == person:
            raise InputError(OWN if offered.surface == surface else ALREADY)
        return None if offered is None else str(offered.person_id)

    async def _miss(self, db: AsyncConnection, person: str) -> None:
        await db.execute(insert(link_misses).values(person_id=person, missed_at=self._clock()))

    async def _refuse_guessing(self, db: AsyncConnection, person_id: str) -> None:
        since = self._clock() - VALID_FOR
        await db.execute(delete(link_misses).where(link_misses.c.missed_at < since))
        missed = select(func.count()).where(link_misses.c.person_id == person_id)
        if (await db.scalar(missed) or 0) >= MISSES:
            raise InputError(TOO_MANY)

    async def _offered(self, db: AsyncConnection, code: str) -> Row[Any] | None:
        # Looked up by its digest, so how long it takes tells nothing about the code.
        valid = link_codes.c.code_hash == _hash(code), link_codes.c.expires_at > self._clock()
        return (await db.execute(select(link_codes).where(*valid))).one_or_none()


def _hash(code: str) -> str:
    """What is kept of a code; spaces, hyphens and case do not matter."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


async def _who_stays(db: AsyncConnection, maker: str, typist: str) -> tuple[str, str]:
    """Who survives and who is joined: the owner of this machine stays, otherwise who made the code."""
    local = select(identities.c.person_id).where(
        identities.c.surface == HOME_SURFACE, identities.c.person_id == typist
    )
    return (typist, maker) if await db.scalar(local.limit(1)) else (maker, typist)


_home = people.alias()
_ACCOUNTS = (
    select(
        func.coalesce(identities.c.home_id, identities.c.person_id).label("home_id"),
        identities.c.surface,
        _home.c.display_name,
        identities.c.home_id.is_not(None).label("joined"),
    )
    .join(_home, _home.c.id == func.coalesce(identities.c.home_id, identities.c.person_id))
    .where(identities.c.person_id == bindparam("person_id"))
    .order_by("joined", _home.c.created_at, identities.c.surface, identities.c.external_id)
)


async def _accounts(db: AsyncConnection, person_id: str) -> Sequence[Account]:
    rows = (await db.execute(_ACCOUNTS, {"person_id": person_id})).fetchall()
    return [Account(row.home_id, row.surface, row.display_name, bool(row.joined)) for row in rows]
