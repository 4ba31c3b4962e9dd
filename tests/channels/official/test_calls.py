"""Calls to the account's address: theirs are answered, and nobody else's, without a word of why."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.channels.official.listening import LIMIT_BYTES
from bot.errors import SendError
from storage import inbox, outbox
from storage.database import Database
from tests.channels.conversation import running
from tests.channels.official.conftest import World
from tests.channels.official.standin import ACCOUNT, SEAL
from tests.channels.otherseal import NOTHING_HERE, OtherSeal

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PARAMETERS = st.sampled_from(["signature", "msg_signature", "timestamp", "nonce", "encrypt_type", "echostr", "x"])
WORDS = "<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>1</CreateTime>{}</xml>"


def effects(world: World) -> tuple[int, int]:
    """How much was ever handled, and ever said."""
    with world.app.database.reading() as session:
        return (
            session.one(int, select(func.count()).select_from(inbox.handled)),
            session.one(int, select(func.count()).select_from(outbox.outgoing)),
        )


def refused(world: World, query: Mapping[str, str], body: bytes) -> int:
    """The status of a call that had no effect and got no word."""
    before = effects(world)
    status, answer = world.run(world.wechat.post(query, body))
    assert 400 <= status < 500, status
    assert answer == b"" or (status, answer.decode()) == NOTHING_HERE
    assert effects(world) == before
    return status


def test_the_address_is_checked_by_an_echo(world: World) -> None:
    query = {**SEAL.plain_query(time.time(), "echo1"), "echostr": "5838479218127813673"}

    assert world.run(world.wechat.get(query)) == (200, b"5838479218127813673")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"echostr": "1"},
        {**OtherSeal("another").plain_query(time.time(), "n"), "echostr": "1"},
        {**SEAL.plain_query(time.time() - 400, "n"), "echostr": "1"},
        {**SEAL.plain_query(time.time(), "echo2"), "echostr": "<script>"},
        SEAL.plain_query(time.time(), "echo3"),
    ],
    ids=["nothing", "unsigned", "forged", "old", "a page", "no echo"],
)
def test_nobody_else_learns_that_anybody_is_here(world: World, query: Mapping[str, str]) -> None:
    status, answer = world.run(world.wechat.get(query))

    assert 400 <= status < 500
    assert (status, answer.decode()) == NOTHING_HERE if "signature" not in query else answer == b""


@FEW
@given(query=st.dictionaries(PARAMETERS, st.text(max_size=50)), body=st.binary(max_size=400))
def test_garbage_is_refused(world: World, plain: World, query: dict[str, str], body: bytes) -> None:
    refused(world, query, body)
    refused(plain, query, body)


@FEW
@given(body=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: WORDS.format(text).encode())))
def test_signed_garbage_is_refused_or_means_nothing(world: World, plain: World, body: bytes) -> None:
    moment, nonce = time.time(), f"g{time.perf_counter_ns()}"
    before = effects(plain), effects(world)
    encrypt = SEAL.encrypted(body)
    sealed = f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()

    statuses = {
        plain.run(plain.wechat.post(SEAL.plain_query(moment, nonce), body))[0],
        world.run(world.wechat.post(SEAL.query(encrypt, moment, nonce), sealed))[0],
    }

    assert all(status == 200 or 400 <= status < 500 for status in statuses)
    assert (effects(plain), effects(world)) == before


@FEW
@given(at=st.integers(0), change=st.sampled_from(["cut", "flip", "key", "token", "receiver", "late", "early"]))
def test_a_call_that_is_not_wholly_theirs_is_refused(world: World, at: int, change: str) -> None:
    xml = world.wechat.message("oNobody", "text", {"Content": "3栋电梯停了"})
    by = {
        "key": OtherSeal(SEAL.token, "a" * 42 + "A", SEAL.receiver),
        "token": OtherSeal("another", SEAL.aes_key, SEAL.receiver),
        "receiver": OtherSeal(SEAL.token, SEAL.aes_key, "wx0000000000000000"),
    }.get(change, SEAL)
    encrypt = by.encrypted(xml)
    moment = time.time() + {"late": -301, "early": 310}.get(change, 0)
    query = by.query(encrypt, moment, f"n{time.perf_counter_ns()}")
    at %= len(encrypt)
    touched = {
        "cut": encrypt[:at],
        "flip": encrypt[:at] + ("A" if encrypt[at] != "A" else "B") + encrypt[at + 1 :],
    }.get(change, encrypt)

    refused(world, query, f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{touched}</Encrypt></xml>".encode())


def test_where_calls_are_sealed_an_open_one_is_refused_however_well_it_is_signed(world: World) -> None:
    xml = world.wechat.message("oNobody", "text", {"Content": "x"})

    assert refused(world, SEAL.plain_query(time.time(), "open1"), xml.encode()) == 403


def test_in_plain_mode_a_signature_that_was_seen_carries_no_other_words(plain: World) -> None:
    first, second = (plain.wechat.message("oNobody", "text", {"Content": words}) for words in ("进度", "我的信息"))
    moment = time.time()
    status, _ = plain.run(plain.wechat.call(first, nonce="seen1", at=moment))
    assert status == 200

    assert refused(plain, SEAL.plain_query(moment, "seen1"), second.encode()) == 403


def test_nor_does_it_in_another_process(plain: World, tmp_path: Path) -> None:
    """What is remembered in one is not known to the other: the database is asked."""
    first, second = (plain.wechat.message("oNobody", "text", {"Content": words}) for words in ("进度", "我的信息"))
    query = SEAL.plain_query(time.time(), "seen2")

    async def both() -> list[int]:
        here = plain.wechat.program
        async with running(plain.app.settings.model_copy(update={"phones": tmp_path})) as (_, there):
            statuses: list[int] = []
            for program, body in ((here, first), (there, second), (there, first), (here, first), (there, second)):
                plain.wechat.program = program
                statuses.append((await plain.wechat.post(query, body.encode()))[0])
            plain.wechat.program = here
            return statuses

    assert plain.run(both()) == [200, 403, 403, 200, 403], (
        "a repeat of the refused one's bytes is none of theirs either"
    )


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_of_two_bodies_at_once_one_has_the_nonce(kind: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(f"{kind}_database")

    def told(body: str) -> bool:
        with database.transaction() as session:
            return inbox.stands_for(session, "wechat", "1/n", body, datetime.now(UTC))

    with ThreadPoolExecutor(6) as pool:
        answers = dict(zip("ababab", pool.map(told, "ababab"), strict=True))
    assert sorted(answers.values()) == [False, True]


def test_what_is_too_long_is_refused(world: World, plain: World) -> None:
    for one in (world, plain):
        assert refused(one, SEAL.plain_query(time.time(), "long1"), b"x" * (LIMIT_BYTES + 1)) == 413


def test_no_secret_is_ever_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    name = world.somebody()
    world.run(world.wechat.says(name, "我的手机是13800138000"))
    world.wechat.fails = [500, "drop", 40013, -1]
    told: list[str] = []
    for _ in range(4):
        with pytest.raises(SendError) as failure:
            world.run(world.official.put_menu(world.app.ears))
        told.append(repr(failure.value))
    world.run(world.wechat.get({"echostr": "1"}))

    said = caplog.text + "".join(str(record.__dict__) for record in caplog.records) + "".join(told)
    for secret in ("the-app-secret", SEAL.token, SEAL.aes_key, "13800138000", *world.wechat.tokens):
        assert secret not in said
