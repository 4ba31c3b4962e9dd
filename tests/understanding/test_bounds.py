"""Any text, however strange, gives an answer in bounded time."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog import Catalog
from bot.understanding import Reader, Utterance
from bot.understanding.clean import LIMIT, tidy
from bot.understanding.learned import spell, spelled
from bot.understanding.threads import Before, plainly_over
from bot.understanding.utterance import Place

TOKENS = (
    "3栋2单元501|电梯|停了|@小格|小格|报事|进度|1029|着火|不是|\n| |。|-|#|号|一|十|没|.."
    "|{{ x }}|<b>|\u200b|\u202e|①|1|😀|代报|帮|奶奶"
)


READER = Reader(Catalog(Path(__file__).parents[2] / "templates" / "catalog"))
"""Not a fixture: hypothesis calls a test many times."""


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.booleans())
def test_any_text_is_answered(text: str, private: bool) -> None:
    said = READER.read(text, private)
    assert isinstance(said, Utterance)
    assert 0 <= said.confidence <= 1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(TOKENS.split("|")), max_size=40))
def test_any_mixture_of_known_words_is_answered_the_same_twice(words: list[str]) -> None:
    text = "".join(words)
    assert READER.read(text) == READER.read(text)


@given(st.text(max_size=300))
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    "piece",
    ["一", ",", "谢谢", "电梯", "1-", "3栋", "@小格", "@", "帮", "老人", " ", "\n", "#", "代报王", "ﷺ", "\u0301", "9"],
)
def test_a_hundred_thousand_characters_take_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    READER.read(text)
    started = process_time()
    said = READER.read(text)
    assert process_time() - started < 0.5  # some milliseconds on a quiet machine
    assert len(said.text) <= LIMIT


@pytest.mark.parametrize(
    "text",
    [
        "1栋" + "单元" * 900 + "吗",
        "3栋" + "这边" * 900 + "吗",
        "我在2栋" + "栋号楼" * 600 + "?",
        "好了" + "谢谢" * 900 + "@",
        "算了" + "谢谢哈" * 600 + "@",
        "救命" * 900 + "@",
        "快来人" + "救命啊" * 600 + "@",
        "3栋" + "一零" * 900 + "@",
        "我家住" * 600 + "3栋,",
        "有人说3栋" * 400,
        "3 栋 " * 500,
    ],
)
def test_no_row_of_words_can_run_away(text: str) -> None:
    before = Before("facilities", Place("3"))
    started = process_time()
    READER.deed(READER.read(text), before, None)
    plainly_over(text)
    assert process_time() - started < 1


@pytest.mark.parametrize("text", ["", " ", "\u200b\u200b", "@小格", "\n\n"])
def test_nothing_said_is_chat(text: str) -> None:
    assert READER.read(text).intent == "chat"


def test_invisible_and_full_width_characters_change_nothing() -> None:
    assert READER.read("\u202e进\u200b度 1029").numbers == (1029,)


@given(st.sets(st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=40)))
def test_traits_are_read_back_as_they_were_spelled(traits: set[str]) -> None:
    assert list(spelled(spell(sorted(traits)))) == sorted(traits)


def test_traits_that_share_more_than_one_digit_tells_are_read_back_too() -> None:
    long = ["\x01fault:sanitation>0.3", "\x01fault:sanitation>1.0", "\x01fault:sanitation>1.0 and more"]

    assert list(spelled(spell(long))) == long
