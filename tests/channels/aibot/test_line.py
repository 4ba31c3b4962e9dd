"""The long connection: what is heard, answered and said on it, and how it is held, lost and taken."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from bot.app import App
from bot.channels.aibot import line
from bot.channels.aibot.channel import PACE, Aibot
from bot.message import Address, Lane
from bot.pace import Limit, Pace, Pacer
from bot.settings import Settings
from storage import claiming
from storage.database import Database
from storage.outbox import Outgoing, outgoing
from tests.channels.aibot import platform as stand_in
from tests.channels.aibot.conftest import ROOM, STAFF_ROOM, Open, Scene
from tests.channels.aibot.platform import A_CHAT, SECRETS, Fault, Message, Platform
from tests.channels.conversation import LIFT, running, until
from tests.sending.fake_channel import Windows

BUTTONS = json.dumps([["待办", "list"], ["人工", "human"]])


def rows(database: Database) -> list[Outgoing]:
    with database.reading() as session:
        return session.all(Outgoing, select(outgoing).where(outgoing.c.channel == "aibot").order_by(outgoing.c.id))


def channel(app: App) -> Aibot:
    (found,) = [sender.channel for sender in app.senders if isinstance(sender.channel, Aibot)]
    return found


def held(app: App) -> line.Line:
    found = channel(app).line
    assert found is not None
    return found


async def seen(platform: Platform, to: str, words: str) -> Message:
    return await until(
        lambda: next((one for one in reversed(platform.to(to)) if words in one.text), None),
        f"{to} sees {words}; there is {[one.text for one in platform.to(to)]}",
    )


async def settled(at: Scene, text: str, patience_s: float = 15.0) -> Outgoing:
    """What became of it."""
    return await until(
        lambda: next((one for one in rows(at.database) if one.text == text and one.state != "waiting"), None),
        f"{text} is settled",
        patience_s,
    )


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute's rest is half a second here."""
    monkeypatch.setattr(line, "REST_S", 0.05)
    monkeypatch.setattr(line, "DOWN_S", 0.2)
    monkeypatch.setattr(line, "REFUSED_REST_S", 0.3)
    monkeypatch.setattr(line, "LOOK_S", 0.1)


def test_each_call_is_answered_by_its_own_command(town: Open) -> None:
    async def scene() -> list[str]:
        async with town(line=True) as at:
            platform = at.platform
            await platform.call(platform.event("HanMei", "enter_chat"))
            answer = await platform.call(platform.text("LiGuiFang", LIFT, ROOM))
            assert answer is not None
            assert answer["stream"]["content"].startswith("收到，")
            at.promise("HanMei", "要看什么？", buttons=BUTTONS)
            card = await seen(platform, "HanMei", "要看什么")
            await platform.call(platform.tap("HanMei", card, "human"))
            await seen(platform, "HanMei", "12345")
            await until(lambda: all(one.state != "waiting" for one in rows(at.database)), "all is said")
            assert platform.violations == []
            return [command for command in platform.calls if command not in ("ping", "aibot_send_msg")]

    assert asyncio.run(scene()) == [
        "aibot_subscribe",
        "aibot_respond_welcome_msg",
        "aibot_respond_msg",
        "aibot_respond_update_msg",
    ]


def test_groups_and_people_are_told_at_any_time_once_they_have_talked_to_it(town: Open) -> None:
    async def scene() -> None:
        async with town(line=True) as at:
            platform = at.platform
            at.promise(STAFF_ROOM, "还没人说过话", private=False)
            assert (await settled(at, "还没人说过话")).state == "gone"
            at.promise("HanMei", "等她开口")
            await asyncio.sleep(0.2)
            await platform.call(platform.text("HanMei", "你好", STAFF_ROOM))
            await platform.call(platform.text("HanMei", "你好"))
            for n in range(3):
                at.promise(STAFF_ROOM, f"群里第{n}条", private=False)
                at.promise("HanMei", f"私聊第{n}条")
            await seen(platform, STAFF_ROOM, "群里第2条")
            await seen(platform, "HanMei", "私聊第2条")
            at.promise(STAFF_ROOM, "要看什么？", private=False, buttons=BUTTONS)
            assert (await seen(platform, STAFF_ROOM, "要看什么")).buttons == (("待办", "list"), ("人工", "human"))
            assert platform.violations == []

    asyncio.run(scene())


