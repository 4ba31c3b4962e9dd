"""The simulator over HTTP: the page, what its phones say and show, the cast and the clock."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.channels.simulator import Cast, Clock, Simulator
from bot.channels.transcript import PRIVATE, Shown, conversation
from bot.errors import BadRequest
from bot.message import Incoming

LIMIT_BYTES = 1024 * 1024
LONGEST_LEAP_S = 400 * 24 * 3600
KEEP_ALIVE_S = 15.0
LOOK_EVERY_S = 0.2
PLAIN = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
HEADERS = {
    **PLAIN,
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}

Submit = Callable[[Incoming], Awaitable[None]]
Advance = Callable[[float], Awaitable[datetime]]
GetCast = Callable[[], Awaitable[Cast]]


class _Leap(msgspec.Struct, frozen=True):
    """What moves the clock."""

    advance_s: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_LEAP_S)]


_LEAP = msgspec.json.Decoder(_Leap)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which lines a call asks for."""

    conversation: str | None
    after: int
    before: int | None
    last: int | None


def mount(
    app: web.Application,
    simulator: Simulator,
    *,
    submit: Submit,
    clock: Clock,
    advance: Advance,
    cast: GetCast,
    roles: Mapping[str, str],
    pages: Path,
) -> None:
    """Give `app` the simulator's routes, and end its streams when `app` shuts down."""

    async def end_streams(_: web.Application) -> None:
        simulator.close()

    app.add_routes(routes(simulator, submit=submit, clock=clock, advance=advance, cast=cast, roles=roles, pages=pages))
    app.on_shutdown.append(end_streams)


def routes(
    simulator: Simulator,
    *,
    submit: Submit,
    clock: Clock,
    advance: Advance,
    cast: GetCast,
    roles: Mapping[str, str],
    pages: Path,
) -> list[web.RouteDef]:
    """Every route of the simulator; `submit` returns once what was said has taken effect, `roles` are names by code."""

    async def page(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(pages / "simulator.html", headers=HEADERS)

    async def page_part(request: web.Request) -> web.StreamResponse:
        path = pages / "static" / request.match_info["name"]
        if not path.is_file():
            raise BadRequest("There is no such file.", status=404)
        return web.FileResponse(path, headers=HEADERS)

    async def say(request: web.Request) -> web.StreamResponse:
        incoming = simulator.parse(await _body(request), clock.now())
        simulator.show(incoming)
        await submit(simulator.resolve(incoming))
        return _json({"id": incoming.key})

    async def messages(request: web.Request) -> web.StreamResponse:
        wanted = _wanted(request.query)
        if wanted.last is not None:
            lines, following = simulator.transcript.before(wanted.before, wanted.last, wanted.conversation)
        else:
            lines, following = simulator.transcript.since(wanted.after, wanted.conversation)
        found = b'{"next":%d,"messages":[%b]}' % (following, b",".join(line.json for line in lines))
        return web.Response(body=found, content_type="application/json", headers=PLAIN)

    async def events(request: web.Request) -> web.StreamResponse:
        wanted = _wanted(request.query)
        seen = request.headers.get("Last-Event-ID")
        after = wanted.after if seen is None else _number("Last-Event-ID", seen)
        response = web.StreamResponse(headers={**PLAIN, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            await _stream(request, response, simulator, wanted.conversation, after)
            await response.write_eof()
        except ConnectionResetError:  # the page was closed
            pass
        return response

    async def get_cast(_: web.Request) -> web.StreamResponse:
        return _json(await cast())

    async def get_roles(_: web.Request) -> web.StreamResponse:
        return _json(roles)

    async def time(_: web.Request) -> web.StreamResponse:
        return _json({"now": clock.now()})

    async def move_time(request: web.Request) -> web.StreamResponse:
        leap = _decoded_leap(await _body(request))
        return _json({"now": await advance(leap.advance_s)})

    return [
        web.get("/", _kindly(page)),
        web.get(r"/static/{name:\w[\w.-]*}", _kindly(page_part)),
        web.post("/simulator/messages", _kindly(say)),
        web.get("/simulator/messages", _kindly(messages)),
        web.get("/simulator/events", _kindly(events)),
        web.get("/simulator/cast", _kindly(get_cast)),
        web.get("/simulator/roles", _kindly(get_roles)),
        web.get("/simulator/clock", _kindly(time)),
        web.post("/simulator/clock", _kindly(move_time)),
    ]


def _kindly(handler: Handler) -> Handler:
    """`handler`, whose refusals say in one sentence what is wrong."""

    async def refuse_kindly(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except BadRequest as fault:
            return _json({"error": fault.says}, status=fault.status)

    return refuse_kindly


async def _stream(
    request: web.Request, response: web.StreamResponse, simulator: Simulator, chat: str | None, after: int
) -> None:
    """Write every line after `after` as it comes, until the page goes or the simulator closes."""
    loop = asyncio.get_running_loop()
    written_at = loop.time()
    await response.write(b"retry: 1000\n\n")
    with simulator.watching() as watch:
        while not simulator.closed and _is_open(request):
            watch.clear()
            lines, after = simulator.transcript.since(after, chat)
            if lines:
                await response.write(b"".join(_event(line) for line in lines))
                written_at = loop.time()
                continue
            if loop.time() - written_at >= KEEP_ALIVE_S:
                await response.write(b": still here\n\n")
                written_at = loop.time()
            await _wait_a_moment(watch)


async def _wait_a_moment(watch: asyncio.Event) -> None:
    """Until this process shows a line, or it is time to look what another one has shown."""
    try:
        async with asyncio.timeout(LOOK_EVERY_S):
            await watch.wait()
    except TimeoutError:
        return


def _is_open(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()


def _event(line: Shown) -> bytes:
    return b"id: %d\ndata: %b\n\n" % (line.n, line.json)


async def _body(request: web.Request) -> bytes:
    """The call's body; BadRequest when it is over 1 MiB, however large the application allows."""
    if (request.content_length or 0) > LIMIT_BYTES:
        raise _too_large()
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LIMIT_BYTES:
            raise _too_large()
    return bytes(body)


def _too_large() -> BadRequest:
    return BadRequest("The body is larger than 1 MiB; send less at once.", status=413)


def _decoded_leap(body: bytes) -> _Leap:
    try:
        return _LEAP.decode(body)
    except msgspec.ValidationError as fault:
        raise BadRequest(f"{fault}.") from fault
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadRequest("The body is not valid JSON in UTF-8.") from fault


def _wanted(given: Mapping[str, str]) -> _Wanted:
    before, last = given.get("before"), given.get("last")
    return _Wanted(
        conversation=_conversation(given),
        after=_number("after", given.get("after", "0")),
        before=None if before is None else _number("before", before),
        last=None if last is None else _number("last", last),
    )


def _conversation(given: Mapping[str, str]) -> str | None:
    """A group, somebody's private chat, or everything."""
    chat, user = given.get("chat", ""), given.get("user", "")
    if chat and chat != PRIVATE:
        return conversation(chat, user)
    if user:
        return conversation(PRIVATE, user)
    if chat:
        raise BadRequest("Say whose private chat is meant: add user.")
    return None


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadRequest(f"{name} must be a whole number, 0 or more.")
    return int(text)


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json", headers=PLAIN)
