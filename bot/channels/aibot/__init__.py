"""WeCom aibot 智能机器人: a bot among colleagues, in their groups and in private, called or on a line of its own."""

from bot.channels.aibot.channel import NAME, Aibot
from bot.settings import Settings

__all__ = ["NAME", "open_channel"]


def open_channel(settings: Settings, hint: str) -> Aibot:
    """The channel as the settings have it; `hint` ends numbered choices."""
    if settings.aibot is None:
        raise ValueError("The aibot is not set up")
    return Aibot(settings.aibot, hint, settings.templates / "channels" / "aibot.toml", settings.address)
