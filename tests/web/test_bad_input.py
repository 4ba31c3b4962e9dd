"""Whatever is sent: a clear error, a kind answer or silence; never a stack trace, nothing half-written."""

import asyncio
import io
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from bot.app import App
from bot.settings import Settings
from storage.database import Database
from storage.inbox import handled
from storage.matters import matter
from storage.outbox import outgoing
from storage.stumbles import stumble

GROUP, RESIDENT, LEADER = "g-jinxiu-2", "liguifang", "hanmei"
HUGE = "99999999999999999999"
"""More than any database's whole number holds."""
INVISIBLE = "\u200b\u200d\ufeff\u2060"
RIGHT_TO_LEFT = "\u202e\u202d\u200f"


class House:
    """The whole program behind a web server, and somebody who says what nobody should."""

    def __init__(self, database: Database, client: TestClient[Any, Any]) -> None:
        self.database = database
        self.client = client
        self._said = 0

    async def post(self, body: bytes) -> ClientResponse:
        headers = {"Content-Type": "application/json"}
        return await self.client.post("/simulator/messages", data=io.BytesIO(body), headers=headers)

    async def does(self, *, user: str = RESIDENT, chat: str = "private", **what: str) -> int:
        """The status of the answer."""
        self._said += 1
        answer = await self.post(json.dumps({"id": f"bad-{self._said}", "user": user, "chat": chat, **what}).encode())
        words = await answer.text()
        assert "Traceback" not in words
        assert answer.status < 500, f"{what} was answered with {answer.status}: {words}"
        return answer.status

    def count(self, what: Any) -> int:
        with self.database.reading() as session:
            return session.connection.execute(select(func.count()).select_from(what)).scalar_one()

    def said(self) -> list[str]:
        """Everything the bot promised to say, in order."""
        with self.database.reading() as session:
            return list(session.connection.execute(select(outgoing.c.text).order_by(outgoing.c.id)).scalars())

    async def is_well(self) -> None:
        """Nothing stumbled, nothing is bad, and an ordinary report still works."""
        assert self.count(stumble) == 0
        answer = await self.client.get("/health")
        health = msgspec.json.decode(await answer.read())
        assert health["status"] != "bad", health
        before = self.count(matter)
        assert await self.does(user="wanglei", chat=GROUP, text="报事 4栋2单元的路灯坏了") == 200
        assert self.count(matter) == before + 1


@asynccontextmanager
async def house_on(database: Database, folder: Path) -> AsyncGenerator[House]:
    settings = Settings(database_url=database.url.render_as_string(hide_password=False), phones=folder / "phones")
    app = App(settings, demo=True)
    app.prepare()
    async with TestClient(TestServer(app.site())) as client:
        yield House(database, client)


Scene = Callable[[House], Coroutine[Any, Any, None]]


@pytest.fixture
def play(database: Database, tmp_path: Path) -> Callable[[Scene], None]:
    """Play a scene in a house of its own, then look whether the house is well."""

    def play(scene: Scene) -> None:
        async def all_of_it() -> None:
            async with house_on(database, tmp_path) as house:
                await scene(house)
                await house.is_well()

        asyncio.run(all_of_it())

    return play


def test_a_body_that_is_not_what_the_contract_says_is_refused_with_a_sentence(play: Callable[[Scene], None]) -> None:
    bodies = [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"words"',
        b"{}",
        b'{"chat":"private"}',
        b'{"chat":"private","user":"u"}',
        b'{"chat":"private","user":"u","text":7}',
        b'{"chat":"private","user":"u","text":null}',
        b'{"chat":"private","user":"u","text":"a","press":"b"}',
        b'{"chat":"","user":"u","text":"a"}',
        b'{"chat":"private","user":"bot","text":"a"}',
        b'{"chat":"private","user":"u\\u0000","text":"a"}',
        b'{"chat":"private","user":"' + b"u" * 200 + b'","text":"a"}',
        b'{"chat":"private","user":"u","text":"\\ud800"}',
        b'{"chat":"private","user":"u","text":"\xff\xfe"}',
        b"[" * 100_000,
    ]

    async def scene(house: House) -> None:
        for body in bodies:
            answer = await house.post(body)
            assert answer.status == 400, f"{body[:60]!r} was answered with {answer.status}"
            assert msgspec.json.decode(await answer.read())["error"].endswith(".")
        assert house.count(handled) == 0

    play(scene)


