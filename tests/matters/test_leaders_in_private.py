"""A leader who writes in private speaks from the place that is led: whoever is near is called, not the whole district."""

import pytest

from bot.message import Lane
from storage import grids
from tests.stage import Stage

LEADER, NEIGHBOUR, HEAD, DISTRICT = "hanmei", "lilei", "linruoyun", {"shenliqun", "guxiaolan"}


def where(stage: Stage, number: int = 1001) -> str:
    with stage.database.reading() as session:
        return grids.get(session, stage.matter(number).grid_id).name


def rung(stage: Stage) -> set[str]:
    return {
        one.target for one in stage.heard() if one.lane == Lane.EMERGENCY and one.private and "【紧急】" in one.text
    }


@pytest.mark.parametrize("words", ["我腿摔断了动不了", "楼下着火了", "有人晕倒了 快来人", "煤气漏了"])
def test_a_leaders_cry_rings_those_who_are_near(stage: Stage, words: str) -> None:
    told = stage.say(words, by=LEADER)

    assert "哪个小区" not in told[0]
    assert where(stage) == "锦绣花园3-4栋"
    assert "wangyang" in rung(stage)
    assert not DISTRICT & rung(stage)


def test_the_building_next_door_is_that_of_its_own_leader(stage: Stage) -> None:
    stage.say("3栋地下室进水了 有人被困", by=NEIGHBOUR)

    assert where(stage) == "锦绣花园3-4栋"
    assert LEADER in rung(stage)


def test_another_place_that_is_named_counts(stage: Stage) -> None:
    stage.say("望江雅居一期着火了", by=LEADER)

    assert where(stage) == "望江雅居一期"


def test_who_leads_several_places_calls_them_and_is_asked_where(stage: Stage) -> None:
    told = stage.say("有人晕倒了", by=HEAD)

    assert "哪个小区" in told[0]
    assert where(stage) == "锦绣社区"
    assert not DISTRICT & rung(stage)


def test_a_report_is_of_the_leaders_own_place(stage: Stage) -> None:
    assert "编号" in stage.say("3栋2单元楼道灯坏了", by=LEADER)[0]
    assert where(stage) == "锦绣花园3-4栋"


def test_who_leads_several_places_is_asked_before_it_is_a_report(stage: Stage) -> None:
    assert "哪个小区" in stage.say("3栋2单元楼道灯坏了", by=HEAD)[0]


@pytest.mark.parametrize("words", ["3栋1单元都好", "顶楼没人", "3栋2单元302不在家"])
def test_words_that_name_nothing_wrong_are_no_matter(stage: Stage, words: str) -> None:
    """Where no census runs they are nobody's trouble: the leader is asked at most."""
    told = stage.say(words, by=LEADER)

    assert not any("编号" in one or "哪个小区" in one for one in told)
    assert len(stage.hears("w-jinxiu-1", group=True)) == 0


@pytest.mark.parametrize(
    "words",
    ["3栋2单元有人楼道里堆东西", "3栋楼下垃圾没人收", "3栋1单元门禁坏了", "二单元水管爆了", "有人乱停车，消防通道堵了"],
)
def test_what_names_it_still_is(stage: Stage, words: str) -> None:
    assert "编号" in stage.say(words, by=LEADER)[0]


def test_who_stands_in_for_two_neighbourhoods_calls_those_around_both(stage: Stage) -> None:
    told = stage.say("我腿摔断了动不了", by="wangyang")

    assert "哪个小区" in told[0]
    assert where(stage) == "锦绣第一网格"
    assert not DISTRICT & rung(stage)


def test_a_building_that_is_named_tells_which_of_them(stage: Stage) -> None:
    stage.say("我腿摔断了动不了 在3栋门口", by="wangyang")

    assert where(stage) == "锦绣花园3-4栋"
