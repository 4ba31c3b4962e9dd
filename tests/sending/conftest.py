"""What the sending tests stand on: a bot with nothing to answer, whose outbox is filled by hand."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import pytest
from sqlalchemy import text

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
from tests.conftest import new_postgres
from tests.sending.fake_channel import FakeChannel

Speaking = Callable[[Database, FakeChannel], AbstractAsyncContextManager[Sender]]


@pytest.fixture(scope="session")
def one_postgres_for_all(migrated_postgres: str) -> Generator[Database]:
    """A PostgreSQL database that these tests share: a new one for each takes longer than the tests themselves."""
    database = Database(new_postgres(migrated_postgres, "sending", "xiaoge_template"))
    yield database
    database.close()


@pytest.fixture
def postgres_database(one_postgres_for_all: Database) -> Generator[Database]:
    """It, with nothing to say."""
    with one_postgres_for_all.transaction() as session:
        session.connection.execute(text("TRUNCATE outbox, gone, hold RESTART IDENTITY"))
    yield one_postgres_for_all
    one_postgres_for_all.close()


@pytest.fixture(scope="session")
def kit() -> Kit:
    """The parts of a bot that knows no answers."""
    settings = Settings()  # pyright: ignore[reportCallIssue]
    catalog = Catalog(settings.templates / "catalog")
    renderer = Renderer(settings.templates, catalog, settings.zone)
    return Kit(Routes([]), Reader(catalog), renderer, catalog, settings, Clock(), Metrics())


@pytest.fixture
def speaking(kit: Kit) -> Speaking:
    """A sender at work: `async with speaking(database, channel) as sender`."""

    @asynccontextmanager
    async def speak(database: Database, channel: FakeChannel) -> AsyncGenerator[Sender]:
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

    return speak
