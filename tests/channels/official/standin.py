"""WeChat's side: phones, the calls they cause, and the API with its rights, windows and refusals, kept to the letter."""

import asyncio
import time
import xml.etree.ElementTree as ET
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Literal, cast

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.channels.otherseal import AES_KEY, TOKEN, OtherSeal

APP, SECRET, ACCOUNT = "wx5823bf96d3bd56c7", "the-app-secret-7d1f", "gh_f1d7a3b1c2e4"
SEAL = OtherSeal(TOKEN, AES_KEY, APP)
ANSWER_WITHIN_S = 5.0
TRIES = 3
MOST_BYTES = 2048
TWO_DAYS_S, A_MINUTE_S = 48 * 3600.0, 60.0
TEMPLATE_FIELDS = {
    "t-duty": {"thing1": 20, "time2": 20, "thing3": 20},
    "t-notice": {"thing1": 20, "time2": 20, "thing3": 20},
}
"""The account's templates and how many letters each field takes."""
SAYS = {40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"}
Failure = Literal["drop", "hang", "swallow", 429, 500, 502] | int
"""A dropped line, no answer, an answer that is lost, an HTTP status; below zero or above 1000 an errcode; 0 lets one through."""


@dataclass(frozen=True, slots=True)
class Got:
    """One message on a phone."""

    text: str
    by: Literal["answer", "kf", "template", "subscription"]


@dataclass(slots=True)
class Follower:
    """What the platform knows of one OpenID."""

    follows: bool = True
    refuses: bool = False
    """Has not subscribed to the subscription message."""
    said_at: float = -TWO_DAYS_S
    tapped_at: float = -TWO_DAYS_S
    after_saying: int = 0
    after_tapping: int = 0
    got: list[Got] = field(default_factory=list[Got])


class _Token(msgspec.Struct):
    grant_type: str
    appid: str
    secret: str
    force_refresh: bool = False


class _Text(msgspec.Struct):
    content: str


class _Custom(msgspec.Struct, forbid_unknown_fields=True):
    touser: str
    msgtype: str
    text: _Text


class _Value(msgspec.Struct):
    value: str


class _Template(msgspec.Struct, forbid_unknown_fields=True):
    touser: str
    template_id: str
    data: dict[str, _Value]
    client_msg_id: str = ""
    url: str = ""
    page: str = ""


class _Button(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    type: str = ""
    key: str = ""
    url: str = ""
    sub_button: "list[_Button]" = []


class _Menu(msgspec.Struct, forbid_unknown_fields=True):
    button: list[_Button]


class _Scene(msgspec.Struct, forbid_unknown_fields=True):
    scene_str: str


class _Info(msgspec.Struct, forbid_unknown_fields=True):
    scene: _Scene


class _Code(msgspec.Struct, forbid_unknown_fields=True):
    action_name: str
    action_info: _Info


class Refusal(Exception):
    """An errcode."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class WeChat:
    """The platform. `program` is where it calls; `sealed` is the account's mode."""

    def __init__(self, *, sealed: bool = True) -> None:
        self.sealed = sealed
        self.program = ""
        self.api = ""
        self.ahead_s = 0.0
        """How far its clock was moved on."""
        self.followers: dict[str, Follower] = {}
        self.tokens: list[str] = []
        self.valid: set[str] = set()
        self.fails: Sequence[Failure] = []
        """What happens to the next calls of the API, one after the other."""
        self.fails_for: dict[str, Sequence[Failure]] = {}
        """The same, by the OpenID of a message."""
        self.loses: int = 0
        """So many of the program's next answers do not reach us."""
        self.asked: list[str] = []
        """The path of every API call."""
        self.violations: list[str] = []
        """What a well-made program never does."""
        self.shut = 0
        """Messages refused because a window was over or used up."""
        self.allowed = True
        """Our server's address is on its list."""
        self.may_speak = True
        """It has the right to customer-service messages, as verified accounts do."""
        self.menu: _Menu | None = None
        self.scenes: dict[str, str] = {}
        self.stubborn = False
        """Without force it gives out a token that it refuses."""
        self._sent_ids: set[str] = set()
        self._numbers = count(23_456_789_012_345_678)
        self._nonces = count(1)
        self._stamps = count(int(time.time()) - 60)
        self._client: ClientSession | None = None

    # its clock and its followers

    def now(self) -> float:
        """Its time."""
        return time.monotonic() + self.ahead_s

    def follower(self, name: str) -> Follower:
        """Whoever has this OpenID; somebody new follows."""
        return self.followers.setdefault(name, Follower())

    def heard_by(self, name: str) -> list[str]:
        """What this phone shows of the account's, in order."""
        return [one.text for one in self.follower(name).got]

    def revoke(self) -> None:
        """No token given out so far is valid any more."""
        self.valid.clear()

    # what phones do

    def message(self, name: str, kind: str, fields: Mapping[str, str], *, number: int | None = None) -> str:
        """A message of theirs as the platform writes it."""
        follower = self.follower(name)
        follower.said_at, follower.after_saying = self.now(), 0
        return self._xml(name, kind, {**fields, "MsgId": str(number or next(self._numbers))})

    def event(self, name: str, event: str, fields: Mapping[str, str]) -> str:
        """An event of theirs."""
        follower = self.follower(name)
        follower.follows = event != "unsubscribe"
        if event in ("subscribe", "SCAN", "CLICK"):
            follower.tapped_at, follower.after_tapping = self.now(), 0
        return self._xml(name, "event", {"Event": event, **fields})

    async def says(self, name: str, words: str) -> str:
        """Somebody types it; what the answer to the call says."""
        return await self.deliver(name, self.message(name, "text", {"Content": words}))

    async def does(self, name: str, event: str, key: str = "") -> str:
        """Somebody follows, scans, taps the menu or leaves."""
        return await self.deliver(name, self.event(name, event, {"EventKey": key}))

    async def deliver(self, name: str, xml: str) -> str:
        """Call the program as the platform does: five seconds, three times; the words that reach the phone."""
        for _ in range(TRIES):
            try:
                status, body = await self.call(xml)
            except (ClientError, TimeoutError, OSError):
                continue
            if self.loses:
                self.loses -= 1
                continue
            words = self.read(status, body, name)
            if words:
                self.follower(name).got.append(Got(words, "answer"))
            return words
        return ""

    async def call(self, xml: str, *, nonce: str = "", at: float | None = None) -> tuple[int, bytes]:
        """One call, and the bare answer."""
        nonce = nonce or f"{next(self._nonces):010d}"
        moment = time.time() if at is None else at
        query = {**SEAL.plain_query(moment, nonce), "openid": "o"}
        body = xml
        if self.sealed:
            encrypt = SEAL.encrypted(xml)
            query |= {**SEAL.query(encrypt, moment, nonce), "encrypt_type": "aes"}
            body = f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
        return await self.post(query, body.encode())

    async def post(self, query: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """These very bytes."""
        assert self._client is not None
        async with self._client.post(f"{self.program}/hooks/wechat", params=query, data=body) as answer:
            return answer.status, await answer.read()

    async def get(self, query: Mapping[str, str]) -> tuple[int, bytes]:
        """The check of the address."""
        assert self._client is not None
        async with self._client.get(f"{self.program}/hooks/wechat", params=query) as answer:
            return answer.status, await answer.read()

    def read(self, status: int, body: bytes, name: str) -> str:
        """The words of an answer as the platform reads it."""
        if status != 200:
            self.violations.append(f"HTTP {status}: 该公众号暂时无法提供服务")
            return ""
        if body in (b"", b"success"):
            return ""
        found = ET.fromstring(body)  # noqa: S314 - the program's own answer
        if self.sealed:
            encrypt = found.findtext("Encrypt", "")
            parts = (found.findtext("TimeStamp", ""), found.findtext("Nonce", ""), encrypt)
            if SEAL.signature(*parts) != found.findtext("MsgSignature"):
                self.violations.append("an answer that is not signed")
            found = ET.fromstring(SEAL.decrypted(encrypt))  # noqa: S314
        content = found.findtext("Content", "")
        if (found.findtext("ToUserName"), found.findtext("FromUserName")) != (name, ACCOUNT):
            self.violations.append("an answer for somebody else")
        if found.findtext("MsgType") != "text" or not found.findtext("CreateTime", "").isdecimal():
            self.violations.append("an answer of no known shape")
        if not 0 < len(content.encode()) <= MOST_BYTES:
            self.violations.append(f"an answer of {len(content.encode())} bytes")
        return content

    def _xml(self, name: str, kind: str, fields: Mapping[str, str]) -> str:
        held = {"ToUserName": ACCOUNT, "FromUserName": name, "MsgType": kind, **fields}
        text = "".join(
            f"<{tag}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{tag}>" for tag, value in held.items()
        )
        return f"<xml>{text}<CreateTime>{next(self._stamps)}</CreateTime></xml>"

    # its API

    async def _token(self, body: bytes) -> dict[str, object]:
        asked = msgspec.json.decode(body, type=_Token)
        if not self.allowed:
            raise Refusal(40164)
        if asked.appid != APP:
            raise Refusal(40013)
        if asked.secret != SECRET or asked.grant_type != "client_credential":
            raise Refusal(40125)
        await asyncio.sleep(0.02)
        if (not self.valid and not (self.stubborn and self.tokens)) or asked.force_refresh:
            self.tokens.append(f"token-{len(self.tokens)}-{'s' * 40}")
            self.valid = {self.tokens[-1]}
        return {"access_token": self.tokens[-1], "expires_in": 7200}

    async def _say(self, body: bytes) -> dict[str, object]:
        asked = msgspec.json.decode(body, type=_Custom)
        if not self.may_speak:
            raise Refusal(48001)
        follower = self._reached(asked.touser)
        if asked.msgtype != "text":
            raise Refusal(40008)
        size = len(asked.text.content.encode())
        if not 0 < size <= MOST_BYTES:
            self.violations.append(f"a message of {size} bytes")
            raise Refusal(45002 if size else 44004)
        swallowed = await self._fail(asked.touser)
        self._take(follower)
        follower.got.append(Got(asked.text.content, "kf"))
        if swallowed:
            raise ConnectionResetError
        return {"errcode": 0, "errmsg": "ok"}

    def _take(self, follower: Follower) -> None:
        """One message of a window: three in the minute after a tap, five in two days after a message."""
        now = self.now()
        if now - follower.tapped_at < A_MINUTE_S and follower.after_tapping < 3:
            follower.after_tapping += 1
        elif now - follower.said_at < TWO_DAYS_S and follower.after_saying < 5:
            follower.after_saying += 1
        else:
            self.shut += 1
            used_up = now - follower.tapped_at < A_MINUTE_S or now - follower.said_at < TWO_DAYS_S
            raise Refusal(45047 if used_up else 45015)

    async def _template(self, body: bytes) -> dict[str, object]:
        return await self._by_template(body, "template")

    async def _subscription(self, body: bytes) -> dict[str, object]:
        return await self._by_template(body, "subscription")

    async def _by_template(self, body: bytes, by: Literal["template", "subscription"]) -> dict[str, object]:
        asked = msgspec.json.decode(body, type=_Template)
        follower = self._reached(asked.touser)
        fields = TEMPLATE_FIELDS.get(asked.template_id)
        if fields is None:
            raise Refusal(40037)
        if set(asked.data) != set(fields) or any(
            not 0 < len(asked.data[name].value) <= most for name, most in fields.items()
        ):
            self.violations.append(f"fields that are not the template's: {sorted(asked.data)}")
            raise Refusal(47003)
        if by == "subscription" and follower.refuses:
            raise Refusal(43101)
        swallowed = await self._fail(asked.touser)
        if not asked.client_msg_id or asked.client_msg_id not in self._sent_ids:
            follower.got.append(Got(asked.data["thing1"].value, by))
        self._sent_ids.add(asked.client_msg_id)
        if swallowed:
            raise ConnectionResetError
        return {"errcode": 0, "errmsg": "ok", "msgid": 200163836}

    async def _create_menu(self, body: bytes) -> dict[str, object]:
        menu = msgspec.json.decode(body, type=_Menu)
        if not 1 <= len(menu.button) <= 3 or any(len(one.sub_button) > 5 for one in menu.button):
            raise Refusal(40016)
        for one in menu.button:
            for button in one.sub_button or [one]:
                if len(one.name.encode()) > 16 or len(button.name.encode()) > 60:
                    raise Refusal(40018)
                if (button.type, bool(button.key)) not in (("click", True), ("view", False)):
                    raise Refusal(40017)
        self.menu = menu
        return {"errcode": 0, "errmsg": "ok"}

    async def _create_code(self, body: bytes) -> dict[str, object]:
        asked = msgspec.json.decode(body, type=_Code)
        scene = asked.action_info.scene.scene_str
        if asked.action_name != "QR_LIMIT_STR_SCENE" or not 1 <= len(scene) <= 64:
            raise Refusal(40053)
        url = f"http://weixin.qq.com/q/{len(self.scenes):012d}"
        self.scenes[url] = scene
        return {"ticket": f"gQ-{len(self.scenes)}", "url": url}

    def _reached(self, name: str) -> Follower:
        if name not in self.followers:
            raise Refusal(40003)
        if not self.followers[name].follows:
            raise Refusal(43004)
        return self.followers[name]

    async def _fail(self, name: str = "") -> bool:
        """Whether it is done all the same, and nobody hears so."""
        waiting = self.fails_for.get(name, ()) if name else self.fails
        if not waiting:
            return False
        failure, rest = waiting[0], list(waiting[1:])
        if name:
            self.fails_for[name] = rest
        else:
            self.fails = rest
        if failure in (0, "swallow"):
            return failure == "swallow"
        if failure == "drop":
            raise ConnectionResetError
        if failure == "hang":
            await asyncio.sleep(2.5)
        if isinstance(failure, int) and 100 <= failure < 600:
            raise _Status(failure)
        raise _Injected(cast("int", failure))

    async def _asked(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        deed = self._deeds()[request.path]
        try:
            await self._fail()
            if request.path != "/cgi-bin/stable_token":
                self._admit(request.query.get("access_token", ""))
            answer = await deed(await request.read())
        except Refusal as refusal:
            if not isinstance(refusal, _Injected) and refusal.code in (
                40008,
                40016,
                40017,
                40018,
                40053,
                44004,
                45002,
                47003,
            ):
                self.violations.append(f"{request.path}: {refusal.code}")
            answer = {"errcode": refusal.code, "errmsg": SAYS.get(refusal.code, "refused") + " rid: 5f7d1e0c"}
        except (msgspec.DecodeError, KeyError):
            self.violations.append(f"{request.path}: not its shape")
            answer = {"errcode": 47001, "errmsg": "data format error"}
        except _Status as status:
            return web.Response(status=status.status, text="<html>busy</html>")
        except ConnectionResetError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return web.json_response(answer)

    def _admit(self, token: str) -> None:
        if not token:
            self.violations.append("no token")
            raise Refusal(41001)
        if token not in self.tokens:
            self.violations.append("a token of nobody's")
        if token not in self.valid:
            raise Refusal(40001)

    def _deeds(self) -> Mapping[str, Callable[[bytes], Awaitable[dict[str, object]]]]:
        return {
            "/cgi-bin/stable_token": self._token,
            "/cgi-bin/message/custom/send": self._say,
            "/cgi-bin/message/template/send": self._template,
            "/cgi-bin/message/subscribe/bizsend": self._subscription,
            "/cgi-bin/menu/create": self._create_menu,
            "/cgi-bin/qrcode/create": self._create_code,
        }

    @asynccontextmanager
    async def open(self) -> AsyncGenerator["WeChat"]:
        """Be there, at an address of its own."""
        app = web.Application()
        app.add_routes([web.post(path, self._asked) for path in self._deeds()])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.api = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._client = ClientSession(timeout=ClientTimeout(total=ANSWER_WITHIN_S))
        try:
            yield self
        finally:
            await self._client.close()
            await runner.cleanup()


class _Injected(Refusal):
    """Nobody's fault."""


class _Status(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status
