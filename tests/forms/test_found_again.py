"""Found by whatever it is known by, taken back only when asked again, asked about on the day of return."""

import io

import pytest
from openpyxl import load_workbook

from handlers.forms import sheets
from tests.forms.speaking import TRIP, WHO, answers, filed, said
from tests.stage import Stage

MOTHERS = ("独居平安", "给我妈报,她住果园5号,有高血压,每天", "女儿李梅13812345678", "确认")
AWAY = ("外出托付 12月1号到5号 3栋2单元501 家里没人", "帮我看门", "确认")


def test_the_button_of_mine_asks_before_it_deletes(stage: Stage) -> None:
    said(stage, TRIP, "确认", "我的报备")
    assert "要撤回吗" in stage.tap(stage.last(WHO), "撤回", by=WHO)[0]
    assert filed(stage).state == "kept"
    assert said(stage, "撤了") == "1001 已撤回，内容都删了。"


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("查报备 果园5号", "xiewenbing"),
        ("查报备 石桥三组果园5号", "xiewenbing"),
        ("查报备 李梅", "xiewenbing"),
        ("查报备 吴桐", "xiewenbing"),
    ],
)
def test_staff_find_it_by_any_address_and_by_name(stage: Stage, words: str, by: str) -> None:
    said(stage, *MOTHERS)
    found = stage.say(words, by=by)[0]
    assert "独居平安" in found
    assert "1001" in found


@pytest.mark.parametrize("words", ["查报备 果园5号", "查报备 李梅", "查报备 吴桐", "查报备 高血压"])
def test_out_of_the_subtree_nothing_is_found(stage: Stage, words: str) -> None:
    said(stage, *MOTHERS)
    assert "在期" in stage.say(words, by="hanmei")[0]
    assert "1001" not in stage.last("hanmei").text


def test_a_hidden_answer_is_not_found_by_its_words(stage: Stage) -> None:
    said(stage, *MOTHERS)
    assert "没有“高血压”" in stage.say("查报备 高血压", by="xiewenbing")[0]


def test_houses_of_two_places_are_two(stage: Stage) -> None:
    stage.say("报备 家庭情况 水碾坝3号 5个人", by="xieabao")
    for line in ("0", "0", "否", "13812345678", "确认"):
        stage.say(line, by="xieabao")
    assert "没有在期" in stage.say("查报备 竹林湾3号", by="shijianping")[0]


@pytest.mark.parametrize("words", ["我不同意了", "不想你们存我的信息了"])
def test_a_bare_no_is_the_withdrawal_of_consent(stage: Stage, words: str) -> None:
    said(stage, TRIP, "确认")
    assert "要收回吗" in said(stage, words)
    assert filed(stage).state == "kept"
    assert "已收回" in said(stage, "收回")
    assert filed(stage).state == "withdrawn"


def test_a_yes_after_a_no_is_a_yes(stage: Stage) -> None:
    said(stage, TRIP, "确认", "我不同意了", "收回")
    assert "报备内容可以记了" in said(stage, "我改主意了,同意")


@pytest.mark.parametrize("words", ["我不同意了", "不想你们存我的信息了"])
def test_in_the_middle_of_a_form_it_is_a_no_to_that_form(stage: Stage, words: str) -> None:
    assert said(stage, "装修告知", words).startswith("好，您不同意就不留")


def test_on_the_day_of_return_it_is_asked_and_one_word_ends_it(stage: Stage) -> None:
    said(stage, *AWAY)
    stage.pass_time(days=12, hours=12)
    assert "回来了吗？" in stage.last(WHO).text
    assert said(stage, "回来了") == "1001 已撤回，内容都删了。"


def test_who_is_not_back_yet_says_the_new_day(stage: Stage) -> None:
    said(stage, *AWAY)
    stage.pass_time(days=12, hours=12)
    said(stage, "还没回来", "12月9号回来", "确认")
    assert answers(stage)["when"] == "2026-12-01/2026-12-09"
    stage.pass_time(days=4)
    assert "回来了吗？" in stage.last(WHO).text


def test_a_sheet_says_for_good_in_words(stage: Stage) -> None:
    said(stage, "报备 返乡 12月3日从成都回来,两个人,住3栋2单元501", "不走了", "确认")
    out = io.BytesIO()
    with stage.database.transaction() as session:
        sheets.fill(session, stage.kit.catalog, "return", stage.clock.now(), stage.kit.settings.zone, out)
    cells = [str(cell) for row in load_workbook(out).worksheets[0].iter_rows(values_only=True) for cell in row]
    assert "长期" in cells
    assert not any("9999" in cell for cell in cells)


@pytest.mark.parametrize("words", ["墙不动,燃气要改", "燃气要改，墙不动", "墙不动 燃气管要移一下"])
def test_gas_that_is_moved_is_a_yes_though_the_wall_stays(stage: Stage, words: str) -> None:
    said(stage, "装修告知 12月20日到1月10日 3栋2单元501", words)
    assert answers(stage)["walls"] == "yes"
