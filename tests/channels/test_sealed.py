"""The seal: what others encrypt we read, what we encrypt others read, and nothing else gets in."""

import asyncio
import base64
from dataclasses import replace

import pytest
from aiohttp import ClientSession, web
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sealed import FRESH_S, LIMIT_BYTES, REMEMBERED, REPEATS, Seal, body_of, in_silence
from bot.errors import BadRequest, SetupError
from tests.channels.otherseal import AES_KEY, TOKEN, OtherSeal
from tests.server import free_port

NOW = 1_790_000_000.0
CORP = "wx5823bf96d3bd56c7"
OTHER = OtherSeal()
WORDS = st.text(max_size=700)
PRINTED = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)


class Wall:
    """A clock on the wall that a test may set."""

    def __init__(self) -> None:
        self.now_s = NOW

    def __call__(self) -> float:
        return self.now_s


def seal(wall: Wall | None = None, receiver: str = CORP) -> Seal:
    return Seal(TOKEN, AES_KEY, receiver, wall_s=wall or Wall())


@given(words=WORDS, nonce=PRINTED, apart_s=st.integers(-FRESH_S, FRESH_S))
def test_what_others_seal_we_open(words: str, nonce: str, apart_s: int) -> None:
    encrypt = OTHER.encrypted(words)

    assert seal().opened(OTHER.query(encrypt, NOW + apart_s, nonce), encrypt) == words


@given(words=WORDS, nonce=PRINTED, receiver=st.sampled_from([CORP, ""]))
def test_what_we_seal_others_open(words: str, nonce: str, receiver: str) -> None:
    other = replace(OTHER, receiver=receiver)

    envelope = seal(receiver=receiver).sealed(words, nonce)

    assert other.decrypted(envelope.encrypt) == words
    assert envelope.signature == other.signature(envelope.timestamp, nonce, envelope.encrypt)
    assert (envelope.timestamp, envelope.nonce) == (str(int(NOW)), nonce)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(OTHER, token="another"),
        replace(OTHER, aes_key="a" * 42 + "A"),
        replace(OTHER, receiver="somebody-else"),
        replace(OTHER, receiver=""),
    ],
    ids=["token", "key", "receiver", "nobody"],
)
def test_what_is_sealed_by_or_for_somebody_else_is_refused(wrong: OtherSeal) -> None:
    encrypt = wrong.encrypted("<xml/>")

    with pytest.raises(BadRequest) as refusal:
        seal().opened(wrong.query(encrypt, NOW, "n"), encrypt)

    assert refusal.value.status == 403


@given(rubbish=st.binary(max_size=200))
def test_rubbish_that_is_rightly_signed_is_refused_all_the_same(rubbish: bytes) -> None:
    encrypt = base64.b64encode(rubbish).decode()

    with pytest.raises(BadRequest):
        seal().opened(OTHER.query(encrypt, NOW, "n"), encrypt)


@given(
    query=st.dictionaries(st.sampled_from(["msg_signature", "signature", "timestamp", "nonce"]), st.text(max_size=40)),
    encrypt=st.text(max_size=80),
)
def test_garbage_is_refused(query: dict[str, str], encrypt: str) -> None:
    with pytest.raises(BadRequest):
        seal().opened(query, encrypt)


@given(at=st.integers(0), change=st.sampled_from(["cut", "flip"]))
def test_a_call_that_was_touched_is_refused(at: int, change: str) -> None:
    encrypt = OTHER.encrypted("3栋电梯停了")
    query = OTHER.query(encrypt, NOW, "n")
    at %= len(encrypt)
    touched = (
        encrypt[:at] if change == "cut" else encrypt[:at] + ("A" if encrypt[at] != "A" else "B") + encrypt[at + 1 :]
    )

    with pytest.raises(BadRequest):
        seal().opened(query, touched)


