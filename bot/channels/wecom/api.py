"""Calls to WeCom: each with a token and a time-out, each with an end."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec
from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, DummyCookieJar

from bot import settings
from bot.channels.base import Ears
from bot.channels.wecom.failures import STALE, Refused, Unanswered
from bot.errors import SendError

PATIENCE = ClientTimeout(total=8, connect=4)
FAREWELL_S = 5.0
FAILED_REST_S = 5.0
"""So long after a token was refused nobody asks for one: a thousand wrong asks shut the door for an hour."""
OK, TOO_MANY = 200, 429
TOO_MANY_REST_S = 60.0
LARGEST_PICTURE = 1024 * 1024
OF_CUSTOMERS = "externalcontact/"
NO_RIGHT = frozenset((48002, 60011, 301002))
"""Those calls want a right of their own: without it the app says all else."""
TOO_MANY_OWNERS = 81017
"""Their groups are listed for fewer of them at once."""
ADDRESS = re.compile(r"from ip:\s*([0-9a-fA-F.:]{3,45})")


class ChatInfo(msgspec.Struct, frozen=True):
    """A group that the app made."""

    chatid: str = ""
    name: str = ""
    userlist: tuple[str, ...] = ()


class ListedChat(msgspec.Struct, frozen=True):
    """One customer group in a list."""

    chat_id: str


class GroupMember(msgspec.Struct, frozen=True):
    """Somebody in a customer group."""

    type: int = 1
    """1 a member of the corp, 2 a neighbour."""
    state: str = ""
    """By which square they came."""


class GroupChat(msgspec.Struct, frozen=True):
    """A customer group."""

    owner: str = ""
    name: str = ""
    member_list: tuple[GroupMember, ...] = ()


class Square(msgspec.Struct, frozen=True):
    """A way to join customer groups."""

    qr_code: str = ""


class TaskText(msgspec.Struct, frozen=True):
    """The words of a task."""

    content: str = ""


class TaskRecord(msgspec.Struct, frozen=True):
    """A task that was made."""

    msgid: str
    create_time: int = 0
    text: TaskText = TaskText()


class TaskOwner(msgspec.Struct, frozen=True):
    """With whom a task is."""

    userid: str = ""


class TaskResult(msgspec.Struct, frozen=True):
    """What became of a task in one group."""

    chat_id: str = ""
    status: int = 0


class Departments(msgspec.Struct, frozen=True):
    """Those that an app is visible to."""

    partyid: tuple[int, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """What any of its calls answers, as far as we look."""

    errcode: int = 0
    errmsg: str = ""
    invaliduser: str | list[str] = ""
    unlicenseduser: str | list[str] = ""
    msgid: str = ""
    response_code: str = ""
    access_token: str = ""
    expires_in: float = 7200
    chat_info: ChatInfo = ChatInfo()
    next_cursor: str = ""
    group_chat_list: tuple[ListedChat, ...] = ()
    group_chat: GroupChat = GroupChat()
    config_id: str = ""
    join_way: Square = Square()
    fail_list: tuple[str, ...] = ()
    group_msg_list: tuple[TaskRecord, ...] = ()
    task_list: tuple[TaskOwner, ...] = ()
    send_list: tuple[TaskResult, ...] = ()
    allow_partys: Departments = Departments()


ANSWER = msgspec.json.Decoder(Answer)


class Api:
    """One app's way to the platform."""

    def __init__(self, of: settings.WeCom) -> None:
        self.ears: Ears | None = None
        self.trouble: tuple[str, Mapping[str, object]] | None = None
        """What an operator has to mend before anything works, as /health says it."""
        self._of = of
        self._name = f"wecom {of.corp} {of.agent}"
        self._base = of.api.rstrip("/") + "/cgi-bin/"
        self._client: ClientSession | None = None
        self._calls = 0
        self._quiet = asyncio.Event()
        self._no_token: tuple[SendError, float] | None = None

    async def call(self, path: str, says: Mapping[str, object]) -> Answer:
        """The platform's good answer. Raises Refused with its code, SendError where there was no answer at all."""
        return await self._with_token(path, {}, says)

    async def ask(self, path: str, query: Mapping[str, str]) -> Answer:
        """As `call`, for what is only asked."""
        return await self._with_token(path, query, None)

    async def _with_token(self, path: str, query: Mapping[str, str], says: Mapping[str, object] | None) -> Answer:
        if self.ears is None:
            raise SendError("nobody listens yet", everyone=True)
        token = await self.ears.token(self._name, self._fetch)
        try:
            return await self._post(path, {**query, "access_token": token}, says)
        except Refused as refusal:
            if refusal.code not in STALE:
                raise
        token = await self.ears.token(self._name, self._fetch, refused=token)
        try:
            return await self._post(path, {**query, "access_token": token}, says)
        except Refused as refusal:
            if refusal.code not in STALE:
                raise
            raise SendError(f"errcode {refusal.code}, with a new token too", everyone=True) from refusal

    async def probe(self) -> None:
        """A token and a look at the app itself, by nobody's leave; raises what keeps it from speaking."""
        token, _ = await self._fetch()
        await self._app(token)
        if self._of.customers:
            try:
                await self._post(f"{OF_CUSTOMERS}groupchat/list", {"access_token": token}, {"limit": 1})
            except Refused as refusal:
                if refusal.code != TOO_MANY_OWNERS:
                    raise

    async def sees(self) -> Sequence[int]:
        """The departments that the app is visible to."""
        token, _ = await self._fetch()
        return (await self._app(token)).allow_partys.partyid

    async def _app(self, token: str) -> Answer:
        return await self._post("agent/get", {"access_token": token, "agentid": str(self._of.agent)}, None)

    async def shout(self, key: str, says: Mapping[str, object]) -> Answer:
        """The answer to a group robot, whose key is all it needs."""
        return await self._post("webhook/send", {"key": key}, says)

    async def picture(self, address: str) -> bytes:
        """What is drawn at an address that the platform gave us. Raises SendError."""
        try:
            async with self._session().get(address, allow_redirects=True) as response:
                drawn = await response.content.read(LARGEST_PICTURE + 1)
        except (ClientError, OSError, ValueError) as fault:
            raise SendError(type(fault).__name__) from None
        if response.status != OK or not drawn or len(drawn) > LARGEST_PICTURE:
            raise SendError(f"no picture, HTTP {response.status}")
        return drawn

    async def close(self) -> None:
        """Let what is in the air land, then hang up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                while self._calls:
                    self._quiet.clear()
                    await self._quiet.wait()
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _fetch(self) -> tuple[str, float]:
        if self._no_token is not None and time.monotonic() < self._no_token[1]:
            raise SendError(self._no_token[0].says, everyone=True, retry_after_s=self._no_token[0].retry_after_s)
        asked = {"corpid": self._of.corp, "corpsecret": self._of.secret.get_secret_value()}
        try:
            answer = await self._post("gettoken", asked, None)
        except (Refused, Unanswered) as refusal:
            failure = SendError(refusal.says, everyone=True, retry_after_s=refusal.retry_after_s)
            if isinstance(refusal, Refused):
                self._no_token = failure, time.monotonic() + FAILED_REST_S
            raise failure from refusal
        if not answer.access_token:
            raise SendError("an answer without a token", everyone=True)
        self._no_token = None
        return answer.access_token, answer.expires_in

    def _session(self) -> ClientSession:
        if self._client is None:
            self._client = ClientSession(timeout=PATIENCE, cookie_jar=DummyCookieJar())
        return self._client

    async def _post(self, path: str, query: Mapping[str, str], says: Mapping[str, object] | None) -> Answer:
        """One call and its answer; a failure tells no address, for that holds what is secret."""
        client = self._session()
        self._calls += 1
        try:
            async with client.request(
                "GET" if says is None else "POST",
                self._base + path,
                params=query,
                data=None if says is None else msgspec.json.encode(says),
                headers={"Content-Type": "application/json; charset=utf-8"},
                allow_redirects=False,
            ) as response:
                status, held = response.status, await response.read()
        except ClientConnectorError as fault:
            raise SendError(type(fault).__name__, everyone=True) from None
        except (ClientError, OSError) as fault:  # a time-out is one too
            raise Unanswered(type(fault).__name__) from None
        finally:
            self._calls -= 1
            self._quiet.set()
        if status == TOO_MANY:
            raise SendError("HTTP 429", everyone=True, retry_after_s=TOO_MANY_REST_S)
        if status != OK:
            raise Unanswered(f"HTTP {status}")
        try:
            answer = ANSWER.decode(held)
        except msgspec.DecodeError:
            raise Unanswered("not an answer of the interface") from None
        return self._good(answer, path)

    def _good(self, answer: Answer, path: str) -> Answer:
        asks_for_token = path == "gettoken"
        if path.startswith(OF_CUSTOMERS) and answer.errcode in NO_RIGHT:
            raise Refused(answer.errcode)
        if answer.errcode == 0:
            if not asks_for_token and not path.startswith(OF_CUSTOMERS):
                self.trouble = None
            return answer
        refusal = Refused(answer.errcode)
        if refusal.meaning.trouble and (asks_for_token or answer.errcode not in STALE):
            found = ADDRESS.search(answer.errmsg)
            self.trouble = refusal.meaning.trouble, {"code": answer.errcode, "ip": found[1] if found else "?"}
        raise refusal
