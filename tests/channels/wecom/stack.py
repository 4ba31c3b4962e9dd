"""The channel at work without the rest of the program: a real database, dispatcher, ears and sender on the stand-in."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from sqlalchemy import select

from bot.batch import Kit
from bot.channels.wecom import channel as room
from bot.dispatcher import Dispatcher
from bot.ears import Hearing
from bot.message import Incoming, Lane
from bot.sender import Sender
from bot.settings import PROJECT
from storage import outbox
from storage.database import Database
from storage.outbox import Outgoing, outgoing
from tests.channels.conversation import until
from tests.channels.wecom.platform import Platform

HINT = "回复数字即可"
WORDS = PROJECT / "templates" / "channels" / "wecom.toml"
Buttons = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """One process's share of it."""

    database: Database
    channel: room.WeCom
    ears: Hearing
    sender: Sender

    def post(
        self, text: str, *, to: str = "HanMei", buttons: Buttons = (), edits: str = "", lane: Lane = Lane.REPLY
    ) -> None:
        """Promise it."""
        promise(self.database, [text], to=to, buttons=buttons, edits=edits, lane=lane)
        self.sender.wake()

    async def settled(self, within_s: float = 15.0) -> list[Outgoing]:
        """Every row, once none waits for its first or next try."""

        def look() -> list[Outgoing] | None:
            found = rows(self.database)
            return found if all(row.state != "waiting" for row in found) else None

        return await until(look, "all is said or given up", within_s)

    async def tried(self) -> Outgoing:
        """The only row, once it was tried and put off, or has ended."""

        def look() -> Outgoing | None:
            (found,) = rows(self.database)
            return found if found.state != "waiting" or found.error else None

        return await until(look, "it was tried")


def promise(
    database: Database,
    texts: Sequence[str],
    *,
    to: str = "HanMei",
    private: bool = True,
    buttons: Buttons = (),
    edits: str = "",
    lane: Lane = Lane.REPLY,
) -> None:
    """Fill the outbox by hand."""
    with database.transaction() as session:
        outbox.post(
            session,
            [
                {
                    "channel": room.NAME, "target": to, "private": private, "lane": int(lane), "text": text,
                    "buttons": msgspec.json.encode(buttons).decode() if buttons else "",
                    "about": None, "due_at": datetime.now(UTC), "edits": edits, "afresh": False,
                }
                for text in texts
            ],
        )  # fmt: skip


def rows(database: Database) -> list[Outgoing]:
    """The whole outbox."""
    with database.reading() as session:
        return session.all(Outgoing, select(outgoing).order_by(outgoing.c.id))


@asynccontextmanager
async def process(
    kit: Kit, database: Database, platform: Platform, *, speaks: bool = True, **more: object
) -> AsyncGenerator[Stack]:
    """Everything but a sender that runs: one process of perhaps several on this database."""
    dispatcher = Dispatcher(database, kit)
    dispatcher.start()
    channel = room.WeCom(platform.settings(**more), HINT, WORDS)

    async def unheard(_: Incoming) -> None:
        raise AssertionError("nobody speaks here")

    ears = Hearing(dispatcher, kit.clock, unheard)
    ears.batons[channel.name] = lambda: speaks
    channel.routes(ears)
    listening = asyncio.create_task(channel.run(ears))
    try:
        yield Stack(database, channel, ears, Sender(channel, dispatcher, kit.clock))
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await asyncio.to_thread(dispatcher.stop)


@asynccontextmanager
async def speaking(kit: Kit, database: Database, platform: Platform, **more: object) -> AsyncGenerator[Stack]:
    """With the sender at work until the block ends."""
    async with process(kit, database, platform, speaks=True, **more) as stack:
        running = asyncio.create_task(stack.sender.run())
        try:
            yield stack
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
