"""A leader who called for somebody goes on entering doors: they move no alarm, and the alarm has the door that was said."""

import pytest

from tests.census.test_census import LEADER, begun, kept
from tests.stage import Stage


@pytest.mark.parametrize(
    "words",
    [
        "4栋1单元101 102 201 202都在 301不在",
        "4栋1单元101到201没人，301在",
        "3栋1单元3楼没人，其余都好",
        "4栋1单元501没人应 502 601都好",
    ],
)
def test_doors_are_no_place_of_an_alarm(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("有人晕倒了", by=LEADER)
    stage.say(words, by=LEADER)

    assert stage.matter(1002).building is None
    assert len(kept(stage)) > 2


@pytest.mark.parametrize("words", ["4栋1单元301", "在4栋1单元301", "4栋1单元301 老人一个人在家"])
def test_one_door_is(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("有人晕倒了", by=LEADER)
    stage.say(words, by=LEADER)

    assert stage.matter(1002).room == "301"


@pytest.mark.parametrize("words", ["402 大爷摔了 起不来", "402说他家老婆要生了", "402的老太太晕倒了"])
def test_an_alarm_has_the_door_that_was_said(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("3栋1单元301没人", by=LEADER)
    stage.pass_time(seconds=30)
    told = stage.say(words, by=LEADER)

    matter = stage.matter(1002)
    assert (matter.building, matter.unit, matter.room) == ("3", "1", "402")
    assert not any("您在几栋几单元" in one for one in told)


def test_where_several_stairs_have_it_the_room_is_told_at_least(stage: Stage) -> None:
    begun(stage)
    stage.say("402 大爷摔了 起不来", by=LEADER)

    assert (stage.matter(1002).building, stage.matter(1002).room) == (None, "402")
