"""A Telegram of our own on 127.0.0.1: its documented shapes, rights, limits and errors; it counts whatever breaks them."""

import asyncio
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast

from aiogram.types import Message, Update, User, WebhookInfo
from aiohttp import ClientError, ClientSession, ClientTimeout, web
from pydantic import BaseModel

TOKEN = "123456:TEST-token_of-a-bot"
SECRET = "hook-secret_1"
BOT = {"id": 123456, "is_bot": True, "first_name": "小格", "username": "XiaogeBot"}
HEADER = "X-Telegram-Bot-Api-Secret-Token"
DATE = 1_795_400_000
MOST_SECONDS, MOST_A_MINUTE = 30, 20
LONGEST, LONGEST_DATA = 4096, 64
SILENT_S = 3.0
"""A call that times out is answered by nobody for so long."""
Json = dict[str, Any]


class Refusal(Exception):
    """What Telegram says when it does not do it."""

    def __init__(self, code: int, says: str, **parameters: int) -> None:
        super().__init__(says)
        self.code, self.says, self.parameters = code, says, parameters


@dataclass(slots=True)
class Said:
    """A message in a chat."""

    id: int
    chat: int
    text: str
    ours: bool
    keyboard: list[list[Json]] = field(default_factory=list[list[Json]])
    answers: int | None = None
    thread: int | None = None
    by: int = 0

    @property
    def buttons(self) -> list[Json]:
        return [button for row in self.keyboard for button in row]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button["text"] for button in self.buttons)


@dataclass(slots=True)
class Room:
    """A chat as Telegram keeps it."""

    id: int
    type: str
    title: str = ""
    said: list[Said] = field(default_factory=list[Said])
    refuses: Refusal | None = None
    """What every call about it gets: blocked, kicked, not opened."""
    moved_to: int | None = None
    topics: set[int] = field(default_factory=set[int])

    @property
    def json(self) -> Json:
        shown: Json = {"id": self.id, "type": self.type}
        if self.type == "private":
            return {**shown, "first_name": self.title}
        return {**shown, "title": self.title, **({"is_forum": True} if self.topics else {})}


