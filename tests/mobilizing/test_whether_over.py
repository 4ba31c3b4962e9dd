"""Whoever asks whether it is over hears what is so: it runs, it ended then, or there was none."""

import pytest

from tests.mobilizing.test_neighbours import GROUP, HEAD, OTHER, ordered
from tests.stage import Stage

ASKED = ["演练结束了吗", "演练完了没", "演习搞完没得", "防汛演练结束没有？", "今天的演练结束了没"]


def drilled(stage: Stage) -> str:
    number = stage.say("演练 防汛", by=HEAD)[0].split("预览")[0][-5:].strip()
    stage.tap(stage.last(HEAD), "开始演练", by=HEAD)
    stage.pass_time(minutes=20)
    return number


def ended(stage: Stage, number: str) -> None:
    stage.say(f"解除 {number}", by=HEAD)
    stage.tap(stage.last(HEAD), "确认解除", by=HEAD)
    stage.pass_time(minutes=20)


@pytest.mark.parametrize("words", [*ASKED, "结束没有", "什么时候结束啊", "好久结束哦"])
def test_while_it_runs(stage: Stage, words: str) -> None:
    drilled(stage)

    for said in (stage.say(words, by="liguifang"), stage.say(words, by="nb1", chat=GROUP)):
        assert said[0].startswith("防汛演练还没结束，11月23日09:30开始的。")


@pytest.mark.parametrize("words", ASKED)
def test_when_it_ended_today(stage: Stage, words: str) -> None:
    ended(stage, drilled(stage))

    for said in (stage.say(words, by="liguifang"), stage.say(words, by="lilei")):
        assert said == ["防汛演练已经结束了，11月23日09:50结束的。"]
    assert stage.say("结束没有", by="nb1", chat=GROUP) == []


def test_where_there_was_none_or_only_long_ago(stage: Stage) -> None:
    assert "没有发过演练的通知" in stage.say("演练结束了吗", by="liguifang")[0]

    ended(stage, drilled(stage))
    stage.pass_time(days=2)
    assert "已经结束了" not in stage.say("演练结束了吗", by="liguifang")[0]


def test_elsewhere_nobody_hears_of_it(stage: Stage) -> None:
    drilled(stage)
    assert stage.say("结束没有", by="nb1", chat=OTHER) == []


def test_a_real_one_is_no_drill(stage: Stage) -> None:
    ordered(stage)
    assert "是真的，不是演练" in stage.say("演练结束了吗", by="liguifang")[0]
    assert "防汛动员还没结束" in stage.say("动员结束没有", by="liguifang")[0]


@pytest.mark.parametrize(
    "words", ["作业做完没有", "电视剧完结没得", "牌打完没有", "会开完没有", "你们演完没有，快来打牌"]
)
def test_other_ends_are_not_meant(stage: Stage, words: str) -> None:
    drilled(stage)
    assert stage.say(words, by="nb1", chat=GROUP) == []


@pytest.mark.parametrize(
    "words",
    ["今天真的要转移吗，我们都没收到", "明天还转移不", "听说要转移是真的吗", "防汛动员是真的吗", "几点开始转移哦"],
)
def test_neighbours_hear_their_own_part_and_not_what_those_called_are_told(stage: Stage, words: str) -> None:
    number = ordered(stage)

    [said] = stage.say(words, by="liguifang")
    assert "15分钟到岗" not in said
    assert "请先往高处走" in said

    ended(stage, number)
    assert stage.say(words, by="liguifang")[0].startswith("防汛动员已经结束了")
