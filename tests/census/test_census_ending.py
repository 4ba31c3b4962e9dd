"""结束摸排 in whatever words: what would end is shown first, and only the word, the number and 确认 end it."""

import pytest

from storage import notices
from tests.census.test_census import GROUP, LEADER, SECRETARY, begun
from tests.stage import Stage

DISTRICT = "shenliqun"


def goes_on(stage: Stage, number: int) -> bool:
    with stage.database.reading() as session:
        return notices.get(session, number).state == notices.GOING


@pytest.mark.parametrize(
    "words",
    [
        "停止摸排",
        "{number} 摸排结束",
        "摸排到此为止",
        "结束摸排 {number}",
        "结束摸排",
        "摸排可以结束了，大家辛苦了",
        "摸排{number}停了吧",
        "不摸排了",
        "把摸排停了",
        "这次摸排就到这里",
    ],
)
def test_what_would_end_is_shown_and_nothing_ends(stage: Stage, words: str) -> None:
    number = begun(stage)

    [shown] = stage.say(words.format(number=number), by=SECRETARY)

    assert f"要结束摸排 {number}（锦绣社区）" in shown
    assert "还有 144 户没消息" in shown
    assert f"结束摸排 {number} 确认" in shown
    assert goes_on(stage, number)


def test_the_word_the_number_and_the_yes_end_it(stage: Stage) -> None:
    number = begun(stage)
    stage.say("停止摸排", by=SECRETARY)

    assert f"摸排 {number} 结束" in stage.say(f"结束摸排 {number} 确认", by=SECRETARY)[0]
    assert not goes_on(stage, number)


def test_the_button_ends_it(stage: Stage) -> None:
    number = begun(stage)
    shown = stage.does("text", f"结束摸排 {number}", by=SECRETARY)[-1]

    assert f"摸排 {number} 结束" in stage.tap(shown, "确认结束", by=SECRETARY)[0]


@pytest.mark.parametrize("words", ["确认", "好的", "确定", "可以", "嗯嗯嗯好"])
def test_a_yes_alone_hears_what_to_say(stage: Stage, words: str) -> None:
    number = begun(stage)
    stage.say("停止摸排", by=SECRETARY)

    assert f"结束摸排 {number} 确认" in stage.say(words, by=SECRETARY)[0]
    assert goes_on(stage, number)


def test_it_is_left_as_it_is(stage: Stage) -> None:
    number = begun(stage)
    stage.say("停止摸排", by=SECRETARY)

    assert stage.say("算了", by=SECRETARY) == [f"好，摸排 {number} 接着收。"]


def test_who_may_not_end_it_hears_so(stage: Stage) -> None:
    number = begun(stage)
    stage.say(f"{number} 摸排结束", by=LEADER)

    assert "不在您负责的范围" in stage.say(f"结束摸排 {number} 确认", by=LEADER)[0]
    assert goes_on(stage, number)


def test_one_that_was_only_shown_is_dropped(stage: Stage) -> None:
    stage.say("摸排 锦绣社区 都平安吗", by=SECRETARY)

    assert "开始摸排" not in stage.say("不摸排了", by=SECRETARY)[0]
    assert "现在没有正在进行的摸排" in stage.say("摸排到此为止", by=SECRETARY)[0]


def test_of_several_it_is_asked_which(stage: Stage) -> None:
    first = begun(stage)
    second = begun(stage, "摸排 石桥村 都好吗", by=DISTRICT)

    shown = stage.does("text", "停止摸排", by=DISTRICT)[-1]
    assert f"{first} 锦绣社区" in shown.text
    assert f"要结束摸排 {second}（石桥村）" in stage.tap(shown, f"{second} 石桥村", by=DISTRICT)[0]


@pytest.mark.parametrize("words", ["摸排结束了吗", "摸排什么时候结束", "摸排停了没有？"])
def test_asked_whether_it_ended_it_says_how_far_it_is(stage: Stage, words: str) -> None:
    number = begun(stage)

    assert f"摸排 {number}" in stage.say(words, by=SECRETARY)[0]
    assert "要结束" not in stage.last(SECRETARY).text
    assert goes_on(stage, number)


def test_among_neighbours_and_colleagues_it_is_talk(stage: Stage) -> None:
    number = begun(stage)

    assert stage.say("摸排结束了", by=LEADER, chat=GROUP) == []
    assert stage.say("摸排可以结束了吧", by=SECRETARY, chat="w-jinxiu") == []
    assert goes_on(stage, number)


def test_a_new_census_may_still_ask_about_an_end(stage: Stage) -> None:
    assert "还没发" in stage.say("摸排 停水结束了没有，家里有没有水", by=SECRETARY)[0]
