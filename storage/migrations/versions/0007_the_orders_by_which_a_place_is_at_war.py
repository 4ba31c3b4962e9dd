"""The orders by which a place is at war for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "mode_order",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("second_post_id", sa.Integer(), nullable=True),
        sa.Column("asked_up_to", sa.Integer(), nullable=True),
        sa.Column("composed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["grid_id"],
            ["grid.id"],
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["second_post_id"],
            ["post.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("mode_order", schema=None) as batch_op:
        batch_op.create_index("mode_order_grid", ["grid_id"], unique=False)
        batch_op.create_index("mode_order_state", ["state", "grid_id"], unique=False)


def downgrade() -> None:
    """The same step back."""
    with op.batch_alter_table("mode_order", schema=None) as batch_op:
        batch_op.drop_index("mode_order_state")
        batch_op.drop_index("mode_order_grid")

    op.drop_table("mode_order")
