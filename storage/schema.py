"""The tables as they ought to stand, and the way there from whatever stands now."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel

from bot.errors import SetupError
from storage import (
    asked,
    census,
    chats,
    codes,
    consent,
    customers,
    favours,
    formerly,
    forms,
    grids,
    inbox,
    journal,
    kit,
    matters,
    modes,
    musters,
    notices,
    numbers,
    outbox,
    people,
    posts,
    repeats,
    shelves,
    slots,
    squares,
    stumbles,
    tags,
    timers,
    tokens,
    windows,
    wishes,
)
from storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

TABLES_OF = (
    asked,
    census,
    chats,
    codes,
    consent,
    customers,
    favours,
    formerly,
    forms,
    grids,
    inbox,
    journal,
    kit,
    matters,
    modes,
    musters,
    notices,
    numbers,
    outbox,
    people,
    posts,
    repeats,
    shelves,
    slots,
    squares,
    stumbles,
    tags,
    timers,
    tokens,
    windows,
    wishes,
)
"""Every module that has tables: importing them is what makes the metadata whole."""
METADATA = SQLModel.metadata
MIGRATIONS = Path(__file__).with_name("migrations")
ONE_UPGRADE_AT_A_TIME = 0x736368
"""The key of the PostgreSQL lock that two starting processes compete for."""

State = Literal["empty", "behind", "current", "ahead"]


def upgrade(database: Database) -> None:
    """Bring the tables to where this program needs them; of several processes at once, one does the work.

    Alembic takes 11 MB of memory: it is loaded only where there is something to change.
    """
    if state(database) == "current":
        return
    from alembic import command

    with _alone(database) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        if _stands(connection) - _revisions():
            raise SetupError("The database was written by a newer version of this program; run that version instead.")
        command.upgrade(config, "head")


def downgrade(database: Database, to: str = "base") -> None:
    """Take the tables back to a revision; "base" leaves none."""
    from alembic import command

    with _alone(database) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, to)


def state(database: Database) -> State:
    """How the tables stand to this program: "behind" needs an upgrade, "ahead" a newer program."""
    with database.reading() as session:
        stands, known = _stands(session.connection), _revisions()
    if not stands:
        return "empty"
    if stands - known:
        return "ahead"
    return "current" if stands == {max(known)} else "behind"


def configuration() -> "Config":
    """Alembic's view of this project: no file, no logging of its own."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _alone(database: Database) -> Generator[Connection]:
    """One transaction that no other upgrade shares.

    SQLite rebuilds a table to change it, which its foreign keys would refuse; they are checked before the commit.
    """
    with database.engine.connect() as connection:
        if database.is_postgres:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_UPGRADE_AT_A_TIME})
                yield connection
            return
        _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise SetupError("The upgrade would leave rows that refer to nothing; nothing was changed.")
        finally:
            _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Outside of a transaction, where alone SQLite obeys."""
    raw = connection.connection.cursor()
    raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    raw.close()


def _revisions() -> set[str]:
    """Every step there is, by the number its file begins with; the greatest is where the tables should stand."""
    return {step.name.partition("_")[0] for step in MIGRATIONS.glob("versions/[0-9]*.py")}


def _stands(connection: Connection) -> set[str]:
    """Where the tables are, as Alembic wrote it down; nothing where it never did."""
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.scalars(text("SELECT version_num FROM alembic_version")))
