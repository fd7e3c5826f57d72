"""Accounts that are one person: codes, who was joined to whom, and whence each row came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOVED = ("characters", "media", "facts", "jobs", "drafts", "inbox", "shown", "seats", "topics", "calls")
COLUMNS = (
    "ALTER TABLE people ADD COLUMN joined_id TEXT",
    "ALTER TABLE identities ADD COLUMN home_id TEXT",
    *(f"ALTER TABLE {table} ADD COLUMN brought_by TEXT" for table in MOVED),
)
# One conversation of a person with a character at a place is active; others that a link brought are set aside. The
# rule was part of the table, so the table is made anew; what refers to it by name stays as it is.
CONVERSATIONS = (
    """CREATE TABLE conversations_new (
        number INTEGER NOT NULL CONSTRAINT pk_conversations PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL, person_id TEXT NOT NULL, character_id TEXT NOT NULL,
        character_version INTEGER NOT NULL, place TEXT NOT NULL, created_at BIGINT NOT NULL, noticed_at BIGINT,
        set_aside BOOLEAN DEFAULT 0 NOT NULL, brought_by TEXT,
        CONSTRAINT fk_conversations_character_id FOREIGN KEY(character_id) REFERENCES characters (id) ON DELETE CASCADE,
        CONSTRAINT fk_conversations_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE,
        CONSTRAINT uq_conversations_id UNIQUE (id))""",
    """INSERT INTO conversations_new (number, id, person_id, character_id, character_version, place, created_at,
        noticed_at) SELECT number, id, person_id, character_id, character_version, place, created_at, noticed_at
        FROM conversations""",
    # A number is never used again, also not that of a conversation which is gone.
    "DELETE FROM sqlite_sequence WHERE name = 'conversations_new'",
    "UPDATE sqlite_sequence SET name = 'conversations_new' WHERE name = 'conversations'",
    "DROP TABLE conversations",
    "ALTER TABLE conversations_new RENAME TO conversations",
)
# A fact that changes hands is found under its new scope; one that is current again is found again.
SEARCH = (
    """CREATE TRIGGER facts_moved AFTER UPDATE OF scope ON facts
        WHEN old.superseded_by IS NULL AND new.superseded_by IS NULL BEGIN
        INSERT INTO facts_fts(facts_fts, rowid, scope, words) VALUES ('delete', old.seq, old.scope,
        old.text || ' ' || old.subject || ' ' || old.relation || ' ' || old.topic);
        INSERT INTO facts_fts(rowid, scope, words) VALUES (new.seq, new.scope,
        new.text || ' ' || new.subject || ' ' || new.relation || ' ' || new.topic); END""",
    """CREATE TRIGGER facts_returned AFTER UPDATE OF superseded_by ON facts
        WHEN old.superseded_by IS NOT NULL AND new.superseded_by IS NULL BEGIN
        INSERT INTO facts_fts(rowid, scope, words) VALUES (new.seq, new.scope,
        new.text || ' ' || new.subject || ' ' || new.relation || ' ' || new.topic); END""",
)


def upgrade() -> None:
    """Make the tables and columns."""
    for statement in (*COLUMNS, *CONVERSATIONS):
        op.execute(sa.text(statement))
    op.create_index("ix_people_joined_id", "people", ["joined_id"])
    op.create_index("ix_conversations_character_id", "conversations", ["character_id"])
    op.create_index("ix_conversations_scope", "conversations", ["person_id", "character_id", "place"])
    op.create_index(
        "uq_conversations_active",
        "conversations",
        ["person_id", "character_id", "place"],
        unique=True,
        sqlite_where=sa.text("set_aside = 0"),
    )
    op.create_index(
        "ix_conversations_shared",
        "conversations",
        ["place", "character_id"],
        sqlite_where=sa.text("place != 'private'"),
    )
    op.create_table(
        "link_codes",
        _person("link_codes"),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_link_codes_code_hash")),
    )
    op.create_table(
        "link_misses",
        sa.Column("seq", sa.Integer(), nullable=False),
        _person("link_misses"),
        sa.Column("missed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_link_misses")),
    )
    for statement in SEARCH:
        op.execute(sa.text(statement))


def _person(table: str) -> sa.Column[str]:
    key = sa.ForeignKey("people.id", name=op.f(f"fk_{table}_person_id"), ondelete="CASCADE")
    return sa.Column("person_id", sa.Text(), key, nullable=False)
