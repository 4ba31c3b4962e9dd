"""A form's title with what there is to tell begins the form; talk about it does not."""

import pytest

from storage import forms
from tests.forms.speaking import GROUP, WHO, answers, filed, nothing_reported, said
from tests.stage import Stage


@pytest.mark.parametrize(
    ("words", "form", "told"),
    [
        ("独居平安 今天挺好", "alone", {}),
        ("养犬登记 我家有只泰迪", "dog", {"breed": "泰迪"}),
        ("养犬登记：一条泰迪，打过疫苗", "dog", {"breed": "泰迪", "many": "1", "vaccine": "yes"}),
        ("外出托付 12月1号到5号家里没人 帮看下门", "away", {"when": "2026-12-01/2026-12-05", "left": "nobody"}),
        ("装修告知，12月1号到5号，不动墙", "renovation", {"when": "2026-12-01/2026-12-05", "walls": "no"}),
        ("装修告知 12月1号到5号要砸墙", "renovation", {"when": "2026-12-01/2026-12-05", "walls": "yes"}),
        ("家庭情况摸底 3栋1单元302 5口人", "household", {"door": "3-1-302", "people": "5"}),
        ("返乡来访我明天从重庆回来", "return", {"arrive": "2026-11-24", "from": "重庆"}),
    ],
)
def test_a_title_with_content_begins_its_form(stage: Stage, words: str, form: str, told: dict[str, str]) -> None:
    said(stage, words)

    assert filed(stage).form == form
    assert told.items() <= answers(stage).items()
    assert nothing_reported(stage)


@pytest.mark.parametrize(
    "words",
    [
        "养犬的人要牵绳",
        "外出的时候记得关门",
        "外出 记得关门",
        "装修的声音太吵了",
        "独居老人要多关心",
        "养犬登记要带什么",
        "养犬登记点在哪里",
        "养犬登记通知大家去办",
        "装修告知，楼上砸墙太吵了",
        "养犬登记 楼下的狗咬人",
    ],
)
def test_talk_about_what_a_form_is_for_begins_none(stage: Stage, words: str) -> None:
    stage.say(words, by=WHO)

    with stage.database.reading() as session:
        assert forms.by_number(session, 1001) is None


def test_in_a_group_it_begins_only_where_the_bot_is_called_and_goes_on_in_private(stage: Stage) -> None:
    words = "外出托付 12月1号到5号家里没人 帮看下门"
    assert stage.say(words, by=WHO, chat=GROUP) == []
    assert stage.say(f"@小格 {words}", by=WHO, chat=GROUP) == ["已收到，接下来我私下跟您说。"]
    assert "外出时间 12月1日到12月5日" in stage.last(WHO).text


def test_a_fault_told_in_the_same_breath_is_asked_about(stage: Stage) -> None:
    asked = said(stage, "返乡来访 我明天从重庆回来。对了门口路灯坏了三天了")

    assert asked == "您说的“门口路灯坏了三天了”，这件事要报给网格长吗？"
    assert answers(stage)["from"] == "重庆"
    said(stage, "要报")
    assert stage.matter(1002).text == "门口路灯坏了三天了"


def test_the_title_itself_answers_nothing(stage: Stage) -> None:
    said(stage, "报备 租住登记")
    assert "side" not in answers(stage)
    said(stage, "报备 独居老人登记")
    assert "who" not in answers(stage, 1002)
