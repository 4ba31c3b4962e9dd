"""customer groups, their squares and words sent by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "customer_group",
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("by_square", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["grid_id"],
            ["grid.id"],
        ),
        sa.PrimaryKeyConstraint("chat"),
    )
    with op.batch_alter_table("customer_group", schema=None) as batch_op:
        batch_op.create_index("customer_group_grid", ["grid_id"], unique=False)

    op.create_table(
        "customer_join",
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("config", sa.String(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grid_id"],
            ["grid.id"],
        ),
        sa.PrimaryKeyConstraint("grid_id"),
    )
    op.create_table(
        "code_square",
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"],
            ["place_code.id"],
        ),
        sa.PrimaryKeyConstraint("code_id", "account"),
    )
    op.create_table(
        "customer_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("ring_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat"],
            ["customer_group.chat"],
        ),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("body_id", "chat", name="customer_word_once"),
    )
    with op.batch_alter_table("customer_word", schema=None) as batch_op:
        batch_op.create_index("customer_word_chat", ["chat", "begun_at"], unique=False)
        batch_op.create_index("customer_word_notice", ["notice"], unique=False)
        batch_op.create_index("customer_word_state", ["state", "due_at"], unique=False)
        batch_op.create_index("customer_word_task", ["task"], unique=False)


def downgrade() -> None:
    """The same step back."""
    with op.batch_alter_table("customer_word", schema=None) as batch_op:
        batch_op.drop_index("customer_word_task")
        batch_op.drop_index("customer_word_state")
        batch_op.drop_index("customer_word_notice")
        batch_op.drop_index("customer_word_chat")

    op.drop_table("customer_word")
    op.drop_table("code_square")
    op.drop_table("customer_join")
    with op.batch_alter_table("customer_group", schema=None) as batch_op:
        batch_op.drop_index("customer_group_grid")

    op.drop_table("customer_group")
