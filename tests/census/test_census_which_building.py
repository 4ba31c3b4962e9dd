"""2单元全部平安, where two buildings have a second staircase: only what is named is counted, else it is asked which."""

import pytest

from tests.census.test_census import LEADER, begun, kept
from tests.stage import Stage


def stairs(stage: Stage) -> set[tuple[str, str]]:
    return {(building, unit) for building, unit, *_ in kept(stage)}


@pytest.mark.parametrize(
    "words", ["2单元全部平安", "2单元都好", "2单元302没人 其余都好", "二单元所有人都平安", "2单元3楼都好"]
)
def test_a_staircase_of_two_buildings_is_asked_about(stage: Stage, words: str) -> None:
    begun(stage)

    assert "写全" in stage.say(words, by=LEADER)[0]
    assert kept(stage) == []


@pytest.mark.parametrize(
    ("words", "many"),
    [("2单元全部平安", 12), ("2单元302没人 其余都好", 12), ("2单元3楼都好", 2), ("二单元除了601都好", 11)],
)
def test_after_a_staircase_it_is_the_other_one_of_that_building(stage: Stage, words: str, many: int) -> None:
    begun(stage)
    stage.say("3栋1单元敲完了 都好", by=LEADER)
    stage.pass_time(seconds=40)
    stage.say(words, by=LEADER)

    assert stairs(stage) == {("3", "1"), ("3", "2")}
    assert sum(unit == "2" for _, unit, *_ in kept(stage)) == many


@pytest.mark.parametrize("words", ["3楼全部平安", "一楼所有人都好"])
def test_a_floor_that_is_said_of_all_is_said_of_all(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by=LEADER)

    assert len(stairs(stage)) == 4
