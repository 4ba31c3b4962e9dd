"""How what is said around 平安吗 is heard: the wish to be asked, days without it, and the words of whoever was sent."""

import msgspec

from bot.catalog import Catalog


class Asides(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """calling_asides.toml."""

    wants: tuple[str, ...]
    alone: tuple[str, ...]
    verbs: tuple[str, ...]
    spare: tuple[str, ...]
    for_good: tuple[str, ...]
    hours: tuple[str, ...]
    hour_beside: tuple[str, ...]
    going: tuple[str, ...]
    going_beside: tuple[str, ...]
    seen: tuple[str, ...]
    unseen: tuple[str, ...]
    hurt: tuple[str, ...]


def asides(catalog: Catalog) -> Asides:
    """The words."""
    return catalog.read("calling_asides.toml", Asides)
