"""One of many values in one parameter: found by the index, on both databases."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Integer, String, literal_column, select

from storage import asked, chats, inbox, matters, people, posts, schema
from storage.among import among
from storage.asked import asked as questions
from storage.database import Database

ALWAYS_ASKED = (
    asked.WAITING,
    chats.BY_IDENTITY,
    inbox.SEEN,
    matters.ALIKE_OF_MANY,
    matters.NEWEST,
    people.ACCOUNTS_BY_IDENTITY,
    posts.OF_PEOPLE,
    posts.SEATS_IN_GRIDS,
)


@pytest.mark.parametrize(
    "said", [[], ["a"], ["a", "q'uote", 'd"ouble', "家 [1]", "\\"], [f"k{n}" for n in range(3000)]]
)
def test_words_are_found_as_they_are(database: Database, said: list[str]) -> None:
    there = select(literal_column("'家 [1]'", String).label("word")).subquery()
    with database.reading() as session:
        found = session.all(str, select(there.c.word).where(among(there.c.word, "words")), {"words": said})
    assert bool(found) == ("家 [1]" in said)


def test_numbers_are_found_by_their_worth(database: Database) -> None:
    there = select(literal_column("7", Integer).label("number")).subquery()
    with database.reading() as session:
        one = select(there.c.number).where(among(there.c.number, "numbers"))
        assert session.all(int, one, {"numbers": [2**40, 7]})
        assert not session.all(int, one, {"numbers": []})


def test_it_stands_beside_other_conditions(database: Database) -> None:
    there = select(literal_column("7", Integer).label("number")).subquery()
    either = (among(there.c.number, "numbers") & (there.c.number < 7)) | ~among(there.c.number, "others")
    with database.reading() as session:
        assert session.all(int, select(there.c.number).where(either), {"numbers": [7], "others": [8]})
        assert not session.all(int, select(there.c.number).where(either), {"numbers": [7], "others": [7]})


@pytest.mark.parametrize("statement", ALWAYS_ASKED)
def test_what_every_transaction_asks_goes_through_no_whole_table(tmp_path: Path, statement: Any) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    schema.upgrade(database)
    words = str(statement.compile(dialect=database.engine.dialect))
    with database.reading() as session:
        plan = session.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", ("[]",) * words.count("?")).all()
    database.close()
    walked = [str(row[3]) for row in plan if str(row[3]).startswith("SCAN")]
    names = {table.name for table in questions.metadata.sorted_tables}
    assert not [step for step in walked if step.split()[1] in names]
