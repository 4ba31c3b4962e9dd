"""What a text means, as far as words alone can tell."""

from dataclasses import dataclass
from typing import Literal

from bot.understanding.personal import Personal, find

Intent = Literal[
    "emergency", "report", "wish", "form", "ask", "progress", "withdraw", "volunteer", "verify", "command", "chat"
]
Urgency = Literal["normal", "urgent", "emergency"]


VAGUE = "vague"
"""Why of a danger that is felt in the words while nothing in them tells which one it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, in the parts people name; an absent part is None."""

    building: str | None = None
    """"3栋" is "3", "B座" is "B"."""
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    spot: str | None = None
    """The words themselves: 地下车库, 东门, 小区门口."""

    def __bool__(self) -> bool:
        return any((self.building, self.unit, self.floor, self.room, self.spot))


@dataclass(frozen=True, slots=True)
class Utterance:
    """One text, read; pure data, no I/O."""

    intent: Intent
    confidence: float
    """0 to 1; compared with the thresholds of the catalog."""
    text: str
    """What was said without mentions, odd spaces and invisible characters."""
    category: str | None = None
    urgency: Urgency | None = None
    place: Place = Place()
    command: str | None = None
    """The code of a command of the catalog."""
    argument: str = ""
    """What followed the command word."""
    numbers: tuple[int, ...] = ()
    """Matter numbers named in the text (3 digits or more, standing alone)."""
    digit: int | None = None
    """The text is one digit and nothing else: an answer to what was asked or quoted."""
    behalf: str | None = None
    """For whom it is said, when it is not for the speaker: "帮王奶奶报一下" is 王奶奶."""
    emergency: str | None = None
    """The code of the danger, when the intent is emergency."""
    addressed: bool = False
    """The bot was called by its name or mentioned."""
    why: tuple[str, ...] = ()
    """The words that decided it, each "kind:word"."""
    parts: tuple["Utterance", ...] = ()
    """一事一报: two or more matters of different categories in one message, each as a report of its own."""
    joins: bool = False
    """ "我家也是", "+1", "同问": a follower, if somebody has just reported."""

    @property
    def personal(self) -> tuple[Personal, ...]:
        """Personal data in `text`, with its place there; looked for when it is asked for, which costs as much as the rest."""
        return find(self.text)
