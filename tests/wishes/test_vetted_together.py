"""A vetter speaks of several wishes at once: those that are named are passed or declined, and nothing on a vague word."""

import pytest

from tests.stage import Stage

VETTER, GROUP = "xujianing", "w-jinxiu-1"
WISHES = ("想借一本新华字典给孙女", "想要一个旧收音机", "想学用手机挂号", "想有人陪我下象棋")


@pytest.fixture
def waiting(stage: Stage) -> Stage:
    """Four wishes, 1001 to 1004, wait to be vetted."""
    for at, words in enumerate(WISHES):
        stage.say(f"心愿 {words}", by=("liguifang", "wutong")[at % 2])
    return stage


def states(stage: Stage) -> str:
    """One letter a wish: o on the wall, v not yet, d declined."""
    return "".join(stage.matter(number).state[0] for number in range(1001, 1005))


@pytest.mark.parametrize(
    "words",
    [
        "1001 1002都发",
        "1001 1002都发布",
        "1001和1002都通过",
        "1001、1002 可以发",
        "1001,1002发布",
        "心愿1001和心愿1002都发",
        "1001 1002都发上墙",
        "都发 1001 1002",
        "1001 1002两个都通过嘛",
        "1001和1002审核通过",
        "通过1001 1002",
    ],
)
def test_all_that_are_named_are_passed(waiting: Stage, words: str) -> None:
    waiting.say(words, by=VETTER)
    assert states(waiting) == "oovv"


@pytest.mark.parametrize("words", ["1002到1004都通过", "1002-1004都发", "1002至1004全部发布", "1002—1004 都可以发"])
def test_from_one_to_another(waiting: Stage, words: str) -> None:
    waiting.say(words, by=VETTER)
    assert states(waiting) == "vooo"


def test_where_something_in_between_does_not_wait_the_rest_is_shown_first(waiting: Stage) -> None:
    waiting.say("发布 1003", by=VETTER)
    told = waiting.say("1001到1004都通过", by=VETTER)[0]

    assert states(waiting) == "vvov"
    assert all(words in told for words in ("1001", "1002", "1004", WISHES[0]))
    assert WISHES[2] not in told
    waiting.tap(waiting.last(VETTER), "都发布", by=VETTER)
    assert states(waiting) == "oooo"


@pytest.mark.parametrize("words", ["1001 1002都可以", "1001 1002都行", "1001到1003没问题", "1001 1002 好"])
def test_a_vague_word_is_asked_about(waiting: Stage, words: str) -> None:
    assert "都发布吗" in waiting.say(words, by=VETTER)[0]
    assert states(waiting) == "vvvv"


@pytest.mark.parametrize("words", ["都发", "全部通过", "都发布嘛"])
def test_without_a_number_what_waits_is_shown_and_asked_about(waiting: Stage, words: str) -> None:
    told = waiting.say(words, by=VETTER)[0]
    assert all(one in told for one in WISHES)
    assert states(waiting) == "vvvv"
    waiting.tap(waiting.last(VETTER), "先不发", by=VETTER)
    assert states(waiting) == "vvvv"


@pytest.mark.parametrize("words", ["好嘛", "要得", "是"])
def test_shown_a_short_yes_is_not_enough(waiting: Stage, words: str) -> None:
    waiting.say("都发", by=VETTER)
    waiting.say(words, by=VETTER)
    assert states(waiting) == "vvvv"


@pytest.mark.parametrize("words", ["都发布", "都发", "1"])
def test_shown_the_plain_word_is(waiting: Stage, words: str) -> None:
    waiting.say("1001 1002都行", by=VETTER)
    waiting.say(words, by=VETTER)
    assert states(waiting) == "oovv"


@pytest.mark.parametrize("words", ["1001 1002都不发", "1001和1002都不通过", "1001 1002都婉拒", "1001、1002莫发"])
def test_declining_needs_a_reason(waiting: Stage, words: str) -> None:
    assert "缘由" in waiting.say(words, by=VETTER)[0]
    assert states(waiting) == "vvvv"
    waiting.say("跟上个月的重复了", by=VETTER)
    assert states(waiting) == "ddvv"
    assert "跟上个月的重复了" in waiting.last("liguifang").text


def test_the_reason_may_be_said_at_once(waiting: Stage) -> None:
    waiting.say("1001到1003都不发，跟上个月的重复了", by=VETTER)
    assert states(waiting) == "dddv"
    assert "跟上个月的重复了" in waiting.last("wutong").text


@pytest.mark.parametrize("words", ["算了", "取消"])
def test_the_reason_can_be_left(waiting: Stage, words: str) -> None:
    waiting.say("1001 1002都不发", by=VETTER)
    waiting.say(words, by=VETTER)
    assert states(waiting) == "vvvv"


@pytest.mark.parametrize(
    "words",
    [
        "1001 1002都发了没",
        "1001 1002能不能发",
        "1001 1002都发吗",
        "1001发，1002不发",
        "1001 1002都没问过本人",
        "1001和1002是一家的",
        "不要都发",
    ],
)
def test_a_question_or_anything_else_does_nothing(waiting: Stage, words: str) -> None:
    waiting.say(words, by=VETTER)
    assert states(waiting) == "vvvv"


@pytest.mark.parametrize("who", ["wutong", "hanmei"])
@pytest.mark.parametrize("words", ["1001 1002都发", "都发", "1001 1002都不发，重复了"])
def test_nobody_else_passes_anything(waiting: Stage, who: str, words: str) -> None:
    told = waiting.say(words, by=who)
    assert states(waiting) == "vvvv"
    assert not any(wish in one for one in told for wish in WISHES)


def test_in_a_staff_group_too(waiting: Stage) -> None:
    waiting.say("1001 1002都发", by=VETTER, chat=GROUP)
    assert states(waiting) == "oovv"


def test_while_a_wording_is_waited_for_too(waiting: Stage) -> None:
    waiting.say("改写 1002 给住3栋2单元501的吴桐要个收音机", by=VETTER)
    waiting.say("1001 1002都发", by=VETTER)
    assert states(waiting) == "oovv"


def test_what_passed_already_is_said_and_the_others_pass(waiting: Stage) -> None:
    waiting.say("发布 1001", by=VETTER)
    waiting.say("1001 1002都发", by=VETTER)
    assert states(waiting) == "oovv"
