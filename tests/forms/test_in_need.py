"""Whoever 独居平安 looks after is heard at any time: a fall, a worse word, 平安 in the middle of something else."""

import pytest

from tests.forms.speaking import answers, said
from tests.stage import Heard, Stage

WHO, LEADER = "wutong", "hanmei"
MINE = ("独居平安 我自己 3栋2单元501 每天", "跳过", "女儿李梅13812345678", "确认")
MOTHERS = ("独居平安", "给我妈报,她住3栋2单元101,每天", "跳过", "没得人", "没得电话", "确认")


@pytest.fixture
def kept(stage: Stage) -> Stage:
    said(stage, *MINE)
    return stage


def cards(stage: Stage, of: str = "【紧急】") -> list[Heard]:
    return [one for one in stage.heard() if one.text.startswith(of) and one.private]


def test_after_a_good_word_a_fall_is_still_heard(kept: Stage) -> None:
    kept.pass_time(days=1)
    kept.say("好", by=WHO)
    assert "120" in kept.say("哎哟不是,我刚才摔了一跤,腿痛", by=WHO)[0]
    assert len(cards(kept)) == 3
    assert all("3栋2单元501室" in one.text for one in cards(kept))


@pytest.mark.parametrize(
    "words",
    [
        "我摔了一跤,脚肿了",
        "我绊倒了,起不来了",
        "平安个屁,我摔了起不来",
        "摔倒了",
        "刚才在厕所滑了一跤",
        "心口痛得很",
        "脚动不了",
        "我从梯子上摔下来了",
        "胸口闷,喘不上气",
    ],
)
def test_a_fall_is_heard_on_any_day(kept: Stage, words: str) -> None:
    assert "120" in kept.say(words, by=WHO)[0]
    assert kept.matter(1002).urgency == "emergency"
    assert kept.matter(1002).room == "501"


@pytest.mark.parametrize(
    "words",
    [
        "我摔碎了一个碗",
        "去年摔过一跤,早就好了",
        "怕摔倒,楼梯间装个扶手",
        "手机摔了",
        "隔壁王婆婆上个月摔了一跤,你们晓得不",
        "我没摔",
        "昨天差点摔倒,楼道灯不亮",
        "想借个拐杖,上个月摔了一跤",
        "天冷早上起不来",
    ],
)
def test_what_is_no_fall_calls_nobody(kept: Stage, words: str) -> None:
    kept.say(words, by=WHO)
    assert cards(kept) == []


def test_a_second_cry_goes_to_those_who_were_called(kept: Stage) -> None:
    kept.say("我摔了一跤", by=WHO)
    told = kept.say("起不来,快来", by=WHO)
    assert "120" in told[0]
    assert len(cards(kept)) == 3
    assert kept.last("wangyang").text.endswith("起不来,快来")


def test_a_fall_that_nobody_filed_for_is_an_emergency_too(stage: Stage) -> None:
    assert "120" in stage.say("我绊倒了,起不来了", by=WHO)[0]


def test_illness_comes_before_the_question_of_a_form(kept: Stage) -> None:
    said(kept, "租住")
    kept.pass_time(days=1)
    said(kept, "接着填", "11月1日")
    assert kept.say("不舒服,头晕得很", by=WHO)[0].startswith("知道了，编号")
    assert "120" in kept.say("头晕,起不来", by=WHO)[0]
    assert "租房住，还是房东" in said(kept, "接着填")


def test_an_answer_of_a_form_stays_one(kept: Stage) -> None:
    kept.pass_time(days=1)
    said(kept, "独居平安 给我妈", "另报一份", "3栋2单元101", "每天")
    said(kept, "去年摔过,膝盖痛,走不动")
    assert "膝盖" in answers(kept, 1002)["health"]
    assert cards(kept) == []


def test_a_worse_word_after_unwell_is_an_emergency_and_another_one_is_passed_on(kept: Stage) -> None:
    kept.pass_time(days=1)
    kept.say("不好", by=WHO)
    told = kept.say("头也晕", by=WHO)[0]
    assert "120" in told
    assert kept.last(LEADER).text == "1002 有补充：头也晕"
    assert "120" in kept.say("心口痛", by=WHO)[0]
    assert {one.target for one in cards(kept)} >= {LEADER}


def test_who_named_no_door_is_asked_and_all_who_were_called_hear_it(stage: Stage) -> None:
    assert "几栋几单元几号" in stage.say("我在卫生间摔倒了,起不来", by=WHO)[0]
    assert stage.say("3栋1单元602", by=WHO) == ["已改好，1001 的地点是3栋1单元602室。"]
    called = {one.target for one in cards(stage)}
    told = {one.target for one in stage.heard() if "的地点更正为：3栋1单元602室" in one.text}
    assert told == called
    assert not any("602" in one.text for one in stage.heard() if not one.private)


def test_asked_for_the_door_another_word_is_passed_on_and_a_false_alarm_is_taken_back(stage: Stage) -> None:
    stage.say("我在卫生间摔倒了,起不来", by=WHO)
    assert "已补充到 1001" in stage.say("儿子不在家", by=WHO)[-1]
    assert "1001" in stage.say("没事了,不用来了", by=WHO)[0]
    stage.say("不用办了", by=WHO)
    assert stage.matter(1001).state == "withdrawn"


def test_two_who_fell_are_two(stage: Stage) -> None:
    stage.say("我在卫生间摔倒了,起不来", by="linxiaoxia")
    assert "编号 1002" in stage.say("我在卫生间摔倒了,起不来", by=WHO)[0]


def test_a_mothers_fall_is_at_her_door(stage: Stage) -> None:
    said(stage, *MOTHERS)
    assert "120" in stage.say("我妈摔倒了,起不来", by=WHO)[0]
    assert stage.matter(1002).room == "101"


@pytest.mark.parametrize("words", ["好得很,吃过早饭了", "没事,好着呢", "平安"])
def test_all_is_well_is_heard_whatever_else_is_open(kept: Stage, words: str) -> None:
    kept.say("楼上天天半夜打麻将吵得很", by=WHO)
    kept.say("报事", by=WHO)
    kept.pass_time(hours=23, minutes=29)
    kept.say("租住", by=WHO)
    kept.pass_time(minutes=10)
    assert kept.say(words, by=WHO)[0].startswith("好，知道您平安就放心了")


def test_a_weak_word_to_something_else_is_no_answer(kept: Stage) -> None:
    kept.say("租住", by=WHO)
    kept.pass_time(days=1)
    kept.say("好", by=WHO)
    assert not kept.last(WHO).text.startswith("好，知道您平安")
