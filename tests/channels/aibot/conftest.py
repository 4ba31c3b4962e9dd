"""The real program, on a real database file, with our platform beside it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.app import App
from bot.message import Lane
from bot.settings import Settings
from storage import outbox
from storage.database import Database
from tests.channels.aibot.phone import Phone
from tests.channels.aibot.platform import Platform
from tests.channels.conversation import GROUP, LEADER, RESIDENT, STAFF, running, settle

ROOM, STAFF_ROOM = "wrkSFfCgAALFgnrSsWU38puiv4yvExuw", "wrkSFfCgAAstaffRoomOfTheGrid00001"


@dataclass(slots=True)
class Scene:
    """Everything that a test looks at."""

    platform: Platform
    app: App
    database: Database
    resident: Phone
    leader: Phone
    address: str
    """Where the program answers."""

    def promise(self, to: str, text: str, *, private: bool = True, buttons: str = "", lane: Lane = Lane.DUTY) -> None:
        """The program has something to say there."""
        row: dict[str, object] = {
            "channel": "aibot", "target": to, "private": private, "lane": int(lane), "text": text, "buttons": buttons,
            "due_at": self.app.clock.now(),
        }  # fmt: skip
        with self.database.transaction() as session:
            outbox.post(session, [row])
        for sender in self.app.senders:
            sender.wake()


Open = Callable[..., AbstractAsyncContextManager[Scene]]


@pytest.fixture
def town(sqlite_database: Database) -> Open:
    """`async with town() as scene`: called, or on the line."""
    settle(
        sqlite_database,
        {
            RESIDENT: ("aibot", "LiGuiFang"),
            LEADER: ("aibot", "HanMei"),
            GROUP: ("aibot", ROOM),
            STAFF: ("aibot", STAFF_ROOM),
        },
    )

    @asynccontextmanager
    async def opened(*, line: bool = False, **more: object) -> AsyncGenerator[Scene]:
        groups = {ROOM: {"LiGuiFang", "HanMei"}, STAFF_ROOM: {"HanMei", "ZhouJianHua"}}
        async with Platform(groups).open() as platform:
            part = platform.settings(line=line, called=not line, **more)
            config = Settings(database_url=str(sqlite_database.url), aibot=part)
            async with running(config) as (app, address):
                platform.hook = "" if line else f"{address}/hooks/aibot"
                yield Scene(
                    platform,
                    app,
                    sqlite_database,
                    Phone(platform, "LiGuiFang", ROOM),
                    Phone(platform, "HanMei", STAFF_ROOM),
                    address,
                )

    return opened
