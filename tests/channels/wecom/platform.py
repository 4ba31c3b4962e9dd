"""A stand-in for WeCom: it enforces the documents' shapes, rights and limits, counts what breaks them, and fails on command."""

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
from xml.sax.saxutils import escape

from aiohttp import ClientSession, web

from bot.settings import WeCom
from tests.channels.faults import Fault
from tests.channels.otherseal import OtherSeal

CORP, AGENT, SECRET, ROBOT = "ww1436e0e65a779aee", 1000002, "s3cret-Of-The-App-0123456789", "693axxx6-7aoc-4bc4-97a0"
TOKEN, AES_KEY = "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"
SECRETS = (SECRET, TOKEN, AES_KEY, ROBOT, "token-")
TASK = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
CODE_LASTS_S = 72 * 3600
Json = Mapping[str, Any]
Limit = tuple[int, float]
A_MEMBER: tuple[Limit, ...] = ((30, 60.0), (1000, 3600.0))
A_ROBOT: tuple[Limit, ...] = ((20, 60.0),)
A_CALL: tuple[Limit, ...] = ((10_000, 60.0),)


@dataclass(slots=True)
class Message:
    """One message as its reader's phone shows it now."""

    id: str
    to: str
    kind: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    """(label, key)"""
    task: str = ""
    greyed: str = ""
    """What stands on its button, once nobody can tap it."""
    at: float = field(default_factory=time.monotonic)


