"""互助 after both know of each other: whoever wanted it says it is done, and the helper is thanked."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published
from tests.wishes.test_favours import posted

THRESHER = "借一台打谷机用一天"


def linked(stage: Stage, words: str = THRESHER, by: str = "liguifang") -> int:
    """A favour of hers that Chen Hao does: both know of each other."""
    number = posted(stage, words, by=by)
    other = "chenhao" if by == "liguifang" else "liguifang"
    stage.say(f"我来帮 {number}", by=other)
    stage.tap(stage.last(by), "同意", by=by)
    stage.tap(stage.last(other), "同意", by=other)
    return number


@pytest.mark.parametrize(
    ("favour", "words"),
    [
        ("明天去火车站有没有顺风车", "找到车了,不用了"),
        (THRESHER, "借到了,不要了"),
        (THRESHER, "已经借到打谷机了,谢谢哈"),
        (THRESHER, "打谷机用完了还给他了,多谢"),
        (THRESHER, "{0} 不用了"),
        (THRESHER, "{0} 借到了"),
    ],
)
def test_it_is_closed_with_thanks_and_the_helper_hears(stage: Stage, favour: str, words: str) -> None:
    number = linked(stage, favour)

    assert stage.say(words.format(number), by="liguifang") == [f"好的，互助 {number} 收起来了，我替您谢谢那位邻居。"]
    heard = stage.last("chenhao").text
    assert heard.startswith(f"互助 {number}")
    assert "不用再费心，谢谢您" in heard


def test_it_is_done_only_once(stage: Stage) -> None:
    number = linked(stage)
    stage.say("借到了,不要了", by="liguifang")
    before = len(stage.hears("chenhao"))

    stage.say("借到了,不要了", by="liguifang")
    stage.say(f"撤互助 {number}", by="liguifang")

    assert len(stage.hears("chenhao")) == before


def test_a_bare_no_is_asked_first(stage: Stage) -> None:
    number = linked(stage)

    assert f"互助 {number}（{THRESHER}）不要了吗" in stage.say("不用了", by="liguifang")[0]
    assert "谢谢您" not in stage.last("chenhao").text
    stage.tap(stage.last("liguifang"), "撤回", by="liguifang")
    assert "谢谢您" in stage.last("chenhao").text


def test_of_several_the_thing_says_which(stage: Stage) -> None:
    numbers = [linked(stage), linked(stage, "借一把梯子，换灯泡用")]

    assert "哪一个" in stage.say("借到了,不要了", by="liguifang")[0]
    assert f"互助 {numbers[0]} 收起来了" in stage.say("打谷机借到了,谢谢", by="liguifang")[0]


def test_with_a_wish_beside_it_the_thing_says_which(stage: Stage) -> None:
    wish = published(stage)
    number = linked(stage)

    assert f"互助 {number} 收起来了" in stage.say("打谷机借到了,不要了", by="liguifang")[0]
    assert stage.matter(wish).state == "open"


def test_whoever_took_what_was_offered_is_the_one_who_is_done(stage: Stage) -> None:
    number = linked(stage, "明天去县医院有空位可以带人", by="chenhao")

    stage.say("找到车了,不用了", by="chenhao")
    assert "收起来了" not in stage.last("chenhao").text
    assert f"互助 {number} 收起来了" in stage.say("找到车了,不用了", by="liguifang")[0]
    assert "谢谢您" in stage.last("chenhao").text


def test_a_favour_that_is_done_counts_for_the_helper(stage: Stage) -> None:
    linked(stage)
    before = stage.say("我的服务", by="chenhao")

    stage.say("借到了,谢谢", by="liguifang")

    assert stage.say("我的服务", by="chenhao") == before
    assert "打谷机" in before[0]


@pytest.mark.parametrize("words", ["钥匙找到了没得", "我找到工作了", "电梯修好了"])
def test_other_talk_closes_nothing(stage: Stage, words: str) -> None:
    linked(stage)

    stage.say(words, by="liguifang")

    assert "谢谢您" not in stage.last("chenhao").text


def test_after_two_weeks_it_is_about_something_else(stage: Stage) -> None:
    linked(stage)
    stage.pass_time(days=15)

    assert "收起来" not in "".join(stage.say("借到了,不要了", by="liguifang"))
