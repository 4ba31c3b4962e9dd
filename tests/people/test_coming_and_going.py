"""Neighbours who come into a group or leave it: what is known of where they live, and not a word about it."""

from sqlalchemy import func, select

from storage import chats, grids, people
from tests.codes.test_codes import code_of
from tests.stage import CHANNEL, Stage

GROUP, OTHERS, STAFF = "g-jinxiu-2", "g-jinxiu-3", "w-jinxiu-1"
NEWCOMER = "a-neighbour"
"""Stands in no workbook."""


def home(stage: Stage, who: str = NEWCOMER) -> str | None:
    """The code of the grid to which the account belongs, as far as is known."""
    with stage.database.reading() as session:
        grid = people.by_identity(session, [(CHANNEL, who)])[CHANNEL, who].grid_id
        return None if grid is None else grids.get(session, grid).code


def of_group(stage: Stage, group: str) -> str:
    with stage.database.reading() as session:
        grid = chats.by_identity(session, [(CHANNEL, group)])[CHANNEL, group].grid_id
        assert grid is not None
        return grids.get(session, grid).code


def known(stage: Stage) -> int:
    with stage.database.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(people.account)).scalar_one()


def test_who_moves_to_another_group_belongs_there(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=NEWCOMER, chat=GROUP)
    assert home(stage) == of_group(stage, GROUP)

    assert stage.does("went", by=NEWCOMER, chat=GROUP) == []
    assert home(stage) is None
    assert stage.does("came", by=NEWCOMER, chat=OTHERS) == []
    assert home(stage) == of_group(stage, OTHERS)


def test_who_comes_first_and_leaves_the_old_group_later_belongs_to_the_new_one(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=NEWCOMER, chat=GROUP)

    stage.does("came", by=NEWCOMER, chat=OTHERS)
    stage.does("went", by=NEWCOMER, chat=GROUP)

    assert home(stage) == of_group(stage, OTHERS)


def test_who_never_spoke_to_the_bot_is_not_remembered_for_coming(stage: Stage) -> None:
    before = known(stage)

    assert stage.does("came", by=NEWCOMER, chat=GROUP) == []
    assert stage.does("went", by=NEWCOMER, chat=GROUP) == []

    assert known(stage) == before


def test_whom_the_workbook_knows_stays_where_it_says(stage: Stage) -> None:
    before = home(stage, "hanmei")

    stage.does("went", by="hanmei", chat=GROUP)
    stage.does("came", by="hanmei", chat=OTHERS)

    assert home(stage, "hanmei") == before


def test_a_staff_group_says_nothing_of_where_people_live(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=NEWCOMER, chat=GROUP)

    stage.does("came", by=NEWCOMER, chat=STAFF)
    stage.does("went", by=NEWCOMER, chat=STAFF)

    assert home(stage) == of_group(stage, GROUP)


def test_a_group_of_which_nothing_is_known_is_still_unknown(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=NEWCOMER, chat=GROUP)

    assert stage.does("came", by=NEWCOMER, chat="g-new") == []

    assert home(stage) == of_group(stage, GROUP)


def test_whose_door_is_known_by_its_code_still_lives_there(stage: Stage) -> None:
    stage.does("scan", code_of(stage, "3", "2"), by=NEWCOMER)
    before = home(stage)

    stage.does("went", by=NEWCOMER, chat=GROUP)
    stage.does("came", by=NEWCOMER, chat=OTHERS)

    assert home(stage) == before == of_group(stage, GROUP)
