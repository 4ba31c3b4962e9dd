"""A wish and a report open at once: the words say which is meant, and where they fit none it is asked."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published

WISH = "想借一辆轮椅用一个月"
FAULT = "3栋2单元电梯又停了"


def both(stage: Stage, *, report_first: bool) -> tuple[int, int]:
    """The numbers of the wish and of the report."""
    if report_first:
        stage.say(FAULT, by="liguifang")
        stage.pass_time(minutes=20)
        wish = published(stage, WISH)
        return wish, 1001
    wish = published(stage, WISH)
    stage.pass_time(minutes=20)
    stage.say(FAULT, by="liguifang")
    return wish, 1002


@pytest.mark.parametrize("report_first", [True, False])
@pytest.mark.parametrize("words", ["轮椅的事怎么样了", "轮椅还要等多久", "轮椅有人认领没", "轮椅有消息没得"])
def test_a_question_about_the_wish_is_answered_of_the_wish(stage: Stage, words: str, *, report_first: bool) -> None:
    wish, _ = both(stage, report_first=report_first)

    assert stage.say(words, by="liguifang")[0].startswith(f"心愿 {wish}（{WISH}）：待认领")


@pytest.mark.parametrize("report_first", [True, False])
def test_whatever_is_said_of_one_happens_to_that_one(stage: Stage, *, report_first: bool) -> None:
    wish, report = both(stage, report_first=report_first)

    assert str(report) in stage.say("电梯的事怎么样了", by="liguifang")[0]
    assert f"心愿 {wish} 有消息" in stage.say("催一下轮椅", by="liguifang")[0]
    assert f"{report} 有消息" in stage.say("催一下电梯", by="liguifang")[0]
    assert stage.say("补充 轮椅要能折叠的", by="liguifang") == [f"已补充到心愿 {wish}。"]
    assert str(report) in stage.say("补充 电梯里还有水", by="liguifang")[0]
    assert f"{report} 已撤回" in stage.say("电梯好了不用来了", by="liguifang")[0]
    assert stage.matter(wish).state == "open"


def test_more_about_the_wish_is_asked_about_and_not_added_to_the_report(stage: Stage) -> None:
    wish, _ = both(stage, report_first=False)

    assert "要补充到这个心愿里吗" in stage.say("轮椅要能折叠的", by="liguifang")[0]
    assert stage.say("好", by="liguifang") == [f"已补充到心愿 {wish}。"]


@pytest.mark.parametrize("report_first", [True, False])
@pytest.mark.parametrize("words", ["不用了", "撤回", "算了"])
def test_what_names_neither_is_asked_with_both_on_buttons(stage: Stage, words: str, *, report_first: bool) -> None:
    wish, report = both(stage, report_first=report_first)

    asked = stage.does("text", words, by="liguifang")[0]
    assert "哪一件" in asked.text
    assert {label.split()[0] for label, _ in asked.buttons} == {str(wish), str(report)}
    assert (stage.matter(wish).state, stage.matter(report).state) == ("open", "assigned")
    stage.tap(asked, next(label for label, _ in asked.buttons if label.startswith(str(wish))), by="liguifang")
    assert (stage.matter(wish).state, stage.matter(report).state) == ("withdrawn", "assigned")


def test_a_push_that_names_neither_is_asked_about(stage: Stage) -> None:
    both(stage, report_first=False)

    assert "要催的是哪一件" in stage.say("催一下", by="liguifang")[0]


def test_another_report_is_a_report_whatever_is_open(stage: Stage) -> None:
    both(stage, report_first=False)

    assert "收到，编号 1003" in stage.say("4栋1单元路灯坏了", by="liguifang")[0]


@pytest.mark.parametrize(
    ("words", "which"),
    [
        ("有人来教我了没得", 1),
        ("有人来教我没有", 1),
        ("还没有人来教我用手机吗", 1),
        ("教手机的有人来了没得", 1),
        ("有人借给我没得", 2),
        ("轮椅有人借没得", 2),
        ("有人借轮椅给我了吗", 2),
    ],
)
def test_of_two_wishes_the_one_is_meant_for_which_somebody_would_come(stage: Stage, words: str, which: int) -> None:
    numbers = [published(stage, "想找人教我用智能手机"), published(stage, WISH)]

    assert f"心愿 {numbers[which - 1]}（" in stage.say(words, by="liguifang")[0]


def test_where_both_are_of_one_kind_both_are_shown(stage: Stage) -> None:
    published(stage, "想找人教我用智能手机")
    published(stage, "想找人教我拉二胡")

    heard = stage.say("有人来教我了没得", by="liguifang")[0]
    assert "1001" in heard
    assert "1002" in heard
    assert "心愿 1002（" in stage.say("有人教我拉二胡了没得", by="liguifang")[0]


@pytest.mark.parametrize("words", ["电梯有人修没得", "有人在楼道抽烟", "有人来收废品没得", "有没有人来陪我下棋"])
def test_who_comes_for_something_else_is_no_answer_about_a_wish(stage: Stage, words: str) -> None:
    published(stage, "想找人教我用智能手机")

    assert "心愿 1001（" not in stage.say(words, by="liguifang")[0]
