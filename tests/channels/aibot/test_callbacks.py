"""The program called by an aibot's platform: what it does, what it answers, and that nothing else gets in."""

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot import ears
from bot import settings as setting
from bot.app import App
from bot.channels.sealed import LIMIT_BYTES
from bot.errors import SetupError
from bot.settings import Settings
from storage.database import Database
from storage.inbox import handled
from storage.matters import matter
from storage.outbox import Outgoing, outgoing
from tests.channels.aibot.conftest import ROOM, STAFF_ROOM, Open
from tests.channels.aibot.platform import NAME, SECRETS, Fault, Message, Platform
from tests.channels.conversation import LIFT, running, until
from tests.channels.otherseal import NOTHING_HERE, OtherSeal


def counted(database: Database) -> tuple[int, int, int]:
    """How much the bot has heard, kept and promised."""
    with database.reading() as session:
        return tuple(  # pyright: ignore[reportReturnType]
            session.one(int, select(func.count()).select_from(table)) for table in (handled, matter, outgoing)
        )


def rows(database: Database) -> list[Outgoing]:
    with database.reading() as session:
        return session.all(Outgoing, select(outgoing).order_by(outgoing.c.id))


async def seen(platform: Platform, to: str, words: str) -> Message:
    """The newest message with these words there."""
    return await until(
        lambda: next((one for one in reversed(platform.to(to)) if words in one.text), None),
        f"{to} sees {words}; there is {[one.text for one in platform.to(to)]}",
    )


def test_the_address_is_proved_whatever_becomes_of_its_plus(sqlite_database: Database) -> None:
    async def scene() -> list[tuple[int, str]]:
        async with Platform().open() as platform:
            config = Settings(database_url=str(sqlite_database.url), aibot=platform.settings())
            async with running(config) as (_, address), ClientSession() as client:
                answers: list[tuple[int, str]] = []
                while "+" not in (sealed := platform.seal.encrypted("1616140317555161061")):
                    pass
                query = {**platform.seal.query(sealed, time.time(), platform.nonce()), "echostr": sealed}
                bare = "&".join(f"{name}={value}" for name, value in query.items())
                forged = {**query, "msg_signature": "0" * 40}
                for sent in (query, bare, forged, {}):
                    async with client.get(f"{address}/hooks/aibot", params=sent) as answer:
                        answers.append((answer.status, await answer.text()))
                return answers

    good = (200, "1616140317555161061")
    assert asyncio.run(scene()) == [good, good, (403, ""), NOTHING_HERE]


def test_a_repeated_call_has_one_effect_and_the_same_answer(town: Open, sqlite_database: Database) -> None:
    async def scene() -> list[Mapping[str, Any] | None]:
        async with town() as at:
            platform, says = at.platform, at.platform.text("LiGuiFang", LIFT, ROOM)
            answers = await asyncio.gather(*(platform.call(says) for _ in range(3)))
            answers += [await platform.call(says) for _ in range(3)]
            assert platform.violations == []
            assert len(platform.to(ROOM)) == 1
            return answers

    answers = asyncio.run(scene())

    assert answers[0] is not None
    assert answers[0]["stream"]["content"].startswith("收到，")
    assert [answer for answer in answers if answer != answers[0]] == []
    assert counted(sqlite_database)[:2] == (1, 1)


def test_the_very_same_bytes_again_are_a_repeat_and_not_a_replay(town: Open, sqlite_database: Database) -> None:
    async def scene() -> list[tuple[int, bool]]:
        async with town() as at:
            platform = at.platform
            encrypt = platform.seal.encrypted(json.dumps(platform.text("LiGuiFang", LIFT, ROOM)))
            query, body = platform.seal.query(encrypt, time.time(), platform.nonce()), json.dumps({"encrypt": encrypt})
            answers = await asyncio.gather(*(platform.post(query, body.encode()) for _ in range(3)))
            return [(status, bool(held)) for status, held in answers]

    assert asyncio.run(scene()) == [(200, True)] * 3
    assert counted(sqlite_database)[:2] == (1, 1)


