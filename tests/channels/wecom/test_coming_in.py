"""Everything that comes in from WeCom: what it means, and that nothing else gets in."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.app import App
from bot.channels.base import Troubled
from bot.channels.sealed import LIMIT_BYTES
from bot.channels.wecom.hearing import Heard, read
from bot.errors import BadRequest, SetupError
from bot.message import Incoming
from bot.settings import Settings
from storage.database import Database
from storage.inbox import handled
from storage.matters import matter
from storage.outbox import outgoing
from tests.channels.conversation import LEADER, LIFT, RESIDENT, running, settle, until
from tests.channels.otherseal import NOTHING_HERE, OtherSeal
from tests.channels.wecom.phone import Phone
from tests.channels.wecom.platform import ROBOT, SECRETS, Fault, Platform, envelope, post, xml_of
from tests.channels.wecom.stack import promise, rows

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
MICRO = "519901001001001001"
COMMON = {"ToUserName": "ww1", "FromUserName": "HanMei", "CreateTime": "1409659813", "AgentID": "1000002"}
MESSAGE = {**COMMON, "MsgId": "4561255354251345929"}
EVENT = {**COMMON, "MsgType": "event"}
CARD = {**EVENT, "Event": "template_card_event", "EventKey": "accept 1029", "TaskId": "x7-ab", "ResponseCode": "c1"}


@pytest.mark.parametrize(
    ("says", "happening", "text"),
    [
        ({**MESSAGE, "MsgType": "text", "Content": LIFT}, "text", LIFT),
        ({**MESSAGE, "MsgType": "text", "Content": "a ]]> b <c> & d"}, "text", "a ]]> b <c> & d"),
        ({**MESSAGE, "MsgType": "image", "PicUrl": "https://p", "MediaId": "m-1"}, "photo", "m-1"),
        ({**MESSAGE, "MsgType": "voice", "MediaId": "m-2", "Format": "amr"}, "voice", ""),
        (
            {**MESSAGE, "MsgType": "location", "Location_X": "30.66", "Location_Y": "104.06", "Scale": "16", "Label": "天府广场"},
            "place",
            "天府广场",
        ),
        (
            {**MESSAGE, "MsgType": "location", "Location_X": "30.66", "Location_Y": "104.06", "Label": ""},
            "place",
            "30.66,104.06",
        ),
        ({**MESSAGE, "MsgType": "link", "Title": "停水通知", "Url": "https://x"}, "text", "停水通知"),
        ({**EVENT, "Event": "subscribe", "EventKey": ""}, "joined", ""),
        ({**EVENT, "Event": "enter_agent", "EventKey": ""}, "joined", ""),
        ({**EVENT, "Event": "unsubscribe", "EventKey": ""}, "left", ""),
        ({**EVENT, "Event": "click", "EventKey": "进度"}, "text", "进度"),
        (CARD, "press", "accept 1029"),
    ],
)  # fmt: skip
def test_what_each_call_says(says: Mapping[str, str], happening: str, text: str) -> None:
    found = read("wecom", xml_of(says), AT).happened

    assert found is not None
    assert (found.happening, found.text) == (happening, text)
    assert (found.channel, found.sender, found.chat, found.at) == ("wecom", "HanMei", None, AT)


@pytest.mark.parametrize(
    "says",
    [
        {**MESSAGE, "MsgType": "video", "MediaId": "m"},
        {**EVENT, "Event": "LOCATION", "Latitude": "30.6", "Longitude": "104.0"},
        {**EVENT, "Event": "view", "EventKey": "https://x"},
        {**EVENT, "Event": "change_external_chat", "FromUserName": "sys", "ChangeType": "create"},
        {**EVENT, "Event": "batch_job_result"},
        {name: words for name, words in MESSAGE.items() if name != "FromUserName"}
        | {"MsgType": "text", "Content": "x"},
    ],
)
def test_what_does_not_concern_us_is_nothing(says: Mapping[str, str]) -> None:
    assert read("wecom", xml_of(says), AT) == Heard()


def key(says: Mapping[str, str]) -> str:
    found = read("wecom", xml_of(says), AT).happened
    assert isinstance(found, Incoming)
    return found.key


@pytest.mark.parametrize("change", ["create", "update", "dismiss"])
def test_a_customer_group_that_changed_is_named(change: str) -> None:
    says = {
        **EVENT, "FromUserName": "sys", "Event": "change_external_chat", "ChatId": "wrOgQh", "ChangeType": change,
        "UpdateDetail": "add_member", "JoinScene": "3", "MemChangeCnt": "1",
    }  # fmt: skip

    assert read("wecom", xml_of(says), AT) == Heard(group="wrOgQh")


@pytest.mark.parametrize("name", ["ResponseCode", "EventKey", "CreateTime", "TaskId", "FromUserName"])
def test_two_events_of_one_second_are_two(name: str) -> None:
    assert key(CARD) == key(dict(CARD))
    assert key(CARD) != key({**CARD, name: "9"})


def test_who_looks_in_again_is_not_greeted_again() -> None:
    enters = {**EVENT, "Event": "enter_agent", "EventKey": ""}

    assert key(enters) == key({**enters, "CreateTime": "1409669999"})
    assert key(enters) != key({**enters, "FromUserName": "LiLei"})


@pytest.mark.parametrize(
    "xml", ["", "<xml/>", "<xml>", "<a/>", "{}", "<xml><FromUserName>x</FromUserName></xml>", "<!DOCTYPE x [<!ENTITY a 'b'>]><xml>&a;</xml>",
            "<xml><MsgType><a/></MsgType></xml>", "<xml><MsgType>event</MsgType></xml>", "<xml/><xml/>"]
)  # fmt: skip
def test_what_is_no_message_is_refused(xml: str) -> None:
    with pytest.raises(BadRequest):
        read("wecom", xml, AT)


@given(xml=st.text(max_size=300))
def test_any_words_are_a_message_or_refused(xml: str) -> None:
    with suppress(BadRequest):
        read("wecom", xml, AT)


def counted(database: Database) -> tuple[int, int, int]:
    """How much the bot has heard, kept and promised."""
    with database.reading() as session:
        return tuple(  # pyright: ignore[reportReturnType]
            session.one(int, select(func.count()).select_from(table)) for table in (handled, matter, outgoing)
        )


def test_the_address_is_proved_within_its_query_whatever_becomes_of_its_plus(sqlite_database: Database) -> None:
    async def scene() -> list[tuple[int, str]]:
        async with Platform(set()).open() as platform:
            config = Settings(database_url=str(sqlite_database.url), wecom=platform.settings())
            async with running(config) as (_, address), ClientSession() as client:
                answers: list[tuple[int, str]] = []
                while True:
                    sealed = platform.seal.encrypted("1616140317555161061")
                    if "+" in sealed:
                        break
                query = {**platform.seal.query(sealed, time.time(), platform.nonce()), "echostr": sealed}
                bare = "&".join(f"{name}={value}" for name, value in query.items())
                forged = {**query, "msg_signature": "0" * 40}
                for sent in (query, bare, forged, {}):
                    async with client.get(f"{address}/hooks/wecom", params=sent) as answer:
                        answers.append((answer.status, await answer.text()))
                return answers

    good = (200, "1616140317555161061")
    assert asyncio.run(scene()) == [good, good, (403, ""), NOTHING_HERE]


def test_a_repeated_call_has_one_effect_and_the_same_answer(sqlite_database: Database) -> None:
    settle(sqlite_database, {RESIDENT: ("wecom", "LiGuiFang"), LEADER: ("wecom", "HanMei")})

    async def scene() -> tuple[list[tuple[int, bytes]], Platform]:
        async with Platform({"LiGuiFang", "HanMei"}).open() as platform:
            config = Settings(database_url=str(sqlite_database.url), wecom=platform.settings())
            async with running(config) as (_, address):
                hook = f"{address}/hooks/wecom"
                says = platform.text("LiGuiFang", LIFT)
                encrypt = platform.seal.encrypted(xml_of(says))
                query = platform.seal.query(encrypt, time.time(), platform.nonce())
                same = [post(hook, query, envelope(encrypt)) for _ in range(3)]
                anew = [platform.call(hook, says) for _ in range(3)]
                answers = await asyncio.gather(*same, *anew)
                for _ in range(3):
                    answers.append(await platform.call(hook, says))
                await Phone(platform, hook, "HanMei").sees("电梯")
                return answers, platform

    answers, platform = asyncio.run(scene())

    assert answers == [(200, b"")] * 9
    assert counted(sqlite_database)[:2] == (1, 1)
    assert len(platform.to("LiGuiFang")) == 1
    assert len(platform.to("HanMei")) == 1


def test_nothing_else_gets_in(sqlite_database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Forged, replayed, truncated, wrongly keyed, over-long and garbage calls: 4xx, not a word, no effect, no trace."""
    runner = asyncio.Runner()
    platform = Platform(set())
    opened = platform.open()
    runner.run(opened.__aenter__())
    config = Settings(database_url=str(sqlite_database.url), wecom=platform.settings())
    program = running(config)
    _, address = runner.run(program.__aenter__())
    hook = f"{address}/hooks/wecom"
    good = xml_of(platform.text("LiGuiFang", LIFT))
    replayed = platform.nonce()
    used = platform.seal.encrypted(xml_of({**EVENT, "Event": "view"}))
    assert runner.run(post(hook, platform.seal.query(used, time.time(), replayed), envelope(used)))[0] == 200

    def refused(query: Mapping[str, str], body: bytes) -> None:
        status, words = runner.run(post(hook, query, body))
        assert 400 <= status < 500
        assert words == b"" or (status, words.decode()) == NOTHING_HERE

    @settings(max_examples=60, deadline=None)
    @given(
        wrong=st.sampled_from(["token", "key", "corp", "old", "ahead", "nonce", "none"]),
        cut=st.integers(0, 400),
        rubbish=st.binary(max_size=200),
        query=st.dictionaries(st.text(max_size=12), st.text(max_size=40), max_size=4),
    )
    def check(wrong: str, cut: int, rubbish: bytes, query: dict[str, str]) -> None:
        seal, at, nonce = platform.seal, time.time(), platform.nonce()
        other: dict[str, OtherSeal] = {
            "token": replace(seal, token="other"), "key": replace(seal, aes_key="b" * 42 + "A"),
            "corp": replace(seal, receiver="wwother"),
        }  # fmt: skip
        sealing = other.get(wrong, seal)
        at += {"old": -301.0, "ahead": 310.0}.get(wrong, 0.0)
        encrypt = sealing.encrypted(good)
        signed = sealing.query(encrypt, at, replayed if wrong == "nonce" else nonce)
        body = envelope(encrypt)
        if wrong == "nonce":  # the very second of the used one is the platform's to repeat, with the same bytes only
            signed = sealing.query(encrypt, at, nonce) | {"nonce": replayed}
        if wrong != "none":
            refused(signed, body)
        refused(seal.query(seal.encrypted(good), time.time(), nonce), body[: min(cut, len(body) - 1)])
        refused(seal.query(encrypt, at, nonce), rubbish)
        refused(query, rubbish)

    check()
    refused({}, b"<xml>" + b"x" * LIMIT_BYTES + b"</xml>")
    signed = platform.seal.encrypted("<xml>no message</xml>")
    refused(platform.seal.query(signed, time.time(), platform.nonce()), envelope(signed))
    heard = counted(sqlite_database)
    runner.run(program.__aexit__(None, None, None))
    runner.run(opened.__aexit__(None, None, None))
    runner.close()

    assert heard == (0, 0, 0)
    assert "Traceback" not in caplog.text


