"""Who is asked for a yes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decider_id", sa.Integer(), nullable=True))
        batch_op.create_index("matter_decider", ["decider_id"], unique=False)
        batch_op.create_index("matter_supervisor", ["supervisor_id"], unique=False)
        batch_op.create_foreign_key("matter_decider_id_fkey", "post", ["decider_id"], ["id"])


def downgrade() -> None:
    """The same step back."""
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.drop_constraint("matter_decider_id_fkey", type_="foreignkey")
        batch_op.drop_index("matter_supervisor")
        batch_op.drop_index("matter_decider")
        batch_op.drop_column("decider_id")
