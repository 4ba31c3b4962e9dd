"""The baton: one process at a time speaks, and the next one follows the instant it is dead."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from storage.baton import baton
from storage.database import Database

TAKE_AND_TELL = """
import sys, time
from storage.baton import baton
from storage.database import Database
print(baton(Database(sys.argv[1]), "fake").take(), flush=True)
time.sleep(60)
"""
ROOT = Path(__file__).parents[2]


def test_one_holds_it_until_it_is_dropped(database: Database) -> None:
    first, second = baton(database, "fake"), baton(database, "fake")

    assert (first.take(), first.take(), second.take()) == (True, True, False)
    assert (first.held(), second.held()) == (True, False)
    first.drop()
    assert (first.held(), second.take(), second.held()) == (False, True, True)
    second.drop()


def test_each_channel_has_its_own(database: Database) -> None:
    one, another = baton(database, "fake"), baton(database, "another")

    assert one.take()
    assert another.take()
    one.drop()
    another.drop()


def test_it_falls_the_instant_its_process_is_killed(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    holder = subprocess.Popen(
        [sys.executable, "-c", TAKE_AND_TELL, url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    ours = baton(database, "fake")
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert not ours.take()
        holder.kill()
    for _ in range(1000):  # the server sees the closed connection within milliseconds
        if ours.take():
            break

    assert ours.held()
    ours.drop()


def test_losing_the_connection_is_losing_the_baton(postgres_database: Database) -> None:
    first, second = baton(postgres_database, "fake"), baton(postgres_database, "fake")
    assert first.take()
    with postgres_database.transaction() as session:
        session.connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        )

    assert not first.held()
    assert second.take()
    second.drop()


def test_a_database_in_memory_has_nobody_to_share_with() -> None:
    database = Database("sqlite://")
    only = baton(database, "fake")

    assert only.take()
    assert only.held()
    database.close()
