"""A war order that was only shown may still be changed, left or asked beside; only its exact words put it in force."""

from tests.modes.test_modes import ASKS, HEAD
from tests.stage import Stage


def test_its_end_is_put_right(stage: Stage) -> None:
    stage.say(ASKS, by=HEAD)

    assert "到：11月23日18:00" in stage.say("等等,改成到今晚6点", by=HEAD)[0]


def test_it_is_left_after_other_words_too(stage: Stage) -> None:
    stage.say(ASKS, by=HEAD)
    assert "得原样回才算" in stage.say("好的", by=HEAD)[0]

    assert "得原样回才算" not in stage.say("算了", by=HEAD)[0]
    assert "启动战时" not in "".join(stage.say("好的", by=HEAD))


def test_whether_it_is_war_is_answered_beside_it(stage: Stage) -> None:
    stage.say(ASKS, by=HEAD)

    assert "得原样回才算" not in stage.say("现在是平时还是战时", by=HEAD)[0]
