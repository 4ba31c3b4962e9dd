"""Mobilization: from the card with the plans to the all-clear, as those who are called live it."""

import re
from collections import Counter

import pytest

from storage import journal, notices
from tests.stage import Heard, Stage

COMMUNITY = "519901001001"
LEAD = "linruoyun"
"""The head of 锦绣社区."""


def preview(stage: Stage, words: str = "动员 防汛", *, by: str = LEAD) -> tuple[int, str]:
    """The number and the words of what would be sent."""
    [said] = stage.say(words, by=by)
    found = re.search(r"\b(\d{4})\b", said)
    assert found, said
    return int(found[1]), said


def mobilized(stage: Stage, words: str = "动员 防汛", *, by: str = LEAD) -> int:
    number, _ = preview(stage, words, by=by)
    stage.say(f"动员 {number}", by=by)
    return number


def card(stage: Stage, who: str) -> Heard:
    """The newest card with a button that this person was sent."""
    return [heard for heard in stage.hears(who) if heard.buttons][-1]


def acts(stage: Stage, number: int) -> Counter[str]:
    with stage.database.transaction() as session:
        return Counter(entry.act for entry in journal.of_matter(session, number))


def test_one_tap_shows_whom_it_reaches_and_one_confirms(stage: Stage) -> None:
    stage.say("动员", by=LEAD)
    plans = stage.last(LEAD)
    assert [label for label, _ in plans.buttons][:3] == ["防汛", "火灾", "停水停电"]

    [said] = stage.tap(plans, "防汛", by=LEAD)
    assert "锦绣社区，5 个最小网格" in said
    assert "还没发" in said
    assert not stage.hears("hanmei")

    sent = stage.tap(stage.last(LEAD), "动员", by=LEAD)
    assert "已发出" in " ".join(sent)
    assert "挨户提醒" in stage.last("hanmei").text
    assert "地下车库" in stage.last("g-jinxiu-2", group=True).text
    assert not stage.hears("gaomin"), "the next community is not called"


def test_everybody_is_told_what_their_post_does(stage: Stage) -> None:
    mobilized(stage)

    assert "挨户提醒" in stage.last("lilei").text
    assert "查地下车库" in stage.last("zhoujianhua").text
    assert "听网格长安排" in stage.last("majianguo").text


def test_one_button_changes_from_hearing_to_being_there(stage: Stage) -> None:
    number = mobilized(stage)

    [said] = stage.tap(card(stage, "hanmei"), "收到", by="hanmei")
    assert "已收到" in said
    assert [label for label, _ in card(stage, "hanmei").buttons] == ["在途", "来不了"]
    [said] = stage.tap(card(stage, "hanmei"), "在途", by="hanmei")
    assert "路上小心" in said
    [said] = stage.tap(card(stage, "hanmei"), "到岗", by="hanmei")
    assert "已到岗" in said
    assert stage.last("hanmei").buttons == ()
    assert acts(stage, number) >= Counter(acknowledged=2, underway=1, arrived=1)


def test_a_few_words_do_the_same_as_the_button(stage: Stage) -> None:
    mobilized(stage)

    assert "已收到" in stage.say("收到！", by="hanmei")[0]
    assert "预计 09:40 到" in stage.say("出发了，10分钟到", by="hanmei")[0]
    assert "已到岗" in stage.say("到了", by="hanmei")[0]


def test_a_digit_on_the_quoted_card_answers_too(stage: Stage) -> None:
    mobilized(stage)

    [heard] = stage.does("text", "1", by="hanmei", quote=card(stage, "hanmei"))
    assert "已收到" in heard.text
    [heard] = stage.does("text", "3", by="hanmei", quote=card(stage, "hanmei"))
    assert "已到岗" in heard.text


def test_the_same_word_twice_is_one_answer(stage: Stage) -> None:
    number = mobilized(stage)
    first, before = card(stage, "hanmei"), acts(stage, number)["acknowledged"]

    stage.tap(first, "收到", by="hanmei")
    stage.tap(first, "收到", by="hanmei")

    assert acts(stage, number)["acknowledged"] == before + 1


