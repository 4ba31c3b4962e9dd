"""A whole staircase scans the same square in the same second, on both databases."""

import pytest
from sqlalchemy import select

from bot.message import Incoming
from storage.codes import home
from storage.database import Database
from tests.codes.test_codes import AT_UNIT, KEPT, code_of
from tests.stage import Stage, settled_on, submit_all

PEOPLE = 40


@pytest.fixture
def stage(database: Database) -> Stage:
    return settled_on(database)


def scans(stage: Stage, by: str, text: str, key: str = "") -> Incoming:
    return Incoming("simulator", key or f"{by} {text}", by, None, stage.clock.now(), "scan", text)


def homes(stage: Stage) -> list[tuple[str, str, str]]:
    with stage.database.reading() as session:
        rows = session.connection.execute(select(home.c.building, home.c.unit, home.c.room)).all()
    return [(row[0], row[1], row[2]) for row in rows]


def test_everybody_at_one_door_at_once_lives_there_once_and_hears_so_once(stage: Stage) -> None:
    square = code_of(stage, "3", "2")
    people = [f"neighbour-{at}" for at in range(PEOPLE)]

    submit_all(stage.database, stage.kit, [scans(stage, by, square) for by in people])

    assert homes(stage) == [("3", "2", "")] * PEOPLE
    assert all([heard.text for heard in stage.hears(by)] == [AT_UNIT] for by in people)


def test_two_who_scan_one_flat_at_once_are_each_asked_and_each_kept(stage: Stage) -> None:
    square = code_of(stage, "3", "2", "501")
    both = ("mother", "son")
    submit_all(stage.database, stage.kit, [scans(stage, by, square) for by in both])

    answers = [Incoming("simulator", f"yes {by}", by, None, stage.clock.now(), "text", "同意") for by in both]
    submit_all(stage.database, stage.kit, answers)

    assert homes(stage) == [("3", "2", "501")] * 2
    assert [stage.last(by).text for by in both] == [KEPT, KEPT]


def test_one_phone_that_sends_the_same_scan_twice_is_bound_once(stage: Stage) -> None:
    square = code_of(stage, "3", "2")

    submit_all(stage.database, stage.kit, [scans(stage, "newcomer", square, key="the same") for _ in range(5)])

    assert homes(stage) == [("3", "2", "")]
    assert len(stage.hears("newcomer")) == 1
