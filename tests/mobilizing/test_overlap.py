"""Two orders over the same people: an answer counts for both, a drill takes none of it, and one's end is not the other's."""

import pytest

from tests.mobilizing.test_mobilizing import LEAD, acts, mobilized, preview
from tests.stage import Stage

STREET, GROUP = "duwenbin", "g-jinxiu-2"


def both(stage: Stage) -> tuple[int, int]:
    """The street's order, and then the community's over some of the same people."""
    return mobilized(stage, by=STREET), mobilized(stage)


@pytest.mark.parametrize(
    ("words", "act"), [("收到", "acknowledged"), ("出发了，10分钟到", "underway"), ("到岗", "arrived")]
)
def test_a_word_without_a_number_counts_for_every_order_that_waits_for_it(stage: Stage, words: str, act: str) -> None:
    numbers = both(stage)
    before = [acts(stage, number)[act] for number in numbers]

    said = stage.say(words, by="hanmei")

    assert [acts(stage, number)[act] for number in numbers] == [many + 1 for many in before]
    assert f"{numbers[0]} 号也一样记下了" in " ".join(said)


def test_whoever_answered_once_is_rung_by_neither(stage: Stage) -> None:
    both(stage)
    stage.say("收到", by="hanmei")

    said = [one.text for one in stage.pass_time(minutes=6) if one.target == "hanmei" and "没有您的回话" in one.text]

    assert said == []


def test_a_drill_never_takes_the_answer_that_a_real_order_waits_for(stage: Stage) -> None:
    real, drill = mobilized(stage, by=STREET), mobilized(stage, "演练 防汛")
    before = acts(stage, real)["arrived"], acts(stage, drill)["arrived"]

    stage.say("到岗", by="hanmei")
    assert (acts(stage, real)["arrived"], acts(stage, drill)["arrived"]) == (before[0] + 1, before[1])

    stage.say(f"{drill} 到岗", by="hanmei")
    assert acts(stage, drill)["arrived"] == before[1] + 1


def test_the_later_preview_names_the_order_that_runs_over_the_same_people(stage: Stage) -> None:
    number = mobilized(stage, by=STREET)

    _, said = preview(stage)

    assert f"已经在进行：{number} 防汛（锦溪街道）" in said


def test_the_end_of_one_order_does_not_say_that_the_other_is_over(stage: Stage) -> None:
    above, own = both(stage)

    [shown] = stage.say(f"解除 {own}", by=LEAD)
    assert f"锦溪街道的防汛 {above} 号还在" in shown
    stage.say(f"解除 {own} 确认", by=LEAD)

    group = stage.last(GROUP, group=True).text
    assert f"锦绣社区这一道结束，锦溪街道 {above} 号还在" in group
    assert "已解除" not in group
    called = next(one.text for one in reversed(stage.hears("hanmei")) if "结束" in one.text)
    assert f"{above} 号还在" in called
    assert "休息" not in called


def test_the_last_order_that_ends_says_that_it_is_over(stage: Stage) -> None:
    above, own = both(stage)
    stage.say(f"解除 {own} 确认", by=LEAD)
    stage.say(f"解除 {above} 确认", by=STREET)

    assert "已解除" in stage.last(GROUP, group=True).text
