"""Live cards, and a mobilization while it runs."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "board",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grid_id"],
            ["grid.id"],
        ),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("notice", "grid_id", "channel", "target", name="board_once"),
    )
    op.create_table(
        "muster",
        sa.Column("notice", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("notice"),
    )
    op.create_table(
        "surge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"],
            ["grid.id"],
        ),
        sa.ForeignKeyConstraint(
            ["grid_id"],
            ["grid.id"],
        ),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("surge", schema=None) as batch_op:
        batch_op.create_index("surge_notice", ["notice", "id"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edits", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("afresh", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """The same step back."""
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_column("expected_at")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("afresh")
        batch_op.drop_column("edits")

    with op.batch_alter_table("surge", schema=None) as batch_op:
        batch_op.drop_index("surge_notice")

    op.drop_table("surge")
    op.drop_table("muster")
    op.drop_table("board")
