"""What every channel is to the sender; how it hears (its `parse`) is between it and its web hook."""

from typing import Protocol

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
