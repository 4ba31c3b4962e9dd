"""Thanks are the wisher's own words of thanks: a short yes is none, a door in them makes no report, a report is none."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed, published

WHO = "liguifang"
REAL = "真的太谢谢小伙子了，字典很好用"
WITH_A_DOOR = [
    "谢谢小李帮我修灯，下次来3栋501喝茶",
    "多谢小伙子把灯泡换了，有空来3栋2单元501耍",
    "感谢帮我修灯，我电话13812345678，常联系",
    "谢谢师傅，3栋2单元501随时欢迎",
]


def came_true(stage: Stage, *said: str) -> int:
    """The wisher was asked for thanks."""
    number = claimed(stage)
    stage.say("可以", by=WHO)
    stage.say(f"圆梦 {number}", by="chenhao")
    for line in said:
        stage.say(line, by=WHO)
    return number


def thanked(stage: Stage) -> list[str]:
    """What the helper heard as thanks."""
    return [heard.text for heard in stage.hears("chenhao") if "的邻居谢谢您" in heard.text]


@pytest.mark.parametrize("words", ["是的", "嗯嗯", "可以告诉", "好的", "对", "要得", "行嘛", "可以", "哦哦", "等一下"])
def test_a_short_yes_is_no_thanks_and_the_real_ones_are_passed_on(stage: Stage, words: str) -> None:
    came_true(stage, "圆梦了", words)
    assert thanked(stage) == []

    assert stage.say(REAL, by=WHO) == ["您的谢意带到了。"]
    assert REAL in thanked(stage)[0]


@pytest.mark.parametrize("words", ["是的", "嗯", "可以", "要得"])
def test_asked_whether_words_are_to_be_passed_on_a_yes_passes_them_on(stage: Stage, words: str) -> None:
    claimed(stage)
    stage.say("可以", by=WHO)
    assert "要带给帮忙的邻居吗" in stage.say("字典收到了，谢谢小伙子", by=WHO)[0]

    stage.say(words, by=WHO)
    assert "字典收到了，谢谢小伙子" in thanked(stage)[0]


@pytest.mark.parametrize("words", ["不用", "算了", "不用了"])
def test_no_thanks_are_wanted(stage: Stage, words: str) -> None:
    came_true(stage, "圆梦了", words)

    assert thanked(stage) == []
    stage.say("今天天气不错", by=WHO)
    assert thanked(stage) == []


@pytest.mark.parametrize("words", WITH_A_DOOR)
def test_thanks_with_a_door_or_a_number_are_thanks_without_them(stage: Stage, words: str) -> None:
    number = came_true(stage, "圆梦了", words)

    heard = thanked(stage)
    assert len(heard) == 1
    assert not any(secret in heard[0] for secret in ("501", "13812345678", "3栋"))
    assert "1002" not in "".join(one.text for one in stage.heard())
    assert stage.matter(number).state == "closed"


@pytest.mark.parametrize("words", WITH_A_DOOR)
def test_thanks_with_a_door_are_no_complaint_while_it_is_asked_whether_it_came(stage: Stage, words: str) -> None:
    number = came_true(stage, words)

    assert stage.matter(number).state == "granted"
    assert not any("还没有好" in one.text for one in stage.hears("chenhao"))
    assert "要带给帮忙的邻居吗" in stage.say("圆梦了", by=WHO)[0]
    stage.say("要得", by=WHO)
    assert len(thanked(stage)) == 1


@pytest.mark.parametrize("words", ["谢谢小李，可是灯还是不亮", "谢谢，不过灯又坏了"])
def test_a_complaint_with_thanks_is_a_complaint(stage: Stage, words: str) -> None:
    number = published(stage, "想找人帮我修一下灯")
    for line, who in ((f"认领 {number}", "chenhao"), (f"圆梦 {number}", "chenhao"), (words, WHO)):
        stage.say(line, by=who)

    assert "还没有好" in stage.last("chenhao").text


@pytest.mark.parametrize("words", WITH_A_DOOR)
def test_nobody_was_asked_for_thanks_and_nothing_goes_on_unasked(stage: Stage, words: str) -> None:
    number = claimed(stage)
    stage.say("可以", by=WHO)
    stage.say(words, by=WHO)

    assert thanked(stage) == []
    assert stage.matter(number).state == "claimed"
    assert "1002" not in "".join(one.text for one in stage.heard())


@pytest.mark.parametrize("words", ["谢谢哈，对了3栋2单元电梯停了", "谢谢，3栋2单元楼道灯又坏了"])
def test_a_report_beside_thanks_is_not_lost_among_them(stage: Stage, words: str) -> None:
    came_true(stage, "圆梦了")

    asked = stage.does("text", words, by=WHO)[0]
    assert thanked(stage) == []
    stage.tap(asked, "报给社区", by=WHO)
    assert "编号 1002" in stage.last(WHO).text
