"""A child alone is a need, however the one is written; a child who studies elsewhere is none."""

import pytest

from handlers.census.reading import grammar
from storage.census import NEED
from tests.stage import Stage


@pytest.mark.parametrize(
    "words",
    [
        "3栋2单元402 小娃儿一个人在家 爸妈上班",
        "3-2-402 孩子1个人在家",
        "4-2-401 我是小朋友 爸爸妈妈出去了 我一个人在家",
        "4-2-401 爸妈上班去了就我一个人",
        "4-2-402 大人出去了 两个娃娃在",
        "4-2-402 两个娃儿在哭",
    ],
)
def test_it_is_a_need(stage: Stage, words: str) -> None:
    [said] = grammar(stage.kit.catalog).read(words)

    assert said.state == NEED
    assert "children" in said.needs


@pytest.mark.parametrize(
    "words", ["4-2-402 都好 娃儿一个人在外地读书", "4-2-402 3口平安 孩子一个人在学校", "4-2-402 我一个人在家 平安"]
)
def test_it_is_none(stage: Stage, words: str) -> None:
    assert all("children" not in said.needs for said in grammar(stage.kit.catalog).read(words))
