"""Clocks and the ladder: somebody is rung until somebody has it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.stage import Stage

GROUP = "g-jinxiu-2"
LAMP = "3栋1单元楼道灯坏了"
BEIJING = ZoneInfo("Asia/Shanghai")


def test_before_the_limit_the_owner_is_reminded_in_private(stage: Stage) -> None:
    stage.say(LAMP, by="liguifang", chat=GROUP)
    limit = stage.matter(1001).accept_by
    assert limit is not None

    heard = stage.pass_time(seconds=(limit - stage.clock.now()).total_seconds() - 60)

    assert [(one.target, one.private) for one in heard] == [("hanmei", True)]
    assert "快到时限" in heard[0].text


def test_after_the_limit_deputy_level_above_and_guarantor_are_rung_in_turn(stage: Stage) -> None:
    stage.say("3栋2单元电梯又停了", by="liguifang", chat=GROUP)

    heard = stage.pass_time(hours=3)

    order = list(dict.fromkeys(one.target for one in heard if "还没有动静" in one.text))
    places = [
        order.index(who) for who in ("wangyang", "zhoujianhua", "linruoyun", "duwenbin", "shenliqun", "songminghui")
    ]
    assert places == sorted(places)


def test_once_accepted_nobody_else_is_rung_until_the_next_limit(stage: Stage) -> None:
    stage.say("3栋2单元电梯又停了", by="liguifang", chat=GROUP)
    stage.say("接单 1001", by="hanmei")

    assert {heard.target for heard in stage.pass_time(minutes=25)} == {"hanmei"}  # a reminder
    late = stage.pass_time(minutes=10)
    assert {one.target for one in late} == {"hanmei", "wangyang"}


def test_an_old_matter_wakes_nobody_at_night(stage: Stage) -> None:
    stage.say("3栋2单元电梯又停了", by="liguifang", chat=GROUP)
    stage.pass_time(hours=26)

    night = datetime(2026, 11, 24, 22, 30, tzinfo=BEIJING)
    stage.pass_time(seconds=(night - stage.clock.now()).total_seconds())
    heard = stage.pass_time(hours=8)

    assert heard == []
    assert stage.pass_time(hours=2) != []


def test_limits_in_working_time_skip_the_weekend(stage: Stage) -> None:
    friday = datetime(2026, 11, 27, 17, 20, tzinfo=BEIJING)
    stage.clock.move_to(friday)
    stage.say(LAMP, by="liguifang", chat=GROUP)

    limit = stage.matter(1001).accept_by

    assert limit is not None
    assert limit.astimezone(BEIJING).date() == datetime(2026, 11, 30, tzinfo=BEIJING).date()


def test_catching_up_after_downtime_says_it_in_one_word(stage: Stage) -> None:
    for floor in range(6):
        stage.say(f"{floor + 1}楼楼道灯坏了", by="liguifang", chat=GROUP)
        stage.clock.move_to(stage.clock.now() + timedelta(minutes=20))
    before = len(stage.heard())
    stage.clock.move_to(stage.clock.now() + timedelta(days=3))

    while stage.tick():
        pass

    words = stage.heard()[before:]
    to_owner = [one for one in words if one.target == "hanmei"]
    assert len(to_owner) == 1
    assert "6 件到点的事" in to_owner[0].text


def test_at_the_top_of_the_ladder_the_calls_grow_seldom_but_never_end(stage: Stage) -> None:
    stage.say("3栋2单元电梯又停了", by="liguifang", chat=GROUP)
    stage.pass_time(days=3)

    assert 1 <= len(stage.pass_time(days=4)) < 40
    assert stage.matter(1001).deadline is not None


def test_at_night_the_night_shift_is_asked(stage: Stage) -> None:
    stage.clock.move_to(datetime(2026, 11, 23, 22, 0, tzinfo=BEIJING))
    stage.say("报事 物业办公室门口路灯坏了", by="zhoujianhua", chat="w-jinxiu-1")

    assert "夜班" in stage.matter(1001).route
    assert "1001" in stage.last("dingtao").text


def test_who_has_accepted_is_not_said_to_do_nothing(stage: Stage) -> None:
    stage.say("3栋2单元电梯又停了", by="liguifang", chat=GROUP)
    stage.say("接单 1001", by="hanmei")
    stage.pass_time(minutes=40)

    assert "韩梅已接单，还没办完" in stage.last("wangyang").text


def test_reports_of_the_same_minutes_are_reminded_of_in_one_message(stage: Stage) -> None:
    stage.pass_time(seconds=30)
    for floor in range(5):
        stage.say(f"{floor + 1}楼楼道灯坏了", by="liguifang", chat=GROUP)
        stage.pass_time(seconds=20)

    reminders = [one for one in stage.pass_time(hours=1, minutes=50) if one.target == "hanmei"]

    assert len(reminders) == 1
    assert "5 件到点的事" in reminders[0].text


def test_at_night_an_urgent_matter_of_the_night_shift_still_reaches_the_leader(stage: Stage) -> None:
    stage.clock.move_to(datetime(2026, 11, 23, 23, 0, tzinfo=BEIJING))
    stage.say("报事 3栋2单元水管爆了 水往楼道流", by="liguifang", chat=GROUP)

    heard = stage.pass_time(minutes=20)

    assert "hanmei" in {one.target for one in heard} | {one.target for one in stage.heard()}
