"""发布 of what was shown long ago, was dropped, or has run out: one clear answer and one thing to do, never in circles."""

from datetime import timedelta

import pytest

from storage import notices
from tests.mobilizing.test_mobilizing import LEAD, preview
from tests.notices.desk import HEAD, confirm, notice, wrote
from tests.stage import Stage

OVER = "今天10点消防演练请不要惊慌"


def run_out(stage: Stage) -> int:
    """A notice whose end has passed while it waited to be let go, and the question about it too."""
    number = wrote(stage, f"\n对象：居民群\n正文：{OVER}\n截止：今天11点")
    stage.pass_time(hours=3)
    return number


@pytest.mark.parametrize("words", ["发布 1001", "好的，发布 1001", "发布1001吧"])
def test_one_that_has_run_out_says_what_to_change_and_takes_the_answer(stage: Stage, words: str) -> None:
    number = run_out(stage)

    assert stage.say(words, by=HEAD) == [f"{number} 的截止时间已经过了。改一下，比如“截止 周五18点”。"]
    assert "没问题请发“发布 1001”" in stage.say("截止 明天18点", by=HEAD)[-1]
    assert "确定就点" in stage.say(f"发布 {number}", by=HEAD)[0]


def test_a_change_that_leaves_the_end_behind_does_not_say_that_it_may_go(stage: Stage) -> None:
    number = run_out(stage)
    stage.say(f"发布 {number}", by=HEAD)

    shown = stage.say("那改到明天", by=HEAD)[-1]

    assert "没问题请发" not in shown
    assert "截止时间已经过了，先改一下" in shown


def test_the_words_of_the_last_button_said_too_late_show_the_audience_once_more(stage: Stage) -> None:
    number = wrote(stage)
    label = confirm(stage, number).buttons[0][0]
    stage.pass_time(minutes=11)

    again = stage.does("text", label, by=HEAD)[-1]

    assert notice(stage, number).released_at is None
    assert again.buttons[0][0] == label
    assert stage.say(label, by=HEAD)[-1].startswith(f"{number} 开始发了")


def test_one_that_was_dropped_says_how_to_begin_anew(stage: Stage) -> None:
    number = wrote(stage)
    stage.say("不发了", by=HEAD)

    assert stage.say(f"发布 {number}", by=HEAD) == [f"{number} 不发了。要发就重新来，发：发通知"]


@pytest.mark.parametrize(("words", "anew"), [("演练 防汛", "演练 锦绣社区 防汛"), ("动员 防汛", "动员 锦绣社区 防汛")])
def test_a_mobilization_shown_long_ago_is_shown_anew_as_what_it_was(stage: Stage, words: str, anew: str) -> None:
    number, _ = preview(stage, words)
    stage.pass_time(hours=2)
    told = f"{number} 放得太久，人员可能变了，谁也没叫。要叫就重新看一遍，发：{anew}"

    for said in (f"动员 {number}", f"发布 {number}", f"好的，动员{number}"):
        assert stage.say(said, by=LEAD) == [told], said
    shown = stage.say(anew, by=LEAD)[0]
    assert shown.startswith("【演练】") is words.startswith("演练")
    assert "范围：锦绣社区" in shown
    stage.say(f"动员 {number + 1}", by=LEAD)
    with stage.database.reading() as session:
        assert notices.get(session, number).released_at is None
        after = notices.get(session, number + 1)
    assert after.released_at is not None
    assert stage.clock.now() - after.released_at < timedelta(minutes=1)
