"""How many they are, said without a door: counted where the door is known, asked for it once where it is not."""

import pytest

from tests.census.test_census import GROUP, begun, kept
from tests.stage import Stage

WORDS = ["两口人,好的", "两口人", "我们两口人，都好", "2个人，没得事", "就两个人在屋头", "俩口子，好的，谢谢"]


@pytest.mark.parametrize("words", WORDS)
def test_where_the_door_is_known_it_is_not_asked_for_again(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("3栋2单元501，都好", by="liguifang")

    assert "3栋2单元501室：2人" in stage.say(words, by="liguifang")[0]
    assert [(row[2], row[4]) for row in kept(stage)] == [("501", 2)]


@pytest.mark.parametrize("words", WORDS)
def test_where_it_is_not_it_is_asked_for_once(stage: Stage, words: str) -> None:
    begun(stage)

    assert "几单元" in stage.say(words, by="liguifang")[0]
    assert "3栋2单元501室" in stage.say("3栋2单元501", by="liguifang")[0]
    assert [(row[2], row[4]) for row in kept(stage)] == [("501", 2)]


def test_in_a_group_only_who_has_told_the_door_is_counted(stage: Stage) -> None:
    begun(stage)
    assert stage.say("两口人,好的", by="nb1", chat=GROUP) == []
    assert kept(stage) == []

    stage.say("3栋2单元502，都好", by="nb1", chat=GROUP)
    assert stage.say("两口人,好的", by="nb1", chat=GROUP) == []
    assert [(row[2], row[4]) for row in kept(stage)] == [("502", 2)]


@pytest.mark.parametrize(
    "words", ["来了两个人", "两个人打架", "差两个人打牌", "两点钟", "两口人都发烧了去医院", "好的"]
)
def test_other_words_are_no_number_of_people_at_home(stage: Stage, words: str) -> None:
    begun(stage)
    stage.say("3栋2单元502，3口都好", by="nb1", chat=GROUP)

    stage.say(words, by="nb1", chat=GROUP)
    assert [row[4] for row in kept(stage) if row[2] == "502"][-1:] != [2] or "发烧" in words
