"""Notices, receipts, and words that many share."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "outbox_body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("buttons", sa.String(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("outbox_body", schema=None) as batch_op:
        batch_op.create_index("outbox_body_about", ["about"], unique=False)
        batch_op.create_index(
            "outbox_body_stopped",
            ["id"],
            unique=False,
            sqlite_where=sa.text("stopped_at IS NOT NULL"),
            postgresql_where=sa.text("stopped_at IS NOT NULL"),
        )

    op.create_table(
        "notice",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("attachment", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("refers_to", sa.Integer(), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("wants_ack", sa.Boolean(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("order_key", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("asked_id", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("composed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=False),
        sa.Column("called", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"],
            ["post.id"],
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
            ["refers_to"],
            ["notice.number"],
        ),
        sa.ForeignKeyConstraint(
            ["released_by"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("notice_grid", ["grid_id", "released_at"], unique=False)
        batch_op.create_index(
            "notice_order",
            ["order_key"],
            unique=True,
            sqlite_where=sa.text("order_key <> ''"),
            postgresql_where=sa.text("order_key <> ''"),
        )
        batch_op.create_index("notice_refers", ["refers_to"], unique=False)
        batch_op.create_index("notice_state", ["state", "kind"], unique=False)

    op.create_table(
        "passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("listeners", sa.String(), nullable=False),
        sa.Column("upto", sa.String(), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("underway_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stand_in", sa.Integer(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
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
        sa.UniqueConstraint("notice", "account_id", name="receipt_once"),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index("receipt_account", ["account_id", "notice"], unique=False)
        batch_op.create_index("receipt_grid", ["notice", "grid_id"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("body_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            "outbox_told",
            ["body_id", "channel", "target"],
            unique=True,
            sqlite_where=sa.text("body_id IS NOT NULL"),
            postgresql_where=sa.text("body_id IS NOT NULL"),
        )

        batch_op.create_index(
            "outbox_parked",
            ["channel", "target"],
            unique=False,
            sqlite_where=sa.text("state = 'parked'"),
            postgresql_where=sa.text("state = 'parked'"),
        )

    op.create_table(
        "opened",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "target"),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index("account_grid", ["grid_id", "channel"], unique=False)


def downgrade() -> None:
    """The same step back."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index("account_grid")

    op.drop_table("opened")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "outbox_parked", sqlite_where=sa.text("state = 'parked'"), postgresql_where=sa.text("state = 'parked'")
        )
        batch_op.drop_index(
            "outbox_told", sqlite_where=sa.text("body_id IS NOT NULL"), postgresql_where=sa.text("body_id IS NOT NULL")
        )
        batch_op.drop_column("body_id")

    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index("receipt_grid")
        batch_op.drop_index("receipt_account")

    op.drop_table("receipt")
    op.drop_table("passage")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("notice_state")
        batch_op.drop_index("notice_refers")
        batch_op.drop_index(
            "notice_order", sqlite_where=sa.text("order_key <> ''"), postgresql_where=sa.text("order_key <> ''")
        )
        batch_op.drop_index("notice_grid")

    op.drop_table("notice")
    with op.batch_alter_table("outbox_body", schema=None) as batch_op:
        batch_op.drop_index(
            "outbox_body_stopped",
            sqlite_where=sa.text("stopped_at IS NOT NULL"),
            postgresql_where=sa.text("stopped_at IS NOT NULL"),
        )
        batch_op.drop_index("outbox_body_about")

    op.drop_table("outbox_body")
