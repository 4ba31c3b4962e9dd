"""No fact is taken from the wrong word: numbers of places, phones of others, the half of a lease, a vague day."""

import pytest

from tests.forms.speaking import TRIP, answers, said
from tests.stage import Stage

RETURN = "报备 返乡 明天 从重庆回来"
LEAVING = "报备 返乡 明天到 从重庆回来 2个人 3栋1单元302"


@pytest.mark.parametrize(
    "words",
    [
        "石桥一组的",
        "石桥一组老桥头",
        "从三亚过来的",
        "3栋",
        "二期5栋那边",
        "第一人民医院旁边",
        "从外婆家来",
        "12月8号走",
        "一组三队",
    ],
)
def test_a_number_of_a_place_or_a_day_counts_nobody(stage: Stage, words: str) -> None:
    said(stage, RETURN, words)
    assert "people" not in answers(stage)


@pytest.mark.parametrize(
    ("words", "people"),
    [("石桥一组来的三个人", "3"), ("3栋的两个人", "2"), ("两大一小", "3"), ("我们5个", "5"), ("3", "3")],
)
def test_beside_a_place_people_are_counted(stage: Stage, words: str, people: str) -> None:
    said(stage, RETURN, words)
    assert answers(stage)["people"] == people


@pytest.mark.parametrize("line", ["报备 返乡 石桥一组的，明天从重庆回来", "报备 返乡 明天从重庆第一人民医院回来"])
def test_in_a_line_a_place_counts_nobody_either(stage: Stage, line: str) -> None:
    said(stage, line)
    assert "people" not in answers(stage)


@pytest.mark.parametrize(
    ("words", "door"),
    [
        ("菜市场12号摊位", "菜市场12号摊位"),
        ("我在农贸市场A区3号摊", "农贸市场A区3号摊"),
        ("锦绣花园底商5号门面", "锦绣花园底商5号门面"),
        ("住菜市场里面十五号摊", "菜市场里面十五号摊"),
    ],
)
def test_a_stall_on_the_market_is_an_address(stage: Stage, words: str, door: str) -> None:
    assert said(stage, f"{RETURN} 2个人", words).startswith("打算住到哪天")
    assert answers(stage)["door"] == f"--{door}"


def test_a_stall_is_heard_in_one_line_and_is_no_day(stage: Stage) -> None:
    said(stage, "报备 返乡 从重庆回来 2个人 住菜市场12号摊位")

    assert answers(stage)["door"] == "--菜市场12号摊位"
    assert "arrive" not in answers(stage)


@pytest.mark.parametrize(
    "line", ["报备 租房 我在这租住 3栋1单元302", "我在这租住，3栋1单元302，两个人", "报备 租住登记 3栋1单元302"]
)
def test_whether_somebody_lets_or_rents_is_asked_and_not_guessed(stage: Stage, line: str) -> None:
    assert "您是租房住，还是房东？" in said(stage, line)
    said(stage, "我在这租住")
    assert answers(stage)["side"] == "tenant"


@pytest.mark.parametrize(
    "words",
    [
        "我妈电话13999990000",
        "13999990000，这是我妈的电话",
        "13999990000是我姐的",
        "打我儿子的也行13999990000",
        "我嫂子13999990000",
    ],
)
def test_somebody_elses_phone_does_not_replace_ones_own(stage: Stage, words: str) -> None:
    assert "这像是别人的电话，我没记" in said(stage, TRIP, words)
    assert answers(stage)["phone"] == "10000000072"
    assert "联系电话：13999990000" in said(stage, "13999990000")


@pytest.mark.parametrize("words", ["我妈也来，我的电话13999990000", "我电话是13999990000", "13999990000"])
def test_ones_own_phone_is_taken(stage: Stage, words: str) -> None:
    said(stage, TRIP, words)
    assert answers(stage)["phone"] == "13999990000"


def test_somebody_elses_phone_is_no_licence_number(stage: Stage) -> None:
    said(stage, "报备 养狗 一条泰迪 打过疫苗 3栋1单元302", "我妈电话13999990000")
    assert "licence" not in answers(stage)


def test_who_is_trusted_and_the_phone_are_heard_together(stage: Stage) -> None:
    said(stage, "报备 独居 给我妈 3栋2单元501 每天", "没有", "女儿李梅13811112222")
    assert (answers(stage)["trusted"], answers(stage)["trusted_phone"]) == ("女儿李梅", "13811112222")


@pytest.mark.parametrize(
    ("words", "leave"),
    [
        ("住到明年2月底", "2027-02-28"),
        ("月底", "2026-11-30"),
        ("正月十五", "2027-02-20"),
        ("大年初六回", "2027-02-11"),
        ("下个月16号", "2026-12-16"),
        ("住到年底", "2026-12-31"),
    ],
)
def test_a_last_day_that_is_plain_is_understood(stage: Stage, words: str, leave: str) -> None:
    said(stage, LEAVING, words)
    assert answers(stage)["leave"] == leave


@pytest.mark.parametrize("words", ["过完年", "过完年再走", "下个月中旬", "春节后", "元旦后", "明年三月", "八月十五"])
def test_a_vague_day_is_asked_about_and_none_is_made_up(stage: Stage, words: str) -> None:
    assert said(stage, LEAVING, words).startswith("是几月几号？说个日子我才好记。")
    assert "leave" not in answers(stage)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("报备 外出 12月1号到明年2月底", "2026-12-01/2027-02-28"),
        ("报备 外出 12月1号到正月十五", "2026-12-01/2027-02-20"),
        ("报备 外出 明天到下个月5号", "2026-11-24/2026-12-05"),
        ("报备 外出 12月1号到下个月中旬", "2026-12-01/"),
        ("报备 外出 12月1号到过年", "2026-12-01/"),
    ],
)
def test_a_span_has_the_end_that_was_said_or_is_asked_for_it(stage: Stage, line: str, value: str) -> None:
    said(stage, line)
    assert answers(stage)["when"] == value
