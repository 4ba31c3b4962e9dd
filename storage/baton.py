"""The baton: of all processes on one database, one at a time speaks for a channel."""

import fcntl
import logging
import os
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Protocol

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database

log = logging.getLogger(__name__)

OUTBOX = 0x0B
"""Keeps our advisory locks apart from all others of two numbers."""
TAKE = text(f"SELECT pg_try_advisory_lock({OUTBOX}, hashtext(:channel))")
DROP = text(f"SELECT pg_advisory_unlock({OUTBOX}, hashtext(:channel))")
ANSWER_WITHIN_S = 5
"""After so long a silence the server is taken for lost, and with it the lock."""


class Baton(Protocol):
    """Whoever holds it speaks. It falls the instant its process dies."""

    def take(self) -> bool:
        """Try to take it; whether this process holds it now. Does not wait."""
        ...

    def held(self) -> bool:
        """Whether this process still holds it."""
        ...

    def drop(self) -> None:
        """Let somebody else take it."""
        ...


def baton(database: Database, channel: str) -> Baton:
    """The baton of one channel in this database."""
    if database.is_postgres:
        return LockBaton(database, channel)
    if database.url.database in (None, "", ":memory:"):
        return OnlyBaton()
    return FileBaton(Path(str(database.url.database)), channel)


class OnlyBaton:
    """For a database in memory, which no other process sees."""

    def take(self) -> bool:
        """Always."""
        return True

    def held(self) -> bool:
        """Always."""
        return True

    def drop(self) -> None:
        """Nobody waits for it."""


class FileBaton:
    """An exclusive lock on a file beside a SQLite database."""

    def __init__(self, database: Path, channel: str) -> None:
        self.path = database.with_name(f"{database.name}.{channel}.baton")
        self._file: int | None = None
        self._one_at_a_time = Lock()

    def take(self) -> bool:
        """Try to lock the file."""
        with self._one_at_a_time:
            return self._file is not None or self._lock()

    def held(self) -> bool:
        """Nobody can take a file's lock away."""
        return self._file is not None

    def drop(self) -> None:
        """Closing the file unlocks it; the file stays, since another may be opening it."""
        with self._one_at_a_time:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _lock(self) -> bool:
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True


class LockBaton:
    """A session's advisory lock in PostgreSQL, on a connection of its own (not through a pooling proxy)."""

    def __init__(self, database: Database, channel: str) -> None:
        self.channel = channel
        patience = {
            "connect_timeout": ANSWER_WITHIN_S,
            "tcp_user_timeout": ANSWER_WITHIN_S * 1000,
            "keepalives_idle": ANSWER_WITHIN_S,
            "keepalives_interval": 1,
            "keepalives_count": ANSWER_WITHIN_S,
        }
        self._engine = create_engine(
            database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=patience, hide_parameters=True
        )
        self._connection: Connection | None = None
        self._mine = False
        self._one_at_a_time = Lock()

    def take(self) -> bool:
        """Try to take the lock; without the server nobody holds it."""
        with self._one_at_a_time:
            return self._answers() or self._lock()

    def held(self) -> bool:
        """Ask the server over the lock's own connection: while that lives, so does the lock."""
        with self._one_at_a_time:
            return self._answers()

    def drop(self) -> None:
        """Unlock, then give the connection back; a lock that cannot be undone goes with its connection."""
        with self._one_at_a_time:
            if self._answers() and self._connection is not None:
                with suppress(SQLAlchemyError):
                    self._connection.execute(DROP, {"channel": self.channel})
            self._let_go()

    def _lock(self) -> bool:
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            self._mine = bool(self._connection.execute(TAKE, {"channel": self.channel}).scalar())
        except SQLAlchemyError as fault:
            log.warning("the baton cannot be asked for", extra={"channel": self.channel, "error": type(fault).__name__})
            self._let_go()
        return self._mine

    def _answers(self) -> bool:
        if self._connection is None or not self._mine:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:
            log.warning("the baton is lost with its connection", extra={"channel": self.channel})
            self._let_go()
        return self._mine

    def _let_go(self) -> None:
        connection, self._connection, self._mine = self._connection, None, False
        if connection is not None:
            connection.invalidate()
            connection.close()
