"""The end breaks off what the scheduler does, and that is no fault: no stack trace tells of it."""

import asyncio
import math
from datetime import timedelta

import pytest

from bot.dispatcher import Dispatcher
from bot.timers import Timers
from handlers.matters import once
from storage import timers
from storage.session import Session
from tests.stage import Stage


def test_a_rest_that_the_end_breaks_off_leaves_no_trace(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    def arm(session: Session) -> None:
        timers.arm(session, once.REPORT, 1, stage.clock.now() - timedelta(seconds=1))

    async def scene() -> None:
        dispatcher = Dispatcher(stage.database, stage.kit)
        dispatcher.spoken_at = math.inf  # people speak all the time, so it rests
        dispatcher.start()
        await dispatcher.run(arm)
        looks = Timers(dispatcher, stage.clock, stage.kit.settings)
        looks.start()
        while await dispatcher.run(timers.next_due) is not None:
            pass  # each question waits for its commit
        looks.stop()
        await asyncio.sleep(0.1)
        await asyncio.to_thread(dispatcher.stop)

    asyncio.run(asyncio.wait_for(scene(), 30))
    assert "Traceback" not in caplog.text
