"""The long connection 长连接: one line to the platform for hearing, answering and speaking, without a public address."""

import asyncio
import logging
import random
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from secrets import token_hex

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse, WSMsgType
from sqlalchemy.exc import SQLAlchemyError

from bot import settings
from bot.channels.aibot.answering import Answering, Said
from bot.channels.aibot.hearing import Heard
from bot.channels.aibot.wording import Body
from bot.channels.base import Ears
from bot.channels.wecom.failures import Refused, Unanswered
from bot.errors import BadRequest, SendError
from bot.message import Address

log = logging.getLogger(__name__)

PATIENCE = ClientTimeout(total=None, connect=10, sock_connect=10)
ANSWER_S = 8.0
"""So long an acknowledgement may take."""
PING_S, PINGS_MISSED = 30.0, 2
LOOK_S = 2.0
"""How often it is looked for whether this process is the one that speaks."""
REST_S, LONGEST_REST_S = 1.0, 60.0
DISPLACED_REST_S = 600.0
"""Somebody else holds the line: taking it back at once would begin a war of two programs."""
REFUSED_REST_S = 60.0
DOWN_S = 2.0
"""So long nothing is tried where the line is down: it comes back by itself, and all that was on it failed at once."""
FAILURES_TOLD = 3
"""After so many in a row an operator is told."""
LONGEST_BYTES = 1024 * 1024
AT_ONCE = 200
"""Calls that are being handled; more of them wait unread."""
IN_DOUBT = 4
"""Words of our own that wait for their acknowledgement at once: where the line breaks nobody knows whether they were
heard, and they are said again."""
UNSTORED_TRIES = 6
"""The platform does not repeat a call on the line: one that could not be stored is tried again here."""
FAREWELL_S = 5.0
COMMANDS = {"message": "aibot_respond_msg", "welcome": "aibot_respond_welcome_msg", "click": "aibot_respond_update_msg"}
CALLS = frozenset(("aibot_msg_callback", "aibot_event_callback"))
SINGLE, GROUP = 1, 2
"""Whom a message of our own goes to, as the platform numbers it."""


class _Headers(msgspec.Struct, frozen=True):
    req_id: str = ""


class _Frame(msgspec.Struct, frozen=True):
    cmd: str = ""
    headers: _Headers = _Headers()
    body: msgspec.Raw = msgspec.Raw(b"{}")
    errcode: int = 0


FRAME = msgspec.json.Decoder(_Frame)


