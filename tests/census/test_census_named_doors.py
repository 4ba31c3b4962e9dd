"""A leader's words count the doors that they name and no more; what they leave open is asked, and nothing is written."""

import pytest

from handlers.census.reading import grammar
from storage.census import AWAY, NEED, SAFE, UNKNOWN
from tests.census.test_census import LEADER, SECRETARY, begun, done, kept
from tests.stage import Stage

OF_HOUSES = "sunlihua"
"""微网格长 of 锦绣苑南区, of which no table tells the doors."""


def doors(stage: Stage, state: str = SAFE) -> list[tuple[str, str, str]]:
    return sorted(row[:3] for row in kept(stage) if row[5] == state)


def rooms(stage: Stage, state: str = SAFE) -> list[str]:
    return [room for _, _, room in doors(stage, state)]


@pytest.mark.parametrize(
    ("words", "building", "unit"),
    [
        ("3栋8号到15号全部平安", "3", ""),
        ("3栋8到15号都好", "3", ""),
        ("3栋8-15号都没事", "3", ""),
        ("3号楼8号到15号都好", "3", ""),
        ("4栋2单元8号到15号都平安", "4", "2"),
        ("3栋8号到15号不在家", "3", ""),
    ],
)
def test_houses_of_a_building_are_those_and_not_all_of_it(stage: Stage, words: str, building: str, unit: str) -> None:
    begun(stage)
    [told] = stage.say(words, by=OF_HOUSES)

    assert "已记 8 户" in told
    assert {row[:2] for row in kept(stage)} == {(building, unit)}
    assert sorted(int(row[2]) for row in kept(stage)) == list(range(8, 16))


@pytest.mark.parametrize("words", ["3栋8号到15号全部平安", "4栋2单元8号到15号都好"])
def test_where_the_table_has_no_such_houses_none_is_counted(stage: Stage, words: str) -> None:
    begun(stage)
    assert "户表里没有这样的门牌" in stage.say(words, by=LEADER)[0]
    assert kept(stage) == []


@pytest.mark.parametrize("words", ["我们3栋8号到15号都不在家", "我家3栋8号到15号出差"])
def test_days_of_the_month_beside_a_building_are_no_houses(stage: Stage, words: str) -> None:
    assert not any(one.door.until for one in grammar(stage.kit.catalog).read(words))


def test_two_houses_side_by_side_are_two(stage: Stage) -> None:
    begun(stage)
    stage.say("8号9号都平安", by=OF_HOUSES)
    assert rooms(stage) == ["8", "9"]


def test_a_run_without_its_state_is_asked_about_and_is_no_matter(stage: Stage) -> None:
    begun(stage)
    [asked] = stage.say("4栋2单元101到302", by=LEADER)
    assert asked.startswith("4栋2单元101到302怎么样？")
    assert kept(stage) == []

    assert "已记 6 户平安" in stage.say("都平安", by=LEADER)[0]


@pytest.mark.parametrize(
    "words",
    [
        "3栋大部分都好",
        "3栋一半平安",
        "3栋前8户都好",
        "3栋1单元都平安，有2户没人",
        "3栋1单元有3户没人",
        "3栋基本都平安",
        "3栋1单元除了顶楼都平安",
    ],
)
def test_what_holds_for_some_is_not_written_for_all(stage: Stage, words: str) -> None:
    begun(stage)
    assert "您说的是哪几户" in stage.say(words, by=LEADER)[0]
    assert kept(stage) == []


@pytest.mark.parametrize("words", ["3栋1单元12户都平安", "3栋1单元户户平安", "3栋1单元一户不漏都平安", "3栋1号门都好"])
def test_all_of_them_are_all(stage: Stage, words: str) -> None:
    begun(stage)
    assert "已记 12 户平安" in stage.say(words, by=LEADER)[0]


@pytest.mark.parametrize("words", ["3栋1单元301没人，其余都平安", "3栋1单元301没人其他都平安"])
def test_the_others_are_the_other_doors_and_not_this_one(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by=LEADER)
    assert doors(stage, AWAY) == [("3", "1", "301")]
    assert len(doors(stage)) == 11


