"""One program and one platform that many cases share: each case has a follower of its own."""

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from bot.app import App
from bot.channels.official.channel import Official
from storage.database import Database
from storage.outbox import outgoing
from tests.channels.official.scene import together
from tests.channels.official.standin import WeChat

Result = TypeVar("Result")
TEMPLATES = {"duty": "t-duty", "notice": "t-notice"}
NAMES = count(1)


class World:
    """Both sides, alive for as long as a file of tests."""

    def __init__(self, loop: asyncio.AbstractEventLoop, wechat: WeChat, app: App) -> None:
        self._loop = loop
        self.wechat = wechat
        self.app = app

    def run(self, deed: Coroutine[Any, Any, Result]) -> Result:
        """Let it happen."""
        return self._loop.run_until_complete(deed)

    @property
    def official(self) -> Official:
        """The channel itself."""
        found = self.app.senders[0].channel
        assert isinstance(found, Official)
        return found

    def states(self, name: str) -> list[str]:
        """What became of each word promised to this follower, in their order."""
        with self.app.database.reading() as session:
            rows = select(outgoing.c.state).where(outgoing.c.target == name).order_by(outgoing.c.id)
            return list(session.connection.execute(rows).scalars())

    def somebody(self) -> str:
        """An OpenID that was never heard of."""
        return f"o6_bmjrPTlm6_2sgVt7hMZOPfL{next(NAMES)}"


def _world(sealed: bool, path: Path, migrated: Path) -> Generator[World]:
    path.write_bytes(migrated.read_bytes())
    database = Database(f"sqlite:///{path}")
    loop = asyncio.new_event_loop()
    wechat, stack = WeChat(sealed=sealed), AsyncExitStack()

    async def begin() -> App:
        await stack.enter_async_context(wechat.open())
        return await stack.enter_async_context(together(database, wechat, templates=TEMPLATES))

    yield World(loop, wechat, loop.run_until_complete(begin()))
    loop.run_until_complete(stack.aclose())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    database.close()


@pytest.fixture(scope="module")
def world(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[World]:
    """An account in sealed mode."""
    yield from _world(True, tmp_path_factory.mktemp("sealed") / "xiaoge.db", migrated_sqlite)


@pytest.fixture(scope="module")
def plain(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[World]:
    """An account in plain mode."""
    yield from _world(False, tmp_path_factory.mktemp("plain") / "xiaoge.db", migrated_sqlite)
