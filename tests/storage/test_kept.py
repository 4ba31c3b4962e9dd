"""What is kept in memory is never older than what is stored; what fails leaves nothing, in memory or on disk."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from storage import chats, grids, journal, numbers, people
from storage.database import Database
from storage.grids import grid
from storage.session import Session

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


class Undone(Exception):
    """What goes wrong in these tests."""


@pytest.fixture
def other(database: Database) -> Database:
    """The same database as another process sees it."""
    return Database(database.url.render_as_string(hide_password=False))


@pytest.fixture
def micro(database: Database) -> int:
    """A grid."""
    with database.transaction() as session:
        values = {"code": "510199", "name": "云杉区", "level": "区", "depth": 0}
        return session.one(int, insert(grid).values(values).returning(grid.c.id))


def staff_groups(session: Session, micro: int) -> list[str]:
    return [row.external for row in chats.bound_to(session, [micro], "staff")]


def bind(session: Session, micro: int, external: str) -> None:
    chat = chats.join(session, channel="simulator", external=external, name="", now=NOW)
    chats.bind(session, chat.id, micro, "staff")


def test_a_group_bound_by_one_process_is_known_to_the_other(database: Database, other: Database, micro: int) -> None:
    with other.reading() as session:
        assert staff_groups(session, micro) == []

    with database.transaction() as session:
        bind(session, micro, "w1")
        assert staff_groups(session, micro) == ["w1"]

    with other.reading() as session:
        assert staff_groups(session, micro) == ["w1"]
    other.close()


def test_a_change_that_is_undone_was_never_kept(database: Database, micro: int) -> None:
    with suppress(Undone), database.transaction() as session:
        bind(session, micro, "w1")
        assert staff_groups(session, micro) == ["w1"]
        raise Undone
    with database.transaction() as session:
        with suppress(Undone), session.savepoint():
            bind(session, micro, "w2")
            assert staff_groups(session, micro) == ["w2"]
            raise Undone
        assert staff_groups(session, micro) == []

    with database.reading() as session:
        assert staff_groups(session, micro) == []


def test_the_same_grid_is_read_from_the_database_once(database: Database, micro: int) -> None:
    with database.reading() as session:
        first = grids.get(session, micro)
    with database.reading() as session:
        assert grids.get(session, micro) is first


def test_what_fails_takes_only_itself_back(database: Database) -> None:
    with database.transaction() as session:
        with session.savepoint():
            numbers.give(session, "report")
            journal.note(session, NOW, "open", matter_id=1)
        with suppress(Undone), session.savepoint():
            with session.savepoint():
                numbers.give(session, "wish")
            journal.note(session, NOW, "open", matter_id=2)
            raise Undone

    with database.reading() as session:
        assert {row.names for row in session.all(numbers.Number, numbers.number.select())} == {"report"}
        assert len(journal.of_matter(session, 1)) == 1
        assert journal.of_matter(session, 2) == []


def test_what_was_gathered_before_survives_a_failure_that_had_it_written(database: Database) -> None:
    with database.transaction() as session:
        journal.note(session, NOW, "open", matter_id=1)
        with suppress(Undone), session.savepoint():
            session.flush()
            raise Undone

    with database.reading() as session:
        assert len(journal.of_matter(session, 1)) == 1


def test_numbers_taken_ahead_are_given_once_whatever_is_undone(database: Database) -> None:
    given: list[int] = []
    with database.transaction() as session:
        given += [numbers.give(session, "report") for _ in range(4)]
        with suppress(Undone), session.savepoint():
            for _ in range(9):
                numbers.give(session, "report")
            raise Undone
        given += [numbers.give(session, "report") for _ in range(9)]
    with database.transaction() as session:
        given.append(numbers.give(session, "report"))

    assert len(set(given)) == len(given)
    assert sorted(given) == given


def test_who_spoke_once_is_known_whatever_becomes_of_the_words(database: Database) -> None:
    known: list[int] = []

    def speaks(session: Session) -> None:
        account = people.add_account(session, channel="simulator", external="r1", name="", grid_id=None, now=NOW)
        known.append(account.id)

    with database.transaction() as session:
        with suppress(Undone), session.savepoint():
            speaks(session)
            journal.note(session, NOW, "accepted", matter_id=1)
            raise Undone
        speaks(session)
        assert known[0] == known[1]

    with database.reading() as session:
        assert people.get_account(session, known[0]).external == "r1"
        assert journal.of_matter(session, 1) == []


def test_taking_stock_of_an_import_changes_nothing_that_is_kept(database: Database, micro: int) -> None:
    with database.transaction() as session:
        bind(session, micro, "w1")
        journal.note(session, NOW, "accepted", matter_id=1)
        session.take_stock()
        assert staff_groups(session, micro) == ["w1"]

    with database.reading() as session:
        assert len(journal.of_matter(session, 1)) == 1
