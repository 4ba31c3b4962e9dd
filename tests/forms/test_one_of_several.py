"""A question about several things, one day of a period, somebody who stays: what is said is what is kept."""

import pytest

from storage.forms import KEPT, WITHDRAWN
from tests.forms.speaking import GROUP, WHO, answers, filed, nothing_reported, said, scan
from tests.stage import Stage

WORKS = "报备 装修告知 12月1日到12月15日,3栋2单元501"
AWAY = "报备 外出托付 12月1日到12月8日,3栋2单元501,家里没人"
HOME = "报备 返乡 12月3日从成都回来,两个人,住3栋2单元501"
LET = "报备 租住登记 我是房东,3栋2单元501,两个人,9月1日起,到明年9月1日"
OFFERED = "下个月想装修"


@pytest.mark.parametrize(
    "line",
    [
        "要把阳台封了,墙不动",
        "燃气管要改,墙不动",
        "阳台要封起来,墙不动",
        "厨房的墙不动,煤气管要移",
        "要敲一堵墙,不过不是承重墙",
        "不动承重墙,燃气管要移一下",
        "就封个阳台,墙不动",
    ],
)
def test_one_of_the_things_done_is_a_yes_and_no_alarm(stage: Stage, line: str) -> None:
    assert "具体动哪里" in said(stage, WORKS, line)
    assert answers(stage)["walls"] == "yes"
    assert nothing_reported(stage)


@pytest.mark.parametrize("line", ["墙不动,阳台也不封", "不拆墙、动燃气或改阳台", "都不动", "不会去拆墙"])
def test_none_of_them_done_is_a_no(stage: Stage, line: str) -> None:
    assert "施工" in said(stage, WORKS, line)
    assert answers(stage)["walls"] == "no"


@pytest.mark.parametrize("line", ["墙不动,要换窗户", "我要敲的不是承重墙", "拆不拆墙还没定"])
def test_a_yes_and_a_no_about_different_things_is_asked_again(stage: Stage, line: str) -> None:
    assert "要拆墙、动燃气或改阳台吗" in said(stage, WORKS, line)
    assert "walls" not in answers(stage)


@pytest.mark.parametrize("line", ["燃气管漏了,满屋气味,墙不动", "墙倒了压到工人", "师傅倒在阳台不动了"])
def test_a_present_danger_comes_before_the_form(stage: Stage, line: str) -> None:
    assert "编号 1002" in said(stage, WORKS, line)
    assert "walls" not in answers(stage)


@pytest.mark.parametrize("line", ["要把阳台封了,墙不动", "燃气管要改,墙不动", "阳台要封起来,墙不动"])
def test_works_that_are_planned_are_no_danger_anywhere(stage: Stage, line: str) -> None:
    stage.say(line, by=WHO)
    assert not any("119" in one.text or "紧急" in one.text for one in stage.heard())


def test_the_tenants_phone_is_not_the_landlords(stage: Stage) -> None:
    own = answers(stage)["phone"] if said(stage, LET) and "phone" in answers(stage) else ""
    said(stage, "13912345678")
    assert (answers(stage)["tenant_phone"], answers(stage)["phone"]) == ("13912345678", own)


def test_of_two_phones_each_is_whose_it_is(stage: Stage) -> None:
    said(stage, LET, "我的电话是13811112222,租客的是13912345678")
    assert (answers(stage)["tenant_phone"], answers(stage)["phone"]) == ("13912345678", "13811112222")


@pytest.mark.parametrize("line", ["师傅姓张,13800138000", "张师傅 13800138000", "装修队电话 13800138000"])
def test_the_builders_phone_is_never_ones_own(stage: Stage, line: str) -> None:
    said(stage, f"{WORKS},不动墙", "跳过")
    own = answers(stage)["phone"]
    said(stage, line)
    assert answers(stage)["phone"] == own


def test_the_builders_name_and_phone_stand_together(stage: Stage) -> None:
    assert "谁施工：师傅姓张,13800138000" in said(stage, f"{WORKS},不动墙", "跳过", "师傅姓张,13800138000")


@pytest.mark.parametrize("line", ["不对,是到12月15号", "是到12月15号哈,说错了", "12月15号回来", "回来日期改成15号"])
def test_the_end_of_a_period_is_put_right_and_its_start_stands(stage: Stage, line: str) -> None:
    assert "外出时间：12月1日到12月15日" in said(stage, AWAY, "看看门窗", line)
    assert nothing_reported(stage)


