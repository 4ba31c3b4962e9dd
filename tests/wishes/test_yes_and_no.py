"""A name, a phone and a door are told by a plain yes and by nothing else, in any dialect and whatever comes between."""

import pytest

from bot.understanding import phrases
from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed
from tests.wishes.test_favours import posted

PHONE = "10000000069"


def reached(stage: Stage, who: str = "chenhao") -> bool:
    """Whether this neighbour has heard the wisher's number."""
    return any(PHONE in heard.text for heard in stage.hears(who))


@pytest.mark.parametrize(
    "words", ["可以", "要得,给他嘛", "可以,电话给他嘛", "要得要得", "1", "好的，谢谢", "都告诉他嘛", "喊他打我电话"]
)
def test_a_yes_in_any_words_is_a_yes(stage: Stage, words: str) -> None:
    claimed(stage)

    assert "已经告诉" in stage.say(words, by="liguifang")[0]
    assert reached(stage)


@pytest.mark.parametrize("words", ["不给", "先莫给,是哪个哦?", "莫给他", "要不得", "先不告诉", "不给他电话", "2"])
def test_a_no_in_any_words_is_a_no(stage: Stage, words: str) -> None:
    claimed(stage)

    assert "好的，不告诉" in stage.say(words, by="liguifang")[0]
    assert not reached(stage)


@pytest.mark.parametrize(
    "words",
    [
        "可以不？",
        "可以的,不过先等一下",
        "是哪个要来哦",
        "电话可以给,门牌莫给",
        "告诉我他的电话",
        "谢谢",
        "好的，我周六在家",
    ],
)
def test_what_is_no_plain_yes_tells_nothing(stage: Stage, words: str) -> None:
    claimed(stage)

    stage.say(words, by="liguifang")

    assert not reached(stage)
    stage.say("可以", by="liguifang")
    assert reached(stage), "the question waits on"


def test_a_bare_yes_after_a_message_from_the_neighbour_may_be_meant_for_it_and_is_asked(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"捎话 {number} 周六来可以吗", by="chenhao")

    assert "没听准您的意思" in stage.say("可以", by="liguifang")[0]
    assert not reached(stage)
    stage.tap(stage.last("liguifang"), "捎给邻居", by="liguifang")

    assert "捎话：可以" in stage.last("chenhao").text
    assert not reached(stage)


@pytest.mark.parametrize("words", ["可以告诉他", "电话给他嘛"])
def test_the_question_can_be_answered_after_a_message_in_between(stage: Stage, words: str) -> None:
    number = claimed(stage)
    stage.say(f"捎话 {number} 周六来可以吗", by="chenhao")
    stage.say("周六在家", by="liguifang")

    assert "已经告诉" in stage.say(words, by="liguifang")[0]
    assert reached(stage)


def test_a_yes_long_after_is_asked_once_more(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"捎话 {number} 周六来可以吗", by="chenhao")
    stage.say("周六在家", by="liguifang")

    assert "没听准您的意思" in stage.say("可以", by="liguifang")[0]
    assert not reached(stage)
    stage.say("可以", by="liguifang")
    assert reached(stage)


def test_a_no_after_the_yes_is_told_that_it_comes_too_late(stage: Stage) -> None:
    number = claimed(stage)
    stage.say("可以", by="liguifang")

    stage.does("press", f"share_no {number}", by="liguifang")

    assert "收不回来" in stage.last("liguifang").text


def test_a_second_yes_tells_nothing_again(stage: Stage) -> None:
    number = claimed(stage)
    stage.say("可以", by="liguifang")
    before = len(stage.hears("chenhao"))

    stage.does("press", f"share_yes {number}", by="liguifang")

    assert len(stage.hears("chenhao")) == before


@pytest.mark.parametrize("words", ["要得", "可以,把电话给他", "同意"])
def test_a_favour_is_agreed_to_in_any_words(stage: Stage, words: str) -> None:
    number = posted(stage)
    stage.say(f"我来帮 {number}", by="chenhao")
    stage.say(words, by="liguifang")
    stage.say(words, by="chenhao")

    assert reached(stage)


def test_what_is_unclear_of_a_favour_is_asked_again(stage: Stage) -> None:
    number = posted(stage)
    stage.say(f"我来帮 {number}", by="chenhao")

    assert "没听准" in stage.say("先莫给,是哪个哦?", by="liguifang")[0]
    assert not any("对方同意了" in heard.text for heard in stage.hears("chenhao"))


@pytest.mark.parametrize("at", ["answered", "agreed"])
def test_taking_a_favour_back_ends_every_yes_and_the_helper_hears(stage: Stage, at: str) -> None:
    number = posted(stage)
    stage.say(f"我来帮 {number}", by="chenhao")
    if at == "agreed":
        stage.tap(stage.last("liguifang"), "同意", by="liguifang")

    assert "不发了" in stage.say(f"撤互助 {number}", by="liguifang")[0]
    assert "不用等了" in stage.last("chenhao").text
    stage.does("press", f"favour_agree {number}", by="chenhao")
    stage.does("press", f"favour_agree {number}", by="liguifang")

    assert not reached(stage)
    assert not any("10000000067" in heard.text for heard in stage.hears("liguifang"))


def test_taking_back_what_is_linked_already_closes_it_with_thanks(stage: Stage) -> None:
    number = posted(stage)
    stage.say(f"我来帮 {number}", by="chenhao")
    stage.say("同意", by="liguifang")
    stage.say("同意", by="chenhao")

    assert "收起来了" in stage.say(f"撤互助 {number}", by="liguifang")[0]


def test_phrases_are_put_together_and_never_out_of_a_question() -> None:
    yes, beside = ("可以", "给"), ("电话", "他")

    assert phrases.only("可以,电话给他嘛", yes, beside)
    assert phrases.only("可以可以", yes)
    for words in ("电话", "可以不", "可以吗", "可以?", "不可以", "可以可以可以不", ""):
        assert not phrases.only(words, yes, beside), words