def test_a_word_is_no_answer_while_nothing_goes_on(stage: Stage) -> None:
    assert not any("收到" in said and "动员" in said for said in stage.say("收到", by="hanmei"))


def test_whoever_was_not_called_is_told_so(stage: Stage) -> None:
    number = mobilized(stage)

    [heard] = stage.does("press", f"muster_ack {number}", by="gaomin")

    assert "没有叫到您" in heard.text


def test_those_who_are_silent_are_reminded_then_their_deputies_and_the_level_above_are_rung(stage: Stage) -> None:
    number = mobilized(stage)
    for who in ("hanmei", "zhoujianhua"):
        stage.say("收到", by=who)

    stage.pass_time(minutes=1)
    assert "还没有您的回话" in stage.last("lilei").text
    assert "还没有您的回话" not in stage.last("hanmei").text
    stage.say("收到", by="wangyang")

    stage.pass_time(minutes=2)
    assert "李雷" in stage.last("wangyang").text, "the deputy of the same grid hears who is missing"
    assert "李雷" not in stage.last("hanmei").text

    stage.pass_time(minutes=2)
    assert "李雷" in stage.last("zhoujianhua").text
    assert "请打电话问清楚" in stage.last("zhoujianhua").text

    stage.pass_time(minutes=10)
    assert any("满 15 分钟" in heard.text for heard in stage.hears(LEAD))
    assert acts(stage, number)["ring"] > 0
    assert acts(stage, number)["remind"] > 0


def test_after_everybody_has_answered_nobody_is_reminded(stage: Stage) -> None:
    number = mobilized(stage, "动员 走失")
    with stage.database.transaction() as session:
        silent = notices.missing(session, number, "5199")
    for heard in [one for one in stage.heard() if one.private and any(label == "收到" for label, _ in one.buttons)]:
        stage.does("press", heard.press("收到"), by=heard.target)

    said = stage.pass_time(minutes=6)

    assert silent
    assert not [heard for heard in said if "还没有您的回话" in heard.text or "没回话（" in heard.text]


def test_whoever_cannot_come_hands_over_in_one_sentence(stage: Stage) -> None:
    number = mobilized(stage)

    [said] = stage.say("来不了，让汪洋去", by="lilei")

    assert "已请汪洋替您去" in said
    assert "李雷来不了，请您替他去" in stage.last("wangyang").text
    assert "已收到" in stage.tap(stage.last("wangyang"), "收到", by="wangyang")[0]
    assert acts(stage, number) >= Counter(handed=1, acknowledged=1)


@pytest.mark.parametrize(
    "words", ["来不了，我在外地，请蔡慧替我", "我在外地，让蔡慧替我去", "去不了 蔡慧替我", "来不了，请蔡慧"]
)
def test_whoever_serves_below_the_same_order_may_be_named_however_it_is_said(stage: Stage, words: str) -> None:
    mobilized(stage)

    assert "已请蔡慧替您去" in stage.say(words, by="lilei")[0]
    assert "李雷来不了，请您替他去" in stage.last("caihui").text
    assert not [one for one in stage.hears("wangyang") if "请您" in one.text and "李雷" in one.text]


def test_at_five_minutes_the_level_above_the_nearest_hears_all_who_are_missing_with_numbers_to_ring(
    stage: Stage,
) -> None:
    mobilized(stage)
    stage.say("收到", by="zhoujianhua")

    stage.pass_time(minutes=6)

    for who in ("zhoujianhua", LEAD):
        told = next(one.text for one in reversed(stage.hears(who)) if "请打电话问清楚" in one.text)
        assert "李雷 10000000036" in told
    assert "孙丽华 10000000041" in next(one.text for one in reversed(stage.hears(LEAD)) if "请打电话" in one.text)


def test_a_neighbour_who_was_not_called_may_be_sent(stage: Stage) -> None:
    mobilized(stage)

    [said] = stage.say("来不了,让陈浩去", by="lilei")

    assert "已请陈浩替您去" in said
    assert "挨户提醒" in stage.last("chenhao").text
    assert "已收到" in stage.say("收到", by="chenhao")[0]


