"""更正, 作废, 解除: whoever holds on to the old one is told what holds now, and the old one says nothing more."""

import pytest

from storage import notices
from tests.notices.desk import GROUPS, HEAD, WATER, confirm, notice, released, told
from tests.stage import Stage


def corrected(stage: Stage, number: int, words: str = "更正 {} 停水改到后天8点到12点") -> int:
    """The number of what took its place."""
    stage.say(words.format(number), by=HEAD)
    later = number + 1
    stage.does("press", confirm(stage, later).buttons[0][1], by=HEAD)
    stage.pass_time(seconds=1)
    return later


def test_a_correction_goes_to_the_same_people_and_says_which_it_corrects(stage: Stage) -> None:
    number = released(stage)

    later = corrected(stage, number)

    said = stage.last("g-jinxiu-1", group=True).text
    assert said.splitlines()[:2] == [
        f"【更正】{number} 号通知有更正，以这条为准。",
        "停水改到后天（11月25日）8点到12点",
    ]
    assert told(stage, later) == set(GROUPS)
    assert (notice(stage, number).state, notice(stage, number).superseded_by) == (notices.ENDED, later)


@pytest.mark.parametrize(
    ("words", "head", "line", "now"),
    [
        ("作废 {} 供水恢复了", "【作废】", "号通知作废，不用再照着做。", "号通知已经作废"),
        ("解除 {} 水已经来了", "【解除】", "号通知说的事解除了。", "号通知已经解除"),
    ],
)
def test_cancelled_or_cleared_it_is_said_to_those_who_had_it(
    stage: Stage, words: str, head: str, line: str, now: str
) -> None:
    number = released(stage)

    corrected(stage, number, words)

    said = stage.last("g-jinxiu-1", group=True).text
    assert said.startswith(head)
    assert line in said
    assert now in stage.say(f"进展 {number}", by="liguifang")[0]


def test_whoever_quotes_or_asks_about_the_old_one_is_told(stage: Stage) -> None:
    number = released(stage)
    old = stage.last("g-jinxiu-1", group=True)
    later = corrected(stage, number)
    now = f"{number} 号通知已经更正，以 {later} 为准：停水改到后天（11月25日）8点到12点"

    assert stage.say("那明天还洗得成衣服不", by="liguifang", chat="g-jinxiu-1", quote=old) == [now]
    assert stage.say("收到", by="liguifang", chat="g-jinxiu-1", quote=old) == [now]
    assert stage.say(f"{number} 是真的吗", by="wutong") == [now]
    assert stage.say(f"这条通知是真的吗？{WATER}", by="wutong", chat="g-jinxiu-1") == [now]
    assert stage.say(f"收到 {number}", by="wutong") == [now]
    assert stage.say("明天记得存水", by="liguifang", chat="g-jinxiu-1") == []


def test_cancelled_before_it_left_it_never_leaves(stage: Stage) -> None:
    stage.pass_time(hours=13)
    number = released(stage)
    later = corrected(stage, number, "作废 {} 发错了")
    with stage.database.reading() as session:
        rows = [(one.listeners, one.state) for one in notices.told(session, number)]
    assert rows
    assert {state for _, state in rows} <= {"stopped", "sent"}
    assert notice(stage, later).state == notices.GOING


def test_only_over_ones_own_place_only_once_and_only_what_was_released(stage: Stage) -> None:
    number = released(stage)

    assert stage.say(f"作废 {number} 乱来", by="hanlixin")[0].startswith("没有您能看的编号")
    assert stage.say(f"作废 {number} 乱来", by="zhoujianhua")[0].startswith("没有您能看的编号")
    assert f"不算数了发“作废 {number}”" in stage.say("作废", by=HEAD)[0]  # which one, and what exactly to say
    assert stage.say(f"作废 {number}", by=HEAD)[0].startswith(f"{number} 为什么作废？")
    assert "发布 1002" in stage.say("供水恢复了", by=HEAD)[-1]
    assert stage.say("作废 1002 也不要了", by=HEAD) == ["1002 还没发过，直接改就行。"]
    stage.does("press", confirm(stage, 1002).buttons[0][1], by=HEAD)
    assert "请对 1002 操作" in stage.say(f"更正 {number} 还有话", by=HEAD)[0]


def test_the_place_of_a_report_is_still_corrected_by_the_same_word(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by="liguifang", chat="g-jinxiu-2")

    assert "1001" in stage.say("更正 1001 3栋1单元", by="liguifang", chat="g-jinxiu-2")[0]


def test_a_correction_does_not_carry_the_old_headline(stage: Stage) -> None:
    number = released(stage)

    corrected(stage, number)

    said = stage.last("g-jinxiu-1", group=True).text
    assert said.startswith(f"【更正】{number} 号通知有更正，以这条为准。\n停水改到后天（11月25日）8点到12点")
    assert "明天8点" not in said


@pytest.mark.parametrize("words", ["明天真的要停水吗，几点开始", "我家明天要用水怎么办", "这个怎么回事"])
def test_a_question_to_what_was_replaced_is_answered_and_no_matter(stage: Stage, words: str) -> None:
    number = released(stage)
    old = stage.last("g-jinxiu-1", group=True)
    corrected(stage, number)

    heard = stage.say(words, by="liguifang", chat="g-jinxiu-1", quote=old)

    assert len(heard) == 1
    assert f"以 {number + 1} 为准" in heard[0]


@pytest.mark.parametrize("words", ["明天停水几点到几点啊", "停水到底什么时候开始", "明天还停水吗"])
def test_whoever_asks_in_private_what_a_notice_is_about_hears_what_holds_now(stage: Stage, words: str) -> None:
    number = released(stage)
    assert f"{number} 号通知这样说" in stage.say(words, by="liguifang")[0]

    corrected(stage, number)

    assert f"以 {number + 1} 为准：停水改到后天（11月25日）8点到12点" in stage.say(words, by="liguifang")[0]


@pytest.mark.parametrize("words", ["我家停水了，什么时候来", "现在突然停水，什么时候恢复"])
def test_what_happens_now_is_still_a_report(stage: Stage, words: str) -> None:
    released(stage)

    assert "号通知这样说" not in stage.say(words, by="liguifang")[0]
