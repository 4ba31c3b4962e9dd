"""The conversation that every channel carries: a report's life from its first words to its rating, and where it is held."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from aiohttp import web

from bot.app import App
from bot.catalog import Catalog
from bot.settings import PROJECT, Settings
from storage import matters
from storage.chats import chat
from storage.database import Database
from storage.people import account
from tests.stage import settle_district
from tests.web.morning import next_working_morning

RESIDENT, LEADER, GROUP, STAFF = "liguifang", "hanmei", "g-jinxiu-2", "w-jinxiu-1"
"""Who they are in the demo district: 李桂芳, her micro-grid's leader 韩梅, its group, and the grid's staff group."""
LIFT = "3栋2单元电梯停了"
PATIENCE_S = 20.0
LOOK_S = 0.02
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the bot's, as a phone shows it now."""

    id: str
    """The platform's."""
    text: str
    labels: tuple[str, ...] = ()
    """What can be tapped, or is answered by its number: in this order."""


class Phone(Protocol):
    """Somebody's phone on one channel; it speaks the platform's protocol to the program, by way of the stand-in."""

    async def opens(self) -> None:
        """Begin the private chat with the bot, where the platform knows such a thing."""
        ...

    async def says(self, words: str, *, aloud: bool = False) -> None:
        """Say it in private; or aloud, in the group, where the channel has one."""
        ...

    async def sees(self, words: str) -> Shown:
        """The newest message of the bot's with these words, in private or in the group; waits for it a while."""
        ...

    async def taps(self, shown: Shown, label: str) -> None:
        """Tap that button, or send its number."""
        ...


async def from_report_to_rating(resident: Phone, leader: Phone) -> str:
    """The number of the matter: 3栋电梯停了 is said, the leader takes it and has it mended, the reporter rates it."""
    await resident.opens()
    await leader.opens()
    await resident.says(LIFT, aloud=True)
    noted = (await resident.sees("收到，")).text
    number = noted.removeprefix("收到，").removeprefix("编号 ").partition("号")[0].partition("：")[0]
    assert number.isdecimal(), noted

    card = await leader.sees(LIFT)
    assert number in card.text
    assert "接单" in card.labels
    await leader.taps(card, "接单")
    await resident.sees("韩梅已接单")

    on_hand = await leader.sees(f"{number} 已接单")
    await leader.taps(on_hand, "办结")
    await leader.sees(f"{number} 怎么办好的")
    await leader.says("换了门机，恢复了")
    asked = await resident.sees(f"{number} 办好了：换了门机，恢复了")
    await resident.taps(asked, "解决了")
    rating = await resident.sees("打个分")
    assert rating.labels == ("好", "较好", "一般", "差")
    await resident.taps(rating, "好")
    await resident.sees("记下了：好")
    return number


def rated(database: Database, number: str) -> bool:
    """Whether the matter's life has ended as the conversation has it."""
    with database.reading() as session:
        found = matters.by_number(session, int(number))
    return found is not None and (found.state, found.rating, found.result) == ("closed", "好", "换了门机，恢复了")


def settle(database: Database, on: Mapping[str, tuple[str, str]]) -> None:
    """The demo district, in which these people and groups are on real channels: (channel, id there) by their id."""
    settle_district(database, Catalog(PROJECT / "templates" / "catalog"))
    with database.transaction() as session:
        for demo, (channel, external) in on.items():
            for table in (account, chat):
                moved = table.update().where(table.c.channel == "simulator", table.c.external == demo)
                session.run(moved.values(channel=channel, external=external))


@asynccontextmanager
async def running(settings: Settings, *, port: int = 0) -> AsyncGenerator[tuple[App, str]]:
    """The program on these settings, on a working morning, and its address; the real one, but for its clock."""
    app = App(settings, demo=False)
    app.clock.move_to(next_working_morning(app.clock.now()))
    await asyncio.to_thread(app.prepare)
    runner = web.AppRunner(app.site(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        door = web.TCPSite(runner, "127.0.0.1", port)
        await door.start()
        yield app, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def until(look: Callable[[], Found | None], what: str, patience_s: float = PATIENCE_S) -> Found:
    """What `look` finds, once it finds something."""
    ends = time.monotonic() + patience_s
    while not (found := look()):
        assert time.monotonic() < ends, f"it never came to be: {what}"
        await asyncio.sleep(LOOK_S)
    return found
