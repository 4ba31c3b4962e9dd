"""Several things said in one breath: each answer gets its own, another form is begun beside, nothing goes in silence."""

import pytest

from tests.forms.speaking import TRIP, WHO, answers, filed, said
from tests.stage import Stage

NEW = "13912345678"
WORKS = ("装修告知", "12月1号到12月20号", "3栋2单元501")


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (f"人数改成5个，电话{NEW}", {"people": "5", "phone": NEW}),
        (f"人数改成4 电话改成{NEW}", {"people": "4", "phone": NEW}),
        ("两个人不对，是三个人，到达日期改成12月4日", {"people": "3", "arrive": "2026-12-04"}),
        (f"4栋1单元1203，电话换成{NEW}，从西安来", {"door": "4-1-1203", "phone": NEW, "from": "西安"}),
        (f"电话错了，是{NEW}，几个人改成6", {"people": "6", "phone": NEW}),
    ],
)
def test_every_correction_of_a_line_is_taken(stage: Stage, words: str, changed: dict[str, str]) -> None:
    assert "请您看看对不对" in said(stage, TRIP, words)
    before = {"arrive": "2026-12-03", "from": "成都", "people": "2", "door": "3-2-501", "leave": "2026-12-08"}
    assert answers(stage) == {**before, "phone": "10000000072", **changed}


def test_a_correction_without_its_answer_is_asked_for_and_the_other_is_told(stage: Stage) -> None:
    heard = said(stage, TRIP, "到达日期不对，几个人改成6")
    assert heard.startswith("改好了：几个人 6。")
    assert "哪天到的" in heard


def test_what_is_not_understood_of_a_correction_is_said(stage: Stage) -> None:
    said(stage, TRIP, "几个人改成6，车牌改成绿的")
    assert any("“车牌改成绿的”我没听明白" in one.text for one in stage.hears(WHO))


def test_said_all_anew_while_a_question_waits_all_of_it_is_taken(stage: Stage) -> None:
    said(stage, "返乡来访", "明天", "西安", "从成都回来，一个人，后天到，住4栋1单元1203")
    held = answers(stage)
    assert (held["from"], held["people"], held["arrive"], held["door"]) == ("成都", "1", "2026-11-25", "4-1-1203")


def test_what_was_only_known_gives_way_to_what_is_said_beside_an_answer(stage: Stage) -> None:
    said(stage, "返乡来访", "12月5号", "西安", f"2个人，我电话{NEW}")
    assert (answers(stage)["people"], answers(stage)["phone"]) == ("2", NEW)


@pytest.mark.parametrize(
    ("words", "door"),
    [
        ("不是，我说错了，是2单元1102", "3-2-1102"),
        ("不是，是4栋1单元102", "4-1-102"),
        ("不对，写错了，3单元", "3-3-501"),
    ],
)
def test_a_correction_is_no_answer_to_a_yes_or_no(stage: Stage, words: str, door: str) -> None:
    assert said(stage, *WORKS, words).endswith("要拆墙、动燃气或改阳台吗？")
    assert answers(stage)["door"] == door
    assert "walls" not in answers(stage)


def test_something_wrong_that_is_not_named_is_asked_for(stage: Stage) -> None:
    assert said(stage, *WORKS, "不是，我说错了").startswith("哪一项说错了？")


@pytest.mark.parametrize(("words", "value"), [("不是", "no"), ("不是，说错了，要砸墙", "yes"), ("不是承重墙", "no")])
def test_a_plain_no_stays_one(stage: Stage, words: str, value: str) -> None:
    said(stage, *WORKS, words)
    assert answers(stage)["walls"] == value


def test_another_form_with_content_is_begun_beside_and_asked_which_comes_first(stage: Stage) -> None:
    heard = said(stage, "返乡来访", "12月20号", "重庆", "外出托付 12月20号到12月28号")
    assert "外出时间 12月20日到12月28日" in heard
    assert [label for label, _ in stage.last(WHO).buttons] == ["返乡来访", "外出托付"]
    assert "leave" not in answers(stage)
    assert answers(stage, 1002)["when"] == "2026-12-20/2026-12-28"
    assert "住在哪一户" in said(stage, "3")
    assert "是哪一户" in said(stage, "外出托付")


def test_nothing_of_the_other_form_is_lost_at_its_first_question_either(stage: Stage) -> None:
    said(stage, "养犬登记", "返乡来访 12月20号从重庆回来，3个人")
    assert answers(stage, 1002)["from"] == "重庆"
    assert (filed(stage).form, filed(stage, 1002).form) == ("dog", "return")


@pytest.mark.parametrize(
    ("words", "held"),
    [
        (("报备 我妈12月1号从绵阳来住半个月，一个人，2栋1单元302",), ("绵阳", "1", "2026-12-01")),
        (("报备", "后天 从西安 我一个人"), ("西安", "1", "2026-11-25")),
    ],
)
def test_what_is_told_begins_the_form_that_asks_for_it(
    stage: Stage, words: tuple[str, ...], held: tuple[str, ...]
) -> None:
    said(stage, *words)
    assert filed(stage).form == "return"
    assert (answers(stage)["from"], answers(stage)["people"], answers(stage)["arrive"]) == held


@pytest.mark.parametrize(("words", "of", "value"), [("改人数，是5个", "people", "5"), (f"改电话 {NEW}", "phone", NEW)])
def test_right_after_it_was_kept_a_change_opens_it(stage: Stage, words: str, of: str, value: str) -> None:
    assert "请您看看对不对" in said(stage, TRIP, "确认", words)
    said(stage, "确认")
    assert answers(stage)[of] == value


@pytest.mark.parametrize("words", ["我女儿 陈芳 13511112222", "女儿陈芳，电话13511112222"])
def test_a_daughter_and_her_phone_are_no_illness(stage: Stage, words: str) -> None:
    heard = said(stage, "独居平安", "我自己", "3栋2单元501", "每天", words)
    assert heard.startswith("记下了：")
    assert "身体上有什么" in heard
    assert answers(stage)["trusted_phone"] == "13511112222"
    assert "陈芳" in answers(stage)["trusted"]
    assert "请您看看对不对" in said(stage, "跳过")
