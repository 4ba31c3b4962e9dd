"""While nothing can be stored, /health may not call it over before a message was."""

import asyncio

from bot.dispatcher import Dispatcher
from bot.message import Incoming
from tests.stage import Stage


def test_only_a_stored_message_ends_the_trouble(stage: Stage) -> None:
    async def scene() -> tuple[str, str]:
        dispatcher = Dispatcher(stage.database, stage.kit)
        dispatcher.start()
        dispatcher.trouble = "OperationalError"
        await dispatcher.tick()
        after_a_tick = dispatcher.trouble
        await dispatcher.submit(Incoming("simulator", "1", "liguifang", None, stage.clock.now(), text="帮助"))
        dispatcher.stop()
        return after_a_tick, dispatcher.trouble

    assert asyncio.run(scene()) == ("OperationalError", "")
