"""Kinds of memories and when they hold, every message that said a fact, and what messages mean, as numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNMEANT = """CREATE TRIGGER messages_unmeant AFTER UPDATE OF text, in_prompt ON messages
    WHEN old.text IS NOT new.text OR (old.in_prompt AND NOT new.in_prompt) BEGIN
    DELETE FROM vectors WHERE seq = old.seq; END"""
# Instants are microseconds, as in the other tables.
TIMES = ("happens_at", "valid_from", "valid_until")


def upgrade() -> None:
    """Add the columns and the tables."""
    op.add_column("facts", sa.Column("kind", sa.Text(), server_default="fact", nullable=False))
    for name in TIMES:
        op.add_column("facts", sa.Column(name, sa.BigInteger()))
    op.create_table(
        "fact_sources",
        sa.Column("fact_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fact_id", "message_id", name=op.f("pk_fact_sources")),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["facts.id"], name=op.f("fk_fact_sources_fact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_fact_sources_message_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_fact_sources_message_id"), "fact_sources", ["message_id"], unique=False)
    op.create_table(
        "vectors",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_vectors")),
        sa.ForeignKeyConstraint(["seq"], ["messages.seq"], name=op.f("fk_vectors_seq"), ondelete="CASCADE"),
    )
    op.execute(sa.text(UNMEANT))


def downgrade() -> None:
    """Leave them out again."""
    op.execute(sa.text("DROP TRIGGER messages_unmeant"))
    op.drop_table("vectors")
    op.drop_table("fact_sources")
    for name in ("kind", *TIMES):
        op.drop_column("facts", name)
