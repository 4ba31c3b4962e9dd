"""How the platform calls an aibot, and the words that go back in the answer to its call."""

from collections.abc import Sequence

import msgspec
from aiohttp import web

from bot.channels.aibot.answering import Answering
from bot.channels.aibot.wording import Body
from bot.channels.base import Ears
from bot.channels.leaving import leave
from bot.channels.sealed import Seal, body_of, hook
from bot.errors import BadRequest

PATH = "/hooks/aibot"


class _Sealed(msgspec.Struct, frozen=True):
    encrypt: str


SEALED = msgspec.json.Decoder(_Sealed)
JSON = msgspec.json.Encoder()


def routes(aibot: Answering, seal: Seal, ears: Ears) -> Sequence[web.RouteDef]:
    """The address that the platform is told, and its proof."""

    async def proved(request: web.Request) -> web.StreamResponse:
        sealed = request.query.get("echostr", "").replace(" ", "+")  # a plus that came as it is
        return web.Response(text=seal.opened(request.query, sealed))

    async def called(request: web.Request) -> web.StreamResponse:
        """Once it has its effect: the words for whoever spoke, or nothing."""
        heard = aibot.hearing.read(seal.opened(request.query, _encrypt(await body_of(request))), ears.now())
        said = await aibot.reply(heard, ears)
        if said.body is None:
            return web.Response()
        answer = _answer(seal, said.body, request.query["nonce"])
        if said.whole:
            await leave(request, answer, heard.happened[-1], ears)
        return answer

    return hook(PATH, aibot.name, proved, called)


def _encrypt(body: bytes) -> str:
    try:
        return SEALED.decode(body).encrypt
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadRequest("not sealed") from fault


def _answer(seal: Seal, body: Body, nonce: str) -> web.Response:
    envelope = seal.sealed(JSON.encode(body).decode(), nonce)
    held = {
        "encrypt": envelope.encrypt,
        "msgsignature": envelope.signature,
        "timestamp": int(envelope.timestamp),
        "nonce": envelope.nonce,
    }
    return web.Response(body=JSON.encode(held), content_type="application/json")
