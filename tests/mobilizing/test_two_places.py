"""一组和二组: an order is for one place and what lies below; two that are named side by side are never one of them silently."""

import pytest

from tests.stage import Stage

VILLAGE, HEAD, DISTRICT = "shiyongfu", "linruoyun", "shenliqun"


@pytest.mark.parametrize(
    ("by", "words", "first", "second"),
    [
        (VILLAGE, "动员 防汛 一组和二组", "石桥一组", "石桥二组"),
        (VILLAGE, "防汛动员，一组和二组", "石桥一组", "石桥二组"),
        (VILLAGE, "演练 防汛 一组、二组", "石桥一组", "石桥二组"),
        (HEAD, "动员 防汛 第一网格和第二网格", "锦绣第一网格", "锦绣第二网格"),
        (DISTRICT, "动员 防汛 锦绣社区和石桥村", "锦绣社区", "石桥村"),
        (VILLAGE, "摸排 一组和二组 都平安吗", "石桥一组", "石桥二组"),
        (DISTRICT, "摸排 锦绣社区和石桥村 都平安吗", "锦绣社区", "石桥村"),
        (DISTRICT, "战时 锦绣社区和石桥村 24小时 市防指令", "锦绣社区", "石桥村"),
        (VILLAGE, "一组和二组转战时，24小时，镇指3号令", "石桥一组", "石桥二组"),
        (DISTRICT, "锦绣社区、石桥村转战时，24小时，市防指令", "锦绣社区", "石桥村"),
    ],
)
def test_it_is_asked_which_first(stage: Stage, by: str, words: str, first: str, second: str) -> None:
    [asked] = stage.does("text", words, by=by)

    assert f"{first}还是{second}" in asked.text
    assert [label for label, _ in asked.buttons] == [first, second]
    shown = stage.tap(asked, second, by=by)[0]
    assert second in shown
    assert first not in shown


def test_the_question_of_a_census_is_kept(stage: Stage) -> None:
    asked = stage.does("text", "摸排 一组和二组 都平安吗", by=VILLAGE)[0]

    assert "问：都平安吗" in stage.tap(asked, "石桥二组", by=VILLAGE)[0]


def test_one_place_by_the_end_of_its_name(stage: Stage) -> None:
    assert "范围：石桥一组" in stage.say("动员 防汛 一组", by=VILLAGE)[0]


def test_what_is_not_the_speakers_is_said(stage: Stage) -> None:
    asked = stage.does("text", "动员 防汛 锦绣社区和望江社区", by=HEAD)[0]

    assert "望江社区不归您这里管" in asked.text
    assert [label for label, _ in asked.buttons] == ["锦绣社区"]


@pytest.mark.parametrize(
    ("words", "place"),
    [("动员 防汛 锦绣社区", "范围：锦绣社区"), ("摸排 锦绣社区 从石桥村和望江社区回来的有没有", "锦绣社区连下面")],
)
def test_a_place_and_no_more_is_that_place(stage: Stage, words: str, place: str) -> None:
    assert place in stage.say(words, by=HEAD)[0]


def test_an_authority_with_a_name_is_no_second_place(stage: Stage) -> None:
    assert "依据：云溪区防指3号令" in stage.say("战时 锦绣社区 云溪区防指3号令 24小时", by=HEAD)[0]
