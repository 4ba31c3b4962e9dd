"""What the line and the address ask of the bot whose words they carry."""

from dataclasses import dataclass
from typing import Protocol

from bot.channels.aibot.hearing import Heard, Hearing
from bot.channels.aibot.wording import Body
from bot.channels.base import Ears


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to a call."""

    body: Body | None = None
    """None: there is nothing to say, or it is left to the sender."""
    whole: bool = False
    """All that was taken for it is in it."""
    card: Body | None = None
    """What follows it as a message of its own, on the line."""


class Answering(Protocol):
    """One bot, as those see it who bring it its calls."""

    name: str
    hearing: Hearing

    async def reply(self, heard: Heard, ears: Ears) -> Said:
        """Once everything it says is durable: the answer."""
        ...
