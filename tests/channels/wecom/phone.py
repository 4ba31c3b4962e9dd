"""A member's phone with the WeCom app on it: what they type and tap goes through the stand-in to the program."""

import re

from tests.channels.conversation import Shown, until
from tests.channels.wecom.platform import Message, Platform

CHOICE = re.compile(r"(?:^|　)(\d+) (\S+)", re.MULTILINE)


class Phone:
    """One member's; the app has no group, so what is said aloud is said to it alone."""

    def __init__(self, platform: Platform, hook: str, member: str) -> None:
        self._platform = platform
        self._hook = hook
        self._member = member

    async def opens(self) -> None:
        """Look into the app."""
        fields = {**self._platform.text(self._member, ""), "MsgType": "event", "Event": "enter_agent", "EventKey": ""}
        del fields["MsgId"], fields["Content"]
        await self._call(fields)

    async def says(self, words: str, *, aloud: bool = False) -> None:
        """Say it to the app."""
        await self._call(self._platform.text(self._member, words))

    async def sees(self, words: str) -> Shown:
        """The newest message with these words, whose buttons can still be tapped."""

        def look() -> Message | None:
            shown = sorted(self._platform.to(self._member), key=lambda one: one.at, reverse=True)
            return next((message for message in shown if words in message.text and not message.greyed), None)

        found = await until(look, f"{self._member} sees {words}")
        labels = [label for label, _ in found.buttons]
        for digit, label in CHOICE.findall(found.text) if not labels else ():
            if int(digit) == len(labels) + 1:
                labels.append(label)
        return Shown(found.id, found.text, tuple(labels))

    async def taps(self, shown: Shown, label: str) -> None:
        """Tap that button, or send its number."""
        message = next(one for one in self._platform.messages if one.id == shown.id)
        if not message.buttons:
            await self.says(str(shown.labels.index(label) + 1))
            return
        await self._call(self._platform.tap(self._member, message, dict(message.buttons)[label]))

    async def _call(self, fields: dict[str, str]) -> None:
        assert await self._platform.call(self._hook, fields) == (200, b"")
