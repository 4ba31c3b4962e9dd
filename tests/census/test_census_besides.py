"""What is said from door to door besides the doors: a broken lamp is a report, an unknocked staircase is none."""

import pytest

from storage import matters
from storage.census import NEED
from tests.census.test_census import GROUP, LEADER, begun, kept
from tests.stage import Stage


def reported(stage: Stage, number: int = 1002) -> str | None:
    with stage.database.reading() as session:
        found = matters.by_number(session, number)
    return found.category if found else None


@pytest.mark.parametrize(
    "words", ["3栋2单元都好，3楼走廊灯坏了", "3栋2单元都平安就是楼道灯坏了", "3栋2单元全部平安 单元门锁坏了"]
)
def test_what_is_broken_in_the_house_is_a_report_beside_the_run(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by=LEADER)

    assert len(kept(stage)) == 12
    assert reported(stage) == "facilities"
    assert (stage.matter(1002).building, stage.matter(1002).unit) == ("3", "2")


@pytest.mark.parametrize("words", ["3栋2单元都好，辛苦了", "3栋2单元302没人 其余都好", "3栋2单元全部平安，602敲不开"])
def test_a_run_and_no_more_reports_nothing(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by=LEADER)

    assert reported(stage) is None


@pytest.mark.parametrize(
    "words",
    ["3-2-402 三个人好着嘞就是没电", "3-2-402 都好 就是停水了", "3-2-402 三口平安不过停电了", "3-2-402 停水了 人都好"],
)
def test_a_household_that_is_well_and_has_no_power_says_both(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by="王奶奶", chat=GROUP)

    assert [(row[2], row[5]) for row in kept(stage)] == [("402", "safe")]
    assert reported(stage) == "utilities"


@pytest.mark.parametrize("words", ["4-2-101 屋里进水了 人没事", "4-2-101 墙裂了口子 人都跑出来了"])
def test_a_home_under_water_or_with_a_crack_is_in_need(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by="王奶奶", chat=GROUP)

    assert [(row[2], row[5]) for row in kept(stage)] == [("101", NEED)]
    assert reported(stage) == "hazard"


@pytest.mark.parametrize("words", ["4栋2单元还没敲", "4栋2单元没敲完", "3楼302狗凶，没敢敲", "顶楼还没敲"])
def test_where_nobody_knocked_yet_is_no_matter(stage: Stage, words: str) -> None:
    begun(stage)
    told = stage.say(words, by=LEADER)

    assert "先不记" in told[0]
    assert kept(stage) == []
    assert reported(stage) is None


def test_nor_is_a_floor_without_a_number(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1单元1楼都好", by=LEADER)
    stage.say("顶楼没人", by=LEADER)

    assert reported(stage) is None


@pytest.mark.parametrize("words", ["还差谁", "还有哪些没报", "还差哪几户？", "我这里还差谁"])
def test_a_leader_asks_who_is_missing_whatever_else_was_asked(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("楼道灯坏了", by="linruoyun")

    assert "没回 48 户" in stage.say(words, by=LEADER)[0]
    assert "还差" in stage.say(words, by="linruoyun")[0] or "没回" in stage.last("linruoyun").text


def test_an_old_man_who_does_not_open_is_in_no_lift(stage: Stage) -> None:
    begun(stage)
    told = stage.say("3栋1单元601大爷一个人 喊他不开门 里面电视响", by=LEADER)

    assert not any("电梯" in one for one in told)
    assert reported(stage) == "welfare"


def test_no_water_is_lost_beside_a_run(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋2单元 停水了 人都好", by=LEADER)

    assert len(kept(stage)) == 12
    assert reported(stage) == "utilities"


@pytest.mark.parametrize("words", ["3-1-401 都好 隔壁501好像在吵架", "3-1-401 平安，楼上501漏水漏到我家了"])
def test_what_is_said_of_a_neighbour_is_at_the_neighbours_door(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by="王奶奶", chat=GROUP)

    matter = stage.matter(1002)
    assert (matter.building, matter.unit, matter.room) == ("3", "1", "501")
    assert [row[2] for row in kept(stage)] == ["401"]
