"""What every channel is to the sender, and what it tells the program of what it hears."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from aiohttp import web

from bot.ability import Ability
from bot.message import Delivery, Incoming
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
class Inviting(Protocol):
    """A channel where people begin their private chat by a link."""

    invite: str
    """The link; empty where it is not known."""


class Ears(Protocol):
    """Whom a channel tells what it heard."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...

    async def heard(self, incoming: Incoming) -> None:
        """Return once its effect is durable; a repeated one has none. Raises SQLAlchemyError where it cannot be."""
        ...

    async def answered(self, incoming: Incoming, most: int) -> Sequence[Delivery]:
        """As `heard`; then what is to be said to whoever spoke, at most so many bytes of it: said by the answer to the
        call. The same call gets the same words again."""
        ...

    async def token(self, key: str, fetch: Fetch, *, refused: str = "") -> str:
        """The token kept under this key; fetched anew where it ran out or is the one that the platform refused.

        One fetch at a time, of all processes on the database; what `fetch` raises comes through.
        """
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
