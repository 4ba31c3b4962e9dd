"""A census under load and beside everything else: nothing lost, nothing asked of the database for talk, stopped at once."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import event, func, select

from bot.batch import Batch
from bot.message import Incoming
from storage import census, erasing, grids, people
from storage.census import Completeness, Part, census_answer
from storage.database import Database
from storage.kit import Paper
from storage.matters import matter
from storage.people import household
from tests.census.test_census import GROUP, LEADER, MICRO, SECRETARY, begun, done
from tests.stage import Stage, settled_on, submit_all

GROUPS = ("g-jinxiu-1", "g-jinxiu-2", "g-jinxiu-3")


@pytest.fixture
def either_stage(database: Database) -> Stage:
    return settled_on(database)


def said(text: str, by: str, chat: str, at: datetime) -> Incoming:
    return Incoming("simulator", f"{by} {text}", by, chat, at, text=text, sender_name=by)


def statements(stage: Stage, messages: Sequence[Incoming]) -> list[str]:
    """What the database is asked for these messages in one transaction."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(stage.database.engine, "before_cursor_execute", note)
    with stage.database.transaction() as session:
        batch = Batch(stage.kit, session, messages)
        for one in messages:
            batch.handle(one)
    event.remove(stage.database.engine, "before_cursor_execute", note)
    return asked


def test_all_households_of_three_groups_answer_at_once_and_none_is_lost(either_stage: Stage) -> None:
    stage = either_stage
    number = begun(stage)
    with stage.database.reading() as session:
        doors = session.connection.execute(
            select(household.c.building, household.c.unit, household.c.room, household.c.id)
        ).all()
    messages = [
        said(f"{b}-{u}-{room} 3人平安", f"n{at}", GROUPS[(int(b) - 1) // 2], stage.clock.now())
        for b, u, room, at in doors
    ]

    submit_all(stage.database, stage.kit, [*messages, *messages[:40]])

    counted = done(stage, number, "519901001001")
    assert (counted.expected, counted.answered, counted.people) == (144, 144, 432)
    assert (counted.unlisted, counted.conflicts, counted.missing) == (0, 0, 0)


def test_talk_costs_no_statement_more_while_a_census_runs(stage: Stage) -> None:
    def talk(first: str) -> list[Incoming]:
        words = ("今晚吃什么", "谁家的猫", "谢谢大家")
        return [said(f"{text}{first}", "王奶奶", GROUP, stage.clock.now()) for text in words]

    stage.say("大家好", by="王奶奶", chat=GROUP)
    statements(stage, talk(""))
    before = statements(stage, talk("呀"))
    begun(stage)
    statements(stage, talk("啊"))

    assert statements(stage, talk("哈")) == before


def test_answers_of_one_batch_are_written_in_one_statement(stage: Stage) -> None:
    begun(stage)
    stage.say("3-1-101 2人平安", by="王奶奶", chat=GROUP)
    answers = [said(f"3-1-{room} 2人平安", "王奶奶", GROUP, stage.clock.now()) for room in (102, 201, 202, 301)]

    writes = [one for one in statements(stage, answers) if "INTO census_answer" in one]

    assert len(writes) == 1


def test_what_came_on_paper_counts_once_and_its_needs_become_matters(either_stage: Stage) -> None:
    stage = either_stage
    number = begun(stage)
    with stage.database.transaction() as session:
        ids = list(session.connection.execute(select(household.c.id).order_by(household.c.id).limit(3)).scalars())
        rows = [
            Paper(1, ids[0], 3, True, "", ""),
            Paper(1, ids[1], 2, None, "老人要透析", ""),
            Paper(1, ids[2], None, None, "", "没人开门"),
            Paper(1, 999_999, 3, True, "", ""),
        ]
        census.enter_answers(session, number, rows, None, stage.clock.now())
        entered = census.enter_answers(session, number, rows, None, stage.clock.now())
    assert entered == {"entered": 3, "unknown": 1}
    counted = done(stage, number, "519901001001")
    assert (counted.answered, counted.need, counted.people) == (2, 1, 5)

    stage.pass_time(minutes=2)

    with stage.database.reading() as session:
        kept = session.connection.execute(select(matter.c.text, matter.c.category, matter.c.urgency)).all()
    assert [tuple(row) for row in kept] == [("老人要透析", "health", "urgent")]


def test_a_stopped_census_takes_no_answer_and_says_no_more(stage: Stage) -> None:
    number = begun(stage)
    stage.say(f"停发 {number}", by=SECRETARY)
    many = len(stage.hears(LEADER))

    assert stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP) == []
    stage.pass_time(minutes=61)

    assert done(stage, number).answered == 0
    assert len(stage.hears(LEADER)) == many


def test_a_run_that_fits_two_micro_grids_is_asked_about(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3楼全部平安", by="wangyang")
    asked = stage.last("wangyang")
    assert "好几个网格里都有" in asked.text

    stage.tap(asked, "锦绣花园3-4栋", by="wangyang")

    assert done(stage, number).answered == 8
    assert done(stage, number, "519901001001001001").answered == 0


def test_a_leader_enters_nothing_outside_the_own_grid(stage: Stage) -> None:
    number = begun(stage)
    stage.say("1栋1单元都好", by=LEADER)
    stage.does("press", f"census_rest {number} 1 yes", by=LEADER)
    assert done(stage, number, "519901001001001001").answered == 0


def test_the_door_of_an_erased_account_stays_and_its_words_go(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP)
    with stage.database.transaction() as session:
        account = people.by_identity(session, [("simulator", "王奶奶")])["simulator", "王奶奶"]
        erasing.erase(session, account, stage.clock.now())
    assert done(stage, number).answered == 1
    with stage.database.reading() as session:
        assert session.one(int, select(func.count()).where(census_answer.c.words != "")) == 0


def test_words_are_forgotten_some_weeks_after(stage: Stage) -> None:
    begun(stage)
    stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP)
    stage.pass_time(days=32)
    with stage.database.reading() as session:
        assert session.connection.execute(select(census_answer.c.words)).scalars().all() == [""]


def test_a_part_of_the_subtree_is_counted_for_itself(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3-2-501 4人平安", by="王奶奶", chat=GROUP)
    with stage.database.reading() as session:
        own = grids.by_code(session, MICRO)
        assert own is not None
        each = census.by_grid(session, number, Part("519901001001", (own.id,)))
    assert [one.answered for one in each.values() if one != Completeness()] == [1]