def test_a_body_over_one_mebibyte_is_refused_and_nothing_of_it_is_kept(play: Callable[[Scene], None]) -> None:
    async def scene(house: House) -> None:
        body = json.dumps({"chat": "private", "user": "u", "text": "灯" * 400_000}, ensure_ascii=False).encode()
        assert (await house.post(body)).status == 413
        assert house.count(handled) == 0

    play(scene)


def test_the_longest_text_is_a_report_like_any_other_and_its_beginning_is_kept(play: Callable[[Scene], None]) -> None:
    async def scene(house: House) -> None:
        assert await house.does(text="报事 3栋2单元的路灯坏了," + "很暗" * 50_000) == 200
        assert house.count(matter) == 1
        with house.database.reading() as session:
            kept = session.connection.execute(select(matter.c.text)).scalar_one()
        assert kept.startswith("3栋2单元的路灯坏了")
        assert len(kept) <= 1000
        assert max(len(words) for words in house.said()) <= 2000

    play(scene)


def test_somebody_nobody_knows_is_answered_in_private_and_an_unknown_group_is_greeted_once(
    play: Callable[[Scene], None],
) -> None:
    async def scene(house: House) -> None:
        assert await house.does(user="nobody", text="报事 路灯坏了") == 200
        assert await house.does(user="nobody", text="进度 1001") == 200
        assert await house.does(user="nobody", press="accept 1001") == 200
        assert len(house.said()) == 3
        assert await house.does(user="nobody", chat="g-unknown", text="大家好") == 200
        assert await house.does(user="nobody", chat="g-unknown", text="吃了吗") == 200
        assert len(house.said()) == 4
        assert house.count(matter) == 0

    play(scene)


@pytest.mark.parametrize("chat", ["private", GROUP])
def test_odd_characters_are_read_kindly(play: Callable[[Scene], None], chat: str) -> None:
    async def scene(house: House) -> None:
        for text in (
            "",
            " \t\r\n ",
            "😀😀😀👨‍👩‍👧‍👦",
            INVISIBLE,
            RIGHT_TO_LEFT,
            "\0",
            "a\0b",
            "\u0000\u0001\u0007\u001b[31m",
            "؟مرحبا",
            "\ufffd\uffff\U0010ffff",
            "e" + "\u0301" * 3000,
            "%s%n%d {0} {x} ${y}",
            "'; DROP TABLE matter; --",
            "报事",
            "报事 \0",
            "进度",
            "办结",
            "代报",
            "绑定",
            "绑定 \u0661\u0662\u0663",
            "进度 \u0661\u0662\u0663\u0664",
            "1",
            "9",
            "\u0661",
            "²",
            "更正",
            "补充",
            "催办",
            "撤回",
            "评价",
        ):
            assert await house.does(chat=chat, text=text) == 200
            assert await house.does(chat=chat, user=LEADER, text=text) == 200

    play(scene)


def test_invisible_characters_hide_no_report(play: Callable[[Scene], None]) -> None:
    async def scene(house: House) -> None:
        hidden = INVISIBLE.join("报事 3栋2单元的路灯坏了") + RIGHT_TO_LEFT
        assert await house.does(chat=GROUP, text=hidden) == 200
        assert house.count(matter) == 1

    play(scene)


def test_template_syntax_and_html_come_back_as_they_were_said(play: Callable[[Scene], None]) -> None:
    async def scene(house: House) -> None:
        text = "3栋2单元路灯坏了 {{7*7}} {% for x in y %} <b onclick=alert(1)>快来</b> {{ matter.__class__ }}"
        assert await house.does(chat=GROUP, text=f"报事 {text}") == 200
        cards = [words for words in house.said() if "{{7*7}}" in words]
        assert cards
        assert all("49" not in words and "<b onclick=alert(1)>" in words for words in cards)
        page = await (await house.client.get("/simulator/messages")).text()
        assert "{{7*7}}" in page

    play(scene)


