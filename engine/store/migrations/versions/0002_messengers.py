"""What messengers must keep: events, what shows what, seats and topics, long commands of buttons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "inbox",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        _person("inbox"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("surface", "event_id", name=op.f("uq_inbox_surface_event_id")),
    )
    op.create_index("ix_inbox_waiting", "inbox", ["seq"], sqlite_where=sa.text("done_at IS NULL"))
    op.create_table(
        "shown",
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        _person("shown"),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("surface", "key", "part", name=op.f("pk_shown")),
    )
    op.create_index(op.f("ix_shown_person_id"), "shown", ["person_id"])
    op.create_index("ix_shown_ref", "shown", ["surface", "channel", "ref"])
    op.create_table(
        "seats",
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        _person("seats"),
        _character("seats"),
        sa.Column("seated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "surface", "channel", "thread", "person_id", "character_id", name=op.f("pk_seats")
        ),
    )
    op.create_table(
        "topics",
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        _person("topics"),
        _character("topics"),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("surface", "channel", "person_id", "character_id", name=op.f("pk_topics")),
    )
    op.create_table(
        "calls",
        sa.Column("token", sa.Text(), nullable=False),
        _person("calls"),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_calls")),
        sa.UniqueConstraint("person_id", "digest", name=op.f("uq_calls_person_id_digest")),
    )


def _person(table: str) -> sa.Column[str]:
    return _referring(table, "person_id", "people.id")


def _character(table: str) -> sa.Column[str]:
    return _referring(table, "character_id", "characters.id")


def _referring(table: str, name: str, to: str) -> sa.Column[str]:
    key = sa.ForeignKey(to, name=op.f(f"fk_{table}_{name}"), ondelete="CASCADE")
    return sa.Column(name, sa.Text(), key, nullable=False)
