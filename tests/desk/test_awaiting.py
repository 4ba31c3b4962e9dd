"""待办: what waits for somebody's yes before it reaches others is listed first."""

from tests.modes.test_modes import ASKS, DISTRICT, DISTRICT_2, HEAD, LEADER, at_war, number_in
from tests.notices.desk import confirm, wrote
from tests.stage import Stage


def test_a_war_order_that_waits_is_first(stage: Stage) -> None:
    number = number_in(stage.say(ASKS, by=HEAD)[0])
    stage.say(f"启动战时 {number}", by=HEAD)

    said = stage.say("待办", by=LEADER)

    assert said[0].startswith("等您同意的，先看这个：")
    assert f"{number} 锦绣社区转战时" in said[0]
    assert f"同意战时 {number}" in said[0]
    assert "歇会儿" not in "".join(said)


def test_so_is_one_that_is_to_hold_longer(stage: Stage) -> None:
    number = at_war(stage)
    stage.say(f"延长战时 {number} 6小时", by=HEAD)

    assert "锦绣社区战时延长" in stage.say("待办", by=LEADER)[0]


def test_and_a_notice_that_waits_for_a_second_person(stage: Stage) -> None:
    at_war(stage)
    number = wrote(stage)
    sure = confirm(stage, number)
    stage.does("press", sure.buttons[0][1], by=HEAD)

    said = stage.say("待办", by=LEADER)[0]

    assert f"{number} 通知：" in said
    assert f"同意 {number}" in said
    stage.say(f"同意 {number}", by=LEADER)
    assert "等您同意" not in "".join(stage.say("待办", by=LEADER))


def test_and_a_mobilization_of_the_whole_district(stage: Stage) -> None:
    stage.say("动员 防汛", by=DISTRICT)
    shown = stage.last(DISTRICT)
    stage.tap(shown, shown.buttons[0][0], by=DISTRICT)

    assert "动员：" in stage.say("待办", by=DISTRICT_2)[0]


def test_matters_follow_and_the_author_is_not_asked(stage: Stage) -> None:
    stage.say("3栋2单元电梯又停了", by="chenhao", chat="g-jinxiu-2")
    number = number_in(stage.say(ASKS, by=HEAD)[0])
    stage.say(f"启动战时 {number}", by=HEAD)

    assert "等您同意" not in "".join(stage.say("待办", by=HEAD))
    assert "等您同意" not in "".join(stage.say("待办", by="hanmei"))
    assert "等您办的事" in stage.say("待办", by="hanmei")[0]
