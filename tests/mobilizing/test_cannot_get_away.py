"""走不脱: whoever is called and cannot get away says so as people here do; for whoever is shut in it stays a danger."""

import pytest

from tests.mobilizing.test_mobilizing import mobilized
from tests.stage import Stage


@pytest.mark.parametrize(
    "words", ["走不脱", "我走不脱", "娃儿发高烧在医院 走不脱", "在带娃儿走不脱", "脱不到身", "老汉住院，走不掉"]
)
def test_it_is_a_no(stage: Stage, words: str) -> None:
    mobilized(stage)

    assert "您来不了" in stage.say(words, by="hanmei")[0]


@pytest.mark.parametrize("words", ["水淹进来了走不脱", "着火了走不脱 3栋", "腿遭压到了走不脱"])
def test_a_danger_stays_one(stage: Stage, words: str) -> None:
    mobilized(stage)
    stage.say(words, by="hanmei")

    assert any("【紧急】" in one.text for one in stage.heard())