def test_nobody_is_sent_who_belongs_elsewhere(stage: Stage) -> None:
    mobilized(stage)

    said = stage.say("来不了，让高敏去", by="lilei")

    assert "没找到有账号的“高敏”" in said[0]
    assert "怕耽误，先请汪洋顶上" in said[0]
    assert not stage.hears("gaomin")


def test_two_of_one_name_are_asked_about(stage: Stage) -> None:
    number = mobilized(stage)
    with stage.database.transaction() as session:
        session.connection.exec_driver_sql("UPDATE person SET name = '汪洋' WHERE name = '陈浩'")

    [said] = stage.say("来不了，让汪洋去", by="lilei")
    assert "不止一位" in said
    assert acts(stage, number)["declined"] == 0

    [said] = stage.say("2", by="lilei")
    assert "已请汪洋替您去" in said
    assert "请您替他去" in stage.last("chenhao").text


def test_a_plain_no_rings_the_deputy_at_once(stage: Stage) -> None:
    mobilized(stage)

    [said] = stage.say("我在外地来不了", by="lilei")

    assert "已经请汪洋顶上" in said
    assert "请您顶上" in stage.last("wangyang").text


def test_where_no_deputy_sits_the_level_above_is_rung(stage: Stage) -> None:
    mobilized(stage)

    [said] = stage.say("来不了", by="hanmei")
    assert "汪洋" in said
    [said] = stage.say("去不了", by="wangyang")
    assert "周建华" in said


def test_whoever_could_not_come_may_come_after_all(stage: Stage) -> None:
    mobilized(stage)
    stage.say("来不了", by="lilei")

    assert "已收到" in stage.tap(stage.last("lilei"), "收到", by="lilei")[0]


def test_a_grid_asks_for_people_and_the_level_above_sends_anothers(stage: Stage) -> None:
    number = mobilized(stage)
    for who in ("sunlihua", "caihui", "baixuesong"):
        stage.say("收到", by=who)

    [said] = stage.say("增援 2人 搬沙袋", by="zhoujianhua")
    assert "已请锦绣社区派 2 人" in said
    asked = stage.last(LEAD)
    assert "锦绣第一网格请求增援 2 人，搬沙袋" in asked.text

    label = next(label for label, _ in asked.buttons if label.startswith("锦绣第二网格"))
    [said] = stage.tap(asked, label, by=LEAD)
    assert "派 2 人去锦绣第一网格" in said
    assert "派来 2 人" in stage.last("zhoujianhua").text
    sent = [who for who in ("sunlihua", "caihui", "baixuesong") if "请到锦绣第一网格支援" in stage.last(who).text]
    assert len(sent) == 2
    assert "：在途" in stage.tap(stage.last(sent[0]), "在途", by=sent[0])[0]
    assert "已经派够" in stage.tap(asked, label, by=LEAD)[0]
    assert acts(stage, number)["sent"] == 2


def test_only_the_level_above_may_send(stage: Stage) -> None:
    mobilized(stage)
    stage.say("收到", by="sunlihua")
    stage.say("增援 2人", by="zhoujianhua")
    press = next(press for _, press in stage.last(LEAD).buttons)

    [heard] = stage.does("press", press, by="hanmei")

    assert "要由锦绣社区或者上级来定" in heard.text


def test_the_whole_district_needs_a_second_person(stage: Stage) -> None:
    number, said = preview(stage, by="shenliqun")
    assert "还要第二个人同意" in said

    assert "要第二个人同意才发" in stage.say(f"动员 {number}", by="shenliqun")[0]
    assert not stage.hears("hanmei")
    assert "还在等第二个人同意" in stage.say(f"动员 {number}", by="shenliqun")[0]

    said = stage.tap(stage.last("guxiaolan"), "同意", by="guxiaolan")
    assert "已发出" in " ".join(said)
    assert "顾晓岚同意了" in " ".join(heard.text for heard in stage.hears("shenliqun"))
    assert "挨户提醒" in stage.last("gaomin").text


def test_the_second_person_may_say_no(stage: Stage) -> None:
    number = mobilized(stage, by="shenliqun")

    stage.tap(stage.last("guxiaolan"), "不同意", by="guxiaolan")

    assert "没有同意" in stage.last("shenliqun").text
    assert "没有这个待发的动员" in stage.say(f"动员 {number}", by="guxiaolan")[0]
    assert not stage.hears("hanmei")


