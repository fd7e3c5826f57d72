"""Brings a database to the tables of this version; `Store.open` calls `bring_up` in a thread.

Alembic is imported only if there is something to do: a start with a current database stays quick and small.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import NewerDatabaseError

if TYPE_CHECKING:
    from alembic.config import Config

# All revisions this version knows, oldest first; a test compares them with the files in migrations/versions.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
# Seconds to wait while another process migrates the same database.
PATIENCE = 60.0


def bring_up(path: Path) -> None:
    """Create or update the tables in the file. Raises NewerDatabaseError."""
    with closing(sqlite3.connect(path, timeout=PATIENCE)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        found = _revision(raw)
    if found == REVISIONS[-1]:
        return
    if found is not None and found not in REVISIONS:
        raise NewerDatabaseError
    _upgrade(path)


def _revision(raw: sqlite3.Connection) -> str | None:
    known = raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return str(row[0]) if row else None


def _upgrade(path: Path) -> None:
    """Run what is missing as one transaction; who comes second waits, and then finds nothing to do."""
    from alembic import command
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": PATIENCE},
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            command.upgrade(alembic_config(connection), "head")
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def alembic_config(connection: Any) -> Config:
    """Alembic's configuration for an open connection, without an ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
