"""The seal on the calls of Tencent's platforms: who called is proved, what was said is read, and ours is sealed again."""

import asyncio
import base64
import hashlib
import hmac
import logging
import struct
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from secrets import token_hex
from typing import Protocol, cast
from xml.parsers.expat import ExpatError

import xmltodict
from aiohttp import web
from wechatpy.crypto import PrpCrypto  # pyright: ignore[reportMissingTypeStubs]
from wechatpy.exceptions import WeChatException  # pyright: ignore[reportMissingTypeStubs]

from bot.errors import BadRequest, SetupError

log = logging.getLogger(__name__)

FRESH_S = 300
"""A call signed longer ago, or so far ahead, is nobody's that we know."""
TOLD_S = 3600.0
"""So long after such a call /health says that the clock may be wrong."""
LIMIT_BYTES = 128 * 1024
"""No call of theirs is nearly as large: a message is 2 kB, a mixed one some links more."""
READ_S = 4.0
"""They give up after five seconds themselves."""
REPEATS = 6
"""The platforms repeat an unanswered call twice; the same bytes more often than this come from somebody else."""
REMEMBERED = 100_000
NONCE_LETTERS = 128
SIGNED = frozenset(("signature", "msg_signature"))
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Cipher(Protocol):
    def encrypt(self, text: str, app_id: str) -> bytes: ...
    def decrypt(self, text: str, app_id: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Envelope:
    """Sealed words with what proves that they are ours."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str

    @property
    def xml(self) -> str:
        """As an answer to an XML call carries it."""
        return (
            f"<xml><Encrypt><![CDATA[{self.encrypt}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{self.signature}]]></MsgSignature>"
            f"<TimeStamp>{self.timestamp}</TimeStamp><Nonce><![CDATA[{self.nonce}]]></Nonce></xml>"
        )


class Seal:
    """One application's seal: `receiver` is the corp id, the AppID, or nothing for an aibot.

    Without `aes_key` only `proved` can be asked (an official account in plain mode). `wall_s` is the real time in
    seconds: a pretended clock may be far from what the platform signs.
    """

    def __init__(self, token: str, aes_key: str, receiver: str, *, wall_s: Callable[[], float] = time.time) -> None:
        self._token = token.encode()
        self._receiver = receiver
        self._wall_s = wall_s
        self._cipher = cast("_Cipher", PrpCrypto(_key(aes_key))) if aes_key else None
        self._calls: OrderedDict[tuple[str, str], tuple[bytes, int, int]] = OrderedDict()
        """What each signed call of the last minutes held, how often it came, and when it was signed."""
        self._late: tuple[float, int] | None = None
        """When a rightly signed call was last refused for its time, and by how many seconds it was off."""

    @property
    def trouble(self) -> tuple[str, Mapping[str, object]] | None:
        """Calls are refused for their time, as /health says it; None once one was accepted, or none came for a while."""
        if self._late is None or time.monotonic() - self._late[0] > TOLD_S:
            return None
        return "channels/clock", {"minutes": round(self._late[1] / 60)}

    def opened(self, query: Mapping[str, str], encrypt: str) -> str:
        """What they said. BadRequest: it is not theirs, not of now, or a nonce used for something else."""
        self.proved(query, encrypt)
        if self._cipher is None:
            raise BadRequest("sealed, and there is no key", 403)
        try:
            return self._cipher.decrypt(encrypt, self._receiver)
        except (ValueError, struct.error, IndexError, WeChatException) as fault:
            raise BadRequest("sealed for somebody else, or not at all", 403) from fault

    def proved(self, query: Mapping[str, str], encrypt: str = "", body: bytes = b"") -> None:
        """BadRequest unless they signed it, within five minutes, and for nothing else.

        Sealed words are signed themselves; in plain mode the body is not, so that a nonce must stand for one body.
        """
        given = query.get("msg_signature" if encrypt else "signature", "")
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
            raise BadRequest("no timestamp", 403)
        if not (nonce and nonce.isascii() and nonce.isprintable() and len(nonce) <= NONCE_LETTERS):
            raise BadRequest("no nonce", 403)
        expected = self._signature(timestamp, nonce, encrypt)
        if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
            raise BadRequest("not signed by the platform", 403)
        apart_s = int(timestamp) - int(self._wall_s())
        if abs(apart_s) > FRESH_S:
            log.warning("a rightly signed call is not of now; see to the clock", extra={"apart_s": apart_s})
            self._late = time.monotonic(), abs(apart_s)
            raise BadRequest("signed at another time", 403)
        self._late = None
        self._once((timestamp, nonce), hashlib.sha256(given.encode() + b"\n" + body).digest(), int(timestamp))

    def sealed(self, words: str, nonce: str) -> Envelope:
        """The words as only they can read them."""
        if self._cipher is None:
            raise SetupError("Sealed words need an EncodingAESKey")
        timestamp = str(int(self._wall_s()))
        encrypt = self._cipher.encrypt(words, self._receiver).decode()
        return Envelope(encrypt, self._signature(timestamp, nonce, encrypt), timestamp, nonce)

    def question(self, words: str, *, sealed: bool = True) -> Mapping[str, str]:
        """The query by which the platform asks an address whether it is ours; these words are the answer."""
        nonce, timestamp = token_hex(8), str(int(self._wall_s()))
        if not sealed:
            signature = self._signature(timestamp, nonce, "")
            return {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": words}
        asked = self.sealed(words, nonce)
        query = {"msg_signature": asked.signature, "timestamp": asked.timestamp, "nonce": nonce}
        return {**query, "echostr": asked.encrypt}

    def _signature(self, timestamp: str, nonce: str, encrypt: str) -> str:
        parts = (self._token, timestamp.encode(), nonce.encode(), encrypt.encode(errors="replace"))
        return hashlib.sha1(b"".join(sorted(parts))).hexdigest()  # noqa: S324 - their choice

    def _once(self, name: tuple[str, str], holds: bytes, signed_at: int) -> None:
        """The same bytes again are their repeat, which the inbox answers as before; other ones are somebody's replay."""
        self._forget()
        before, times, _ = self._calls.get(name, (holds, 0, 0))
        if not hmac.compare_digest(before, holds) or times >= REPEATS:
            raise BadRequest("a nonce used again", 403)
        self._calls[name] = (holds, times + 1, signed_at)

    def _forget(self) -> None:
        """Only what is too old to be replayed; the oldest, where there are too many."""
        oldest = int(self._wall_s()) - FRESH_S
        while self._calls:
            name, (_, _, signed_at) = next(iter(self._calls.items()))
            if signed_at >= oldest and len(self._calls) < REMEMBERED:
                return
            del self._calls[name]


async def body_of(request: web.Request, most: int = LIMIT_BYTES) -> bytes:
    """What the call carries. BadRequest: it is too long, or too slow in coming."""
    if (request.content_length or 0) > most:
        raise BadRequest("too long", 413)
    held = bytearray()
    try:
        async with asyncio.timeout(READ_S):
            async for chunk in request.content.iter_any():
                held += chunk
                if len(held) > most:
                    raise BadRequest("too long", 413)
    except TimeoutError as fault:
        raise BadRequest("too slow", 408) from fault
    return bytes(held)


def parts_of(body: bytes) -> Mapping[str, str]:
    """The parts of an XML call that are plain words. BadRequest: it is none."""
    try:
        held = cast("object", xmltodict.parse(body.decode()))
        parts = cast("Mapping[str, Mapping[str, object]]", held)["xml"]
        return {name: value for name, value in parts.items() if isinstance(value, str)}
    except (ExpatError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise BadRequest("no XML call") from fault


def hook(path: str, channel: str, proved: Handler, called: Handler) -> Sequence[web.RouteDef]:
    """The address that a platform is told: a GET proves it, a POST is a call.

    Who brings no signature at all sees what is seen where nobody listens.
    """
    answers = {"GET": in_silence(channel, proved), "POST": in_silence(channel, called)}

    async def heard(request: web.Request) -> web.StreamResponse:
        answer = answers.get(request.method)
        if answer is None or SIGNED.isdisjoint(request.query):
            raise web.HTTPNotFound
        return await answer(request)

    return [web.route("*", path, heard)]


def in_silence(channel: str, handler: Handler) -> Handler:
    """The handler; whom it refuses sees a number, and not a word of why."""

    @wraps(handler)
    async def called(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except BadRequest as refusal:
            log.info("a call was refused", extra={"channel": channel, "why": refusal.says})
            return web.Response(status=refusal.status)

    return called


def _key(aes_key: str) -> bytes:
    try:
        key = base64.b64decode(aes_key + "=", validate=True)
    except ValueError as fault:
        raise SetupError(WRONG_KEY) from fault
    if len(key) != 32:
        raise SetupError(WRONG_KEY)
    return key


WRONG_KEY = "aes_key is not an EncodingAESKey: 43 letters and digits, copied from the platform's page of the callback."
