"""Short signed texts: only this deployment can have written one."""

from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings
from handlers.people import codes, signing
from storage.database import Database

NUMBERS = st.integers(1, signing.MANY**6)
NEVER_PRINTED = set("0O1IL")


@given(NUMBERS, st.text(min_size=1))
def test_a_text_leads_back_to_its_number_however_it_is_typed(number: int, secret: str) -> None:
    text = signing.signed(number, secret)

    assert signing.number_of(text, secret) == number
    assert not NEVER_PRINTED & set(text)
    for typed in (
        text,
        text.lower(),
        f"码{text.replace('-', '')}",
        f"码 {text.replace('-', ' ')}。",
        f"x/?code={text}",
    ):
        assert signing.found_in(typed) == text


@given(NUMBERS, st.data())
def test_one_other_character_makes_it_none(number: int, data: st.DataObject) -> None:
    text = signing.signed(number, "ours")
    at = data.draw(st.sampled_from([at for at, letter in enumerate(text) if letter != "-"]))
    other = data.draw(st.sampled_from(sorted(set(signing.LETTERS) - {text[at]})))
    forged = text[:at] + other + text[at + 1 :]
    found = signing.number_of(forged, "ours")
    assert found is None or signing.signed(found, "ours") == forged


def test_nobody_elses_texts_are_ours() -> None:
    assert [n for n in range(1, 2000) if signing.number_of(signing.signed(n, "theirs"), "ours") is not None] == []


def test_numbers_never_share_a_text() -> None:
    assert len({signing.signed(number, "ours") for number in range(1, 20_000)}) == 19_999


def test_a_deployment_makes_its_secret_once_and_the_operators_counts_more(database: Database) -> None:
    with database.transaction() as session:
        first = codes.secret_of(session, Settings())
    with database.transaction() as session:
        assert codes.secret_of(session, Settings()) == first
        assert codes.secret_of(session, Settings(secret_key="set by the operator")) == "set by the operator"
    assert len(first) == 64
