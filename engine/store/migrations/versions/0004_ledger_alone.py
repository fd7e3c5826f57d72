"""Which message shows a picture is in the ledger; jobs need not know it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop what nothing writes any more."""
    op.drop_column("jobs", "delivery_ref")


def downgrade() -> None:
    """Bring it back, empty."""
    op.add_column("jobs", sa.Column("delivery_ref", sa.Text(), server_default="", nullable=False))
