"""Staff groups in WeCom: given by a robot's key, or made by the app and kept in step with the organization.

Nobody can be heard there: an app hears what is said to itself alone, a robot hears nothing.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.wecom.api import Answer, Api
from bot.channels.wecom.failures import Refused
from bot.errors import SendError

if TYPE_CHECKING:
    from bot.channels.base import Ears

log = logging.getLogger(__name__)

LOOKED_AT_S = 600.0
ROBOT, CHAT = "robot", "xiaoge"
"""How their ids begin; the grid's code follows."""
FEWEST, MOST = 2, 500
NAME_LETTERS = 50
BUSY, NO_SUCH_CHAT = 45009, frozenset((86001, 86003))
BUSY_S = 60.0


class Groups:
    """Those of one app."""

    def __init__(self, api: Api, name: str, robots: Mapping[str, str], made: Sequence[str], hello: str) -> None:
        self._api = api
        self._name = name
        self._robots = {f"{ROBOT}{code}": key for code, key in robots.items()}
        self._made = {f"{CHAT}{code}": code for code in made}
        self._hello = hello

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
            await self.settle(ears)
            await asyncio.sleep(LOOKED_AT_S)

    async def settle(self, ears: "Ears") -> None:
        """See to it once; what fails is logged, and looked at again the next time."""
        of_robots = {group: group.removeprefix(ROBOT) for group in self._robots}
        for group, code in {**of_robots, **self._made}.items():
            try:
                if group in self._made and not await self._in_step(ears, group, code):
                    continue
                if not await ears.bound(self._name, group, code):
                    log.warning("a staff group is of no known grid, or of one that has another", extra={"grid": code})
            except (SendError, SQLAlchemyError) as failure:
                says = failure.says if isinstance(failure, SendError) else type(failure).__name__
                log.warning("a staff group could not be seen to", extra={"grid": code, "error": says})

    async def _in_step(self, ears: "Ears", group: str, code: str) -> bool:
        """Whether the chat stands, with whoever serves in the grid now and nobody else."""
        roster = await ears.roster(self._name, code)
        if roster is None or len(roster[1]) < FEWEST:
            log.warning("a group needs a grid with two of its staff in WeCom", extra={"grid": code})
            return False
        name, wanted = roster[0][:NAME_LETTERS], roster[1][:MOST]
        try:
            chat = (await self._api.ask("appchat/get", {"chatid": group})).chat_info
        except Refused as refusal:
            if refusal.code not in NO_SUCH_CHAT:
                raise
            await self._api.call("appchat/create", {"name": name, "userlist": wanted, "chatid": group})
            # nobody sees a new group until something is said in it
            await self.say(group, {"msgtype": "text", "text": {"content": self._hello}})
            return True
        held = set(chat.userlist)
        change = {"add_user_list": sorted({*wanted} - held), "del_user_list": sorted(held - {*wanted})}
        change = {what: who for what, who in change.items() if who}
        renamed = {"name": name} if chat.name != name else {}
        if change or renamed:
            await self._api.call("appchat/update", {"chatid": group, **renamed, **change})
        return True
