"""A question of a form goes on listening after something else was asked and done: a plain answer is its answer."""

import pytest

from tests.forms.speaking import WHO, answers, filed, said
from tests.stage import Stage

HOW_MANY = ("报备 返乡 12月3日从成都回来",)
A_WISH = ("心愿", "想借一辆轮椅")
RENAMED = ("更正信息", "称呼", "王阿姨")


@pytest.mark.parametrize("between", [A_WISH, RENAMED, ("稍后",), ("报备",), ("心愿", "想借轮椅", "心愿墙")])
@pytest.mark.parametrize(("words", "people"), [("两个人", "2"), ("3个", "3"), ("大人两个娃儿一个", "3")])
def test_a_count_is_the_answer_whatever_was_done_in_between(
    stage: Stage, between: tuple[str, ...], words: str, people: str
) -> None:
    said(stage, *HOW_MANY, *between, words)

    assert answers(stage)["people"] == people


@pytest.mark.parametrize(
    ("before", "words", "question", "value"),
    [
        (("报备 返乡 从成都回来 两个人",), "12月3号", "arrive", "2026-12-03"),
        (("报备 返乡 从成都回来 两个人",), "后天到", "arrive", "2026-11-25"),
        (("报备 返乡 明天从成都回来 两个人 3栋2单元501",), "住一周", "leave", "2026-12-01"),
        (("报备 返乡 明天从成都回来 两个人 3栋2单元501",), "12月8号走嘛", "leave", "2026-12-08"),
        (("报备 返乡 明天从成都回来 两个人",), "3栋2单元501", "door", "3-2-501"),
        (("报备 装修 3栋2单元501",), "12月10日到20日", "when", "2026-12-10/2026-12-20"),
        (("报备 装修 3栋2单元501 12月10日到20日",), "不动墙", "walls", "no"),
        (("报备 养狗 3栋2单元501", "1", "泰迪"), "打了", "vaccine", "yes"),
        (("报备 租房 3栋2单元501",), "我租的", "side", "tenant"),
    ],
)
def test_every_plain_kind_of_answer_is_heard(
    stage: Stage, before: tuple[str, ...], words: str, question: str, value: str
) -> None:
    said(stage, *before, *RENAMED, words)

    assert answers(stage)[question] == value


def test_after_a_leader_has_closed_a_report_the_form_hears_the_leader(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=WHO)
    for words in (*HOW_MANY, "接单 1001", "办结 1001", "换了主板", "两个人"):
        stage.say(words, by="hanmei")

    assert answers(stage, 1002)["people"] == "2"


def test_after_a_report_whose_place_was_asked_for(stage: Stage) -> None:
    for words in (*HOW_MANY, "楼道灯坏了", "锦绣花园3栋", "两个人"):
        stage.say(words, by="hanmei")

    assert answers(stage)["people"] == "2"


@pytest.mark.parametrize(
    "words",
    [
        "好的",
        "谢谢",
        "有两个人在楼道里吵",
        "两个人的心愿",
        "昨天3个人来过",
        "要得",
        "3栋2单元电梯停了",
        "为什么",
        "我叫李四",
    ],
)
def test_what_is_no_plain_answer_stays_what_it_is(stage: Stage, words: str) -> None:
    said(stage, *HOW_MANY, *RENAMED)
    stage.say(words, by=WHO)

    assert "people" not in answers(stage)


@pytest.mark.parametrize("words", ["好的", "嗯", "可以", "谢谢", "要得"])
def test_a_word_of_thanks_is_no_yes(stage: Stage, words: str) -> None:
    """好的 is said to what the bot has just told, not to a question of an hour ago."""
    said(stage, "报备 装修 3栋2单元501 12月10日到20日", *RENAMED, words)

    assert "walls" not in answers(stage)


def test_a_newer_question_has_the_answer(stage: Stage) -> None:
    said(stage, *HOW_MANY, "报事", "两个人")

    assert "people" not in answers(stage)


def test_in_a_group_nothing_answers_a_form(stage: Stage) -> None:
    said(stage, *HOW_MANY, *RENAMED)

    assert stage.say("两个人", by=WHO, chat="g-jinxiu-2") == []
    assert "people" not in answers(stage)


def test_a_form_that_was_given_up_hears_nothing(stage: Stage) -> None:
    said(stage, *HOW_MANY, "取消", "两个人")

    assert filed(stage).state == "withdrawn"


@pytest.mark.parametrize(
    ("alarm", "words"),
    [
        ("电梯困人了3栋2单元", "两个"),
        ("电梯困人了3栋2单元", "一个老人一个娃儿"),
        ("着火了3栋2单元501", "两个人"),
        ("着火了3栋2单元501", "有两个老人在屋头"),
    ],
)
def test_in_the_minutes_after_an_alarm_the_alarm_has_the_words(stage: Stage, alarm: str, words: str) -> None:
    """Whoever counts people then counts those in danger."""
    said(stage, *HOW_MANY)
    stage.pass_time(minutes=1)
    said(stage, alarm, words)

    assert "people" not in answers(stage)
    assert any(words in one.text and "1002" in one.text for one in stage.hears("hanmei"))
    assert "接着填" in stage.last(WHO).text


def test_a_form_that_had_gone_deaf_leaves_them_to_the_alarm_too(stage: Stage) -> None:
    said(stage, *HOW_MANY, *RENAMED)
    stage.pass_time(minutes=1)
    said(stage, "电梯困人了3栋2单元", "两个人")

    assert "people" not in answers(stage)
    assert any("1002 有补充：两个人" in one.text for one in stage.hears("hanmei"))


@pytest.mark.parametrize("between", [("接着填",), ()])
def test_after_the_alarm_the_form_goes_on(stage: Stage, between: tuple[str, ...]) -> None:
    said(stage, *HOW_MANY)
    stage.pass_time(minutes=1)
    said(stage, "着火了3栋2单元501")
    stage.pass_time(minutes=1)
    if not between:
        stage.pass_time(minutes=20)
    said(stage, *between, "两个人")

    assert answers(stage)["people"] == "2"
