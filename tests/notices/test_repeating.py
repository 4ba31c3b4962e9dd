"""定期通知: said in plain words, kept as a rule, sent at its hour, and ended by a word."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from handlers.notices import crons
from storage import notices, repeats
from storage.notices import notice as table
from storage.posts import post
from tests.notices.desk import GROUPS, HEAD, confirm, notice, told, wrote
from tests.stage import Stage

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY = "每周五下午3点 居民群 天热了，不要让孩子下河游泳"


def standing(stage: Stage) -> int:
    number = wrote(stage, FRIDAY)
    stage.does("press", confirm(stage, number).buttons[0][1], by=HEAD)
    return number


def made(stage: Stage) -> list[int]:
    with stage.database.reading() as session:
        sent = select(table.c.number).where(table.c.released_at.is_not(None)).order_by(table.c.number)
        return list(session.connection.execute(sent).scalars())


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("每周五下午3点", "0 15 * * fri"),
        ("每天早上8点半", "30 8 * * *"),
        ("每周一、三、五晚上7点", "0 19 * * mon,wed,fri"),
        ("每个工作日9点15分", "15 9 * * mon-fri"),
        ("每月1号和15号上午9点", "0 9 1,15 * *"),
        ("每星期天上午", "0 9 * * sun"),
        ("每逢周六20:30", "30 20 * * sat"),
        ("每周五", None),
        ("每天25点", None),
        ("下周五3点", None),
        ("每周五下午3点左右吧", None),
    ],
)
def test_rules_are_said_as_people_say_them(words: str, rule: str | None) -> None:
    assert crons.cron(words) == rule


def test_the_next_time_is_after_now_and_by_the_communitys_clock() -> None:
    friday = datetime(2026, 11, 27, 15, 0, tzinfo=ZONE)

    assert crons.after("0 15 * * fri", datetime(2026, 11, 23, 9, 30, tzinfo=ZONE), ZONE) == friday
    assert crons.after("0 15 * * fri", friday, ZONE) == datetime(2026, 12, 4, 15, 0, tzinfo=ZONE)


def test_it_is_sent_every_friday_each_time_under_a_number_of_its_own(stage: Stage) -> None:
    number = standing(stage)
    assert stage.last(HEAD).text.startswith(f"{number} 记下了，到时间自动发。")
    stage.pass_time(days=3)
    assert made(stage) == []
    stage.pass_time(days=14)

    first, second = made(stage)
    assert told(stage, first) == told(stage, second) == set(GROUPS)
    assert notice(stage, number).state == "standing"
    with stage.database.reading() as session:
        rule = repeats.of(session, number)
    assert rule is not None
    assert (rule.cron, rule.times, rule.latest) == ("0 15 * * fri", 2, second)


def test_stopped_it_is_sent_no_more(stage: Stage) -> None:
    number = standing(stage)
    stage.pass_time(days=5)

    assert stage.say(f"停发 {number}", by=HEAD) == [f"{number} 以后不再自动发了。"]
    stage.pass_time(days=30)
    assert len(made(stage)) == 1


def test_it_ends_when_it_says_so(stage: Stage) -> None:
    number = wrote(stage, FRIDAY)
    stage.say("截止 12月5日", by=HEAD)
    stage.does("press", confirm(stage, number).buttons[0][1], by=HEAD)

    stage.pass_time(days=30)

    assert len(made(stage)) == 2
    assert notice(stage, number).state == notices.ENDED


def test_whoever_has_lost_the_post_sends_nothing_more(stage: Stage) -> None:
    number = standing(stage)
    with stage.database.transaction() as session:
        session.run(post.update().values(until=stage.clock.now()))
        session.organization_changed()

    stage.pass_time(days=10)

    assert made(stage) == []
    assert stage.last(HEAD).text.startswith(f"定期通知 {number} 停了")
