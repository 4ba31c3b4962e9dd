"""No, said to a form: nobody makes a wish of it, nothing is kept without a yes, and nothing else is taken back."""

import pytest

from storage.forms import DRAFT, KEPT, WITHDRAWN
from tests.forms.speaking import TRIP, WHO, answers, filed, said
from tests.stage import Stage

RENT = ("租住登记", "1", "3栋2单元501")


@pytest.mark.parametrize("words", ["我不想给身份证", "不想告诉你们我妈是谁"])
def test_what_the_form_does_not_ask_need_not_be_given(stage: Stage, words: str) -> None:
    heard = said(stage, *RENT, words)
    assert heard.startswith("那个不用给，这张表不问。")
    assert "现在住着几个人" in heard
    assert not any("收到心愿" in one.text for one in stage.heard())


@pytest.mark.parametrize("words", ["我不想说", "不给你们看"])
def test_what_the_form_needs_is_asked_again_without_pressing(stage: Stage, words: str) -> None:
    heard = said(stage, *RENT, words)
    assert heard.startswith("不勉强您")
    assert "现在住着几个人" in heard


def test_a_wish_in_the_middle_of_a_form_is_no_wish(stage: Stage) -> None:
    heard = said(stage, *RENT, "想要个轮椅给我妈")
    assert heard.startswith("想要的东西，填完再说也不迟")
    assert "现在住着几个人" in heard
    assert filed(stage).state == DRAFT


def test_a_phone_that_is_not_to_be_shown_is_left_out_where_it_may_be(stage: Stage) -> None:
    assert "联系电话：（没填）" in said(stage, TRIP, "我不想给你们看电话")
    said(stage, "确认")
    assert answers(stage)["phone"] == ""


@pytest.mark.parametrize("words", ["我不想给身份证", "身份证不给你们", "不想给你们身份证号码", "银行卡我不说"])
def test_at_the_read_back_it_is_said_that_nobody_asked_for_it(stage: Stage, words: str) -> None:
    said(stage, TRIP, words)
    told = [one.text for one in stage.hears(WHO)[-2:]]

    assert told[0].endswith("不用给，这张表没问，也没记。")
    assert told[1].startswith("【返乡来访】请您看看对不对")


@pytest.mark.parametrize("words", ["电话就不写了", "把电话去掉", "电话不留", "哪天走就不填了"])
def test_what_may_be_left_out_is_left_out_where_it_is_named(stage: Stage, words: str) -> None:
    assert "：（没填）" in said(stage, TRIP, words)


def test_what_the_form_cannot_do_without_is_named(stage: Stage) -> None:
    said(stage, "报备 家庭情况 3栋1单元302", "5", "2", "1", "没得", "我不想给电话")
    told = [one.text for one in stage.hears(WHO)[-2:]]

    assert told[0] == "“联系电话”这张表少不了，没有它办不成。"
    assert "这样留下可以吗" in told[1]


def test_a_wish_to_take_something_away_is_no_refusal(stage: Stage) -> None:
    said(stage, "外出托付 12月1号到5号 3栋1单元302 家里没人", "把门口的纸箱去掉")
    assert answers(stage)["wants"] == "把门口的纸箱去掉"


def test_a_door_that_is_not_to_be_shown_is_this_or_nothing(stage: Stage) -> None:
    assert "这样留下可以吗" in said(stage, TRIP, "我不想让你们知道我住哪里")
    assert stage.last(WHO).buttons == (("确认", "form_keep 1001"), ("取消", "form_cancel 1001"))


@pytest.mark.parametrize("words", ["不同意", "不行", "我不同意。"])
def test_without_agreement_nothing_is_kept(stage: Stage, words: str) -> None:
    assert said(stage, TRIP, words).startswith("好，您不同意就不留")
    assert [label for label, _ in stage.last(WHO).buttons] == ["改", "取消"]
    assert filed(stage).state == DRAFT
    assert said(stage, "取消").startswith("好，没有报备")


def test_not_agreeing_to_a_change_leaves_the_former_one(stage: Stage) -> None:
    assert "原来的那份还算数" in said(stage, TRIP, "确认", "改人数，是5个", "不同意")
    assert (filed(stage).state, answers(stage)["people"]) == (KEPT, "2")


@pytest.mark.parametrize("words", ["不回来了", "我妈不来了，撤了吧", "撤了", "去不成了"])
def test_asked_whether_to_take_it_back_the_reason_is_a_yes_to_that_alone(stage: Stage, words: str) -> None:
    stage.say("想要个轮椅给我妈", by=WHO)
    assert said(stage, TRIP, "确认", "取消报备", words) == "1002 已撤回，内容都删了。"
    assert filed(stage, 1002).state == WITHDRAWN
    assert stage.matter(1001).state != "withdrawn"


@pytest.mark.parametrize("words", ["别撤", "先不撤吧，还要来"])
def test_asked_whether_to_take_it_back_a_no_lets_it_stand(stage: Stage, words: str) -> None:
    assert said(stage, TRIP, "确认", "取消报备", words) == "好，照旧留着。"
    assert filed(stage).state == KEPT


@pytest.mark.parametrize("words", ["等等", "暂停", "先停一下"])
def test_at_the_read_back_it_can_be_put_aside(stage: Stage, words: str) -> None:
    assert said(stage, TRIP, words).startswith("好，先放着")


def test_going_on_at_the_read_back_reads_back_again(stage: Stage) -> None:
    assert "请您看看对不对" in said(stage, TRIP, "继续")
    assert "一共几个人" in said(stage, "取消", "删掉", "返乡来访", "12月5号", "重庆", "继续")


def test_a_bare_digit_taps_neither_back_nor_later(stage: Stage) -> None:
    assert "住在哪一户" in said(stage, "返乡来访", "12月5号", "重庆", "2", "1")
    assert "住在哪一户" in said(stage, "2")
    assert filed(stage).step == "door"


def test_a_change_that_was_left_says_that_the_former_still_counts(stage: Stage) -> None:
    said(stage, TRIP.replace("12月8日", "12月28日"), "确认", "改人数，是5个")
    told = [one.text for one in stage.pass_time(days=9)]
    assert any("改到一半" in one for one in told)
    assert any("原来那份还算数" in one for one in told)
    assert not any("都删了" in one for one in told)
    assert answers(stage)["people"] == "2"
