"""What is said to somebody in danger when nothing can be made durable: advice at once, on no promise."""

import logging
from collections.abc import Iterable, Mapping

from bot.channels.base import Channel
from bot.errors import SendError
from bot.message import Delivery, Incoming, Lane
from bot.render import Renderer
from bot.understanding import Reader

log = logging.getLogger(__name__)

MOST_REMEMBERED = 1000
NO_ROW = 0
"""The number of a delivery that is in no outbox."""


class LastWord:
    """Speaks past the outbox, and only then: the database is down and the words name a danger to life."""

    def __init__(self, reader: Reader, renderer: Renderer, channels: Iterable[Channel]) -> None:
        self._reader = reader
        self._renderer = renderer
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self._advised: set[tuple[str, str]] = set()

    async def say(self, incoming: Incoming) -> None:
        """Advise once, however often the platform repeats the call; never raises."""
        key = (incoming.channel, incoming.key)
        channel = self._channels.get(incoming.channel)
        if incoming.happening != "text" or channel is None or key in self._advised:
            return
        said = self._reader.read(incoming.text, private=incoming.chat is None)
        if said.intent != "emergency" or not said.emergency:
            return
        if len(self._advised) >= MOST_REMEMBERED:
            self._advised.clear()
        self._advised.add(key)
        address = incoming.address
        values = {"advice": f"emergency/{self._reader.advice(said)}.txt"}
        text = self._renderer.text("emergency_unkept", values, private=address.private)
        try:
            await channel.send(Delivery(NO_ROW, address, text, (), Lane.EMERGENCY))
        except (SendError, OSError) as fault:
            log.exception("advice could not be given", extra={"error": type(fault).__name__})
