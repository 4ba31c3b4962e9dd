"""A message as its channel can carry it: numbered choices where there are no buttons, pieces where it is too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ability import EVERYTHING, Ability
from bot.channels.fitting import fitted, numbered, parted, size
from bot.message import Address, Delivery, Lane

HINT = "（回数字就行）"
CARD = (("接单", "accept 1001"), ("转办", "transfer 1001"))
PLAIN = Delivery(1, Address("x", "g"), "1001 电梯停了", CARD, Lane.DUTY, "55")


def test_a_channel_that_can_do_it_all_gets_the_message_as_it_is() -> None:
    assert fitted(PLAIN, EVERYTHING, HINT) == [PLAIN]


def test_without_buttons_the_choices_are_numbered() -> None:
    (only,) = fitted(PLAIN, Ability(), HINT)

    assert only.text == f"1001 电梯停了\n1 接单　2 转办\n{HINT}"
    assert only.buttons == ()


@pytest.mark.parametrize(
    "able", [Ability(buttons=1), Ability(buttons=9, press_bytes=10)], ids=["too many", "a press too long"]
)
def test_with_buttons_that_do_not_fit_all_are_numbered(able: Ability) -> None:
    (only,) = fitted(PLAIN, able, HINT)

    assert (only.buttons, able.numbers(PLAIN.buttons)) == ((), True)
    assert "1 接单" in only.text


def test_what_has_no_buttons_has_no_choices() -> None:
    assert not Ability().numbers(())
    assert not EVERYTHING.numbers(CARD)


def test_long_choices_stand_on_lines_of_their_own() -> None:
    said = numbered((("解决了，谢谢你们大家帮忙", "a"), ("没解决，还是老样子没动静", "b")), HINT)

    assert said == f"1 解决了，谢谢你们大家帮忙\n2 没解决，还是老样子没动静\n{HINT}"


def test_buttons_come_with_the_last_of_several_pieces() -> None:
    pieces = fitted(Delivery(1, PLAIN.address, "一句。" * 20, CARD, Lane.DUTY), Ability(buttons=3, longest=20), HINT)

    assert [one.buttons for one in pieces] == [()] * (len(pieces) - 1) + [CARD]


def test_a_text_is_parted_where_a_sentence_ends() -> None:
    assert parted("第一句。第二句。第三句", Ability(longest=10)) == ["第一句。第二句。", "第三句"]


@given(st.text(max_size=300), st.integers(4, 60), st.sampled_from(["characters", "bytes"]))
def test_no_piece_is_too_long_none_is_empty_and_no_letter_is_lost(text: str, longest: int, counted: str) -> None:
    able = Ability(longest=longest, counted="bytes" if counted == "bytes" else "characters")
    pieces = parted(text, able)

    assert all(size(piece, able) <= longest for piece in pieces)
    assert all(pieces) or pieces == [text]
    assert "".join("".join(pieces).split()) == "".join(text.split())
