"""what a census heard of each door."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "census_answer",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("building", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("needs", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["grid_id"],
            ["grid.id"],
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
        ),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("census_answer", schema=None) as batch_op:
        batch_op.create_index("census_answer_account", ["account_id"], unique=False)
        batch_op.create_index("census_answer_grid", ["notice", "grid_id", "building", "unit", "room"], unique=False)

    op.create_table(
        "census_run",
        sa.Column("notice", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("upto", sa.String(), nullable=False),
        sa.Column("paper", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("notice"),
    )


def downgrade() -> None:
    """The same step back."""
    op.drop_table("census_run")
    with op.batch_alter_table("census_answer", schema=None) as batch_op:
        batch_op.drop_index("census_answer_grid")
        batch_op.drop_index("census_answer_account")

    op.drop_table("census_answer")
