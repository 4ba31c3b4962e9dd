"""Customer groups 客户群: seen and counted, words given to their owners, who alone can send them; nobody is heard there."""

import asyncio
import binascii
import logging
from base64 import b64decode
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.errands import Desk, Errand, SeenGroup
from bot.channels.wecom import api
from bot.channels.wecom.api import Api, GroupChat
from bot.channels.wecom.failures import BUSY, Refused, Unanswered
from bot.errors import SendError

log = logging.getLogger(__name__)

PATH = api.OF_CUSTOMERS
LOOKED_AT_S = 15.0
COUNTED_EVERY = timedelta(hours=6)
OWNERS_AT_ONCE, GROUPS_AT_ONCE, KEPT_AT_ONCE = 100, 1000, 100
BETWEEN_S = 0.02
"""Looking at thousands of groups stays far below 10,000 calls a minute."""
RECORDS_AT_ONCE, RESULTS_AT_ONCE = 100, 500
LONGEST_BYTES = 4000
SENT, NOT_YET = 1, 0
MEMBER = 1
SLACK_S = 120
"""The platform's clock and ours may differ by that."""
MONTH_S = 30 * 24 * 3600
"""Its list of tasks is asked for no longer a time."""
AGAIN_S = 60.0
CANCELLED_AGAIN_S = 600.0
REMARK, ROOM, STATE = 30, 40, 30
"""Letters of a square's remark, of the name of groups made for it, and of what tells it from others."""
BY_SQUARE = 2
TROUBLE = "channels/wecom_customers"
Trouble = tuple[str, Mapping[str, object]]


