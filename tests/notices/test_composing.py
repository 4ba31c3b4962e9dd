"""发通知: by thumb or in one message, kept from the first word, shown as people will see it before anything leaves."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.pace import Limit, Pace
from storage import notices
from tests.notices.desk import HEAD, WATER, confirm, notice, released, wrote
from tests.stage import Stage


def local(stage: Stage, moment: datetime | None) -> str:
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%m-%d %H:%M") if moment else ""


def test_step_by_step_with_taps_and_two_sentences(stage: Stage) -> None:
    asked = stage.say("发通知", by=HEAD)
    assert asked[0].startswith("发给谁？")
    assert stage.tap(stage.last(HEAD), "居民群", by=HEAD) == ["请把正文发给我。"]
    face, shown = stage.say(WATER, by=HEAD)

    assert face == f"大家会看到：\n\n【通知】{WATER}\n锦绣社区　编号 1001"
    assert shown.startswith("编号 1001：发给锦绣社区的居民群，会到 5 个群（锦绣社区共 268 户）。")
    assert "没问题请发“发布 1001”" in shown


def test_all_of_it_in_one_message(stage: Stage) -> None:
    face, shown = stage.say(
        "发通知\n对象：锦绣花园居民群、网格长\n正文：今晚八点消防演练，听到铃声请走楼梯\n演练：是\n时间：今天18点\n截止：周五18点\n文号：云应急〔2026〕12号\n附件：https://yunxi.example/plan",
        by=HEAD,
    )

    assert face.splitlines()[2:] == [
        "【演练】【通知】今晚八点消防演练，听到铃声请走楼梯",
        "附件：https://yunxi.example/plan",
        "有效期到 11月27日18:00。",
        "锦绣社区　编号 1001　云应急〔2026〕12号",
        "看到请点“收到”，或引用这条回“收到”。",
    ]
    assert "发给锦绣第一网格的网格长、居民群，会到 3 个群、1 位工作人员" in shown
    assert "11月23日18:00 开始发" in shown
    kept = notice(stage, 1001)
    assert (kept.drill, kept.wants_ack, local(stage, kept.until)) == (True, True, "11-27 18:00")


def test_a_long_text_needs_a_sentence_in_plain_words(stage: Stage) -> None:
    long = "因供水主管检修，自明日八时起至十二时止，锦绣路沿线各小区将暂停供水，请各户提前储水备用，恢复供水初期水质可能略有浑浊，放一会儿就好。"
    assert stage.say(f"发通知 居民群 {long}", by=HEAD)[-1].startswith(
        "正文有点长。请用一句大白话说清楚（最多 60 个字）"
    )
    assert "请压到 60 个字以内" in stage.say("太" * 61, by=HEAD)[0]
    face = stage.say("明天上午停水四小时，请先存点水", by=HEAD)[0]

    assert face.splitlines()[2:5] == ["【通知】因供水主管检修", "明天上午停水四小时，请先存点水", long.rstrip("。")]


def test_a_draft_outlives_a_break_and_is_gone_on_with(stage: Stage) -> None:
    stage.say("发通知 居民群", by=HEAD)
    stage.say("3栋2单元电梯停了", by=HEAD, chat="g-jinxiu-2")
    stage.pass_time(hours=30)

    assert "接着写，还是另写一条？" in stage.say("发通知", by=HEAD)[0]
    assert stage.say("1", by=HEAD)[-1] == "请把正文发给我。"
    assert "发布 1001" in stage.say(WATER, by=HEAD)[-1]


def test_any_part_is_changed_in_one_sentence_until_it_is_released(stage: Stage) -> None:
    number = wrote(stage)
    stage.say("截止 周五18点", by=HEAD)
    stage.say("标题 停水通知", by=HEAD)
    stage.say("时间 明天8点", by=HEAD)
    stage.say("正文 明天9点到11点停水", by=HEAD)
    shown = stage.say("对象 锦绣苑居民群", by=HEAD)[-1]

    kept = notice(stage, number)
    assert "发给锦绣第二网格的居民群，会到 2 个群" in shown
    dated = "明天（11月24日）9点到11点停水"  # it is read on another day
    assert (kept.topic, kept.text, kept.summary) == ("停水通知", dated, dated)
    assert (local(stage, kept.begins_at), local(stage, kept.until)) == ("11-24 08:00", "11-27 18:00")
    assert "没听懂" in stage.say("截止 从前", by=HEAD)[0]
    assert "要改哪一项？" in stage.say("嗯嗯嗯随便吧", by=HEAD)[0]


def test_a_photo_becomes_the_attachment(stage: Stage) -> None:
    number = wrote(stage)

    heard = stage.does("photo", "photo-17", by=HEAD)

    assert "附件：photo-17" in heard[0].text
    assert notice(stage, number).attachment == "photo-17"


def test_words_about_fire_in_a_text_are_the_text(stage: Stage) -> None:
    stage.say("发通知 居民群", by=HEAD)
    text = "今晚七点在广场教大家用灭火器，万一家里着火了怎么办、浓烟来了往哪里跑，都来听一听"

    assert "发布 1001" in stage.say(text, by=HEAD)[-1]
    assert notice(stage, 1001).text == text
    assert stage.hears("zhoujianhua") == []


def test_in_the_staff_group_it_is_for_that_place_and_among_neighbours_it_is_not_written(stage: Stage) -> None:
    shown = stage.say(f"发通知 居民群 {WATER}", by="zhoujianhua", chat="w-jinxiu-1")

    assert "发给锦绣第一网格的居民群，会到 3 个群" in shown[-1]
    assert stage.say(f"发通知 居民群 {WATER}", by="zhoujianhua", chat="g-jinxiu-1") == [
        "这件事请私聊我，或到工作群里说。"
    ]
    assert stage.say("发通知 明天大扫除", by="liguifang", chat="g-jinxiu-1") == []
    assert stage.say("发通知 明天大扫除", by="liguifang")[0].startswith("您的岗位还不能发通知")


def test_nobody_writes_for_another_place(stage: Stage) -> None:
    heard = stage.say(f"发通知 望江社区居民群 {WATER}", by=HEAD)

    assert heard[0] == "望江社区不归您管，不能往那里发。"
    assert "没找到“月亮湾" in stage.say("月亮湾居民群", by=HEAD)[0]
    assert "一条通知发一个地方" in stage.say("锦绣花园和锦绣苑的居民群", by=HEAD)[0]


def test_before_it_leaves_it_says_who_will_not_get_it_and_why(stage: Stage) -> None:
    stage.say("解绑", by="zhoujianhua", chat="g-jinxiu-1")

    shown = stage.say(f"发通知 居民群和工作人员 {WATER}", by=HEAD)[-1]

    assert "会到 4 个群" in shown
    assert "收不到：1 个网格没有居民群（锦绣花园1-2栋）" in shown


def test_at_night_it_waits_until_morning_unless_it_is_urgent(stage: Stage) -> None:
    stage.pass_time(hours=13)
    shown = stage.say(f"发通知 居民群 {WATER}", by=HEAD)[-1]

    assert "11月24日08:00 开始发（现在说好不打扰）" in shown
    assert "紧急，不等免打扰时间。发布后马上开始" in stage.say("紧急", by=HEAD)[-1]


def test_the_weeks_budget_is_said_when_it_is_used_up(stage: Stage) -> None:
    for at in range(5):
        released(stage, f"锦绣花园1-2栋居民群 第{at}件小事")
    shown = stage.say(f"发通知 居民群 {WATER}", by=HEAD)[-1]

    assert "这一周有群已收到 5 条，说好最多 5 条（锦绣花园1-2栋）" in shown


def test_an_id_number_never_goes_to_a_group_and_a_phone_is_hidden_there(stage: Stage) -> None:
    shown = stage.say("发通知 居民群 咨询请打13812345678", by=HEAD)[-1]
    assert "手机号在群里会隐去中间四位" in shown

    shown = stage.say("正文 请身份证510124199003074518的失主来领", by=HEAD)[-1]
    assert "不能发到群里，请改掉" in shown
    assert "不能发到群里" in stage.say("发布 1001", by=HEAD)[0]


def test_dropped_it_is_gone_and_its_order_number_free(stage: Stage) -> None:
    order = "云应急〔2026〕12号"
    stage.say(f"发通知 居民群 {WATER}", by=HEAD)
    stage.say(f"文号 {order}", by=HEAD)
    heard = stage.say(f"发通知\n对象：居民群\n正文：另一件\n文号：{order}", by="xujianing")
    assert heard[0].startswith(f"{order} 已经在 1001 里了")

    stage.tap(stage.last(HEAD), "不发了", by=HEAD)

    assert notice(stage, 1001).state == notices.ENDED
    assert order in stage.say(f"文号 {order}", by="xujianing")[0]
    assert stage.say("我的通知", by=HEAD) == ["您的通知：\n还没有。写一条请发“发通知”。"]


def test_it_says_when_the_last_one_will_have_it_at_the_channels_pace(stage: Stage) -> None:
    slow = replace(stage.kit, paces={"simulator": Pace(app=(Limit(1, 3600.0),))})

    shown = Stage(stage.database, slow, stage.clock).say(f"发通知 锦绣苑居民群 {WATER}", by=HEAD)[-1]

    assert "会到 2 个群" in shown
    assert "最后一个大约 11月23日11:34 收到" in shown


@pytest.mark.parametrize("words", ["全社区居民群", "就我们社区的居民", "锦绣苑的邻居", "大家", "给居民发"])
def test_the_audience_is_heard_in_many_words(stage: Stage, words: str) -> None:
    stage.say("发通知", by=HEAD)

    assert stage.say(words, by=HEAD) == ["请把正文发给我。"]


def test_a_place_alone_is_taken_and_its_people_asked_for(stage: Stage) -> None:
    stage.say("发通知", by=HEAD)

    assert stage.say("锦绣苑", by=HEAD)[0].startswith("好，发到锦绣第二网格。发给那里的谁？")
    assert stage.say("居民群", by=HEAD) == ["请把正文发给我。"]


def test_a_level_that_is_not_ones_own_is_never_narrowed_or_widened_in_silence(stage: Stage) -> None:
    stage.say("发通知", by=HEAD)
    assert stage.say("全区居民群", by=HEAD)[0] == "云溪区不归您管，不能往那里发。"

    stage.say("发通知", by="shenliqun")
    assert stage.say("就我们社区居民群", by="shenliqun")[0].startswith("是哪个社区？")


def test_the_audience_is_still_heard_when_something_else_was_said_in_between(stage: Stage) -> None:
    stage.say("发通知", by=HEAD)
    stage.say("帮助", by=HEAD)
    stage.say("发动", by=HEAD)

    assert stage.say("全社区居民群", by=HEAD) == ["请把正文发给我。"]


@pytest.mark.parametrize(
    "words",
    ["明天停水，截止周五18点，需要回执", "明天停水 截止周五18点 需要回执", "明天停水\n需要回执\n截止：周五18点"],
)
def test_the_end_and_the_wish_for_an_answer_are_both_taken_from_one_message(stage: Stage, words: str) -> None:
    number = wrote(stage, f"居民群 {words}")

    kept = notice(stage, number)
    assert (kept.text, kept.wants_ack, local(stage, kept.until)) == ("明天停水", True, "11-27 18:00")


def test_both_are_changed_in_one_sentence_too(stage: Stage) -> None:
    number = wrote(stage)
    stage.say("需要回执，截止 周六18点", by=HEAD)
    kept = notice(stage, number)
    assert (kept.wants_ack, local(stage, kept.until)) == (True, "11-28 18:00")

    stage.say("不要回执", by=HEAD)
    assert notice(stage, number).wants_ack is False


def test_at_night_the_last_question_says_when_it_leaves(stage: Stage) -> None:
    stage.pass_time(hours=13)
    number = wrote(stage)

    assert "11月24日08:00 才开始发" in confirm(stage, number).text
    assert "动员不等，一确认马上叫人" in stage.say("动员 防汛", by=HEAD)[0]
    assert "摸排不等，一确认马上发" in stage.say("摸排", by=HEAD)[0]


def test_help_names_what_the_own_post_may_send_down(stage: Stage) -> None:
    assert "“发通知”、“动员”（先看预览，练习发“演练”）、“摸排”、“战时”" in stage.say("帮助", by="shenliqun")[0]
    assert "往下传" not in stage.say("帮助", by="liguifang")[0]
