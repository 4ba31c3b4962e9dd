"""What leaders do with a matter: hand on, give back, put off, ask for help, watch over."""

import pytest

from storage import journal
from tests.stage import Stage

GROUP = "g-jinxiu-2"
LIFT = "3栋2单元电梯又停了"


@pytest.fixture(autouse=True)
def reported(stage: Stage) -> None:
    """A lift has stopped, and 韩梅 has the card."""
    stage.say(LIFT, by="liguifang", chat=GROUP)


def test_a_matter_is_handed_to_a_department(stage: Stage) -> None:
    assert stage.say("转办 1001 物业", by="hanmei") == ["1001 已转给任静。"]

    assert "由韩梅转来" in stage.last("renjing").text
    stage.say("接单 1001", by="renjing")
    assert stage.matter(1001).state == "accepted"


def test_without_a_name_four_choices_at_most_are_offered(stage: Stage) -> None:
    stage.tap(stage.last("hanmei"), "转办", by="hanmei")

    offer = stage.last("hanmei")
    assert 1 <= len(offer.buttons) <= 4
    label = offer.buttons[0][0]
    stage.tap(offer, label, by="hanmei")
    assert "已转给" in stage.last("hanmei").text


def test_a_matter_is_handed_to_a_person_by_name_or_role(stage: Stage) -> None:
    assert stage.say("转办 1001 周建华", by="hanmei") == ["1001 已转给周建华。"]
    assert stage.say("转办 1001 站长", by="zhoujianhua") == ["1001 已转给林若云。"]


def test_an_unknown_name_gets_the_choices(stage: Stage) -> None:
    assert "没找到“张三丰”" in stage.say("转办 1001 张三丰", by="hanmei")[0]
    assert stage.matter(1001).state == "assigned"


def test_the_first_return_goes_on_and_the_second_is_decided_above(stage: Stage) -> None:
    stage.say("退回 1001 我在外地", by="hanmei")
    first = stage.matter(1001)
    assert first.returns == 1
    assert first.state == "assigned"
    assert "韩梅退回：我在外地" in stage.last("wangyang").text

    stage.say("退回 1001 不归我管", by="wangyang")

    assert stage.matter(1001).state == "deciding"
    decide = stage.last("zhoujianhua")
    assert "已经退回2次" in decide.text
    assert [label for label, _ in decide.buttons] == ["接单", "转办"]
    stage.tap(decide, "接单", by="zhoujianhua")
    assert stage.matter(1001).state == "accepted"


def test_returning_asks_for_a_reason(stage: Stage) -> None:
    assert stage.say("退回 1001", by="hanmei") == ["1001 为什么退回？说一句话，好派给对的人。"]
    stage.say("不是我的楼", by="hanmei")
    assert stage.matter(1001).returns == 1


def test_holding_needs_a_day_and_a_yes_from_above(stage: Stage) -> None:
    stage.say("接单 1001", by="hanmei")
    stage.say("挂账 1001 3天 等配件", by="hanmei")
    wanted = stage.last("zhoujianhua")
    assert "挂账到11月26日" in wanted.text
    assert stage.matter(1001).state == "accepted"

    stage.tap(wanted, "同意", by="zhoujianhua")

    assert stage.matter(1001).state == "held"
    assert "先挂账到11月26日" in stage.last("liguifang").text
    stage.pass_time(days=4)
    assert stage.matter(1001).state == "accepted"
    assert any("挂账到期" in heard.text for heard in stage.hears("hanmei"))


def test_nobody_grants_their_own_hold(stage: Stage) -> None:
    stage.say("接单 1001", by="hanmei")
    stage.say("挂账 1001 3天 等配件", by="hanmei")

    assert "不归您批准挂账" in stage.say("同意 1001", by="hanmei")[0]
    assert stage.matter(1001).state == "accepted"


def test_a_refused_hold_goes_on_as_before(stage: Stage) -> None:
    stage.say("接单 1001", by="hanmei")
    stage.say("挂账 1001 一周 等配件", by="hanmei")
    stage.say("不同意 1001", by="zhoujianhua")

    assert stage.matter(1001).state == "accepted"
    assert "挂账没有批准" in stage.last("hanmei").text


