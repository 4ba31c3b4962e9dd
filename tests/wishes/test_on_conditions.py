"""A yes on a condition: asked once what exactly would be told, and nothing beside it is."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed
from tests.wishes.test_favours import posted
from tests.wishes.test_yes_and_no import PHONE, reached

NAME = "李桂芳"


@pytest.mark.parametrize(
    "words",
    [
        "只给电话",
        "可以打电话,但别告诉别人名字",
        "可以，但是别说名字",
        "电话可以给,门牌莫给",
        "给他电话就行",
        "只给电话，不要给地址",
        "可以打电话",
        "可以,只要不说我住哪",
        "光给个电话嘛，名字就算了",
    ],
)
def test_only_what_was_named_is_told_after_one_question_that_says_so(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert stage.say(words, by="liguifang") == [f"心愿 {number}，只把电话告诉这位邻居，称呼和门牌不说，这样行吗？"]
    assert not reached(stage)
    assert "只把电话告诉了" in stage.say("行", by="liguifang")[0]

    assert reached(stage)
    assert NAME not in stage.last("chenhao").text


def test_the_same_condition_said_again_is_a_yes_to_it(stage: Stage) -> None:
    claimed(stage)
    stage.say("只给电话", by="liguifang")
    stage.say("只给电话", by="liguifang")

    assert reached(stage)
    assert NAME not in stage.last("chenhao").text


def test_a_name_and_a_phone_without_the_door(stage: Stage) -> None:
    claimed(stage)

    assert "只把称呼和电话告诉" in stage.say("电话和名字可以给，门牌别给", by="liguifang")[0]
    stage.tap(stage.last("liguifang"), "行，就说这些", by="liguifang")
    assert f"{NAME} {PHONE}" in stage.last("chenhao").text


def test_after_a_condition_a_no_is_a_no(stage: Stage) -> None:
    claimed(stage)
    stage.say("只给电话", by="liguifang")

    assert "好的，不告诉" in stage.say("算了", by="liguifang")[0]
    assert not reached(stage)


def test_what_stays_unclear_is_asked_once_more_and_not_again_and_again(stage: Stage) -> None:
    claimed(stage)
    asked = [stage.say("可以的,不过先等一下", by="liguifang")[0] for _ in range(3)]

    assert "没听准您的意思" in asked[0]
    assert all("先不告诉" in heard for heard in asked[1:])
    assert not reached(stage)
    stage.say("可以", by="liguifang")
    assert reached(stage)


@pytest.mark.parametrize("words", ["1", "1吧", "第一个", "选1", "就第一个嘛"])
def test_the_buttons_number_is_its_answer_however_it_is_said(stage: Stage, words: str) -> None:
    claimed(stage)

    stage.say(words, by="liguifang")

    assert reached(stage)


@pytest.mark.parametrize("words", ["2", "2吧", "第二个"])
def test_the_second_button_is_the_no(stage: Stage, words: str) -> None:
    claimed(stage)

    assert "不告诉" in stage.say(words, by="liguifang")[0]
    assert not reached(stage)


def test_a_condition_said_later_is_asked_about_too(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"捎话 {number} 周六来可以吗", by="chenhao")
    stage.say("周六在家", by="liguifang")

    assert "只把电话告诉这位邻居" in stage.say("只给他电话，别说我名字", by="liguifang")[0]
    assert not reached(stage)


def test_of_a_favour_it_is_said_once_what_both_would_hear_and_then_left(stage: Stage) -> None:
    number = posted(stage)
    stage.say(f"我来帮 {number}", by="chenhao")

    assert "互相知道称呼和电话，门牌不说" in stage.say("只给电话", by="liguifang")[0]
    assert "先不给联系方式" in stage.say("只给电话", by="liguifang")[0]
    assert not any("对方同意了" in heard.text for heard in stage.hears("chenhao"))
    stage.say("同意", by="liguifang")
    assert "对方同意了" in stage.last("chenhao").text
