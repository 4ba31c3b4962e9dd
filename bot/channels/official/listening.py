"""How the account calls us, and the words that go back in the answer to its call."""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from bot.channels.base import Ears
from bot.channels.leaving import leave
from bot.channels.official import hearing
from bot.channels.official.hearing import Heard
from bot.channels.sealed import body_of, hook
from bot.errors import BadRequest

if TYPE_CHECKING:
    from bot.channels.official.channel import Official

PATH = "/hooks/wechat"
LIMIT_BYTES = 64 * 1024
ENCRYPT = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?\s*([A-Za-z0-9+/=]+)\s*(?:\]\]>)?\s*</Encrypt>")
NOTHING_TO_SAY = "success"
MESSAGE = ("message", 5, timedelta(hours=48))
TAP = ("tap", 3, timedelta(minutes=1))
"""What a word and what a tap, a scan or a follow allows: so many customer-service messages, so long."""
ECHO = re.compile(r"[\w+/=-]{1,1024}", re.ASCII)


def routes(official: "Official", ears: Ears) -> Sequence[web.RouteDef]:
    """The server address that the account is told, and its check."""

    async def checked(request: web.Request) -> web.StreamResponse:
        """What was sent along, when the platform asks whether we are the ones."""
        official.seal.proved(request.query)
        echo = request.query.get("echostr", "")
        if not ECHO.fullmatch(echo):
            raise BadRequest("nothing to echo")
        return web.Response(text=echo)

    async def called(request: web.Request) -> web.StreamResponse:
        """Once it has its effect: the words for whoever spoke, or that there are none."""
        said = await _read(official, request)
        heard = hearing.read(said, official.name, ears.now())
        if heard.happened and not official.is_sealed:
            await _is_said_once(official, request, said, ears)
        words = await _answered(official, heard, ears)
        answer = _answer(official, request, heard, words)
        if words and heard.happened:
            await leave(request, answer, heard.happened, ears)
        return answer

    return hook(PATH, official.name, checked, called)


async def _read(official: "Official", request: web.Request) -> str:
    """What the call says, opened where it is sealed. In sealed mode nothing else is believed."""
    body = await body_of(request, LIMIT_BYTES)
    if official.is_sealed:
        found = ENCRYPT.search(body)
        if found is None:
            raise BadRequest("not sealed", 403)
        return official.seal.opened(request.query, found[1].decode())
    official.seal.proved(request.query, body=body)
    try:
        return body.decode()
    except UnicodeDecodeError as fault:
        raise BadRequest("not UTF-8") from fault


async def _is_said_once(official: "Official", request: web.Request, said: str, ears: Ears) -> None:
    """In plain mode the words are not signed: BadRequest where a nonce stood for others before, in any process."""
    nonce = f"{request.query['timestamp']}/{request.query['nonce']}"
    if not await ears.stands_for(official.name, nonce, hashlib.sha256(said.encode()).hexdigest()):
        raise BadRequest("a nonce used again", 403)


async def _answered(official: "Official", heard: Heard, ears: Ears) -> str:
    """The words; none where there is nothing to say, or it is left to the sender."""
    incoming = heard.happened
    if incoming is None:
        return ""
    if incoming.happening == "left":
        await ears.heard(incoming)
        return ""
    kind, most, lasts = TAP if heard.tapped else MESSAGE
    room = official.able.longest - len(official.hint.encode()) - 1
    _, words = await asyncio.gather(
        ears.granted(official.name, heard.opener, kind, most=most, until=incoming.at + lasts, call=incoming.key),
        ears.answered(incoming, room, told=True),
    )
    return official.answer(words)


def _answer(official: "Official", request: web.Request, heard: Heard, words: str) -> web.Response:
    """Sealed where the call was."""
    if not words:
        return web.Response(text=NOTHING_TO_SAY)
    xml = _reply(heard, words)
    if official.is_sealed:
        xml = official.seal.sealed(xml, request.query["nonce"]).xml
    return web.Response(text=xml, content_type="text/xml")


def _reply(heard: Heard, words: str) -> str:
    """The same words make the same answer: its moment is the call's."""
    held = {
        "ToUserName": heard.opener,
        "FromUserName": heard.account,
        "MsgType": "text",
        "Content": words,
    }
    fields = "".join(
        f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>" for name, value in held.items()
    )
    return f"<xml>{fields}<CreateTime>{heard.sent_at}</CreateTime></xml>"
