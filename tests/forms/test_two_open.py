"""Two forms are open: every question says which it belongs to, and an answer goes to the one that asks for it."""

import pytest

from tests.forms.speaking import answers, said
from tests.stage import Stage

TWO = ("报备 返乡 12月3日从成都回来", "报备 装修 3栋2单元501")


def test_a_question_names_its_form_while_another_is_open(stage: Stage) -> None:
    assert "【" not in said(stage, "报备 返乡 12月3日从成都回来", "两个人")
    said(stage, "报备 装修 3栋2单元501")
    assert said(stage, "12月10号到20号").startswith("【装修告知】")


def test_what_is_no_answer_here_and_is_one_there_goes_there(stage: Stage) -> None:
    said(stage, *TWO)
    assert said(stage, "两个人").startswith("【返乡来访】")
    assert answers(stage)["people"] == "2"
    assert said(stage, "12月10号到20号").startswith("【装修告知】")
    assert answers(stage, 1002)["when"] == "2026-12-10/2026-12-20"
    assert "leave" not in answers(stage)


@pytest.mark.parametrize("words", ["12月8号走", "打算12月8号走"])
def test_what_names_a_question_of_the_form_that_asks_stays_there(stage: Stage, words: str) -> None:
    said(stage, "报备 装修 3栋2单元501", "报备 返乡 12月3日从成都回来", words)
    assert answers(stage, 1002)["leave"] == "2026-12-08"
    assert "when" not in answers(stage)


def test_an_answer_to_the_question_that_waits_is_its_answer(stage: Stage) -> None:
    said(stage, "报备 返乡 12月3日从成都回来", "报备 养狗 3栋2单元501", "两条")
    assert answers(stage, 1002)["many"] == "2"
    assert "people" not in answers(stage)


def test_going_on_with_the_one_that_is_on_asks_its_question_again(stage: Stage) -> None:
    assert "一共几个人" in said(stage, *TWO, "继续填返乡")
    again = said(stage, "继续填返乡")
    assert "一共几个人" in again
    assert "没太明白" not in again
