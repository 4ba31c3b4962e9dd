"""What comes in and what goes out: the values that every room passes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Literal

Happening = Literal["text", "press", "scan", "photo", "place", "voice", "joined", "left", "back", "came", "went"]
"""`joined`: the bot came into a group, or in private somebody opened the chat with it; `left`: it was removed or blocked;
`back`: who had blocked it may be told things again, and says nothing.

`came` and `went`: the sender came into a group or left it, where the platform tells such things of others.

`voice`: something was spoken, and nobody wrote down what."""


def line_of(channel: str, target: str, *, private: bool) -> str:
    """The conversation held there."""
    return f"{channel}/{target}" if private else f"{channel}//{target}"


@dataclass(frozen=True, slots=True)
class Address:
    """A place on a channel where something can be said: a group, or one account's private chat."""

    channel: str
    target: str
    """The platform's id of the group, or of the account when private."""
    private: bool = False

    @property
    def line(self) -> str:
        """The conversation held there."""
        return line_of(self.channel, self.target, private=self.private)


@dataclass(frozen=True, slots=True)
class Many:
    """Everybody whom a notice's way down reaches: words written once (storage/notices.py has the ways)."""

    body_id: int
    private: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that happened on a channel, verified and decoded, and nothing else about it."""

    channel: str
    key: str
    """Unique per channel for this happening: the platform repeats it when it repeats the call."""
    sender: str
    """The platform's id of the account that did it."""
    chat: str | None
    """The platform's id of the group; None in private."""
    at: datetime
    happening: Happening = "text"
    text: str = ""
    """What was said, the button's payload, the scanned code, the photo's reference or the place's words."""
    quote: str | None = None
    """The platform's id of the message that was quoted."""
    quoted: str = ""
    """The quoted words, where the platform tells them and not the message's id: the id is looked for."""
    sender_name: str = ""
    chat_name: str = ""
    message: str = ""
    """What the channel needs to quote this in an answer, for itself alone; nothing where answers quote nothing."""

    @property
    def address(self) -> Address:
        """Where an answer to this is said."""
        if self.chat is None:
            return Address(self.channel, self.sender, private=True)
        return Address(self.channel, self.chat)

    @property
    def line(self) -> str:
        """The conversation it belongs to: messages of one line are handled in order."""
        target = self.sender if self.chat is None else self.chat
        return line_of(self.channel, target, private=self.chat is None)


class Lane(IntEnum):
    """Who goes first when the way out is narrow; the lowest number goes first."""

    EMERGENCY = 0
    REPLY = 1
    DUTY = 2
    NOTICE = 3
    DIGEST = 4


EITHER = "|"
"""Parts the templates of a reply: the first one that there is."""
LITERAL = "="
"""A button label that begins with this is a name, said as it is."""


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to tap. Its label is the template's (says/buttons.toml), its press comes back as typed here."""

    label: str
    """A key of says/buttons.toml, or LITERAL and a name."""
    press: str
    """What comes back when it is tapped: at most 64 bytes, words separated by blanks."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reply waits for: the buttons' digits, and perhaps a free sentence."""

    takes: str = ""
    """The press that the next sentence completes: "finish 1029"; nothing when only the buttons answer."""
    held: str = ""
    """Words kept until the answer comes, and no longer."""
    lasts_s: int = 24 * 3600


@dataclass(frozen=True, slots=True)
class Reply:
    """An intention to say something; it becomes an outbox row in the transaction that holds its reason."""

    template: str
    """A path below templates/says, without its ending."""
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    to: Address | Many | None = None
    """None: where the incoming message was said."""
    buttons: tuple[Button, ...] = ()
    lane: Lane = Lane.REPLY
    about: int | None = None
    """The number of what it speaks of, so that quoting it finds the way back."""
    ask: Ask | None = None
    """Set when the next digit or sentence of whoever reads it is the answer."""
    edits: str = ""
    """The name of a card: these words stand in place of the last ones to the same address under this name, where the
    channel can; else they are said anew, unless they answer somebody at most once a minute."""
    afresh: bool = False
    """A new message all the same; later words under the name stand in its place."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way out: final words, for one address."""

    id: int
    address: Address
    text: str
    buttons: tuple[tuple[str, str], ...]
    """(label, press)"""
    lane: Lane
    quote: str | None = None
    """What it answers, as the channel named it in `Incoming.message`."""
