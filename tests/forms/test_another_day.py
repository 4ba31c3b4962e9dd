"""A day is put right while something else is asked: the day that was said, and then the open question again."""

import pytest

from tests.forms.speaking import WHO, answers, said
from tests.stage import Stage

ARRIVES = ("报备 返乡 12月3日从成都回来",)
BOTH = ("报备 返乡 12月3日从成都回来，12月8日走",)
AWAY = ("外出托付 12月1号到5号 3栋1单元302",)


@pytest.mark.parametrize(
    "words",
    [
        "不是3号是5号",
        "不是3号，是5号",
        "是5号不是3号",
        "不是12月3号，是12月5号",
        "日期错了，是5号",
        "日子错了，应该是5号",
        "日期不对，5号",
        "时间说错了，是5号",
        "说错了，5号回来",
        "我说错了 是12月5号",
        "哎呀搞错了，5号",
        "改成5号",
        "3号错了，是5号",
        "到达日期改成5号",
        "应该是12月5号到",
    ],
)
def test_the_day_is_put_right_and_what_was_asked_is_asked_again(stage: Stage, words: str) -> None:
    asked = said(stage, *ARRIVES, words)

    assert answers(stage)["arrive"] == "2026-12-05"
    assert "12月5日" in asked
    assert "一共几个人" in asked
    assert "people" not in answers(stage)


def test_a_bare_day_is_of_the_month_that_was_said(stage: Stage) -> None:
    said(stage, *ARRIVES, "不是3号是28号")
    assert answers(stage)["arrive"] == "2026-12-28"


@pytest.mark.parametrize(
    ("words", "question", "value"),
    [
        ("不是8号是10号", "leave", "2026-12-10"),
        ("说错了，10号走", "leave", "2026-12-10"),
        ("日期错了，是4号回来", "arrive", "2026-12-04"),
    ],
)
def test_of_two_days_the_one_that_is_named(stage: Stage, words: str, question: str, value: str) -> None:
    assert "一共几个人" in said(stage, *BOTH, words)
    assert answers(stage)[question] == value
    assert len({*answers(stage).items()} - {("arrive", "2026-12-03"), ("leave", "2026-12-08")}) == 3


def test_of_two_days_and_none_named_it_is_asked(stage: Stage) -> None:
    before = said(stage, *BOTH) and answers(stage)
    assert "哪一项说错了" in said(stage, "日期错了，是10号")
    assert answers(stage) == before


@pytest.mark.parametrize(("words", "value"), [("不是1号是2号", "02/2026-12-05"), ("不是5号是7号", "01/2026-12-07")])
def test_either_end_of_a_stay_by_its_former_day(stage: Stage, words: str, value: str) -> None:
    said(stage, *AWAY, words)
    assert answers(stage)["when"] == f"2026-12-{value}"


def test_where_the_last_day_is_asked_the_first_can_be_put_right(stage: Stage) -> None:
    assert "打算住到哪天" in said(stage, "报备 返乡 12月3日从成都回来两个人 3栋2单元501", "日期错了，是5号回来")
    assert answers(stage)["arrive"] == "2026-12-05"


@pytest.mark.parametrize("words", ["应该是8号", "8号走", "应该是12月8号吧"])
def test_where_the_last_day_is_asked_a_day_is_its_answer(stage: Stage, words: str) -> None:
    said(stage, "报备 返乡 12月3日从成都回来两个人 3栋2单元501", words)
    assert (answers(stage)["arrive"], answers(stage)["leave"]) == ("2026-12-03", "2026-12-08")


@pytest.mark.parametrize("words", ["不是两个人，是三个人", "三个人", "大人两个，5号娃儿也来，一共三个"])
def test_a_count_stays_a_count(stage: Stage, words: str) -> None:
    said(stage, *ARRIVES, words)
    assert (answers(stage)["arrive"], answers(stage)["people"]) == ("2026-12-03", "3")


def test_a_text_that_tells_of_a_day_is_a_text(stage: Stage) -> None:
    said(stage, "外出托付 12月1号到5号 3栋1单元302 家里没人", "5号那天水管好像不对，帮忙看下")
    assert answers(stage)["when"] == "2026-12-01/2026-12-05"


def test_a_day_that_cannot_be_is_not_taken(stage: Stage) -> None:
    said(stage, *BOTH, "不是8号是1号")
    assert answers(stage).get("leave") in (None, "2026-12-08")
    assert stage.last(WHO).text