def test_long_words_with_buttons_are_a_text_and_a_card_below(town: Open) -> None:
    async def scene() -> None:
        async with town(line=True) as at:
            platform = at.platform
            await platform.call(platform.text("HanMei", "你好"))
            at.promise("HanMei", "1029 电梯停了\n" + "很长的话，" * 60, buttons=BUTTONS)
            card = await until(lambda: next((one for one in platform.to("HanMei") if one.buttons), None), "the card")
            assert card.text == "1029 电梯停了"
            (text,) = [one for one in platform.to("HanMei") if "很长的话" in one.text]
            assert text.kind == "markdown"
            assert platform.violations == []

    asyncio.run(scene())


def test_every_message_of_long_cards_counts(town: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform's minute is two seconds here, and ours with it."""
    monkeypatch.setattr(stand_in, "A_CHAT", ((30, 2.0),))
    monkeypatch.setattr(Aibot, "pace", Pace(private=(Limit(28, 2.0, burst=8),)))

    async def scene() -> None:
        async with town(line=True) as at:
            platform = at.platform
            await platform.call(platform.text("HanMei", "你好"))
            for n in range(24):
                at.promise("HanMei", f"{1000 + n} 电梯停了\n" + "很长的话，" * 60, buttons=BUTTONS)
            await seen(platform, "HanMei", "1023")
            await until(lambda: all(one.state == "sent" for one in rows(at.database)), "all is said")
            long = [one for one in platform.to("HanMei") if "电梯停了" in one.text]
            assert [one.text[:4] for one in long] == [str(1000 + n) for n in range(24) for _ in range(2)]
            assert platform.violations == []

    asyncio.run(scene())


def test_a_call_that_comes_twice_has_one_effect(town: Open) -> None:
    async def scene() -> None:
        async with town(line=True) as at:
            says = at.platform.text("LiGuiFang", LIFT, ROOM)
            answers = [await at.platform.call(says) for _ in range(3)]
            assert answers[0] is not None
            assert answers == [answers[0]] * 3
            assert len(at.platform.to(ROOM)) == 1

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("fault", "ends", "tries"),
    [
        (Fault(code=-1), "sent", 2),
        (Fault(code=7777), "sent", 2),
        (Fault(code=45033), "sent", 2),
        (Fault(drops=True), "sent", 2),
        (Fault(hangs=True), "sent", 2),
        (Fault(code=40058), "refused", 1),
        (Fault(code=86003), "gone", 1),
    ],
    ids=str,
)
def test_what_fails_on_the_line_is_tried_again_or_settled(
    town: Open, monkeypatch: pytest.MonkeyPatch, fault: Fault, ends: str, tries: int
) -> None:
    monkeypatch.setattr(line, "ANSWER_S", 0.3)

    async def scene() -> None:
        async with town(line=True) as at:
            platform = at.platform
            await platform.call(platform.text("HanMei", "你好", STAFF_ROOM))
            faults = iter([fault])
            platform.fault = lambda command, _: next(faults, None) if command == "aibot_send_msg" else None
            at.promise(STAFF_ROOM, "明早停水", private=False)
            assert (await settled(at, "明早停水")).state == ends
            assert platform.calls.count("aibot_send_msg") == tries
            assert [one.text for one in platform.to(STAFF_ROOM)].count("明早停水") == (ends == "sent")
            assert platform.violations == []

    asyncio.run(scene())


def test_a_chat_that_has_had_enough_waits_a_minute_and_nobody_else_does(town: Open) -> None:
    async def scene() -> None:
        async with town(line=True) as at:
            platform = at.platform
            for room in (ROOM, STAFF_ROOM):
                await platform.call(platform.text("HanMei", "你好", room))
            platform.fault = lambda command, to: (
                Fault(code=45009) if to == ROOM and command == "aibot_send_msg" else None
            )
            at.promise(ROOM, "这里要等", private=False)
            await until(lambda: [one for one in rows(at.database) if one.error == "errcode 45009"], "it is refused")
            at.promise(STAFF_ROOM, "这里不等", private=False)
            await seen(platform, STAFF_ROOM, "这里不等")
            with at.database.reading() as session:
                holds = claiming.holds(session, "aibot", at.app.clock.now())
            assert [address.target if address else None for address, _ in holds] == [ROOM]

    asyncio.run(scene())


