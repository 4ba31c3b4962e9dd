"""确认 and 是 are said to what was asked: no wish comes true, and no telephone is told, by a word that was meant otherwise."""

from collections.abc import Callable

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed, published, wished
from tests.wishes.test_yes_and_no import reached

WHO = "liguifang"


@pytest.mark.parametrize("words", ["确认", "确认。", "嗯，确认"])
def test_confirming_while_the_contact_is_asked_for_grants_nothing(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert "没听准" in stage.say(words, by=WHO)[0]
    assert stage.matter(number).state == "claimed"
    assert not reached(stage)
    assert not any("圆了" in one.text for one in stage.hears("chenhao"))


@pytest.mark.parametrize("words", ["确认", "满意", "解决了"])
def test_confirming_what_nobody_says_is_done_is_asked_about(stage: Stage, words: str) -> None:
    number = claimed(stage)
    stage.say("可以告诉", by=WHO)

    asked = stage.does("text", words, by=WHO)[0]
    assert "算圆梦了，还是还没有" in asked.text
    assert stage.matter(number).state == "claimed"
    stage.tap(asked, "圆梦了", by=WHO)
    assert stage.matter(number).state == "closed"


def test_said_with_its_number_it_came_true(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"圆梦 {number}", by=WHO)

    assert stage.matter(number).state == "closed"


@pytest.mark.parametrize("before", [wished, published])
def test_nothing_is_confirmed_of_a_wish_nobody_has(stage: Stage, before: Callable[[Stage], int]) -> None:
    number = before(stage)
    state = stage.matter(number).state
    stage.say("确认", by=WHO)

    assert stage.matter(number).state == state


@pytest.mark.parametrize("words", ["是", "确认", "好的", "可以", "嗯"])
def test_a_yes_to_how_to_delete_is_asked_again_and_nothing_else_is_done(stage: Stage, words: str) -> None:
    number = claimed(stage)
    assert "怎么删" in stage.say("把我的资料都删了", by=WHO)[0]

    assert "怎么删" in stage.say(words, by=WHO)[0]
    assert stage.matter(number).state == "claimed"
    assert not reached(stage)
