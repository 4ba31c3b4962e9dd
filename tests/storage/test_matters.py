"""Matters are written together at the end; until then nobody notices."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from storage import erasing, matters, numbers, people
from storage.database import Database
from storage.grids import grid
from storage.matters import Matter
from storage.people import account
from storage.session import Session

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)


class Undone(Exception):
    """What goes wrong in these tests."""


@pytest.fixture
def place(database: Database) -> Mapping[str, object]:
    """A grid, and somebody who reports what is the matter there."""
    with database.transaction() as session:
        where = {"code": "510199", "name": "云杉区", "level": "区", "depth": 0}
        who = {"channel": "simulator", "external": "p1", "name": "", "since": NOW}
        return {
            "grid_id": session.one(int, insert(grid).values(where).returning(grid.c.id)),
            "account_id": session.one(int, insert(account).values(who).returning(account.c.id)),
        }


def opened(session: Session, place: Mapping[str, object]) -> Matter:
    said = {
        "kind": "report",
        "state": "assigned",
        "category": "noise",
        "urgency": "normal",
        "text": "吵",
        "opened_at": NOW,
    }
    return matters.open_matter(session, {"number": numbers.give(session, "report"), **said, **place})


def speaker(place: Mapping[str, object]) -> int:
    return int(str(place["account_id"]))


def test_a_matter_just_opened_is_read_like_any_other(database: Database, place: Mapping[str, object]) -> None:
    with database.transaction() as session:
        first, second = opened(session, place), opened(session, place)
        read = matters.by_number(session, first.number)
        third = opened(session, place)
        found = matters.of_account(session, speaker(place))

    assert read is not None
    assert tuple(read) == tuple(first)  # pyright: ignore[reportArgumentType] - a row is a tuple as well
    assert {one.number for one in found} == {first.number, second.number, third.number}


def test_the_like_of_it_is_found_before_and_after_it_is_written(
    database: Database, place: Mapping[str, object]
) -> None:
    def alike(session: Session) -> list[int]:
        return [near.id for near in matters.alike(session, int(str(place["grid_id"])), "noise", EARLIER)]

    with database.transaction() as session:
        first = opened(session, place)
        assert alike(session) == [first.id]
        matters.get(session, first.id)
        second = opened(session, place)
        assert alike(session) == [second.id, first.id]
    with database.reading() as session:
        assert sorted(alike(session)) == [first.id, second.id]


def test_what_is_undone_is_neither_found_nor_written(database: Database, place: Mapping[str, object]) -> None:
    with database.transaction() as session:
        matters.look_up_newest(session, [], [speaker(place)], EARLIER)
        first = opened(session, place)
        for read in (False, True):
            with suppress(Undone), session.savepoint():
                second = opened(session, place)
                if read:
                    matters.get(session, second.id)
                raise Undone
        newest = matters.latest_of(session, speaker(place), EARLIER)
        assert newest is not None
        assert newest.id == first.id
    with database.reading() as session:
        assert [one.id for one in matters.of_account(session, speaker(place))] == [first.id]


def test_what_was_looked_up_ahead_follows_every_change(database: Database, place: Mapping[str, object]) -> None:
    with database.transaction() as session:
        matters.look_up_newest(session, [], [speaker(place)], EARLIER)
        assert matters.latest_of(session, speaker(place), EARLIER) is None
        first, second = opened(session, place), opened(session, place)
        for living, gone in ((second, second), (first, first)):
            newest = matters.latest_of(session, speaker(place), EARLIER)
            assert newest is not None
            assert newest.id == living.id
            matters.advance(session, gone.id, states=["assigned"], values={"state": "withdrawn"})
        assert matters.latest_of(session, speaker(place), EARLIER) is None


def test_the_like_that_was_looked_up_ahead_follows_every_change(
    database: Database, place: Mapping[str, object]
) -> None:
    where = int(str(place["grid_id"]))

    def alike(session: Session, category: str = "noise") -> list[int]:
        return [near.id for near in matters.alike(session, where, category, EARLIER)]

    with database.transaction() as session:
        before = opened(session, place)
    with database.transaction() as session:
        matters.look_up_alike(session, {(where, "noise"), (where, "fire")}, EARLIER)
        first = opened(session, place)
        assert alike(session) == [first.id, before.id]
        assert alike(session, "fire") == []
        with suppress(Undone), session.savepoint():
            second = opened(session, place)
            assert alike(session) == [second.id, first.id, before.id]
            raise Undone
        assert sorted(alike(session)) == [before.id, first.id]
        matters.look_up_alike(session, {(where, "noise"), (where, "fire")}, EARLIER)
        matters.change(session, first.id, {"category": "fire"})
        assert alike(session) == [before.id]
        assert alike(session, "fire") == [first.id]
        matters.advance(session, before.id, states=["assigned"], values={"state": "withdrawn"})
        assert alike(session) == []


def test_of_many_alike_the_newest_are_compared(database: Database, place: Mapping[str, object]) -> None:
    where = int(str(place["grid_id"]))
    with database.transaction() as session:
        for _ in range(matters.MOST_ALIKE + 5):
            opened(session, place)
    with database.transaction() as session:
        looked = [near.id for near in matters.alike(session, where, "noise", EARLIER)]
        matters.look_up_alike(session, {(where, "noise")}, EARLIER)
        assert len(matters.alike(session, where, "noise", EARLIER)) == len(looked) == matters.MOST_ALIKE
        assert matters.alike(session, where, "noise", NOW) == []


def test_what_was_looked_up_is_kept_where_nothing_was_undone(database: Database, place: Mapping[str, object]) -> None:
    with database.transaction() as session:
        matters.look_up_newest(session, [], [speaker(place)], EARLIER)
        with suppress(Undone), session.savepoint():
            matters.latest_of(session, speaker(place), EARLIER)
            raise Undone
        assert speaker(place) in session.notes(matters.NEWEST_OF)
        with suppress(Undone), session.savepoint():
            opened(session, place)
            raise Undone
        assert speaker(place) not in session.notes(matters.NEWEST_OF)
        assert matters.latest_of(session, speaker(place), EARLIER) is None


def test_numbers_expected_are_given_in_their_order_and_only_once(database: Database) -> None:
    with database.transaction() as session:
        numbers.expect(session, "report", 3)
        given = [numbers.give(session, "report") for _ in range(5)]
    with database.transaction() as session:
        later = numbers.give(session, "report")
    assert given == sorted(set(given))
    assert later > given[-1]


def test_what_an_account_has_is_asked_once_and_follows_every_change(
    database: Database, place: Mapping[str, object]
) -> None:
    def mine(session: Session) -> list[tuple[int, str]]:
        return [(one.number, one.state) for one in matters.of_account(session, speaker(place))]

    with database.transaction() as session:
        assert mine(session) == []
        first = opened(session, place)
        assert mine(session) == [(first.number, "assigned")]
        matters.advance(session, first.id, states=["assigned"], values={"state": "withdrawn"})
        assert mine(session) == [(first.number, "withdrawn")]
        other = {"channel": "simulator", "external": "p2", "name": "", "since": NOW}
        neighbour = session.one(int, insert(account).values(other).returning(account.c.id))
        theirs = opened(session, {**place, "account_id": neighbour})
        assert len(mine(session)) == 1
        matters.follow(session, theirs, speaker(place), "我家也是", NOW)
        assert len(mine(session)) == 2
        matters.unfollow(session, theirs, speaker(place))
        assert len(mine(session)) == 1
        said = [one.text for one in matters.of_account(session, speaker(place))]
        erasing.erase(session, people.get_account(session, speaker(place)), NOW)
        assert said == ["吵"]
        assert [one.text for one in matters.of_account(session, speaker(place))] == [""]
