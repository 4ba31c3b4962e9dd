"""墙垮了 brings people down with it, 床垮了 does not: what falls, and whether anybody is under it."""

import re
from functools import lru_cache

from bot.catalog import BodilyWords, FallingWords
from bot.understanding.bodily import knowing
from bot.understanding.phrases import any_of, any_word

COLLAPSE = "collapse"
_FALLEN = re.compile(r"[垮塌倒散掉落]")
"""Every word of falling has one of these; most messages have none."""
_DONE = r"(?:下来|下去|在|掉|完|起|到|成|翻)?(?:[了哒咯啦喽嘞]|(?<=来)|(?<=去)|(?<=在)|(?<=掉)|$)(?![的吗么没嘛不?？])"
"""What has fallen, and is not only asked after: 垮了, 塌下来, 倒在."""


class Falling:
    """Knows the words for it; all its answers are about one text."""

    def __init__(self, rows: FallingWords, bodily: BodilyWords) -> None:
        self._bodily = knowing(bodily)
        by = rf"(?:[遭被着给让](?:{any_of(rows.by)}){{1,2}}|(?:{any_of(rows.by)}))?"
        between = rf"(?:{any_of(rows.softly)}){{0,3}}{by}"
        big, things, falls = any_of(rows.big), any_of(rows.things), any_of(rows.falls)
        self._fall = re.compile(rf"(?:(?P<big>{big})|{things}){between}(?:{falls}){_DONE}(?:一地|半边|半截|一半|一角)?")
        self._denied = re.compile(rf"(?:{things}|{big}){between}(?:{any_of(rows.denies)}){between}(?:{falls})")
        self._on_goods = re.compile(
            rf"(?:{any_of(rows.hits)})[到着住中坏烂倒在了]{{0,3}}[一两三几\d]?[台辆部架个盆]?(?:{any_of(rows.goods)})"
        )
        self._hits = re.compile(rf"(?:{any_of(rows.hits)})[到着住中倒在]")
        self._nobody, self._under, self._old = map(any_word, (rows.nobody, rows.under, rows.old))

    def on_people(self, text: str) -> str | None:
        """The words by which something has come down on somebody; None where nobody is under it."""
        if not _FALLEN.search(text) or (found := self._fall.search(text)) is None or self._denied.search(text):
            return None
        told = self._nobody.sub("", text)
        return found.group() if self._bodily.is_on_somebody(told) or self._under.search(told) else None

    def big(self, text: str) -> str | None:
        """The words by which a wall, a slope, a house has come down just now."""
        if not _FALLEN.search(text) or self._old.search(text):
            return None
        return next((found.group() for found in self._fall.finditer(text) if found["big"]), None)

    def spared(self, text: str) -> str:
        """What a text says besides things that fell with nobody under them, and walls that did not or long ago."""
        if not _FALLEN.search(text):
            return text
        told = self._on_goods.sub("", self._nobody.sub("", text))
        if self._hits.search(told) or self._under.search(told):
            return text
        kept = self._denied.sub("", told)
        rest = self._fall.sub("" if self._old.search(text) else _unless_big, kept)
        return rest if rest != told else text


@lru_cache(maxsize=4)
def knowing_falls(rows: FallingWords, bodily: BodilyWords) -> Falling:
    """Whoever knows these words, made once."""
    return Falling(rows, bodily)


def _unless_big(found: re.Match[str]) -> str:
    return found.group() if found["big"] else ""
