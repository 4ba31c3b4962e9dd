"""The migrations make the tables that the program speaks to, forward, backward and twice."""

import pkgutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

import storage
from bot.errors import SetupError
from storage import numbers, schema
from storage.database import Database
from tests.server import ROOT

PARTIAL = {
    ("chat", "chat_grid_audience"),
    ("grid", "grid_code_now"),
    ("outbox", "outbox_waiting"),
    ("person", "person_key_now"),
    ("unit", "unit_code_now"),
}


def indexes(database: Database) -> set[tuple[str, str]]:
    """(table, index) of every index that holds only some rows."""
    with database.reading() as session:
        if database.is_postgres:
            rows = session.connection.execute(
                text(
                    "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '%WHERE%'"
                )
            )
        else:
            rows = session.connection.execute(
                text("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'")
            )
        return {(table, index) for table, index in rows}


def tables(database: Database) -> set[str]:
    """The names of all tables but the one that keeps the revision."""
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_the_tables_that_migrations_make_are_the_ones_the_program_speaks_to(database: Database) -> None:
    with database.reading() as session:
        context = MigrationContext.configure(session.connection, opts={"compare_type": True})
        differences = compare_metadata(context, schema.METADATA)

    assert differences == []
    assert indexes(database) >= PARTIAL


def test_every_module_with_tables_is_known_to_the_schema() -> None:
    modules = {module.name for module in pkgutil.iter_modules(storage.__path__, "storage.") if not module.ispkg}
    with_tables = {
        model.class_.__module__
        for model in SQLModel._sa_registry.mappers  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType, reportUnknownVariableType]
    }

    assert with_tables & modules == {module.__name__ for module in schema.TABLES_OF}


def test_a_new_database_is_empty_then_current_and_a_second_upgrade_changes_nothing(empty_database: Database) -> None:
    assert schema.state(empty_database) == "empty"

    schema.upgrade(empty_database)
    once = tables(empty_database)
    schema.upgrade(empty_database)

    assert schema.state(empty_database) == "current"
    assert tables(empty_database) == once == set(schema.METADATA.tables)


def test_the_steps_that_the_program_counts_are_those_of_alembic() -> None:
    steps = list(ScriptDirectory.from_config(schema.configuration()).walk_revisions())

    numbers_of_files = {step.name[:4] for step in schema.MIGRATIONS.glob("versions/[0-9]*.py")}

    assert {step.revision for step in steps} == numbers_of_files
    assert steps[0].revision == max(numbers_of_files), "the newest is the last to be reached"


def test_tables_that_are_right_are_left_alone_without_alembic(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    code = (
        "import sys; from storage import schema; from storage.database import Database;"
        f"schema.upgrade(Database({empty_database.url.render_as_string(hide_password=False)!r}));"
        "print(*[name for name in sys.modules if name.startswith('alembic')])"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert said.stdout.strip() == ""


def test_processes_that_start_at_once_upgrade_once(empty_database: Database) -> None:
    address = empty_database.url.render_as_string(hide_password=False)
    all_at_once = [empty_database, *(Database(address) for _ in range(3))]

    with ThreadPoolExecutor(len(all_at_once)) as threads:
        list(threads.map(schema.upgrade, all_at_once))
    for other in all_at_once[1:]:
        other.close()

    assert schema.state(empty_database) == "current"


def test_the_way_back_leaves_nothing_behind(database: Database) -> None:
    schema.downgrade(database)

    assert tables(database) == set()
    assert schema.state(database) == "empty"


def test_a_database_from_a_newer_program_is_left_alone(database: Database) -> None:
    with database.transaction() as session:
        session.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert schema.state(database) == "ahead"
    with pytest.raises(SetupError, match="newer version"):
        schema.upgrade(database)


def test_numbers_begin_at_1001_and_none_is_given_twice(database: Database) -> None:
    with database.transaction() as session:
        first, second = (numbers.give(session, "matter") for _ in range(2))
        session.run(numbers.number.delete())
        third = numbers.give(session, "matter")

    assert (first, second, third) == (1001, 1002, 1003)


def test_foreign_keys_hold_again_after_an_upgrade(sqlite_database: Database) -> None:
    schema.upgrade(sqlite_database)

    with sqlite_database.reading() as session:
        assert session.connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
