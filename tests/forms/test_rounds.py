"""A filing that was kept before there was a clock is asked after from the next chosen day on."""

from handlers.forms import calling, rounds
from storage import timers
from storage.database import Database
from tests.forms.speaking import WHO, filed, said
from tests.stage import Stage, settled_on

ALONE = ("报备 独居平安 给我自己,3栋2单元501,女儿李梅13811112222", "{}", "跳过", "确认")


def kept(stage: Stage, often: str = "每天") -> None:
    """Kept, and nothing waits for it, as it was before."""
    said(stage, *(line.format(often) for line in ALONE))
    row = filed(stage)
    assert row.state == "kept"
    with stage.database.transaction() as session:
        timers.disarm(session, calling.CALL, row.id)


def start(stage: Stage) -> None:
    """As the program does when it begins."""
    with stage.database.transaction() as session:
        rounds.begin(session, stage.clock.now())


def asks(stage: Stage, **how_much: float) -> int:
    """How often it is asked while this much time passes."""
    heard = stage.pass_time(**how_much)
    return sum("safe_ok" in press for one in heard if one.target == WHO for _, press in one.buttons)


def test_it_gets_its_clock_when_the_program_begins(stage: Stage) -> None:
    kept(stage)
    assert asks(stage, days=1) == 0

    start(stage)
    assert asks(stage, days=1) == 1


def test_beginning_often_asks_no_more_often(stage: Stage) -> None:
    kept(stage)
    for _ in range(3):
        start(stage)
        stage.pass_time(minutes=1)

    assert asks(stage, hours=24) == 1


def test_it_is_found_in_the_daily_round_too(stage: Stage) -> None:
    start(stage)
    stage.pass_time(minutes=1)
    kept(stage)

    assert asks(stage, days=1) == 1


def test_a_clock_that_goes_is_left_alone(stage: Stage) -> None:
    said(stage, *(line.format("每天") for line in ALONE))
    start(stage)

    assert asks(stage, days=1) == 1


def test_whoever_wants_no_question_gets_none(stage: Stage) -> None:
    kept(stage, "不用定时问")
    start(stage)

    assert asks(stage, days=3) == 0


def test_so_it_is_on_either_database(database: Database) -> None:
    stage = settled_on(database)
    kept(stage)
    start(stage)

    assert asks(stage, days=1) == 1
