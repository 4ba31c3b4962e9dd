"""A no to being reached stays a no until words of giving or a tap; thanks are neither, and nothing else is a telephone."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed
from tests.wishes.test_yes_and_no import reached

WHO, GROUP = "liguifang", "g-jinxiu-2"
NO = ["先不告诉", "那就先不告诉", "那个电话先莫给他嘛", "还是先不给吧", "我再想想", "算了嘛", "嗯，暂时不说"]
ACKNOWLEDGES = ["行", "好嘛", "好的", "可以", "嗯嗯", "要得", "那行", "好，谢谢"]


@pytest.mark.parametrize("no", NO)
@pytest.mark.parametrize("words", ACKNOWLEDGES)
def test_a_short_yes_after_a_no_only_acknowledges_it(stage: Stage, no: str, words: str) -> None:
    claimed(stage)

    assert "好的，不告诉" in stage.say(no, by=WHO)[0]
    stage.say(words, by=WHO)
    assert not reached(stage)
    assert stage.say(words, by=WHO) == []
    assert not reached(stage)


@pytest.mark.parametrize("no", NO)
@pytest.mark.parametrize("words", ["可以告诉他", "给他吧", "还是给他嘛", "那就告诉他"])
def test_words_of_giving_after_a_no_are_a_yes(stage: Stage, no: str, words: str) -> None:
    claimed(stage)
    stage.say(no, by=WHO)
    stage.say("行", by=WHO)

    stage.say(words, by=WHO)
    assert reached(stage)


def test_a_short_yes_long_after_a_no_is_asked_about_and_a_tap_gives(stage: Stage) -> None:
    claimed(stage)
    stage.say("先不告诉", by=WHO)
    stage.pass_time(hours=3)

    asked = stage.does("text", "可以", by=WHO)[0]
    assert "没听准" in asked.text
    assert "那就先不告诉" in stage.say("行", by=WHO)[0]
    assert not reached(stage)
    stage.tap(asked, "可以告诉", by=WHO)
    assert reached(stage)


@pytest.mark.parametrize("words", ["他的电话我又不晓得，莫把我的给出去哈", "门牌啥的都别透露"])
def test_a_refusal_that_is_no_plain_no_is_turned_by_no_short_yes(stage: Stage, words: str) -> None:
    claimed(stage)
    stage.say(words, by=WHO)
    stage.say("行", by=WHO)

    assert not reached(stage)


@pytest.mark.parametrize("words", ["谢谢", "谢谢了啊", "多谢你们哈", "谢谢你们", "太感谢了"])
def test_thanks_alone_are_no_yes_and_no_no(stage: Stage, words: str) -> None:
    claimed(stage)

    assert stage.say(words, by=WHO) == []
    assert not reached(stage)
    stage.say("可以", by=WHO)
    assert reached(stage)


@pytest.mark.parametrize("words", ["圆梦", "谢谢，圆梦了", "已经圆梦了谢谢邻居", "圆梦了！", "圆梦啦，多谢"])
def test_what_came_true_while_the_question_waits_is_heard(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert "圆了" in stage.say(words, by=WHO)[0]
    assert stage.matter(number).state == "closed"
    assert not reached(stage)


@pytest.mark.parametrize("words", ["还没圆梦", "啥时候圆梦", "圆梦没得"])
def test_what_only_speaks_of_it_closes_nothing(stage: Stage, words: str) -> None:
    number = claimed(stage)
    stage.say(words, by=WHO)

    assert stage.matter(number).state == "claimed"


def wished_by_a_stranger(stage: Stage) -> int:
    """A wish on hand of a neighbour whose telephone nobody knows; its owner has said yes."""
    stage.say("心愿 想借一本新华字典", by="newbie", chat=GROUP)
    stage.say("发布 1001", by="xujianing")
    stage.say("认领 1001", by="chenhao")
    assert "怎么联系" in stage.say("可以", by="newbie")[0]
    return 1001


def told(stage: Stage) -> bool:
    return any("同意您联系" in heard.text for heard in stage.hears("chenhao"))


@pytest.mark.parametrize("words", ["谢谢", "行", "好的", "是哪个哦？", "他是谁", "嗯"])
def test_what_tells_no_way_is_no_telephone(stage: Stage, words: str) -> None:
    wished_by_a_stranger(stage)
    stage.say(words, by="newbie")

    assert not told(stage)
    stage.say("打13912345678", by="newbie")
    assert told(stage), "the question waits on"


@pytest.mark.parametrize("words", ["算了 不给", "先不告诉", "那就算了嘛", "还是不给他说"])
def test_a_no_to_the_way_is_a_no(stage: Stage, words: str) -> None:
    wished_by_a_stranger(stage)

    assert "好的，不告诉" in stage.say(words, by="newbie")[0]
    assert not told(stage)


@pytest.mark.parametrize(
    "words", ["13912345678", "晚上七点后在家", "微信abc123", "我下午都在屋头", "打我老伴电话13912345678"]
)
def test_a_way_is_told(stage: Stage, words: str) -> None:
    wished_by_a_stranger(stage)
    stage.say(words, by="newbie")

    assert told(stage)
