"""Everything that goes out to WeCom, failures included."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from aiohttp import ClientTimeout

from bot.channels.wecom import api, failures
from bot.channels.wecom import channel as room
from bot.channels.wecom.channel import PACE
from bot.channels.wecom.failures import Meaning
from bot.message import Address, Delivery, Lane
from bot.pace import Limit, Pace, Pacer
from storage import claiming, reach
from storage.database import Database
from storage.outbox import Outgoing
from tests.channels.wecom import platform as stand_in
from tests.channels.wecom.platform import A_MEMBER, A_ROBOT, Fault, Platform
from tests.channels.wecom.stack import HINT, Buttons, Stack, process, promise, rows, speaking
from tests.sending.fake_channel import Windows
from tests.sending.voice import silent_kit

KIT = silent_kit()
CARD: Buttons = (("接单", "accept 1029"), ("转办", "transfer 1029"))
RATES: Buttons = tuple((f"第{n}样", f"rate 1029 {n}") for n in range(1, 8))
Play = Callable[[Stack, Platform], Awaitable[None]]


def play(database: Database, *acts: Play, members: tuple[str, ...] = ("HanMei",)) -> Platform:
    """The acts, on a platform and a sender of their own."""

    async def scene() -> Platform:
        async with Platform(set(members)).open() as platform, speaking(KIT, database, platform) as stack:
            for act in acts:
                await act(stack, platform)
            return platform

    return asyncio.run(scene())


def say(text: str, buttons: Buttons = (), *, edits: str = "", lane: Lane = Lane.REPLY) -> Play:
    """It is promised, and settled."""

    async def act(stack: Stack, _: Platform) -> None:
        stack.post(text, buttons=buttons, edits=edits, lane=lane)
        await stack.settled()

    return act


def test_a_text_reaches_its_reader(sqlite_database: Database) -> None:
    platform = play(sqlite_database, say("收到，编号 1029。"))

    assert [(one.kind, one.text) for one in platform.to("HanMei")] == [("text", "收到，编号 1029。")]
    assert [(row.state, row.platform_id) for row in rows(sqlite_database)] == [("sent", platform.messages[0].id)]
    assert platform.violations == []


def test_buttons_make_a_card_with_its_first_line_as_title(sqlite_database: Database) -> None:
    platform = play(sqlite_database, say("1029 3栋2单元电梯停了\n请在 10:30 前接单。", CARD))

    (card,) = platform.to("HanMei")
    assert (card.kind, card.text, card.buttons) == ("card", "1029 3栋2单元电梯停了\n请在 10:30 前接单。", CARD)
    assert platform.violations == []


def test_more_buttons_than_a_card_holds_are_numbered(sqlite_database: Database) -> None:
    platform = play(sqlite_database, say("给 1029 打个分", RATES))

    (text,) = platform.to("HanMei")
    assert text.kind == "text"
    assert "7 第7样" in text.text
    assert text.text.endswith(HINT)
    assert platform.violations == []


@pytest.mark.parametrize("length", [682, 683, 5000])
def test_long_words_are_said_in_several_messages_each_within_its_bytes(sqlite_database: Database, length: int) -> None:
    words = "电梯又停了" * (length // 5) + "。" * (length % 5)

    platform = play(sqlite_database, say(words))

    assert "".join(one.text for one in platform.to("HanMei")) == words
    assert platform.violations == []


def test_a_card_too_long_for_one_is_a_text_and_a_short_card_below(sqlite_database: Database) -> None:
    words = "1029 电梯停了\n" + "很长的话，" * 60

    platform = play(sqlite_database, say(words, CARD))

    text, card = platform.to("HanMei")
    assert (text.kind, text.text) == ("text", words)
    assert (card.text, card.buttons) == ("1029 电梯停了", CARD)
    assert platform.violations == []


@pytest.fixture
def short_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform's minute is two seconds here, and ours with it."""
    monkeypatch.setattr(stand_in, "A_MEMBER", ((30, 2.0),))
    monkeypatch.setattr(stand_in, "A_ROBOT", ((20, 2.0),))
    ours = Pace(private=(Limit(28, 2.0, burst=8),), group=(Limit(20, 2.0, burst=3),))
    monkeypatch.setattr(room.WeCom, "pace", ours)


@pytest.mark.usefixtures("short_minute")
def test_every_message_of_long_cards_counts_and_none_is_dropped_in_silence(sqlite_database: Database) -> None:
    """What is over a member's limit is dropped with errcode 0: it would stand as sent, and be on no phone."""

    async def act(stack: Stack, _: Platform) -> None:
        for member in ("HanMei", "LiLei"):
            for n in range(24):
                words = f"{1000 + n} 电梯停了\n" + "很长的话，" * 60
                promise(sqlite_database, [words], to=member, buttons=(("接单", f"accept {n}"),), lane=Lane.DUTY)
        stack.sender.wake()
        await stack.settled()

    platform = play(sqlite_database, act, members=("HanMei", "LiLei"))

    assert platform.violations == []
    for member in ("HanMei", "LiLei"):
        assert [one.text[:4] for one in platform.to(member)] == [str(1000 + n) for n in range(24) for _ in range(2)]
        assert [bool(one.buttons) for one in platform.to(member)] == [False, True] * 24
    assert {row.state for row in rows(sqlite_database)} == {"sent"}


