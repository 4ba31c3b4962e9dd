"""Old people, dialect, questions back, second thoughts: no fact is made up, and nobody gets stuck."""

import pytest

from tests.forms.speaking import TRIP, WHO, answers, filed, said
from tests.stage import Stage

HOUSEHOLD = ("报备 家庭情况 3栋1单元302",)
AWAY = ("外出托付 12月1号到5号 3栋2单元501",)
WORKS = ("报备 装修 12月10日到20日 3栋1单元302",)


@pytest.mark.parametrize("words", ["周末能不能施工", "要不要押金", "谁来看嘛", "是不是要交钱？", "星期六可以施工吗"])
def test_a_question_at_the_read_back_changes_nothing(stage: Stage, words: str) -> None:
    said(stage, *WORKS, "不动墙", "跳过")
    before = answers(stage)
    said(stage, words)

    assert answers(stage) == before
    assert [one.text[:8] for one in stage.hears(WHO)[-2:]] == ["这个我答不准，要", "【装修告知】请您"]


def test_a_question_at_a_question_is_no_answer(stage: Stage) -> None:
    assert said(stage, *HOUSEHOLD, "啥子叫几口人").startswith("平时住着几口人")
    assert any("这个我答不准" in one.text for one in stage.hears(WHO))


def test_the_name_of_an_answer_is_no_question(stage: Stage) -> None:
    assert "从哪里来：重庆" in said(stage, TRIP, "从哪里来改成重庆")


def test_who_fears_a_swindle_is_told_what_it_is_for(stage: Stage) -> None:
    said(stage, *HOUSEHOLD, "问这么多搞啥子，诈骗嘛")
    assert stage.hears(WHO)[-2].text.startswith("发放物资、上门服务")


def test_ages_are_no_people(stage: Stage) -> None:
    said(stage, *HOUSEHOLD, "我屋头六个人，两个老的两个小的", "没得", "老的一个七十二一个六十九")
    assert answers(stage)["people"] == "6"


@pytest.mark.parametrize(
    ("words", "many"),
    [("我和老伴两个，孙女后头来不来还说不准", "2"), ("我跟老婆两个", "2"), ("我和老公带两个娃儿", "4")],
)
def test_only_those_who_come_for_certain_are_counted(stage: Stage, words: str, many: str) -> None:
    said(stage, "报备 返乡 明天从上海回来", words)
    assert answers(stage)["people"] == many


def test_no_children_says_nothing_of_the_old(stage: Stage) -> None:
    heard = said(stage, *HOUSEHOLD, "1", "没得娃儿")

    assert "六十岁以上的有几位" in heard
    assert (answers(stage).get("old"), answers(stage)["small"]) == (None, "0")
    said(stage, "没得老人")
    assert answers(stage)["old"] == "0"


def test_a_daughters_phone_leaves_no_child_at_home(stage: Stage) -> None:
    said(stage, *AWAY, "我女儿电话13800002222")
    assert "left" not in answers(stage)
    said(stage, "老头子一个人在屋")
    assert answers(stage)["left"] == "elderly"


def test_without_a_drawing_the_form_goes_on(stage: Stage) -> None:
    said(stage, *WORKS, "要拆墙", "厨房那堵墙", "我兄弟家", "没得图纸，都是凭经验")
    assert stage.last(WHO).text.startswith("【装修告知】请您看看对不对")


def test_a_complaint_is_no_builder(stage: Stage) -> None:
    said(stage, *WORKS, "不动墙", "楼上也在装修吵死了")
    assert "builder" not in answers(stage)


def test_who_gives_up_the_work_gives_up_the_form(stage: Stage) -> None:
    assert said(stage, *WORKS, "不动墙", "跳过", "算了我不装了").startswith("好，没有报备")
    assert filed(stage).state == "withdrawn"
