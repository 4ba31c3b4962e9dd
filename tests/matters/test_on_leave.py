"""A leader who is away says so: who is asked instead, what is in hand; a neighbour's rest is nobody's business."""

import pytest

from tests.stage import Stage

GROUP, HEAD = "g-jinxiu-2", "linruoyun"
NEXT = "好，您先忙。您没接的事，过了时限我就找"


@pytest.mark.parametrize(
    "words", ["我请两天假", "在外地 这两天帮不上忙", "这两天我休息，有事找副格长", "我今天不舒服 上不了班"]
)
def test_who_is_asked_meanwhile_is_who_is_rung_then(stage: Stage, words: str) -> None:
    assert stage.say(words, by="hanmei") == [f"{NEXT}汪洋。"]

    stage.say("3栋2单元电梯停了", by="liguifang", chat=GROUP)
    stage.pass_time(minutes=16)
    assert "1001" in stage.last("wangyang").text


def test_what_is_in_hand_is_counted_with_the_way_to_hand_it_on(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by="liguifang", chat=GROUP)
    stage.say("接单 1001", by="hanmei")

    assert "手上还有 1 件：要交给别人，发“转办 编号 名字”" in stage.say("我请个假", by="hanmei")[0]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("liguifang", "我请两天假"),
        ("hanmei", "请假条在哪里开"),
        ("hanmei", "休息区的椅子坏了"),
        ("hanmei", "孩子请假了 作业怎么交"),
    ],
)
def test_other_words_and_other_people_are_no_leave(stage: Stage, who: str, words: str) -> None:
    assert not any(heard.startswith(NEXT) for heard in stage.say(words, by=who))


def test_among_neighbours_it_is_their_talk(stage: Stage) -> None:
    assert stage.say("我请两天假", by="hanmei", chat=GROUP) == []


def test_while_people_are_called_the_same_words_answer_the_call(stage: Stage) -> None:
    number = stage.say("动员 防汛", by=HEAD)[0].split("预览")[0][-5:].strip()
    stage.say(f"动员 {number}", by=HEAD)

    assert not any(heard.startswith(NEXT) for heard in stage.say("在外地 这两天帮不上忙", by="hanmei"))
