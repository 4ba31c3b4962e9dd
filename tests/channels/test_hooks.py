"""Where platforms call: who brings nothing sees what is seen where nobody listens; nothing tells what answers."""

import asyncio
import time
from collections.abc import Mapping

from aiohttp import ClientSession
from pydantic import SecretStr

from bot import settings as setting
from bot.app import App
from bot.channels.base import Troubled
from bot.settings import Settings
from storage.database import Database
from tests.channels.aibot import platform as aibot
from tests.channels.conversation import running
from tests.channels.official.standin import APP, SECRET
from tests.channels.otherseal import AES_KEY, TOKEN, OtherSeal
from tests.channels.wecom import platform as wecom

METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")
HOOKS = ("/hooks/wecom", "/hooks/aibot", "/hooks/wechat", "/hooks/telegram")
OFFICIAL = {"app": APP, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY, "api": "http://127.0.0.1:9"}
SEALS: Mapping[str, OtherSeal] = {
    "/hooks/wecom": wecom.Platform(set()).seal,
    "/hooks/aibot": aibot.Platform().seal,
    "/hooks/wechat": OtherSeal(),
}


def told(database: Database) -> Settings:
    """All three of Tencent's, none of which is there."""
    nowhere = wecom.Platform(set())
    nowhere.address = "http://127.0.0.1:9"
    return Settings(
        database_url=str(database.url),
        wecom=nowhere.settings(),
        official=setting.Official.model_validate(OFFICIAL),
        aibot=aibot.Platform().settings(),
        telegram=setting.Telegram(token=SecretStr("123456:ABC"), secret=SecretStr("s"), api="http://127.0.0.1:9"),
    )


def test_who_brings_nothing_sees_what_is_seen_where_nobody_listens(sqlite_database: Database) -> None:
    async def scene() -> None:
        async with running(told(sqlite_database)) as (_, address), ClientSession() as client:
            for method in METHODS:
                seen: list[tuple[int, bytes, Mapping[str, str]]] = []
                for path in ("/hooks/nowhere", *HOOKS):
                    body = b"<xml/>" if method == "POST" else None
                    async with client.request(method, f"{address}{path}", data=body) as answer:
                        held = {name: value for name, value in answer.headers.items() if name != "Date"}
                        seen.append((answer.status, await answer.read(), held))
                assert seen == [seen[0]] * len(seen), method
                assert seen[0][0] == 404

    asyncio.run(scene())


def test_no_answer_tells_what_program_it_is(sqlite_database: Database) -> None:
    async def scene() -> None:
        async with running(told(sqlite_database)) as (_, address), ClientSession() as client:
            for path in ("/health", "/metrics", "/nowhere", *HOOKS, "/hooks/wecom?msg_signature=1"):
                async with client.get(f"{address}{path}") as answer:
                    assert "Server" not in answer.headers, path
                    assert "aiohttp" not in str(answer.headers).lower()

    asyncio.run(scene())


def test_calls_that_are_refused_for_their_time_are_said_on_health(sqlite_database: Database) -> None:
    """Our clock is wrong by more than five minutes: not one call comes in, and nothing else tells."""

    async def says(app: App, client: ClientSession, address: str) -> tuple[str, bool]:
        async with client.get(f"{address}/health") as answer:
            words = await answer.text()
        troubles = [sender.channel.trouble() for sender in app.senders if isinstance(sender.channel, Troubled)]
        return words, all(trouble is None or trouble[0] != "channels/clock" for trouble in troubles)

    async def scene() -> None:
        async with running(told(sqlite_database)) as (app, address), ClientSession() as client:
            for path, seal in SEALS.items():
                echo = seal.encrypted("1616140317555161061")
                for skew_s, status, well in ((290, 200, True), (-420, 403, False), (0, 200, True)):
                    at, nonce = time.time() + skew_s, f"{path[-3:]}{skew_s + 500}"
                    query = {**seal.query(echo, at, nonce), "echostr": echo}
                    if path == "/hooks/wechat":
                        query = {**seal.plain_query(at, nonce), "echostr": "1616140317555161061"}
                    async with client.get(f"{address}{path}", params=query) as answer:
                        assert answer.status == status, (path, skew_s)
                    words, is_well = await says(app, client, address)
                    assert is_well == well, (path, skew_s)
                    assert ("时间对不上" in words and "7 分钟" in words) != well, (path, skew_s)

    asyncio.run(scene())
