"""全部平安，除了402: a leader speaks of all but some; those stay missing, and the answer names them."""

import pytest

from storage import census
from tests.census.test_census import GROUP, LEADER, begun, done, kept
from tests.stage import Stage


def rooms(stage: Stage, building: str = "3", unit: str = "1") -> set[str]:
    """The rooms of a staircase that count as safe."""
    return {row[2] for row in kept(stage) if row[:2] == (building, unit) and row[5] == census.SAFE}


@pytest.mark.parametrize(
    "words",
    [
        "3栋1单元全部平安除了402",
        "3栋1单元全部平安,402除外",
        "3栋1单元除了402都平安",
        "除402外3栋1单元都好",
        "3栋1单元都好，就402没回应",
        "3栋1单元都好，还差402没回",
        "3栋1单元都好,402没人应",
    ],
)
def test_the_door_that_is_left_out_stays_missing_and_is_named(stage: Stage, words: str) -> None:
    number = begun(stage)

    told = stage.say(words, by=LEADER)[0]

    assert told.startswith("已记 11 户平安")
    assert "402" not in told.split("\n")[0]
    assert "没消息、没算在里面的：3栋1单元 402" in told
    assert "402" not in rooms(stage)
    assert done(stage, number).answered == 11


def test_a_door_that_may_be_in_several_staircases_is_asked_about_and_none_of_them_is_safe(stage: Stage) -> None:
    number = begun(stage)

    told = stage.say("3栋全部平安,203除外", by=LEADER)[0]
    assert "除外的203没找到，一户也没有记" in told
    told = stage.say("3栋全部平安,202除外", by=LEADER)[0]

    assert "3栋1单元 202；3栋2单元 202" in told
    assert "是哪一户请写全" in told
    assert done(stage, number).answered == 22


def test_all_but_one_of_everybody(stage: Stage) -> None:
    number = begun(stage)

    told = stage.say("都平安，就402没回应", by=LEADER)[0]

    assert "402" in told.split("没算在里面的：")[1]
    assert done(stage, number).answered == 44
    assert not [row for row in kept(stage) if row[2] == "402" and row[5] == census.SAFE]


def test_what_is_said_of_the_one_that_is_left_out_counts(stage: Stage) -> None:
    begun(stage)

    stage.say("3栋1单元都平安，除了402没人", by=LEADER)

    assert ("3", "1", "402", "leader", None, "away") in kept(stage)
    assert len(rooms(stage)) == 11


def test_a_neighbour_leaves_nobody_out(stage: Stage) -> None:
    number = begun(stage)
    assert stage.say("除了402都平安", by="王奶奶", chat=GROUP) == []
    assert done(stage, number).answered == 0
