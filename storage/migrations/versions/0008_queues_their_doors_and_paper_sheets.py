"""Queues with their buildings and doors; the kit, its numbered sheets, and what came back on paper."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "kit_run",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "paper_sheet",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["grid_id"],
            ["grid.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.create_index("paper_sheet_grid", ["grid_id", "used_at"], unique=False)

    op.create_table(
        "paper_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("safe", sa.Boolean(), nullable=True),
        sa.Column("needs", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
        ),
        sa.ForeignKeyConstraint(
            ["sheet"],
            ["paper_sheet.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sheet", "household_id", name="paper_answer_once"),
    )
    op.create_table(
        "slot_queue",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("per_quarter", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("slot_queue", schema=None) as batch_op:
        batch_op.create_index("slot_queue_state", ["state", "grid_id"], unique=False)

    op.create_table(
        "slot_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("queue", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("building", sa.String(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("called", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["grid_id"],
            ["grid.id"],
        ),
        sa.ForeignKeyConstraint(
            ["queue"],
            ["slot_queue.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("slot_turn", schema=None) as batch_op:
        batch_op.create_index("slot_turn_grid", ["grid_id"], unique=False)
        batch_op.create_index("slot_turn_queue", ["queue", "position"], unique=True)

    op.create_table(
        "slot_door",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("queue", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
        ),
        sa.ForeignKeyConstraint(
            ["queue"],
            ["slot_queue.number"],
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"],
            ["slot_turn.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("slot_door", schema=None) as batch_op:
        batch_op.create_index("slot_door_household", ["household_id", "queue"], unique=True)
        batch_op.create_index("slot_door_queue", ["queue", "state"], unique=False)
        batch_op.create_index("slot_door_turn", ["turn_id", "state"], unique=False)


def downgrade() -> None:
    """The same step back."""
    with op.batch_alter_table("slot_door", schema=None) as batch_op:
        batch_op.drop_index("slot_door_turn")
        batch_op.drop_index("slot_door_queue")
        batch_op.drop_index("slot_door_household")

    op.drop_table("slot_door")
    with op.batch_alter_table("slot_turn", schema=None) as batch_op:
        batch_op.drop_index("slot_turn_queue")
        batch_op.drop_index("slot_turn_grid")

    op.drop_table("slot_turn")
    with op.batch_alter_table("slot_queue", schema=None) as batch_op:
        batch_op.drop_index("slot_queue_state")

    op.drop_table("slot_queue")
    op.drop_table("paper_answer")
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.drop_index("paper_sheet_grid")

    op.drop_table("paper_sheet")
    op.drop_table("kit_run")
