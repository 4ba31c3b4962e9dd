"""Somebody who cannot breathe now is in danger, said to the bot or among neighbours; laughter, work and stairs are none."""

import pytest

from tests.stage import Stage

GROUP = "g-jinxiu-2"


@pytest.mark.parametrize("chat", [None, GROUP])
@pytest.mark.parametrize("words", ["我喘不过气", "喘不上气", "气都喘不匀了", "喘不过气了", "我喘不上来气"])
def test_the_speakers_own_breath_is_an_emergency(stage: Stage, words: str, chat: str | None) -> None:
    stage.say(words, by="liguifang", chat=chat)

    assert stage.matter(1001).urgency == "emergency"


@pytest.mark.parametrize("chat", [None, GROUP])
@pytest.mark.parametrize(
    "words", ["爬8楼喘不上气", "笑得喘不过气", "忙得喘不过气", "爬楼梯累得喘不上气", "作业压得孩子喘不过气"]
)
def test_what_only_sounds_like_it_is_none(stage: Stage, words: str, chat: str | None) -> None:
    stage.say(words, by="liguifang", chat=chat)

    assert not any("120" in heard.text for heard in stage.heard())
