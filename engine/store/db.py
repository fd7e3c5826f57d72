"""The database behind all tables of the store: who may write when, and how a connection is set up.

Reads go side by side on their own connections (WAL); writes of this process take turns on one lock, those
of other processes wait by `busy_timeout`. All connections are in autocommit: one statement is a transaction,
and `write` says BEGIN IMMEDIATE itself, so that no transaction ever has to be upgraded in the middle.
"""

from __future__ import annotations

import asyncio
import errno
import inspect
import logging
import sqlite3
from collections import Counter
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Iterator,
    Mapping,
    MutableMapping,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Literal, TypeVar

from sqlalchemy import Compiled, Insert, Select, Update, bindparam, delete, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.sql.selectable import TextualSelect

from engine.errors import FullError, SelfsameError
from engine.store.tables import erased

log = logging.getLogger(__name__)

# Whoever keeps something of conversations and has to forget it: it is gone when this returns.
Forget = Callable[[Collection[str]], Awaitable[None]]
Room = TypeVar("Room", bound="type[object]")
Synchronous = Literal["FULL", "NORMAL"]
Statement = Select[Any] | TextualSelect | Insert | Update
Rows = Sequence[tuple[Any, ...]]

# The row of `erased` that stands for the files themselves: deleted words may still be in pages nobody uses.
THE_FILES = ""
_ERASED = select(erased.c.conversation_id, erased.c.times).where(erased.c.conversation_id != THE_FILES)
_SOILED = select(erased.c.times).where(erased.c.conversation_id == THE_FILES)
_SOIL = insert(erased).values(conversation_id=THE_FILES)
_SOIL = _SOIL.on_conflict_do_update(index_elements=["conversation_id"], set_={"times": erased.c.times + 1})
_CLEAN = delete(erased).where(erased.c.conversation_id == THE_FILES, erased.c.times == bindparam("seen"))
_FORGOTTEN = delete(erased).where(
    erased.c.conversation_id == bindparam("id"), erased.c.times == bindparam("seen")
)
# How a statement is written for a connection of our own: with its parameters by name.
_NAMED = SQLiteDialect_pysqlite(paramstyle="named")
# Milliseconds that a write waits for another process's transaction; the longest take well under a second.
BUSY_TIMEOUT = 10_000
# Connections that read at the same time; each is a thread, and a turn needs one.
READERS = 4
# How often the log is tried to be emptied; a reader that is in the way is waited for each time (BUSY_TIMEOUT).
EMPTYINGS = 3
# Bytes of a database that is written anew in memory; a larger one takes the room on the disk for it.
ANEW_IN_MEMORY = 256 << 20
# Pages of 4 KiB that a connection may keep in memory (2 MB).
CACHE_PAGES = 512


def uninterrupted(*reads: str) -> Callable[[Room], Room]:
    """Let every call of a room of the store run to its end, also when whoever waits for it is cancelled.

    A write that is cut off half-way keeps its lock on the database until it is collected, and everybody else's writes
    wait for that. Calls take milliseconds, so a cancellation can wait for one. `reads` names the calls that only read:
    they lock nobody out, and the path of every chat turn is spared a task for each.
    """

    def wrap(room: Room) -> Room:
        for name, method in list(vars(room).items()):
            if inspect.iscoroutinefunction(method) and not name.startswith("_") and name not in reads:
                setattr(room, name, _to_the_end(method))
        return room

    return wrap


def _to_the_end(method: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Coroutine[Any, Any, Any]]:
    @wraps(method)
    async def call(*args: Any, **kwargs: Any) -> Any:
        work = asyncio.ensure_future(method(*args, **kwargs))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait((work,))
            if not work.cancelled():
                work.exception()  # nobody is left to hear of it
            raise

    return call