class Customers:
    """Those that one app may see."""

    def __init__(self, api: Api, name: str) -> None:
        self._api = api
        self._name = name
        self._counted: datetime | None = None
        self._changed: set[str] = set()
        self.trouble: Trouble | None = None
        """What an operator has to mend, as /health says it."""
        self._uncancelled = dict[str, int]()
        """By task that was stopped and could not be taken back, what the platform said."""

    @property
    def uncancelled(self) -> Trouble | None:
        """Tasks that their owners can still send, though they were stopped."""
        codes = list(self._uncancelled.values())
        return ("channels/wecom_uncancelled", {"many": len(codes), "code": codes[-1]}) if codes else None

    def changed(self, chat: str) -> None:
        """Something happened in this group: it is looked at soon."""
        self._changed.add(chat)

    async def keep(self, desk: Desk) -> None:
        """Count them now and then, and run errands as they come."""
        while True:
            wait_s = LOOKED_AT_S
            try:
                await self.settle(desk)
                self.trouble = None
            except (SendError, SQLAlchemyError) as failure:
                wait_s = max(wait_s, self._rests_s(failure))
            await asyncio.sleep(wait_s)

    async def settle(self, desk: Desk) -> None:
        """Do once what there is to do. Raises SendError where the platform wants to be left alone for a while."""
        if await self._count_is_due(desk):
            await self.count(desk)
        while self._changed:
            await desk.seen(self._name, [group async for group in self._looked_at([self._changed.pop()])])
        while (errand := await desk.next()) is not None:
            await self._run(desk, errand)

    async def _count_is_due(self, desk: Desk) -> bool:
        if self._counted is None or desk.now() - self._counted >= COUNTED_EVERY:
            self._counted = await desk.counted_at()  # another program may have counted them
        return self._counted is None or desk.now() - self._counted >= COUNTED_EVERY

    async def count(self, desk: Desk, *, owners: Sequence[str] | None = None) -> None:
        """See every group of these owners (of all staff, where none are named) and who is in it."""
        since = desk.now()
        wanted = owners if owners is not None else await desk.owners(self._name)
        seen = list[SeenGroup]()
        for at in range(0, len(wanted), OWNERS_AT_ONCE):
            chats = await self._listed(wanted[at : at + OWNERS_AT_ONCE])
            async for group in self._looked_at(chats):
                seen.append(group)
                if len(seen) >= KEPT_AT_ONCE:
                    await desk.seen(self._name, seen)
                    seen.clear()
        await desk.seen(self._name, seen)
        if owners is None:
            await desk.all_seen(since)
            self._counted = since

    async def square(self, name: str, code: str, chats: Sequence[str]) -> str:
        """The platform's name of a new square by which neighbours join the first of these groups that has room."""
        says = {
            "scene": BY_SQUARE, "remark": f"小格 {code}"[:REMARK], "auto_create_room": 1, "room_base_name": name[:ROOM],
            "room_base_id": len(chats) + 1, "chat_id_list": list(chats)[:5], "state": code[:STATE],
        }  # fmt: skip
        return (await self._api.call(f"{PATH}groupchat/add_join_way", says)).config_id

    async def picture(self, config: str) -> bytes:
        """How that square looks."""
        drawn = (await self._api.call(f"{PATH}groupchat/get_join_way", {"config_id": config})).join_way.qr_code
        if drawn.startswith(("http://", "https://")):
            return await self._api.picture(drawn)
        try:
            return b64decode(drawn.rpartition(",")[2], validate=True)
        except (binascii.Error, ValueError):
            raise SendError("a square that is no picture") from None

    @staticmethod
    def in_doubt(failure: SendError) -> bool:
        """Whether it may have taken effect all the same."""
        return isinstance(failure, Unanswered)

    async def _listed(self, owners: Sequence[str]) -> list[str]:
        """The groups of these owners; asked for fewer of them at once where they are too many."""
        chats, cursor = list[str](), ""
        try:
            while True:
                says = {"owner_filter": {"userid_list": list(owners)}, "limit": GROUPS_AT_ONCE, "cursor": cursor}
                page = await self._api.call(f"{PATH}groupchat/list", says)
                chats += [one.chat_id for one in page.group_chat_list]
                cursor = page.next_cursor
                if not cursor:
                    return chats
        except Refused as refusal:
            if refusal.code != api.TOO_MANY_OWNERS or len(owners) < 2:
                raise
            middle = len(owners) // 2
        return [*await self._listed(owners[:middle]), *await self._listed(owners[middle:])]

    async def _looked_at(self, chats: Sequence[str]) -> AsyncGenerator[SeenGroup]:
        for chat in chats:
            try:
                found = await self._api.call(f"{PATH}groupchat/get", {"chat_id": chat, "need_name": 0})
            except Refused as refusal:
                if refusal.everyone or refusal.code == BUSY:
                    raise
                log.warning("a customer group cannot be looked at", extra={"error": refusal.says})
                continue
            yield _seen(chat, found.group_chat)
            await asyncio.sleep(BETWEEN_S)

    async def _run(self, desk: Desk, errand: Errand) -> None:
        match errand.kind:
            case "ask":
                await self._ask(desk, errand)
            case "find":
                await self._find(desk, errand)
            case "look":
                await self._look(desk, errand)
            case "ring":
                await self._ring(errand)
            case "cancel":
                await self._cancel(desk, errand)

    async def _ask(self, desk: Desk, errand: Errand) -> None:
        """Where no answer comes it is left as it is: whether it was heard is found out later, and not by asking twice."""
        says = {
            "chat_type": "group", "sender": errand.owner, "chat_id_list": list(errand.chats),
            "text": {"content": _short(errand.text)},
        }  # fmt: skip
        try:
            answer = await self._api.call(f"{PATH}add_msg_template", says)
        except Unanswered:
            raise
        except SendError as failure:
            lasting = isinstance(failure, Refused) and not failure.everyone and failure.code != BUSY
            await desk.unasked(errand, failure.says, None if lasting else failure.retry_after_s or AGAIN_S)
            if not lasting:
                raise
            return
        refused = [chat for chat in answer.fail_list if chat in errand.chats]
        if not answer.msgid:
            await desk.unasked(errand, "no task was made", None)
            return
        await desk.asked(errand, answer.msgid)
        if refused:
            await desk.refused(errand, refused, "fail_list")

    async def _find(self, desk: Desk, errand: Errand) -> None:
        """Whether the task that we asked for and heard nothing of was made: the platform's own list has it then."""
        now = int(desk.now().timestamp())
        begun = int(errand.begun_at.timestamp()) if errand.begun_at else now
        cursor, content = "", _short(errand.text)
        while True:
            says = {
                "chat_type": "group", "start_time": max(begun - SLACK_S, now - MONTH_S), "end_time": now + SLACK_S,
                "limit": RECORDS_AT_ONCE, "cursor": cursor,
            }  # fmt: skip
            page = await self._api.call(f"{PATH}get_groupmsg_list_v2", says)
            for one in page.group_msg_list:
                same = one.text.content == content and one.create_time >= begun - SLACK_S
                if same and await self._is_with(errand.owner, one.msgid) and await desk.asked(errand, one.msgid):
                    return
            cursor = page.next_cursor
            if not cursor:
                break
        await desk.unasked(errand, "the platform did not hear it", 0.0)

    async def _is_with(self, owner: str, task: str) -> bool:
        page = await self._api.call(f"{PATH}get_groupmsg_task", {"msgid": task, "limit": RESULTS_AT_ONCE})
        return any(one.userid == owner for one in page.task_list)

    async def _look(self, desk: Desk, errand: Errand) -> None:
        sent, failed, cursor = set[str](), dict[str, str](), ""
        while True:
            says = {"msgid": errand.task, "userid": errand.owner, "limit": RESULTS_AT_ONCE, "cursor": cursor}
            try:
                page = await self._api.call(f"{PATH}get_groupmsg_send_result", says)
            except Refused as refusal:
                if refusal.everyone or refusal.code == BUSY:
                    raise
                log.warning("what became of a task is not told", extra={"error": refusal.says})
                return
            for one in page.send_list:
                if one.status == SENT:
                    sent.add(one.chat_id)
                elif one.status != NOT_YET:
                    failed[one.chat_id] = f"status {one.status}"
            cursor = page.next_cursor
            if not cursor:
                break
        if sent or failed:
            await desk.results(errand, sent, failed)
        if sent | set(failed) >= set(errand.chats):
            self._uncancelled.pop(errand.task, None)

    async def _ring(self, errand: Errand) -> None:
        """Once: a task that is done or unknown by now is no failure of ours."""
        try:
            await self._api.call(f"{PATH}remind_groupmsg_send", {"msgid": errand.task})
        except Refused as refusal:
            if refusal.everyone or refusal.code == BUSY:
                raise
            log.warning("an owner was not reminded", extra={"error": refusal.says})

    async def _cancel(self, desk: Desk, errand: Errand) -> None:
        """Where the platform says no, its owner may send it all the same: it is tried again, and said on /health."""
        try:
            await self._api.call(f"{PATH}cancel_groupmsg_send", {"msgid": errand.task})
        except Refused as refusal:
            if refusal.everyone or refusal.code == BUSY:
                raise
            if errand.task not in self._uncancelled:
                log.warning("a task could not be taken back", extra={"error": refusal.says, "owner": errand.owner})
            self._uncancelled[errand.task] = refusal.code
            await desk.uncancelled(errand, refusal.says, CANCELLED_AGAIN_S)
            return
        await desk.cancelled(errand)
        self._uncancelled.pop(errand.task, None)

    def refused(self, failure: Exception) -> None:
        """Remember it where an operator has to mend it."""
        if isinstance(failure, Refused) and failure.code in api.NO_RIGHT:
            self.trouble = TROUBLE, {"code": failure.code}

    def _rests_s(self, failure: Exception) -> float:
        says = failure.says if isinstance(failure, SendError) else type(failure).__name__
        log.warning("customer groups could not be seen to", extra={"error": says})
        self.refused(failure)
        return (failure.retry_after_s or 0.0) if isinstance(failure, SendError) else 0.0


def _seen(chat: str, group: GroupChat) -> SeenGroup:
    staff = sum(one.type == MEMBER for one in group.member_list)
    came_by = Counter(one.state for one in group.member_list if one.type != MEMBER and one.state)
    return SeenGroup(chat, group.owner, group.name, staff, len(group.member_list) - staff, came_by)


def _short(text: str) -> str:
    """As much as a task holds, no letter cut in two."""
    raw = text.encode()
    return text if len(raw) <= LONGEST_BYTES else raw[: LONGEST_BYTES - 3].decode(errors="ignore") + "…"
