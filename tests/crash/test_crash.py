"""Killed in the middle of its work, five times: nothing that was answered is lost, and nothing is done twice."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from aiohttp import ClientSession, TCPConnector
from sqlalchemy import func, select

from storage.database import Database
from storage.forms import filing
from storage.inbox import handled
from storage.journal import entry
from storage.matters import matter
from storage.outbox import Outgoing
from storage.people import account
from storage.timers import timer
from tests.server import Server, all_said, demo, say, transcript, where_it_is_kept

MESSAGES = 2000
ASKED = 300
"""Wishes, and as many forms."""
CLIENTS = 32
KILLS = 5
SEED = 20261122
PATIENCE_S = 40.0
"""Longer than a start takes: a message that is not answered by then never will be."""
GROUPS = ("g-jinxiu-1", "g-jinxiu-2", "g-jinxiu-3", "g-jinxiuyuan-nan", "g-wangjiang-1", "g-wangjiang-2", "g-shiqiao-1")
CHATTER = ("早上好 各位邻居", "晚上吃火锅有没有一起的", "笑死我了哈哈哈", "谢谢大家")
MARK = "紫罗兰"
"""A word that only chatter has."""


class _Progress:
    """How many messages were answered, and a way to wait for so many."""

    def __init__(self) -> None:
        self._answered = 0
        self._waited_for: dict[int, asyncio.Event] = {}

    def count(self) -> None:
        """One more."""
        self._answered += 1
        for many, event in self._waited_for.items():
            if many <= self._answered:
                event.set()

    async def reached(self, many: int) -> None:
        """Return once so many were answered."""
        if self._answered < many:
            await self._waited_for.setdefault(many, asyncio.Event()).wait()


def messages() -> list[dict[str, str]]:
    """Reports that are each their own matter, calls for help, and chatter."""
    chance = random.Random(SEED)
    said: list[dict[str, str]] = []
    for number in range(MESSAGES):
        kind = chance.choices(("report", "help", "chatter"), (35, 5, 60))[0]
        message = {"id": f"crash-{number}", "user": f"u{chance.randrange(200)}", "chat": chance.choice(GROUPS)}
        if kind == "report":
            message["text"] = f"报事 {number // 30 + 20}栋{number % 30 + 1}单元的路灯坏了"
        elif kind == "help":
            message |= {"chat": "private", "text": "帮助"}
        else:
            message["text"] = f"{chance.choice(CHATTER)} {MARK}"
        said.append(message)
    return said


def test_every_message_has_one_effect_and_every_answer_is_heard(database: Database, tmp_path: Path) -> None:
    said = messages()
    reports = [message["text"].removeprefix("报事 ") for message in said if message["text"].startswith("报事")]
    helped = Counter(message["user"] for message in said if message["text"] == "帮助")
    server = demo(database, tmp_path)
    try:
        promised, heard = asyncio.run(_all_answered(server, database, said))
    finally:
        server.kill()

    with database.reading() as session:
        ask = session.connection.execute
        texts = ask(select(matter.c.text)).scalars().all()
        keys = ask(select(handled.c.key)).scalars().all()
        opened = ask(select(entry.c.matter_id).where(entry.c.act == "open")).scalars().all()
        clocks = ask(select(timer.c.about).where(timer.c.kind == "clock")).scalars().all()
        ids = ask(select(matter.c.id)).scalars().all()
        numbers = ask(select(func.count(), func.count(func.distinct(matter.c.number))).select_from(matter)).one()
    assert sorted(keys) == sorted(message["id"] for message in said)
    assert sorted(texts) == sorted(reports)
    assert sorted(opened) == sorted(clocks) == sorted(ids)
    assert numbers[0] == numbers[1]
    assert {row.state for row in promised} == {"sent"}
    told = Counter((row.about, row.target, row.private) for row in promised if row.about is not None)
    assert max(told.values()) == 1
    assert len({about for about, _, private in told if not private}) == len(reports)
    assert Counter(row.target for row in promised if row.about is None) == helped
    missing = [row.id for row in promised if (row.target, row.private, row.text) not in heard]
    assert missing == []
    assert where_it_is_kept(database, MARK) == []


def test_every_wish_and_every_form_begun_is_there_once(database: Database, tmp_path: Path) -> None:
    wishes = [f"想借第{number}种工具书" for number in range(ASKED)]
    begun = {f"f{number}": f"138{number:08}" for number in range(ASKED)}
    said = [
        {"id": f"wish-{number}", "user": f"w{number}", "chat": GROUPS[1], "text": f"心愿 {words}"}
        for number, words in enumerate(wishes)
    ] + [
        {"id": f"form-{who}", "user": who, "chat": "private", "text": f"报备 10月3日从成都回来，电话{phone}"}
        for who, phone in begun.items()
    ]
    random.Random(SEED).shuffle(said)
    server = demo(database, tmp_path)
    try:
        promised, heard = asyncio.run(_all_answered(server, database, said))
    finally:
        server.kill()

    with database.reading() as session:
        ask = session.connection.execute
        texts = ask(select(matter.c.text).where(matter.c.kind == "wish")).scalars().all()
        filed = ask(select(account.c.external, filing.c.answers).join_from(filing, account)).all()
        keys = ask(select(handled.c.key)).scalars().all()
    assert sorted(keys) == sorted(message["id"] for message in said)
    assert sorted(texts) == sorted(wishes)
    assert sorted(who for who, _ in filed) == sorted(begun)
    assert all(begun[who] in answers for who, answers in filed)
    assert {row.state for row in promised} == {"sent"}
    assert [row.id for row in promised if (row.target, row.private, row.text) not in heard] == []


async def _all_answered(
    server: Server, database: Database, said: list[dict[str, str]]
) -> tuple[list[Outgoing], set[tuple[str, bool, str]]]:
    """What was promised, and what the phones show of it: (target, private, text)."""
    chance = random.Random(SEED)
    kill_at = sorted(chance.sample(range(len(said) // 20, len(said) - len(said) // 20), KILLS))
    server.start()
    progress, waiting = _Progress(), iter(said)
    async with ClientSession(connector=TCPConnector(limit=CLIENTS)) as http, asyncio.TaskGroup() as clients:
        for _ in range(CLIENTS):
            clients.create_task(_client(http, server, waiting, progress))
        for at in kill_at:
            await progress.reached(at)
            await asyncio.sleep(chance.random() * 0.02)
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
    async with ClientSession() as http:
        promised = await all_said(database)
        lines = await transcript(http, server.address)
    shown = {
        (line.user if line.chat == "private" else line.chat, line.chat == "private", line.text)
        for line in lines
        if line.speaker == "bot"
    }
    return promised, shown


async def _client(http: ClientSession, server: Server, waiting: Iterator[dict[str, str]], progress: _Progress) -> None:
    """Say one message after the other, each again and again until it is answered."""
    for message in waiting:
        until = time.monotonic() + PATIENCE_S
        while not await say(http, server.address, message):
            assert time.monotonic() < until, f"{message} is never answered: {server.log.read_text()[-2000:]}"
            await asyncio.sleep(0.02)
        progress.count()
