"""记错了 in the neighbours' group: the run that the leader just entered there is no more, and only the leader hears it."""

import pytest

from tests.census.test_census import GROUP, LEADER, begun, kept
from tests.stage import Stage


@pytest.mark.parametrize("words", ["记错了", "撤回", "撤回刚才的", "不好意思刚才说错了"])
def test_the_run_is_taken_back_in_silence(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("3栋1单元全部平安", by=LEADER, chat=GROUP)
    stage.pass_time(seconds=30)

    assert stage.say(words, by=LEADER, chat=GROUP) == []
    assert kept(stage) == []
    assert "12 户都不算" in stage.last(LEADER).text


@pytest.mark.parametrize("words", ["算了", "不对", "取消", "重来"])
def test_what_may_be_said_to_a_neighbour_takes_nothing_back(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("3栋1单元全部平安", by=LEADER, chat=GROUP)
    stage.pass_time(seconds=30)
    stage.say(words, by=LEADER, chat=GROUP)

    assert len(kept(stage)) == 12


def test_nor_does_a_neighbours_word_or_a_late_one(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1单元全部平安", by=LEADER, chat=GROUP)
    stage.say("记错了", by="liguifang", chat=GROUP)
    stage.pass_time(minutes=8)
    stage.say("记错了", by=LEADER, chat=GROUP)

    assert len(kept(stage)) == 12
