"""The wisher says it came true before the claimer does: closed where that is plain, else asked once; never lost."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published

WHEELCHAIR = "想借轮椅用三天"


def lent(stage: Stage) -> int:
    """A wheelchair that Chen Hao lends, and both know how to reach each other."""
    number = published(stage, WHEELCHAIR)
    stage.say(f"认领 {number}", by="chenhao")
    stage.say("可以", by="liguifang")
    return number


@pytest.mark.parametrize(
    "words",
    [
        "轮椅用完了，多谢",
        "轮椅还了",
        "轮椅已经还给他了，感谢",
        "轮椅收到了，谢谢哈",
        "已经还了",
        "轮椅用好了，还回去了",
    ],
)
def test_what_is_plain_closes_it_and_the_claimer_hears_it(stage: Stage, words: str) -> None:
    number = lent(stage)

    assert f"真好，心愿 {number} 圆了" in stage.say(words, by="liguifang")[0]
    assert stage.matter(number).state == "closed"
    assert f"心愿 {number} 圆了，谢谢您" in stage.last("chenhao").text


def test_the_thanks_said_with_it_go_on_by_one_tap(stage: Stage) -> None:
    lent(stage)

    heard = stage.does("text", "轮椅用完了，多谢", by="liguifang")[0]
    stage.tap(heard, "带给邻居", by="liguifang")

    assert "轮椅用完了，多谢" in stage.last("chenhao").text


@pytest.mark.parametrize("words", ["收到了", "太感谢了，轮椅好用得很", "轮椅收到了，但是轮子是坏的", "学会了，多谢"])
def test_what_is_not_plain_is_asked_about_once(stage: Stage, words: str) -> None:
    number = lent(stage)

    heard = stage.does("text", words, by="liguifang")[0]

    assert "算圆梦了吗" in heard.text
    assert [label for label, _ in heard.buttons] == ["圆梦了", "还没有", "捎给邻居"]
    assert stage.matter(number).state == "claimed"
    stage.tap(heard, "圆梦了", by="liguifang")
    assert stage.matter(number).state == "closed"


def test_not_yet_leaves_it_as_it_is_and_carried_words_arrive(stage: Stage) -> None:
    number = lent(stage)
    heard = stage.does("text", "太感谢了，轮椅好用得很", by="liguifang")[0]

    stage.say("还没有", by="liguifang")
    assert stage.matter(number).state == "claimed"
    stage.tap(heard, "捎给邻居", by="liguifang")

    assert stage.matter(number).state == "claimed"


def test_words_for_the_neighbour_who_asked_are_not_swallowed(stage: Stage) -> None:
    number = lent(stage)
    stage.say(f"捎话 {number} 轮椅好用不", by="chenhao")

    heard = stage.does("text", "轮椅用完了，多谢", by="liguifang")[0]
    stage.tap(heard, "捎给邻居", by="liguifang")

    assert "许愿的邻居捎话：轮椅用完了，多谢" in stage.last("chenhao").text


@pytest.mark.parametrize("words", ["轮椅用完了，啷个还给他", "轮椅还没还", "3栋2单元路灯修好了", "谢谢哈"])
def test_questions_and_other_talk_close_nothing(stage: Stage, words: str) -> None:
    number = lent(stage)

    stage.say(words, by="liguifang")

    assert stage.matter(number).state == "claimed"


def test_of_two_it_is_asked_which(stage: Stage) -> None:
    numbers = [lent(stage), published(stage, "想请人教我用手机")]
    stage.say(f"认领 {numbers[1]}", by="chenhao")

    heard = stage.say("收到了，谢谢", by="liguifang")[0]

    assert all(str(number) in heard for number in numbers)
    assert [stage.matter(number).state for number in numbers] == ["claimed", "claimed"]


@pytest.mark.parametrize("words", ["轮椅还了", "轮椅还给我了", "轮椅还回来了"])
def test_the_lender_says_it_is_back(stage: Stage, words: str) -> None:
    number = lent(stage)

    stage.say(words, by="chenhao")

    assert stage.matter(number).state == "granted"
    assert "圆梦了吗" in stage.last("liguifang").text


@pytest.mark.parametrize("by", ["liguifang", "chenhao"])
def test_what_comes_back_after_the_end_is_no_report(stage: Stage, by: str) -> None:
    number = lent(stage)
    stage.say(f"圆梦 {number}", by="chenhao")
    stage.say("圆梦了", by="liguifang")
    stage.say("谢谢", by="liguifang")
    stage.say("半小时", by="chenhao")

    assert stage.say("轮椅还了", by=by) == ["好的，还了就好，谢谢您。"]
