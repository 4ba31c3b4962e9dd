"""锦绣社区转入战时状态: an order in a sentence shows its preview; 现在是战时吗 is told how it stands."""

import pytest

from tests.modes.test_modes import COMMUNITY, DISTRICT, HEAD, LEADER, at_war, mode_of, number_in
from tests.stage import Stage


def test_one_sentence_is_the_preview_and_puts_nothing_in_force(stage: Stage) -> None:
    shown = stage.say("锦绣社区转入战时状态,到明天中午12点,区防汛指挥部3号令", by=HEAD)[0]

    assert "还没生效" in shown
    assert "到：11月24日12:00" in shown
    assert "依据：区防汛指挥部3号令" in shown
    assert mode_of(stage, COMMUNITY) == "peace"


def test_the_whole_district_by_the_word_for_it(stage: Stage) -> None:
    assert "云溪区连下面共" in stage.say("全区转入战时,区指3号令,24小时", by=DISTRICT)[0]


@pytest.mark.parametrize(
    ("words", "by"), [("锦绣社区转战时", HEAD), ("石桥村转战时", DISTRICT), ("我们社区进入战时", HEAD)]
)
def test_what_is_missing_is_asked(stage: Stage, words: str, by: str) -> None:
    assert "是谁下的令" in stage.say(words, by=by)[0]


def test_a_drill_in_a_sentence_is_a_drill(stage: Stage) -> None:
    assert stage.say("锦绣社区转入战时演练，30分钟，周例会", by=HEAD)[0].startswith("【演练】")


def test_who_may_not_is_told_and_a_neighbour_hears_how_it_stands(stage: Stage) -> None:
    assert "不归您下战时令" in stage.say("石桥村转战时", by=HEAD)[0]
    assert "现在是平时" in stage.say("石桥村转战时", by="liguifang")[0]


@pytest.mark.parametrize("asked", ["现在是战时吗", "现在是什么状态", "是战时还是平时？"])
def test_how_it_stands_is_told(stage: Stage, asked: str) -> None:
    assert "现在都是平时" in stage.say(asked, by=HEAD)[0]
    number = at_war(stage)
    assert str(number) in stage.say(asked, by=HEAD)[0]


def test_a_neighbour_hears_whether_it_is_war(stage: Stage) -> None:
    stage.say("你好", by="liguifang")
    assert "现在是平时" in stage.say("现在是战时吗", by="liguifang")[0]


def test_a_fault_in_times_of_war_stays_a_report(stage: Stage) -> None:
    assert "收到，编号" in stage.say("战时状态下还有人在3栋乱倒垃圾", by="liguifang")[0]


def test_never_mind_while_it_waits_takes_the_order_back(stage: Stage) -> None:
    number = number_in(stage.say("战时 锦绣社区 24小时 区指3号令", by=HEAD)[0])
    stage.say(f"启动战时 {number}", by=HEAD)

    assert stage.say("算了", by=HEAD) == [f"好，战时令 {number} 不启动了。"]
    assert "不能这样办" in stage.say(f"同意战时 {number}", by=LEADER)[0]


@pytest.mark.parametrize("words", ["全区转入战时", "锦绣社区转入战时状态", "请把我们小区转入战时", "马上启动战时"])
def test_a_neighbour_who_orders_it_hears_who_may(stage: Stage, words: str) -> None:
    [said] = stage.say(words, by="liguifang")

    assert "由站长、街道和区值班下令" in said
    assert "现在是平时" in said
    assert stage.say(words, by="liguifang", chat="g-jinxiu-2") == []


def test_who_leads_a_micro_grid_hears_who_may_too(stage: Stage) -> None:
    assert "由站长、街道和区值班下令" in stage.say("全区转入战时", by="hanmei")[0]


@pytest.mark.parametrize("chat", [None, "w-shiqiao"])
@pytest.mark.parametrize(
    "words",
    [
        "石桥村从现在起进入战时，文号：石应急〔2026〕3号，到明天18点", "石桥村开启战时模式，石应急〔2026〕3号，到明天18点",
        "石桥村由平时转为战时，按石应急〔2026〕3号，到明天18点", "石桥村从此刻起实行战时管理，石应急〔2026〕3号，截止明天18点",
        "各位注意，我宣布石桥村立即启动战时响应，依据石应急〔2026〕3号，到明天18点",
    ],
)  # fmt: skip
def test_an_order_in_other_words_is_shown_and_waits_for_the_exact_word(
    stage: Stage, words: str, chat: str | None
) -> None:
    shown = stage.say(words, by="shiyongfu", chat=chat)[0]

    assert "还没生效" in shown
    assert "依据：石应急〔2026〕3号" in shown
    assert "到：11月24日18:00" in shown
    assert {one.target for one in stage.heard()} == {chat or "shiyongfu"}


@pytest.mark.parametrize("chat", [None, "w-shiqiao"])
@pytest.mark.parametrize(
    "words", ["从现在起转入战时", "我宣布石桥村进入战时", "开始战时", "全面进入战时状态，所有人到岗"]
)
def test_an_order_that_lacks_something_is_asked_back(stage: Stage, words: str, chat: str | None) -> None:
    [said] = stage.say(words, by="shiyongfu", chat=chat)

    assert "哪个网格转战时" in said or "是谁下的令" in said


def test_an_order_for_a_later_hour_is_asked_back(stage: Stage) -> None:
    words = "经研究决定，石桥村自今日18时起转入战时状态，文号石应急〔2026〕3号，至11月25日18时止"

    assert "不能定以后的时间" in stage.say(words, by="shiyongfu")[0]


@pytest.mark.parametrize("by", ["shiyongfu", "tianxiaoman", "liguifang"])
@pytest.mark.parametrize("chat", [None, "w-shiqiao", "g-shiqiao-1"])
@pytest.mark.parametrize(
    "words",
    [
        "石桥村已进入战时", "石桥村拉响战时警报", "石桥村由平时转为战时，按区指3号令，到明天18点", "石桥村从此刻起实行战时管理，石应急〔2026〕3号",
        "石桥村从现在起进入战时，文号：石应急〔2026〕3号，到明天18点", "听说石桥村要转战时了",
    ],
)  # fmt: skip
def test_that_a_place_goes_to_war_is_nobodys_report(stage: Stage, words: str, chat: str | None, by: str) -> None:
    """Residents hear of it by no matter of anybody's."""
    stage.say(words, by=by, chat=chat)

    heard = stage.heard()
    assert not any("收到，" in one.text or "派给" in one.text for one in heard)
    assert not any(one.target.startswith("g-") for one in heard)


def test_who_agrees_to_what_runs_already_is_told_so(stage: Stage) -> None:
    number = at_war(stage)

    [said] = stage.say(f"同意战时 {number}", by=LEADER)
    assert f"战时令 {number} 已经生效了，到11月24日09:30" in said
