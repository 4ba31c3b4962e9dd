"""The forms of a plan: whoever has come looks into them, neighbours are asked once it is over, and nobody in a drill."""

from tests.stage import Stage

HEAD, LEADER, GROUP = "linruoyun", "hanmei", "g-jinxiu-2"


def ordered(stage: Stage, words: str = "动员 防汛") -> str:
    number = stage.say(words, by=HEAD)[0].split("预览")[0][-5:].strip()
    stage.say(f"动员 {number}", by=HEAD)
    stage.pass_time(seconds=1)
    return number


def over(stage: Stage, number: str) -> str:
    stage.say(f"解除 {number}", by=HEAD)
    stage.tap(stage.last(HEAD), "确认解除", by=HEAD)
    stage.pass_time(seconds=1)
    return stage.last(GROUP, group=True).text


def test_whoever_has_come_and_may_read_it_is_told_where_to_look_and_not_to_fill_it_in(stage: Stage) -> None:
    ordered(stage)

    assert "家庭情况" not in stage.say("收到", by=LEADER)[0]
    [arrived] = stage.say("到了", by=LEADER)
    assert "谁家要先帮，发：查报备 家庭情况" in arrived
    assert "请填" not in arrived
    assert "家庭情况" in stage.say("查报备 家庭情况", by=LEADER)[0] or "还没有" in stage.last(LEADER).text


def test_whoever_may_not_read_it_is_not_sent_there(stage: Stage) -> None:
    ordered(stage)

    assert "报备" not in stage.say("到岗", by="majianguo")[0]


def test_neighbours_are_asked_once_it_is_over_and_not_in_the_danger(stage: Stage) -> None:
    number = ordered(stage)
    assert "家庭情况" not in stage.last(GROUP, group=True).text

    assert "还没登记家庭情况的，有空私聊跟小格说“报备 家庭情况”" in over(stage, number)


def test_in_a_drill_neighbours_are_asked_for_nothing(stage: Stage) -> None:
    number = ordered(stage, "演练 防汛")

    said = over(stage, number)
    assert "【演练】" in said
    assert "家庭情况" not in said


def test_a_plan_without_forms_asks_for_none(stage: Stage) -> None:
    assert "登记" not in over(stage, ordered(stage, "动员 火灾"))
