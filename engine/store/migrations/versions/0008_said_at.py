"""Messages are found by when they were said."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_messages_said_at", "messages", ["conversation_id", "created_at"], unique=False)


def downgrade() -> None:
    """Leave it out again."""
    op.drop_index("ix_messages_said_at", table_name="messages")
