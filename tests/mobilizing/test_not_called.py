"""别找我 of somebody who is called is a refusal to come, and no danger; with signs of despair it stays one."""

import pytest

from tests.mobilizing.test_mobilizing import mobilized
from tests.stage import Stage

REFUSALS = [
    "别找我",
    "莫找我",
    "别找我了",
    "我下班了，别找我",
    "你们别找我了",
    "不要找我嘛",
    "莫喊我",
    "找别人嘛，别找我",
]


@pytest.mark.parametrize("words", REFUSALS)
def test_whoever_was_called_hands_over(stage: Stage, words: str) -> None:
    mobilized(stage)

    assert "您来不了" in stage.say(words, by="lilei")[0]


def test_somebody_else_may_be_named_with_it(stage: Stage) -> None:
    mobilized(stage)

    assert "已请汪洋替您去" in stage.say("别找我，请汪洋替我", by="lilei")[0]


@pytest.mark.parametrize("words", REFUSALS)
def test_among_neighbours_it_is_silence(stage: Stage, words: str) -> None:
    assert stage.say(words, by="liguifang", chat="g-jinxiu-2") == []
    mobilized(stage)
    assert stage.say(words, by="liguifang", chat="g-jinxiu-2") == []


@pytest.mark.parametrize("words", [*REFUSALS, "别叫我", "求求你们别找我"])
def test_nobody_is_rung_and_it_is_no_offer(stage: Stage, words: str) -> None:
    said = "".join(stage.say(words, by="liguifang"))

    assert "110" not in said
    assert "热心" not in said
    assert not any("【紧急】" in heard.text for heard in stage.heard())


@pytest.mark.parametrize(
    "words", ["永别了，别找我了", "别找我 我不想活了", "别找我了，永别了", "下辈子再做邻居，莫找我"]
)
def test_with_signs_of_despair_it_is_one(stage: Stage, words: str) -> None:
    stage.say(words, by="liguifang")

    assert any("【紧急】" in heard.text for heard in stage.heard())


@pytest.mark.parametrize(
    "words", ["谢谢你们这几年照顾 猫放在门口了 别找我", "爸妈对不起，别找我了", "活着太累了,今晚就结束,别找我"]
)
def test_a_farewell_without_those_words_is_one_too(stage: Stage, words: str) -> None:
    stage.say(words, by="liguifang")

    assert any("【紧急】" in heard.text for heard in stage.heard())
