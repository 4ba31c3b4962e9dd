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
    assert "还没有圆过心愿" in stage.say("我的服务", by="wutong")[0]


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