@pytest.mark.parametrize("words", ["挂账 1001", "挂账 1001 等配件", "挂账 1001 999天", "挂账 1001 2月31日"])
def test_a_hold_without_a_possible_day_asks_for_one(stage: Stage, words: str) -> None:
    stage.say("接单 1001", by="hanmei")

    assert "要挂账到什么时候" in stage.say(words, by="hanmei")[0]


def test_help_is_asked_of_whom_the_owner_taps_and_the_owner_stays(stage: Stage) -> None:
    card = stage.last("hanmei")
    stage.say("5", by="hanmei", quote=card)
    assert "1001 请谁协办" in stage.last("hanmei").text

    stage.tap(stage.last("hanmei"), "微网格长汪洋", by="hanmei")

    assert "请您协办 1001" in stage.last("wangyang").text
    assert stage.say("协办 1001 城管", by="hanmei")[0].startswith("1001 已请")


def test_a_request_to_hold_that_nobody_answers_goes_one_level_up(stage: Stage) -> None:
    stage.say("接单 1001", by="hanmei")
    stage.say("挂账 1001 15天 等配件", by="hanmei")
    asked = [one.target for one in stage.heard() if "挂账到" in one.text and "同意吗" in one.text]

    later = [one for one in stage.pass_time(hours=30) if "同意吗" in one.text]

    assert later[0].target not in asked
    assert "等配件" in later[0].text
    stage.tap(later[0], "同意", by=later[0].target)
    assert stage.matter(1001).state == "held"
    assert not [one for one in stage.pass_time(hours=60) if "同意吗" in one.text]


def test_what_waits_for_a_yes_is_on_the_list_of_whoever_is_asked(stage: Stage) -> None:
    stage.say("接单 1001", by="hanmei")
    stage.say("挂账 1001 3天 等配件", by="hanmei")

    listed = stage.say("待办", by="zhoujianhua")[0]
    assert "等您点头的事：\n1001 3栋2单元电梯 公共设施 · 想挂账到11月26日" in listed

    stage.say("同意 1001", by="zhoujianhua")
    assert "挂账" not in stage.say("待办", by="zhoujianhua")[0]


def test_an_end_under_supervision_waits_on_the_supervisors_list(stage: Stage) -> None:
    stage.say("督办 1001", by="linruoyun")
    stage.say("办结 1001 换了门机", by="hanmei")

    assert "1001 3栋2单元电梯 公共设施 · 办完了，等您同意结案" in stage.say("待办", by="linruoyun")[0]


def test_nobody_is_rung_about_a_matter_whose_owner_waits_for_a_yes(stage: Stage) -> None:
    stage.say("接单 1001", by="hanmei")
    stage.say("挂账 1001 15天 等配件", by="hanmei")

    heard = stage.pass_time(hours=24)

    assert not [one for one in heard if "还没办完" in one.text]


def test_the_higher_of_two_supervisors_decides(stage: Stage) -> None:
    stage.say("督办 1001", by="zhoujianhua")
    stage.say("督办 1001", by="linruoyun")
    assert "现在由上一级林若云督办" in stage.last("zhoujianhua").text

    assert "已由" in stage.say("督办 1001", by="zhoujianhua")[0]
    stage.say("办结 1001 换了门机", by="hanmei")
    stage.say("同意 1001", by="linruoyun")
    assert stage.matter(1001).state == "closed"


def test_a_supervisor_who_is_silent_is_told_to_the_level_above(stage: Stage) -> None:
    stage.say("督办 1001", by="linruoyun")
    stage.say("办结 1001 换了门机", by="hanmei")

    heard = stage.pass_time(hours=24 * 6)

    assert any("同意结案吗" in one.text and one.target == "linruoyun" for one in heard)
    assert any("林若云督办还没表态" in one.text for one in heard)


