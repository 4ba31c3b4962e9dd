"""A resident asks back where a text is waited for: it is answered, the question comes again, and nothing is put down."""

import pytest

from tests.forms.speaking import answers, said
from tests.stage import Stage

FROM = ("报备 返乡 12月3日 3栋2单元501",)
WANTS = ("外出托付 12月1号到5号 3栋1单元302 家里没人",)
WHO_READS = ("微网格长", "看过会记下")


@pytest.mark.parametrize(
    ("before", "of", "asks"), [(FROM, "from", "从哪个城市来"), (WANTS, "wants", "想请我们留意什么")]
)
@pytest.mark.parametrize(
    "words",
    [
        "为啥要填这个?",
        "这个给哪个看",
        "填这个干啥子",
        "问这个做啥",
        "问这个搞啥子嘛",
        "要这个做什么",
        "这个拿去干啥",
        "哪些人看得到",
        "这个必须写吗",
        "可不可以不写",
        "你们拿给哪个看",
    ],
)
def test_what_for_and_who_reads_it(stage: Stage, before: tuple[str, ...], of: str, asks: str, words: str) -> None:
    again = said(stage, *before, words)

    assert of not in answers(stage)
    assert asks in again
    told = stage.hears("wutong")[-2].text
    assert all(one in told for one in WHO_READS)


@pytest.mark.parametrize(
    ("before", "of", "asks"), [(FROM, "from", "从哪个城市来"), (WANTS, "wants", "想请我们留意什么")]
)
@pytest.mark.parametrize(
    "words", ["怎么填", "写啥子嘛", "这个啥意思", "没看懂", "咋个写嘛", "填哪样", "你问的啥子？", "要写啥子哦"]
)
def test_how_it_is_meant(stage: Stage, before: tuple[str, ...], of: str, asks: str, words: str) -> None:
    again = said(stage, *before, words)

    assert of not in answers(stage)
    assert "照您自己的话说" in again
    assert asks in again


@pytest.mark.parametrize("words", ["怎么填", "啥意思", "看不懂"])
def test_of_a_number_too(stage: Stage, words: str) -> None:
    assert "一共几个人" in said(stage, "报备 返乡 12月3日从成都回来", words)


def test_whoever_need_not_answer_hears_so(stage: Stage) -> None:
    said(stage, "报备 装修 12月10日到20日 3栋1单元302", "不动墙", "一定要写吗")
    assert "跳过" in stage.hears("wutong")[-2].text


@pytest.mark.parametrize(
    ("before", "of", "words"),
    [
        (FROM, "from", "成都"),
        (FROM, "from", "贵阳那边"),
        (WANTS, "wants", "帮忙看下门口有没有快递，可以吗？"),
        (WANTS, "wants", "阳台的花要浇水，怎么浇我跟小李说过"),
        (WANTS, "wants", "门窗关好没有，看一眼"),
    ],
)
def test_an_answer_stays_an_answer(stage: Stage, before: tuple[str, ...], of: str, words: str) -> None:
    said(stage, *before, words)
    assert answers(stage)[of]
