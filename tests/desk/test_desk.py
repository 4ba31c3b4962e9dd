"""What the bot says when it is spoken to, and when it keeps quiet."""

import pytest

from tests.stage import Stage


@pytest.mark.parametrize("words", ["你好", "在吗", "你是谁", "？？？", "", "😀"])
def test_in_private_it_always_answers_with_something_to_do(stage: Stage, words: str) -> None:
    assert "有事直接说" in stage.say(words, by="liguifang")[0]


@pytest.mark.parametrize("words", ["谢谢", "好的谢谢", "收到！", "辛苦了", "嗯嗯"])
def test_courtesies_need_no_answer(stage: Stage, words: str) -> None:
    assert stage.say(words, by="liguifang") == []


def test_in_a_group_it_answers_only_to_its_name(stage: Stage) -> None:
    assert stage.say("在吗", by="liguifang", chat="g-jinxiu-2") == []
    assert "有事直接说" in stage.say("@小格 在吗", by="liguifang", chat="g-jinxiu-2")[0]


def test_help_fits_who_asks(stage: Stage) -> None:
    assert "查进度" in stage.say("帮助", by="liguifang")[0]
    assert "1接单 2到场" in stage.say("帮助", by="hanmei")[0]


def test_no_answer_offers_more_than_four_things(stage: Stage) -> None:
    assert len(stage.say("帮助", by="liguifang")[0].splitlines()) <= 4


def test_who_leads_here_is_told(stage: Stage) -> None:
    assert stage.say("网格长是谁", by="liguifang")[0].startswith("这里的微网格长是韩梅")


def test_what_needs_a_person_says_how_to_reach_one(stage: Stage) -> None:
    assert "人工" in stage.say("请问老年证怎么办理", by="liguifang")[0]
    assert stage.say("请问老年证怎么办理", by="liguifang", chat="g-jinxiu-2") == []


def test_text_that_looks_like_a_template_is_only_text(stage: Stage) -> None:
    stage.say("报事 3栋{{ 7*7 }}<b>灯坏了</b>{% for x in y %}", by="liguifang", chat="g-jinxiu-2")

    assert "{{ 7*7 }}<b>灯坏了</b>{% for x in y %}" in stage.last("hanmei").text


@pytest.mark.parametrize("words", ["接单", "1", "到场", "退回", "同意", "转办 给我"])
def test_leaders_words_among_neighbours_are_only_words(stage: Stage, words: str) -> None:
    stage.say("3栋2单元电梯又停了", by="liguifang", chat="g-jinxiu-2")
    noted = stage.last("g-jinxiu-2", group=True)

    assert stage.say(words, by="zhangdashan", chat="g-jinxiu-2") == []
    assert stage.say("1", by="zhangdashan", chat="g-jinxiu-2", quote=noted) == []


@pytest.mark.parametrize("order", ["心愿", "代许心愿", "登记资源", "互助", "码"])
def test_whatever_waits_for_a_sentence_can_be_left(stage: Stage, order: str) -> None:
    asked = stage.say(order, by="liguifang")
    assert asked

    assert stage.say("算了", by="liguifang") == ["好，那就不记了。有事随时说。"]
