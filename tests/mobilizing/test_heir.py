"""Whoever cannot come may say in a second sentence who goes instead; nobody else's words are taken for that."""

import pytest

from tests.mobilizing.test_mobilizing import mobilized
from tests.stage import Stage

NO = "来不了"


@pytest.mark.parametrize(
    "words",
    ["让李雷去", "李雷替我", "李雷去", "让李雷来吧", "我让李雷去了", "叫李雷去嘛", "李雷", "换李雷", "喊李雷去"],
)
def test_a_name_after_the_no_is_handed_over_to(stage: Stage, words: str) -> None:
    mobilized(stage, "演练 防汛")
    stage.say(NO, by="hanmei")

    assert "已请李雷替您去" in stage.say(words, by="hanmei")[-1]
    assert any("替" in told.text or "顶" in told.text for told in stage.hears("lilei"))


def test_a_name_nobody_has_is_asked_after_and_becomes_no_matter(stage: Stage) -> None:
    mobilized(stage, "演练 防汛")
    stage.say(NO, by="hanmei")

    told = stage.say("让王不留去", by="hanmei")[-1]

    assert "王不留" in told
    assert stage.say("待办", by="hanmei") != []


@pytest.mark.parametrize("words", ["马上去", "电梯停了", "楼道灯坏了", "李雷电话多少"])
def test_other_words_after_the_no_are_what_they_are(stage: Stage, words: str) -> None:
    mobilized(stage, "演练 防汛")
    stage.say(NO, by="hanmei")

    assert not any("替您去" in told or "没有找到" in told for told in stage.say(words, by="hanmei"))


def test_without_a_no_a_name_is_a_name(stage: Stage) -> None:
    mobilized(stage, "演练 防汛")

    assert not any("替您去" in told for told in stage.say("让李雷去", by="hanmei"))


def test_long_after_the_no_a_name_is_a_name(stage: Stage) -> None:
    mobilized(stage, "演练 防汛")
    stage.say(NO, by="hanmei")
    stage.pass_time(minutes=45)

    assert not any("替您去" in told for told in stage.say("李雷去", by="hanmei"))
