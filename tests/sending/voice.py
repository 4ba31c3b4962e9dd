"""A sender at work on a pretend platform, behind a bot that knows no answers."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from bot.batch import Kit
from bot.catalog import Catalog
from bot.clock import Clock
from bot.dispatcher import Dispatcher
from bot.metrics import Metrics
from bot.render import Renderer
from bot.router import Routes
from bot.sender import Sender
from bot.settings import Settings
from bot.understanding import Reader
from storage.database import Database
from tests.sending.fake_channel import FakeChannel


def silent_kit(clock: Clock | None = None) -> Kit:
    """The parts of a bot that knows no answers, by this clock or the real one."""
    settings = Settings()  # pyright: ignore[reportCallIssue]
    catalog = Catalog(settings.templates / "catalog")
    renderer = Renderer(settings.templates, catalog, settings.zone)
    return Kit(Routes([]), Reader(catalog), renderer, catalog, settings, clock or Clock(), Metrics())


@asynccontextmanager
async def speaking(kit: Kit, database: Database, channel: FakeChannel) -> AsyncGenerator[Sender]:
    """A sender that runs until the block ends."""
    dispatcher = Dispatcher(database, kit)
    dispatcher.start()
    sender = Sender(channel, dispatcher, kit.clock)
    running = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        dispatcher.stop()
