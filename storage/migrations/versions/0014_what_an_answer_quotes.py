"""what an answer quotes: the platform's name of the message that it answers."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.add_column("outbox", sa.Column("quote", sa.String(), nullable=True))


def downgrade() -> None:
    """The same step back."""
    op.drop_column("outbox", "quote")
