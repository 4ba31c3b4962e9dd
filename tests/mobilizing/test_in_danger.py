"""Mobilization in the words of somebody who sees the water come; and a smaller place for the preview that is open."""

import pytest

from storage import matters, notices
from tests.stage import Stage

DISTRICT, HEAD, NEIGHBOUR = "shenliqun", "linruoyun", "liguifang"


@pytest.mark.parametrize(
    ("words", "plan"),
    [
        ("水涨上来了，喊人", "防汛"),
        ("河水漫上来了，快喊人", "防汛"),
        ("发大水了，叫人", "防汛"),
        ("起火了，喊人", "火灾"),
        ("3栋起火了，把人叫齐", "火灾"),
        ("有老人走失了，喊人", "走失"),
        ("地震了，喊人", "地震"),
    ],
)
def test_whoever_may_sees_the_preview_and_nobody_is_called_yet(stage: Stage, words: str, plan: str) -> None:
    heard = stage.say(words, by=HEAD)

    assert f"{plan}动员" in heard[-1]
    assert "预览（还没发）" in heard[-1]
    assert "范围：锦绣社区" in heard[-1]
    assert not any("动员 1" in one.text and "请点“收到”" in one.text for one in stage.hears("hanmei"))


def test_the_danger_itself_is_answered_first(stage: Stage) -> None:
    heard = stage.say("起火了，喊人", by=HEAD)

    assert "119" in heard[0]
    with stage.database.reading() as session:
        found = matters.by_number(session, 1001)
        assert found is not None
        assert found.urgency == "emergency"


def test_without_calling_people_it_is_offered_by_one_button(stage: Stage) -> None:
    heard = stage.does("text", "河水漫上来了", by=HEAD)

    assert "119" in heard[0].text or "高处" in heard[0].text
    assert "要把人叫齐" in heard[-1].text
    assert "预览（还没发）" in stage.tap(heard[-1], "防汛动员", by=HEAD)[0]


def test_the_preview_is_carried_out_by_its_exact_number_alone(stage: Stage) -> None:
    number = stage.say("水涨上来了，喊人", by=HEAD)[-1].split("预览")[0][-5:].strip()
    stage.say("好", by=HEAD)
    with stage.database.reading() as session:
        assert notices.get(session, int(number)).state == notices.DRAFT

    assert "已发出" in "".join(stage.say(f"动员 {number}", by=HEAD))


@pytest.mark.parametrize("words", ["水涨上来了，喊人", "河水漫上来了", "起火了，喊人", "河水漫上来了，快喊人"])
def test_a_neighbour_who_says_so_is_heard_as_in_danger(stage: Stage, words: str) -> None:
    [said] = stage.say(words, by=NEIGHBOUR)

    assert "预览" not in said
    with stage.database.reading() as session:
        found = matters.by_number(session, 1001)
        assert found is not None
        assert found.urgency == "emergency"
    assert "1001" in stage.last("hanmei").text


@pytest.mark.parametrize(
    "words", ["厕所的水漫上来了", "物价涨上来了", "别喊人，火已经灭了", "今天水价要涨", "喊人吃饭"]
)
def test_other_water_calls_nobody(stage: Stage, words: str) -> None:
    assert not any("动员" in said for said in stage.say(words, by=HEAD))


@pytest.mark.parametrize(
    "words", ["只叫锦绣社区", "不用全区，只叫锦绣社区", "就叫锦绣社区的人嘛", "范围改成锦绣社区", "锦绣社区就行了"]
)
def test_an_open_preview_is_narrowed_and_shown_again(stage: Stage, words: str) -> None:
    stage.say("动员 防汛", by=DISTRICT)

    [shown] = stage.say(words, by=DISTRICT)
    assert shown.startswith("防汛动员 1002 预览（还没发）")
    assert "范围：锦绣社区" in shown
    assert "没有这个待发的动员" in stage.say("动员 1001", by=DISTRICT)[0]
    assert "已发出" in stage.say("动员 1002", by=DISTRICT)[0]
    assert not stage.hears("gaomin")


def test_a_drill_stays_one(stage: Stage) -> None:
    stage.say("演练 防汛", by=DISTRICT)

    assert stage.say("只叫锦溪街道", by=DISTRICT)[0].startswith("【演练】防汛动员 1002 预览")


def test_two_places_are_asked_about_and_nothing_is_lost(stage: Stage) -> None:
    stage.say("动员 防汛", by=DISTRICT)

    heard = stage.does("text", "只叫锦绣社区和望江社区", by=DISTRICT)[-1]
    assert "一次动员只能一个地方" in heard.text
    assert [label for label, _ in heard.buttons] == ["锦绣社区", "望江社区"]
    assert "范围：望江社区" in stage.tap(heard, "望江社区", by=DISTRICT)[0]


def test_ones_own_preview_is_not_widened_beyond_ones_place(stage: Stage) -> None:
    stage.say("动员 防汛", by=HEAD)

    assert "望江社区不归您这里管" in stage.say("只叫望江社区", by=HEAD)[0]
    assert "已发出" in "".join(stage.say("动员 1001", by=HEAD))


def test_without_a_preview_the_words_are_nobodys_order(stage: Stage) -> None:
    assert "预览" not in "".join(stage.say("只叫锦绣社区", by=DISTRICT))