@pytest.mark.parametrize("line", ["改成12月3号走", "出发日期改成3号"])
def test_so_is_its_start(stage: Stage, line: str) -> None:
    assert "外出时间：12月3日到12月8日" in said(stage, AWAY, "看看门窗", line)


@pytest.mark.parametrize("line", ["回来日期改成12号", "12月12号才回来,说错了"])
def test_just_after_it_was_kept_as_well(stage: Stage, line: str) -> None:
    assert "外出时间：12月1日到12月12日" in said(stage, AWAY, "看看门窗", "确认", line)
    assert nothing_reported(stage)


@pytest.mark.parametrize("line", ["不走了", "就不走了,要在屋头长住", "长住"])
def test_whoever_does_not_leave_again_stays_for_good(stage: Stage, line: str) -> None:
    assert "哪天走：长住" in said(stage, HOME, line)
    assert "报备好了" in said(stage, "确认")


def test_where_nobody_is_asked_when_they_leave_it_calls_off(stage: Stage) -> None:
    said(stage, "报备 返乡 从成都回来", "不走了")
    assert filed(stage).state == WITHDRAWN


def test_a_kept_one_is_taken_back_only_after_a_question(stage: Stage) -> None:
    said(stage, AWAY, "看看门窗", "确认")
    assert "要撤回吗" in said(stage, "撤回 1001")
    assert "留着" in said(stage, "算了不撤了")
    assert filed(stage).state == KEPT
    assert "已撤回" in "".join(stage.say("撤回 1001", by=WHO) + stage.say("撤了", by=WHO))
    assert filed(stage).state == WITHDRAWN


@pytest.mark.parametrize("line", ["把我的报备撤了", "我不出门了,报备撤了嘛"])
def test_it_may_be_said_without_its_number(stage: Stage, line: str) -> None:
    said(stage, AWAY, "看看门窗", "确认")
    assert "要撤回吗" in said(stage, line)


@pytest.mark.parametrize("line", ["对头", "嗯,要报备", "要敲一堵墙,但不是承重墙"])
def test_an_offer_is_taken_in_words_and_by_more_of_it(stage: Stage, line: str) -> None:
    assert "您是要报备“装修告知”吗" in said(stage, "装修,12月1日开始")
    assert "施工时间 12月1日到" in said(stage, line)
    assert nothing_reported(stage)


@pytest.mark.parametrize("line", ["我要登记养狗", "我屋头养了只狗要登记哈"])
def test_whoever_asks_for_a_form_among_neighbours_is_heard(stage: Stage, line: str) -> None:
    assert "已收到" in stage.say(line, by=WHO, chat=GROUP)[0]
    assert "【养犬登记】" in stage.last(WHO).text


@pytest.mark.parametrize("line", ["我家养狗要不要登记", "我要登记结婚", "我家养了只狗"])
def test_talk_of_it_is_left_alone(stage: Stage, line: str) -> None:
    assert stage.say(line, by=WHO, chat=GROUP) == []


@pytest.mark.parametrize("line", ["你们存了我啥子信息", "我想看看你们记了我哪些信息"])
def test_what_is_kept_is_shown_however_it_is_asked(stage: Stage, line: str) -> None:
    said(stage, AWAY, "看看门窗", "确认")
    assert said(stage, line).startswith("我记着您的这些")


def test_no_longer_agreed_is_asked_once(stage: Stage) -> None:
    said(stage, AWAY, "看看门窗", "确认")
    assert "要收回吗" in said(stage, "我不同意你们记我的信息")


@pytest.mark.parametrize("line", ["都撤回", "两样都收回"])
def test_every_yes_is_taken_back_in_one_word(stage: Stage, line: str) -> None:
    said(stage, AWAY, "看看门窗", "确认")
    scan(stage, "3", "2", "501")
    stage.say("同意", by=WHO)
    assert "要收回哪一样" in said(stage, "撤回同意")
    assert "门牌号会删掉；您填过的报备会全删掉" in said(stage, line)
    assert "门牌和报备内容不再记了" in said(stage, "收回")
    assert filed(stage).state == WITHDRAWN
