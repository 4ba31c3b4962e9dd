"""Looks at what an app needs beyond its own way to speak: the keys of group robots, and the right to make groups."""

from collections.abc import Mapping

from bot import settings
from bot.channels.wecom.api import Api
from bot.channels.wecom.failures import Refused

WHOLE_CORP = 1
"""The root department's number: only an app that all of it can see may make groups."""
NOTHING: Mapping[str, object] = {"msgtype": "nothing"}
"""No message: a robot with a right key refuses it, and nobody hears it."""
NO_ROBOT = 93000


async def closer(api: Api, of: settings.WeCom) -> list[tuple[str, Mapping[str, object]]]:
    """The rows of channels.toml that say what is to be mended, with their values; raises SendError."""
    wrong: list[tuple[str, Mapping[str, object]]] = [
        ("robot", {"grid": code}) for code, key in of.robots.items() if not await _is_robot(api, key)
    ]
    if of.groups and WHOLE_CORP not in await api.sees():
        wrong.append(("whole_corp", {}))
    return wrong


async def _is_robot(api: Api, key: settings.SecretStr) -> bool:
    try:
        await api.shout(key.get_secret_value(), NOTHING)
    except Refused as refusal:
        return refusal.code != NO_ROBOT
    return True