@pytest.mark.usefixtures("short_minute")
def test_every_message_of_a_robots_long_texts_counts(sqlite_database: Database) -> None:
    said = [f"{n}" + "长" * 1999 for n in range(8)]

    async def scene() -> Platform:
        async with (
            Platform(set()).open() as platform,
            speaking(KIT, sqlite_database, platform, robots={"519901": stand_in.ROBOT}) as stack,
        ):
            promise(sqlite_database, said, to="robot519901", private=False, lane=Lane.DUTY)
            stack.sender.wake()
            await stack.settled()
            return platform

    platform = asyncio.run(scene())

    assert platform.violations == []
    assert "".join(one.text for one in platform.to("robot")) == "".join(said)
    assert [row.attempts for row in rows(sqlite_database)] == [0] * 8


@pytest.mark.parametrize("target", ["@all", "HanMei|LiLei", ""])
def test_a_target_that_means_many_is_told_nothing(sqlite_database: Database, target: str) -> None:
    async def act(stack: Stack, _: Platform) -> None:
        stack.post("只给一个人的话", to=target)
        await stack.settled()

    platform = play(sqlite_database, act)

    assert platform.calls == []
    assert [row.state for row in rows(sqlite_database)] == ["gone"]


@pytest.mark.parametrize("stranger", ["hidden with errcode 0", "81013"])
def test_who_cannot_be_reached_is_gone(sqlite_database: Database, stranger: str) -> None:
    async def act(stack: Stack, platform: Platform) -> None:
        if stranger.startswith("hidden"):
            platform.hidden.add("HanMei")
        else:
            platform.members.clear()
        stack.post("收到")
        await stack.settled()

    platform = play(sqlite_database, act)

    assert [row.state for row in rows(sqlite_database)] == ["gone"]
    with sqlite_database.reading() as session:
        assert [gone.target for gone in reach.all_gone(session, 10)] == ["HanMei"]
    assert platform.violations == []


HELD = timedelta(seconds=58)


@pytest.mark.parametrize(
    ("fault", "attempts", "held"),
    [
        (Fault(code=45009), 0, HELD),
        (Fault(code=60020, words="not allow to access from your ip, from ip: 203.0.113.7, more"), 0, HELD),
        (Fault(code=48002), 0, HELD),
        (Fault(status=429), 0, HELD),
        (Fault(code=45033), 0, timedelta()),
        (Fault(status=502), 0, timedelta()),
        (Fault(status=200, words="<html>"), 0, timedelta()),
        (Fault(drops=True), 0, timedelta()),
        (Fault(hangs=True), 0, timedelta()),
        (Fault(code=-1), 1, timedelta()),
        (Fault(code=7777), 1, timedelta()),
    ],
    ids=str,
)
def test_what_fails_for_a_while_waits(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, fault: Fault, attempts: int, held: timedelta
) -> None:
    monkeypatch.setattr(api, "PATIENCE", ClientTimeout(total=0.3))
    seen: list[Outgoing] = []

    async def act(stack: Stack, platform: Platform) -> None:
        platform.fault = lambda path, _: None if path == "gettoken" else fault
        stack.post("收到")
        seen.append(await stack.tried())
        platform.fault = lambda _path, _to: None
        if not held:
            await stack.settled()

    platform = play(sqlite_database, act)

    (first,) = seen
    assert (first.state, first.attempts) == ("waiting", attempts)
    with sqlite_database.reading() as session:
        holds = claiming.holds(session, "wecom", KIT.clock.now() + held - timedelta(hours=0 if held else 1))
    assert bool(holds) == (attempts == 0), "the whole channel rests, or only the message"
    if not held:
        assert [one.text for one in platform.to("HanMei")] == ["收到"]
    assert platform.violations == []


@pytest.mark.parametrize("code", [40058, 45002, 44004, 40033])
def test_what_is_never_accepted_is_given_up_and_shown(sqlite_database: Database, code: int) -> None:
    async def act(stack: Stack, platform: Platform) -> None:
        platform.faults["message/send"].append(Fault(code=code))
        stack.post("收到")
        await stack.settled()

    play(sqlite_database, act)

    assert [(row.state, row.error) for row in rows(sqlite_database)] == [("refused", f"errcode {code}")]


