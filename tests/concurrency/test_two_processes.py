"""Two processes on one PostgreSQL: each message counts once, whoever hears it, and a chat keeps its order."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector
from sqlalchemy import func, select

from storage.database import Database
from storage.inbox import handled
from storage.journal import entry
from storage.matters import matter
from storage.people import account
from storage.timers import timer
from tests.server import Server, all_said, demo, say, transcript

GROUPS = ("g-jinxiu-1", "g-jinxiu-2", "g-jinxiu-3", "g-jinxiuyuan-nan", "g-wangjiang-1", "g-wangjiang-2", "g-shiqiao-1")
REPORTS = 210
CHATS, STEPS = 24, 4


@pytest.fixture
def two(postgres_database: Database, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    servers = demo(postgres_database, tmp_path), demo(postgres_database, tmp_path)
    try:
        for server in servers:
            server.start()
        yield servers
    finally:
        for server in servers:
            server.stop()


def test_the_same_message_sent_to_both_at_once_has_one_effect(
    postgres_database: Database, two: tuple[Server, Server]
) -> None:
    said = [
        {
            "id": f"both-{number}",
            "user": f"u{number % 50}",
            "chat": GROUPS[number % len(GROUPS)],
            "text": f"报事 {number // 30 + 20}栋{number % 30 + 1}单元的路灯坏了",
        }
        for number in range(REPORTS)
    ]

    async def all_sent() -> list[tuple[str, str]]:
        async with ClientSession(connector=TCPConnector(limit=40)) as http:
            answered = await asyncio.gather(*(say(http, server.address, message) for message in said for server in two))
            assert all(answered)
            await all_said(postgres_database)
            lines = await transcript(http, two[0].address)
        return [(line.user or line.chat, line.text) for line in lines if line.speaker == "bot"]

    shown = asyncio.run(all_sent())

    promised = asyncio.run(all_said(postgres_database))
    with postgres_database.reading() as session:
        ask = session.connection.execute
        texts = ask(select(matter.c.text)).scalars().all()
        ids = ask(select(matter.c.id)).scalars().all()
        clocks = ask(select(timer.c.about).where(timer.c.kind == "clock")).scalars().all()
        keys = ask(select(func.count()).select_from(handled)).scalar_one()
    assert sorted(texts) == sorted(message["text"].removeprefix("报事 ") for message in said)
    assert keys == REPORTS
    assert sorted(clocks) == sorted(ids)
    assert max(Counter((row.about, row.target) for row in promised).values()) == 1
    assert Counter(shown) == Counter((row.target, row.text) for row in promised)


def test_what_one_process_did_the_other_goes_on_from(postgres_database: Database, two: tuple[Server, Server]) -> None:
    """Each neighbour's sentences go to the two processes in turn; every one means what was said before it."""

    async def conversation(http: ClientSession, number: int) -> None:
        group, user = GROUPS[number % len(GROUPS)], f"walker-{number}"
        sentences = [f"报事 {number + 20}栋1单元的路灯坏了"]
        sentences += [f"更正 {number + 20}栋{step}单元" for step in range(2, STEPS + 1)]
        for step, text in enumerate(sentences):
            message = {"id": f"{user}-{step}", "user": user, "chat": group, "text": text}
            server = two[(number + step) % 2]
            assert await say(http, server.address, message), server.log.read_text()

    async def all_talk() -> None:
        async with ClientSession(connector=TCPConnector(limit=CHATS)) as http:
            await asyncio.gather(*(conversation(http, number) for number in range(CHATS)))

    asyncio.run(all_talk())

    with postgres_database.reading() as session:
        found = session.connection.execute(
            select(account.c.external, matter.c.id, matter.c.unit).join(account, account.c.id == matter.c.account_id)
        ).all()
        corrections = session.connection.execute(
            select(entry.c.matter_id, entry.c.detail).where(entry.c.act == "correct").order_by(entry.c.id)
        ).all()
    assert {row.external: row.unit for row in found} == {f"walker-{number}": str(STEPS) for number in range(CHATS)}
    for row in found:
        told = [detail for matter_id, detail in corrections if matter_id == row.id]
        assert len(told) == STEPS - 1
        assert all(earlier < later for earlier, later in pairwise(told))