def test_no_secret_is_told_in_logs_errors_or_answers(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settle(sqlite_database, {RESIDENT: ("wecom", "LiGuiFang"), LEADER: ("wecom", "HanMei")})
    answers: list[bytes] = []

    async def scene() -> str:
        async with Platform({"LiGuiFang", "HanMei"}).open() as platform:
            config = Settings(database_url=str(sqlite_database.url), wecom=platform.settings(robots={MICRO: ROBOT}))
            platform.untrusted = True
            platform.faults["webhook/send"].append(Fault(status=500))
            platform.faults["message/send"].extend([Fault(code=-1), Fault(code=40058), Fault(drops=True)])
            platform.faults["gettoken"].append(Fault(status=502))
            async with running(config) as (app, address), ClientSession() as client:
                hook = f"{address}/hooks/wecom"
                promise(sqlite_database, ["群里的话"], to=f"robot{MICRO}", private=False)
                answers.extend([(await platform.call(hook, platform.text("LiGuiFang", LIFT)))[1] for _ in range(3)])
                answers.append((await post(hook, {"msg_signature": "x", "timestamp": "1", "nonce": "n"}, b"<xml/>"))[1])
                (wecom,) = [sender.channel for sender in app.senders if isinstance(sender.channel, Troubled)]
                await until(wecom.trouble, "60020 is met")
                async with client.get(f"{address}/health") as answer:
                    answers.append(await answer.read())
                return repr(config) + str(config)

    shown = asyncio.run(scene())

    told = [caplog.text, shown, *(row.error for row in rows(sqlite_database)), *(one.decode() for one in answers)]
    assert [secret for secret in SECRETS for words in told if secret in words] == []
    assert "60020" in answers[-1].decode()
    assert "企业可信IP" in answers[-1].decode()


def test_the_settings_have_the_platforms_names_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "CORP_ID": "ww1", "AGENT_ID": "7", "SECRET": "s", "TOKEN": "t", "AES_KEY": "a" * 43, "GROUPS": '["519901"]',
    }.items():  # fmt: skip
        monkeypatch.setenv(f"XIAOGE_WECOM__{name}", value)

    found = Settings().wecom

    assert found is not None
    assert (found.corp, found.agent, found.groups) == ("ww1", 7, ("519901",))


def test_a_key_that_is_none_ends_the_start_with_words(sqlite_database: Database) -> None:
    config = Settings(database_url=str(sqlite_database.url), wecom=Platform(set()).settings(aes_key="x" * 20))

    with pytest.raises(SetupError, match="EncodingAESKey"):
        App(config, demo=False)
