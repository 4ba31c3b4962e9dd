"""A queue reaches its groups by the exact word and its number, or by the button that names them; nothing softer does."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import slots
from storage.slots import SlotQueue
from tests.notices.test_properties import NOT_SLOW, copied, mutations
from tests.stage import Stage

GROUP, STAFF_GROUP = "g-jinxiu-2", "w-jinxiu-1"
LEADER = "hanmei"
ASKED = "排队安排 核酸检测 今天10点到11点15 在东门 每刻钟10户"
LABEL = "发给锦绣花园3-4栋1个群48户"
NEARLY = "核酸检测 1001 还没发。要告诉大家，得原样回才算：发布 1001，或点上面写着发给谁的按钮。不发就回“算了”。"


def queue(stage: Stage, number: int = 1001) -> SlotQueue:
    with stage.database.reading() as session:
        found = slots.by_number(session, number)
    assert found is not None
    return found


def shown(stage: Stage, words: str = ASKED, by: str = LEADER) -> str:
    """A queue that was shown and has not left; the press that lets it go."""
    return stage.does("text", words, by=by)[-1].buttons[0][1]


@pytest.mark.parametrize("words", ["发布 1001", "发布1001", "发布排队 1001", "发布 1001。", LABEL])
def test_the_exact_word_with_the_number_or_the_words_of_the_button_let_it_go(stage: Stage, words: str) -> None:
    shown(stage)

    assert stage.say(words, by=LEADER)[0].startswith("核酸检测 1001 已发布，1 个居民群会收到时间。")
    assert len(stage.hears(GROUP, group=True)) == 1


@pytest.mark.parametrize(
    "words",
    [
        *(
            "发布",
            "发布吧",
            "好的",
            "可以",
            "要得",
            "发",
            "发嘛",
            "发布排队",
            "请发布 1001",
            "发布 1001 吧",
            "发布 1001？",
        ),
        *("发布1001行不行", "帮我发布1001", "好的，发布1001", "1001", "发布 1001 谢谢", "开始排队", "没问题，发群里"),
    ],
)
def test_what_comes_close_lets_nothing_go_and_is_told_what_to_say(stage: Stage, words: str) -> None:
    shown(stage)

    assert stage.say(words, by=LEADER) == [NEARLY]
    assert not stage.hears(GROUP, group=True)


@pytest.mark.parametrize("words", ["1", "2", "3"])
def test_one_digit_more_than_was_meant_reaches_nobody(stage: Stage, words: str) -> None:
    shown(stage)

    stage.say(words, by=LEADER)

    assert not stage.hears(GROUP, group=True)


@NOT_SLOW
@given(words=st.lists(mutations(1001), min_size=1, max_size=4))
def test_no_loose_word_opens_a_queue(settled: sqlite3.Connection, words: list[str]) -> None:
    stage = copied(settled)
    shown(stage)
    for said in words:
        if said.strip(" ") not in (LABEL, "发布 1001", "发布1001"):
            stage.say(said, by=LEADER)

    assert queue(stage).opened_at is None
    assert not stage.hears(GROUP, group=True)
    stage.database.close()


@pytest.mark.parametrize(
    "words", ["算了", "算了吧", "不排了", "先不发了", "还是算了", "不排了，等哈再说", "1001不排了"]
)
def test_second_thoughts_drop_it(stage: Stage, words: str) -> None:
    shown(stage)

    assert stage.say(words, by=LEADER) == ["好，不排了。谁也没有通知。"]
    assert stage.say("发布 1001", by=LEADER) == ["核酸检测 1001 没有发，已经不排了。重新排发：排队安排"]
    assert not stage.hears(GROUP, group=True)


def test_second_thoughts_after_it_has_left_are_told_what_can_still_be_done(stage: Stage) -> None:
    stage.does("press", shown(stage), by=LEADER)

    told = "核酸检测 1001 已经发出去了，收不回来。不排了就发“收队 1001”，要跟大家说一声发“发通知”。"
    assert stage.say("发错了", by=LEADER) == [told]
    assert stage.say("算了", by=LEADER) == [told]
    assert queue(stage).state == slots.OPEN


def test_a_preview_of_long_ago_is_shown_again_before_it_leaves(stage: Stage) -> None:
    shown(stage)
    stage.pass_time(minutes=40)

    again = stage.say("发布 1001", by=LEADER)[0]
    assert again.startswith("还没发。先看一眼发给谁，对了再发一次：\n核酸检测：锦绣花园3-4栋")
    assert not stage.hears(GROUP, group=True)
    assert "已发布" in stage.say("发布 1001", by=LEADER)[0]


def test_a_queue_whose_time_has_passed_asks_for_another_one_and_does_not_go_round_in_circles(stage: Stage) -> None:
    press = shown(stage)
    stage.pass_time(hours=3)

    assert "这个时间已经过了，还没有通知谁。说个新的时间" in stage.does("press", press, by=LEADER)[-1].text
    again = stage.say("改到明天9点到11点", by=LEADER)[0]
    assert "11月24日09:00到11:00" in again
    assert "没问题请发“发布 1001”" in again
    assert "已发布" in stage.say("发布 1001", by=LEADER)[0]


def test_a_button_that_named_another_audience_or_that_nobody_showed_lets_nothing_go(stage: Stage) -> None:
    press = shown(stage)
    stage.say("改到明天9点到11点", by=LEADER)

    assert stage.does("press", press, by=LEADER)[-1].text.startswith("跟刚才看的不一样了，还没发。请再看一遍：")
    for made_up in ("slot_open 1001", "slot_open 1001 00000000"):
        stage.does("press", made_up, by=LEADER)
    assert not stage.hears(GROUP, group=True)


@pytest.mark.parametrize("who", ["liguifang", "chenhao", "linruoyun"])
def test_nobody_else_lets_it_go(stage: Stage, who: str) -> None:
    press = shown(stage)

    stage.does("press", press, by=who)
    stage.say("发布 1001", by=who)

    assert queue(stage).opened_at is None


def test_a_queue_is_neither_written_nor_let_go_among_neighbours(stage: Stage) -> None:
    assert stage.say(ASKED, by=LEADER, chat=GROUP) == ["这件事请私聊我，或到工作群里说。"]
    shown(stage)

    assert stage.say("发布 1001", by=LEADER, chat=GROUP) == ["这件事请私聊我，或到工作群里说。"]
    assert stage.say("好的，发布", by=LEADER, chat=GROUP) == []
    assert queue(stage).opened_at is None


def test_what_is_said_about_something_else_is_not_caught(stage: Stage) -> None:
    shown(stage)

    assert "还没发" not in stage.say("3栋2单元电梯停了", by=LEADER)[0]
    assert "还没发" not in stage.say("今天几点开会", by=LEADER)[0]
    assert stage.say("发布 1777", by=LEADER)[0].startswith("没有")


@pytest.mark.parametrize("words", ["叫下一批 1001 吧", "叫下一批 1001？", "叫下一个 1001 谢谢", "叫下一批1001行不行"])
def test_calling_takes_the_exact_word_too(stage: Stage, words: str) -> None:
    stage.does("press", shown(stage), by=LEADER)
    stage.pass_time(minutes=30)
    before = len(stage.hears(GROUP, group=True))

    assert stage.say(words, by=LEADER)[0].startswith("没有动。核酸检测 1001 要叫下一")
    assert len(stage.hears(GROUP, group=True)) == before
    assert "第1次叫" in stage.say("叫下一批 1001", by=LEADER)[0]


def test_whoever_asks_whether_closes_nothing_and_misses_nobody(stage: Stage) -> None:
    stage.does("press", shown(stage), by=LEADER)
    stage.pass_time(minutes=30)
    stage.say("叫下一批 1001", by=LEADER)

    assert stage.say("收队 1001 吗", by=LEADER) == ["没有动。核酸检测 1001 要收队，请原样发：收队 1001"]
    assert stage.say("过号 1001 301 吗？", by=LEADER) == ["没有动。核酸检测 1001 要过号，请原样发：过号 1001 和房号"]
    with stage.database.reading() as session:
        assert slots.tally(session, 1001) == {"called": 10, "waiting": 38}


def test_a_place_without_a_group_says_that_nobody_hears_of_it(stage: Stage) -> None:
    with stage.database.transaction() as session:
        session.connection.exec_driver_sql("UPDATE chat SET grid_id = NULL WHERE audience = 'residents'")

    heard = stage.does("text", ASKED, by=LEADER)[-1]

    assert "还没有通知谁。没有群、收不到的：锦绣花园3-4栋。" in heard.text
    assert heard.buttons[0][0] == "锦绣花园3-4栋没有群，先排着"
