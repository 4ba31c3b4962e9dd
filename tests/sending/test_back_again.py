"""A target that was gone is reached again once it speaks."""

from storage import reach
from tests.stage import CHANNEL, Stage


def test_whoever_speaks_can_be_reached_again(stage: Stage) -> None:
    with stage.database.transaction() as session:
        reach.mark_gone(session, CHANNEL, "g-jinxiu-2", "kicked", stage.clock.now())
        reach.mark_gone(session, CHANNEL, "hanmei", "blocked", stage.clock.now())

    stage.say("大家好", by="liguifang", chat="g-jinxiu-2")

    with stage.database.reading() as session:
        assert [row.target for row in reach.all_gone(session)] == ["hanmei"]
