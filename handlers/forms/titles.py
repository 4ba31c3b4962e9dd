"""A form called by its title: said alone, or with what there is to tell behind it."""

from collections.abc import Mapping
from functools import lru_cache

from bot.catalog import Catalog
from handlers.forms import lint, rules
from handlers.forms.rules import Form

ENDS = "。！!~～ "
PAUSES = " ,，、:：。；;\n"
ASKS = ("吗", "么", "呢", "?", "？")
A_WHOLE_TITLE = 4
"""Letters of a title that nobody says by chance: 楼上在做装修 is no call for a form."""
LONGEST_CALL = 20
"""Characters of a sentence that only calls for a form."""


def titled(catalog: Catalog, text: str) -> str | None:
    """The form whose title this is, said alone or with what one does to a form: 给我妈登记独居平安."""
    said = text.strip(ENDS)
    titles = _titles(catalog)
    if said in titles:
        return titles[said]
    if len(said) > LONGEST_CALL or said.endswith(ASKS):
        return None
    begins = rules.words(catalog).calls
    whole = [title for title in titles if len(title) >= A_WHOLE_TITLE]
    found = [title for title in whole if said.endswith(title) and said.removesuffix(title).endswith(begins)]
    return titles[max(found, key=len)] if found else None


def begun(catalog: Catalog, text: str) -> tuple[str, str, str] | None:
    """(form, its title, what is said besides) where the words begin with a title: 养犬登记 我家有只泰迪.

    None for a question, and for talk about the form.
    """
    titles, words = _titles(catalog), rules.words(catalog)
    title = _first(titles, text)
    besides = text[len(title) :]
    rest = besides.strip(ENDS + PAUSES)
    if not title or not rest or rest.endswith(ASKS) or any(word in rest for word in words.asks):
        return None
    if besides[0] not in PAUSES and (len(title) < A_WHOLE_TITLE or rest.startswith(words.talks)):
        return None
    return titles[title], title, rest


def besides(form: Form, text: str) -> str:
    """What is said besides the title with which the words begin: the title itself answers nothing."""
    title = _first(form.titles, text)
    rest = text[len(title) :]
    return rest.strip(PAUSES) if title and (not rest or rest[0] in PAUSES or len(title) >= A_WHOLE_TITLE) else text


def _first(titles: Mapping[str, str] | tuple[str, ...], text: str) -> str:
    """The longest title with which the text begins."""
    return max((title for title in titles if text.startswith(title)), key=len, default="")


@lru_cache(maxsize=4)
def _titles(catalog: Catalog) -> Mapping[str, str]:
    return {title: code for code, form in lint.offered(catalog).items() for title in form.titles}
