"""The same question waits for two wishes of one person: the thing named tells which, else it is asked."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published

RECIPES, COOKER = "想借一本菜谱用几天", "想借一个电饭煲用一天"


def two_brought(stage: Stage) -> tuple[int, int]:
    """Two wishes of Li Guifang's that Chen Hao says he has brought."""
    numbers = published(stage, RECIPES), published(stage, COOKER)
    for number in numbers:
        stage.say(f"认领 {number}", by="chenhao")
    for number in numbers:
        stage.say(f"圆梦 {number}", by="chenhao")
    return numbers


@pytest.mark.parametrize("words", ["菜谱收到了,谢谢", "菜谱收到了", "收到菜谱了，谢谢小陈"])
def test_what_is_said_to_have_come_is_the_wish_that_came(stage: Stage, words: str) -> None:
    recipes, cooker = two_brought(stage)

    stage.say(words, by="liguifang")

    assert stage.matter(recipes).state in ("granted", "closed")
    assert stage.matter(cooker).state == "granted"
    assert not any("还没有好" in heard.text for heard in stage.hears("chenhao"))


def test_the_one_named_is_closed_by_its_name(stage: Stage) -> None:
    recipes, cooker = two_brought(stage)

    assert "谢" in stage.say("菜谱收到了,谢谢", by="liguifang")[0]

    assert stage.matter(recipes).state not in ("granted", "claimed")
    assert stage.matter(cooker).state == "granted"


@pytest.mark.parametrize(("words", "state"), [("收到了,谢谢", "closed"), ("还没有", "claimed")])
def test_an_answer_that_names_none_is_asked_about(stage: Stage, words: str, state: str) -> None:
    recipes, cooker = two_brought(stage)

    assert "说的是哪一个" in stage.say(words, by="liguifang")[0]
    assert (stage.matter(recipes).state, stage.matter(cooker).state) == ("granted", "granted")

    asked = stage.last("liguifang")
    stage.tap(asked, next(label for label, press in asked.buttons if str(recipes) in press), by="liguifang")
    assert stage.matter(recipes).state != "granted"
    assert stage.matter(cooker).state == "granted"


def test_whoever_is_named_in_a_complaint_goes_on_covered(stage: Stage) -> None:
    recipes, _ = two_brought(stage)
    stage.say("菜谱还没拿到，他说放在赵奶奶家102，电话13800004444", by="liguifang")

    told = [heard.text for heard in stage.hears("chenhao") if "还没有好" in heard.text]
    assert len(told) == 1
    assert told[0].startswith(f"心愿 {recipes} ")
    assert "13800004444" not in told[0]
    assert "102" not in told[0].replace(str(recipes), "")


def two_asked(stage: Stage) -> tuple[int, int]:
    """Two wishes of Li Guifang's that were just claimed: may each claimer know how to reach her?"""
    numbers = published(stage, RECIPES), published(stage, COOKER)
    for number, claimer in zip(numbers, ("chenhao", "wangxiulan"), strict=True):
        stage.say(f"认领 {number}", by=claimer)
    return numbers


def knows(stage: Stage, claimer: str) -> bool:
    return any("10000000069" in heard.text for heard in stage.hears(claimer))


def test_a_bare_yes_with_two_that_wait_gives_nothing_away_and_asks_which(stage: Stage) -> None:
    recipes, _ = two_asked(stage)

    assert "说的是哪一个心愿" in stage.say("可以", by="liguifang")[0]
    assert not knows(stage, "chenhao")
    assert not knows(stage, "wangxiulan")

    asked = stage.last("liguifang")
    stage.tap(asked, next(label for label, press in asked.buttons if str(recipes) in press), by="liguifang")
    assert knows(stage, "chenhao")
    assert not knows(stage, "wangxiulan")


@pytest.mark.parametrize("words", ["菜谱的可以", "菜谱可以告诉"])
def test_the_thing_named_tells_whose_question_is_answered(stage: Stage, words: str) -> None:
    two_asked(stage)

    stage.say(words, by="liguifang")

    assert not knows(stage, "wangxiulan")


def test_a_no_with_the_thing_named_leaves_the_other_question_open(stage: Stage) -> None:
    _, cooker = two_asked(stage)

    stage.say("菜谱的莫告诉电话", by="liguifang")
    assert not knows(stage, "chenhao")

    stage.say("可以告诉", by="liguifang")
    assert not knows(stage, "chenhao")
    assert stage.matter(cooker).state == "claimed"