def test_two_who_ask_in_one_group_at_once_each_get_their_own_answer(town: Open) -> None:
    async def scene() -> list[str]:
        async with town() as at:
            asked = [
                at.platform.text("LiGuiFang", LIFT, ROOM),
                at.platform.text("HanMei", "帮助", ROOM),
                at.platform.text("LiGuiFang", "5栋楼道灯坏了", ROOM),
            ]
            answers = await asyncio.gather(*(at.platform.call(one) for one in asked))
            assert at.platform.violations == []
            return [str(answer["stream"]["content"]) if answer else "" for answer in answers]

    lift, help_, light = asyncio.run(scene())

    assert "电梯" in lift
    assert "5栋" in light
    assert "电梯" not in light
    assert help_


def test_words_and_a_picture_are_one_matter_with_its_picture(town: Open, sqlite_database: Database) -> None:
    async def scene() -> None:
        async with town() as at:
            words = {"msgtype": "text", "text": {"content": f"@锦绣小格 {LIFT}"}}
            picture = {"msgtype": "image", "image": {"url": "https://p/1"}}
            says = at.platform.says("LiGuiFang", ROOM, msgtype="mixed", mixed={"msg_item": [words, picture]})
            await at.platform.call(says)
            await at.platform.call(says)
            assert at.platform.violations == []

    asyncio.run(scene())

    assert counted(sqlite_database)[:2] == (2, 1)


@pytest.mark.parametrize("cut", [None, 20])
def test_a_quoted_card_and_a_digit_are_an_order(town: Open, cut: int | None) -> None:
    """People quote what the bot said: its words come along, perhaps cut, and no id."""

    async def scene() -> str:
        async with town() as at:
            platform = at.platform
            await platform.call(platform.text("LiGuiFang", LIFT, ROOM))
            await platform.call(platform.text("HanMei", "待办", STAFF_ROOM))
            await at.leader.says("你好")
            card = await seen(platform, "HanMei", LIFT)
            number = card.text.split()[0]
            quote = {"msgtype": "text", "text": {"content": card.text[:cut]}}
            answer = await platform.call(platform.text("HanMei", "1", quote=quote))
            assert answer is not None, number
            assert platform.violations == []
            return json.dumps(answer, ensure_ascii=False)

    assert "已接单" in asyncio.run(scene())


@pytest.mark.parametrize(
    "words",
    [
        "{lift} @{name}",
        "@{name}{lift}",
        "@{name}\u2005{lift}",
        "你好，@{name} 帮我报一下，{lift}",
        "@{name} 你好，{lift}",
    ],
)
def test_it_is_called_anywhere_in_a_sentence(town: Open, sqlite_database: Database, words: str) -> None:
    async def scene() -> None:
        async with town() as at:
            said = {"content": words.format(name=NAME, lift=LIFT)}
            await at.platform.call(at.platform.says("LiGuiFang", ROOM, msgtype="text", text=said))
            await at.resident.sees("收到")
            assert counted(sqlite_database)[2], "somebody is told something"
            assert at.platform.violations == []

    asyncio.run(scene())


def test_quoting_a_neighbour_and_mentioning_the_bot_reports_what_the_neighbour_said(town: Open) -> None:
    async def scene() -> str:
        async with town() as at:
            quote = {"msgtype": "text", "text": {"content": LIFT}}
            answer = await at.platform.call(at.platform.text("LiGuiFang", "", ROOM, quote=quote))
            assert answer is not None
            return str(answer["stream"]["content"])

    assert asyncio.run(scene()).startswith("收到，")