def test_a_line_that_breaks_is_taken_up_again_and_nothing_is_lost(town: Open) -> None:
    async def scene() -> None:
        async with town(line=True) as at:
            platform = at.platform
            await platform.call(platform.text("HanMei", "你好", STAFF_ROOM))
            platform.shut = 3
            await platform.hang_up()
            at.promise(STAFF_ROOM, "断线时要说的", private=False)
            await until(lambda: held(at.app).trouble, "it is told that there is no line")
            assert held(at.app).trouble == ("channels/aibot_line", {"error": "WSServerHandshakeError"})
            await seen(platform, STAFF_ROOM, "断线时要说的")
            answer = await platform.call(platform.text("HanMei", "你好", STAFF_ROOM))
            assert answer is not None
            assert held(at.app).trouble is None
            assert platform.violations == []

    asyncio.run(scene())


def test_who_is_displaced_rests_says_so_and_comes_back(town: Open) -> None:
    async def scene() -> str:
        async with town(line=True) as at, ClientSession() as client, ClientSession() as other:
            platform = at.platform
            await platform.call(platform.text("HanMei", "你好", STAFF_ROOM))
            held(at.app).displaced_rest_s = 1.5
            socket = await other.ws_connect(platform.address)
            bot = {"bot_id": "aibXyz0123456789", "secret": "L1ne-S3cret-0123456789abcdef"}
            await socket.send_str(json.dumps({"cmd": "aibot_subscribe", "headers": {"req_id": "o"}, "body": bot}))
            await until(lambda: held(at.app).trouble, "it knows that it was displaced")
            assert held(at.app).trouble == ("channels/aibot_taken", {})
            at.promise(STAFF_ROOM, "留着的话", private=False)
            async with client.get(f"{at.address}/health") as answer:
                said = await answer.text()
            assert platform.subscribed == 2, "it does not fight for it"
            assert [one.text for one in platform.to(STAFF_ROOM) if one.text == "留着的话"] == []
            await socket.close()
            await seen(platform, STAFF_ROOM, "留着的话")
            assert held(at.app).trouble is None
            assert platform.violations == []
            return said

    assert "占了长连接" in asyncio.run(scene())


def test_a_refused_secret_is_told_and_looked_at_again(town: Open) -> None:
    async def scene() -> None:
        async with town(line=True) as at:
            platform = at.platform
            await until(lambda: platform.subscribed, "it holds the line")
            platform.wrong_secret = True
            await platform.hang_up()
            await until(lambda: held(at.app).trouble, "it is told")
            assert held(at.app).trouble == ("channels/aibot_secret", {"code": 40001})
            platform.wrong_secret = False
            await until(lambda: held(at.app).trouble is None, "it is well again")

    asyncio.run(scene())


def test_it_pings_and_hangs_up_where_nobody_answers(town: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "PING_S", 0.1)
    monkeypatch.setattr(line, "ANSWER_S", 0.1)

    async def scene() -> None:
        async with town(line=True) as at:
            platform = at.platform
            await until(lambda: platform.pings >= 3, "it pings")
            assert platform.calls.count("aibot_subscribe") == 1
            platform.deaf = True
            await until(lambda: platform.calls.count("aibot_subscribe") >= 2, "it takes up another line")
            platform.deaf = False
            assert platform.violations == []

    asyncio.run(scene())


def test_of_two_processes_the_one_that_speaks_holds_the_line(sqlite_database: Database) -> None:
    async def scene() -> None:
        async with Platform({STAFF_ROOM: {"HanMei"}}).open() as platform:
            config = Settings(database_url=str(sqlite_database.url), aibot=platform.settings(line=True, called=False))
            async with running(config):
                await until(lambda: platform.subscribed, "the first holds it")
                async with running(config):
                    await asyncio.sleep(0.5)
                    assert platform.calls.count("aibot_subscribe") == 1
                    assert await platform.call(platform.text("HanMei", "你好"))
            assert platform.violations == []

    asyncio.run(scene())