@pytest.mark.parametrize("buttons", [(), CARD], ids=["text", "card"])
def test_a_message_whose_answer_was_lost_is_not_said_twice(sqlite_database: Database, buttons: Buttons) -> None:
    async def act(stack: Stack, platform: Platform) -> None:
        platform.faults["message/send"].append(Fault(drops=True, heard=True))
        stack.post("收到", buttons=buttons)
        await stack.settled()

    platform = play(sqlite_database, act)

    assert [one.text for one in platform.to("HanMei")] == ["收到"]
    assert platform.dropped == 1
    assert platform.violations == []


def test_the_same_words_may_be_said_again_as_a_new_answer(sqlite_database: Database) -> None:
    platform = play(sqlite_database, say("没有在办的事。"), say("没有在办的事。"))

    assert [one.text for one in platform.to("HanMei")] == ["没有在办的事。"] * 2
    assert platform.dropped == 0


def test_a_long_text_that_was_broken_off_goes_on_where_it_ended(sqlite_database: Database) -> None:
    words = "".join(f"第{n}句，" for n in range(500))

    async def act(_: Stack, platform: Platform) -> None:
        sends = iter([None, Fault(code=-1), None, Fault(drops=True, heard=True)])
        platform.fault = lambda path, _: next(sends, None) if path == "message/send" else None

    platform = play(sqlite_database, act, say(words))

    assert "".join(one.text for one in platform.to("HanMei")) == words
    assert platform.violations == []


@pytest.mark.parametrize("stale", [40014, 42001, 40001])
def test_a_token_that_is_none_any_more_is_fetched_anew_once(sqlite_database: Database, stale: int) -> None:
    async def act(_: Stack, platform: Platform) -> None:
        platform.stale = stale
        platform.revoke()

    platform = play(sqlite_database, say("一"), act, say("二"))

    assert [one.text for one in platform.to("HanMei")] == ["一", "二"]
    assert platform.fetched == 2


def test_a_platform_that_refuses_every_token_is_not_asked_for_ever(sqlite_database: Database) -> None:
    async def act(stack: Stack, platform: Platform) -> None:
        platform.fault = lambda path, _: None if path == "gettoken" else Fault(code=42001)
        stack.post("收到")
        assert "errcode 42001" in (await stack.tried()).error

    platform = play(sqlite_database, act)

    assert platform.calls.count("message/send") <= 4
    assert platform.fetched <= 4


