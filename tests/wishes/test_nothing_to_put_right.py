"""Asked what a wish should be changed to: whoever changes their mind, or tells of something else, is let go."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published

WISH = "想借一辆轮椅用一个月"
ASKED = "要改成什么？"


def asked(stage: Stage) -> int:
    wish = published(stage, WISH)
    assert ASKED in stage.say(f"更正 {wish}", by="liguifang")[0]
    return wish


@pytest.mark.parametrize("words", ["算了", "不改了", "取消", "算了,不改了"])
def test_whoever_changes_their_mind_is_let_go(stage: Stage, words: str) -> None:
    asked(stage)

    stage.say(words, by="liguifang")

    assert not any(ASKED in said for said in stage.say("你好", by="liguifang"))


def test_a_fault_told_instead_is_reported(stage: Stage) -> None:
    asked(stage)

    said = stage.say("3栋2单元电梯停了，有人没得", by="liguifang")

    assert not any(ASKED in one for one in said), said
    assert any("1002" in one for one in said), said


def test_a_wish_that_was_taken_back_holds_nobody_up(stage: Stage) -> None:
    wish = asked(stage)
    stage.say(f"撤回 {wish}", by="liguifang")

    said = stage.say("1栋1单元电梯停了", by="liguifang")

    assert not any("不能更正" in one for one in said), said
    assert any("1002" in one for one in said), said


def test_what_it_should_be_is_still_heard(stage: Stage) -> None:
    asked(stage)

    assert not any(ASKED in one for one in stage.say("不是轮椅，是拐杖", by="liguifang"))
