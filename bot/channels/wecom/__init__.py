"""WeCom 企业微信: an app of one's own 自建应用, in which staff get their cards and tap them."""

from bot.channels.wecom.channel import NAME, WeCom
from bot.settings import Settings

__all__ = ["NAME", "open_channel"]


def open_channel(settings: Settings, hint: str) -> WeCom:
    """The channel as the settings have it; `hint` ends numbered choices."""
    if settings.wecom is None:
        raise ValueError("WeCom is not set up")
    return WeCom(settings.wecom, hint, settings.templates / "channels" / "wecom.toml")