def test_a_grade_may_be_typed_on_the_quoted_question_later(stage: Stage) -> None:
    stage.say("办结 1001 换了门机", by="hanmei")
    stage.say("满意 1001", by="liguifang")
    question = stage.last("liguifang")
    stage.say("帮助", by="liguifang")

    stage.say("较好", by="liguifang", quote=question)

    assert stage.matter(1001).rating == "较好"


def test_under_supervision_the_end_needs_the_supervisor(stage: Stage) -> None:
    stage.say("督办 1001", by="linruoyun")
    assert "被林若云督办" in stage.last("hanmei").text
    stage.say("办结 1001 换了门机", by="hanmei")
    stage.say("满意 1001", by="liguifang")
    assert stage.matter(1001).state == "done"

    stage.tap(stage.last("linruoyun"), "同意结案", by="linruoyun")

    assert stage.matter(1001).state == "closed"
    assert stage.last("liguifang").text == "谢谢您。给 1001 打个分吧："


def test_only_posts_above_supervise(stage: Stage) -> None:
    assert "不归您督办" in stage.say("督办 1001", by="hanmei")[0]


def test_who_was_rung_before_hears_that_it_is_taken(stage: Stage) -> None:
    stage.pass_time(minutes=16)
    assert "还没有动静" in stage.last("wangyang").text

    stage.say("接单 1001", by="hanmei")

    assert stage.last("wangyang").text == "1001 已由韩梅接单，您不用管了。谢谢。"


def test_the_deputy_may_take_it(stage: Stage) -> None:
    stage.pass_time(minutes=16)
    stage.say("接单 1001", by="wangyang")

    assert stage.last("liguifang").text == "1001 汪洋已接单，会尽快处理。"
    assert stage.last("hanmei").text == "1001 已由汪洋接单，您不用管了。谢谢。"


def test_a_leader_sees_what_waits(stage: Stage) -> None:
    assert "1001 3栋2单元电梯 公共设施 · 待接单" in stage.say("待办", by="hanmei")[0]
    assert stage.say("待办", by="lilei") == ["现在没有等您办的事，歇会儿吧。"]
    assert stage.say("待办", by="liguifang") == ["您手上没有等着办的事。"]
    for words in ("今天有啥事要办", "还有几件没办？", "看下待办"):
        assert "1001 3栋2单元电梯 公共设施 · 待接单" in stage.say(words, by="hanmei")[0]
    assert stage.say("今天有啥活", by="liguifang", chat=GROUP) == []


def test_with_several_in_hand_a_bare_digit_asks_which(stage: Stage) -> None:
    stage.say("4栋楼道灯全坏了", by="zhangdashan", chat=GROUP)

    told = stage.say("1", by="hanmei")[0]

    assert told.startswith("您手上有几件")
    assert stage.matter(1001).state == "assigned"


def test_every_effect_is_journalled(stage: Stage) -> None:
    stage.say("接单 1001", by="hanmei")
    stage.say("转办 1001 物业", by="hanmei")
    stage.say("到场 1001", by="renjing")
    stage.say("办结 1001 换了门机", by="renjing")
    stage.say("满意 1001", by="liguifang")

    matter = stage.matter(1001)
    with stage.database.reading() as session:
        acts = [entry.act for entry in journal.of_matter(session, matter.id)]
    assert acts == ["collect", "open", "route", "accept", "transfer", "arrive", "finish", "confirm"]


def test_handing_on_relieves_whoever_was_rung_before(stage: Stage) -> None:
    stage.pass_time(minutes=16)
    stage.say("转办 1001 物业", by="hanmei")

    assert stage.last("wangyang").text == "1001 已转给任静，您不用管了。谢谢。"


def test_the_former_owner_hears_that_somebody_above_handed_it_on(stage: Stage) -> None:
    stage.say("转办 1001 物业", by="zhoujianhua")

    assert stage.last("hanmei").text == "1001 已转给任静，您不用管了。谢谢。"


def test_a_digit_and_words_on_a_quoted_card_are_one_answer(stage: Stage) -> None:
    card = stage.last("hanmei")

    stage.say("1接单", by="hanmei", quote=card)
    assert stage.matter(1001).state == "accepted"
    stage.say("3 换了门机", by="hanmei", quote=card)
    assert stage.matter(1001).result == "换了门机"


