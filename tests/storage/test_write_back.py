"""SQLite's log is written back beside the commits: it stays short, readers are let be, and nothing is lost."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import database as storage_database
from storage import inbox, schema
from storage.database import Database

MANY = 200
KILLS = 6
WRITER = """
import sys
from datetime import UTC, datetime
from threading import Thread
from storage import inbox
from storage.database import Database
database, first = Database("sqlite:///" + sys.argv[1]), int(sys.argv[2])
def write_back():
    while True:
        database.write_back()
Thread(target=write_back, daemon=True).start()
for at in range(first, first + 100_000):
    with database.transaction() as session:
        inbox.remember(session, [("simulator", f"{at}/{n}") for n in range(200)], datetime.now(UTC))
    print(at, flush=True)
"""
"""Commits and says so, while its log is written back without a rest."""


@pytest.fixture
def on_disk(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'xiaoge.db'}")
    schema.upgrade(database)
    return database


def write(database: Database, at: int) -> None:
    with database.transaction() as session:
        inbox.remember(session, [("simulator", f"{at}/{n}") for n in range(MANY)], datetime.now(UTC))


def log_bytes(database: Database) -> int:
    return Path(f"{database.url.database}-wal").stat().st_size


def test_what_was_committed_is_in_the_file_itself_after_it_was_written_back(on_disk: Database, tmp_path: Path) -> None:
    write(on_disk, 1)

    on_disk.write_back()

    copy = tmp_path / "copy.db"
    copy.write_bytes(Path(str(on_disk.url.database)).read_bytes())  # without the log
    with Database(f"sqlite:///{copy}").reading() as session:
        assert len(inbox.seen(session, [("simulator", f"1/{n}") for n in range(MANY)])) == MANY


def test_the_log_does_not_grow_for_ever(on_disk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_database, "LONG_LOG", 16)
    sizes: list[int] = []

    for at in range(12):
        write(on_disk, at)
        on_disk.write_back()
        sizes.append(log_bytes(on_disk))

    assert max(sizes[6:]) <= max(sizes[:6]), sizes


def test_a_reader_in_the_way_holds_nobody_up(on_disk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_database, "LONG_LOG", 1)
    write(on_disk, 1)

    with on_disk.reading() as session:
        before = inbox.seen(session, [("simulator", "2/0")])
        on_disk.write_back()
        write(on_disk, 2)
        on_disk.write_back()
        assert inbox.seen(session, [("simulator", "2/0")]) == before == set(), "the view stays what it was"

    with on_disk.reading() as session:
        assert inbox.seen(session, [("simulator", "2/0")])


def test_there_is_nothing_to_do_in_memory_and_on_postgresql(database: Database) -> None:
    database.write_back()

    Database("sqlite://").write_back()


def test_killed_in_the_middle_of_it_nothing_that_was_committed_is_lost(on_disk: Database) -> None:
    file, chance, at = str(on_disk.url.database), random.Random(5), 0
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, file, str(at)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            at = int(writer.stdout.readline())
            time.sleep(chance.uniform(0.02, 0.2))
            writer.send_signal(signal.SIGKILL)
            at = max([at, *(int(line) for line in writer.stdout if line.endswith("\n"))])

        with closing(sqlite3.connect(file)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with on_disk.reading() as session:
            assert len(inbox.seen(session, [("simulator", f"{at}/{n}") for n in range(MANY)])) == MANY
        at += 2  # the next may have been committed and not said
