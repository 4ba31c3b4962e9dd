"""What others read of a wish is tidy: nothing led over from before, no rest that tells nothing, the kind by the thing."""

import pytest

from storage import favours
from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed, published, wished

WHO = "liguifang"


@pytest.mark.parametrize(
    "words",
    ["还有，想借一个轮椅", "还有想借一个轮椅", "还有就是想借一个轮椅", "另外，想借一个轮椅", "再就是想借一个轮椅"],
)
def test_words_that_only_lead_over_are_left_out(stage: Stage, words: str) -> None:
    wished(stage, words)

    assert "发布后大家看到：想借一个轮椅\n" in stage.last("xujianing").text


def test_a_question_that_begins_alike_is_left_whole(stage: Stage) -> None:
    wished(stage, "还有没有人能借我一个轮椅")

    assert "发布后大家看到：还有没有人能借我一个轮椅" in stage.last("xujianing").text


@pytest.mark.parametrize("words", ["剩下的不急", "剩下的慢慢来嘛", "还差的不着急"])
def test_a_rest_that_tells_nothing_is_no_rest(stage: Stage, words: str) -> None:
    number = claimed(stage)
    stage.say(f"部分圆梦 {number} 送了字典", by="chenhao")
    stage.say(words, by=WHO)

    assert "还差：" not in stage.last("xujianing").text
    assert "已有邻居帮了一部分" in stage.last("xujianing").text


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("借轮椅推去医院", "借用"),
        ("想借辆轮椅去医院检查", "借用"),
        ("想借三轮车送老人去医院", "借用"),
        ("想搭车去医院", "接送"),
        ("想借一本新华字典", "借用"),
    ],
)
def test_what_is_lent_is_borrowed_whatever_it_is_for(stage: Stage, words: str, kind: str) -> None:
    published(stage, words)

    assert f"（{kind}）" in stage.last("g-jinxiu-1", group=True).text


@pytest.mark.parametrize("words", ["借轮椅推去医院", "借个小推车去火车站接人"])
def test_a_favour_that_borrows_is_one_of_lending(stage: Stage, words: str) -> None:
    stage.say(f"互助 {words}", by=WHO)
    stage.say("发", by=WHO)

    with stage.database.reading() as session:
        favour = favours.by_number(session, 1001)
    assert favour is not None
    assert favour.kind == "borrow"


def test_the_monthly_list_leaves_nothing_out(stage: Stage) -> None:
    things = ["字典", "梯子", "电钻", "雨伞", "轮椅", "拐杖", "棉被", "台灯", "桌子", "椅子", "锅", "玩具", "自行车"]
    askers = [WHO, "linxiaoxia", "wutong", "chenhao"]
    for at, thing in enumerate(things):
        stage.say(f"心愿 想借一个{thing}", by=askers[at % len(askers)])

    heard = stage.say("议事清单", by="xujianing")[0]
    assert all(f"想借一个{thing}" in heard for thing in things)


def test_a_long_list_goes_on_by_a_tap(stage: Stage) -> None:
    for at in range(23):
        stage.say(f"心愿 想借第{at}册连环画", by=[WHO, "linxiaoxia", "wutong", "chenhao"][at % 4])

    first = stage.does("text", "议事清单", by="xujianing")[0]
    more = stage.tap(first, "接着看", by="xujianing")[0]
    assert first.text.count("连环画") + more.count("连环画") == 23
    assert "还没有" not in more
