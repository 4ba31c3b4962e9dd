"""What the sending tests stand on: a bot with nothing to answer, whose outbox is filled by hand."""

from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager
from functools import partial

import pytest
from sqlalchemy import text

from bot.batch import Kit
from bot.sender import Sender
from storage.database import Database
from tests.conftest import new_postgres
from tests.sending import voice
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
    return voice.silent_kit()


@pytest.fixture
def speaking(kit: Kit) -> Speaking:
    """A sender at work: `async with speaking(database, channel) as sender`."""
    return partial(voice.speaking, kit)
