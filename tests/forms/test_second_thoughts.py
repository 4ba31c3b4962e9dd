"""取消, said of a form that holds much already: asked once whether it is deleted or kept for later."""

import pytest

from storage.forms import DRAFT, KEPT, WITHDRAWN
from tests.forms.speaking import TRIP, WHO, answers, filed, said
from tests.stage import Stage

ASKED = "删掉，还是先放着"


@pytest.mark.parametrize("words", ["取消", "不填了", "算了不报了", "算了嘛", "不要了", "不搞了哈", "撤了", "退出"])
def test_a_filled_form_is_not_deleted_unasked(stage: Stage, words: str) -> None:
    assert ASKED in said(stage, TRIP, words)
    assert (filed(stage).state, answers(stage)["people"]) == (DRAFT, "2")


@pytest.mark.parametrize("words", ["删掉", "删了嘛", "删除", "取消", "不要了", "确定删除", "2"])
def test_asked_once_it_is_deleted(stage: Stage, words: str) -> None:
    assert said(stage, TRIP, "取消", words) == "好，没有报备，刚才说的都删了。"
    assert (filed(stage).state, filed(stage).answers) == (WITHDRAWN, "{}")


@pytest.mark.parametrize("words", ["先放着", "留着嘛", "以后再说", "莫删", "先不删", "1"])
def test_or_kept_for_later(stage: Stage, words: str) -> None:
    assert said(stage, TRIP, "取消", words).startswith("好，先放着")
    assert filed(stage).state == DRAFT
    assert "请您看看对不对" in said(stage, "接着填")


@pytest.mark.parametrize("words", ["点错了", "好嘛", "不取消"])
def test_what_is_neither_deletes_nothing_and_reads_back_again(stage: Stage, words: str) -> None:
    assert "请您看看对不对" in said(stage, TRIP, "取消", words)


def test_a_yes_to_no_such_question_reads_back_again_and_then_it_can_be_kept(stage: Stage) -> None:
    assert "请您看看对不对" in said(stage, TRIP, "取消", "确认")
    assert said(stage, "确认").startswith("报备好了")
    assert filed(stage).state == KEPT


def test_a_tap_beside_the_button_loses_nothing(stage: Stage) -> None:
    said(stage, TRIP)
    stage.tap(stage.last(WHO), "取消", by=WHO)
    assert ASKED in stage.last(WHO).text
    stage.tap(stage.last(WHO), "删掉", by=WHO)
    assert filed(stage).state == WITHDRAWN


def test_in_the_list_of_what_may_be_changed_too(stage: Stage) -> None:
    assert ASKED in said(stage, TRIP, "改", "取消")


def test_in_the_middle_of_much(stage: Stage) -> None:
    assert ASKED in said(stage, "报备 返乡 12月3日从成都回来,两个人,12月8日走", "不填了")
    assert "住在哪一户" in said(stage, "还是填嘛")


@pytest.mark.parametrize("words", ["我不回来了", "算了，不去了", "删了", "作废", "都不要了", "又不回来了，取消"])
def test_whoever_says_why_or_to_delete_it_is_not_asked(stage: Stage, words: str) -> None:
    assert said(stage, TRIP, words) == "好，没有报备，刚才说的都删了。"


def test_little_is_dropped_at_once(stage: Stage) -> None:
    assert said(stage, "报备 返乡 12月3日从成都回来", "算了") == "好，没有报备，刚才说的都删了。"


def test_a_change_is_dropped_at_once_for_the_former_one_stands(stage: Stage) -> None:
    assert said(stage, TRIP, "确认", "修改 1001", "改人数，是5个", "取消") == "好，没改，原来的还算数。"


def test_a_question_left_for_a_day_is_no_yes(stage: Stage) -> None:
    said(stage, TRIP, "取消")
    stage.pass_time(days=1)
    assert filed(stage).state == DRAFT


def test_a_late_tap_on_skip_takes_back_no_answer(stage: Stage) -> None:
    stage.say("独居平安 我自己 3栋2单元501 每天", by=WHO)
    asked = stage.last(WHO)
    stage.say("高血压", by=WHO)

    again = stage.tap(asked, "跳过", by=WHO)

    assert answers(stage)["health"] == "高血压"
    assert again[0].startswith("联系不上时，先找谁？")