@pytest.mark.parametrize(
    "frame",
    ["", "{", "[]", "7", '{"cmd": 7}', '{"cmd": "aibot_msg_callback"}', '{"cmd": "aibot_msg_callback", "body": []}',
     '{"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": {"msgtype": "text"}}', '{"cmd": "news", "body": {}}',
     '{"headers": {"req_id": "nobody"}, "errcode": 0}', "[" * 3000],
)  # fmt: skip
def test_a_frame_that_is_none_leaves_the_line_as_it_is(
    town: Open, caplog: pytest.LogCaptureFixture, frame: str
) -> None:
    async def scene() -> None:
        async with town(line=True) as at:
            await until(lambda: at.platform.subscribed, "it holds the line")
            await at.platform.raw(frame)
            assert await at.platform.call(at.platform.text("HanMei", "你好"))
            assert at.platform.calls.count("aibot_subscribe") == 1

    asyncio.run(scene())
    assert "Traceback" not in caplog.text


def test_no_secret_of_the_line_is_told(town: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")

    async def scene() -> str:
        async with town(line=True) as at, ClientSession() as client:
            await until(lambda: at.platform.subscribed, "it holds the line")
            at.platform.wrong_secret = True
            await at.platform.hang_up()
            await until(lambda: held(at.app).trouble, "it is told")
            async with client.get(f"{at.address}/health") as answer:
                return await answer.text() + repr(at.app.settings)

    told = asyncio.run(scene()) + caplog.text

    assert [secret for secret in SECRETS if secret in told] == []


BAD: Mapping[int, Fault] = {
    20: Fault(code=-1), 45: Fault(drops=True), 90: Fault(code=45033), 130: Fault(hangs=True), 170: Fault(code=40058),
    200: Fault(drops=True), 250: Fault(code=45009),
}  # fmt: skip


DROPS = sum(fault.drops for fault in BAD.values())


def test_a_broadcast_to_three_hundred_groups_through_every_failure_reaches_each(
    town: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the platform's own limits and by the real clock; the rest after a refusal is half a second."""
    monkeypatch.setattr(line, "ANSWER_S", 0.5)
    monkeypatch.setattr("bot.channels.aibot.channel.BUSY_S", 0.5)
    rooms = [f"wrRoom{n:03}" for n in range(300)]
    tries = iter(range(1, 10_000))

    async def scene() -> tuple[Counter[str], dict[str, str], list[str]]:
        async with town(line=True) as at:
            platform = at.platform
            platform.groups.update({room: {"HanMei"} for room in rooms})
            platform.talked.update(rooms[:-1])
            platform.fault = lambda command, _: BAD.get(next(tries)) if command == "aibot_send_msg" else None
            assert await platform.call(platform.text("HanMei", "你好", STAFF_ROOM))
            for room in rooms:
                at.promise(room, "停水通知", private=False, lane=Lane.NOTICE)
            await until(lambda: all(one.state != "waiting" for one in rows(at.database)), "all is settled", 40)
            ended = {one.target: one.state for one in rows(at.database) if one.target in rooms}
            told = Counter(one.to for one in platform.messages if one.to in rooms)
            return told, ended, platform.violations

    told, ended, violations = asyncio.run(scene())

    assert violations == []
    twice = [room for room, times in told.items() if times > 1]
    assert len(twice) <= DROPS * line.IN_DOUBT, "only what was on the line when it broke"
    assert max(told.values()) <= 2
    assert set(told) == {room for room, state in ended.items() if state == "sent"}
    assert Counter(ended.values()) == {"sent": 298, "refused": 1, "gone": 1}


@pytest.mark.parametrize("private", [True, False])
def test_the_pace_keeps_within_the_documents(private: bool) -> None:
    now, address = [0.0], Address("aibot", "wr1", private)
    pacer, windows, said = Pacer(PACE, lambda: now[0]), Windows(), 0
    while now[0] < 3 * 3600:
        now[0] += pacer.wait_s(address)
        pacer.take(address)
        windows.count(address, tuple(Limit(most, per_s) for most, per_s in A_CHAT), now[0])
        said += 1

    assert windows.violations == 0
    assert said > 2400, "and it is no slower than it must be"


def test_what_comes_in_is_answered_while_the_line_is_busy(town: Open) -> None:
    async def scene() -> list[Mapping[str, Any] | None]:
        async with town(line=True) as at:
            calls = [at.platform.text(f"member{n}", "你好") for n in range(40)]
            return list(await asyncio.gather(*(at.platform.call(one) for one in calls)))

    answers = asyncio.run(scene())

    assert len([answer for answer in answers if answer]) == 40
