"""The three lists: resources by one tap or by a workbook, the matcher with its reason, and the volunteer's statement."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from handlers.people import workbook
from handlers.wishes import ledgers, resources
from handlers.wishes.granting import minutes_in
from tests.stage import MORNING, Stage
from tests.wishes.test_a_wishs_life import claimed, published, wished

GROUP = "g-jinxiu-2"
CODE = "519901001001001002"


def offers(stage: Stage, words: str, by: str) -> None:
    stage.tap(stage.does("text", words, by=by, chat=GROUP)[0], "好，记上", by=by)


def book(stage: Stage, path: Path, **sheets: list[dict[str, workbook.Value]]) -> ledgers.Imported:
    """What becomes of a workbook with these rows."""
    catalog = stage.kit.catalog
    workbook.write(path, catalog, sheets, ledgers.shape(catalog))
    return ledgers.import_file(stage.database, path, catalog, stage.kit.settings, MORNING)


@pytest.mark.parametrize("words", ["我家有轮椅可以借", "我会修电器", "我会理发，可以上门"])
def test_an_offer_in_chatter_is_a_resource_after_one_tap(stage: Stage, words: str) -> None:
    heard = stage.does("text", words, by="wutong", chat=GROUP)
    assert [label for label, _ in heard[0].buttons] == ["好，记上", "不用"]

    assert stage.tap(heard[0], "好，记上", by="wutong")[0].startswith("记下了，资源 1001")
    assert words in stage.say("我的资源", by="wutong")[0]
    stage.say("收回资源 1001", by="wutong")
    assert "还没有登记" in stage.say("我的资源", by="wutong")[0]


@pytest.mark.parametrize(
    "words",
    [
        "我会努力的", "我家有老人要买药", "我会修好的", "我可以借一下梯子吗", "我会不会修电器", "我能去医院了", "我有轮椅了",
        "谁会修电器", "我会陪他去的",
    ],
)  # fmt: skip
def test_words_that_only_look_like_an_offer_are_left_alone(stage: Stage, words: str) -> None:
    assert not resources.offers(stage.kit.catalog, words)


def test_the_matcher_proposes_by_kind_words_distance_and_fair_load_and_says_why(stage: Stage) -> None:
    offers(stage, "我家有轮椅可以借", "wutong")
    offers(stage, "我会修电器", "zhangdashan")
    wished(stage, "想借一辆轮椅用一个月")

    card = stage.last("xujianing").text
    assert "可以问 吴桐：我家有轮椅可以借（同在锦绣花园3-4栋，都说到“轮椅”，近来帮过 0 次，紫·健康队）" in card
    assert "修电器" not in card


def test_who_has_helped_less_is_asked_first(stage: Stage) -> None:
    offers(stage, "我会修电器", "wutong")
    offers(stage, "我会修电器", "zhangdashan")
    stage.say(f"认领 {published(stage, '想请人换灯泡')}", by="wutong")

    wished(stage, "想请人修电风扇电器")

    card = stage.last("xujianing").text
    assert card.index("张大山") < card.index("吴桐")


def test_a_proposal_reaches_only_whoever_has_it(stage: Stage) -> None:
    offers(stage, "我家有轮椅可以借", "wutong")
    number = wished(stage, "想借一辆轮椅用一个月")
    stage.say(f"发布 {number}", by="xujianing")

    stage.tap(stage.last("xujianing"), "吴桐", by="xujianing")
    asked = stage.last("wutong")
    assert "想起您说过“我家有轮椅可以借”" in asked.text
    stage.tap(asked, "认领", by="wutong")
    assert stage.matter(number).state == "claimed"


def test_the_statement_is_of_ones_own_deeds_and_hours_only(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"圆梦 {number} 送到了", by="chenhao")
    stage.tap(stage.last("liguifang"), "圆梦了", by="liguifang")
    stage.say("一个半小时", by="chenhao")

    told = stage.say("我的服务", by="chenhao")[0]
    assert "1 件，1小时30分钟" in told
    assert f"11月23日 心愿 {number} 想给孙女借一本新华字典，90分钟" in told
    assert "李桂芳" not in told
    assert "还没有帮过忙" in stage.say("我的服务", by="wutong")[0]


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("半小时", 30), ("40分钟", 40), ("一个半小时", 90), ("两个小时", 120), ("1个小时", 60), ("不记得", 0)],
)
def test_lengths_of_time_as_people_say_them(words: str, minutes: int) -> None:
    assert minutes_in(words) == minutes


def test_a_workbook_fills_the_three_lists_once(stage: Stage, tmp_path: Path) -> None:
    sheets: dict[str, list[dict[str, workbook.Value]]] = {
        "needs": [{"grid": CODE, "handler": "Y009", "whom": "周奶奶", "consent": "是", "text": "周奶奶想要一床棉被"}],
        "resources": [{"grid": CODE, "holder": "红日药店", "text": "血压计可以用", "need": "照护"}],
        "services": [{"grid": CODE, "title": "老年助餐", "provider": "社区食堂", "times": "每天中午"}],
    }

    assert book(stage, tmp_path / "a.xlsx", **sheets).added == {"needs": 1, "resources": 1, "services": 1}
    assert book(stage, tmp_path / "a.xlsx", **sheets).added == {"needs": 0, "resources": 0, "services": 0}

    told = stage.say("三张清单", by="xujianing")[0]
    assert "一位老人想要一床棉被" in told
    assert "血压计可以用" in told
    assert "老年助餐 社区食堂 每天中午" in told
    assert "周奶奶" not in told
    assert stage.matter(1001).state == "vetting"
    assert "给社区和网格看" in stage.say("三张清单", by="chenhao")[0]


def test_a_workbook_with_a_fault_adds_nothing_and_names_every_fault(stage: Stage, tmp_path: Path) -> None:
    result = book(
        stage,
        tmp_path / "a.xlsx",
        needs=[
            {"grid": "999", "handler": "Y009", "consent": "否", "text": "想要棉被", "public": "周奶奶住3栋2单元501"}
        ],
        resources=[{"grid": CODE, "text": "梯子", "need": "飞船"}],
        services=[],
    )

    assert {fault.code for fault in result.faults} >= {
        "ledger/grid",
        "ledger/consent",
        "ledger/tells_who",
        "ledger/need",
    }
    assert result.added == {}
    assert "没有等您审核" in stage.say("议事清单", by="xujianing")[0]


def test_the_lists_go_out_without_names_and_come_in_again_without_a_change(stage: Stage, tmp_path: Path) -> None:
    published(stage, "王奶奶想要一床棉被")
    offers(stage, "我家有轮椅可以借", "wutong")
    path = tmp_path / "out.xlsx"

    assert ledgers.export_file(stage.database, path, stage.kit.catalog) == 2

    cells = [str(cell.value) for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
    assert "一位老人想要一床棉被" in cells
    assert "待认领" in cells
    assert not any("王奶奶" in cell or "李桂芳" in cell for cell in cells)
    again = ledgers.import_file(stage.database, path, stage.kit.catalog, stage.kit.settings, MORNING)
    assert again.added == {"needs": 0, "resources": 0, "services": 0}


def test_whoever_is_willing_to_help_is_told_how_in_private_and_left_alone_in_the_group(stage: Stage) -> None:
    assert "心愿墙" in stage.say("我想当志愿者", by="wutong")[0]
    assert "资源 1001（学习" in stage.say("会辅导作业", by="wutong")[0]
    assert stage.say("我想当志愿者", by="zhangdashan", chat=GROUP) == []


@pytest.mark.parametrize(
    "words",
    [
        "我退休教师,可以辅导娃娃作业",
        "我屋头有个三轮车,哪个要用就来拿",
        "我屋头有把梯子可以借人",
        "我家有个人字梯,谁要借都可以",
    ],
)
def test_offers_in_dialect_are_heard_and_a_yes_in_dialect_keeps_them_as_they_were_said(
    stage: Stage, words: str
) -> None:
    stage.say(words, by="wutong", chat=GROUP)

    assert stage.say("要得，记上嘛", by="wutong", chat=GROUP)[0].startswith("记下了，资源 1001")
    assert f"1001 {words}" in stage.say("我的资源", by="wutong")[0]


def test_a_skill_alone_is_heard_in_private_only(stage: Stage) -> None:
    assert stage.say("会修电器", by="wutong", chat=GROUP) == []
    assert "资源清单吗" in stage.say("会修电器", by="wutong")[0]


def test_the_only_resource_is_taken_back_without_its_number_and_of_several_it_is_asked_which(stage: Stage) -> None:
    stage.say("登记资源 轮椅一辆可以借", by="wutong")
    assert stage.say("收回资源", by="wutong") == ["资源 1001（轮椅一辆可以借）已收回，谢谢您。"]

    for words in ("轮椅一辆可以借", "梯子可以借"):
        stage.say(f"登记资源 {words}", by="wutong")
    asked = stage.does("text", "收回资源", by="wutong")[0]
    assert "梯子可以借" in stage.tap(asked, "1003 梯子可以借", by="wutong")[0]


def test_what_does_not_fit_the_need_is_not_proposed_however_near_it_is(stage: Stage) -> None:
    stage.say("登记资源 我会理发", by="wutong")
    stage.say("登记资源 我家有轮椅可以借", by="chenhao")

    wished(stage, "想借个轮椅")
    assert "陈浩" in stage.last("xujianing").text
    assert "吴桐" not in stage.last("xujianing").text
    wished(stage, "想请人剪头发")
    assert "可以问 吴桐：我会理发" in stage.last("xujianing").text
    assert "陈浩" not in stage.last("xujianing").text
    wished(stage, "想借个血压计")
    assert "可以问" not in stage.last("xujianing").text


def test_what_was_given_back_is_no_help_given(stage: Stage) -> None:
    stage.say("登记资源 我会修电器", by="wutong")
    number = published(stage, "想借一本字典")
    stage.say(f"认领 {number}", by="wutong")
    stage.say(f"放弃认领 {number}", by="wutong")

    wished(stage, "想请人修电器")

    assert "近来帮过 0 次" in stage.last("xujianing").text


def test_the_lists_count_what_has_come_true_and_say_where_the_rest_is(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"圆梦 {number}", by="chenhao")
    stage.tap(stage.last("liguifang"), "圆梦了", by="liguifang")
    titles = [f"{ordinal}字典" for ordinal in "甲乙丙丁戊己庚"]
    for title in titles:
        wished(stage, f"想借一本{title}")

    told = stage.say("三张清单", by="xujianing")[0]
    assert "需求 7 条" in told
    assert "服务 1 项\n想给孙女借一本新华字典" in told
    assert "看全部发“需求清单”" in told
    needs = stage.say("需求清单", by="xujianing")[0]
    assert all(title in needs for title in titles)
    assert "想给孙女借一本新华字典" not in needs
    assert stage.say("服务清单", by="xujianing") == ["锦绣社区服务清单，共 1 条\n想给孙女借一本新华字典"]


def test_a_long_list_goes_on_by_a_tap_or_a_word(stage: Stage) -> None:
    for at in range(18):
        stage.say(f"登记资源 字典{at}可以借", by="wutong")

    first = stage.does("text", "资源清单", by="xujianing")[0]
    assert "还有 3 条" in first.text
    assert "字典17可以借" in stage.say("更多", by="xujianing")[0]


def test_favours_are_in_the_statement_of_whoever_gave_them(stage: Stage) -> None:
    stage.say("互助 借一把梯子", by="liguifang")
    stage.tap(stage.last("liguifang"), "发", by="liguifang")
    stage.tap(stage.last("g-jinxiu-1", group=True), "我来帮", by="chenhao")
    stage.tap(stage.last("liguifang"), "同意", by="liguifang")
    stage.tap(stage.last("chenhao"), "同意", by="chenhao")

    assert "互助 1001 借一把梯子" in stage.say("我的服务", by="chenhao")[0]
    assert "没有帮过忙" in stage.say("我的服务", by="liguifang")[0]


def test_nobodys_statement_is_answered_in_a_group(stage: Stage) -> None:
    for words in ("我的服务", "我的心愿", "我的资源", "收回资源"):
        assert stage.say(words, by="wutong", chat=GROUP) == []
    assert len(stage.hears("wutong")) == 4


def lends(stage: Stage, *things: str) -> None:
    """These are on Wu Tong's list, each offered in the group on the same day."""
    for words in things:
        offers(stage, words, "wutong")


