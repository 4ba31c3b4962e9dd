"""Telegram: groups, topics and private chats, by a web hook or by long polling."""

from aiogram.exceptions import AiogramError

from bot.channels.telegram.asking import own_name
from bot.channels.telegram.channel import NAME, Telegram
from bot.settings import Settings

__all__ = ["NAME", "name", "open_channel"]


def open_channel(settings: Settings, hint: str) -> Telegram:
    """The channel as the settings have it; `hint` ends numbered choices."""
    if settings.telegram is None:
        raise ValueError("Telegram is not set up")
    return Telegram(settings.telegram, hint, settings.templates / "channels" / "telegram.toml")


async def name(settings: Settings) -> str:
    """The bot's user name, as it is set or as Telegram says it; empty where neither is known."""
    channel = open_channel(settings, "")
    if channel.hearing.name:
        return channel.hearing.name
    try:
        found, _ = await own_name(channel.bot)
    except (AiogramError, OSError):
        return ""
    finally:
        await channel.close()
    return found
