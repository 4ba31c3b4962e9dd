"""Who does not know an answer yet: it is left out where it may be, else it is said how to come back to it."""

import pytest

from tests.forms.speaking import answers, filed, nothing_reported, said
from tests.stage import Stage

NOT_KNOWN = (
    "不晓得住好久",
    "不清楚",
    "到时候再说",
    "还没定",
    "不晓得好久走",
    "还没想好嘛",
    "没定下来",
    "现在还不晓得",
    "不确定",
    "哪个晓得哦",
    "还没确定住几天",
    "我也不晓得",
    "待定",
    "不知道啥时候走",
    "等我问下娃儿",
    "说不清楚",
)
LEAVES_WHEN = ("报备 返乡 明天从成都回来 两个人 3栋2单元501",)


@pytest.mark.parametrize("words", NOT_KNOWN)
def test_a_question_that_need_not_be_answered_is_left_out(stage: Stage, words: str) -> None:
    assert "请您看看对不对" in said(stage, *LEAVES_WHEN, words)
    assert answers(stage)["leave"] == ""


@pytest.mark.parametrize("words", NOT_KNOWN)
@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("报备 返乡 从成都回来 两个人 3栋2单元501", "arrive"),
        ("报备 返乡 明天从成都回来 3栋2单元501", "people"),
        ("报备 返乡 明天 两个人 3栋2单元501", "from"),
        ("报备 外出 3栋2单元501", "when"),
        ("报备 外出 明天到后天 3栋2单元501", "left"),
        ("报备 装修 12月10日到20日 3栋2单元501", "walls"),
    ],
)
def test_of_one_that_is_needed_it_is_said_how_to_leave_it_for_later(
    stage: Stage, before: str, question: str, words: str
) -> None:
    heard = said(stage, before, words)

    assert "少不了" in heard
    assert "稍后" in heard
    assert question not in answers(stage)
    assert nothing_reported(stage)


def test_of_a_period_whose_end_is_not_known_the_beginning_stands(stage: Stage) -> None:
    assert "稍后" in said(stage, "报备 外出 明天走 3栋2单元501", "不晓得哪天回来")
    assert answers(stage)["when"] == "2026-11-24/"


def test_later_it_is_told_after_all(stage: Stage) -> None:
    said(stage, "报备 返乡 明天从成都回来 3栋2单元501", "不晓得好多人", "稍后")
    stage.pass_time(hours=20)

    said(stage, "接着填", "三个")
    assert answers(stage)["people"] == "3"


@pytest.mark.parametrize("words", ["看情况，大概住一周", "说不准，可能12月1号走", "还没定，先住一周嘛"])
def test_a_guess_that_is_told_with_it_is_the_answer(stage: Stage, words: str) -> None:
    said(stage, *LEAVES_WHEN, words)

    assert answers(stage)["leave"] == "2026-12-01"


def test_somebody_who_does_not_know_the_breed_registers_the_dog_all_the_same(stage: Stage) -> None:
    said(stage, "报备 养狗 3栋2单元501", "1", "不晓得啥子品种")

    assert answers(stage)["breed"] == ""


@pytest.mark.parametrize("words", ["以后再说", "等哈再说"])
def test_for_later_is_no_blank(stage: Stage, words: str) -> None:
    assert "先放着" in said(stage, *LEAVES_WHEN, words)
    assert "leave" not in answers(stage)
    assert filed(stage).state == "draft"


def test_what_is_not_known_and_broken_is_reported(stage: Stage) -> None:
    assert "收到，编号" in said(stage, *LEAVES_WHEN, "3栋2单元电梯停了，不晓得好久修好")


def test_who_stays_for_good_gives_up_no_form(stage: Stage) -> None:
    heard = said(stage, "报备 返乡 昨天到的 从绵阳 3栋2单元501", "不走了")

    assert "长住" in heard
    assert "几个人" in heard
    assert filed(stage).state == "draft"


def test_who_was_to_go_away_and_does_not_gives_it_up(stage: Stage) -> None:
    said(stage, "报备 外出 3栋2单元501", "不走了")

    assert filed(stage).state == "withdrawn"
