"""Opens the database, SQLite or PostgreSQL, with the same promises on both."""

import json
import logging
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from bot.errors import SetupError
from storage.session import Session
from storage.shelves import Library

BUSY_WAIT_MS = 30_000
"""How long a second process may wait for the one SQLite writer."""
IN_MEMORY = "sqlite://"
LONG_LOG = 8192
"""Pages (32 MB) from which SQLite's log is begun anew."""
LONGEST_LOG = 2 * LONG_LOG
"""From here on a commit writes the log back itself: where nobody does it beside."""
ROWS_LOG = logging.getLogger("sqlalchemy.engine")
"""At its lowest level SQLAlchemy writes down every row that is read: what people say, and tokens."""
GAVE_WAY = ("40P01", "40001")
"""PostgreSQL's words for: of two transactions that waited for one another this one was undone."""
SHORT_WAIT_S = 0.05
"""So long at most writers wait for a log to begin anew; readers in the way are let be."""


class Database:
    """The bot's memory; `url` as SQLAlchemy writes it, "postgresql://..." meaning the psycopg driver."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise SetupError(
                "DATABASE_URL is not a database address; examples: sqlite:///var/xiaoge.db, postgresql://user@host/name"
            ) from None
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        ROWS_LOG.setLevel(logging.WARNING)
        self.url = parsed
        self.is_postgres = parsed.get_backend_name() == "postgresql"
        if not self.is_postgres and parsed.get_backend_name() != "sqlite":
            raise SetupError(f"DATABASE_URL names {parsed.get_backend_name()}; SQLite and PostgreSQL are supported.")
        self.engine = self._postgres() if self.is_postgres else self._sqlite()
        self.library = Library()

    def _postgres(self) -> Engine:
        engine = create_engine(
            self.url, pool_size=8, max_overflow=8, pool_pre_ping=True, json_serializer=_dump, hide_parameters=True
        )
        event.listen(engine, "handle_error", _without_values)
        return engine

    @property
    def _in_memory(self) -> bool:
        return self.url.database in (None, "", ":memory:")

    def _sqlite(self) -> Engine:
        if self._in_memory:
            engine = create_engine(
                self.url,
                poolclass=StaticPool,
                connect_args={"check_same_thread": False},
                json_serializer=_dump,
                hide_parameters=True,
            )
        else:
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(
                self.url,
                connect_args={"check_same_thread": False, "timeout": BUSY_WAIT_MS / 1000},
                json_serializer=_dump,
                hide_parameters=True,
            )

        def prepare(raw: Any, _record: object) -> None:
            raw.isolation_level = None  # transactions are begun by us, see below
            _write_ahead(raw)
            for pragma in (
                f"wal_autocheckpoint={LONGEST_LOG}",
                "synchronous=FULL",
                "foreign_keys=ON",
                f"busy_timeout={BUSY_WAIT_MS}",
            ):
                raw.execute(f"PRAGMA {pragma}")

        def begin(connection: Connection) -> None:
            reading = connection.get_execution_options().get("reading")
            connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

        event.listen(engine, "connect", prepare)
        event.listen(engine, "begin", begin)
        return engine

    @contextmanager
    def transaction(self) -> Generator[Session]:
        """A transaction that commits at the end, with what was gathered, or leaves nothing."""
        with self.engine.begin() as connection:
            session = Session(connection, self.library)
            yield session
            session.flush()

    @contextmanager
    def reading(self) -> Generator[Session]:
        """A view that holds nobody up and writes nothing."""
        with self.engine.connect() as connection:
            yield Session(connection.execution_options(reading=True), self.library)
            connection.rollback()

    def write_back(self) -> None:
        """Bring what was committed from SQLite's log into its file, so that no commit stops to do it.

        PostgreSQL does so itself. Writers are held up only by a log that has grown long, and then for a moment.
        Raises sqlite3.Error where the disk refuses: the log stays, and nothing is lost.
        """
        if self.is_postgres or self._in_memory:
            return
        with closing(sqlite3.connect(str(self.url.database), timeout=SHORT_WAIT_S)) as raw:
            raw.execute("PRAGMA synchronous=FULL")
            _, pages, _ = raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if pages >= LONG_LOG:
                raw.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def gave_way(fault: DBAPIError) -> bool:
    """Whether nothing is wrong with the transaction but that another was in its way: begun anew it succeeds."""
    return getattr(fault.orig, "sqlstate", None) in GAVE_WAY


def _write_ahead(raw: Any) -> None:
    """Switch to WAL; where two open a new file at once SQLite refuses without waiting, so the waiting is done here."""
    until = time.monotonic() + BUSY_WAIT_MS / 1000
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as fault:
            if "locked" not in str(fault) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _without_values(context: ExceptionContext) -> None:
    """PostgreSQL tells the row that it refuses; whoever logs its error shall not tell it to others."""
    import psycopg  # loaded already where this is asked, and not needed elsewhere

    fault, shown = context.original_exception, context.sqlalchemy_exception
    if isinstance(fault, psycopg.Error) and shown is not None:
        says = fault.diag.message_primary or str(fault).partition("\n")[0]
        fault.args = (says,)
        shown.args = (f"({type(fault).__qualname__}) {says}",)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
