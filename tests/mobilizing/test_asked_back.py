"""上次演练咋样: how it went, asked in everyday words, is told as by 复盘 and the number."""

import pytest

from tests.mobilizing.test_mobilizing import mobilized
from tests.stage import Stage

HEAD = "linruoyun"


@pytest.fixture
def both(stage: Stage) -> Stage:
    """A drill of the day before, and a real one after it."""
    drill = mobilized(stage, "演练 防汛")
    stage.say(f"解除 {drill} 确认", by=HEAD)
    stage.pass_time(hours=24)
    real = mobilized(stage, "动员 地震")
    stage.say(f"解除 {real} 确认", by=HEAD)
    stage.pass_time(seconds=2)
    return stage


@pytest.mark.parametrize(
    "words", ["上次演练咋样", "昨天的演练怎么样", "演练总结一下", "上回演练效果如何", "演练复盘", "昨天演练哪里慢了"]
)
def test_the_drill_is_looked_back_upon(both: Stage, words: str) -> None:
    said = both.say(words, by=HEAD)[0]

    assert said.startswith("【演练】防汛动员")
    assert "复盘" in said


@pytest.mark.parametrize("words", ["上次动员咋样", "复盘一下", "刚才那次动员复盘一下", "今天动员的情况"])
def test_and_the_newest_of_all(both: Stage, words: str) -> None:
    said = both.say(words, by=HEAD)[0]

    assert said.startswith("地震")
    assert "复盘" in said


def test_the_day_tells_which(both: Stage) -> None:
    assert both.say("昨天那次动员复盘一下", by=HEAD)[0].startswith("【演练】防汛动员")


def test_where_there_was_none_it_is_said(both: Stage) -> None:
    assert "复盘" not in both.say("上次摸排咋样", by=HEAD)[0].partition("编号")[0]


@pytest.mark.parametrize(
    ("words", "by", "chat"),
    [
        ("上次演练咋样", "liguifang", None),
        ("上次演练咋样", "liguifang", "g-jinxiu-2"),
        ("上次演练咋样", HEAD, "w-jinxiu"),
        ("演练的时候电梯坏了怎么样修", HEAD, None),
        ("你们社区情况怎么样", HEAD, None),
    ],
)
def test_others_and_other_words_are_no_such_question(both: Stage, words: str, by: str, chat: str | None) -> None:
    assert not any("发令，" in said for said in both.say(words, by=by, chat=chat))
