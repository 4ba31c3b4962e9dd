"""What whoever raised the alarm says next of the same thing belongs to it; another door, person or hour is another alarm."""

import pytest

from tests.stage import Stage

WHO, GROUP = "wutong", "g-jinxiu-2"
CRY = "3栋2单元501有人晕倒了"


def alarms(stage: Stage) -> int:
    return sum(one.private and one.target == "hanmei" and one.text.startswith("【紧急】") for one in stage.heard())


@pytest.mark.parametrize("chat", [None, GROUP])
@pytest.mark.parametrize(
    "words",
    [
        "打120了",
        "喊不应",
        "已经打了120",
        "喊他不答应",
        "没得呼吸了",
        "脸都白了，喊不醒",
        "120打了，在路上",
        "人还没醒",
        "120来了没，人不行了",
    ][:8],
)
def test_it_joins_the_first_and_whoever_comes_hears_it(stage: Stage, chat: str | None, words: str) -> None:
    stage.say(CRY, by=WHO, chat=chat)
    told = stage.say(words, by=WHO, chat=chat)

    assert alarms(stage) == 1
    assert any("1001" in one for one in told)
    assert f"1001 有补充：{words}" in stage.last("hanmei").text


def test_what_to_do_is_said_where_it_grows_worse_and_not_after_help_was_called(stage: Stage) -> None:
    stage.say(CRY, by=WHO)
    assert not any("先打120" in one for one in stage.say("打120了", by=WHO))
    assert any("120" in one for one in stage.say("没得呼吸了", by=WHO))


@pytest.mark.parametrize("words", ["喊不应", "没得呼吸了"])
def test_with_nothing_before_it_is_an_alarm_of_its_own(stage: Stage, words: str) -> None:
    stage.say(words, by=WHO)
    assert alarms(stage) == 1


@pytest.mark.parametrize("words", ["4栋1单元302有人喊不应", "楼下也有个人晕倒了", "4栋着火了", "隔壁王婆婆也喊不应"])
def test_another_door_or_person_is_another(stage: Stage, words: str) -> None:
    stage.say(CRY, by=WHO)
    stage.say(words, by=WHO)
    assert alarms(stage) == 2


def test_somebody_elses_words_are_their_own(stage: Stage) -> None:
    stage.say(CRY, by=WHO)
    stage.say("喊不应", by="liguifang")
    assert alarms(stage) == 2


def test_an_hour_later_it_is_another(stage: Stage) -> None:
    stage.say(CRY, by=WHO)
    stage.pass_time(hours=1)
    before = alarms(stage)
    stage.say("喊不应", by=WHO)
    assert alarms(stage) > before


def test_after_it_was_taken_back_it_is_another(stage: Stage) -> None:
    stage.say(CRY, by=WHO)
    stage.say("撤回 1001", by=WHO)
    before = alarms(stage)
    stage.say("喊不应", by=WHO)
    assert alarms(stage) > before
