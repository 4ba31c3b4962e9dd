"""Killed in the middle of a release, or released by two at once: every target has exactly one row, and none is missed."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clock import StillClock
from bot.settings import PROJECT
from storage import passages
from storage.database import Database
from storage.outbox import outgoing
from storage.people import account
from tests.benchmarks import broadcast
from tests.benchmarks.broadcast import RESIDENTS
from tests.server import Server, demo
from tests.stage import kit

NEIGHBOURS = 60_000
"""Six pieces and what is left."""
KILLS = 3
ELSEWHERE = "elsewhere"
"""A channel on which nobody speaks: what is queued stays."""
PATIENCE_S = 60.0


def on_its_way(database: Database, folder: Path) -> int:
    """The number of a notice to every neighbour, released a moment ago: nothing is queued yet."""
    parts = kit(PROJECT / "templates", StillClock(datetime.now(UTC)))
    broadcast.settle(database, parts, folder, NEIGHBOURS, ELSEWHERE, communities=1, grids=30, micros=500, people=1100)
    number = broadcast.in_transaction(
        database, parts, lambda session, scene: broadcast.composed(session, scene, RESIDENTS)
    )
    broadcast.released(database, parts, number)
    return number


def queued(database: Database, number: int) -> int:
    with database.reading() as session:
        mine = outgoing.c.about == number
        return session.one(int, select(func.count()).select_from(outgoing).where(mine))


def wait_for(database: Database, number: int, many: int) -> None:
    """Return once so many rows are there."""
    until = time.monotonic() + PATIENCE_S
    while queued(database, number) < many:
        assert time.monotonic() < until, "the release does not go on"
        time.sleep(0.002)


def wait_for_the_end(database: Database, number: int) -> None:
    """Return once all of it is queued."""
    until = time.monotonic() + PATIENCE_S
    while True:
        with database.reading() as session:
            if not passages.waiting(session, number):
                return
        assert time.monotonic() < until, "the release does not end"
        time.sleep(0.02)


def assert_each_has_one(database: Database, number: int) -> None:
    with database.reading() as session:
        ask = session.connection.execute
        targets = ask(
            select(outgoing.c.channel, outgoing.c.target).where(outgoing.c.about == number, outgoing.c.private)
        ).all()
        known = ask(select(account.c.channel, account.c.external).where(account.c.grid_id.is_not(None))).all()
        counted = passages.queued(session, number)
    assert len(targets) == len(set(targets)) == counted
    assert {(row[0], row[1]) for row in known if row[0] == ELSEWHERE} <= {(row[0], row[1]) for row in targets}


def test_killed_again_and_again_while_it_goes_down_it_reaches_everybody_once(
    empty_database: Database, tmp_path: Path
) -> None:
    number = on_its_way(empty_database, tmp_path)
    server = demo(empty_database, tmp_path)
    try:
        for nth in range(KILLS):
            server.start()
            wait_for(empty_database, number, queued(empty_database, number) + 1)
            server.kill()
            assert nth == KILLS - 1 or queued(empty_database, number) < NEIGHBOURS, "it was over before the kill"
        server.start()
        wait_for_the_end(empty_database, number)
    finally:
        server.kill()

    assert_each_has_one(empty_database, number)


@pytest.mark.parametrize("empty_database", ["postgres"], indirect=True)
def test_two_processes_carry_it_on_together_and_one_may_die(empty_database: Database, tmp_path: Path) -> None:
    number = on_its_way(empty_database, tmp_path)
    servers: tuple[Server, Server] = demo(empty_database, tmp_path), demo(empty_database, tmp_path)
    try:
        for server in servers:
            server.start()
        wait_for(empty_database, number, 1)
        servers[0].kill()
        wait_for_the_end(empty_database, number)
    finally:
        for server in servers:
            server.kill()

    assert_each_has_one(empty_database, number)
