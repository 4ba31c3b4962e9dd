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
