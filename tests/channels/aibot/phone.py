"""A member's phone with WeCom on it: what they say to the bot and tap goes through the stand-in to the program."""

import time

from tests.channels.aibot.platform import Message, Platform
from tests.channels.conversation import Shown, until

LOOKS_IN_S = 1.5


class Phone:
    """One member's, in private with the bot and in one group."""

    def __init__(self, platform: Platform, member: str, group: str = "") -> None:
        self._platform = platform
        self._member = member
        self._group = group

    async def opens(self) -> None:
        """Open the chat with the bot, and greet it."""
        await self._platform.call(self._platform.event(self._member, "enter_chat"))
        await self.says("你好")

    async def says(self, words: str, *, aloud: bool = False) -> None:
        """Say it in private, or in the group."""
        await self._platform.call(self._platform.text(self._member, words, self._group if aloud else ""))

    async def sees(self, words: str) -> Shown:
        """The newest message with these words; without the line somebody who is waiting says a word now and then."""
        looked = time.monotonic()

        def look() -> Message | None:
            shown = self._platform.shown(self._member, self._group)
            return next((one for one in reversed(shown) if words in one.text), None)

        while (found := look()) is None and self._platform.hook:
            try:
                found = await until(look, f"{self._member} sees {words}", LOOKS_IN_S)
            except AssertionError:
                assert time.monotonic() - looked < 15, (words, self._platform.shown(self._member, self._group))
                await self.says("谢谢")
        if found is None:
            found = await until(look, f"{self._member} sees {words}")
        return Shown(found.id, found.text, tuple(label for label, _ in found.buttons))

    async def taps(self, shown: Shown, label: str) -> None:
        """Tap that button."""
        message = next(one for one in self._platform.messages if one.id == shown.id)
        shown_now = message.own.get(self._member, message)
        group = message.to if message.to in self._platform.groups else ""
        await self._platform.call(self._platform.tap(self._member, shown_now, dict(shown_now.buttons)[label], group))
