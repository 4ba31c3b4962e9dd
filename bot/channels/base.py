"""What every channel is to the sender, and what it tells the program of what it hears."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from aiohttp import web

from bot.ability import Ability
from bot.channels.errands import Desk
from bot.message import Address, Delivery, Incoming
from bot.pace import Pace

Fetch = Callable[[], Awaitable[tuple[str, float]]]
"""Asks the platform for a token; it and how many seconds it serves."""


class Channel(Protocol):
    """One chat platform. It knows no storage and decides nothing about trying again."""

    name: str
    pace: Pace
    """The platform's published limits."""
    able: Ability
    """What can be said there, and how."""

    async def send(self, delivery: Delivery) -> str:
        """Say it; the platform's id of the message. Raises SendError, which says what kind of failure it is."""
        ...


Further = Callable[[], Awaitable[None]]
"""Returns once one more message to the same reader may leave. Raises SendError where that is a long time off."""


async def at_once() -> None:
    """No pace is kept: for words that are said outside of the sender."""


@runtime_checkable
class Parting(Protocol):
    """A channel where one delivery may leave as several of the platform's messages, each of which its limits count."""

    def parts(self, delivery: Delivery) -> int:
        """How many messages are still to leave, as far as it can be told before; at least one."""
        ...

    async def send(self, delivery: Delivery, further: Further = at_once) -> str:
        """As Channel has it; `further` is awaited before each message after the first."""
        ...


@runtime_checkable
class Editing(Protocol):
    """A channel that can put other words in the place of a message."""

    edits: bool
    """False where it could, but may not."""

    async def edit(self, platform_id: str, delivery: Delivery) -> str:
        """Say it in place of that message; the platform's id of what stands there now.

        Raises SendError; a final one means that it can only be said anew.
        """
        ...


@runtime_checkable
class EditingSome(Protocol):
    """A channel where some messages cannot be edited, or not again, and knows which."""

    def editable(self, platform_id: str) -> bool:
        """Whether other words can be put in its place now; else they rest a while, as where nothing can be edited."""
        ...


@runtime_checkable
class Troubled(Protocol):
    """A channel that knows what an operator has to mend before it works."""

    def trouble(self) -> tuple[str, Mapping[str, object]] | None:
        """The row of health.toml that says it (channels/...), with its values; None while all is well."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, in words."""

    well: bool
    says: str
    do: str = ""
    """What mends it."""


@runtime_checkable
class Checking(Protocol):
    """A channel that can be asked how it is set up: by its platform's cheapest calls, changing nothing."""

    async def check(self) -> Sequence[Finding]:
        """What was looked at, the worst first; never raises for what the platform answers."""
        ...


@runtime_checkable
class Probing(Protocol):
    """A channel that can ask its platform's cheapest question, before the program runs; `trouble` tells what came."""

    name: str
    api: str
    """Where the platform is."""
    path: str
    """Where the platform calls us."""

    async def probe(self) -> str:
        """What came instead of a good answer; empty where all is well. Never raises for what the platform answers."""
        ...

    def trouble(self) -> tuple[str, Mapping[str, object]] | None:
        """As Troubled has it."""
        ...


@runtime_checkable
class LookingCloser(Protocol):
    """A channel that can ask, once its platform lets it in, for the rights that it needs besides."""

    async def closer(self) -> Sequence[tuple[str, Mapping[str, object]]]:
        """The rows of channels.toml that say what is to be mended, with their values; raises SendError."""
        ...


@runtime_checkable
class Proving(Protocol):
    """A channel whose platform asks our address whether it is ours before it calls there."""

    path: str
    """Where the platform calls us."""

    def question(self, words: str) -> Mapping[str, str] | None:
        """The query that is answered by these words; None where nobody calls."""
        ...


@runtime_checkable
class Inviting(Protocol):
    """A channel where people begin their private chat by a link."""

    name: str
    invite: str
    """The link; empty where it is not known, perhaps not known yet."""


class Invites(Mapping[str, str]):
    """The links by the channels' names, as far as they are known at the moment one is asked for."""

    def __init__(self, channels: Sequence[Inviting]) -> None:
        self._channels = channels

    def __getitem__(self, name: str) -> str:
        return self._known()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def _known(self) -> dict[str, str]:
        return {one.name: one.invite for one in self._channels if one.invite}


class Ears(Protocol):
    """Whom a channel tells what it heard."""

    customers: Desk
    """Where errands in customer groups are fetched, on platforms that have such."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...

    async def heard(self, incoming: Incoming) -> None:
        """Return once its effect is durable; a repeated one has none. Raises SQLAlchemyError where it cannot be."""
        ...

    async def answered(self, incoming: Incoming, most: int, *, told: bool = False) -> Sequence[Delivery]:
        """As `heard`; then what is to be said to whoever spoke, at most so many bytes of it: said by the answer to the
        call. The same call gets the same words again. After four seconds they are left to the sender.

        With `told` they count as said once the channel calls `told`, and are the sender's where it does not.
        """
        ...

    async def told(self, incoming: Incoming) -> None:
        """The answer to its call has left, with the words that `answered` gave for it."""
        ...

    async def stands_for(self, channel: str, nonce: str, holds: str) -> bool:
        """Whether a call with this nonce held just that, in any process, or none came before: where only the nonce is
        signed, and not what comes with it."""
        ...

    async def granted(self, channel: str, target: str, kind: str, *, most: int, until: datetime, call: str) -> None:
        """Whoever spoke may be told so many messages until then, on platforms that count them; once for each call."""
        ...

    async def spent(self, channel: str, target: str, *, kept: int, first: str = "") -> str | None:
        """The kind of what one message was just taken from, `first` if it is open; None where no more than `kept` are left."""
        ...

    async def given_back(self, channel: str, target: str, kind: str) -> None:
        """It was not said."""
        ...

    async def closed(self, channel: str, target: str) -> None:
        """The platform says that nothing more may be said until the person speaks."""
        ...

    async def token(self, key: str, fetch: Fetch, *, refused: str = "") -> str:
        """The token kept under this key; fetched anew where it ran out or is the one that the platform refused.

        One fetch at a time, of all processes on the database; what `fetch` raises comes through.
        """
        ...

    def left(self, channel: str, address: Address) -> None:
        """A message of its own has left there outside of the sender, whose pace counts it."""
        ...

    async def speaks(self, channel: str) -> bool:
        """Whether of all processes this is the one whose words leave there: where only one may listen, it does."""
        ...

    async def bound(self, channel: str, group: str, code: str) -> bool:
        """This group is where the staff of the grid is told, as an operator has it; False where that cannot be."""
        ...

    async def wants_staff_group(self, code: str) -> bool:
        """Whether there is such a grid, and no group yet where its staff is told."""
        ...

    async def roster(self, channel: str, code: str) -> tuple[str, Sequence[str]] | None:
        """The grid's name and the accounts of who serves there or below; None where there is no such grid."""
        ...

    async def moved(self, channel: str, old: str, new: str) -> None:
        """A group has another id from now on; everything that was known of it belongs to that."""
        ...


@runtime_checkable
class Listening(Protocol):
    """A channel that people speak to: by calls of the platform to our address, by our asking it, or both."""

    def routes(self, ears: Ears) -> Sequence[web.RouteDef]:
        """Where the platform calls; empty where it does not."""
        ...

    async def run(self, ears: Ears) -> None:
        """Listen until cancelled; returns at once where there is nothing to do."""
        ...
