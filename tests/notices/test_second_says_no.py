"""我不同意, 不行: where a second person has to agree, their no is a no in whatever words; their yes never is."""

import pytest

from storage import modes, notices
from tests.mobilizing.test_mobilizing import mobilized
from tests.modes.test_modes import ASKS, HEAD, number_in
from tests.modes.test_modes import LEADER as WAR_SECOND
from tests.notices.desk import notice
from tests.notices.test_second_person import DISTRICT, SECOND, waits
from tests.stage import Stage

NOES = [
    "我不同意",
    "不行",
    "不得行",
    "要不得",
    "我觉得不行",
    "不能发",
    "莫发",
    "不批",
    "反对",
    "不行，还没核实",
    "我不同意 人太多",
]
NO_NOES = ["等等再说", "不晓得", "不是我", "不急", "好不好", "行不行", "同意不", "我不在"]


def war_waits(stage: Stage) -> int:
    number = number_in(stage.say(ASKS, by=HEAD)[0])
    stage.say(f"启动战时 {number}", by=HEAD)
    return number


def war_state(stage: Stage, number: int) -> str:
    with stage.database.reading() as session:
        order = modes.by_number(session, number)
    assert order is not None
    return order.state


@pytest.mark.parametrize("words", NOES)
def test_no_mobilization_leaves(stage: Stage, words: str) -> None:
    number = mobilized(stage, by=DISTRICT)
    stage.say(words, by=SECOND)

    assert notice(stage, number).state == notices.REFUSED
    assert "没有同意" in stage.last(DISTRICT).text


@pytest.mark.parametrize("words", NOES)
def test_no_place_goes_to_war(stage: Stage, words: str) -> None:
    number = war_waits(stage)
    stage.say(words, by=WAR_SECOND)

    assert war_state(stage, number) == modes.DROPPED


@pytest.mark.parametrize("words", NOES)
def test_no_notice_leaves_and_the_reason_is_asked_for(stage: Stage, words: str) -> None:
    number = waits(stage)
    told = stage.say(words, by=SECOND)
    if notice(stage, number).state == notices.WAITING:
        assert "为什么不同意" in told[0]
        stage.say("还没核实", by=SECOND)

    assert notice(stage, number).state == notices.REFUSED


@pytest.mark.parametrize("words", NO_NOES)
def test_other_words_are_no_no(stage: Stage, words: str) -> None:
    number = mobilized(stage, by=DISTRICT)
    stage.say(words, by=SECOND)

    assert notice(stage, number).state == notices.WAITING


@pytest.mark.parametrize("words", ["我不同意", "不行"])
def test_only_whoever_may_agree_may_say_no(stage: Stage, words: str) -> None:
    number = mobilized(stage, by=DISTRICT)
    for somebody in ("hanmei", DISTRICT):
        stage.say(words, by=somebody)

    assert notice(stage, number).state == notices.WAITING


def test_with_two_that_wait_it_is_said_of_which(stage: Stage) -> None:
    first, second = mobilized(stage, by=DISTRICT), waits(stage)
    stage.say("不行", by=SECOND)
    assert [notice(stage, number).state for number in (first, second)] == [notices.WAITING] * 2
    stage.say(f"{first} 我不同意", by=SECOND)

    assert [notice(stage, number).state for number in (first, second)] == [notices.REFUSED, notices.WAITING]


@pytest.mark.parametrize("words", ["不行", "不要"])
def test_an_old_request_needs_plain_words(stage: Stage, words: str) -> None:
    number = waits(stage)
    stage.pass_time(hours=2)
    stage.say(words, by=SECOND)
    assert notice(stage, number).state == notices.WAITING

    assert "为什么不同意" in stage.say("我不同意", by=SECOND)[0]
