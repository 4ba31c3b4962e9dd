"""8号到15号全部平安: every house of a run counts, floors and stairwells too; a run of buildings is asked about."""

import pytest

from handlers.census.reading import grammar
from tests.census.test_census import GROUP, LEADER, begun, done, kept
from tests.stage import Stage

OF_HOUSES, HOUSES = "sunlihua", "519901001001002001"
"""微网格长 of 锦绣苑南区, where houses have numbers and no table has them."""


def rooms(stage: Stage) -> list[str]:
    return [room for _, _, room, _, _, _ in kept(stage)]


@pytest.mark.parametrize(
    "words",
    ["8号到15号全部平安", "8到15号都平安", "8-15号，都好", "八号至十五号住户全部平安", "8号到15号这8户都没事"],
)
def test_every_house_of_the_run_counts(stage: Stage, words: str) -> None:
    number = begun(stage)

    told = stage.say(words, by=OF_HOUSES)[0]

    assert "已记 8 户平安" in told
    assert sorted(rooms(stage), key=int) == [str(room) for room in range(8, 16)]
    assert done(stage, number, HOUSES).heard == 8


def test_a_house_that_is_left_out_stays_out(stage: Stage) -> None:
    begun(stage)

    assert "已记 7 户平安" in stage.say("8号到15号全部平安，除了10号", by=OF_HOUSES)[0]
    assert "10" not in rooms(stage)


def test_a_run_of_houses_is_taken_back_by_one_word(stage: Stage) -> None:
    begun(stage)
    stage.say("8号到15号全部平安", by=OF_HOUSES)
    stage.say("记错了", by=OF_HOUSES)

    assert rooms(stage) == []


def test_a_house_that_answered_for_itself_is_not_overwritten(stage: Stage) -> None:
    number = begun(stage)
    stage.say("10号4口平安，老人发烧要帮忙", by="liguifang", chat="g-jinxiuyuan-nan")
    stage.say("8号到15号全部平安", by=OF_HOUSES)

    assert done(stage, number, HOUSES).need == 1


@pytest.mark.parametrize("words", ["8栋到15栋全部平安", "8到15栋都平安", "1号楼到3号楼都好", "1-3栋都平安"])
def test_buildings_are_asked_for_one_by_one(stage: Stage, words: str) -> None:
    begun(stage)

    assert "请一栋一栋说" in stage.say(words, by=LEADER)[0]
    assert kept(stage) == []


@pytest.mark.parametrize("words", ["3栋1单元3楼到5楼全部平安", "3栋1单元3到5楼都平安", "3栋1单元三到五层都好"])
def test_every_floor_between_counts(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by=LEADER)

    assert {room[0] for room in rooms(stage)} == {"3", "4", "5"}


def test_both_stairwells_count(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1到2单元都平安", by=LEADER)

    assert {unit for _, unit, *_ in kept(stage)} == {"1", "2"}


@pytest.mark.parametrize("words", ["我们8号到15号都不在家", "我家8号到15号出差", "8到15号不在家", "8号到15号停水"])
def test_days_of_the_month_are_no_houses(stage: Stage, words: str) -> None:
    assert not any(one.door.room or one.door.until for one in grammar(stage.kit.catalog).read(words))


def test_a_neighbour_enters_no_run(stage: Stage) -> None:
    begun(stage)
    stage.say("8号到15号全部平安", by="liguifang", chat=GROUP)

    assert kept(stage) == []


def test_a_house_and_its_people_without_a_pause_are_heard(stage: Stage) -> None:
    begun(stage)
    stage.say("10号4口平安", by="liguifang", chat="g-jinxiuyuan-nan")

    assert [(room, people) for _, _, room, _, people, _ in kept(stage)] == [("10", 4)]
