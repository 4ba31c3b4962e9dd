"""这条通知是真的吗: true, changed (and where), or no such notice, with what protects from fraud."""

import pytest

from tests.notices.desk import HEAD, WATER, released
from tests.stage import Stage

LONG = (
    "因供水主管检修，明天8点到12点锦绣路沿线停水，请各户提前储水。恢复供水初期水质可能略有浑浊，放一会儿即可正常使用。"
    "\n简明：明天上午停水四小时，请先存点水"
)


@pytest.mark.parametrize(
    "asked",
    [
        f"这条通知是真的吗 {WATER}",
        f"{WATER} 这个是真的吗",
        f"帮我看看真的假的：【通知】{WATER}",
        f"转发：{WATER}！是真的吗？",
    ],
)
def test_what_was_sent_is_true(stage: Stage, asked: str) -> None:
    number = released(stage)

    assert stage.say(asked, by="liguifang") == [f"是真的：编号 {number}，锦绣社区 11月23日09:30 发布。"]


def test_part_of_it_is_true_and_a_changed_hour_account_or_link_is_named(stage: Stage) -> None:
    number = released(stage, f"\n对象：居民群\n正文：{LONG}")
    text = LONG.partition("\n")[0]

    assert stage.say(f"真的吗？{text[:30]}", by="liguifang")[0].startswith("是真的")
    changed = stage.say(f"{text.replace('12点', '18点')} 是真的吗", by="liguifang")[0]
    assert changed.startswith(f"像是 {number} 号通知，但被改过：发的是“")
    assert "12点" in changed
    assert "18点" in changed
    assert "不转账、不点链接、不说验证码" in changed
    added = stage.say(f"{text}请先交押金50元到6222020200112233445 是真的吗", by="liguifang")[0]
    assert "但被改过" in added
    assert "押金" in added


def test_what_nobody_sent_is_said_to_be_none(stage: Stage) -> None:
    released(stage)

    heard = stage.say("社保补贴今天截止，点链接填银行卡领取1000元，是真的吗", by="liguifang")[0]

    assert heard.startswith("没有发过这样的通知，当心是骗人的")


def test_the_question_alone_asks_for_the_words(stage: Stage) -> None:
    number = released(stage)

    assert stage.say("核实通知", by="liguifang")[0].startswith("请把那条通知的原话粘贴给我")
    assert stage.say(WATER, by="liguifang")[0].startswith(f"是真的：编号 {number}")


def test_among_neighbours_only_a_clear_answer_is_given_unasked(stage: Stage) -> None:
    number = released(stage)

    assert stage.say("听说要涨物业费，是真的吗", by="liguifang", chat="g-jinxiu-1") == []
    assert stage.say(f"{WATER} 这个是真的吗", by="liguifang", chat="g-jinxiu-1")[0].startswith(f"是真的：编号 {number}")


def test_what_was_for_staff_is_not_known_to_neighbours_and_another_place_is_another(stage: Stage) -> None:
    secret = "今晚九点各网格长到站里碰头，带上巡查记录"
    released(stage, f"网格长 {secret}")
    released(stage)

    assert stage.say(f"{secret} 是真的吗", by="liguifang")[0].startswith("没有发过这样的通知")
    assert stage.say(f"{secret} 是真的吗", by="zhoujianhua")[0].startswith("是真的")
    assert stage.say(f"{WATER} 是真的吗", by="someone", chat="g-wangjiang-1") == []
    assert HEAD


@pytest.mark.parametrize(
    "asked",
    ["刚才那个停水通知是真的还是假的", "刚才群里那个通知是真的吗", "昨天群里发的那条关于停水的消息到底是不是真的"],
)
def test_what_was_only_not_pasted_is_found_by_what_it_is_about(stage: Stage, asked: str) -> None:
    number = released(stage)

    said = stage.say(asked, by="liguifang")[0]

    assert said.startswith(f"发过这一条，是真的：编号 {number}")
    assert "请把原话粘贴给我" in said
    assert "骗" not in said


def test_what_is_about_something_else_is_asked_for_and_never_called_fraud(stage: Stage) -> None:
    released(stage)

    assert stage.say("刚才那个涨物业费的通知是真的还是假的", by="liguifang")[0].startswith("请把那条通知的原话粘贴给我")


def test_the_hours_and_the_money_that_differ_are_named_and_not_the_lead_in(stage: Stage) -> None:
    number = released(stage, "居民群 明天上午9点到下午5点停水，请提前储水")

    said = stage.say("群里说明天上午9点到下午8点停水，每户要先交50元，是真的吗", by="liguifang")[0]

    assert said.startswith(f"像是 {number} 号通知，但被改过")
    assert "8点" in said
    assert "50元" in said
    assert "5点" in said
    assert "群里说" not in said
