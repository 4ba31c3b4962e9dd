"""`xiaoge channels check` for an aibot: nothing is changed, and the line is taken from nobody."""

from collections.abc import Mapping, Sequence

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot import settings
from bot.channels.apart import MOST_APART_S, seconds_apart
from bot.channels.base import Finding

PATIENCE = ClientTimeout(total=10)


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of one thing, and what mends it."""

    says: str
    do: str = ""


async def look(of: settings.Aibot, words: Mapping[str, Row], address: str, path: str) -> Sequence[Finding]:
    """What was looked at, the worst first."""
    found: list[Finding] = []
    if of.bot:
        error = await _unreachable(of.api)
        found.append(
            _found(words["unreachable"], {"api": of.api, "error": error})
            if error
            else _found(words["line"], {"api": of.api}, well=True)
        )
        if not error and (apart := await seconds_apart(of.api)) > MOST_APART_S:
            found.append(_found(words["clock"], {"seconds": apart}))
    if of.token.get_secret_value():
        site = address.rstrip("/")
        is_open = site.startswith("https://")
        values = {"callback": f"{site}{path}", "path": path}
        found.append(_found(words["called" if is_open else "address"], values, well=is_open))
    return sorted(found, key=lambda one: one.well)


async def _unreachable(api: str) -> str:
    """Why the line cannot be opened; it is hung up before anybody says who we are."""
    try:
        async with ClientSession(timeout=PATIENCE) as client, client.ws_connect(api):
            return ""
    except (ClientError, OSError) as fault:  # a time-out is one too
        return type(fault).__name__


def _found(row: Row, values: Mapping[str, object], *, well: bool = False) -> Finding:
    return Finding(well, row.says.format_map(dict(values)), row.do.format_map(dict(values)))