def test_a_wrong_secret_is_not_tried_by_every_message(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: list[object] = []

    async def act(stack: Stack, platform: Platform) -> None:
        platform.fault = lambda path, _: Fault(code=40001) if path == "gettoken" else None
        for n in range(30):
            promise(sqlite_database, ["收到"], to=f"m{n}")
        stack.sender.wake()
        await asyncio.sleep(0.5)
        troubles.append(stack.channel.trouble())

    platform = play(sqlite_database, act)

    assert platform.fetched == 1
    assert troubles == [("channels/wecom_secret", {"code": 40001, "ip": "?"})]


def test_trouble_with_the_trusted_address_is_told_with_the_address_and_ends(sqlite_database: Database) -> None:
    troubles: list[object] = []

    async def act(stack: Stack, platform: Platform) -> None:
        platform.untrusted = True
        stack.post("收到")
        await stack.tried()
        troubles.append(stack.channel.trouble())
        platform.untrusted = False
        await stack.channel.send(_delivery("好了"))
        troubles.append(stack.channel.trouble())

    play(sqlite_database, act)

    assert troubles == [("channels/wecom_ip", {"code": 60020, "ip": "203.0.113.7"}), None]


def test_a_card_changes_in_place_once_and_again_after_each_tap(sqlite_database: Database) -> None:
    async def tap(stack: Stack, platform: Platform) -> None:
        hears = stack.channel.hears
        (card,) = platform.to("HanMei")
        hears((card.task, platform.code_for(card)))

    board = "board 1029"
    platform = play(
        sqlite_database,
        say("1 人", CARD, edits=board),
        say("2 人", CARD, edits=board),
        tap,
        say("3 人", CARD, edits=board),
        say("4 人", CARD, edits=board),
    )

    assert [one.text for one in platform.to("HanMei")] == ["3 人", "4 人"], "the last had no code to change it by"
    assert len(platform.updates) == 2
    assert platform.violations == []


def test_words_that_fit_no_card_follow_below_it_and_its_buttons_are_greyed(sqlite_database: Database) -> None:
    platform = play(sqlite_database, say("1029 请接单", CARD, edits="card 1029"), say("1029 已撤回", edits="card 1029"))

    card, text = platform.to("HanMei")
    assert (card.text, card.greyed) == ("1029 请接单", "有新进展，见下条")
    assert (text.kind, text.text) == ("text", "1029 已撤回")
    assert platform.violations == []


def test_a_card_whose_code_has_lapsed_is_said_anew(sqlite_database: Database) -> None:
    async def lapse(_: Stack, platform: Platform) -> None:
        platform.faults["message/update_template_card"].append(Fault(code=99999))

    platform = play(sqlite_database, say("1 人", CARD, edits="board"), lapse, say("2 人", CARD, edits="board"))

    assert [one.text for one in platform.to("HanMei")] == ["1 人", "2 人"]


def test_a_standing_card_that_cannot_be_changed_is_said_once_a_minute(sqlite_database: Database) -> None:
    async def second(stack: Stack, _: Platform) -> None:
        for text in ("2 人", "3 人"):
            stack.post(text, edits="board", lane=Lane.DUTY)
            await asyncio.sleep(0.1)
        stack.post("新任务", lane=Lane.DUTY)
        await asyncio.sleep(0.5)

    platform = play(sqlite_database, say("1 人", edits="board", lane=Lane.DUTY), second)

    assert [one.text for one in platform.to("HanMei")] == ["1 人", "新任务"]
    assert [row.text for row in rows(sqlite_database) if row.state == "waiting"] == ["3 人"]


def test_fifty_sends_after_a_revoked_token_fetch_one_new_token(database: Database) -> None:
    async def scene() -> Platform:
        members = {f"m{n}" for n in range(50)}
        async with (
            Platform(members).open() as platform,
            process(KIT, database, platform) as one,
            process(KIT, database, platform) as other,
        ):
            await asyncio.gather(one.channel.send(_delivery("一", "m0")), other.channel.send(_delivery("一", "m1")))
            assert platform.fetched == 1, "two processes begin with one token"
            platform.revoke()
            platform.fetch_takes_s = 0.1
            stacks = (one, other)
            sends = [stacks[n % 2].channel.send(_delivery("收到", f"m{n}", id=100 + n)) for n in range(50)]
            await asyncio.gather(*sends)
            return platform

    platform = asyncio.run(scene())

    assert platform.fetched == 2
    assert sum(one.text == "收到" for one in platform.messages) == 50
    assert platform.violations == []


def test_a_broadcast_to_three_hundred_through_every_failure_reaches_each_once(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform's minute is half a second here, and its hang a third: the rest is as it is."""
    monkeypatch.setattr(api, "PATIENCE", ClientTimeout(total=0.3))
    monkeypatch.setitem(failures.MEANINGS, 45009, Meaning(everyone=True, wait_s=0.5))  # pyright: ignore[reportArgumentType]
    members = [f"member{n}" for n in range(300)]
    bad: dict[int, Fault] = {
        20: Fault(code=45009), 40: Fault(status=502), 70: Fault(drops=True), 90: Fault(code=-1), 120: Fault(code=45033),
        150: Fault(hangs=True), 180: Fault(drops=True, heard=True), 210: Fault(status=503), 240: Fault(code=40058),
    }  # fmt: skip
    tries = iter(range(1, 10_000))

    def fails(path: str, _: str) -> Fault | None:
        return bad.get(next(tries)) if path == "message/send" else None

    async def act(stack: Stack, platform: Platform) -> None:
        platform.hidden = {"member7"}
        platform.fault = fails
        for member in members:
            promise(sqlite_database, ["停水通知"], to=member, lane=Lane.NOTICE)
        stack.sender.wake()
        await asyncio.sleep(1.0)
        platform.revoke()
        await stack.settled(within_s=30)

    platform = play(sqlite_database, act, members=tuple(members))

    told = [one.to for one in platform.messages]
    ended = {row.target: row.state for row in rows(sqlite_database)}
    assert len(told) == len(set(told)) == 298
    assert sorted(set(members) - set(told)) == sorted(to for to, state in ended.items() if state != "sent")
    assert sorted(state for state in ended.values() if state != "sent") == ["gone", "refused"]
    assert platform.violations == []
    assert platform.fetched == 2


def _delivery(text: str, to: str = "HanMei", *, id: int = 1) -> Delivery:
    return Delivery(id, Address("wecom", to, private=True), text, (), Lane.REPLY)


@pytest.mark.parametrize(
    ("address", "limits"),
    [(Address("wecom", "HanMei", private=True), A_MEMBER), (Address("wecom", "robot1"), A_ROBOT)],
    ids=["member", "robot"],
)
def test_the_pace_keeps_within_the_documents(address: Address, limits: tuple[tuple[int, float], ...]) -> None:
    now = [0.0]
    pacer, windows, said = Pacer(PACE, lambda: now[0]), Windows(), 0
    while now[0] < 3 * 3600:
        now[0] += pacer.wait_s(address)
        pacer.take(address)
        windows.count(address, tuple(Limit(most, per_s) for most, per_s in limits), now[0])
        said += 1

    assert windows.violations == 0
    assert said > 2400, "and it is no slower than it must be"
