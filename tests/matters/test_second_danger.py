"""Somebody who has just called for help sees a second danger: it is rung for by itself, and is no more of the first."""

import pytest

from tests.stage import Stage

GROUP = "g-jinxiu-2"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("有人晕倒了", "楼下又有一个人晕倒了"),
        ("有人晕倒了", "还有一个人也晕倒了"),
        ("我妈晕倒了", "隔壁王婆婆也晕倒了"),
        ("3栋着火了", "车棚也着火了"),
        ("3栋2单元501着火了", "601也着火了"),
        ("3栋2单元501着火了", "601着火了"),
        ("3栋着火了", "4栋也着火了"),
        ("有人晕倒了", "4栋厨房着火了"),
        ("3栋1单元电梯困人了", "2单元电梯也困人了"),
    ],
)
@pytest.mark.parametrize("by", ["王奶奶", "李大爷"])
def test_it_is_a_second_one(stage: Stage, first: str, second: str, by: str) -> None:
    stage.say(first, by="王奶奶", chat=GROUP)
    stage.pass_time(minutes=2)
    told = stage.say(second, by=by, chat=GROUP)

    assert "1002" in told[0]
    assert (stage.matter(1001).urgency, stage.matter(1002).urgency) == ("emergency", "emergency")
    assert stage.matter(1002).text == second


@pytest.mark.parametrize("questions", [("来人没有？",), ("好久到？", "是几号？"), ("哪个在喊", "咋回事？")])
def test_questions_between_change_nothing(stage: Stage, questions: tuple[str, ...]) -> None:
    stage.say("3栋电梯困人了", by="王奶奶", chat=GROUP)
    for asked in questions:
        stage.pass_time(minutes=2)
        stage.say(asked, by="王奶奶", chat=GROUP)
    stage.say("4栋有人从楼上掉下来了", by="王奶奶", chat=GROUP)

    assert (stage.matter(1002).building, stage.matter(1002).urgency) == ("4", "emergency")


@pytest.mark.parametrize(("first", "more"), [("着火了", "4栋2单元着火了"), ("有人晕倒了", "有人晕倒了 4栋2单元501")])
def test_the_same_with_its_place_is_the_first_one(stage: Stage, first: str, more: str) -> None:
    stage.say(first, by="王奶奶", chat=GROUP)
    stage.pass_time(minutes=1)
    stage.say(more, by="王奶奶", chat=GROUP)

    assert (stage.matter(1001).building, stage.matter(1001).unit) == ("4", "2")


def test_said_twice_it_stays_one(stage: Stage) -> None:
    stage.say("楼下又有一个人晕倒了", by="王奶奶", chat=GROUP)
    told = stage.say("楼下又有一个人晕倒了！！", by="王奶奶", chat=GROUP)

    assert "1001" in told[-1]


@pytest.mark.parametrize(
    "words",
    [
        "虚惊一场",
        "火灭了",
        "火已经灭了 谢谢大家",
        "搞错了 是蒸汽",
        "他已经出来了",
        "误会一场不好意思",
        "原来是我家锅烧干了",
    ],
)
def test_whoever_says_in_passing_that_it_was_nothing_is_asked_whether_anybody_is_still_needed(
    stage: Stage, words: str
) -> None:
    stage.say("3栋2单元501冒黑烟了", by="王奶奶", chat=GROUP)
    stage.pass_time(minutes=2)
    told = stage.say(words, by="王奶奶", chat=GROUP)

    assert "真的没事了" in told[0]
    assert stage.matter(1001).state != "withdrawn"
    stage.say("1", by="王奶奶", chat=GROUP)
    assert stage.matter(1001).state == "withdrawn"


@pytest.mark.parametrize(
    "words", ["我妈还没出来", "大家没事吧", "孩子出来了 大人没出来", "我没事 我先走了", "火小了点"]
)
def test_what_is_not_over_is_not_asked_about(stage: Stage, words: str) -> None:
    stage.say("3栋2单元501冒黑烟了", by="王奶奶", chat=GROUP)
    stage.pass_time(minutes=2)

    assert not any("真的没事了" in told for told in stage.say(words, by="王奶奶", chat=GROUP))


@pytest.mark.parametrize("words", ["还有一个在里面", "孩子出来了 大人没出来", "4楼有人没出来"])
@pytest.mark.parametrize("by", ["王奶奶", "李大爷"])
def test_what_does_not_tell_its_danger_is_more_of_the_one_just_cried_for(stage: Stage, words: str, by: str) -> None:
    stage.say("3栋2单元着火了", by="王奶奶", chat=GROUP)
    stage.pass_time(minutes=2)
    rung = stage.matter(1001)
    told = stage.say(words, by=by, chat=GROUP)

    assert "119" in told[0]
    assert "1001" in told[-1]
    assert words in stage.last("hanmei").text
    assert rung.number == 1001


def test_it_is_asked_also_while_another_question_waits(stage: Stage) -> None:
    stage.say("3栋2单元路灯不亮了 晚上黑得很", by="王奶奶", chat=GROUP)
    assert "1001" in stage.say("灯自己亮了 师傅莫跑了", by="王奶奶", chat=GROUP)[0]
    stage.say("锦绣花园着火了", by="王奶奶", chat=GROUP)

    assert "1002" in stage.say("原来是我家锅烧干了 没事了", by="王奶奶", chat=GROUP)[0]
    stage.say("1", by="王奶奶", chat=GROUP)
    assert stage.matter(1002).state == "withdrawn"
    assert stage.matter(1001).state != "withdrawn"
