"""Which of one's own wishes an answer is about, when the same question waits for several: by the thing, else asked."""

import re
from collections.abc import Sequence

from bot.turn import Scene
from handlers.wishes import finding, spoken
from handlers.wishes.terms import terms
from storage.matters import Matter

SHORTEST = 2
"""Characters by which a thing is known."""
SAYS = re.compile(r"^(?:[他她]?[说讲][,，:：]?|的)")
"""What is left of "王大爷说" once the name is taken out."""


def named(scene: Scene, mine: Sequence[Matter], text: str) -> list[tuple[Matter, str]]:
    """Those whose thing, or whose person, stands in the words, each with the words that name it."""
    public = dict(finding.public_of(scene, list(mine)))
    found = [(one, _by_name(one, text) or _by_thing(scene, public[one.number], text)) for one in mine]
    return [(one, words) for one, words in found if words]


def one(scene: Scene, mine: Sequence[Matter], text: str) -> tuple[Matter | None, str]:
    """The one of several that the words name, and what they say besides; None where there is one or none is named."""
    found = named(scene, mine, text) if len(mine) > 1 else []
    if len(found) != 1:
        return None, text
    return found[0][0], SAYS.sub("", text.replace(found[0][1], ""))


def _by_name(one: Matter, text: str) -> str:
    """Whom it was said for, as far as the words name them: 王大爷 of "楼下王大爷"."""
    return _run(one.behalf, text, frozenset())


def _by_thing(scene: Scene, public: str, text: str) -> str:
    things = [word for word in terms(scene.catalog).words_in(text) if word in public]
    return max(things, key=len) if things else _run(public, text, spoken.words(scene.catalog).bot.everyday)


def _run(known: str, text: str, everyday: Sequence[str] | frozenset[str]) -> str:
    """The longest run of characters that stands in both and begins with no everyday word."""
    best = ""
    for start in range(len(text) - 1):
        if not text[start : start + SHORTEST].isalpha() or text[start : start + SHORTEST] in everyday:
            continue
        end = start + SHORTEST
        while end <= len(text) and text[start:end] in known:
            end += 1
        if end - 1 - start >= SHORTEST:
            best = max(best, text[start : end - 1], key=len)
    return best
