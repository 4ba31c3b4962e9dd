"""Whoever corrects a number in the same breath means the second one; who does not come is not counted."""

import pytest

from tests.forms.speaking import answers, said
from tests.stage import Stage


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("三个,哦不,两个,我妈不来了", "2"),
        ("三个，哦不，两个", "2"),
        ("我们三个，不对，四个", "4"),
        ("三个不对四个", "4"),
        ("3个人,不是,2个", "2"),
        ("3个人,不是2个", "3"),
        ("五个嘛,哦六个", "6"),
        ("三个，说错了，是两个大人一个娃儿", "3"),
        ("四个人，搞错了，三个人", "3"),
        ("两个,我妈不来了", "2"),
        ("三个,妈妈也来", "3"),
        ("三个，还有我妈", "4"),
        ("我和我老公，我妈不来", "2"),
        ("大人两个娃儿一个", "3"),
        ("我和我老公还有个娃", "3"),
        ("一家三口加老人两个", "5"),
        ("说错了三个", "3"),
        ("两个大人,小的还没定", "2"),
    ],
)
def test_how_many_come(stage: Stage, words: str, people: str) -> None:
    said(stage, "报备 返乡 12月3日从成都回来", words)

    assert answers(stage)["people"] == people


@pytest.mark.parametrize("words", ["两个大人 一个娃儿 不对 两个娃儿", "两个大人一个娃，说错了，两个娃", "三个四个"])
def test_what_may_mean_either_is_asked_again(stage: Stage, words: str) -> None:
    said(stage, "报备 返乡 12月3日从成都回来", words)

    assert "people" not in answers(stage)


@pytest.mark.parametrize("words", ["两条,不对,三条", "两条，哦不，三条", "三条"])
def test_dogs_are_counted_so_too(stage: Stage, words: str) -> None:
    said(stage, "报备 养狗 3栋2单元501", words)

    assert answers(stage)["many"] == "3"
