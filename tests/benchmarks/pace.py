"""Whether the sender keeps a platform's permitted rate and never exceeds it, and what an emergency waits meanwhile.

    python -m tests.benchmarks.pace [MINUTES] [postgres]

A hundred thousand words of a policy notice wait for as many neighbours on a pretend platform with Telegram's limits,
which counts on its own. Halfway an emergency notice is released to the staff. Ten minutes unless said otherwise.
"""

import asyncio
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import func, select

from bot.batch import Batch, Kit
from bot.clock import StillClock
from bot.message import Lane
from bot.pace import Limit, Pace
from bot.settings import PROJECT
from bot.turn import Scene
from handlers.notices.audience import Audience
from storage.database import Database
from storage.notices import notice
from storage.outbox import outgoing
from storage.session import Session
from tests.benchmarks import broadcast
from tests.benchmarks.census import place
from tests.sending import voice
from tests.sending.fake_channel import FakeChannel
from tests.stage import MORNING, kit

NEIGHBOURS = 100_000
PERMITTED = 30
PACE = Pace(
    app=(Limit(PERMITTED, 1.0),), group=(Limit(20, 60.0), Limit(1, 1.0)), private=(Limit(1, 1.0),)
)  # Telegram's published limits
CHANNEL = "simulator"
SETTLE_S = 2.0
"""After its start a sender is given this long before it is counted."""


def main() -> None:
    """Settle, speak, count, and print."""
    minutes = next((float(word) for word in sys.argv[1:] if word != "postgres"), 10.0)
    console = Console(width=100)
    parts = kit(PROJECT / "templates", StillClock(MORNING))  # by day: no quiet hours
    with (
        tempfile.TemporaryDirectory(prefix="xiaoge-") as temporary,
        place(Path(temporary), postgres="postgres" in sys.argv[1:]) as database,
    ):
        console.print(f"{NEIGHBOURS:,} words of a policy notice are queued ...")
        broadcast.settle(
            database, parts, Path(temporary), NEIGHBOURS, CHANNEL, communities=14, grids=60, micros=500, people=700
        )
        release(database, parts, Audience(residents=True), Lane.NOTICE)
        waiting = counted(database)
        channel = FakeChannel(CHANNEL, PACE)
        began, released_at = asyncio.run(spoken(database, parts, channel, minutes * 60))
        kind = "PostgreSQL" if database.is_postgres else "SQLite"
    heard = [one.at for one in channel.heard if one.at >= began + SETTLE_S]
    rate = (len(heard) - 1) / (heard[-1] - heard[0])
    urgent = [one.at - released_at for one in channel.heard if one.lane == Lane.EMERGENCY]
    table = Table(f"{PERMITTED} messages/s permitted, {minutes:g} minutes, {kind}", "", "target")
    table.add_row("rows that waited", f"{waiting:,}", "100,000")
    table.add_row("messages/s kept", f"{rate:.2f} = {rate / PERMITTED:.1%} of what is permitted", ">= 95 %")
    table.add_row("violations the platform counted", str(channel.windows.violations), "0")
    table.add_row("first word of the emergency after", f"{min(urgent):.2f} s", "< 1 s")
    table.add_row(
        "its last of all", f"{len(urgent)} words in {max(urgent):.1f} s, {len(urgent) / PERMITTED:.1f} s at least"
    )
    twice = len(channel.heard) - len({(one.target, one.lane) for one in channel.heard})
    table.add_row("said twice", str(twice), "0")
    console.print(table)


def release(database: Database, parts: Kit, audience: Audience, lane: Lane) -> None:
    """A notice to everybody of this kind is let go, and all of it is queued."""

    def composed(session: Session, scene: Scene) -> int:
        number = broadcast.composed(session, scene, audience)
        session.run(notice.update().where(notice.c.number == number).values(lane=int(lane)))
        return number

    broadcast.released(database, parts, broadcast.in_transaction(database, parts, composed))
    while broadcast.in_transaction(database, parts, lambda session, _: Batch(parts, session, ()).tick()):
        pass


def counted(database: Database) -> int:
    """How many words wait."""
    with database.reading() as session:
        waits = select(func.count()).select_from(outgoing).where(outgoing.c.state == "waiting")
        return session.one(int, waits)


async def spoken(database: Database, parts: Kit, channel: FakeChannel, seconds: float) -> tuple[float, float]:
    """(when the sender began, when the emergency was released), by time.monotonic()."""
    with Progress() as progress:
        task = progress.add_task("speaking", total=seconds)
        began = time.monotonic()
        released_at = 0.0
        async with voice.speaking(voice.silent_kit(parts.clock), database, channel) as sender:
            while (passed := time.monotonic() - began) < seconds:
                progress.update(task, completed=passed)
                if not released_at and passed > seconds / 2:
                    released_at = time.monotonic()
                    let_go = partial(release, database, parts, Audience(staff=True), Lane.EMERGENCY)
                    await asyncio.to_thread(let_go)
                    sender.wake()
                await asyncio.sleep(0.2)
    return began, released_at


if __name__ == "__main__":
    main()
