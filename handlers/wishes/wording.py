"""How a wish is worded for others: without name, number and door; what still tells whose it is, is found."""

import re
from collections.abc import Iterable

from bot.understanding import personal
from bot.understanding.names import FULL_NAME, SURNAME, TITLE
from handlers.wishes.terms import Terms

LONGEST = 120
"""Characters of a wording on the wall."""
SAFE = ("health", "plate")
"""Kinds of personal data that may stand: a wish for a wheelchair says why, without a name."""
SOMEBODY = re.compile(rf"(?:{FULL_NAME}(?:{TITLE}|(?=家))|(?:{SURNAME}|老)(?:{TITLE}))")
ELDERLY = re.compile(r"[奶爷婆公太嬢孃伯老]")
CALLED = re.compile(rf"(?:我叫|我是|本人|姓名|名字是?|联系人|叫)[:：是叫 ]{{0,3}}{FULL_NAME}")
DOOR = re.compile(
    r"(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])(?:栋|幢|座|号楼)(?:[\d一二三四五六七八九十]{1,2}(?:单元|门))?"
    r"(?:[\d一二三四五六七八九十]{1,2}[楼层])?(?:[-\d]{1,5}(?:室|号|户)?)?"
    r"|\d{1,2}单元(?:[-\d]{1,5}(?:室|号)?)?|(?<![\d.])\d{3,4}(?:室|号房?)|\d{1,3}-\d{1,2}-\d{2,4}"
)
AT_THE_DOOR = re.compile(rf"((?:室|号|户|\d)(?:的|住户|业主)?){FULL_NAME}(?=想|要|需|缺|求|盼|希望|[,，。 ]|$)")
LONG_NUMBER = re.compile(r"\d[\d -]{5,}\d")
ENDS = " ，,。；;、"


def public(words: str, names: Iterable[str], terms: Terms) -> str:
    """These words as others may read them; `names` are how the wisher and whom it is for are called."""
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        words = words.replace(name, terms.elder if ELDERLY.search(name) else terms.somebody)
    words = CALLED.sub(terms.somebody, words)
    words = SOMEBODY.sub(lambda found: terms.elder if ELDERLY.search(found[0]) else terms.somebody, words)
    words = AT_THE_DOOR.sub(rf"\1{terms.somebody}", words)
    words = LONG_NUMBER.sub(terms.hidden, DOOR.sub(terms.place, words))
    for piece in sorted(personal.find(words), key=lambda one: -one.start):
        if piece.kind not in SAFE:
            instead = terms.place if piece.kind == "home" else terms.hidden
            words = words[: piece.start] + instead + words[piece.end :]
    return words.strip(ENDS)[:LONGEST]


def tells_who(words: str, names: Iterable[str]) -> bool:
    """Whether these words still tell whose wish it is: a name, a number, a door."""
    named = any(len(name) > 1 and name in words for name in names)
    found = any(piece.kind not in SAFE for piece in personal.find(words))
    return named or found or bool(DOOR.search(words) or LONG_NUMBER.search(words) or CALLED.search(words))
