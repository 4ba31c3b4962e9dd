"""`xiaoge channels check`: how each channel is set up on its platform's side, by calls that change nothing."""

from collections.abc import Mapping, Sequence

import msgspec

from bot.catalog import Catalog
from bot.channels import configured
from bot.channels.apart import MOST_APART_S, seconds_apart
from bot.channels.base import Channel, Checking, Finding, LookingCloser, Probing, Proving
from bot.channels.knocking import Knock, knock, unanswered
from bot.errors import SendError
from bot.settings import Settings

HEALTH, WORDS = "health.toml", "channels.toml"


class _Row(msgspec.Struct, frozen=True):
    """What is said of one thing, and what mends it."""

    says: str
    do: str = ""


async def look(settings: Settings, catalog: Catalog, by: Knock = knock) -> list[tuple[str, Finding]]:
    """(channel, what was found) for every channel that is set up; never raises for what a platform answers.

    `by` asks our own address from outside.
    """
    words = catalog.read(WORDS, dict[str, _Row])
    found: list[tuple[str, Finding]] = []
    for channel in configured(settings, ""):
        wrong = await _called(channel, settings, words, by)
        found += [(channel.name, finding) for finding in await _one(channel, settings, catalog, words, wrong)]
    return found


def nothing(catalog: Catalog) -> str:
    """What is said where no platform is set up."""
    row = catalog.read(WORDS, dict[str, _Row])["none"]
    return f"{row.says}{row.do}"


async def _one(
    channel: Channel, settings: Settings, catalog: Catalog, words: Mapping[str, _Row], uncalled: Sequence[Finding]
) -> Sequence[Finding]:
    if isinstance(channel, Checking):
        return [*uncalled, *await channel.check()]
    if not isinstance(channel, Probing):
        return [_found(words["unknown"], {})]
    failure, wrong = await channel.probe(), list[Finding]()
    if trouble := channel.trouble():
        row, values = trouble
        wrong.append(_found(catalog.read(HEALTH, dict[str, _Row])[row], values))
    elif failure:
        wrong.append(_found(words["unreachable"], {"api": channel.api, "error": failure}))
    elif (apart := await seconds_apart(channel.api)) > MOST_APART_S:
        wrong.append(_found(words["clock"], {"seconds": apart}))
    elif isinstance(channel, LookingCloser):
        wrong += await _closer(channel, channel.api, words)
    if not settings.address.startswith("https://"):
        wrong.append(_found(words["address"], {"path": channel.path}))
    values = {"callback": f"{settings.site}{channel.path}"}
    return [*wrong, *uncalled] or [_found(words["well"], values, well=True)]


async def _closer(channel: LookingCloser, api: str, words: Mapping[str, _Row]) -> list[Finding]:
    """The rights that it needs besides."""
    try:
        return [_found(words[row], values) for row, values in await channel.closer()]
    except SendError as failure:
        return [_found(words["unreachable"], {"api": api, "error": failure.says})]


async def _called(channel: Channel, settings: Settings, words: Mapping[str, _Row], by: Knock) -> list[Finding]:
    """What is wrong with our address where a platform is to call it; without one that is another finding."""
    if not isinstance(channel, Proving) or not settings.address.startswith("https://"):
        return []
    error = await unanswered(channel, settings.site, by)
    values = {"callback": f"{settings.site}{channel.path}", "error": error}
    return [_found(words["uncalled"], values)] if error else []


def _found(row: _Row, values: Mapping[str, object], *, well: bool = False) -> Finding:
    return Finding(well, row.says.format_map(dict(values)), row.do.format_map(dict(values)))