def test_a_second_person_who_is_silent_is_asked_again(stage: Stage) -> None:
    mobilized(stage, by="shenliqun")
    before = len(stage.hears("guxiaolan"))

    stage.pass_time(minutes=1)

    assert len(stage.hears("guxiaolan")) == before + 1


def test_a_drill_runs_the_same_way_and_says_so_everywhere(stage: Stage) -> None:
    number, said = preview(stage, "演练 防汛", by="shenliqun")
    assert said.startswith("【演练】")
    assert "第二个人" not in said

    before = len(stage.heard())
    stage.tap(stage.last("shenliqun"), "开始演练", by="shenliqun")
    stage.tap(card(stage, "hanmei"), "收到", by="hanmei")
    stage.pass_time(minutes=16)
    stage.say(f"解除 {number} 确认", by="shenliqun")

    said_then = stage.heard()[before:]
    assert len(said_then) > 50
    assert all(heard.text.startswith("【演练】") for heard in said_then)


def test_a_neighbour_cannot_mobilize(stage: Stage) -> None:
    assert "站长、街道或区值班" in stage.say("动员 防汛", by="wangxiulan")[0]
    assert stage.say("动员大家来打扫卫生", by="wangxiulan", chat="g-jinxiu-1") == []
    assert stage.say("动员", by="wangxiulan", chat="g-jinxiu-1") == []


def test_a_preview_of_somebody_else_cannot_be_confirmed(stage: Stage) -> None:
    number, _ = preview(stage)

    assert "没有正在进行" in stage.say(f"动员 {number}", by="duwenbin")[0]
    assert "要由锦绣社区或者上级来定" in stage.say(f"动员 {number}", by="hanlixin")[0]
    assert not stage.hears("hanmei")


def test_an_old_preview_has_to_be_looked_at_again(stage: Stage) -> None:
    number, _ = preview(stage)
    stage.pass_time(minutes=31)

    assert "放得太久" in stage.say(f"动员 {number}", by=LEAD)[0]
    assert not stage.hears("hanmei")


@pytest.mark.parametrize(
    "words", ["动圆 {}", "董元 {}", "动员一下 {}", "可以动员了", "动员吧", "1", "好", "确认 {}", "动员 9999"]
)
def test_nothing_but_the_exact_word_and_number_sends_it(stage: Stage, words: str) -> None:
    number, _ = preview(stage)
    stage.say(words.format(number), by=LEAD)

    assert not stage.hears("hanmei")
    assert not stage.hears("g-jinxiu-2", group=True)


def test_a_stopped_mobilization_rings_nobody_any_more(stage: Stage) -> None:
    number = mobilized(stage)
    stage.say(f"停发 {number}", by=LEAD)

    assert not [heard for heard in stage.pass_time(minutes=20) if str(number) in heard.text]
    assert "没有正在进行" in stage.does("press", f"muster_no {number}", by="hanmei")[0].text


def test_twice_confirmed_goes_out_once(stage: Stage) -> None:
    number = mobilized(stage)
    heard = len(stage.hears("hanmei"))

    assert "不会再发一遍" in stage.say(f"动员 {number}", by=LEAD)[0]
    assert len(stage.hears("hanmei")) == heard


def test_a_part_of_ones_own_grid_may_be_named(stage: Stage) -> None:
    _, said = preview(stage, "动员 防汛 锦绣社区", by="duwenbin")
    assert "范围：锦绣社区" in said
    _, said = preview(stage, "动员 防汛", by="duwenbin")
    assert "范围：锦溪街道" in said


def test_whoever_sits_in_two_places_is_asked_where(stage: Stage) -> None:
    stage.say("动员 火灾", by="songminghui")
    assert [label for label, _ in stage.last("songminghui").buttons] == ["锦绣社区", "望江社区"]

    [said] = stage.tap(stage.last("songminghui"), "望江社区", by="songminghui")

    assert "范围：望江社区" in said