def test_a_floor_that_is_away_is_not_among_the_others(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1单元3楼没人，其余都好", by=LEADER)
    assert rooms(stage, AWAY) == ["301", "302"]
    assert len(rooms(stage)) == 10


def test_a_neighbours_others_are_the_people_at_home(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋2单元501 老人住院，其他人都平安", by="王奶奶", chat="g-jinxiu-2")
    assert [row[:3] for row in kept(stage)] == [("3", "2", "501")]


@pytest.mark.parametrize(
    "words",
    [
        "3栋1单元101到302都好",
        "3栋1单元一二三楼都齐",
        "3栋1单元1楼2楼3楼都在",
        "3栋1单元1、2、3楼都好",
        "3栋1单元123楼都好",
        "3栋1单元三楼以下都好",
        "3栋1单元一到三楼都好",
    ],
)
def test_floors_are_counted_however_they_are_listed(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say(words, by=LEADER)
    assert doors(stage) == [("3", "1", f"{floor}0{at}") for floor in (1, 2, 3) for at in (1, 2)]


def test_a_floor_and_above(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1单元5楼以上没人", by=LEADER)
    assert rooms(stage, AWAY) == ["501", "502", "601", "602"]


@pytest.mark.parametrize("words", ["3栋2单元12楼都好", "二十三楼都好"])
def test_other_numbers_before_a_floor_stay_what_they_are(stage: Stage, words: str) -> None:
    said = grammar(stage.kit.catalog).read(words)
    assert len(said) == 1


@pytest.mark.parametrize(
    ("before", "words", "left"),
    [
        ("8号到15号都平安", "不是8号到15号 是8号到12号", range(8, 13)),
        ("8号到15号都平安", "不对，是8号到12号", range(8, 13)),
        ("8号到15号没人", "说错了 9号到10号", range(9, 11)),
    ],
)
def test_a_run_is_put_right_by_the_right_one(stage: Stage, before: str, words: str, left: range) -> None:
    begun(stage)
    stage.say(before, by=OF_HOUSES)
    stage.pass_time(seconds=20)
    told = stage.say(words, by=OF_HOUSES)
    assert told[0].startswith("刚才记的 8 户撤了")
    assert sorted(int(row[2]) for row in kept(stage)) == list(left)
    assert len({row[5] for row in kept(stage)}) == 1


def test_a_slip_within_the_words_counts_for_nothing(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋2单元101到202都好 不对 301到402", by=LEADER)
    assert doors(stage) == [("3", "2", room) for room in ("301", "302", "401", "402")]

    assert stage.say("201到 不对 501到602", by=LEADER)[0].startswith("501到602怎么样？")


def test_one_door_that_was_another(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1单元301没人", by=LEADER)
    stage.pass_time(seconds=20)
    stage.say("不是301是302没人", by=LEADER)
    assert doors(stage, AWAY) == [("3", "1", "302")]


def test_a_room_or_a_run_of_rooms_is_in_the_staircase_that_was_just_entered(stage: Stage) -> None:
    begun(stage)
    assert "不止一户" in stage.say("501到602没人", by=LEADER)[0]
    stage.say("4栋2单元1楼都好", by=LEADER)
    stage.pass_time(seconds=20)
    stage.say("201没人", by=LEADER)
    stage.pass_time(seconds=20)
    stage.say("301到402都好", by=LEADER)
    assert {row[:2] for row in kept(stage)} == {("4", "2")}
    assert len(kept(stage)) == 7


@pytest.mark.parametrize("words", ["502不让进", "502敲门没开", "502敲了没应", "502不给开"])
def test_a_door_that_stays_shut_is_tried_and_no_report(stage: Stage, words: str) -> None:
    number = begun(stage)
    stage.say("3栋1单元1楼都好", by=LEADER)
    stage.pass_time(seconds=20)
    told = stage.say(words, by=LEADER)
    assert "编号" not in told[0]
    assert doors(stage, UNKNOWN) == [("3", "1", "502")]
    assert done(stage, number).answered == 2


@pytest.mark.parametrize("words", ["不让进", "敲门没开", "他们不让进"])
def test_a_shut_door_without_its_number_is_asked_about(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("3栋1单元1楼都好", by=LEADER)
    assert stage.say(words, by=LEADER) == ["是哪一户？连门牌说一句就记下，比如：502敲门没开"]
    assert "已记 2 户平安" in stage.say("3栋1单元2楼都好", by=LEADER)[0]


def test_a_run_is_entered_though_a_report_waits_for_its_place(stage: Stage) -> None:
    begun(stage)
    assert "哪个小区" in stage.say("3栋2单元路灯不亮", by=SECRETARY)[0]
    assert "已记 12 户平安" in stage.say("3栋1单元全部平安", by=SECRETARY)[0]


def test_what_is_said_of_one_door_within_a_run_is_never_that_it_is_well(stage: Stage) -> None:
    begun(stage)
    [told] = stage.say("3栋1单元都平安，402要找社区", by=LEADER)
    assert "没算在里面的：3栋1单元 402" in told
    assert "402" not in rooms(stage)
    assert doors(stage, NEED) == []


def test_a_floor_is_that_of_the_staircase_in_which_the_leader_is(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1单元1楼都好", by=LEADER)
    stage.pass_time(seconds=20)
    stage.say("三楼ok", by=LEADER)
    stage.pass_time(seconds=20)
    stage.say("2单元101 102 201都好", by=LEADER)
    assert doors(stage) == [
        *(("3", "1", room) for room in ("101", "102", "301", "302")),
        *(("3", "2", room) for room in ("101", "102", "201")),
    ]


@pytest.mark.parametrize("words", ["4栋2单元都搞定了", "4栋2单元已经走过了"])
def test_what_a_leader_says_in_passing_is_no_report(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("3栋1单元1楼都好", by=LEADER)
    stage.pass_time(seconds=20)
    told = stage.say(words, by=LEADER)
    assert "编号" not in told[0]
    assert "哪个小区" not in told[0]
    assert len(kept(stage)) == 2


def test_what_is_broken_is_a_report_on_the_way_too(stage: Stage) -> None:
    begun(stage)
    stage.say("3栋1单元1楼都好", by=LEADER)
    stage.pass_time(seconds=20)
    assert "4栋2单元楼道，公共设施" in stage.say("4栋2单元楼道灯坏了", by=LEADER)[0]


@pytest.mark.parametrize(
    "words", ["4栋1单元302都好，楼下301两个娃儿在哭 大人不在", "4-1-301 阿姨我爸爸妈妈不在家 我和妹妹两个人"]
)
def test_children_without_anybody_are_a_need(stage: Stage, words: str) -> None:
    number = begun(stage)
    stage.say(words, by="王奶奶", chat="g-jinxiu-2")
    assert doors(stage, NEED) == [("4", "1", "301")]
    assert done(stage, number).need == 1


def test_who_works_tonight_lives_there_too(stage: Stage) -> None:
    begun(stage)
    stage.say("4-1-202 2人在家1人上夜班", by="王奶奶", chat="g-jinxiu-2")
    assert [row[4] for row in kept(stage)] == [3]
