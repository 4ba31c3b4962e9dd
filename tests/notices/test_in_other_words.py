"""Notices in people's own words: said twice, put right at the preview, corrected in two messages, asked about in part."""

import pytest

from storage import notices
from tests.notices.desk import notice, released
from tests.stage import Stage

HEAD, NEIGHBOUR = "shiyongfu", "shiguixiang"
WATER = "居民群 明天上午9点到11点停水，请大家提前接水"


def test_the_words_of_the_button_once_more_open_no_matter(stage: Stage) -> None:
    number = released(stage, WATER, HEAD)

    assert stage.say("发给石桥村4个群", by=HEAD) == [
        f"{number} 已经在发了，不会发第二遍。看进展：进展 {number}　停下来：停发 {number}"
    ]


def test_a_correction_may_come_in_two_messages(stage: Stage) -> None:
    number = released(stage, WATER, HEAD)

    stage.say(f"更正 {number}", by=HEAD)
    assert stage.say("等等 我先不更正", by=HEAD) == [f"好，{number} 照旧，什么也没动。"]
    stage.say(f"更正 {number}", by=HEAD)
    stage.say("12点才来水，大家多接点", by=HEAD)

    draft = notice(stage, number + 1)
    assert (draft.kind, draft.refers_to, draft.text) == ("correction", number, "12点才来水，大家多接点")
    assert draft.state == notices.DRAFT


def corrected(stage: Stage) -> int:
    number = released(stage, WATER, HEAD)
    stage.say(f"更正 {number} 明天12点才来水，大家多接点", by=HEAD)
    sure = stage.does("text", f"发布 {number + 1}", by=HEAD)[-1]
    stage.does("press", sure.buttons[0][1], by=HEAD)
    stage.pass_time(seconds=1)
    return number


@pytest.mark.parametrize("ending", [" 是真的不", "，真的假的", ""])
def test_whoever_pastes_what_was_replaced_hears_what_holds(stage: Stage, ending: str) -> None:
    number = corrected(stage)
    words = f"【通知】停水通知 明早9点全村停水 明天上午9点到11点停水，请大家提前接水 编号 {number}{ending}"

    assert f"以 {number + 1} 为准" in stage.say(words, by=NEIGHBOUR)[0]


def test_what_was_added_is_named_and_the_rest_is_not_called_false(stage: Stage) -> None:
    number = released(stage, WATER, HEAD)

    heard = stage.say("停水是真的吗 我儿子转给我看的：石桥村明天上午9点到11点停水，要先扫码缴20块押金", by=NEIGHBOUR)[0]

    assert heard.startswith(f"像是 {number} 号通知，但被改过")
    assert "20块" in heard
    assert "发的是：明天上午9点到11点停水" in heard


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("石桥一组居民群", "石桥一组"),
        ("不对，只发石桥一组", "石桥一组"),
        ("一组的居民群", "石桥一组"),
        ("等等,我说错了,是石桥东片的居民群", "石桥东片网格"),
    ],
)
def test_for_whom_is_put_right_at_the_preview(stage: Stage, words: str, place: str) -> None:
    stage.say(f"发通知 {WATER}", by=HEAD)
    stage.say("上一步", by=HEAD)

    assert f"发给{place}的居民群" in stage.say(words, by=HEAD)[-1]


def test_a_report_beside_a_preview_stays_a_report(stage: Stage) -> None:
    stage.say(f"发通知 {WATER}", by=HEAD)

    assert "已转" in stage.say("石桥一组的路灯坏了", by=HEAD)[0]


def test_back_and_preview_are_no_places(stage: Stage) -> None:
    asked = stage.say("发通知", by=HEAD)

    assert stage.say("上一步", by=HEAD) == asked
    assert stage.say("预览", by=HEAD) == asked
    assert stage.say("东片三个组... 等等,我说错了,是全村的居民群", by=HEAD) == ["请把正文发给我。"]
    assert stage.say("上一步", by=HEAD)[0].startswith("发给谁？")


def test_the_place_that_was_named_is_not_widened(stage: Stage) -> None:
    heard = stage.say("发通知给青禾镇所有居民群：今晚有大雨，请关好门窗", by="guxiaolan")

    assert "【通知】今晚有大雨，请关好门窗" in heard[0]
    assert "发给青禾镇的居民群" in heard[-1]


def test_people_nobody_can_single_out_leave_the_place_as_it_was_said(stage: Stage) -> None:
    heard = stage.say("给石桥村低保户发通知，明天领米", by="guxiaolan")

    assert heard[-1].endswith("不说地方就是石桥村。")


def test_the_end_and_the_answer_that_are_wanted_are_not_lost(stage: Stage) -> None:
    stage.say("发个通知嘛，今晚停水，要回执", by=HEAD)
    stage.say("居民群", by=HEAD)
    assert (notice(stage, 1001).text, notice(stage, 1001).wants_ack) == ("今晚停水", True)

    heard = stage.say("发通知 居民群 今晚停水，请接水，有效期到今晚8点", by=HEAD)[0]
    assert "有效期到 11月23日20:00" in heard
    assert "11月25日12:00" in stage.say("截止 后天中午", by=HEAD)[0]
    assert stage.say("附件 停电范围图", by=HEAD)[0].startswith("附件我只认图片和链接")


@pytest.mark.parametrize("words", ["晓得了", "好的，谢谢", "收到，我家三口人"])
def test_what_people_say_instead_of_received_counts(stage: Stage, words: str) -> None:
    number = released(stage, f"{WATER}，要回执", HEAD)
    face = stage.last("g-shiqiao-1", group=True)

    assert stage.say(words, by=NEIGHBOUR, chat="g-shiqiao-1", quote=face) == []

    how_far = stage.say(f"进展 {number}", by=HEAD)[0]
    assert "居民回了收到：1 位" in how_far
    assert "没收到的户" not in how_far  # there is no table of households to list them from


@pytest.mark.parametrize("words", ["收到了吗", "晓得了，我家水管爆了在漏水"])
def test_a_question_or_a_report_to_it_is_no_receipt(stage: Stage, words: str) -> None:
    number = released(stage, f"{WATER}，要回执", HEAD)
    face = stage.last("g-shiqiao-1", group=True)

    stage.say(words, by=NEIGHBOUR, chat="g-shiqiao-1", quote=face)

    assert "居民回了收到" not in stage.say(f"进展 {number}", by=HEAD)[0]


def test_the_group_asks_in_its_own_words_what_was_told_of(stage: Stage) -> None:
    number = released(stage, WATER, HEAD)

    heard = stage.say("我们那一湾停不停？几点来水？", by=NEIGHBOUR, chat="g-shiqiao-1")

    assert len(heard) == 1
    assert f"{number} 号通知这样说" in heard[0]