def test_the_roll_is_called_without_disturbing_neighbours(stage: Stage) -> None:
    number, said = preview(stage, "集结点名")
    assert "集结点名" in said
    before = len(stage.heard())
    stage.say(f"动员 {number}", by=LEAD)

    assert "到网格集结点" in stage.last("hanmei").text
    assert not [heard for heard in stage.heard()[before:] if not heard.private]


def test_all_on_site_is_said_once_and_the_leaders_word_ends_it(stage: Stage) -> None:
    number = mobilized(stage, "集结点名")
    called = {heard.target for heard in stage.heard() if any(label == "收到" for label, _ in heard.buttons)}
    for who in called:
        stage.does("press", f"muster_there {number}", by=who)
    stage.pass_time(seconds=3)
    full = [heard for heard in stage.hears(LEAD) if "都到岗了" in heard.text]
    assert len(full) == 1

    [said] = stage.tap(full[0], "解除", by=LEAD)
    assert f"告诉叫到的 {len(called)} 人" in said
    stage.tap(stage.last(LEAD), "确认解除", by=LEAD)

    assert "已解除" in stage.last("hanmei").text
    assert "已经在" in stage.does("press", f"muster_ack {number}", by="hanmei")[0].text
    assert acts(stage, number)["all_clear"] == 1


def test_the_all_clear_ends_the_clock_and_reaches_the_groups(stage: Stage) -> None:
    number = mobilized(stage)
    stage.say(f"解除 {number}", by=LEAD)
    assert "已解除" not in stage.last("g-jinxiu-2", group=True).text
    stage.say(f"解除 {number} 确认", by=LEAD)

    assert "已解除" in stage.last("g-jinxiu-2", group=True).text
    rung = [
        heard for heard in stage.pass_time(minutes=20) if "还没有您的回话" in heard.text or "人没回话" in heard.text
    ]
    assert not [heard for heard in rung if "复盘" not in heard.text]


def test_only_a_post_above_ends_it(stage: Stage) -> None:
    number = mobilized(stage)

    assert "要由锦绣社区或者上级来定" in stage.say(f"解除 {number} 确认", by="hanmei")[0]


def test_groups_hear_no_names(stage: Stage) -> None:
    mobilized(stage)
    stage.say("来不了，让汪洋去", by="lilei")
    stage.pass_time(minutes=16)

    in_groups = " ".join(heard.text for heard in stage.heard() if not heard.private)
    assert not [name for name in ("李雷", "汪洋", "林若云", "周建华") if name in in_groups]


def test_a_place_that_is_somebody_elses_is_never_answered_by_ones_own(stage: Stage) -> None:
    [said] = stage.say("演练 望江社区 防汛", by=LEAD)

    assert "望江社区不归您这里管" in said
    assert "锦绣社区" in said
    assert not [heard for heard in stage.heard() if heard.target != LEAD]


@pytest.mark.parametrize("ending", ["吧", " 吗?", "？", " 呀"])
def test_a_softened_confirmation_calls_nobody(stage: Stage, ending: str) -> None:
    number, _ = preview(stage)

    stage.say(f"动员 {number}{ending}", by=LEAD)

    assert not stage.hears("hanmei")
    with stage.database.transaction() as session:
        assert notices.get(session, number).state == notices.DRAFT


def test_after_the_all_clear_nobody_is_rung_for_what_its_orderer_had_told(stage: Stage) -> None:
    stage.say("锦绣花园3栋着火了", by="linruoyun")
    stage.say("锦绣苑北区5栋着火了", by="lixiuying", chat="g-jinxiuyuan-bei")
    stage.say("动员 火灾", by="linruoyun")
    number = re.search(r"(\d{4}) 预览", stage.last("linruoyun").text)
    assert number is not None
    stage.say(f"动员 {number[1]}", by="linruoyun")
    stage.pass_time(minutes=1)

    shown = stage.say(f"解除 {number[1]}", by="linruoyun")[-1]
    stage.say(f"解除 {number[1]} 确认", by="linruoyun")
    later = [one.text for one in stage.pass_time(minutes=20)]

    assert "险情 1001 一起办结" in shown
    assert stage.matter(1001).state == "done"
    assert not any("1001" in text for text in later)
    assert any("1002" in text for text in later)
