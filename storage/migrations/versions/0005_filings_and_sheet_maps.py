"""Filings, and which column of a sheet is filled from which question."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "sheet_map",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("columns", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "filing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("building", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("known", sa.String(), nullable=False),
        sa.Column("revises_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["grid_id"],
            ["grid.id"],
        ),
        sa.ForeignKeyConstraint(
            ["revises_id"],
            ["filing.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.create_index("filing_account", ["account_id", "state"], unique=False)
        batch_op.create_index("filing_grid", ["grid_id", "form", "state"], unique=False)
        batch_op.create_index("filing_number", ["number"], unique=True)
        batch_op.create_index("filing_revises", ["revises_id"], unique=False)


def downgrade() -> None:
    """The same step back."""
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.drop_index("filing_revises")
        batch_op.drop_index("filing_number")
        batch_op.drop_index("filing_grid")
        batch_op.drop_index("filing_account")

    op.drop_table("filing")
    op.drop_table("sheet_map")
