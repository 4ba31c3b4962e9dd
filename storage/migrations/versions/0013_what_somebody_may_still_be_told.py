"""what somebody may still be told, on platforms that count it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "reply_window",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "target", "kind"),
    )


def downgrade() -> None:
    """The same step back."""
    op.drop_table("reply_window")
