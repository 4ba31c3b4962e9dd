"""Asked what they wish for, people do other things first, want nothing, or wish for somebody else."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import wished


@pytest.mark.parametrize("between", ["需求清单", "心愿墙", "我的资源", "进度"])
def test_another_order_ends_the_question(stage: Stage, between: str) -> None:
    stage.say("心愿", by="liguifang")
    stage.say(between, by="liguifang")
    stage.say("月度会", by="liguifang")

    assert "没有等您审核" not in stage.say("我的心愿", by="liguifang")[0]
    assert not any("月度会" in heard.text for heard in stage.hears("xujianing"))


def test_whoever_wishes_for_nothing_is_let_go(stage: Stage) -> None:
    stage.say("心愿", by="liguifang")

    assert stage.say("没得啥子", by="liguifang") == ["好的，不发。"]
    assert not stage.hears("xujianing")


def test_words_that_want_nothing_are_read_back_first(stage: Stage) -> None:
    stage.say("心愿", by="liguifang")

    assert "我今天去赶场买了个西瓜" in stage.say("我今天去赶场买了个西瓜", by="liguifang")[0]
    assert not stage.hears("xujianing")
    stage.tap(stage.last("liguifang"), "不是", by="liguifang")
    assert not stage.hears("xujianing")


def test_read_back_they_are_a_wish_after_a_yes(stage: Stage) -> None:
    stage.say("心愿", by="liguifang")
    stage.say("热热闹闹过个年", by="liguifang")

    assert "收到心愿" in stage.tap(stage.last("liguifang"), "收", by="liguifang")[0]


@pytest.mark.parametrize("words", ["想借个轮椅", "有人陪我摆龙门阵就好", "帮我换个灯泡", "来个人教我用手机"])
def test_an_answer_that_wants_something_is_a_wish_at_once(stage: Stage, words: str) -> None:
    stage.say("心愿", by="liguifang")

    assert "收到心愿" in stage.say(words, by="liguifang")[0]


@pytest.mark.parametrize(
    "words",
    [
        "替楼上李大爷许个心愿,他想理发",
        "替李大爷许愿,他想理个发",
        "替楼上李大爷许愿,他想要人帮忙理个发,我还没问他",
    ],
)
@pytest.mark.parametrize("own", [False, True])
def test_a_wish_for_a_neighbour_asks_for_that_neighbours_yes(stage: Stage, words: str, own: bool) -> None:
    if own:
        wished(stage)
    assert "本人同意" in stage.say(words, by="liguifang")[0]

    assert "收到" in stage.say("当面同意了", by="liguifang")[0]
    told = stage.last("xujianing").text
    assert "理" in told.split("发布后大家看到：")[1]
    assert "李大爷" not in told.split("发布后大家看到：")[1]


def test_whether_one_may_wish_for_somebody_is_a_question(stage: Stage) -> None:
    assert "本人同意" not in "".join(stage.say("可以替李大爷许个愿不？", by="liguifang"))


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("想借个轮椅,找我李桂芳", "想借个轮椅"),
        ("想借个轮椅,大家都喊我李嬢嬢", "想借个轮椅"),
        ("想借个轮椅,都喊我小程", "想借个轮椅"),
        ("想借个轮椅,来个帅哥搭把手", "想借个轮椅,来个帅哥搭把手"),
    ],
)
def test_how_the_wisher_is_called_leaves_with_its_clause(stage: Stage, words: str, read: str) -> None:
    wished(stage, words)

    assert f"发布后大家看到：{read}\n" in stage.last("xujianing").text


@pytest.mark.parametrize("words", ["帮隔壁李大爷,想有人陪他散步", "帮隔壁李大爷想有人陪他散步"])
def test_for_whom_it_is_stands_before_what_is_wanted(stage: Stage, words: str) -> None:
    wished(stage, words)

    assert "发布后大家看到：一位老人想有人陪他散步\n" in stage.last("xujianing").text


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("想要一个人陪我摆哈龙门阵", "陪伴"),
        ("想要一床棉被", "物品"),
        ("想借点东西", "借用"),
        ("想要个人教手机", "学习"),
    ],
)
def test_the_kind_is_what_is_wanted_and_not_that_it_is(stage: Stage, words: str, kind: str) -> None:
    number = wished(stage, words)

    assert f"心愿 {number}（{kind}）" in stage.last("xujianing").text


@pytest.mark.parametrize("words", ["来个帅哥", "来个美女"])
def test_a_handsome_neighbour_is_no_name(stage: Stage, words: str) -> None:
    assert "收到心愿" in stage.say(f"心愿 {words}", by="liguifang")[0]


def test_the_question_whether_it_is_over_ends_with_a_clause(stage: Stage) -> None:
    number = wished(stage, "想请人帮我通下水道,就在我屋头那个老水管旁边,周末两天都得行,莫来早了")

    asked = stage.say("不要了", by="liguifang")[0]

    assert f"心愿 {number}（想请人帮我通下水道,就在我屋头那个老水管旁边,周末两天都得行…）不要了吗" in asked
