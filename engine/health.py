"""What state a data directory is in, without opening it for good: `bot/doctor.py` asks, nothing is changed."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from engine.errors import DataError, NewerDatabaseError
from engine.store.migrate import REVISIONS
from engine.store.store import DATABASE

# Seconds to wait while somebody writes.
PATIENCE = 5.0


def look_at(data: Path) -> str:
    """A sentence about a data directory that can be used. Raises DataError, NewerDatabaseError."""
    if not data.exists():
        return f"{data} is made at the first start."
    try:
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as error:
        raise DataError(
            f"Selfsame cannot write to {data}: {error.strerror}. Give its user the right to, or choose another one with --data."
        ) from error
    if not (data / DATABASE).exists():
        return f"{data} can be written to; the database is made at the first start."
    return f"{data} can be written to; {_schema(data / DATABASE)}."


def _schema(path: Path) -> str:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)) as db:
            row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise DataError(f"{path} cannot be read: {error}. Put a copy of it back that works.") from error
    found = str(row[0]) if row else ""
    if found == REVISIONS[-1]:
        return f"its database is current (schema {found})"
    if found and found not in REVISIONS:
        raise NewerDatabaseError
    return f"its database (schema {found or 'none'}) is brought up to {REVISIONS[-1]} at the next start"