@pytest.mark.parametrize("apart_s", [-FRESH_S - 1, FRESH_S + 1, -86_400])
def test_a_call_of_another_time_is_refused(apart_s: int) -> None:
    encrypt = OTHER.encrypted("words")

    with pytest.raises(BadRequest):
        seal().opened(OTHER.query(encrypt, NOW + apart_s, "n"), encrypt)


def test_the_platforms_own_repeat_is_read_again_but_not_for_ever() -> None:
    ours, encrypt = seal(), OTHER.encrypted("words")
    query = OTHER.query(encrypt, NOW, "n")

    assert [ours.opened(query, encrypt) for _ in range(REPEATS)] == ["words"] * REPEATS
    with pytest.raises(BadRequest):
        ours.opened(query, encrypt)


def test_a_nonce_does_not_stand_for_two_calls() -> None:
    ours, first, second = seal(), OTHER.encrypted("words"), OTHER.encrypted("other words")
    ours.opened(OTHER.query(first, NOW, "n"), first)

    with pytest.raises(BadRequest):
        ours.opened(OTHER.query(second, NOW, "n"), second)
    assert ours.opened(OTHER.query(second, NOW, "m"), second) == "other words"


def test_in_plain_mode_one_signature_stands_for_one_body_only() -> None:
    ours, query = Seal(TOKEN, "", CORP, wall_s=Wall()), OTHER.plain_query(NOW, "n")
    ours.proved(query, body=b"<xml>1</xml>")
    ours.proved(query, body=b"<xml>1</xml>")

    with pytest.raises(BadRequest):
        ours.proved(query, body=b"<xml>forged</xml>")


def test_what_is_remembered_of_calls_is_forgotten_in_time_and_never_much() -> None:
    wall = Wall()
    ours = seal(wall)
    for n in range(5):
        encrypt = OTHER.encrypted("words")
        ours.opened(OTHER.query(encrypt, wall.now_s, f"n{n}"), encrypt)
        wall.now_s += FRESH_S

    assert len(ours._calls) <= 2  # pyright: ignore[reportPrivateUsage]
    assert REMEMBERED <= 100_000


@pytest.mark.parametrize("key", ["a" * 42, "a" * 44, "密" * 43, "-" * 43])
def test_a_key_that_is_none_is_told_at_the_start_without_being_shown(key: str) -> None:
    with pytest.raises(SetupError) as told:
        Seal(TOKEN, key, CORP)

    assert key not in str(told.value)


def test_a_call_that_is_too_long_is_answered_with_a_number_only() -> None:
    async def scene() -> list[tuple[int, bytes]]:
        async def take(request: web.Request) -> web.StreamResponse:
            return web.Response(text=str(len(await body_of(request))))

        app = web.Application()
        app.add_routes([web.post("/", in_silence("x", take))])
        runner = web.AppRunner(app)
        await runner.setup()
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()

        async def pieces(size: int):  # noqa: ANN202 - a body without a length
            for _ in range(size // 1024):
                yield b"x" * 1024

        answers: list[tuple[int, bytes]] = []
        async with ClientSession() as client:
            for body in (b"x" * LIMIT_BYTES, b"x" * (LIMIT_BYTES + 1), pieces(LIMIT_BYTES), pieces(LIMIT_BYTES + 1024)):
                async with client.post(f"http://127.0.0.1:{port}/", data=body) as answer:
                    answers.append((answer.status, await answer.read()))
        await runner.cleanup()
        return answers

    fits, refused = (200, str(LIMIT_BYTES).encode()), (413, b"")
    assert asyncio.run(scene()) == [fits, refused, fits, refused]


def test_the_example_of_the_platforms_own_document_opens() -> None:
    wall = Wall()
    wall.now_s = 1409659589
    encrypt = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    signature = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    query = {"msg_signature": signature, "timestamp": "1409659589", "nonce": "263014780"}

    assert seal(wall).opened(query, encrypt).isdecimal()
    assert OTHER.decrypted(encrypt).isdecimal(), "the other side of these tests is true to it too"
