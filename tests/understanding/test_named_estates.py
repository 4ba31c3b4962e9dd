"""锦绣花园电梯困人了: whoever calls from outside the group has to say which estate, and is heard as quickly."""

import pytest

from bot.understanding import Reader
from tests.understanding.test_bare_cries import CRIES, JOKES


@pytest.mark.parametrize("estate", ["锦绣花园", "阳光小区3栋", "幸福里", "金科城4栋2单元", "石桥村"])
@pytest.mark.parametrize("cry", CRIES)
def test_a_name_in_front_silences_nothing(reader: Reader, estate: str, cry: str) -> None:
    assert reader.read(f"{estate}{cry}", private=True).intent == "emergency"


@pytest.mark.parametrize("estate", ["锦绣花园", "幸福里", "金科城"])
@pytest.mark.parametrize("joke", [joke for joke in JOKES if joke != "我整个人燃起来了"])
def test_a_name_in_front_makes_no_danger(reader: Reader, estate: str, joke: str) -> None:
    assert reader.read(f"{estate}{joke}").intent != "emergency"
