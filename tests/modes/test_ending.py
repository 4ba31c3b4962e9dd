"""解除战时: the preview says exactly what to send, a yes alone ends nothing, and it is understood in other words."""

import pytest

from tests.modes.test_modes import COMMUNITY, DISTRICT, DISTRICT_2, HEAD, STREET, at_war, mode_of
from tests.stage import Stage


@pytest.mark.parametrize(
    "words",
    [
        "解除战时",
        "解除战时 {number}",
        "战时可以解除了",
        "锦绣社区恢复平时",
        "把战时令{number}解除了吧",
        "结束战时状态，大家辛苦了",
        "雨停了，退出战时",
    ],
)
def test_what_would_end_is_shown_with_the_exact_words(stage: Stage, words: str) -> None:
    number = at_war(stage)

    [said] = stage.say(words.format(number=number), by=HEAD)

    assert f"要解除战时令 {number}" in said
    assert f"解除战时 {number} 确认" in said
    assert mode_of(stage, COMMUNITY) == "war"


@pytest.mark.parametrize("words", ["确认", "好的", "确定", "可以", "同意"])
def test_a_yes_alone_hears_what_to_send(stage: Stage, words: str) -> None:
    number = at_war(stage)
    stage.say("解除战时", by=HEAD)

    assert f"解除战时 {number} 确认" in stage.say(words, by=HEAD)[0]
    assert mode_of(stage, COMMUNITY) == "war"


@pytest.mark.parametrize("words", ["解除战时 {number} 确认", "现在解除", "确认解除"])
def test_the_exact_words_end_it(stage: Stage, words: str) -> None:
    number = at_war(stage)
    stage.say(f"解除战时 {number}", by=HEAD)

    assert f"战时令 {number} 解除了" in stage.say(words.format(number=number), by=HEAD)[0]
    assert mode_of(stage, COMMUNITY) == "peace"


def test_of_several_the_numbers_are_named(stage: Stage) -> None:
    first = at_war(stage)
    second = at_war(stage, "战时 云溪区 3天 市防指5号令", by=DISTRICT, second=DISTRICT_2)

    said = stage.say("解除战时", by=DISTRICT)[0]

    assert f"{first} 锦绣社区" in said
    assert f"解除战时 {first}" in said
    assert f"要解除战时令 {second}" in stage.say("云溪区恢复平时", by=DISTRICT)[0]


def test_nobody_ends_what_is_not_theirs(stage: Stage) -> None:
    number = at_war(stage, "战时 锦绣社区 2天 区防指", by=DISTRICT, second=DISTRICT_2)

    assert "同级或上级才能" in stage.say(f"解除战时 {number} 确认", by=STREET)[0]
    assert mode_of(stage, COMMUNITY) == "war"


@pytest.mark.parametrize("words", ["战时再延长6小时", "战时延长到今晚10点", "锦绣社区战时再延6小时", "延长战时"])
def test_it_is_made_longer_in_other_words(stage: Stage, words: str) -> None:
    number = at_war(stage, "战时 锦绣社区 6小时 区指3号令")

    said = stage.say(words, by=HEAD)[0]

    assert f"战时令 {number}" in said
    assert "延长到" in said


@pytest.mark.parametrize("words", ["恢复平时的作息", "战时结束了吗", "什么时候恢复平时", "平时这里没人管"])
def test_other_talk_ends_nothing(stage: Stage, words: str) -> None:
    at_war(stage)

    assert "要解除" not in "".join(stage.say(words, by=HEAD))
    assert mode_of(stage, COMMUNITY) == "war"
