"""A stand-in for WeCom's aibot: callbacks and the line, with the documents' shapes, rights and limits; it counts what breaks them."""

import asyncio
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast
from weakref import WeakSet

from aiohttp import ClientSession, WSMsgType, web

from bot.settings import Aibot
from tests.channels.faults import Fault
from tests.channels.otherseal import OtherSeal

TOKEN, AES_KEY = "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"
BOT, SECRET = "aibXyz0123456789", "L1ne-S3cret-0123456789abcdef"
SECRETS = (TOKEN, AES_KEY, SECRET, "response_code=")
NAME = "锦绣小格"
TASK = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
CALL_S = 5.0
ADDRESS_LASTS_S = 3600.0
A_CHAT = ((30, 60.0), (1000, 3600.0))
Json = Mapping[str, Any]


@dataclass(slots=True)
class Message:
    """One message of the bot's as the phones show it now."""

    id: str
    to: str
    """A member, or a group."""
    kind: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    task: str = ""
    answers: str = ""
    """The call in whose answer it came."""
    at: float = field(default_factory=time.monotonic)
    own: dict[str, "Message"] = field(default_factory=dict[str, "Message"])
    """What stands in its place on some phones only."""


class Platform:
    """The servers, for one bot, the members whom it may meet and their groups."""

    def __init__(self, groups: Mapping[str, set[str]] | None = None) -> None:
        self.groups = dict(groups or {})
        self.seal = OtherSeal(TOKEN, AES_KEY, "")
        self.messages: list[Message] = []
        self.violations: list[str] = []
        self.talked: set[str] = set()
        """Where somebody has spoken to the bot."""
        self.calls: list[str] = []
        self.hook = ""
        """Where the program is called; empty: by its line."""
        self.fault: Callable[[str, str], Fault | None] = lambda _command, _to: None
        """By command (`response` for an address) and reader."""
        self.events_bring_addresses = False
        self.pings = 0
        self.subscribed = 0
        self.deaf = False
        """It acknowledges no ping."""
        self.shut = 0
        """So many connections are refused."""
        self.wrong_secret = False
        self.skip_s = 0.0
        """How far its clock has been put on."""
        self._numbers = count(1)
        self._line: web.WebSocketResponse | None = None
        self._introduced: WeakSet[web.WebSocketResponse] = WeakSet()
        self._tasks: dict[str, str] = {}
        """Names of cards, and what they were said in."""
        self._addresses: dict[str, tuple[str, bool, float]] = {}
        """By code: the reader, whether it is a group, since when."""
        self._waiting: dict[str, tuple[str, Json, asyncio.Future[Json | None]]] = {}
        """Calls on the line that may be answered, by their id: the kind, the call, the answer."""
        self._windows: dict[tuple[str, int], deque[float]] = defaultdict(deque)
        self.address = ""

    def settings(self, *, line: bool = False, called: bool = True, **more: object) -> Aibot:
        """What the operator sets for this platform."""
        ways: dict[str, object] = {"token": TOKEN, "aes_key": AES_KEY} if called else {}
        ways |= {"bot_id": BOT, "secret": SECRET} if line else {}
        return Aibot.model_validate({"name": NAME, "api": self.address.replace("http", "ws", 1), **ways, **more})

    @asynccontextmanager
    async def open(self):  # noqa: ANN201 - itself
        """Answer until the block ends."""
        app = web.Application()
        app.add_routes([web.post("/cgi-bin/aibot/response", self._response), web.get("/", self._connected)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            if self._line is not None:
                await self._line.close()
            await runner.cleanup()

    def shown(self, member: str, group: str = "") -> list[Message]:
        """What this member's phone shows in private and in the group, the oldest first."""
        own = [one.own.get(member, one) for one in self.messages if one.to == member or (group and one.to == group)]
        return sorted(own, key=lambda one: one.at)

    def to(self, target: str) -> list[Message]:
        """What was said there."""
        return [one for one in self.messages if one.to == target]

    # what people do

    def text(self, who: str, words: str, group: str = "", **more: object) -> dict[str, Any]:
        """A message as it comes; in a group it mentions the bot."""
        said = f"@{NAME} {words}" if group else words
        return self.says(who, group, msgtype="text", text={"content": said}, **more)

    def tap(self, who: str, message: Message, press: str, group: str = "") -> dict[str, Any]:
        """A tap on one of a card's buttons."""
        tapped: dict[str, Any] = {
            "card_type": "button_interaction",
            "event_key": press,
            "task_id": message.task,
            "selected_items": {},
        }
        return self.event(who, "template_card_event", group, template_card_event=tapped)

    def event(self, who: str, kind: str, group: str = "", **more: object) -> dict[str, Any]:
        """An event as it comes."""
        event: dict[str, object] = {"eventtype": kind, **more}
        says = self.says(who, group, msgtype="event", event=event, create_time=int(time.time()))
        return says if self.events_bring_addresses else {k: v for k, v in says.items() if k != "response_url"}

    def says(self, who: str, group: str = "", **more: object) -> dict[str, Any]:
        """What all calls have in common."""
        number, to = next(self._numbers), group or who
        self._addresses[f"code{number}"] = (to, bool(group), time.monotonic() + self.skip_s)
        self.talked.add(to)
        where = {"chatid": group, "chattype": "group"} if group else {"chattype": "single"}
        url = f"{self.address}/cgi-bin/aibot/response?response_code=code{number}"
        return {
            "msgid": f"CAIQ{number:08}",
            "aibotid": BOT,
            **where,
            "from": {"userid": who},
            "response_url": url,
            **more,
        }

    async def call(self, says: Json, *, nonce: str = "") -> Json | None:
        """Bring it to the program, by either way; its answer, checked and shown."""
        answer = await (self._by_hook(says, nonce) if self.hook else self._by_line(says))
        if answer is not None:
            self._answered(says, answer)
        return answer

    def nonce(self) -> str:
        """A new one."""
        return f"{1_372_000_000 + next(self._numbers)}"

    async def post(self, query: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and body of the program's answer to any bytes."""
        async with ClientSession() as client, client.post(self.hook, params=dict(query), data=body) as answer:
            return answer.status, await answer.read()

    async def _by_hook(self, says: Json, nonce: str = "") -> Json | None:
        nonce = nonce or self.nonce()
        encrypt = self.seal.encrypted(json.dumps(says, ensure_ascii=False))
        began = time.monotonic()
        status, held = await self.post(
            self.seal.query(encrypt, time.time(), nonce), json.dumps({"encrypt": encrypt}).encode()
        )
        if time.monotonic() - began > CALL_S:
            self._violated("an answer after five seconds")
        if status != 200:
            self._violated(f"a call answered with {status}")
        if not held:
            return None
        sealed = cast("dict[str, Any]", json.loads(held))
        wrong = set(sealed) != {"encrypt", "msgsignature", "timestamp", "nonce"} or not isinstance(
            sealed["timestamp"], int
        )
        if wrong or sealed["nonce"] != nonce:
            self._violated(f"an envelope of {sorted(sealed)}")
        if sealed["msgsignature"] != self.seal.signature(str(sealed["timestamp"]), nonce, sealed["encrypt"]):
            self._violated("a wrong signature")
        return cast("Json", json.loads(self.seal.decrypted(sealed["encrypt"])))

    async def _by_line(self, says: Json) -> Json | None:
        kind = _kind(says)
        req_id = f"req{next(self._numbers)}"
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[req_id] = kind, says, future
        command = "aibot_event_callback" if says["msgtype"] == "event" else "aibot_msg_callback"
        body = {name: value for name, value in says.items() if name != "response_url"}
        await self._frame({"cmd": command, "headers": {"req_id": req_id}, "body": body})
        try:
            async with asyncio.timeout(1.0):
                return await future
        except TimeoutError:
            return None

    async def raw(self, frame: str) -> None:
        """Any words on the line."""
        assert self._line is not None
        await self._line.send_str(frame)

    async def _frame(self, frame: Json) -> None:
        ends = time.monotonic() + 10
        while self._line is None or not self.subscribed:
            assert time.monotonic() < ends, "nobody holds the line"
            await asyncio.sleep(0.02)
        await self._line.send_str(json.dumps(frame, ensure_ascii=False))

    # what the program says

    def _answered(self, says: Json, answer: Json) -> None:
        """The answer to a call, as the documents allow it."""
        kind, call, to = _kind(says), str(says["msgid"]), str(says.get("chatid") or says["from"]["userid"])
        if kind == "click":
            self._updated(says, answer)
            return
        allowed = (
            ("text", "template_card") if kind == "welcome" else ("stream", "template_card", "stream_with_template_card")
        )
        msgtype = answer.get("msgtype")
        if msgtype not in allowed:
            self._violated(f"{msgtype} in answer to a {kind}")
            return
        if "stream" in str(msgtype):
            stream = cast("Json", answer["stream"])
            content = str(stream.get("content", ""))
            if not stream.get("id") or stream.get("finish") is not True or not 0 < len(content.encode()) <= 20_480:
                self._violated(f"a stream of {len(content.encode())} bytes")
            self._show(to, "stream", content, call)
        if "template_card" in answer:
            self._card(to, cast("Json", answer["template_card"]), call)
        if msgtype == "text":
            self._show(to, "text", str(answer["text"]["content"]), call)

    def _show(self, to: str, kind: str, text: str, call: str = "") -> None:
        if call and any(one.answers == call and one.kind == kind for one in self.messages):
            return  # the answer to a repeated call: the phone shows it already
        self.messages.append(Message(f"m{next(self._numbers)}", to, kind, text, answers=call))

    def _card(self, to: str, card: Json, call: str = "") -> bool:
        found = self._read_card(card)
        if found is None:
            return False
        text, buttons, task = found
        if call and self._tasks.get(task) == call:
            return True
        if task in self._tasks:
            self._violated("a task_id again")
            return False
        self._tasks[task] = call
        self.messages.append(Message(f"m{next(self._numbers)}", to, "card", text, buttons, task, call))
        return True

    def _read_card(self, card: Json) -> tuple[str, tuple[tuple[str, str], ...], str] | None:
        title = str(cast("Json", card.get("main_title", {})).get("title", ""))
        body, task = str(card.get("sub_title_text", "")), str(card.get("task_id", ""))
        buttons = cast("list[Json]", card.get("button_list", []))
        kind, action = card.get("card_type"), cast("Json", card.get("card_action", {}))
        known = {"card_type", "main_title", "sub_title_text", "button_list", "task_id", "card_action"}
        wrong = [
            what
            for what, is_wrong in (
                ("card_type", kind not in ("button_interaction", "text_notice")),
                ("no card_action", kind == "text_notice" and not (action.get("type") in (1, 2) and action.get("url"))),
                ("buttons on a notice", kind == "text_notice" and "button_list" in card),
                ("neither title nor text", not (title or body)),
                ("a title of more than 26 letters", len(title) > 26),
                ("a text of more than 112 letters", len(body) > 112),
                ("no button, or more than 6", kind == "button_interaction" and not 1 <= len(buttons) <= 6),
                ("a button without words", not all(button.get("text") for button in buttons)),
                ("a key of 0 or more than 1024 bytes", not all(1 <= len(b.get("key", "").encode()) <= 1024 for b in buttons)),
                ("a task_id of other letters", not TASK.fullmatch(task)),
                ("unknown fields", not set(card) <= known),
            )
            if is_wrong
        ]  # fmt: skip
        if wrong:
            self._violated(f"a card: {wrong}")
            return None
        return f"{title}\n{body}".strip(), tuple((str(b["text"]), str(b["key"])) for b in buttons), task

    def _updated(self, says: Json, answer: Json) -> None:
        task = says["event"]["template_card_event"]["task_id"]
        found = self._read_card(cast("Json", answer.get("template_card", {})))
        if answer.get("response_type") != "update_template_card" or found is None or found[2] != task:
            self._violated("no update of the tapped card")
            return
        if "userids" in answer and "chatid" not in says:
            self._violated("userids in private")
        message = next(one for one in self.messages if one.task == task)
        new = Message(message.id, message.to, "card", found[0], found[1], task)
        if users := answer.get("userids"):
            message.own.update(dict.fromkeys(users, new))
            return
        message.text, message.buttons, message.at = new.text, new.buttons, new.at
        message.own.clear()

    async def _response(self, request: web.Request) -> web.StreamResponse:
        """An address of a call: once, within the hour."""
        self.calls.append("response")
        code = request.query.get("response_code", "")
        to, is_group, since = self._addresses.get(code, ("", False, -1e9))
        fault = self.fault("response", to)
        if fault is not None and not fault.heard:
            return await _failed(fault)
        says = cast("Json", json.loads(await request.read()))
        if not to or time.monotonic() + self.skip_s - since > ADDRESS_LASTS_S:
            self._addresses.pop(code, None)
            return web.json_response({"errcode": 60140, "errmsg": "invalid response_code"})
        kind = says.get("msgtype")
        if kind == "template_card" and is_group:
            self._violated("a card by the address of a group")
            return web.json_response({"errcode": 40058, "errmsg": "template_card"})
        del self._addresses[code]
        if kind == "template_card":
            self._card(to, cast("Json", says["template_card"]))
        else:
            self._markdown(to, says)
        return await _failed(fault) if fault is not None else web.json_response({"errcode": 0, "errmsg": "ok"})

    def _markdown(self, to: str, says: Json) -> int:
        content = str(cast("Json", says.get("markdown", {})).get("content", ""))
        if says.get("msgtype") != "markdown":
            self._violated(f"a message of kind {says.get('msgtype')}")
            return 40008
        if not 0 < len(content.encode()) <= 20_480:
            self._violated(f"markdown of {len(content.encode())} bytes")
            return 45002
        self._show(to, "markdown", content)
        return 0

    async def _connected(self, request: web.Request) -> web.StreamResponse:
        if self.shut:
            self.shut -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        asyncs: set[asyncio.Task[None]] = set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                task = asyncio.create_task(self._said(socket, cast("dict[str, Any]", json.loads(message.data))))
                asyncs.add(task)
                task.add_done_callback(asyncs.discard)
        if self._line is socket:
            self._line, self.subscribed = None, 0
        return socket

    async def _said(self, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        command, req_id, body = (
            str(frame.get("cmd")),
            str(frame["headers"]["req_id"]),
            cast("Json", frame.get("body", {})),
        )
        self.calls.append(command)
        to = str(body.get("chatid", ""))
        if socket.closed:
            return
        if socket not in self._introduced and command != "aibot_subscribe":
            self._violated(f"{command} before it was said who speaks")
        fault = self.fault(command, to)
        if fault is not None and fault.drops and not fault.heard:
            await socket.close()
            return
        code = fault.code if fault is not None and fault.code else 0
        if not code and (fault is None or fault.heard):
            code = await self._does(socket, command, req_id, body)
        if fault is not None and fault.drops:
            await socket.close()
            return
        if code is not None and not (fault is not None and fault.hangs) and not socket.closed:
            await socket.send_str(json.dumps({"headers": {"req_id": req_id}, "errcode": code, "errmsg": "ok"}))

    async def _does(self, socket: web.WebSocketResponse, command: str, req_id: str, body: Json) -> int | None:
        match command:
            case "aibot_subscribe":
                if self.wrong_secret or body != {"bot_id": BOT, "secret": SECRET}:
                    return 40001
                await self.take(socket)
                return 0
            case "ping":
                self.pings += 1
                return None if self.deaf else 0
            case "aibot_send_msg":
                return self._pushed(body)
            case "aibot_respond_msg" | "aibot_respond_welcome_msg" | "aibot_respond_update_msg":
                found = self._waiting.get(req_id)
                kind, future = (found[0], found[2]) if found else ("", None)
                wanted = {
                    "message": "aibot_respond_msg",
                    "welcome": "aibot_respond_welcome_msg",
                    "click": "aibot_respond_update_msg",
                }
                if future is None or wanted[kind] != command:
                    self._violated(f"{command} in answer to {kind or 'nothing'}")
                    return 846605
                if body.get("msgtype") == "stream_with_template_card":
                    self._violated("a stream with a card on the line")
                if not future.done():
                    future.set_result(body)
                return 0
            case _:
                self._violated(f"a frame {command}")
                return 40058

    async def take(self, socket: web.WebSocketResponse | None) -> None:
        """Somebody has the line from now on; who had it hears so."""
        before, self._line = self._line, socket
        if socket is not None:
            self._introduced.add(socket)
        self.subscribed += 1
        if before is not None and before is not socket and not before.closed:
            event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}, "aibotid": BOT}
            await before.send_str(
                json.dumps({"cmd": "aibot_event_callback", "headers": {"req_id": "d"}, "body": event})
            )

    async def hang_up(self) -> None:
        """The line breaks."""
        assert self._line is not None
        await self._line.close()

    def _pushed(self, body: Json) -> int:
        to, is_group = str(body.get("chatid", "")), body.get("chat_type") == 2
        if is_group != (to in self.groups) or body.get("chat_type") not in (1, 2):
            self._violated(f"chat_type {body.get('chat_type')} for {to}")
            return 40058
        if to not in self.talked:
            return 86003
        if self._count(to):
            return 45009
        if body.get("msgtype") == "template_card":
            return 0 if self._card(to, cast("Json", body["template_card"])) else 40058
        return self._markdown(to, body)

    def _count(self, of: str) -> bool:
        now, over = time.monotonic(), False
        for most, per_s in A_CHAT:
            window = self._windows[of, most]
            while window and window[0] <= now - per_s:
                window.popleft()
            window.append(now)
            if len(window) > most:
                over = True
                self._violated(f"more than {most} in {per_s} s for {of}")
        return over

    def _violated(self, what: str) -> None:
        self.violations.append(what)


def _kind(says: Json) -> str:
    if says["msgtype"] != "event":
        return "message"
    return {"enter_chat": "welcome", "template_card_event": "click"}.get(says["event"]["eventtype"], "message")


async def _failed(fault: Fault) -> web.StreamResponse:
    if fault.hangs:
        await asyncio.sleep(60)
    if fault.drops:
        raise ConnectionResetError
    if fault.code:
        return web.json_response({"errcode": fault.code, "errmsg": "a fault"})
    return web.Response(status=fault.status, text="<html>502 Bad Gateway</html>")
