"""An order in other words: the deed, the plan and the place in any order, and 解除 without its number."""

import pytest

from storage import matters
from tests.stage import Stage

DISTRICT, HEAD = "shenliqun", "linruoyun"


@pytest.mark.parametrize(
    "words", ["全区防汛动员", "防汛动员", "动员防汛", "启动防汛动员", "我要发起全区防汛动员", "全区动员 防汛"]
)
def test_deed_plan_and_place_in_any_order_show_the_preview(stage: Stage, words: str) -> None:
    said = stage.say(words, by=DISTRICT)[0]

    assert said.startswith("防汛动员")
    assert "范围：云溪区" in said
    with stage.database.reading() as session:
        assert matters.by_number(session, 1001) is None


def test_the_place_that_was_named_is_meant(stage: Stage) -> None:
    assert "范围：锦绣社区" in stage.say("锦绣社区防汛动员", by=DISTRICT)[0]
    assert stage.say("锦绣社区防汛演练", by=DISTRICT)[0].startswith("【演练】")


def test_the_whole_district_is_not_answered_by_ones_own_place(stage: Stage) -> None:
    for words in ("全区防汛动员", "动员 全区防汛"):
        assert "云溪区不归您这里管" in stage.say(words, by=HEAD)[0]


def test_in_a_staff_group_it_is_sent_to_private_and_nothing_leaves(stage: Stage) -> None:
    assert "私聊" in stage.say("防汛动员", by=HEAD, chat="w-jinxiu")[0]


@pytest.mark.parametrize("words", ["昨天的防汛动员搞得好", "防汛动员开始了吗", "防汛动员什么时候结束"])
def test_talk_about_it_is_no_order(stage: Stage, words: str) -> None:
    assert "预览" not in "".join(stage.say(words, by=HEAD))


def test_neighbours_cannot_mobilize_by_it(stage: Stage) -> None:
    assert "预览" not in "".join(stage.say("防汛动员", by="lixiuying"))


def mobilized(stage: Stage, words: str) -> str:
    number = stage.say(words, by=HEAD)[0].split("预览")[0][-5:].strip()
    stage.say(f"动员 {number}", by=HEAD)
    return number


def test_stand_down_alone_means_the_one_that_runs(stage: Stage) -> None:
    number = mobilized(stage, "动员 防汛")

    said = stage.say("解除", by=HEAD)[0]

    assert f"防汛动员 {number}" in said
    assert f"解除 {number} 确认" in said


def test_stand_down_alone_asks_which_of_several(stage: Stage) -> None:
    both = [mobilized(stage, "动员 防汛"), mobilized(stage, "动员 火灾")]

    said = stage.say("解除", by=HEAD)[0]

    assert all(number in said for number in both)


def test_whoever_waits_for_a_second_yes_may_begin_a_drill(stage: Stage) -> None:
    number = stage.say("动员 防汛", by=DISTRICT)[0].split("预览")[0][-5:].strip()
    stage.say(f"动员 {number}", by=DISTRICT)

    assert "【演练】" in stage.say("演练", by=DISTRICT)[0]


@pytest.mark.parametrize("words", ["算了", "不搞了", "等哈再说", "还是算了，先不发", "撤回"])
def test_a_preview_is_dropped_by_saying_so(stage: Stage, words: str) -> None:
    stage.say("动员 防汛", by=HEAD)

    assert stage.say(words, by=HEAD)[0].startswith("好，防汛动员 1001 不发了，没有叫任何人。")
    assert stage.say("动员 1001", by=HEAD)[0].startswith("没有这个待发的动员")
    assert stage.pass_time(minutes=2) == []


def test_a_drill_is_dropped_by_its_button_too(stage: Stage) -> None:
    stage.say("演练 防汛", by=HEAD)

    assert "【演练】防汛动员 1001 不发了" in stage.tap(stage.last(HEAD), "不发了", by=HEAD)[0]


def test_one_step_back_shows_the_plans_again(stage: Stage) -> None:
    stage.say("动员 防汛", by=HEAD)

    dropped, card = stage.say("上一步", by=HEAD)

    assert "1001 不发了" in dropped
    assert "点一个，先看会叫到谁" in card
    assert "火灾" in dict(stage.last(HEAD).buttons)


def test_the_second_person_cannot_agree_to_what_was_dropped(stage: Stage) -> None:
    stage.say("动员 防汛", by=DISTRICT)
    stage.say("动员 1001", by=DISTRICT)
    stage.say("算了，不搞了", by=DISTRICT)

    stage.tap(stage.last("guxiaolan"), "同意", by="guxiaolan")

    assert not any("防汛动员" in one.text and one.private for one in stage.hears("linruoyun"))


def test_a_question_asked_since_is_left_alone_by_the_same_words(stage: Stage) -> None:
    stage.say("动员 防汛", by=HEAD)
    stage.say("发通知 居民群 明天停水", by=HEAD)

    assert stage.say("算了", by=HEAD) == ["好，1002 不发了。"]


def test_how_far_it_has_come_is_told_without_a_number_and_its_end_is_shown_first(stage: Stage) -> None:
    number = mobilized(stage, "动员 防汛")

    assert f"防汛动员 {number} 到现在" in stage.say("还差谁", by=HEAD)[0]
    assert f"防汛动员 {number} 到现在" in stage.say("现在几个人到了？", by=HEAD)[0]
    assert f"解除 {number} 确认" in stage.say("雨停了，解除", by=HEAD)[0]
    assert f"解除 {number} 确认" in stage.say("结束", by=HEAD)[0]
    assert "到现在" not in "".join(stage.say("还差谁", by="lilei"))


@pytest.mark.parametrize(
    ("words", "heard"),
    [("我马上下楼", "在途"), ("睡过了，现在出发", "在途"), ("到集合点了", "已到岗"), ("人太少了，给我派5个人", "5 人")],
)
def test_answers_in_plain_words_are_counted(stage: Stage, words: str, heard: str) -> None:
    mobilized(stage, "动员 防汛")

    assert heard in stage.say(words, by="zhoujianhua")[0]


@pytest.mark.parametrize(
    ("words", "shows"), [("启动防汛预案", "防汛动员"), ("启动火灾预案", "火灾动员"), ("预案", "防汛")]
)
def test_a_plan_that_is_named_is_shown_and_calls_nobody(stage: Stage, words: str, shows: str) -> None:
    said = stage.does("text", words, by=HEAD)[-1]
    assert shows in said.text + " ".join(label for label, _ in said.buttons)
    assert not stage.hears("hanmei")
