"""How a picture of a model came to be is kept with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.add_column("media", sa.Column("making", sa.Text))


def downgrade() -> None:
    """Leave it out again."""
    op.drop_column("media", "making")