@pytest.mark.parametrize("user", [RESIDENT, LEADER, "nobody"])
def test_numbers_beyond_all_bounds_are_unknown_numbers(play: Callable[[Scene], None], user: str) -> None:
    verbs = (
        "进度",
        "接单",
        "到场",
        "办结",
        "退回",
        "转办",
        "挂账",
        "督办",
        "催办",
        "撤回",
        "补充",
        "更正",
        "评价",
        "批准",
    )
    numbers = (HUGE, "9223372036854775807", "9223372036854775808", "2147483648", "-1", "0", "1" * 500, "1001.5", "1e9")

    async def scene(house: House) -> None:
        for verb in verbs:
            for number in numbers:
                assert await house.does(user=user, text=f"{verb} {number}") == 200
        for number in numbers:
            assert await house.does(user=user, text=number) == 200
            assert await house.does(user=user, text="好的", quote=number) == 200
            assert await house.does(user=user, scan=number) == 200

    play(scene)


@pytest.mark.parametrize("user", [RESIDENT, LEADER, "nobody"])
def test_presses_no_button_ever_had_do_nothing(play: Callable[[Scene], None], user: str) -> None:
    async def scene(house: House) -> None:
        assert await house.does(chat=GROUP, text="报事 3栋2单元的路灯坏了") == 200
        for press in (
            "",
            " ",
            "accept",
            f"accept {HUGE}",
            "accept -1",
            "accept 1001 1002 1003",
            "rate",
            "rate 1001",
            "rate 1001 非常好",
            f"rate {HUGE} 好",
            "hold 1001 xyz",
            "hold 1001 999天",
            "hold 1001 2月30日",
            "hold 1001 99月99日",
            "transfer 1001 谁也不是",
            "grant 1001",
            "deny",
            "approve",
            "finish",
            "reopen 1001",
            "confirm",
            "report_yes",
            "report_no",
            "report_place",
            "report",
            "bind 519901",
            "__class__",
            "drop_table 1001",
            "{{7*7}}",
            "\u202eaccept 1001",
            "a" * 100_000,
        ):
            assert await house.does(user=user, press=press) == 200
            assert await house.does(user=user, chat=GROUP, press=press) == 200

    play(scene)


def test_what_is_no_words_is_taken_as_it_comes(play: Callable[[Scene], None]) -> None:
    async def scene(house: House) -> None:
        for user in (RESIDENT, LEADER, "nobody"):
            for chat in ("private", GROUP, "g-unknown"):
                for what in ("photo", "place", "scan"):
                    for words in ("", "\0", HUGE, "{{7*7}}", "x" * 100_000, INVISIBLE):
                        assert await house.does(user=user, chat=chat, **{what: words}) == 200

    play(scene)


def test_odd_addresses_and_odd_leaps_in_time_are_answered_in_words(play: Callable[[Scene], None]) -> None:
    async def scene(house: House) -> None:
        for path, status in (
            (f"/simulator/messages?after={HUGE}", 400),
            ("/simulator/messages?after=-1", 400),
            ("/simulator/messages?after=x", 400),
            ("/simulator/messages?chat=private", 400),
            ("/simulator/messages?chat=%00%ff", 200),
            ("/static/../../pyproject.toml", 404),
            ("/static/%2e%2e%2fpyproject.toml", 404),
            ("/nowhere", 404),
        ):
            answer = await house.client.get(path)
            assert answer.status == status, path
            assert "Traceback" not in await answer.text()
        for body in (
            b"",
            b"{}",
            b'{"advance_s":-1}',
            b'{"advance_s":"x"}',
            b'{"advance_s":1e300}',
            b'{"advance_s":NaN}',
        ):
            answer = await house.client.post("/simulator/clock", data=body)
            assert answer.status == 400, body

    play(scene)
