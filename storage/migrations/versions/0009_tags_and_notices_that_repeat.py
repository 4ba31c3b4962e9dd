"""tags, and notices that repeat."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "code", name="tag_once"),
    )
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.create_index("tag_code", ["code"], unique=False)

    op.create_table(
        "repeat",
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("cron", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["latest"],
            ["notice.number"],
        ),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("notice"),
    )


def downgrade() -> None:
    """The same step back."""

    op.drop_table("repeat")
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.drop_index("tag_code")

    op.drop_table("tag")
