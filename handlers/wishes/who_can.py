""" "有没得人会修空调的": asked of whoever hears it, and so it is offered a place on the wall."""

import re
from functools import lru_cache

from bot.catalog import Catalog
from handlers.wishes import wording
from handlers.wishes.terms import terms


@lru_cache(maxsize=4)
def _asks(catalog: Catalog) -> re.Pattern[str]:
    rows = terms(catalog).who_can
    who, can, deed, for_me = map(wording.any_of, (rows.who, rows.can, rows.deeds, rows.for_me))
    return re.compile(rf"(?:{who})[^,，。！!？?\s]{{0,4}}?(?:(?:{can})(?:{deed})|[^,，。！!？?\s]{{0,6}}?(?:{for_me}))")


def asked(catalog: Catalog, words: str) -> bool:
    """Whether these words ask who can do something that neighbours do, and nothing that the community has to do."""
    rows = terms(catalog)
    if not any(one in words for one in rows.who_can.who) or any(one in words for one in rows.who_can.not_theirs):
        return False
    return _asks(catalog).search(words) is not None and rows.need_of(words) is not rows.need[-1]
