"""Messages are found by when they were said, and what a message means goes with the words before it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The numbers of a message are made with up to three messages before it (`engine/memory/embed`).
_LOSE = "DELETE FROM vectors WHERE seq BETWEEN old.seq AND old.seq + 3; END"
_CHANGED = "WHEN old.text IS NOT new.text OR (old.in_prompt AND NOT new.in_prompt)"
UNMEANT = (
    f"CREATE TRIGGER messages_unmeant AFTER UPDATE OF text, in_prompt ON messages {_CHANGED} BEGIN {_LOSE}"
)
UNSAID = f"CREATE TRIGGER messages_unsaid AFTER DELETE ON messages BEGIN {_LOSE}"
# As 0007 has it.
ALONE = (
    f"CREATE TRIGGER messages_unmeant AFTER UPDATE OF text, in_prompt ON messages {_CHANGED} "  # noqa: S608 - constants
    "BEGIN DELETE FROM vectors WHERE seq = old.seq; END"
)


def upgrade() -> None:
    """Add the index, and widen the trigger."""
    op.create_index("ix_messages_said_at", "messages", ["conversation_id", "created_at"], unique=False)
    op.execute(sa.text("DROP TRIGGER messages_unmeant"))
    for statement in (UNMEANT, UNSAID):
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Leave it out again."""
    op.execute(sa.text("DROP TRIGGER messages_unsaid"))
    op.execute(sa.text("DROP TRIGGER messages_unmeant"))
    op.execute(sa.text(ALONE))
    op.drop_index("ix_messages_said_at", table_name="messages")