def test_a_tap_in_a_group_is_everybodys_while_it_can_be_tapped(town: Open) -> None:
    async def scene() -> None:
        async with town() as at:
            platform = at.platform
            buttons = json.dumps([["待办", "list"], ["帮助", "help"]])
            at.promise(STAFF_ROOM, "要看什么？", private=False, buttons=buttons)
            await asyncio.sleep(0.3)
            assert platform.to(STAFF_ROOM) == [], "nobody has spoken there yet"
            await platform.call(platform.text("HanMei", "你好", STAFF_ROOM))
            card = await seen(platform, STAFF_ROOM, "要看什么")
            assert card.buttons == (("待办", "list"), ("帮助", "help"))
            answer = await platform.call(platform.tap("HanMei", card, "help", STAFF_ROOM))
            assert answer is not None
            assert platform.violations == []
            assert ("userids" in answer) == ("button_list" not in answer["template_card"])
            if "userids" in answer:
                assert answer["userids"] == ["HanMei"]

    asyncio.run(scene())


def test_the_answer_that_does_not_fit_a_tapped_card_follows_wholly(town: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ears, "UNHEARD", timedelta(seconds=0.5))

    async def scene() -> None:
        async with town() as at:
            platform = at.platform
            platform.events_bring_addresses = True
            at.promise("HanMei", "要看什么？", buttons=json.dumps([["帮助", "help"], ["待办", "list"]]))
            await at.leader.opens()
            card = await seen(platform, "HanMei", "要看什么")
            answer = await platform.call(platform.tap("HanMei", card, "help"))
            assert answer is not None
            shown = answer["template_card"]["sub_title_text"]
            assert shown.endswith("…")

            def whole() -> list[str]:
                begun = shown.removesuffix("…")
                return [one.text for one in platform.to("HanMei") if begun in one.text and one.text != shown]

            assert await until(whole, "all of it")
            assert platform.violations == []

    asyncio.run(scene())


def test_what_comes_later_goes_once_by_the_calls_address_and_then_waits(town: Open, sqlite_database: Database) -> None:
    async def scene() -> None:
        async with town() as at:
            platform = at.platform
            await platform.call(platform.text("HanMei", "你好"))
            at.promise("HanMei", "第一条")
            await seen(platform, "HanMei", "第一条")
            at.promise("HanMei", "第二条")
            await until(lambda: [one for one in rows(sqlite_database) if one.state == "parked"], "it waits")
            answer = await platform.call(platform.text("HanMei", "你好"))
            assert "第二条" in json.dumps(answer, ensure_ascii=False)
            assert [one.text for one in platform.to("HanMei") if "第二条" in one.text] != []
            assert platform.calls.count("response") == 1
            assert platform.violations == []

    asyncio.run(scene())

    assert {one.state for one in rows(sqlite_database)} == {"sent"}


def test_a_repeated_call_does_not_make_its_address_fresh(town: Open) -> None:
    async def scene() -> None:
        async with town() as at:
            call = at.platform.text("HanMei", "你好")
            await at.platform.call(call)
            at.promise("HanMei", "后来的一句")
            await seen(at.platform, "HanMei", "后来的一句")
            await at.platform.call(call)
            at.promise("HanMei", "再后来的一句")
            await until(lambda: [one for one in rows(at.database) if one.state == "parked"], "it waits")
            assert at.platform.calls.count("response") == 1
            assert at.platform.violations == []

    asyncio.run(scene())


def test_an_address_is_not_used_after_its_hour(town: Open, sqlite_database: Database) -> None:
    async def scene() -> None:
        async with town() as at:
            await at.platform.call(at.platform.text("HanMei", "你好"))
            at.app.clock.move_to(at.app.clock.now() + timedelta(hours=1))
            at.promise("HanMei", "晚到的话")
            await until(lambda: [one for one in rows(sqlite_database) if one.state == "parked"], "it waits")
            assert at.platform.calls == []

    asyncio.run(scene())


