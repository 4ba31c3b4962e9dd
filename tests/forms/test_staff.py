"""Staff look: their subtree, as much as their post may read, every reading written down."""

import pytest
from sqlalchemy import select

from storage.journal import entry
from tests.stage import Stage

GROUP = "g-jinxiu-2"
TRIP = "报备 12月3日从成都回来,两个人,住3栋2单元501,12月8日走"


@pytest.fixture
def kept(stage: Stage) -> Stage:
    """Two of one household say different things; a third lives elsewhere; one has told about health."""
    stage.say(TRIP, by="liguifang", chat=GROUP)
    stage.say("确认", by="liguifang")
    stage.say("报备 12月4日从成都回来,三个人,住3栋2单元501,12月8日走", by="wutong", chat=GROUP)
    stage.say("确认", by="wutong")
    stage.say("报备 12月4日从绵阳回来,三个人,住1栋1单元302,12月8日走", by="zhouwei", chat="g-jinxiu-1")
    stage.say("不方便", by="zhouwei")
    stage.say("确认", by="zhouwei")
    stage.say("报备 独居 我一个人住 每天 3栋2单元501", by="liguifang")
    for words in ("膝盖不好", "女儿李梅", "13812345678", "确认"):
        stage.say(words, by="liguifang")
    return stage


def readings(stage: Stage) -> list[tuple[str, str]]:
    with stage.database.reading() as session:
        rows = session.connection.execute(select(entry.c.why, entry.c.detail).where(entry.c.act == "form_read"))
        return [(why, detail) for why, detail in rows]


def test_a_leader_counts_the_own_subtree_only(kept: Stage) -> None:
    assert "在期的报备 3 份：\n返乡来访 2 份\n独居平安 1 份" in kept.say("查报备", by="hanmei")[0]
    assert "在期的报备 1 份：\n返乡来访 1 份" in kept.say("查报备", by="lilei")[0]
    assert "还没有在期的报备" in kept.say("查报备", by="shijianping")[0]
    assert "在期的报备 4 份" in kept.say("查报备", by="linruoyun")[0]


def test_a_role_the_form_does_not_name_sees_nothing_of_it(kept: Stage) -> None:
    assert "独居" not in kept.say("查报备", by="fangjingguan")[0]
    assert "没有查到报备 1004" in kept.say("查报备 1004", by="fangjingguan")[0]
    assert "还没有在期的报备" in kept.say("查报备", by="majianguo")[0]


@pytest.mark.parametrize("words", ["查报备", "查报备 1001", "查报备 返乡", "查报备 3栋2单元501"])
def test_neighbours_see_nothing(kept: Stage, words: str) -> None:
    assert kept.say(words, by="wutong")[0].startswith("这里只有管这一片的工作人员能看")
    assert readings(kept) == []


def test_the_list_is_in_walking_order_and_opens(kept: Stage) -> None:
    listed = kept.say("查报备 返乡", by="zhoujianhua")[0]

    assert listed.splitlines()[1:4] == [
        "1003 1栋1单元302室，到12月15日",
        "1001 3栋2单元501室，到12月15日",
        "1002 3栋2单元501室，到12月15日",
    ]
    assert "从哪里来：绵阳" in kept.say("查报备 1003", by="zhoujianhua")[0]
    assert readings(kept) == [
        ("list", "return 1003"),
        ("list", "return 1001"),
        ("list", "return 1002"),
        ("one", "return 1003"),
    ]


def test_out_of_the_subtree_there_is_nothing(kept: Stage) -> None:
    assert kept.say("查报备 1001", by="lilei") == ["没有查到报备 1001，请核对编号。"]
    assert "没有在期的报备" in kept.say("查报备 3栋2单元501", by="lilei")[0]
    assert readings(kept) == []


def test_what_a_post_may_not_read_is_hidden(kept: Stage) -> None:
    volunteer = kept.say("查报备 1001", by="hanmei")[0]
    worker = kept.say("查报备 1001", by="zhoujianhua")[0]

    assert "联系电话：＊＊＊" in volunteer
    assert "联系电话：100" in worker
    lead, head = kept.say("查报备 1004", by="hanmei")[0], kept.say("查报备 1004", by="linruoyun")[0]
    assert "要留意的：＊＊＊" in lead
    assert "信得过的人：女儿李梅" in lead
    assert "要留意的：膝盖不好" in head


def test_what_a_household_says_differently_stands_side_by_side(kept: Stage) -> None:
    shown = kept.say("查报备 3栋2单元501", by="zhoujianhua")[0]

    assert "几个人：说法不一，2（1001，11月23日）；3（1002，11月23日）" in shown
    assert "从哪里来：成都\n" in shown
    assert [why for why, _ in readings(kept)] == ["door"] * 3


def test_hidden_answers_of_a_household_are_not_told_apart_by_words(kept: Stage) -> None:
    shown = kept.say("查报备 3栋2单元501", by="hanmei")[0]

    assert "联系电话：说法不一，＊＊＊（1001，11月23日）；＊＊＊（1002，11月23日）" in shown
    assert "10000000" not in shown


def test_in_a_group_staff_are_answered_in_private(kept: Stage) -> None:
    assert kept.say("查报备 3栋2单元501", by="hanmei", chat=GROUP) == ["已收到，接下来我私下跟您说。"]
    assert "说法不一" in kept.last("hanmei").text


def test_whoever_the_form_names_hears_of_a_new_one(kept: Stage) -> None:
    told = [one for one in kept.hears("hanmei") if "独居平安" in one.text]

    assert [one.text for one in told] == ["3栋2单元501室有一份“独居平安”。要看发“查报备 1004”。"]


def test_a_long_list_goes_on(kept: Stage) -> None:
    for at in range(12):
        who = f"neighbour{at}"
        kept.say(f"报备 12月3日从成都回来,两个人,住3栋2单元{at + 1}02,12月8日走", by=who, chat=GROUP)
        kept.say("跳过", by=who)
        kept.say("确认", by=who)

    kept.say("查报备 返乡", by="hanmei")
    first = kept.last("hanmei")
    kept.tap(first, "更多", by="hanmei")

    assert first.text.count("室，到") == 10
    assert kept.last("hanmei").text.count("室，到") == 4
