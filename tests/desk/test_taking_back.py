"""A bare 撤回: done at once only where one thing can be meant and was just said; else it is asked which, by number."""

import pytest

from storage import forms, people
from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published

WHO, GROUP = "liguifang", "g-jinxiu-2"
LIFT, LAMP, FIRE = "3栋2单元电梯停了", "4栋1单元路灯坏了", "3栋2单元501着火了"
WITHOUT_A_NUMBER = [
    "撤回",
    "撤销",
    "撤回吧",
    "撤销吧，刚才看错了",
    "不用来了",
    "没事了",
    "修好了不用来了",
    "搞错了，不好意思",
    "灭了，不用来了",
    "算了",
]


def said(stage: Stage, *lines: str, chat: str | None = None) -> None:
    for line in lines:
        stage.say(line, by=WHO, chat=chat)


@pytest.mark.parametrize("chat", [None, GROUP])
@pytest.mark.parametrize("words", WITHOUT_A_NUMBER)
def test_an_emergency_is_taken_back_only_after_a_question_with_its_number(
    stage: Stage, words: str, chat: str | None
) -> None:
    said(stage, FIRE, words, chat=chat)

    assert stage.matter(1001).state != "withdrawn"
    assert not any("撤回，不用办了" in one.text for one in stage.hears("hanmei"))


@pytest.mark.parametrize("chat", [None, GROUP])
def test_the_question_names_the_emergency_and_its_answer_takes_it_back(stage: Stage, chat: str | None) -> None:
    said(stage, FIRE, chat=chat)

    asked = stage.does("text", "撤回", by=WHO, chat=chat)[0]
    assert "1001" in asked.text
    assert "紧急" in asked.text
    stage.tap(asked, "不用办了", by=WHO)
    assert stage.matter(1001).state == "withdrawn"


def test_an_emergency_goes_on_where_the_question_is_answered_so(stage: Stage) -> None:
    said(stage, FIRE, "撤回", "还要办")

    assert stage.matter(1001).state == "assigned"


def test_with_its_number_it_is_taken_back_at_once(stage: Stage) -> None:
    said(stage, FIRE, "撤回 1001")

    assert stage.matter(1001).state == "withdrawn"


def test_what_was_just_said_alone_is_taken_back_at_once(stage: Stage) -> None:
    said(stage, LIFT)

    assert "1001 已撤回" in stage.say("撤回", by=WHO)[0]


def test_what_is_older_is_asked_about(stage: Stage) -> None:
    said(stage, LIFT)
    stage.pass_time(minutes=20)

    assert "1001" in stage.say("撤回", by=WHO)[0]
    assert stage.matter(1001).state == "assigned"
    said(stage, "是的")
    assert stage.matter(1001).state == "withdrawn"


def test_an_older_wish_is_asked_about(stage: Stage) -> None:
    number = published(stage)
    stage.pass_time(hours=5)

    assert f"心愿 {number}" in stage.say("撤回", by=WHO)[0]
    assert stage.matter(number).state == "open"


@pytest.mark.parametrize("chat", [None, GROUP])
def test_of_two_reports_it_is_asked_which(stage: Stage, chat: str | None) -> None:
    said(stage, LIFT, LAMP, chat=chat)

    asked = stage.does("text", "撤回", by=WHO, chat=chat)[0]
    assert [label.split()[0] for label, _ in asked.buttons] == ["1002", "1001"]
    assert {stage.matter(number).state for number in (1001, 1002)} == {"assigned"}
    said(stage, "2", chat=chat)
    assert [stage.matter(number).state for number in (1001, 1002)] == ["withdrawn", "assigned"]


def test_one_of_two_that_is_named_is_meant(stage: Stage) -> None:
    said(stage, LIFT, LAMP)

    assert "1001 已撤回" in stage.say("撤回 电梯那个", by=WHO)[0]
    assert stage.matter(1002).state == "assigned"


def test_a_filing_just_kept_stands_beside_an_open_report(stage: Stage) -> None:
    said(stage, LIFT, "报备 3栋2单元501 10月3日从成都回来，4个人，住到10月8日", "确认")

    asked = stage.does("text", "撤回", by=WHO)[0]
    assert "哪一件" in asked.text
    assert len(asked.buttons) == 2
    assert stage.matter(1001).state == "assigned"


def test_a_favour_and_a_report_are_asked_about(stage: Stage) -> None:
    said(stage, "互助 明天去火车站有没有顺风车", "发", LIFT)

    asked = stage.does("text", "撤回", by=WHO)[0]
    assert len(asked.buttons) == 2


def test_others_wait_for_it_no_less(stage: Stage) -> None:
    """Whoever only follows a neighbour's report has nothing of that to take back."""
    said(stage, LIFT, chat=GROUP)
    stage.say("我家也是", by="chenhao", chat=GROUP)

    stage.say("撤回", by="chenhao", chat=GROUP)
    assert stage.matter(1001).state == "assigned"


FORM = "报备 返乡 10月3日从成都回来"
WISH = "心愿 想借一本新华字典"


def forms_of(stage: Stage) -> set[str]:
    """The states of what the speaker has begun to fill in."""
    with stage.database.reading() as session:
        account = people.by_identity(session, {("simulator", WHO)})["simulator", WHO]
        return {one.state for one in forms.of_account(session, account.id, "draft", "kept", "withdrawn")}


@pytest.mark.parametrize("paused", [(FORM,), (FORM, "稍后")])
@pytest.mark.parametrize("words", ["算了", "算了嘛", "不要了", "取消", "撤回"])
def test_second_thoughts_are_about_what_was_begun_last_and_leave_a_paused_form(
    stage: Stage, paused: tuple[str, ...], words: str
) -> None:
    said(stage, *paused, WISH)

    assert "心愿 1002" in stage.say(words, by=WHO)[0]
    assert forms_of(stage) == {"draft"}


@pytest.mark.parametrize("words", ["取消报备", "不报备了", "不报了"])
def test_a_form_is_left_by_its_own_words(stage: Stage, words: str) -> None:
    said(stage, FORM, WISH, words)

    assert forms_of(stage) != {"draft"}
    assert stage.matter(1002).state == "vetting"


def test_second_thoughts_about_the_form_are_about_the_form_where_nothing_came_after(stage: Stage) -> None:
    said(stage, WISH)
    stage.pass_time(minutes=1)
    said(stage, FORM, "算了")

    assert forms_of(stage) != {"draft"}
    assert stage.matter(1001).state == "vetting"


def test_a_report_made_last_is_asked_about(stage: Stage) -> None:
    said(stage, FORM, LIFT)

    assert "1002" in stage.say("算了", by=WHO)[0]
    assert forms_of(stage) == {"draft"}
    assert stage.matter(1002).state == "assigned"
