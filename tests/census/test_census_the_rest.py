"""剩下的都ok: of few doors it is entered, of many only after their number was told."""

import pytest

from tests.census.test_census import LEADER, begun, kept
from tests.stage import Stage


@pytest.mark.parametrize("words", ["剩下的都ok", "其余都平安", "其他的都好", "所有人都平安"])
def test_many_are_told_first(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("3栋1单元都好", by=LEADER)
    stage.pass_time(seconds=30)
    [asked] = stage.does("text", words, by=LEADER)

    assert "36 户，都记成平安" in asked.text
    assert len(kept(stage)) == 12
    stage.tap(asked, asked.buttons[0][0], by=LEADER)
    assert len(kept(stage)) == 48


def test_few_are_entered(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋都好", by=LEADER)
    stage.pass_time(seconds=30)
    stage.say("4栋1单元都好", by=LEADER)
    stage.pass_time(seconds=30)

    assert "已记 12 户平安" in stage.say("剩下的都ok", by=LEADER)[0]
    assert len(kept(stage)) == 48
