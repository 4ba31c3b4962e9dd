"""The real program, on a real database file, with our Telegram beside it."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import settings
from bot.app import App
from bot.settings import Settings
from storage.database import Database
from tests.channels.conversation import GROUP, LEADER, RESIDENT, STAFF, running, settle
from tests.channels.telegram.phone import Phone
from tests.channels.telegram.stand_in import SECRET, TOKEN, Room, Telegram

GROUP_ID, STAFF_ID, RESIDENT_ID, LEADER_ID, ABOVE_ID = -1001, -1002, 71, 72, 73
ABOVE = "zhoujianhua"
"""Leads the grid above hers."""


@dataclass(slots=True)
class Scene:
    """Everything that a test looks at."""

    telegram: Telegram
    app: App
    database: Database
    group: Room
    staff: Room
    resident: Phone
    leader: Phone


Open = Callable[..., AbstractAsyncContextManager[Scene]]


@pytest.fixture(scope="session")
def district(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file in which the demo district is on Telegram."""
    path = tmp_path_factory.mktemp("telegram") / "district.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    names = {RESIDENT: RESIDENT_ID, LEADER: LEADER_ID, ABOVE: ABOVE_ID, GROUP: GROUP_ID, STAFF: STAFF_ID}
    settle(database, {name: ("telegram", str(number)) for name, number in names.items()})
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def town(district: Path, tmp_path: Path) -> Open:
    """`async with town() as scene`: called at its hook, or asking itself where `polling`.

    The first call of each method in `waits` is told to wait three seconds.
    """

    path = tmp_path / "xiaoge.db"
    path.write_bytes(district.read_bytes())

    @asynccontextmanager
    async def opened(*, polling: bool = False, waits: Sequence[str] = (), hook: str = "") -> AsyncGenerator[Scene]:
        async with Telegram() as telegram:
            part = settings.Telegram(
                token=SecretStr(TOKEN), secret=SecretStr("" if polling else SECRET), api=telegram.address, hook=hook
            )
            group = telegram.room(GROUP_ID, title="锦绣花园3-4栋居民群")
            staff = telegram.room(STAFF_ID, title="锦绣一网格工作群")
            for method in waits:
                telegram.waits[method] = 3.0
            told = Settings(database_url=f"sqlite:///{path}", telegram=part, phones=tmp_path, kits=tmp_path)
            async with running(told) as (app, address):
                telegram.hook = "" if polling else f"{address}/hooks/telegram"
                yield Scene(
                    telegram,
                    app,
                    app.database,
                    group,
                    staff,
                    Phone(telegram, RESIDENT_ID, "李桂芳", group),
                    Phone(telegram, LEADER_ID, "韩梅", staff),
                )

    return opened
