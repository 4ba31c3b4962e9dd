"""Whoever has the thing is asked in private when a neighbour's 互助 asks for it, and 借用 is a kind of its own."""

import pytest

from handlers.wishes.terms import terms
from tests.stage import Stage
from tests.wishes.test_favours import posted

LENDER = "chenhao"


@pytest.fixture
def lender(stage: Stage) -> Stage:
    stage.say("登记资源 人字梯可以借", by=LENDER)
    return stage


def asked(stage: Stage, who: str = LENDER) -> list[str]:
    return [one.text for one in stage.hears(who) if "想起您" in one.text]


def test_the_lender_is_asked_and_a_yes_goes_the_usual_way(lender: Stage) -> None:
    number = posted(lender)
    assert asked(lender) == [
        f"有位邻居发了互助 {number}：借一把梯子，换灯泡用\n想起您说过“人字梯可以借”。方便就点“我来帮”，不方便不用回。"
    ]
    lender.tap(lender.last(LENDER), "我来帮", by=LENDER)
    assert "先问问对方" in lender.last(LENDER).text
    assert "1000000" not in lender.last("liguifang").text


@pytest.mark.parametrize("words", ["可以", "我来", "可以借", "要得嘛"])
def test_the_lender_may_say_so(lender: Stage, words: str) -> None:
    posted(lender)
    assert "先问问对方" in lender.say(words, by=LENDER)[0]


@pytest.mark.parametrize("words", ["不方便", "不得空", "在外地", "借不了"])
def test_or_not_and_then_nobody_hears_of_it(lender: Stage, words: str) -> None:
    posted(lender)
    before = len(lender.hears("liguifang"))
    assert lender.say(words, by=LENDER)[0].startswith("没关系")
    assert len(lender.hears("liguifang")) == before


@pytest.mark.parametrize("words", ["借一个电钻", "找个人陪我散步"])
def test_nobody_is_asked_for_what_they_do_not_have(lender: Stage, words: str) -> None:
    posted(lender, words)
    assert asked(lender) == []


def test_an_offer_asks_nobody(lender: Stage) -> None:
    posted(lender, "我有梯子可以借")
    assert asked(lender) == []


def test_nobody_is_asked_for_the_own_post(lender: Stage) -> None:
    posted(lender, by=LENDER)
    assert asked(lender) == []


def test_work_is_asked_of_whoever_does_it(stage: Stage) -> None:
    stage.say("登记资源 会理发，可以上门", by=LENDER)
    posted(stage, "想请人给老人剪头发")
    assert len(asked(stage)) == 1


def test_only_a_few_are_asked(stage: Stage) -> None:
    for who in ("chenhao", "wutong", "wanglei", "lina", "zhangmin"):
        stage.say("登记资源 梯子可以借", by=who, chat="g-jinxiu-1")
    posted(stage)
    assert sum(bool(asked(stage, who)) for who in ("chenhao", "wutong", "wanglei", "lina", "zhangmin")) == 2


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("借轮椅推去医院", "借用"),
        ("想借一本新华字典", "借用"),
        ("轮椅借我用几天", "借用"),
        ("有没有梯子借一下", "借用"),
        ("想借个麻将桌", "借用"),
        ("想要一个旧轮椅", "照护"),
        ("借来的轮椅坏了，想请人修一下", "维修"),
        ("想请人陪我去图书馆还书", "陪伴"),
        ("想要一床棉被", "物品"),
        ("想学用手机", "学习"),
    ],
)
def test_what_goes_back_is_borrowed(stage: Stage, words: str, kind: str) -> None:
    assert terms(stage.kit.catalog).need_of(words).name == kind


def test_the_team_is_that_of_the_thing(stage: Stage) -> None:
    rows = terms(stage.kit.catalog)
    team = rows.team_for(rows.need_of("借轮椅推去医院").code, "借轮椅推去医院")
    assert team is not None
    assert team.name == "健康队"
