"""Words at which the reader itself hits a bug: whoever said them is answered so, and nobody else hears of it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.message import Incoming
from bot.understanding import Reader
from bot.understanding.utterance import Utterance
from tests.stage import Stage, submit_all

GROUP = "g-jinxiu-2"
POISON = "这句话谁也读不懂"


class Faulty(Reader):
    """Reads everything but one sentence."""

    def read(self, text: str, private: bool = False) -> Utterance:
        """As the reader does."""
        if text == POISON:
            raise ZeroDivisionError
        return super().read(text, private)


@pytest.mark.parametrize("texts", [(POISON,), ("报事 3栋1单元的路灯坏了", POISON, "报事 5栋楼下的垃圾没人收")])
def test_the_others_of_its_batch_are_answered_as_ever(stage: Stage, texts: Sequence[str]) -> None:
    parts = replace(stage.kit, reader=Faulty(stage.kit.catalog))
    at = stage.clock.now()
    said = [Incoming("simulator", f"{n}", f"neighbour-{n}", GROUP, at, "text", text) for n, text in enumerate(texts)]

    submit_all(stage.database, parts, said)

    heard = [one.text for one in stage.heard() if one.target == GROUP]
    assert len([text for text in heard if "出了点问题" in text]) == 1
    assert len([text for text in heard if "出了点问题" not in text]) == len(texts) - 1
