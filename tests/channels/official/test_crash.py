"""kill -9 while many speak: whoever was heard is answered, by a repeat of the call or by a message afterwards."""

import asyncio
import sys
from pathlib import Path

from aiohttp import ClientError
from sqlalchemy import func, select

from storage import inbox
from storage.database import Database
from storage.outbox import outgoing
from tests.channels.official.standin import APP, SECRET, Got, WeChat
from tests.channels.otherseal import AES_KEY, TOKEN
from tests.server import Server, all_said, free_port

SERVE = (sys.executable, "-m", "bot", "serve")
MANY = 40
REPEATS_EVERY_S = 1.0
PATIENCE = 40
DRAINED_S = 1.0
"""By then everybody has read what had left before the kill."""
UNREPEATED = 20
"""So many of them call once only: the platform has given up by the time the program is back."""


def test_whoever_was_heard_is_answered(sqlite_database: Database, tmp_path: Path) -> None:
    wechat, early = WeChat(), set[int]()

    async def scene() -> None:
        async with wechat.open():
            server = Server(
                tmp_path,
                {
                    "XIAOGE_DATABASE_URL": sqlite_database.url.render_as_string(hide_password=False),
                    "XIAOGE_PORT": str(free_port()),
                    "XIAOGE_WECHAT__APP_ID": APP,
                    "XIAOGE_WECHAT__SECRET": SECRET,
                    "XIAOGE_WECHAT__TOKEN": TOKEN,
                    "XIAOGE_WECHAT__AES_KEY": AES_KEY,
                    "XIAOGE_WECHAT__API": wechat.api,
                },
                SERVE,
            )
            await asyncio.to_thread(server.start)
            wechat.program = server.address
            speaking = [asyncio.create_task(_heard(wechat, f"o-{n}", repeated=n >= UNREPEATED)) for n in range(MANY)]
            await asyncio.wait(speaking, return_when=asyncio.FIRST_COMPLETED)
            server.kill()
            await asyncio.sleep(DRAINED_S)
            early.update(n for n, task in enumerate(speaking) if task.done() and wechat.heard_by(f"o-{n}"))
            try:
                await asyncio.to_thread(server.start)
                await asyncio.gather(*speaking)
                await all_said(sqlite_database)
            finally:
                server.kill()

    asyncio.run(scene())

    with sqlite_database.reading() as session:
        handled = session.one(int, select(func.count()).select_from(inbox.handled))
        promised = set(session.connection.execute(select(outgoing.c.target)).scalars())
    assert handled == len(promised) >= MANY - UNREPEATED
    for n in range(MANY):
        heard = wechat.heard_by(f"o-{n}")
        assert len(set(heard)) == len(heard[:1]) == (f"o-{n}" in promised), "nothing accepted is lost"
        assert len(heard) <= 1 or n in early, "twice only where the answer had left and nobody could note it down"
    assert wechat.violations == []


async def _heard(wechat: WeChat, name: str, *, repeated: bool) -> None:
    """They speak; the platform calls until somebody answers, or once."""
    xml = wechat.message(name, "text", {"Content": "帮助"})
    for _ in range(PATIENCE if repeated else 1):
        try:
            status, body = await wechat.call(xml)
        except (ClientError, OSError):
            await asyncio.sleep(REPEATS_EVERY_S)
            continue
        if words := wechat.read(status, body, name):
            wechat.follower(name).got.append(Got(words, "answer"))
        return
