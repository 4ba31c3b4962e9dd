"""What Alembic runs for every command: on the connection it was given, and nowhere else."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString

from storage import schema
from storage.columns import Moment


def render(kind: str, what: object, _context: AutogenContext) -> str | Literal[False]:
    """Our own column kinds as what they are to the database."""
    if kind == "type" and isinstance(what, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(what, AutoString):
        return "sa.String()"
    return False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=schema.METADATA,
    render_item=render,
    render_as_batch=context.config.attributes.get("changes_tables", False),
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
