"""The store as everybody sees it: one SQLite file and the pictures beside it, in the data directory.

`engine/build.py` and `engine/images/worker.py` open one each; several processes may share the same directory.
"""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.errors import DataError, NotFoundError
from engine.store.calls import Calls
from engine.store.characters import Characters
from engine.store.conversations import Conversations
from engine.store.db import Database, Forget, Synchronous, uninterrupted
from engine.store.drafts import Drafts
from engine.store.erasing import Erasing, cut_shot
from engine.store.files import Files, drop
from engine.store.ids import new_id
from engine.store.imports import Imports
from engine.store.inbox import Inbox
from engine.store.jobs import Jobs
from engine.store.ledger import Ledger
from engine.store.links import Links
from engine.store.lookup import Lookup
from engine.store.media import MediaShelf, Picture
from engine.store.memories import Memories
from engine.store.migrate import bring_up
from engine.store.people import People
from engine.store.seats import Seats
from engine.store.studies import Studies
from engine.store.vectors import Vectors
from engine.store.windows import Windows
from engine.types import FORGOTTEN, Clock, Job, Media

# The database's file in the data directory.
DATABASE = "selfsame.db"


@uninterrupted()
class Store:
    """Everything that is kept."""

    def __init__(self, db: Database, files: Files, clock: Clock) -> None:
        self._db = db
        self.people = People(db, files, clock)
        self.characters = Characters(db, files, clock)
        self.conversations = Conversations(db, clock)
        self.memories = Memories(db, clock)
        self.jobs = Jobs(db, clock)
        self.media = MediaShelf(db, files, clock)
        self.drafts = Drafts(db, files, clock)
        self.inbox = Inbox(db, clock)
        self.ledger = Ledger(db, clock)
        self.seats = Seats(db, clock)
        self.studies = Studies(db)
        self.erasing = Erasing(db, clock)
        self.calls = Calls(db, clock)
        self.links = Links(db, clock)
        self.windows = Windows(db)
        self.imports = Imports(db, clock)
        self.vectors = Vectors(db)
        self.lookup = Lookup(db)

    @classmethod
    async def open(cls, data: Path, *, clock: Clock, synchronous: Synchronous = "FULL") -> Store:
        """Open the data directory, made or migrated as needed. Raises NewerDatabaseError, DataError."""
        path, files = data / DATABASE, Files(data / "media")
        try:
            await asyncio.to_thread(data.mkdir, parents=True, exist_ok=True)
            await asyncio.to_thread(bring_up, path)
            await files.sweep()
        except OSError as error:
            raise DataError(_unusable(data, error)) from error
        except (sqlite3.Error, DBAPIError) as error:
            raise DataError(_unreadable(path, error)) from error
        db = Database(path, synchronous)
        await files.empty_trash(db)
        return cls(db, files, clock)

    async def on_erased(self, forget: Forget) -> None:
        """Have a model forget what it has read of conversations in which something is deleted, hidden or changed.

        `forget` is awaited before the deletion returns, and now for what was deleted while nobody listened.
        """
        self._db.forget = forget
        await self._db.erase()
        await self._db.finish()

    async def close(self) -> None:
        """Close the database."""
        await self._db.close()

    async def finish_picture(self, job: Job, png: bytes, picture: Picture) -> Media:
        """Store a job's picture and record its success, both or neither.

        Raises LostLeaseError, or NotFoundError if the character is gone meanwhile.
        """
        staged, media_id = await self.media.stage(png, picture.mime), new_id()
        try:
            async with self._db.write() as db:
                done = await self.jobs.finish_in(db, job, media_id)
                if done.payload != job.payload:  # the person asked to forget words of it while it was made
                    picture = replace(picture, shot=cut_shot(done.payload), caption=FORGOTTEN)
                if picture.person_id is not None:  # who asked may have been linked to another account since
                    picture = replace(picture, person_id=done.person_id)
                return await self.media.add(db, staged, picture, media_id)
        except IntegrityError as error:
            raise NotFoundError from error
        finally:
            drop(staged)


def _unusable(data: Path, error: OSError) -> str:
    return (
        f"The data directory {data} cannot be used: {error.strerror or 'the system refuses it'}. "
        "Choose another one with --data."
    )


def _unreadable(path: Path, error: sqlite3.Error | DBAPIError) -> str:
    why = error.orig if isinstance(error, DBAPIError) else error
    return (
        f"{path} cannot be opened: {why}. Nothing was changed in it. "
        "Put a copy of it back that works, or choose another data directory with --data."
    )