@pytest.mark.parametrize(
    "fault",
    [Fault(code=-1), Fault(code=45033), Fault(status=502), Fault(drops=True), Fault(drops=True, heard=True)],
    ids=str,
)
def test_a_later_word_through_every_failure_is_said_once(town: Open, sqlite_database: Database, fault: Fault) -> None:
    async def scene() -> None:
        async with town() as at:
            platform = at.platform
            await platform.call(platform.text("HanMei", "你好"))
            tries = iter([fault])
            platform.fault = lambda command, _: next(tries, None) if command == "response" else None
            at.promise("HanMei", "只说一遍")
            await until(
                lambda: [one for one in rows(sqlite_database) if one.text == "只说一遍" and one.state == "sent"], "said"
            )
            assert [one.text for one in platform.to("HanMei")].count("只说一遍") == 1
            assert platform.calls.count("response") == 2
            assert platform.violations == []

    asyncio.run(scene())


def test_choices_that_no_card_can_hold_by_an_address_are_answered_by_their_number(town: Open) -> None:
    """By the address of a group's call no card can be said; the digit that mentions the bot taps."""

    async def scene() -> None:
        async with town() as at:
            platform = at.platform
            await platform.call(platform.text("HanMei", "你好", STAFF_ROOM))
            at.promise(
                STAFF_ROOM, "要看什么？", private=False, buttons=json.dumps([["名单", "list"], ["人工", "human"]])
            )
            asked = await seen(platform, STAFF_ROOM, "要看什么")
            assert "2 人工" in asked.text
            assert "@我" in asked.text
            await platform.call(platform.text("HanMei", "2", STAFF_ROOM))
            await seen(platform, STAFF_ROOM, "12345")
            assert platform.violations == []

    asyncio.run(scene())


def test_long_words_are_one_answer_within_its_bytes(town: Open) -> None:
    async def scene() -> None:
        async with town() as at:
            at.promise("HanMei", "很长的话，" * 1200)
            await until(lambda: [one for one in rows(at.database) if one.state == "parked"], "it waits")
            answer = await at.platform.call(at.platform.text("HanMei", "你好"))
            assert answer is not None
            assert answer["stream"]["content"].count("很长的话，") == 1200
            assert at.platform.violations == []

    asyncio.run(scene())


def test_words_never_make_a_link_or_a_mention_of_the_bots(town: Open) -> None:
    async def scene() -> None:
        async with town() as at:
            at.promise("HanMei", "[领奖](http://x) <@all> <font color=red> 3<5 a](b")
            await until(lambda: [one for one in rows(at.database) if one.state == "parked"], "it waits")
            answer = await at.platform.call(at.platform.text("HanMei", "你好"))
            content = str(answer["stream"]["content"]) if answer else ""
            assert "[领奖] (http://x) < @all> < font" in content
            assert "3<5" in content

    asyncio.run(scene())