def test_typed_grades_count_like_taps(stage: Stage) -> None:
    stage.say("办结 1001 换了门机", by="hanmei")
    stage.say("满意", by="liguifang")
    stage.say("较好", by="liguifang")

    assert stage.matter(1001).rating == "较好"
    assert stage.say("评价 1001 差", by="liguifang") == ["1001 您评过了：较好。谢谢您。"]


def test_the_owner_hears_that_somebody_else_finished(stage: Stage) -> None:
    stage.say("转办 1001 物业", by="hanmei")
    stage.say("办结 1001 已处理", by="hanmei")

    assert stage.last("renjing").text == "1001 韩梅已经处理了，您不用管了。谢谢。"


def test_a_supervisors_no_is_told_as_the_supervisors(stage: Stage) -> None:
    stage.say("督办 1001", by="linruoyun")
    stage.say("办结 1001 换了门机", by="hanmei")
    stage.say("满意 1001", by="liguifang")
    stage.tap(stage.last("linruoyun"), "退回重办", by="linruoyun")
    stage.say("没有照片", by="linruoyun")

    assert "督办人要求重办：没有照片" in stage.last("hanmei").text
    assert "督办人看过" in stage.last("liguifang").text


def test_a_leader_who_works_in_the_residents_group_is_answered_in_private(stage: Stage) -> None:
    assert stage.say("接单 1001", by="hanmei", chat=GROUP) == []
    assert stage.last("hanmei").text.startswith("1001 已接单")


def test_a_hold_keeps_its_reason_and_asks_for_the_missing_half(stage: Stage) -> None:
    stage.say("接单 1001", by="hanmei")
    stage.say("挂账 1001 等配件", by="hanmei")
    stage.tap(stage.last("hanmei"), "7天", by="hanmei")
    assert "挂账到11月30日：等配件" in stage.last("zhoujianhua").text

    stage.say("挂账 1001 3天", by="hanmei")
    assert "为什么挂账" in stage.last("hanmei").text
    stage.say("厂家放假", by="hanmei")
    assert "挂账到11月26日：厂家放假" in stage.last("zhoujianhua").text


def test_an_older_card_does_not_grant_a_newer_request(stage: Stage) -> None:
    stage.say("接单 1001", by="hanmei")
    stage.say("挂账 1001 10天 等配件", by="hanmei")
    older = stage.last("zhoujianhua")
    stage.say("挂账 1001 下周五 等厂家", by="hanmei")

    newer = stage.last("zhoujianhua")

    assert "这张卡已经被新的申请替换" in stage.tap(older, "同意", by="zhoujianhua")[0]
    stage.tap(newer, "同意", by="zhoujianhua")
    assert "挂账到12月4日" in stage.last("hanmei").text


def test_the_supervisor_is_not_told_to_look_away(stage: Stage) -> None:
    stage.say("督办 1001", by="linruoyun")
    stage.say("接单 1001", by="hanmei")

    assert all("不用管" not in one.text for one in stage.hears("linruoyun"))


@pytest.mark.parametrize("words", ["可以了", "好", "差不多", "解决了！"])
def test_the_question_whether_it_is_solved_may_be_answered_in_other_words(stage: Stage, words: str) -> None:
    stage.say("办结 1001 换了门机", by="hanmei")

    stage.say(words, by="liguifang")

    assert stage.matter(1001).state == "closed"


def test_not_yet_in_other_words_has_it_done_again_with_that_as_the_reason(stage: Stage) -> None:
    stage.say("办结 1001 换了门机", by="hanmei")

    stage.say("还没好呢，按了没反应", by="liguifang")

    assert stage.matter(1001).state == "assigned"
    assert "按了没反应" in stage.last("hanmei").text


def test_whoever_is_asked_to_help_is_not_told_that_there_is_no_such_matter(stage: Stage) -> None:
    stage.say("协办 1001 城管", by="hanmei")
    helper = next(heard.target for heard in stage.heard() if "请您协办 1001" in heard.text)

    assert "没有查到" not in stage.say("到场 1001", by=helper)[0]
