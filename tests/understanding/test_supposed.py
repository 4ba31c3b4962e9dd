"""真着火了 rings at once, unless it is only supposed."""

import pytest

from bot.understanding import Reader


@pytest.mark.parametrize("said", ["真着火了快来", "不是演练，3栋真的着火了", "真着火了，要是不快来就完了"])
def test_what_is_said_in_earnest_rings(reader: Reader, said: str) -> None:
    assert reader.read(said).intent == "emergency"


@pytest.mark.parametrize(
    "said", ["如果楼里真着火了，你们第一件拿什么？我拿存折", "要是真着火了咋办", "假如真的着火了电梯不能坐"]
)
def test_what_is_supposed_rings_nobody(reader: Reader, said: str) -> None:
    assert reader.read(said).intent != "emergency"


@pytest.mark.parametrize("words", ["喘不上气1502", "他不动了 1203"])
def test_a_door_behind_a_cry_takes_nothing_from_it(reader: Reader, words: str) -> None:
    assert reader.read(words).intent == "emergency"
