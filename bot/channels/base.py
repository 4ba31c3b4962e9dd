"""What every channel is to the sender; how it hears (its `parse`) is between it and its web hook."""

from typing import Protocol, runtime_checkable

from bot.message import Delivery
from bot.pace import Pace


class Channel(Protocol):
    """One chat platform. It knows no storage and decides nothing about trying again."""

    name: str
    pace: Pace
    """The platform's published limits."""

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
