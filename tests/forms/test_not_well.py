"""In the middle of a form somebody is not well, wants a person, or puts it off: heard as that, and no answer of the form."""

import pytest

from tests.forms.speaking import WHO, answers, filed, said
from tests.stage import Stage

HOW_MANY = "报备 返乡 12月3日从成都回来"


@pytest.mark.parametrize("form", ["报备 外出", HOW_MANY, "报备 养狗 一条泰迪", "报备 租房 3栋2单元501"])
@pytest.mark.parametrize(
    "words", ["今天不舒服,头昏", "我头昏得很", "今天有点不舒服", "我心慌，遭不住了", "哎哟，难受得很", "我妈发烧了"]
)
def test_who_is_not_well_hears_whom_to_call_and_nothing_is_taken_for_an_answer(
    stage: Stage, form: str, words: str
) -> None:
    said(stage, form)
    before = answers(stage)

    heard = said(stage, words)
    assert "120" in heard
    assert "人工" in heard
    assert answers(stage) == before
    assert filed(stage).state == "draft"


def test_the_form_goes_on_afterwards(stage: Stage) -> None:
    said(stage, HOW_MANY, "我头昏得很", "两个人")

    assert answers(stage)["people"] == "2"


def test_what_answers_as_well_is_an_answer(stage: Stage) -> None:
    said(stage, "报备 外出", "我妈不舒服，12月3日到12月8日不在家")

    assert answers(stage)["when"] == "2026-12-03/2026-12-08"


def test_a_question_about_health_takes_it(stage: Stage) -> None:
    said(stage, "独居平安 我自己 3栋2单元501 每天", "血压高，老是头昏")

    assert "头昏" in answers(stage)["health"]


@pytest.mark.parametrize("words", ["不难受", "没得哪里不舒服", "去年发烧过"])
def test_who_is_well_is_told_nothing_of_it(stage: Stage, words: str) -> None:
    assert "120" not in said(stage, HOW_MANY, words)


@pytest.mark.parametrize("words", ["找真人", "我要找真人", "要真人"])
def test_a_person_is_called(stage: Stage, words: str) -> None:
    said(stage, HOW_MANY, words)

    assert any("想找人说话" in one.text for one in stage.hears("hanmei"))


@pytest.mark.parametrize(
    "words", ["先不报了", "等哈,先不报了", "我等哈再填", "先不报备了", "等会儿我再填", "现在不方便，等哈再填"]
)
def test_it_is_put_off(stage: Stage, words: str) -> None:
    assert "接着填" in said(stage, HOW_MANY, words)
    assert filed(stage).state == "draft"


@pytest.mark.parametrize("words", ["我不回来了", "我们不回来了", "我们不去了", "又不回来了"])
def test_it_is_called_off(stage: Stage, words: str) -> None:
    said(stage, HOW_MANY, words)

    assert filed(stage).state == "withdrawn"
    assert stage.say("你好", by=WHO)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("报备养狗,一只泰迪,打了疫苗的,另外楼下那条流浪狗咬人了", "楼下那条流浪狗咬人了"),
        ("报备装修 12月10日到20日,顺便说下楼道灯坏了", "楼道灯坏了"),
    ],
)
def test_what_is_said_besides_is_asked_about(stage: Stage, words: str, fault: str) -> None:
    assert f"您说的“{fault}”" in said(stage, words)


def test_one_more_dog_is_no_fault(stage: Stage) -> None:
    said(stage, "报备养狗,一只泰迪,另外还有一条金毛")

    assert answers(stage)["many"] == "2"


@pytest.mark.parametrize("words", ["我女子13911112222", "我幺女小芳13911112222", "女儿李梅 13911112222"])
def test_whoever_is_named_with_a_number_is_asked_for_none(stage: Stage, words: str) -> None:
    said(stage, "独居平安 我自己 3栋2单元501 每天", "跳过", words)

    assert answers(stage)["trusted_phone"] == "13911112222"


@pytest.mark.parametrize("words", ["返乡报备有几个人", "返乡来访有几份", "返乡报备有好多人"])
def test_staff_who_ask_how_many_begin_no_form(stage: Stage, words: str) -> None:
    said(stage, "报备 返乡 12月3日从成都回来,两个人,住3栋2单元501,12月8日走", "确认")

    heard = stage.say(words, by="linruoyun")[0]
    assert "1001" in heard
    assert "哪天到的" not in heard


def test_staff_may_export_in_the_middle_of_a_form_of_their_own(stage: Stage) -> None:
    stage.say("报备 返乡 12月3日从成都回来", by="linruoyun")

    assert "xiaoge forms export" in stage.say("导出返乡报备", by="linruoyun")[0]
    stage.say("两个人", by="linruoyun")
    assert answers(stage)["people"] == "2"


@pytest.mark.parametrize("words", ["是", "好嘛", "对的"])
def test_a_yes_to_which_form_begins_none(stage: Stage, words: str) -> None:
    assert "要报备什么" in said(stage, "王婆婆住3栋2单元502")

    assert "要报备什么" in said(stage, words)
    assert said(stage, "养犬").startswith("【养犬登记】")
