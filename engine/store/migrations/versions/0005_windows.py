"""Where a conversation's prompt begins, what was said before that in short, and what models must not keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Whatever deletes, hides or changes words, by whatever statement: what a model has read of the conversation is to be
# erased, and a summary that they went into goes at once.
TRIGGERS = (
    """CREATE TRIGGER messages_unread AFTER DELETE ON messages BEGIN
        INSERT INTO erased(conversation_id) VALUES (old.conversation_id)
            ON CONFLICT(conversation_id) DO UPDATE SET times = times + 1;
        DELETE FROM windows WHERE conversation_id = old.conversation_id
            AND coalesce(next_seq, start_seq) > old.seq; END""",
    """CREATE TRIGGER messages_reread AFTER UPDATE OF text, in_prompt ON messages
        WHEN old.text IS NOT new.text OR (old.in_prompt AND NOT new.in_prompt) BEGIN
        INSERT INTO erased(conversation_id) VALUES (old.conversation_id)
            ON CONFLICT(conversation_id) DO UPDATE SET times = times + 1;
        DELETE FROM windows WHERE conversation_id = old.conversation_id
            AND coalesce(next_seq, start_seq) > old.seq; END""",
    """CREATE TRIGGER facts_unread AFTER DELETE ON facts BEGIN
        INSERT INTO erased(conversation_id) SELECT id FROM conversations WHERE person_id = old.person_id
            AND character_id = old.character_id AND place = old.place
            ON CONFLICT(conversation_id) DO UPDATE SET times = times + 1;
        DELETE FROM windows WHERE conversation_id IN (SELECT id FROM conversations WHERE person_id = old.person_id
            AND character_id = old.character_id AND place = old.place); END""",
    """CREATE TRIGGER conversations_unread AFTER DELETE ON conversations BEGIN
        INSERT INTO erased(conversation_id) VALUES (old.id)
            ON CONFLICT(conversation_id) DO UPDATE SET times = times + 1; END""",
)


def upgrade() -> None:
    """Make the tables, and have them kept by the database itself."""
    op.create_table(
        "windows",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("start_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("summed_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_seq", sa.BigInteger()),
        sa.Column("next_summary", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_windows")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_windows_conversation_id"),
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "erased",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_erased")),
    )
    for statement in TRIGGERS:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Leave the tables out again."""
    for name in ("messages_unread", "messages_reread", "facts_unread", "conversations_unread"):
        op.execute(sa.text(f"DROP TRIGGER {name}"))
    op.drop_table("erased")
    op.drop_table("windows")
