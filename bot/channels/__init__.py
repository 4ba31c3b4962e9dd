"""The channels the bot speaks on: a room each, one line here; a platform's library is loaded only where it is used."""

from importlib import import_module
from typing import Protocol, cast

from bot.channels.base import Channel
from bot.settings import Settings

ROOMS = ("telegram", "wecom", "aibot", "official")
"""Each is a field of the settings and a room here, with `open_channel(settings, hint)`."""


class _Room(Protocol):
    def open_channel(self, settings: Settings, hint: str) -> Channel:
        """The channel as the settings have it."""
        ...


def configured(settings: Settings, hint: str) -> list[Channel]:
    """Those channels that the settings name; `hint` ends numbered choices."""
    rooms = (cast("_Room", import_module(f"bot.channels.{name}")) for name in ROOMS if getattr(settings, name))
    return [room.open_channel(settings, hint) for room in rooms]