class Platform:
    """The servers of WeCom, for one corp with one app and its members."""

    def __init__(self, members: set[str]) -> None:
        self.members = members
        self.hidden: set[str] = set()
        """Members whom the app does not see: told with errcode 0."""
        self.seal = OtherSeal(TOKEN, AES_KEY, CORP)
        self.messages: list[Message] = []
        self.violations: list[str] = []
        self.dropped = 0
        """The same words again, swallowed by the duplicate check."""
        self.calls: list[str] = []
        """The path of every call, in order."""
        self.updates: list[Json] = []
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        """By path, for the next calls, one after the other."""
        self.fault: Callable[[str, str], Fault | None] = lambda _path, _to: None
        """By path and reader, for any call."""
        self.chats: dict[str, tuple[str, list[str]]] = {}
        """By id: name and members."""
        self.fewest = 1
        """No change of a chat may leave fewer; it is made with two."""
        self.untrusted = False
        self.visible_to: tuple[int, ...] = (1,)
        """The departments that see the app; the first is the whole corp."""
        self.fetched = 0
        self.wrong_secrets = 0
        self.fetch_takes_s = 0.0
        self.stale = 40014
        self._numbers = count(1)
        self._token = ""
        self._tasks: set[str] = set()
        self._codes: dict[str, tuple[Message, float]] = {}
        self._windows: dict[tuple[str, Limit], deque[float]] = defaultdict(deque)
        self._seen: dict[tuple[str, str], float] = {}
        self.address = ""

    def settings(self, **more: object) -> WeCom:
        """What the operator sets for this platform."""
        return WeCom.model_validate(
            {
                "corp": CORP, "agent": AGENT, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY, "api": self.address,
                **more,
            }
        )  # fmt: skip

    @asynccontextmanager
    async def open(self, port: int = 0):  # noqa: ANN201 - itself
        """Answer calls until the block ends."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/cgi-bin/gettoken", self._gettoken),
                web.post("/cgi-bin/message/send", self._called(self._send)),
                web.post("/cgi-bin/message/update_template_card", self._called(self._update)),
                web.post("/cgi-bin/webhook/send", self._webhook),
                web.post("/cgi-bin/appchat/create", self._called(self._create)),
                web.post("/cgi-bin/appchat/update", self._called(self._change)),
                web.post("/cgi-bin/appchat/send", self._called(self._send_in_chat)),
                web.get("/cgi-bin/appchat/get", self._look),
                web.get("/cgi-bin/agent/get", self._app),
            ]
        )
        app.add_routes(self.more())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    def more(self) -> list[web.RouteDef]:
        """What else it answers."""
        return []

    def is_token(self, words: str) -> bool:
        """Whether that is the token of now."""
        return bool(words) and words == self._token

    def revoke(self) -> None:
        """The token is none any more."""
        self._token = ""

    def to(self, member: str) -> list[Message]:
        """What this member's phone shows, the oldest first."""
        return [message for message in self.messages if message.to == member]

    # what the program calls

    async def _gettoken(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("gettoken")
        self.fetched += 1
        if fault := self._fault("gettoken", ""):
            return await _failed(fault)
        if request.query.get("corpid") != CORP:
            return _says(40013, "invalid corpid")
        if request.query.get("corpsecret") != SECRET:
            self.wrong_secrets += 1
            return _says(40001, "invalid credential")
        if self.fetch_takes_s:
            await asyncio.sleep(self.fetch_takes_s)
        if not self._token:
            self._token = f"token-{next(self._numbers)}-{time.monotonic_ns()}"
        return web.json_response({"errcode": 0, "errmsg": "ok", "access_token": self._token, "expires_in": 7200})

    def _called(self, answer: Callable[[Json], Json]) -> Callable[[web.Request], Any]:
        async def called(request: web.Request) -> web.StreamResponse:
            path = request.path.removeprefix("/cgi-bin/")
            self.calls.append(path)
            body = await request.read()
            says = self._read(body)
            to = str(says.get("touser") or (says.get("userids") or [""])[0])
            self._count(path, A_CALL)
            fault = self._fault(path, to)
            if fault is not None and fault.heard:
                self._checked(request, says, answer)
            if fault is not None:
                return await _failed(fault)
            return web.json_response(self._checked(request, says, answer))

        return called

    def _checked(self, request: web.Request, says: Json, answer: Callable[[Json], Json]) -> Json:
        if self.untrusted:
            return _error(60020, "not allow to access from your ip, hint: [17], from ip: 203.0.113.7, more info at")
        if "access_token" not in request.query:
            return _error(41001, "access_token missing")
        if not self._token or request.query["access_token"] != self._token:
            return _error(self.stale, "invalid access_token")
        if not says:
            return _error(40035, "Warning: wrong json format. ")
        if says.get("agentid", AGENT if "chatid" in says else None) != AGENT:
            return _error(40056, "invalid agentid")
        return answer(says)

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            says: object = json.loads(body.decode("utf-8"))
        except ValueError:
            self._violated("not JSON in UTF-8")
            return {}
        if re.search(rb"\\u[0-9a-fA-F]{4}", body):
            self._violated("letters written as \\u")
        return cast("dict[str, Any]", says) if isinstance(says, dict) else {}

    def _send(self, says: Json) -> Json:
        to = str(says.get("touser", ""))
        if to == "@all" or "|" in to:
            self._violated("a message to many")
        if to not in self.members:
            return _error(81013, "user & party & tag all invalid")
        if to in self.hidden:
            return {"errcode": 0, "errmsg": "ok", "invaliduser": to, "msgid": "m0"}
        kind = str(says.get("msgtype"))
        message = self._card(says) if kind == "template_card" else self._text(says) if kind == "text" else None
        if message is None:
            self._violated(f"a message of kind {kind}")
            return _error(40008, "invalid msgtype")
        if isinstance(message, dict):
            return message
        if says.get("enable_duplicate_check") == 1:
            interval_s = float(says.get("duplicate_check_interval", 1800))
            if not 0 < interval_s <= 4 * 3600:
                self._violated("duplicate_check_interval")
            before = self._seen.get((to, repr((message.text, message.task))))
            if before is not None and time.monotonic() - before < interval_s:
                self.dropped += 1
                return {"errcode": 0, "errmsg": "ok", "msgid": ""}
        self._seen[to, repr((message.text, message.task))] = time.monotonic()
        if message.task in self._tasks:
            self._violated("a task_id again")
        if message.task:
            self._tasks.add(message.task)
        if self._count(to, A_MEMBER):
            return {"errcode": 0, "errmsg": "ok", "msgid": message.id}  # and it is dropped in silence
        self.messages.append(message)
        good: dict[str, object] = {"errcode": 0, "errmsg": "ok", "msgid": message.id}
        if message.task:
            good["response_code"] = self.code_for(message)
        return good

    def code_for(self, message: Message) -> str:
        """A code by which it can be changed once."""
        code = f"code-{next(self._numbers)}"
        self._codes[code] = message, time.monotonic()
        return code

    def _text(self, says: Json) -> Message | dict[str, object]:
        content = says.get("text", {}).get("content", "")
        if not isinstance(content, str) or not content:
            self._violated("a text of nothing")
            return _error(44004, "empty content")
        if len(content.encode()) > 2048:
            self._violated("a text of more than 2048 bytes")
            return _error(45002, "content size out of limit")
        return Message(f"m{next(self._numbers)}", str(says["touser"]), "text", content)

    def _card(self, says: Json, *, changed: bool = False) -> Message | dict[str, object]:
        card = cast("Json", says.get("template_card", {}))
        title = str(card.get("main_title", {}).get("title", ""))
        body = str(card.get("sub_title_text", ""))
        buttons = cast("list[Json]", card.get("button_list", []))
        task = str(card.get("task_id", ""))
        wrong = [
            what
            for what, is_wrong in (
                ("card_type", card.get("card_type") != "button_interaction"),
                ("neither title nor text", not (title or body)),
                ("a title of more than 36 letters", len(title) > 36),
                ("a text of more than 160 letters", len(body) > 160),
                ("no button, or more than 6", not 1 <= len(buttons) <= 6),
                ("a button without words", not all(button.get("text") for button in buttons)),
                ("a key of 0 or more than 1024 bytes", not all(1 <= len(b.get("key", "").encode()) <= 1024 for b in buttons)),
                ("a task_id of other letters", not TASK.fullmatch(task)),
                ("unknown fields", not set(card) <= {"card_type", "main_title", "sub_title_text", "button_list", "task_id"}),
            )
            if is_wrong
        ]  # fmt: skip
        if wrong:
            self._violated(f"a card: {wrong}")
            return _error(40058, f"{wrong}")
        to = "" if changed else str(says["touser"])
        pressed = tuple((str(button["text"]), str(button["key"])) for button in buttons)
        return Message(f"m{next(self._numbers)}", to, "card", f"{title}\n{body}".strip(), pressed, task)

    def _update(self, says: Json) -> Json:
        self.updates.append(says)
        code = str(says.get("response_code", ""))
        found = self._codes.pop(code, None)
        if found is None or time.monotonic() - found[1] > CODE_LASTS_S:
            return _error(99999, "response_code is used up or expired")
        message, _ = found
        if says.get("userids") != [message.to]:
            self._violated("a card of somebody else")
            return _error(40058, "userids")
        if ("button" in says) == ("template_card" in says):
            self._violated("a change of both or none")
            return _error(40058, "button or template_card")
        if "button" in says:
            message.greyed = str(says["button"]["replace_name"])
            return {"errcode": 0, "errmsg": "ok", "invaliduser": []}
        new = self._card(says, changed=True)
        if isinstance(new, dict):
            return new
        if new.task in self._tasks:
            self._violated("a task_id again")
        self._tasks.add(new.task)
        message.text, message.buttons, message.task, message.at = new.text, new.buttons, new.task, time.monotonic()
        return {"errcode": 0, "errmsg": "ok", "invaliduser": []}

    async def _webhook(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("webhook/send")
        if fault := self._fault("webhook/send", ""):
            return await _failed(fault)
        if request.query.get("key") != ROBOT:
            return _says(93000, "invalid webhook url")
        says = self._read(await request.read())
        if self._count("robot", A_ROBOT):
            return _says(45009, "api freq out of limit")
        message = self._text({**says, "touser": "robot"}) if says.get("msgtype") == "text" else _error(40008, "msgtype")
        if isinstance(message, dict):
            return web.json_response(message)
        self.messages.append(message)
        return _says(0, "ok")

    def _fault(self, path: str, to: str) -> Fault | None:
        return self.faults[path].popleft() if self.faults[path] else self.fault(path, to)

    def _create(self, says: Json) -> Json:
        chat, members = str(says.get("chatid", "")), cast("list[str]", says.get("userlist", []))
        if not re.fullmatch(r"[0-9a-zA-Z]{1,32}", chat) or not says.get("name") or len(str(says["name"])) > 50:
            self._violated("a chat's id or name")
            return _error(86001, "invalid chatid")
        if not 2 <= len(members) <= 500:
            self._violated("a chat's members")
            return _error(86006, "invalid members")
        if not self.members.issuperset(members):
            return _error(60111, "userid not found")
        if chat in self.chats:
            self._violated("a chat made twice")
            return _error(86215, "chatid exists")
        self.chats[chat] = (str(says["name"]), members)
        return {"errcode": 0, "errmsg": "ok", "chatid": chat}

    def _change(self, says: Json) -> Json:
        name, members = self.chats[str(says["chatid"])]
        gone = cast("list[str]", says.get("del_user_list", []))
        left = [*(who for who in members if who not in gone), *cast("list[str]", says.get("add_user_list", []))]
        if len(left) > 500 or len(set(left)) != len(left):
            self._violated("a chat's members")
        if not self.members.issuperset(says.get("add_user_list", [])):
            return _error(60111, "userid not found")
        if not self.fewest <= len(left) <= 500:
            return _error(86006, "invalid members")
        self.chats[str(says["chatid"])] = (str(says.get("name", name)), left)
        return _error(0, "ok")

    def _send_in_chat(self, says: Json) -> Json:
        chat = str(says.get("chatid", ""))
        if chat not in self.chats:
            return _error(86003, "chat not found")
        message = self._text({**says, "touser": chat}) if says.get("msgtype") == "text" else _error(40008, "msgtype")
        if isinstance(message, dict):
            return message
        self.messages.append(message)
        return _error(0, "ok")

    async def _app(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("agent/get")
        if request.query.get("agentid") != str(AGENT):
            return _says(40056, "invalid agentid")
        found: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "agentid": AGENT, "name": "小格", "close": 0}
        found["allow_partys"] = {"partyid": list(self.visible_to)}
        return web.json_response(self._checked(request, {"agentid": AGENT}, lambda _: found))

    async def _look(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("appchat/get")
        if fault := self._fault("appchat/get", ""):
            return await _failed(fault)

        def answer(_: Json) -> Json:
            chat = request.query.get("chatid", "")
            if chat not in self.chats:
                return _error(86003, "chat not found")
            name, members = self.chats[chat]
            info = {"chatid": chat, "name": name, "owner": members[0], "userlist": members}
            return {"errcode": 0, "errmsg": "ok", "chat_info": info}

        return web.json_response(self._checked(request, {"agentid": AGENT}, answer))

    def _count(self, of: str, limits: tuple[Limit, ...]) -> bool:
        """One more; whether that is too many."""
        now, over = time.monotonic(), False
        for limit in limits:
            window = self._windows[of, limit]
            while window and window[0] <= now - limit[1]:
                window.popleft()
            window.append(now)
            if len(window) > limit[0]:
                over = True
                self._violated(f"more than {limit} for {of}")
        return over

    def _violated(self, what: str) -> None:
        self.violations.append(what)

    # what the platform calls

    def text(self, who: str, words: str, **more: str) -> dict[str, str]:
        """A text as it comes."""
        return self._says(who, "text", MsgId=str(4561255354251345929 + next(self._numbers)), Content=words, **more)

    def tap(self, who: str, message: Message, key: str) -> dict[str, str]:
        """A tap on one of a card's buttons."""
        return self._says(
            who, "event", Event="template_card_event", EventKey=key, TaskId=message.task,
            CardType="button_interaction", ResponseCode=self.code_for(message),
        )  # fmt: skip

    def _says(self, who: str, kind: str, **more: str) -> dict[str, str]:
        at = str(int(time.time()))
        return {
            "ToUserName": CORP,
            "FromUserName": who,
            "CreateTime": at,
            "MsgType": kind,
            **more,
            "AgentID": str(AGENT),
        }

    def nonce(self) -> str:
        """A new one."""
        return f"{1_372_000_000 + next(self._numbers)}"

    async def call(self, hook: str, words: Mapping[str, str] | str, *, nonce: str = "") -> tuple[int, bytes]:
        """Call the program with it; status and body of its answer."""
        xml = words if isinstance(words, str) else xml_of(words)
        encrypt = self.seal.encrypted(xml)
        query = self.seal.query(encrypt, time.time(), nonce or self.nonce())
        return await post(hook, query, envelope(encrypt))


def xml_of(fields: Mapping[str, str]) -> str:
    """As the platform writes it: words in CDATA, numbers bare."""
    parts = [
        f"<{name}>{value}</{name}>" if value.isdecimal() else f"<{name}><![CDATA[{_unended(value)}]]></{name}>"
        for name, value in fields.items()
    ]
    return f"<xml>{''.join(parts)}</xml>"


def envelope(encrypt: str) -> bytes:
    """The outer XML of a call."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        f"<Encrypt><![CDATA[{escape(encrypt)}]]></Encrypt></xml>"
    ).encode()


async def post(hook: str, query: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    """Status and body of the answer."""
    async with ClientSession() as client, client.post(hook, params=dict(query), data=body) as answer:
        return answer.status, await answer.read()


async def _failed(fault: Fault) -> web.StreamResponse:
    if fault.hangs:
        await asyncio.sleep(60)
    if fault.drops:
        raise ConnectionResetError
    if fault.code:
        return _says(fault.code, f"{fault.words or 'a fault'} {fault.code}")
    return web.Response(status=fault.status, text=fault.words or "<html>502 Bad Gateway</html>")


def _unended(value: str) -> str:
    return value.replace("]]>", "]]]]><![CDATA[>")


def _error(code: int, words: str) -> dict[str, object]:
    return {"errcode": code, "errmsg": words}


def _says(code: int, words: str) -> web.Response:
    return web.json_response(_error(code, words))
