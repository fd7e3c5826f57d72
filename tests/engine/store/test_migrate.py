"""Migrations make the tables that the statements use, and newer databases are refused."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from engine.errors import NewerDatabaseError
from engine.store.migrate import REVISIONS, alembic_config, bring_up
from engine.store.tables import metadata


def test_migrations_make_the_tables_of_this_version(tmp_path: Path) -> None:
    path = tmp_path / "a %b.db"
    bring_up(path)
    with create_engine(f"sqlite:///{path}").connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: not (kind == "table" and name and "_fts" in name)},
        )
        assert compare_metadata(context, metadata) == []


def test_the_known_revisions_are_the_files() -> None:
    scripts = ScriptDirectory.from_config(alembic_config(None))
    assert tuple(reversed([it.revision for it in scripts.walk_revisions()])) == REVISIONS


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    bring_up(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    with pytest.raises(NewerDatabaseError, match="newer version of Selfsame"):
        bring_up(path)


def test_two_processes_may_open_a_fresh_directory_at_once(tmp_path: Path) -> None:
    code = f"from engine.store.migrate import bring_up; from pathlib import Path; bring_up(Path({str(tmp_path / 'x.db')!r}))"
    with ThreadPoolExecutor(3) as pool:
        ends = pool.map(
            lambda _: subprocess.run([sys.executable, "-c", code], check=False).returncode, range(3)
        )
        assert list(ends) == [0, 0, 0]


def test_a_current_database_is_opened_without_alembic(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    bring_up(path)
    code = f"""
import sys; from pathlib import Path; from engine.store.migrate import bring_up
bring_up(Path({str(path)!r})); sys.exit('alembic' in sys.modules)"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
