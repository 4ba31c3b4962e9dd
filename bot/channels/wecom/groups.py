"""Staff groups in WeCom: given by a robot's key, or made by the app and kept in step with the organization.

Nobody can be heard there: an app hears what is said to itself alone, a robot hears nothing.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from itertools import combinations, islice
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.wecom.api import Answer, Api, ChatInfo
from bot.channels.wecom.failures import Refused
from bot.errors import SendError

if TYPE_CHECKING:
    from bot.channels.base import Ears

log = logging.getLogger(__name__)

LOOKED_AT_S = 600.0
LOOK_S = 2.0
"""How often it is looked for whether this process is the one that speaks: only that one keeps the groups."""
ROBOT, CHAT = "robot", "xiaoge"
"""How their ids begin; the grid's code follows."""
FEWEST, MOST = 2, 500
NAME_LETTERS = 50
BUSY, NO_SUCH_CHAT = 45009, frozenset((86001, 86003))
MADE_BEFORE = 86215
UNKNOWN = frozenset((40003, 40031, 60111, 81013, 86006))
"""One of those people is none whom the app may put into a chat; the platform does not say which."""
PAIRS = 40
"""So many pairs are tried to make a chat of which not everybody can be a member."""
BUSY_S = 60.0


class Groups:
    """Those of one app."""

    def __init__(self, api: Api, name: str, robots: Mapping[str, str], made: Sequence[str], hello: str) -> None:
        self._api = api
        self._name = name
        self._robots = {f"{ROBOT}{code}": key for code, key in robots.items()}
        self._made = {f"{CHAT}{code}": code for code in made}
        self._hello = hello
        self._greeted = set[str]()
        self._told = set[tuple[str, str, str]]()
        """(group, what is wrong, with whom) of what the log has said."""
        self._troubles = dict[tuple[str, str], Mapping[str, object]]()
        """By group and row of health.toml."""

    @property
    def trouble(self) -> tuple[str, Mapping[str, object]] | None:
        """Who cannot be put into a group, or not out of it, as /health says it."""
        return next(((row, values) for (_, row), values in self._troubles.items()), None)

    async def say(self, group: str, message: Mapping[str, object]) -> Answer:
        """Say it there. SendError where there is no such group."""
        if group in self._made:
            return await self._api.call("appchat/send", {"chatid": group, **message, "safe": 0})
        if group not in self._robots:
            raise SendError("no robot and no chat of ours", gone=True)
        try:
            return await self._api.shout(self._robots[group], message)
        except Refused as refusal:
            if refusal.code != BUSY:
                raise
            raise SendError(refusal.says, retry_after_s=BUSY_S) from refusal  # this robot's limit, nobody else's

    async def keep(self, ears: "Ears") -> None:
        """See to it that each is bound and has its members, now and whenever the organization may have changed."""
        while self._robots or self._made:
            while not await ears.speaks(self._name):  # noqa: ASYNC110 - another process tells us nothing
                await asyncio.sleep(LOOK_S)
            await self.settle(ears)
            await asyncio.sleep(LOOKED_AT_S)

    async def settle(self, ears: "Ears") -> None:
        """See to it once; what fails is logged, and looked at again the next time."""
        of_robots = {group: group.removeprefix(ROBOT) for group in self._robots}
        for group, code in {**of_robots, **self._made}.items():
            try:
                if group in self._made and not await self._in_step(ears, group, code):
                    continue
                if group in self._made and await ears.wants_staff_group(code):
                    await self._greet(group)
                if not await ears.bound(self._name, group, code):
                    log.warning("a staff group is of no known grid, or of one that has another", extra={"grid": code})
            except (SendError, SQLAlchemyError) as failure:
                says = failure.says if isinstance(failure, SendError) else type(failure).__name__
                log.warning("a staff group could not be seen to", extra={"grid": code, "error": says})

    async def _greet(self, group: str) -> None:
        """Nobody sees a new group until something is said in it: whether that was said stands in its being bound."""
        if group not in self._greeted:
            await self.say(group, {"msgtype": "text", "text": {"content": self._hello}})
            self._greeted.add(group)

    async def _in_step(self, ears: "Ears", group: str, code: str) -> bool:
        """Whether the chat stands, with whoever serves in the grid now and nobody else."""
        roster = await ears.roster(self._name, code)
        if roster is None:
            log.warning("a staff group is of no known grid", extra={"grid": code})
            return False
        name, wanted = roster[0][:NAME_LETTERS], roster[1][:MOST]
        chat = await self._chat(group)
        if chat is None:
            if len(wanted) < FEWEST:
                log.warning("a group needs a grid with two of its staff in WeCom", extra={"grid": code})
                return False
            await self._make(group, name, wanted)
            chat = await self._chat(group)
        if chat is None:
            return False
        held = set(chat.userlist)
        new, gone = sorted({*wanted} - held), sorted(held - {*wanted})
        strangers, stayed = await self._change(group, name if chat.name != name else "", new, gone)
        self._tell(group, code, "channels/wecom_strangers", strangers)
        self._tell(group, code, "channels/wecom_stayed", stayed)
        return True

    async def _chat(self, group: str) -> ChatInfo | None:
        try:
            return (await self._api.ask("appchat/get", {"chatid": group})).chat_info
        except Refused as refusal:
            if refusal.code not in NO_SUCH_CHAT:
                raise
            return None

    async def _make(self, group: str, name: str, wanted: Sequence[str]) -> None:
        """The chat with all of them; where one of them is unknown, with the first two who can be in it."""
        failure: SendError | None = None
        for members in (wanted, *islice(combinations(wanted, FEWEST), PAIRS)):
            try:
                await self._api.call("appchat/create", {"name": name, "userlist": list(members), "chatid": group})
            except Refused as refusal:
                if refusal.code == MADE_BEFORE:
                    return  # it was heard, and only its answer was lost
                if refusal.code not in UNKNOWN:
                    raise
                failure = refusal
            else:
                return
        if failure is not None:
            raise failure

    async def _change(
        self, group: str, name: str, new: Sequence[str], gone: Sequence[str]
    ) -> tuple[Sequence[str], Sequence[str]]:
        """Rename it, take some in, let others go: all at once, else each by itself; whom that was refused for."""
        renamed = {"name": name} if name else {}
        change = {"add_user_list": new, "del_user_list": gone}
        change = {what: who for what, who in change.items() if who}
        if not (renamed or change) or await self._changed(group, {**renamed, **change}):
            return (), ()
        if renamed:
            await self._changed(group, renamed)
        strangers = [who for who in new if not await self._changed(group, {"add_user_list": [who]})]
        if not gone or await self._changed(group, {"del_user_list": gone}):
            return strangers, ()
        return strangers, [who for who in gone if not await self._changed(group, {"del_user_list": [who]})]

    async def _changed(self, group: str, change: Mapping[str, object]) -> bool:
        """Whether it is so now; False where that cannot be with these people."""
        try:
            await self._api.call("appchat/update", {"chatid": group, **change})
        except Refused as refusal:
            if refusal.code not in UNKNOWN:
                raise
            return False
        return True

    def _tell(self, group: str, code: str, row: str, members: Sequence[str]) -> None:
        """Say on /health how many they are, and once in the log who."""
        for who in members:
            if (group, row, who) not in self._told:
                self._told.add((group, row, who))
                log.warning("a staff group is not as it is to be", extra={"grid": code, "row": row, "member": who})
        if members:
            self._troubles[group, row] = {"grid": code, "many": len(members)}
        else:
            self._troubles.pop((group, row), None)
