"""Fills an outbox by hand, and looks into it."""

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sqlalchemy import select

from bot.message import Lane
from storage import outbox
from storage.database import Database
from storage.outbox import Outgoing, outgoing

PATIENCE_S = 10.0


def promise(
    database: Database,
    texts: Iterable[str],
    *,
    to: str | None = None,
    lane: Lane = Lane.REPLY,
    channel: str = "fake",
    private: bool = False,
    due_at: datetime | None = None,
) -> None:
    """Promise each text to `to`, or else to a target of its own name."""
    with database.transaction() as session:
        rows: list[dict[str, object]] = [
            {
                "channel": channel,
                "target": to or text,
                "private": private,
                "lane": int(lane),
                "text": text,
                "buttons": "",
                "due_at": due_at or datetime.now(UTC),
            }
            for text in texts
        ]
        outbox.post(session, rows)


def all_rows(database: Database) -> list[Outgoing]:
    """The whole outbox, oldest first."""
    with database.reading() as session:
        return session.all(Outgoing, select(outgoing).order_by(outgoing.c.id))


def states(database: Database) -> dict[str, str]:
    """The state of each text."""
    return {row.text: row.state for row in all_rows(database)}


async def until(condition: Callable[[], bool]) -> None:
    """Return once it is so."""
    ends = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < ends, "it never came to be"
        await asyncio.sleep(0.005)