def test_nothing_else_gets_in(sqlite_database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Forged, replayed, truncated, wrongly keyed, over-long and garbage calls: 4xx, not a word, no effect, no trace."""
    runner = asyncio.Runner()
    platform = Platform()
    opened = platform.open()
    runner.run(opened.__aenter__())
    program = running(Settings(database_url=str(sqlite_database.url), aibot=platform.settings()))
    _, address = runner.run(program.__aenter__())
    platform.hook = f"{address}/hooks/aibot"
    good = json.dumps(platform.text("LiGuiFang", LIFT, ROOM))
    replayed = platform.nonce()
    used = platform.seal.encrypted(json.dumps(platform.event("HanMei", "feedback_event")))
    assert runner.run(platform.post(platform.seal.query(used, time.time(), replayed), envelope(used)))[0] == 200

    def refused(query: Mapping[str, str], body: bytes) -> None:
        status, words = runner.run(platform.post(query, body))
        assert 400 <= status < 500
        assert words == b"" or (status, words.decode()) == NOTHING_HERE

    @settings(max_examples=60, deadline=None)
    @given(
        wrong=st.sampled_from(["token", "key", "receiver", "old", "ahead", "nonce", "none"]),
        cut=st.integers(0, 400),
        rubbish=st.binary(max_size=200),
        query=st.dictionaries(st.text(max_size=12), st.text(max_size=40), max_size=4),
    )
    def check(wrong: str, cut: int, rubbish: bytes, query: dict[str, str]) -> None:
        seal, at, nonce = platform.seal, time.time(), platform.nonce()
        other: dict[str, OtherSeal] = {
            "token": replace(seal, token="other"), "key": replace(seal, aes_key="b" * 42 + "A"),
            "receiver": replace(seal, receiver="wwother"),
        }  # fmt: skip
        sealing = other.get(wrong, seal)
        at += {"old": -301.0, "ahead": 310.0}.get(wrong, 0.0)
        encrypt = sealing.encrypted(good)
        signed = sealing.query(encrypt, at, nonce)
        if wrong == "nonce":  # the used one's second is the platform's to repeat, with the same bytes only
            signed |= {"nonce": replayed}
        if wrong != "none":
            refused(signed, envelope(encrypt))
        body = envelope(encrypt)
        refused(seal.query(seal.encrypted(good), time.time(), nonce), body[: min(cut, len(body) - 1)])
        refused(seal.query(encrypt, at, nonce), rubbish)
        refused(query, rubbish)

    check()
    refused({}, b'{"encrypt": "' + b"x" * LIMIT_BYTES + b'"}')
    signed = platform.seal.encrypted('{"no": "message"}')
    refused(platform.seal.query(signed, time.time(), platform.nonce()), envelope(signed))
    heard = counted(sqlite_database)
    runner.run(program.__aexit__(None, None, None))
    runner.run(opened.__aexit__(None, None, None))
    runner.close()

    assert heard == (0, 0, 0)
    assert "Traceback" not in caplog.text


def envelope(encrypt: str) -> bytes:
    return json.dumps({"encrypt": encrypt}).encode()


def test_no_secret_is_told_in_logs_errors_or_answers(
    town: Open, sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def scene() -> list[str]:
        async with town() as at, ClientSession() as client:
            platform = at.platform
            faults = iter([Fault(status=502), Fault(code=40058)])
            platform.fault = lambda _command, _to: next(faults, None)
            await platform.call(platform.text("HanMei", "你好"))
            at.promise("HanMei", "说不出去的话")
            await until(lambda: [one for one in rows(sqlite_database) if one.error], "it failed")
            told = [(await platform.post({"msg_signature": "x", "timestamp": "1", "nonce": "n"}, b"{}"))[1].decode()]
            async with client.get(platform.hook.replace("/hooks/aibot", "/health")) as answer:
                told.append(await answer.text())
            return [*told, repr(at.app.settings), str(at.app.settings)]

    told = [*asyncio.run(scene()), caplog.text, *(row.error for row in rows(sqlite_database))]

    assert [secret for secret in SECRETS for words in told if secret in words] == []


@pytest.mark.parametrize(
    "half", [{}, {"token": "t"}, {"aes_key": "a" * 43}, {"bot_id": "b"}, {"secret": "s"}, {"token": "t", "secret": "s"}]
)
def test_half_a_setting_ends_the_start_with_words(half: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="bot_id"):
        setting.Aibot.model_validate(half)


def test_the_settings_have_the_platforms_names_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"BOT_ID": "b", "SECRET": "s", "TOKEN": "t", "AES_KEY": "a" * 43, "NAME": "锦绣小格"}.items():
        monkeypatch.setenv(f"XIAOGE_AIBOT__{name}", value)

    found = Settings().aibot

    assert found is not None
    assert (found.bot, found.name, found.secret.get_secret_value()) == ("b", "锦绣小格", "s")


def test_a_key_that_is_none_ends_the_start_with_words(sqlite_database: Database) -> None:
    config = Settings(database_url=str(sqlite_database.url), aibot=Platform().settings(aes_key="x" * 20))

    with pytest.raises(SetupError, match="EncodingAESKey"):
        App(config, demo=False)
