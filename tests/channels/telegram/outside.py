"""Somebody else's Telegram: the npm package telegram-test-api, which was written without a look at this program.

It knows no secret of a hook and sends no `allowed_updates`, so the program asks it for updates; it says less in its
answers than Telegram does (`is_bot`, `chat_instance`, the boolean results), and does not wait when there is nothing.
"""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.settings import PROJECT
from tests.channels.conversation import PATIENCE_S, Shown
from tests.server import free_port

PACKAGE = Path(os.environ.get("XIAOGE_OUTSIDE") or PROJECT / "var" / "outside") / "node_modules" / "telegram-test-api"
NODE = shutil.which("node")
needs_outside = pytest.mark.skipif(
    NODE is None or not PACKAGE.is_dir(), reason="node or telegram-test-api is not here: see .ci/run"
)
SERVE = """
const made = require(process.argv[1]);
const server = new (made.default || made)({port: Number(process.argv[2]), host: '127.0.0.1', storeTimeout: 600});
server.start().then(() => console.log('ready'));
process.stdin.resume().on('end', () => process.exit(0));
"""
LOOK_S = 0.1
Json = dict[str, Any]


class Outside:
    """Its address, and its own way to speak as a user and to look at what the bot said."""

    def __init__(self, address: str, token: str, http: ClientSession) -> None:
        self.address = address
        self._token = token
        self._http = http

    async def says(self, who: Json, chat: Json, words: str) -> None:
        said = {"from": who, "chat": chat, "date": int(time.time()), "text": words}
        await self._post("sendMessage", {**said, "botToken": self._token})

    async def taps(self, who: Json, chat: Json, card: int, data: str) -> None:
        on = {"message_id": card, "date": int(time.time()), "chat": chat}
        await self._post("sendCallback", {"from": who, "message": on, "data": data, "botToken": self._token})

    async def said(self) -> list[Json]:
        """The bot's messages, the oldest first, each as its last edit left it."""
        history = (await self._post("getUpdatesHistory", {"token": self._token}))["result"]
        own = [one for one in history if "chat_id" in one.get("message", {})]
        return sorted(own, key=lambda one: one["messageId"])

    async def _post(self, path: str, body: Json) -> Json:
        async with self._http.post(f"{self.address}/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()


class OutsidePhone:
    """One person, in private with the bot and in a group."""

    def __init__(self, outside: Outside, id: int, name: str, group: int, title: str) -> None:
        self._outside = outside
        self._me = {"id": id, "first_name": name, "is_bot": False}
        self._private = {"id": id, "type": "private", "first_name": name}
        self._group = {"id": group, "type": "group", "title": title}
        self._seen: dict[str, tuple[Json, dict[str, str]]] = {}
        """By a card's id: where it stands, and what its buttons carry."""

    async def opens(self) -> None:
        """/start."""
        await self.says("/start")

    async def says(self, words: str, *, aloud: bool = False) -> None:
        await self._outside.says(self._me, self._group if aloud else self._private, words)

    async def sees(self, words: str) -> Shown:
        ends = time.monotonic() + PATIENCE_S
        places = {str(chat["id"]): chat for chat in (self._private, self._group)}
        while True:
            said = [one for one in await self._outside.said() if one["message"]["chat_id"] in places]
            if found := [one for one in said if words in one["message"]["text"]]:
                break
            assert time.monotonic() < ends, f"it never came to be: {words}"
            await asyncio.sleep(LOOK_S)
        card, message = str(found[-1]["messageId"]), found[-1]["message"]
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        presses = {button["text"]: button["callback_data"] for row in rows for button in row}
        self._seen[card] = places[message["chat_id"]], presses
        return Shown(card, message["text"], tuple(presses))

    async def taps(self, shown: Shown, label: str) -> None:
        chat, presses = self._seen[shown.id]
        await self._outside.taps(self._me, chat, int(shown.id), presses[label])


@asynccontextmanager
async def outside(token: str) -> AsyncGenerator[Outside]:
    """It runs as a program of its own, on this machine alone, and ends with this."""
    assert NODE is not None
    port = free_port()
    program = await asyncio.create_subprocess_exec(
        NODE, "-e", SERVE, str(PACKAGE), str(port), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert program.stdin is not None
    assert program.stdout is not None
    try:
        assert await asyncio.wait_for(program.stdout.readline(), PATIENCE_S) == b"ready\n"
        async with ClientSession() as http:
            yield Outside(f"http://127.0.0.1:{port}", token, http)
    finally:
        program.stdin.close()
        await asyncio.wait_for(program.wait(), PATIENCE_S)