class Line:
    """One bot's."""

    def __init__(self, of: settings.Aibot) -> None:
        self.trouble: tuple[str, Mapping[str, object]] | None = None
        """What an operator has to see to, as /health says it."""
        self.displaced_rest_s = DISPLACED_REST_S
        self._of = of
        self._socket: ClientWebSocketResponse | None = None
        self._subscribed = False
        self._displaced = False
        self._waiting: defaultdict[str, deque[asyncio.Future[int]]] = defaultdict(deque)
        """By the id of what was said, who waits for its acknowledgement."""
        self._flights = 0
        self._landed = asyncio.Event()
        self._landed.set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._narrow = asyncio.Semaphore(IN_DOUBT)

    async def call(self, command: str, body: Body, *, answers: str = "") -> None:
        """Return once the platform has acknowledged it; `answers` is the id of the call that it answers.

        Raises Refused with the platform's code, SendError where there is no line or no acknowledgement.
        """
        if answers:
            await self._spoken(command, body, answers)
            return
        async with self._narrow:
            await self._spoken(command, body, answers)

    async def _spoken(self, command: str, body: Body, answers: str) -> None:
        if not self._subscribed:
            wait_s = REFUSED_REST_S if self._displaced else DOWN_S
            raise SendError("the line is down", everyone=True, retry_after_s=wait_s)
        await self._ask(command, body, answers)

    async def push(self, address: Address, message: Body) -> None:
        """A message of its own; raises as `call` does."""
        kind = SINGLE if address.private else GROUP
        await self.call("aibot_send_msg", {"chatid": address.target, "chat_type": kind, **message})

    async def run(self, aibot: Answering, ears: Ears) -> None:
        """Hold the line whenever this process is the one that speaks, until cancelled; then let the last words land."""
        holding = asyncio.create_task(self._hold(aibot, ears), name="aibot line")
        try:
            await asyncio.shield(holding)
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_S):
                    await self._landed.wait()
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)

    async def _hold(self, aibot: Answering, ears: Ears) -> None:
        failures = 0
        while True:
            while not await ears.speaks(aibot.name):  # noqa: ASYNC110 - another process tells us nothing
                await asyncio.sleep(LOOK_S)
            rest_s = min(LONGEST_REST_S, REST_S * 2.0**failures) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load
            self._displaced, began = False, time.monotonic()
            try:
                await self._once(aibot, ears)
                failures = 0 if time.monotonic() - began > LONGEST_REST_S else failures + 1
            except Refused as refusal:
                log.error("the platform refuses the aibot's line", extra={"code": refusal.code})
                self.trouble, rest_s = ("channels/aibot_secret", {"code": refusal.code}), REFUSED_REST_S
            except (ClientError, OSError, SendError) as fault:
                failures += 1
                error = fault.says if isinstance(fault, SendError) else type(fault).__name__
                log.warning("the aibot's line is down", extra={"error": error})
                if failures >= FAILURES_TOLD:
                    self.trouble = "channels/aibot_line", {"error": error}
            if self._displaced:
                log.error("another program has taken the aibot's line")
                self.trouble, rest_s = ("channels/aibot_taken", {}), self.displaced_rest_s
            await asyncio.sleep(rest_s)

    async def _once(self, aibot: Answering, ears: Ears) -> None:
        """From the connection to its end."""
        async with ClientSession(timeout=PATIENCE) as client:
            socket = await client.ws_connect(self._of.api, max_msg_size=LONGEST_BYTES)
            self._socket = socket
            try:
                async with asyncio.TaskGroup() as group:
                    listening = group.create_task(self._listen(socket, aibot, ears, group))
                    keeping = group.create_task(self._keep(socket, aibot, ears))
                    listening.add_done_callback(lambda _: keeping.cancel())
            except ExceptionGroup as faults:
                raise faults.exceptions[0] from None
            finally:
                self._socket, self._subscribed = None, False
                for waiting in self._waiting.values():
                    for future in waiting:
                        if not future.done():
                            future.set_exception(Unanswered("the line broke", wait_s=DOWN_S))
                self._waiting.clear()
                await socket.close()

    async def _keep(self, socket: ClientWebSocketResponse, aibot: Answering, ears: Ears) -> None:
        """Say who we are, then that we are there; hang up where another process speaks now.

        Raises Refused where they do not want us, Unanswered where they do not answer.
        """
        await self._ask("aibot_subscribe", {"bot_id": self._of.bot, "secret": self._of.secret.get_secret_value()})
        self._subscribed, self.trouble = True, None
        log.info("the aibot's line stands")
        missed, since_s = 0, 0.0
        while await ears.speaks(aibot.name):
            pause_s = min(LOOK_S, PING_S)
            await asyncio.sleep(pause_s)
            since_s += pause_s
            if since_s >= PING_S:
                since_s = 0.0
                missed = 0 if await self._pinged() else missed + 1
            if missed >= PINGS_MISSED:
                raise Unanswered("nobody answers a ping")
        await socket.close()

    async def _pinged(self) -> bool:
        try:
            await self._ask("ping", {})
        except SendError:
            return False
        return True

    async def _listen(
        self, socket: ClientWebSocketResponse, aibot: Answering, ears: Ears, group: asyncio.TaskGroup
    ) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                frame = FRAME.decode(message.data)
            except (msgspec.DecodeError, RecursionError):
                log.warning("a frame could not be read")
                continue
            if not frame.cmd:
                self._acknowledged(frame)
            elif frame.cmd in CALLS:
                await self._room.acquire()
                group.create_task(self._called(frame, socket, aibot, ears))

    def _acknowledged(self, frame: _Frame) -> None:
        waiting = self._waiting.get(frame.headers.req_id)
        while waiting:
            future = waiting.popleft()
            if not waiting:
                del self._waiting[frame.headers.req_id]
            if not future.done():
                future.set_result(frame.errcode)
                return

    async def _called(self, frame: _Frame, socket: ClientWebSocketResponse, aibot: Answering, ears: Ears) -> None:
        """One call, and its answer; whatever becomes of it, the line stays."""
        try:
            heard = aibot.hearing.read(bytes(frame.body), ears.now())
            if heard.displaced:
                self._displaced = True
                await socket.close()
            elif heard.happened:
                await self._answer(heard, frame.headers.req_id, aibot, ears)
        except BadRequest:
            log.warning("a call on the line could not be read")
        except (SendError, ClientError, OSError, SQLAlchemyError) as fault:
            error = fault.says if isinstance(fault, SendError) else type(fault).__name__
            log.warning("a call on the line could not be answered", extra={"error": error})
        except Exception as fault:  # the border: logged once, and the line stays
            log.exception("a call on the line hit a bug", extra={"error": type(fault).__name__})
        finally:
            self._room.release()

    async def _answer(self, heard: Heard, req_id: str, aibot: Answering, ears: Ears) -> None:
        said = await self._stored(heard, aibot, ears)
        if said.body is None:
            return
        last = heard.happened[-1]
        await self.call(COMMANDS[heard.kind], said.body, answers=req_id)
        if said.card is not None:
            ears.left(aibot.name, last.address)
            await self.push(last.address, said.card)
        if said.whole:
            await ears.told(last)

    async def _stored(self, heard: Heard, aibot: Answering, ears: Ears) -> Said:
        """The answer, once everything it says is durable."""
        for tries in range(UNSTORED_TRIES):
            try:
                return await aibot.reply(heard, ears)
            except SQLAlchemyError:
                await asyncio.sleep(REST_S * 2.0**tries)
        return await aibot.reply(heard, ears)

    async def _ask(self, command: str, body: Body, answers: str = "") -> None:
        if self._socket is None or self._socket.closed:
            raise SendError("the line is down", everyone=True, retry_after_s=DOWN_S)
        req_id = answers or f"{command}_{token_hex(12)}"
        future = asyncio.get_running_loop().create_future()
        self._waiting[req_id].append(future)
        self._flights += 1
        self._landed.clear()
        try:
            frame = {"cmd": command, "headers": {"req_id": req_id}, "body": body}
            await self._socket.send_str(msgspec.json.encode(frame).decode())
            async with asyncio.timeout(ANSWER_S):
                code = await future
        except (ClientError, OSError) as fault:  # a time-out is one too
            raise Unanswered(type(fault).__name__, wait_s=DOWN_S) from None
        finally:
            self._flights -= 1
            if not self._flights:
                self._landed.set()
        if code != 0:
            raise Refused(code)
