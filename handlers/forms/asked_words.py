"""Words about filings that are kept, as data, catalog/forms_asked.toml: looked at, taken back, who has read them."""

import msgspec

from bot.catalog import Catalog


class AskedWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """forms_asked.toml."""

    of_mine: tuple[str, ...]
    """What stands before 报备 of one's own."""
    looks: tuple[str, ...]
    shows: tuple[str, ...]
    exports: tuple[str, ...]
    hands: tuple[str, ...]
    """What may stand around it: 给我, 麻烦."""
    sheets: tuple[str, ...]
    wants: tuple[str, ...]
    """给我一份, said by staff before the name of a sheet."""
    whether: tuple[str, ...]
    """What makes a question of 报备了: 没得."""
    homes: tuple[str, ...]
    """What may stand between a name and that: 吴桐他们家."""
    asks: tuple[str, ...]
    reads: tuple[str, ...]
    mine: tuple[str, ...]


def words(catalog: Catalog) -> AskedWords:
    """The words of this community."""
    return catalog.read("forms_asked.toml", AskedWords)
