"""The card of plans is answered by a digit or a plan's name, as by a tap."""

import pytest

from tests.mobilizing.test_mobilizing import LEAD
from tests.stage import Stage


@pytest.mark.parametrize("words", ["1", "防汛"])
def test_a_digit_or_a_name_on_the_card_of_plans_shows_the_preview(stage: Stage, words: str) -> None:
    stage.say("演练", by=LEAD)

    said = stage.say(words, by=LEAD)[0]

    assert said.startswith("【演练】防汛动员")
    assert "还没发" in said
    assert not stage.hears("hanmei")
