"""WeChat Official Account 公众号: residents who are only in WeChat, each in a private chat with the account."""

from bot.channels.official.channel import NAME, Official
from bot.settings import Settings

__all__ = ["NAME", "open_channel"]


def open_channel(settings: Settings, hint: str) -> Official:
    """The channel as the settings have it; `hint` ends numbered choices."""
    if settings.official is None:
        raise ValueError("The official account is not set up")
    return Official(settings.official, hint, settings.templates / "channels" / "official.toml", settings.zone)
