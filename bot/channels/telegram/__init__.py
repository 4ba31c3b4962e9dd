"""Telegram: groups, topics and private chats, by a web hook or by long polling."""

from bot.channels.telegram.channel import NAME, Telegram
from bot.settings import Settings

__all__ = ["NAME", "open_channel"]


def open_channel(settings: Settings, hint: str) -> Telegram:
    """The channel as the settings have it; `hint` ends numbered choices."""
    if settings.telegram is None:
        raise ValueError("Telegram is not set up")
    return Telegram(settings.telegram, hint, settings.templates / "channels" / "telegram.toml")
