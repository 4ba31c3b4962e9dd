"""What a handler is given: one moment of one conversation, and the memory to ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.catalog import Catalog
from bot.message import Incoming
from bot.pace import Pace
from bot.settings import Settings
from bot.understanding import Reader
from bot.understanding.utterance import Utterance
from storage import people
from storage.asked import Asked
from storage.chats import Chat
from storage.grids import Grid
from storage.people import Account
from storage.posts import Post
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Order:
    """What the bot is told to do, however it was said: a command word, a button, a digit, a sentence it waited for."""

    code: str
    numbers: tuple[int, ...] = ()
    argument: str = ""
    answers: bool = False
    """It is the answer to what was asked, so the question is done with."""

    @property
    def number(self) -> int | None:
        """The first number, where there is one."""
        return self.numbers[0] if self.numbers else None


@dataclass(slots=True)
class Scene:
    """A moment in which something is decided: what a clock's tick is given."""

    session: Session
    now: datetime
    catalog: Catalog
    settings: Settings
    paces: Mapping[str, Pace] = field(default_factory=dict[str, Pace], kw_only=True)
    """How fast each channel lets words leave."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a batch before anybody answers: enough to look up for all of them what they will need."""

    utterance: Utterance
    grid_id: int | None
    """Of the group it was said in, or in private of whoever said it."""


@dataclass(slots=True)
class Turn(Scene):
    """One message's moment."""

    incoming: Incoming
    utterance: Utterance
    account: Account | None = None
    """Who speaks; None for a neighbour of whom nothing is kept yet."""
    posts: list[Post] = field(default_factory=list[Post])
    """What the speaker holds now."""
    chat: Chat | None = None
    """The group it was said in; None in private."""
    grid: Grid | None = None
    """The group's grid, or in private the speaker's own."""
    asked: Asked | None = None
    """What the bot waits to hear from the speaker here."""
    quoted: int | None = None
    """The number that the quoted message of ours spoke of."""
    order: Order | None = None
    reader: Reader = field(kw_only=True)
    """Understands what is said."""

    @property
    def in_group(self) -> bool:
        """Whether others hear the answer."""
        return self.incoming.chat is not None

    def read(self, words: str, private: bool) -> Utterance:
        """Words that were held back until now, as said in private or not."""
        return self.reader.read(words, private)

    @property
    def words(self) -> str:
        """What came with the order: a reason, a name, a place."""
        return self.order.argument.strip(" ,，。:：") if self.order else ""

    def speaker(self) -> Account:
        """The account that speaks, remembered from now on."""
        if self.account is None:
            self.account = people.add_account(
                self.session,
                channel=self.incoming.channel,
                external=self.incoming.sender,
                name=self.incoming.sender_name,
                grid_id=self.grid.id if self.grid and self.in_group else None,
                now=self.now,
            )
        return self.account
