"""The simulator's HTTP contract, as programs that know nothing else rely on it."""

import asyncio
import stat
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from aiohttp import ClientResponse

from bot.message import Address, Incoming, Lane
from tests.web.stand import GROUP, PAGES, Line, stand_at


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "transcript.jsonl"


def test_what_is_said_reaches_the_bot_and_is_shown(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            said = await stand.post({"chat": GROUP, "user": "u-1", "text": "3栋2单元电梯又停了", "id": "m-1"})
            assert said.status == 200
            assert await said.json() == {"id": "m-1"}
            assert stand.heard == [
                Incoming("simulator", "m-1", "u-1", GROUP, stand.moment, "text", "3栋2单元电梯又停了")
            ]
            shown = await stand.page()
            assert shown.messages == [Line(shown.next, GROUP, "u-1", "u-1", "3栋2单元电梯又停了", [], None)]

    asyncio.run(visit())


def test_an_id_is_made_up_where_none_is_given(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            made = [(await (await stand.post({"chat": GROUP, "user": "u", "text": "早"})).json())["id"] for _ in "12"]
            assert made == [incoming.key for incoming in stand.heard]
            assert len(set(made)) == 2
            assert (await stand.page()).texts == ["早", "早"]

    asyncio.run(visit())


@pytest.mark.parametrize("happening", ["text", "press", "scan", "photo", "place"])
def test_everything_a_phone_can_do_reaches_the_bot_as_such(path: Path, happening: str) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            assert (await stand.post({"chat": "private", "user": "u-9", happening: "话"})).status == 200
            (heard,) = stand.heard
            assert (heard.happening, heard.text, heard.chat) == (happening, "话", None)
            assert heard.address == Address("simulator", "u-9", private=True)

    asyncio.run(visit())


def test_what_the_bot_says_is_shown_with_buttons_and_lane(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            n = await stand.bot_says("电梯停了,请接单", lane=Lane.EMERGENCY)
            private = Address("simulator", "u-1", private=True)
            await stand.bot_says("您的事有人接了", to=private, lane=Lane.DUTY)
            buttons = [{"label": "接单", "press": "accept 1001"}, {"label": "求助", "press": "help 1001"}]
            first, second = (await stand.page()).messages
            assert first == Line(int(n), GROUP, "", "bot", "电梯停了,请接单", buttons, "emergency")
            assert second == Line(second.n, "private", "u-1", "bot", "您的事有人接了", buttons, "duty")

    asyncio.run(visit())


def test_the_same_id_twice_is_shown_once_even_after_a_restart(path: Path) -> None:
    async def visit() -> None:
        said = {"chat": GROUP, "user": "u-1", "text": "停水了", "id": "m-1"}
        for _ in range(2):
            async with stand_at(path) as stand:
                assert [(await stand.post(said)).status for _ in "12"] == [200, 200]
                assert (await stand.page()).texts == ["停水了"]
                assert [incoming.key for incoming in stand.heard] == ["m-1", "m-1"], "the bot itself must see repeats"

    asyncio.run(visit())


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "",
        "[]",
        '"text"',
        '{"chat":"g","user":"u"}',
        '{"chat":"g","text":"x"}',
        '{"user":"u","text":"x"}',
        '{"chat":"g","user":"u","text":5}',
        '{"chat":"g","user":7,"text":"x"}',
        '{"chat":"g","user":"u","text":"x","press":"y"}',
        '{"chat":"g","user":"u","text":"x","id":5}',
        '{"chat":"g","user":"u","text":"x","id":""}',
        '{"chat":"g","user":"u","text":"x","quote":["1"]}',
        '{"chat":"","user":"u","text":"x"}',
        '{"chat":"g\\n","user":"u","text":"x"}',
        '{"chat":"g","user":"bot","text":"x"}',
        '{"chat":"g","user":"u","text":"\\ud800"}',
        '{"chat":"g","user":"u","text":"x","more":' + "[" * 5000 + "]" * 5000 + "}",
        b'{"chat":"g","user":"u","text":"\xff"}',
    ],
)
def test_a_wrong_call_is_told_so_and_changes_nothing(path: Path, body: str | bytes) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            answer = await stand.client.post("/simulator/messages", data=body)
            assert answer.status == 400
            says = await answer.json()
            assert list(says) == ["error"]
            assert says["error"].endswith(".")
            assert stand.heard == []
            assert (await stand.page()).messages == []

    asyncio.run(visit())


@pytest.mark.parametrize("route", ["/simulator/messages", "/simulator/clock"])
def test_more_than_a_mebibyte_is_too_much(path: Path, route: str) -> None:
    async def in_pieces() -> AsyncGenerator[bytes]:
        for _ in range(33):
            yield b" " * 32 * 1024

    async def visit() -> None:
        async with stand_at(path) as stand:
            for body in (BytesIO(b" " * (1024 * 1024 + 1)), in_pieces()):
                answer = await stand.client.post(route, data=body)
                assert answer.status == 413
                assert list(await answer.json()) == ["error"]
            assert stand.heard == []

    asyncio.run(visit())


@pytest.mark.parametrize(
    "text",
    ["", " ", "<script>alert(1)</script>{{ 7*7 }}", "👨‍👩‍👧‍👦\u200b\u202eabc", "长" * 100_000, '"\\\n\r\u2028'],
    ids=["empty", "blank", "syntax", "marks", "long", "escapes"],
)
def test_odd_texts_come_through_as_they_are(path: Path, text: str) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            await stand.say(text, chat="谁也不认识的群", user="陌生人")
            assert [incoming.text for incoming in stand.heard] == [text]
            assert (await stand.page("?chat=谁也不认识的群")).texts == [text]
            assert await (await stand.client.get("/simulator/messages")).json()

    asyncio.run(visit())


def test_the_null_character_that_no_database_keeps_is_dropped(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            await stand.say("停\0水")
            assert stand.heard[0].text == "停水"

    asyncio.run(visit())


def test_quoting_the_bot_names_its_line_and_quoting_a_neighbour_names_the_id(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            await stand.post({"chat": GROUP, "user": "u-1", "text": "停水了", "id": "m-1"})
            theirs = (await stand.page()).next
            ours = await stand.bot_says("收到")
            for quote in (str(theirs), theirs, ours, "m-1", "99999999999999999999999"):
                await stand.post({"chat": GROUP, "user": "u-2", "text": "1", "quote": quote})
            assert [incoming.quote for incoming in stand.heard] == [
                None, "m-1", "m-1", ours, "m-1", "99999999999999999999999",
            ]  # fmt: skip

    asyncio.run(visit())


def test_each_chat_shows_only_its_own(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            await stand.say("群里", user="u-1")
            await stand.say("私下", chat="private", user="u-1")
            await stand.say("别人私下", chat="private", user="u-2")
            await stand.bot_says("答群里")
            await stand.bot_says("答私下", to=Address("simulator", "u-1", private=True))
            assert (await stand.page(f"?chat={GROUP}")).texts == ["群里", "答群里"]
            assert (await stand.page(f"?chat={GROUP}&user=u-2")).texts == ["群里", "答群里"]
            assert (await stand.page("?chat=private&user=u-1")).texts == ["私下", "答私下"]
            assert (await stand.page("?user=u-2")).texts == ["别人私下"]
            assert (await stand.page("?chat=nobody")).texts == []
            assert (await stand.page()).texts == ["群里", "私下", "别人私下", "答群里", "答私下"]

    asyncio.run(visit())


def test_polling_on_from_next_misses_nothing_and_repeats_nothing(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            for i in range(2300):
                await stand.bot_says(str(i), to=Address("simulator", "even" if i % 2 == 0 else "odd"))
            for query, expected in (("&chat=odd", range(1, 2300, 2)), ("", range(2300))):
                seen: list[str] = []
                after = 0
                while (page := await stand.page(f"?after={after}{query}")).messages:
                    assert len(page.messages) <= 1000
                    assert [line.n for line in page.messages] == sorted({line.n for line in page.messages})
                    seen += page.texts
                    after = page.next
                assert seen == [str(i) for i in expected]
                assert (await stand.page(f"?after={10**17}{query}")).messages == []
            await stand.bot_says("more", to=Address("simulator", "odd"))
            assert (await stand.page(f"?after={after}&chat=odd")).texts == ["more"]

    asyncio.run(visit())


def test_the_page_can_ask_for_the_newest_and_then_for_older_lines(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            for text in "abcde":
                await stand.say(text)
            newest = await stand.page("?last=2")
            assert newest.texts == ["d", "e"]
            assert (await stand.page(f"?last=2&before={newest.messages[0].n}")).texts == ["b", "c"]
            assert (await stand.page(f"?after={newest.next}")).texts == []

    asyncio.run(visit())


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=1.5", "after=", "last=x", "before=-", "chat=private"])
def test_a_question_that_makes_no_sense_is_told_so(path: Path, query: str) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            for route in ("messages", "events"):
                answer = await stand.client.get(f"/simulator/{route}?{query}")
                assert answer.status == 400
                assert list(await answer.json()) == ["error"]

    asyncio.run(visit())


def test_lines_survive_a_restart_and_a_torn_one_harms_no_other(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            await stand.say("之前")
        with path.open("ab") as file:
            file.write(b'{"chat":"g-1","user":"u-1","from":"u-1","te')
        async with stand_at(path) as stand:
            before = await stand.page()
            assert before.texts == ["之前"]
            await stand.say("之后")
            assert (await stand.page(f"?after={before.next}")).texts == ["之后"]
            assert (await stand.page()).texts == ["之前", "之后"]
        async with stand_at(path) as stand:
            assert (await stand.page()).texts == ["之前", "之后"]

    asyncio.run(visit())


def test_only_the_owner_may_read_the_file(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            await stand.say("早")

    asyncio.run(visit())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_processes_on_one_file_show_the_same(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as one, stand_at(path) as other:
            for i in range(50):
                await (one if i % 2 else other).say(str(i))
                await (other if i % 2 else one).post({"chat": GROUP, "user": "u", "text": f"{i}!", "id": f"x-{i // 5}"})
            assert await one.page() == await other.page()
            assert len((await one.page()).messages) == 60, "an id seen by either is shown once"

    asyncio.run(visit())


async def _events(answer: ClientResponse, count: int) -> list[Line]:
    lines: list[Line] = []
    event_id = ""
    while len(lines) < count:
        text = (await asyncio.wait_for(answer.content.readline(), 5)).decode().rstrip("\n")
        if text.startswith("id: "):
            event_id = text.removeprefix("id: ")
        if text.startswith("data: "):
            line = msgspec.json.decode(text.removeprefix("data: "), type=Line)
            assert event_id == str(line.n)
            lines.append(line)
    return lines


def test_events_stream_the_same_lines_live_from_both_processes(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as one, stand_at(path) as other:
            await one.say("早先")
            async with one.client.get(f"/simulator/events?chat={GROUP}") as answer:
                assert answer.content_type == "text/event-stream"
                (first,) = await _events(answer, 1)
                await one.say("这边")
                await one.say("不相干", chat="别的群")
                await other.bot_says("那边")
                rest = await _events(answer, 2)
            assert [first, *rest] == (await one.page(f"?chat={GROUP}")).messages
            async with one.client.get("/simulator/events", headers={"Last-Event-ID": str(rest[0].n)}) as answer:
                assert [line.text for line in await _events(answer, 2)] == ["不相干", "那边"]

    asyncio.run(visit())


def test_streams_end_when_the_house_closes(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand, stand.client.get("/simulator/events") as answer:
            await stand.say("最后")
            await _events(answer, 1)
            stand.simulator.close()
            assert b"data" not in await asyncio.wait_for(answer.content.read(), 5)

    asyncio.run(visit())


def test_the_cast_is_told_as_loaded(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            assert await (await stand.client.get("/simulator/cast")).json() == {
                "grids": [
                    {"code": "510124", "name": "郫都区", "level": "区", "parent": None},
                    {"code": "510124001", "name": "郫筒街道", "level": "街道", "parent": "510124"},
                ],
                "chats": [
                    {"id": GROUP, "name": "1号楼群", "grid": "510124001", "audience": "residents"},
                    {"id": "g-2", "name": "还没绑定的群", "grid": None, "audience": "staff"},
                ],
                "people": [
                    {
                        "id": "u-1",
                        "name": "李雷",
                        "grid": "510124001",
                        "posts": [{"role": "micro_lead", "grid": "510124001", "order": 1}],
                    }
                ],
            }

    asyncio.run(visit())


def test_roles_are_named_in_the_words_of_the_community(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            assert await (await stand.client.get("/simulator/roles")).json() == {"micro_lead": "微网格长"}

    asyncio.run(visit())


def test_time_moves_only_as_told(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            assert await (await stand.client.get("/simulator/clock")).json() == {"now": "2026-03-02T01:00:00Z"}
            moved = await stand.client.post("/simulator/clock", json={"advance_s": 90.5})
            assert await moved.json() == {"now": "2026-03-02T01:01:30.500000Z"}
            for wrong in (-1, 401 * 86400, "60", True, None):
                answer = await stand.client.post("/simulator/clock", json={"advance_s": wrong})
                assert answer.status == 400
                assert list(await answer.json()) == ["error"]
            assert (await stand.client.post("/simulator/clock", data=b"{")).status == 400
            assert stand.moment == datetime(2026, 3, 2, 1, 1, 30, 500_000, tzinfo=UTC)

    asyncio.run(visit())


@pytest.mark.parametrize("part", ["/", "/static/simulator.js", "/static/simulator.css"])
def test_the_page_runs_nothing_but_its_own_scripts(path: Path, part: str) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            answer = await stand.client.get(part)
            assert answer.status == 200
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy

    asyncio.run(visit())


def test_static_serves_no_file_outside_its_folder(path: Path) -> None:
    async def visit() -> None:
        async with stand_at(path) as stand:
            for name in ("..%2Fsimulator.html", "%2e%2e%2fsimulator.html", "nothing.js", "..%5Csimulator.html"):
                assert (await stand.client.get(f"/static/{name}")).status == 404

    asyncio.run(visit())


def test_no_page_script_puts_words_into_a_page_as_html() -> None:
    scripts = sorted((PAGES / "static").glob("simulator*.js"))
    assert scripts
    for script in scripts:
        for risky in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert risky not in script.read_text(encoding="utf-8"), f"{script.name} uses {risky}"
