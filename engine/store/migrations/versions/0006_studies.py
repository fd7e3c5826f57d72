"""How far a conversation was read for facts, and its title, which goes with the words that it was made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TRIGGERS = (
    """CREATE TRIGGER messages_untitled AFTER DELETE ON messages BEGIN
        UPDATE studies SET title = '', token = '' WHERE conversation_id = old.conversation_id; END""",
    """CREATE TRIGGER messages_retitled AFTER UPDATE OF text, in_prompt ON messages
        WHEN old.text IS NOT new.text OR (old.in_prompt AND NOT new.in_prompt) BEGIN
        UPDATE studies SET title = '', token = '' WHERE conversation_id = old.conversation_id; END""",
    """CREATE TRIGGER facts_untitled AFTER DELETE ON facts BEGIN
        UPDATE studies SET title = '', token = '' WHERE conversation_id IN (SELECT id FROM conversations
            WHERE person_id = old.person_id AND character_id = old.character_id AND place = old.place); END""",
)


def upgrade() -> None:
    """Make the table, and have its titles emptied by the database itself."""
    op.create_table(
        "studies",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("read_to", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("token", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_studies")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_studies_conversation_id"),
            ondelete="CASCADE",
        ),
    )
    for statement in TRIGGERS:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Leave the table out again."""
    for name in ("messages_untitled", "messages_retitled", "facts_untitled"):
        op.execute(sa.text(f"DROP TRIGGER {name}"))
    op.drop_table("studies")