class Telegram:
    """The stand-in. `hook` is where it calls; without one it waits to be asked."""

    def __init__(self) -> None:
        self.address = ""
        self.hook = ""
        self.rooms: dict[int, Room] = {}
        self.violations: list[str] = []
        self.faults: deque[str | None] = deque()
        """What happens to the next calls that say something: 429:SECONDS, 500, html, time-out, drop, swallow (it is said, and
        nobody hears so), odd (the answer has what no library knows); None: nothing."""
        self.calls: list[tuple[str, Json]] = []
        self.answered: list[tuple[str, str]] = []
        """(id, words) of each tap that was answered."""
        self.statuses: list[int] = []
        """What each call of the hook was answered."""
        self.menu: list[Json] = []
        self.reads_all = True
        self.hook_error = ""
        self.wanted: list[str] = []
        self.token = TOKEN
        self.waits: dict[str, float] = {}
        """By method, how many seconds its next call is told to wait."""
        self.conflicts = 0
        """How often two asked for updates at once."""
        self.tried: dict[int, int] = defaultdict(int)
        """How often something was to be said, by chat."""
        self._ids = 100
        self._updates = 9_000_000
        self._queue: list[Json] = []
        self._confirmed = 0
        self._arrived = asyncio.Event()
        self._polling = 0
        self._windows: dict[object, deque[float]] = defaultdict(deque)
        self._waits: dict[object, float] = {}
        self._open_taps: set[str] = set()
        self._client: ClientSession | None = None
        self._runner: web.AppRunner | None = None
        self._methods: dict[str, Callable[[Json], Any]] = {
            "getMe": self._get_me,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message,
            "answerCallbackQuery": self._answer_tap,
            "setMyCommands": self._set_menu,
            "setWebhook": self._set_hook,
            "deleteWebhook": self._delete_hook,
            "getWebhookInfo": self._hook_info,
        }

    async def __aenter__(self) -> "Telegram":
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._called)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._client = ClientSession(timeout=ClientTimeout(total=15))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._client is not None
        assert self._runner is not None
        await self._client.close()
        await self._runner.cleanup()

    @property
    def client(self) -> ClientSession:
        """By which it calls."""
        assert self._client is not None
        return self._client

    # what people and groups do

    def room(self, id: int, type: str = "supergroup", title: str = "群", **more: Any) -> Room:
        self.rooms[id] = Room(id, type, title, **more)
        return self.rooms[id]

    def private(self, id: int, name: str = "邻居") -> Room:
        """A person; nobody may speak to them before they opened the chat."""
        return self.rooms.get(id) or self.room(
            id, "private", name, refuses=Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        )

    def open(self, id: int) -> None:
        self.private(id).refuses = None

    def next_update(self) -> int:
        self._updates += 1
        return self._updates

    def heard(self, room: Room, by: Json, **content: Any) -> Json:
        """The message update of what somebody says."""
        said = Said(self._next_id(), room.id, content.get("text", ""), ours=False, by=by["id"])
        room.said.append(said)
        shown = {"message_id": said.id, "date": DATE, "chat": room.json, "from": by, **content}
        return self._checked({"update_id": self.next_update(), "message": shown})

    def tapped(self, said: Said, data: str, by: Json) -> Json:
        """The update of a tap."""
        named = f"tap{self._next_id()}"
        self._open_taps.add(named)
        tap = {"id": named, "from": by, "chat_instance": "1", "message": self._shown(said), "data": data}
        return self._checked({"update_id": self.next_update(), "callback_query": tap})

    def membership(self, room: Room, by: Json, before: str, after: str, **rights: Any) -> Json:
        """The update of what became of the bot in a chat."""
        changed = {
            "chat": room.json,
            "from": by,
            "date": DATE,
            "old_chat_member": _member(before),
            "new_chat_member": {**_member(after), **rights},
        }
        return self._checked({"update_id": self.next_update(), "my_chat_member": changed})

    def migrate(self, old: Room, new: int, by: Json) -> tuple[Room, Json, Json]:
        """The group becomes a supergroup: it, and the service messages of the old one and the new one."""
        old.moved_to = new
        room = self.room(new, "supergroup", old.title)
        return room, self.heard(old, by, migrate_to_chat_id=new), self.heard(room, by, migrate_from_chat_id=old.id)

    async def tell(self, update: Json) -> int:
        """Let the program hear it, by its hook or by its own asking; what the hook answered."""
        if not self.hook:
            self._queue.append(update)
            self._arrived.set()
            return 0
        return await self.call(json.dumps(update, ensure_ascii=False).encode(), {HEADER: SECRET})

    async def arrive(self) -> None:
        """Whoever waits for updates is answered, though there are none."""
        self._arrived.set()

    async def call(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Call the hook with these bytes."""
        told = {"Content-Type": "application/json", **headers}
        async with self.client.post(self.hook, data=BytesIO(body), headers=told) as answer:
            self.statuses.append(answer.status)
            said = await answer.read()
            if answer.status == 200 and said:
                method = json.loads(said)
                self._methods[method.pop("method")]({name: str(value) for name, value in method.items()})
            return answer.status

    # what the bot calls

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given: Json = {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append((method, given))
        if request.match_info["token"] != self.token:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        try:
            self._told_to_wait(method)
            if method == "getUpdates":
                return _good(await self._get_updates(given))
            fault = self._fault(method, given)
            if fault in ("time-out", "drop"):
                if fault == "time-out":
                    await asyncio.sleep(SILENT_S)
                return _dropped(request)
            if fault == "html":
                return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")
            result = self._methods.get(method, _nothing)(given)
            if fault == "odd":
                result["photo"] = "news of another year"
            return _dropped(request) if fault == "swallow" else _good(result)
        except Refusal as refusal:
            body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.says}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return web.json_response(body, status=refusal.code)

    def _told_to_wait(self, method: str) -> None:
        if time.monotonic() < self._waits.get(method, 0.0):
            self.violations.append(f"{method} was told to wait")
        if (wait_s := self.waits.pop(method, 0.0)) > 0:
            self._waits[method] = time.monotonic() + wait_s
            raise Refusal(429, f"Too Many Requests: retry after {wait_s:g}", retry_after=int(wait_s))

    def _fault(self, method: str, given: Json) -> str | None:
        if method not in ("sendMessage", "editMessageText"):
            return None
        self.tried[int(given["chat_id"])] += 1
        self._count(int(given["chat_id"]))
        fault = self.faults.popleft() if self.faults else None
        if fault is None or not fault[0].isdecimal():
            return fault
        code, _, seconds = fault.partition(":")
        if code == "429":
            self._waits[int(given["chat_id"])] = time.monotonic() + int(seconds)
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=int(seconds))
        raise Refusal(int(code), "Internal Server Error")

    def _count(self, chat: int) -> None:
        """Its limits: broken ones are written down, whoever could have kept them."""
        now = time.monotonic()
        if now < self._waits.get(chat, 0.0):
            self.violations.append(f"{chat} was told to wait")
        private = chat > 0
        limits = ((None, MOST_SECONDS, 1.0), (chat, 1 if private else MOST_A_MINUTE, 1.0 if private else 60.0))
        for of, most, per_s in limits:
            window = self._windows[of]
            while window and window[0] <= now - per_s:
                window.popleft()
            window.append(now)
            if len(window) > most:
                self.violations.append(f"{of or 'the bot'} heard more than {most} in {per_s} s")

    def _room(self, given: Json) -> Room:
        room = self.rooms.get(int(given["chat_id"]))
        if room is None:
            raise Refusal(400, "Bad Request: chat not found")
        if room.moved_to is not None:
            says = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, says, migrate_to_chat_id=room.moved_to)
        if room.refuses is not None:
            raise room.refuses
        return room

    def _send_message(self, given: Json) -> Json:
        self._known(given, "chat_id", "text", "reply_markup", "reply_parameters", "message_thread_id")
        room = self._room(given)
        said = Said(0, room.id, self._text(given), ours=True, keyboard=self._keyboard(given))
        if "message_thread_id" in given:
            said.thread = int(given["message_thread_id"])
            if said.thread not in room.topics:
                raise Refusal(400, "Bad Request: message thread not found")
        if "reply_parameters" in given:
            answers = json.loads(given["reply_parameters"])
            if any(one.id == answers["message_id"] for one in room.said):
                said.answers = answers["message_id"]
            elif not answers.get("allow_sending_without_reply"):
                raise Refusal(400, "Bad Request: message to be replied not found")
        said.id = self._next_id()
        room.said.append(said)
        return self._shown(said)

    def _edit_message(self, given: Json) -> Json:
        self._known(given, "chat_id", "message_id", "text", "reply_markup")
        room = self._room(given)
        found = next((one for one in room.said if one.id == int(given["message_id"])), None)
        if found is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if not found.ours:
            raise Refusal(400, "Bad Request: message can't be edited")
        text, keyboard = self._text(given), self._keyboard(given)
        if (text, keyboard) == (found.text, found.keyboard):
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message",
            )
        found.text, found.keyboard = text, keyboard
        return self._shown(found)

    def _text(self, given: Json) -> str:
        text = given.get("text", "").strip()
        if not text:
            raise Refusal(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > LONGEST:
            self.violations.append("a message was too long")
            raise Refusal(400, "Bad Request: message is too long")
        return text

    def _keyboard(self, given: Json) -> list[list[Json]]:
        keyboard: list[list[Json]] = json.loads(given.get("reply_markup", "{}")).get("inline_keyboard", [])
        buttons = [button for row in keyboard for button in row]
        for button in buttons:
            if not 1 <= len(button.get("callback_data", "").encode()) <= LONGEST_DATA:
                self.violations.append("a button's data was too long")
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
            if not button.get("text"):
                raise Refusal(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if len(buttons) > 100 or any(len(row) > 8 for row in keyboard):
            self.violations.append("too many buttons")
            raise Refusal(400, "Bad Request: REPLY_MARKUP_TOO_LONG")
        return keyboard

    def _answer_tap(self, given: Json) -> bool:
        self._known(given, "callback_query_id", "text")
        if given["callback_query_id"] not in self._open_taps:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(given.get("text", "")) > 200:
            self.violations.append("too many words for a tap")
        self._open_taps.remove(given["callback_query_id"])
        self.answered.append((given["callback_query_id"], given.get("text", "")))
        return True

    @property
    def unanswered(self) -> set[str]:
        """Taps whose spinner still turns."""
        return self._open_taps

    def _get_me(self, _: Json) -> Json:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": self.reads_all}

    def _set_menu(self, given: Json) -> bool:
        self.menu = json.loads(given["commands"])
        good = all(
            re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) and 1 <= len(one["description"]) <= 256
            for one in self.menu
        )
        if not good or len(self.menu) > 100:
            raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
        return True

    def _set_hook(self, given: Json) -> bool:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", given.get("secret_token", "x")):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        self.hook = given["url"]
        self.wanted = json.loads(given.get("allowed_updates", "[]"))
        return True

    def _delete_hook(self, _: Json) -> bool:
        self.hook = ""
        return True

    def _hook_info(self, _: Json) -> Json:
        shown: Json = {"url": self.hook, "has_custom_certificate": False, "pending_update_count": len(self._queue)}
        if self.wanted:
            shown["allowed_updates"] = self.wanted
        if self.hook_error:
            shown |= {"last_error_date": DATE, "last_error_message": self.hook_error}
        strictly(WebhookInfo.model_validate(shown))
        return shown

    async def _get_updates(self, given: Json) -> list[Json]:
        if self.hook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        if self._polling:
            self.conflicts += 1
            raise Refusal(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        self._polling += 1
        try:
            self._queue = [one for one in self._queue if one["update_id"] >= int(given.get("offset", 0))]
            if not self._queue:
                self._arrived.clear()
                try:
                    await asyncio.wait_for(self._arrived.wait(), min(2.0, float(given.get("timeout", 0))))
                except TimeoutError:
                    return []
            return list(self._queue)
        finally:
            self._polling -= 1

    # shapes

    def _known(self, given: Json, *names: str) -> None:
        if odd := given.keys() - set(names):
            self.violations.append(f"unknown parameters: {sorted(odd)}")

    def _next_id(self) -> int:
        self._ids += 1
        return self._ids

    def _shown(self, said: Said) -> Json:
        shown: Json = {
            "message_id": said.id,
            "date": DATE,
            "chat": self.rooms[said.chat].json,
            "from": BOT,
            "text": said.text,
        }
        if said.keyboard:
            shown["reply_markup"] = {"inline_keyboard": said.keyboard}
        if said.thread is not None:
            shown |= {"message_thread_id": said.thread, "is_topic_message": True}
        strictly(Message.model_validate(shown))
        return shown

    def _checked(self, update: Json) -> Json:
        """The shapes are Telegram's, as aiogram knows them: nothing that it does not know, nothing missing."""
        strictly(Update.model_validate(update))
        return update


def person(id: int, name: str = "邻居", **more: Any) -> Json:
    """Somebody, as Telegram shows them."""
    shown = {"id": id, "is_bot": False, "first_name": name, **more}
    strictly(User.model_validate(shown))
    return shown


def strictly(model: BaseModel) -> None:
    """No field of it is one that its type does not have."""
    assert not model.model_extra, (type(model).__name__, model.model_extra)
    for name in type(model).model_fields:
        value: object = getattr(model, name)
        parts = cast("list[object]", value) if isinstance(value, list) else [value]
        for one in parts:
            if isinstance(one, BaseModel):
                strictly(one)


def _member(status: str) -> Json:
    shown: Json = {"user": BOT, "status": status}
    if status == "kicked":
        shown["until_date"] = 0
    if status == "restricted":
        names = "send_messages send_audios send_documents send_photos send_videos send_video_notes send_voice_notes"
        names += " send_polls send_other_messages add_web_page_previews react_to_messages change_info invite_users pin_messages"
        names += " manage_topics edit_tag"
        shown |= {f"can_{name}": False for name in names.split()} | {"is_member": True, "until_date": 0}
    return shown


def _nothing(_: Json) -> object:
    raise Refusal(404, "Not Found")


def _good(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result}, dumps=lambda it: json.dumps(it, ensure_ascii=False))


def _dropped(request: web.Request) -> web.Response:
    """The connection ends without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


__all__ = [
    "BOT",
    "HEADER",
    "SECRET",
    "TOKEN",
    "ClientError",
    "Refusal",
    "Room",
    "Said",
    "Telegram",
    "person",
    "strictly",
]