def test_a_second_thing_offered_on_the_same_day_is_a_resource_of_its_own(stage: Stage) -> None:
    lends(stage, "我家有轮椅可以借", "我还有一副拐杖可以借", "另外我会理发")
    stage.say("还有个梯子也可以借", by="wutong")
    stage.say("好", by="wutong")

    told = stage.say("我的资源", by="wutong")[0]
    assert all(thing in told for thing in ("轮椅", "拐杖", "理发", "梯子"))


def test_whoever_said_no_is_left_alone_in_the_group_for_a_while(stage: Stage) -> None:
    stage.tap(stage.does("text", "我家有轮椅可以借", by="wutong", chat=GROUP)[0], "不用", by="wutong")

    assert stage.say("我还有一副拐杖可以借", by="wutong", chat=GROUP) == []


@pytest.mark.parametrize("words", ["不借了", "收回", "收回来"])
def test_of_several_things_it_is_asked_which_is_taken_back(stage: Stage, words: str) -> None:
    lends(stage, "我家有轮椅可以借", "我还有一副拐杖可以借")

    asked = stage.does("text", words, by="wutong")[0]
    assert "哪一个" in asked.text
    stage.tap(asked, next(label for label, _ in asked.buttons if "拐杖" in label), by="wutong")
    assert "拐杖" not in stage.say("我的资源", by="wutong")[0]


