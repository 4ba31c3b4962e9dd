"""What a channel can do: one row a channel; what it cannot is rendered in another way, and never lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Ability:
    """The row of one channel, from its platform's documents."""

    buttons: int = 0
    """The most that one message may carry; a message with more carries numbered choices, which the next digit answers."""
    press_bytes: int = 64
    """The longest press that a button carries there; with a longer one among them all become numbered choices."""
    edits: bool = False
    """A card can stand in place of its former self; else a new short line follows."""
    quotes: bool = False
    """People's quotes come with the message they quote; else a digit means the last card."""
    longest: int = 2000
    """The longest text of one message; a longer one is said in several."""
    counted: Literal["characters", "bytes"] = "characters"
    """What `longest` counts; bytes are those of UTF-8."""
    speaks_first: bool = True
    """The bot may begin a private chat; else what is private waits until its reader opened one."""
    answers_in_call: bool = False
    """Words for whoever speaks go out in the answer to the platform's own call."""

    def numbers(self, buttons: Iterable[tuple[str, str]]) -> bool:
        """Whether these (label, press) are numbered choices there, which the next digit answers."""
        presses = [press for _, press in buttons]
        return len(presses) > self.buttons or any(len(press.encode()) > self.press_bytes for press in presses)


EVERYTHING = Ability(buttons=100, edits=True, quotes=True, longest=100_000)
"""A channel that can do all of it."""
