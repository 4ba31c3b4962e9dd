"""A stand-in for WeCom with customer groups 客户群: neighbours in WeChat whom no program hears; owners confirm by hand."""

import struct
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.channels.wecom.platform import Json, Platform, _error, _failed  # pyright: ignore[reportPrivateUsage]

DAY_S = 24 * 3600
UNSENT, SENT, TOO_MANY_TODAY = 0, 1, 3


@dataclass(slots=True)
class Group:
    """One customer group."""

    owner: str
    name: str
    staff: int = 1
    came_by: Sequence[str] = ()
    """For each neighbour the state of the square they came by, or nothing."""
    told: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    """What was said there, and when."""


@dataclass(slots=True)
class Task:
    """Words that an owner is asked to send."""

    owner: str
    text: str
    results: dict[str, int]
    at: float
    rung: list[float] = field(default_factory=list[float])
    cancelled: bool = False
    done: bool = False


class Crowd(Platform):
    """The platform with these groups."""

    def __init__(self, members: set[str], groups: dict[str, Group]) -> None:
        super().__init__(members)
        self.groups = groups
        self.tasks: dict[str, Task] = {}
        self.squares: dict[str, Json] = {}
        self.allowed = True
        """The app is one of those that may call 客户联系."""
        self.at_most_owners = 1000
        self.page = 1000
        self.late_in_list = False
        """The list of tasks does not have them."""

    def more(self) -> list[web.RouteDef]:
        """Its calls about customers."""
        answers: dict[str, Callable[[Json], Json]] = {
            "groupchat/list": self._list, "groupchat/get": self._get, "groupchat/add_join_way": self._join,
            "groupchat/get_join_way": self._square, "add_msg_template": self._ask, "get_groupmsg_list_v2": self._asked,
            "get_groupmsg_task": self._with_whom, "get_groupmsg_send_result": self._became,
            "remind_groupmsg_send": self._ring, "cancel_groupmsg_send": self._cancel,
        }  # fmt: skip
        routes = [web.post(f"/cgi-bin/externalcontact/{path}", self._of(path, how)) for path, how in answers.items()]
        return [*routes, web.get("/squares/{config}.png", self._draw)]

    def _of(self, path: str, how: Callable[[Json], Json]) -> Callable[[web.Request], Any]:
        async def called(request: web.Request) -> web.StreamResponse:
            self.calls.append(path)
            says = self._read(await request.read())
            fault = self._fault(path, str(says.get("sender", "")))
            if fault is not None and fault.heard:
                self._right(request, says, how)
            return web.json_response(self._right(request, says, how)) if fault is None else await _failed(fault)

        return called

    def _right(self, request: web.Request, says: Json, how: Callable[[Json], Json]) -> Json:
        if not self.is_token(request.query.get("access_token", "")):
            return _error(self.stale, "invalid access_token")
        if not self.allowed:
            return _error(48002, "api forbidden for no authority")
        return how(says)

    def _list(self, says: Json) -> Json:
        owners = says.get("owner_filter", {}).get("userid_list", [])
        if not 1 <= int(says.get("limit", 0)) <= 1000 or len(owners) > 100:
            self._violated("a list of too many")
            return _error(40058, "limit or owner_filter")
        if len(owners or self.members) > self.at_most_owners:
            return _error(81017, "too many owners")
        chats = sorted(chat for chat, group in self.groups.items() if not owners or group.owner in owners)
        at = int(says.get("cursor") or 0)
        left = len(chats) > at + self.page
        return {
            "errcode": 0, "group_chat_list": [{"chat_id": chat, "status": 0} for chat in chats[at : at + self.page]],
            **({"next_cursor": str(at + self.page)} if left else {}),
        }  # fmt: skip

    def _get(self, says: Json) -> Json:
        group = self.groups.get(str(says.get("chat_id")))
        if group is None:
            return _error(40050, "invalid chat_id")
        staff = [{"userid": f"s{n}", "type": 1, "join_time": 1, "join_scene": 1} for n in range(group.staff)]
        neighbours = [
            {"userid": f"wm{n}", "type": 2, "join_scene": 3, **({"state": state} if state else {})}
            for n, state in enumerate(group.came_by)
        ]
        told = {"name": group.name, "owner": group.owner, "create_time": 1, "member_list": [*staff, *neighbours]}
        return {"errcode": 0, "group_chat": {"chat_id": says["chat_id"], **told}}

    def _join(self, says: Json) -> Json:
        chats = says.get("chat_id_list", [])
        too_long = (
            len(says.get("remark", "")) > 30
            or len(says.get("state", "")) > 30
            or len(says.get("room_base_name", "")) > 40
        )
        if (
            too_long
            or says.get("scene") not in (1, 2)
            or not 1 <= len(chats) <= 5
            or not set(chats) <= set(self.groups)
        ):
            self._violated(f"a way to join: {says}")
            return _error(40058, "chat_id_list")
        config = f"c{len(self.squares) + 1}"
        self.squares[config] = says
        return {"errcode": 0, "config_id": config}

    def _square(self, says: Json) -> Json:
        config = str(says.get("config_id"))
        if config not in self.squares:
            return _error(40058, "config_id")
        held = {"config_id": config, "qr_code": f"{self.address}/squares/{config}.png", **self.squares[config]}
        return {"errcode": 0, "join_way": held}

    async def _draw(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=png(request.match_info["config"]), content_type="image/png")

    def _ask(self, says: Json) -> Json:
        content, chats, owner = (
            says.get("text", {}).get("content", ""),
            says.get("chat_id_list", []),
            says.get("sender"),
        )
        if says.get("chat_type") != "group" or not owner or not content or len(content.encode()) > 4000 or not chats:
            self._violated("a task")
            return _error(40058, "chat_type, sender, text or chat_id_list")
        if owner not in self.members:
            return _error(60111, "userid not found")
        wrong = [chat for chat in chats if chat not in self.groups or self.groups[chat].owner != owner]
        task = f"msg{len(self.tasks) + 1}"
        results = {chat: UNSENT for chat in chats if chat not in wrong}
        self.tasks[task] = Task(str(owner), content, results, time.time())
        return {"errcode": 0, "errmsg": "ok", "fail_list": wrong, "msgid": task}

    def confirm(self, owner: str, *, at: float | None = None) -> int:
        """The owner taps 发送 wherever they are asked to; how many groups heard something."""
        now, heard = at or time.time(), 0
        for task in self.tasks.values():
            if task.owner != owner or task.done or task.cancelled:
                continue
            task.done = True
            for chat in task.results:
                today = [said for said, _ in self.groups[chat].told if said > now - DAY_S]
                task.results[chat] = TOO_MANY_TODAY if today else SENT
                if not today:
                    self.groups[chat].told.append((now, task.text))
                    heard += 1
        return heard

    def _asked(self, says: Json) -> Json:
        if not says.get("start_time", 0) < says.get("end_time", 0) <= says.get("start_time", 0) + 31 * DAY_S:
            self._violated("a list of tasks of more than a month")
            return _error(40058, "start_time")
        found = [
            {"msgid": name, "create_time": int(task.at), "create_type": 0, "text": {"content": task.text}}
            for name, task in self.tasks.items()
            if says["start_time"] <= task.at <= says["end_time"] and not self.late_in_list
        ]
        at, size = int(says.get("cursor") or 0), min(int(says.get("limit", 50)), self.page)
        more = {"next_cursor": str(at + size)} if len(found) > at + size else {}
        return {"errcode": 0, "group_msg_list": found[at : at + size], **more}

    def _with_whom(self, says: Json) -> Json:
        task = self.tasks.get(str(says.get("msgid")))
        if task is None:
            return _error(41094, "no such task")
        return {"errcode": 0, "task_list": [{"userid": task.owner, "status": 2 if task.done else 0}]}

    def _became(self, says: Json) -> Json:
        task = self.tasks.get(str(says.get("msgid")))
        if task is None or says.get("userid") != task.owner:
            return _error(41094, "no such task")
        told = [{"chat_id": chat, "userid": task.owner, "status": status} for chat, status in task.results.items()]
        return {"errcode": 0, "send_list": told}

    def _ring(self, says: Json) -> Json:
        task = self.tasks[str(says["msgid"])]
        task.rung.append(time.time())
        if len([at for at in task.rung if at > time.time() - DAY_S]) > 3:
            self._violated("an owner reminded more than three times")
            return _error(45009, "remind too often")
        return {"errcode": 0}

    def _cancel(self, says: Json) -> Json:
        self.tasks[str(says["msgid"])].cancelled = True
        return {"errcode": 0}


def png(words: str) -> bytes:
    """A small picture, another for other words."""
    side, shade = 8, zlib.crc32(words.encode()) % 200

    def part(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    rows = b"".join(b"\0" + bytes([shade] * side) for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
