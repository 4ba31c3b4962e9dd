"""敲过没应: who did not come to the door is no door accounted for, however the others are entered; and its undo."""

import pytest

from storage import matters
from storage.matters import Matter
from tests.census.test_census import GROUP, LEADER, begun, done
from tests.stage import Stage

SILENT = "3栋1单元5楼都平安,502没人应"


def test_the_rest_are_well_but_whoever_did_not_answer(stage: Stage) -> None:
    number = begun(stage)
    stage.say(SILENT, by=LEADER)

    assert "敲过没应的 1 户不算在里面" in stage.say("其余都平安", by=LEADER)[0]
    told = stage.tap(stage.last(LEADER), "都确认过，记平安", by=LEADER)[0]

    assert "已记 46 户平安" in told
    assert "502" not in told.partition("3栋2单元")[0]
    assert done(stage, number).missing == 1


def test_a_floor_that_is_well_leaves_it_out_too_until_somebody_answers(stage: Stage) -> None:
    number = begun(stage)
    stage.say(SILENT, by=LEADER)
    stage.say("3栋1单元都平安", by=LEADER)
    assert done(stage, number).missing == 37

    stage.say("不对,3栋1单元502有人应了", by=LEADER)
    assert done(stage, number).missing == 36


@pytest.mark.parametrize("words", ["算了", "不对", "记错了", "撤回", "等等，记错了"])
def test_one_word_takes_it_back(stage: Stage, words: str) -> None:
    number = begun(stage)
    stage.say(SILENT, by=LEADER)
    stage.pass_time(seconds=5)
    stage.say("其余都平安", by=LEADER)
    stage.tap(stage.last(LEADER), "都确认过，记平安", by=LEADER)

    assert "刚记的 46 户都不算" in stage.say(words, by=LEADER)[0]
    assert done(stage, number).missing == 47


def test_the_button_asks_for_those_only_of_whom_nothing_was_said(stage: Stage) -> None:
    number = begun(stage)
    stage.say(SILENT, by=LEADER)
    stage.say("摸排还差谁", by=LEADER)
    asked = stage.tap(stage.last(LEADER), "其余都平安", by=LEADER)[0]

    assert "还没回的 46 户，都记成平安？（敲过没应的 1 户不算在里面）" in asked
    stage.tap(stage.last(LEADER), "都确认过，记平安", by=LEADER)
    assert done(stage, number).missing == 1


@pytest.mark.parametrize(
    "words",
    [
        "4栋1单元501 两口都好,隔壁502老太婆一个人没得回应",
        "4栋1单元501两口平安，对门4栋1单元502独居老人没人应",
        "4栋1单元502独居老人没消息",
    ],
)
def test_an_old_neighbour_who_does_not_answer_is_looked_after_at_once(stage: Stage, words: str) -> None:
    number = begun(stage)
    heard = stage.say(words, by="王奶奶", chat=GROUP)

    assert "502" not in "".join(heard)
    assert "4栋1单元502" in stage.last(LEADER).text
    assert "【急】" in stage.last(LEADER).text
    assert done(stage, number).answered == words.count("501")
    assert not [one for one in all_matters(stage) if one.category != "welfare"]


@pytest.mark.parametrize("words", ["我屋头停水了,人没得事,4栋2单元101", "4栋2单元101 两口都好,电梯坏了"])
def test_what_is_broken_is_reported_and_counted(stage: Stage, words: str) -> None:
    number = begun(stage)
    stage.say("4栋1单元502的婆婆喊不答应", by="王奶奶", chat=GROUP)

    heard = stage.say(words, by="李大爷", chat=GROUP)

    assert "已经报过" not in heard[0]
    assert [one.unit for one in all_matters(stage)] == ["1", "2"]
    assert done(stage, number).answered == 1


def test_a_door_alone_joins_nobodys_illness(stage: Stage) -> None:
    begun(stage)
    stage.say("我爸要吸氧没氧气了,6栋1单元302", by="王奶奶", chat=GROUP)

    assert stage.say("没得单元,就是五栋302", by="李大爷", chat=GROUP) == []


def all_matters(stage: Stage) -> list[Matter]:
    with stage.database.reading() as session:
        found = (matters.by_number(session, number) for number in range(1002, 1006))
        return [one for one in found if one is not None]


@pytest.mark.parametrize("words", ["4栋1单元502没人应", "4栋1单元501两口都好，502没人应", "4栋1单元502没人"])
def test_a_door_that_nobody_opens_is_no_matter_by_itself(stage: Stage, words: str) -> None:
    begun(stage)

    assert stage.say(words, by="王奶奶", chat=GROUP) == []
    assert not all_matters(stage)


def test_a_group_hears_how_many_only_when_somebody_has_answered_since(stage: Stage) -> None:
    begun(stage)
    stage.say("3-1-101 2人平安", by="王奶奶", chat=GROUP)
    stage.pass_time(minutes=2)
    said = len(stage.hears(GROUP, group=True))
    stage.pass_time(minutes=4)
    assert len(stage.hears(GROUP, group=True)) == said


def test_a_group_hears_the_new_count(stage: Stage) -> None:
    begun(stage)
    stage.say("3-1-101 2人平安", by="王奶奶", chat=GROUP)
    stage.pass_time(minutes=2)
    stage.say("3-1-102 2人平安", by="李大爷", chat=GROUP)
    stage.pass_time(minutes=4)
    assert "摸排已收到 2 户" in stage.last(GROUP, group=True).text
