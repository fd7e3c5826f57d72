"""A database of the first version, with a life in it, opened by this one: nothing is lost and everything is found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from characters.cast import load_cast
from engine.store.documents import write_persona
from engine.store.memories import scope_of
from engine.store.migrate import REVISIONS, alembic_config
from engine.store.store import Store
from engine.types import PRIVATE_PLACE

NOW = 1_764_000_000_000_000  # microseconds
TALK = 1 << 32


def first_version(path: Path) -> None:
    """The tables as revision 0001 made them."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        command.upgrade(alembic_config(connection), "0001")


def live_in(path: Path) -> None:
    """One person, one character, one talk with a picture under way, one thing remembered."""
    _, persona = load_cast()[0]
    scope = scope_of("ada", "noor", PRIVATE_PLACE)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA foreign_keys=ON")
        db.execute("INSERT INTO people VALUES ('ada', 'Ada', ?, '', NULL)", (NOW,))
        db.execute("INSERT INTO identities VALUES ('local', 'owner', 'ada')")
        db.execute("INSERT INTO characters VALUES ('noor', 'noor', 'ada', 1, 1, ?, ?)", (NOW, NOW))
        db.execute("INSERT INTO character_versions VALUES ('noor', 1, ?, ?)", (write_persona(persona), NOW))
        db.execute(
            "INSERT INTO conversations VALUES (1, 'talk', 'ada', 'noor', 1, ?, ?, ?)",
            (PRIVATE_PLACE, NOW, NOW),
        )
        for number, (role, words) in enumerate(
            [("person", "My heron is called Otto."), ("character", "Otto!")]
        ):
            db.execute(
                "INSERT INTO messages (seq, id, conversation_id, role, text, created_at, event_id)"
                " VALUES (?, ?, 'talk', ?, ?, ?, ?)",
                (TALK + 1 + number, f"m{number}", role, words, NOW + number, f"e{number}"),
            )
        db.execute(
            "INSERT INTO facts (id, person_id, character_id, place, scope, subject, relation, value, text, topic,"
            " exclusive, source_message_id, source_text, said_at, confidence, pinned) VALUES ('f', 'ada', 'noor', ?, ?,"
            " 'your heron', 'name', 'Otto', 'Your heron is called Otto.', 'pets', 1, 'm0', 'My heron', ?, 1, 0)",
            (PRIVATE_PLACE, scope, NOW),
        )
        db.execute(
            "INSERT INTO jobs (id, kind, person_id, payload, job_class, origin, surface, status, priority, created_at,"
            " delivery_ref) VALUES ('j', 'picture', 'ada', '{}', 'interactive', '{}', 'web', 'queued', 1, ?, 'x')",
            (NOW,),
        )


async def test_a_life_in_the_first_version_is_all_there(tmp_path: Path) -> None:
    path = tmp_path / "selfsame.db"
    first_version(path)
    live_in(path)
    store = await Store.open(tmp_path, clock=lambda: datetime(2026, 11, 21, tzinfo=UTC))
    try:
        talk = await store.conversations.open("ada", "noor", PRIVATE_PLACE)
        assert talk.id == "talk" and talk.noticed_at is not None
        lines = await store.conversations.window("talk", 10)
        assert [line.text for line in lines] == ["My heron is called Otto.", "Otto!"]
        (found, *_) = await store.conversations.search("ada", "noor", PRIVATE_PLACE, ["heron"], 5)
        assert found.id == "m0"
        (fact,) = await store.memories.search("ada", "noor", PRIVATE_PLACE, ["otto"], 5)
        assert fact.source_message_id == "m0"
        assert (await store.jobs.get("j")).person_id == "ada"
        assert await store.links.accounts("ada")
    finally:
        await store.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("SELECT version_num FROM alembic_version").fetchone() == (REVISIONS[-1],)