@pytest.mark.parametrize("words", ["拐杖不借了", "拐杖收回来", "收回拐杖", "我那副拐杖不借了"])
def test_the_thing_that_is_named_is_taken_back(stage: Stage, words: str) -> None:
    lends(stage, "我家有轮椅可以借", "我还有一副拐杖可以借")

    said = stage.say(words, by="wutong")[0]
    if "吗" in said:
        stage.tap(stage.last("wutong"), "撤回", by="wutong")

    told = stage.say("我的资源", by="wutong")[0]
    assert "拐杖" not in told
    assert "轮椅" in told


@pytest.mark.parametrize(
    ("wish", "fits"),
    [
        ("想借一副拐杖", "陈浩"),
        ("想要一根拐棍", "陈浩"),
        ("想借一个轮椅", "吴桐"),
        ("想借个助行器", ""),
        ("想借个电风扇", ""),
        ("电风扇坏了，想请人修", "张大山"),
    ],
)
def test_a_thing_asked_for_by_its_name_is_met_by_that_thing_only(stage: Stage, wish: str, fits: str) -> None:
    stage.say("登记资源 我家有轮椅可以借", by="wutong")
    stage.say("登记资源 一副拐杖可以借", by="chenhao")
    stage.say("登记资源 我会修电器", by="zhangdashan")
    wished(stage, wish)

    card = stage.last("xujianing").text
    for name in ("吴桐", "陈浩", "张大山"):
        assert (f"可以问 {name}" in card) is (name == fits)