class Database:
    """One SQLite file, opened for many readers and one writer at a time."""

    def __init__(self, path: Path, synchronous: Synchronous) -> None:
        self._readers = _engine(path, synchronous, READERS)
        self._writer = _engine(path, synchronous, 1)
        self._turn = asyncio.Lock()
        self._glances = _Straight(path, synchronous)
        self._notes = _Straight(path, synchronous)
        self._searches = _Straight(path, synchronous)
        self.forget: Forget | None = None
        self.erasures: Counter[str] = (
            Counter()
        )  # how often words of a conversation were erased since the start

    async def glance(self, statement: Select[Any], **values: str) -> Sequence[tuple[Any, ...]]:
        """The rows of a small query that every event asks, as SQLite has them (an Instant is a number).

        It goes to a thread and back once, where the other readers go several times: a millisecond of each event.
        """
        return await self._glances.rows(statement, values)

    async def search(self, statement: Select[Any] | TextualSelect, **values: str | int) -> Rows:
        """As `glance`, for what takes some milliseconds of every turn: in a thread of its own, so that no event waits."""
        return await self._searches.rows(statement, values)

    async def note(self, statement: Insert | Update, **values: str | int) -> Sequence[tuple[Any, ...]]:
        """One small writing statement that every event makes, as quick as `glance`, with the rows that it returns.

        Values are as SQLite has them (`tables.microseconds`). Raises sqlite3.IntegrityError.
        """
        with _saying_full():
            async with self._turn:
                return await self._notes.rows(statement, values)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read with; each statement sees what was committed before it."""
        async with self._readers.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose statements all see the same moment."""
        async with self._readers.connect() as connection, _transaction(connection, "BEGIN"):
            yield connection

    @asynccontextmanager
    async def step(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one writing statement, which is a transaction of its own."""
        with _saying_full():
            async with self._turn, self._writer.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: all of it happens, or nothing."""
        async with self.step() as connection, _transaction(connection, "BEGIN IMMEDIATE"):
            yield connection

    async def tidy(self) -> None:
        """Write the file anew and empty the log, so that deleted text is nowhere any more.

        `secure_delete` overwrites what is deleted, but not the copies that SQLite left when it moved rows from page
        to page; only a new file is without them.
        """
        async with self.step() as connection:
            seen = await connection.scalar(_SOILED)
            await _write_anew(connection)
            if not await _empty_log(connection):
                log.warning(
                    "Somebody reads the database all the time; deleted words are in its log until later"
                )
            elif seen is not None:
                await connection.execute(_CLEAN, {"seen": seen})

    async def empty_log(self) -> None:
        """Empty the log, so that what was overwritten in the file is not in there either."""
        async with self.step() as connection:
            await _empty_log(connection)

    async def finish(self) -> None:
        """Tidy up if an earlier process was ended before it had."""
        if await self.glance(_SOILED):
            try:
                await self.tidy()
            except SelfsameError as error:
                log.warning("Deleted words are still in the database's unused pages: %s", error.sentence)

    async def erase(self) -> None:
        """Have whoever keeps something of conversations forget those in which words are gone.

        Their ids were written together with the change itself (triggers of `erased`), and stay until they are
        forgotten: after a crash in between, or without a model that listens, the next start does it.
        """
        if self.forget is None:
            return
        marks = {str(id_): int(times) for id_, times in await self.glance(_ERASED)}
        if not marks:
            return
        self.erasures.update(marks.keys())
        try:
            await self.forget(marks.keys())
        except SelfsameError as error:
            log.warning("What was read of %d conversations is not erased yet: %s", len(marks), error.sentence)
            return
        async with self.write() as connection:
            # What was erased once more meanwhile stays to be forgotten once more.
            done = [{"id": id_, "seen": times} for id_, times in marks.items()]
            await connection.execute(_FORGOTTEN, done)

    async def close(self) -> None:
        """Close all connections."""
        async with self._turn:
            await self._writer.dispose()
            await self._notes.close()
        await self._readers.dispose()
        await self._glances.close()
        await self._searches.close()


class _Straight:
    """One connection in a thread of its own, without a driver between."""

    def __init__(self, path: Path, synchronous: Synchronous) -> None:
        self._path, self._synchronous = path, synchronous
        self._thread = ThreadPoolExecutor(1, "store")
        self._open = True
        self._connection: sqlite3.Connection | None = None
        self._compiled: dict[Statement, Compiled] = {}

    async def rows(self, statement: Statement, values: Mapping[str, str | int]) -> Sequence[tuple[Any, ...]]:
        compiled = self._compiled.get(statement)
        if compiled is None:
            columns = list(values) if isinstance(statement, Insert | Update) else None
            compiled = self._compiled[statement] = statement.compile(dialect=_NAMED, column_keys=columns)
        loop = asyncio.get_running_loop()
        parameters = compiled.construct_params(values)
        return await loop.run_in_executor(self._thread, self._read, str(compiled), parameters)

    def _read(self, statement: str, values: MutableMapping[str, Any] | None) -> Sequence[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, isolation_level=None)
            for pragma in _pragmas(self._synchronous):
                self._connection.execute(f"PRAGMA {pragma}")
        return self._connection.execute(statement, values or {}).fetchall()

    def _leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def close(self) -> None:
        if self._open:
            self._open = False
            await asyncio.get_running_loop().run_in_executor(self._thread, self._leave)
            self._thread.shutdown(wait=False)


@contextmanager
def _saying_full() -> Iterator[None]:
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        plain = error.orig if isinstance(error, OperationalError) else error
        if getattr(plain, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise FullError from error
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FullError from error
        raise


@asynccontextmanager
async def _transaction(connection: AsyncConnection, begin: str) -> AsyncIterator[None]:
    await connection.exec_driver_sql(begin)
    try:
        yield
    except BaseException:
        if not connection.sync_connection or not connection.sync_connection.invalidated:
            await connection.exec_driver_sql("ROLLBACK")
        raise
    await connection.exec_driver_sql("COMMIT")


def _engine(path: Path, synchronous: Synchronous, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_reset_on_return=None,
        hide_parameters=True,  # an error names the statement; the words in it are nobody's log's business
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(raw: Any, _record: object) -> None:
        cursor = raw.cursor()
        for pragma in _pragmas(synchronous):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


async def soil(connection: AsyncConnection) -> None:
    """Note, in the transaction that deletes words, that the files have to be tidied; at the next start if not now."""
    await connection.execute(_SOIL)


async def _write_anew(connection: AsyncConnection) -> None:
    pages, size = [
        int((await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one())
        for name in ("page_count", "page_size")
    ]
    large = pages * size > ANEW_IN_MEMORY
    if large:
        await connection.exec_driver_sql("PRAGMA temp_store=FILE")
    try:
        await connection.exec_driver_sql("VACUUM")
    finally:
        if large:
            await connection.exec_driver_sql("PRAGMA temp_store=MEMORY")


async def _empty_log(connection: AsyncConnection) -> bool:
    for _ in range(EMPTYINGS):
        busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
        if not busy:
            return True
    return False


def _pragmas(synchronous: Synchronous) -> tuple[str, ...]:
    return (
        f"busy_timeout={BUSY_TIMEOUT}",
        "foreign_keys=ON",
        f"synchronous={synchronous}",
        "secure_delete=ON",  # what is deleted is overwritten, not only forgotten
        f"cache_size={CACHE_PAGES}",
        "temp_store=MEMORY",
    )
