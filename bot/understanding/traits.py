"""What the learned weights look at: short runs of characters, and how strongly each kind of catalog word is there."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import add

from bot.understanding.signs import Hit
from bot.understanding.utterance import Place

LONGEST_LOOK = 200
"""What somebody wants is in the first two hundred characters."""
APART = (2, 3)
"""How far the second of two characters stands behind the first, what is between them being anything."""
BETWEEN = "…"
MARK = "\x01"
"""A trait that begins with it is no run of characters; nobody can type it."""
TALK = "talk:"
"""Kinds of hits that are groups of talk.toml."""
STEPS = (0.3, 1.0, 2.0, 3.0)
"""A kind of word is there a little, clearly, strongly, beyond doubt: each step is a trait of its own."""
SURENESS = (0.05, 0.15, 0.3, 0.5, 0.7, 0.9)
_LENGTHS = (4, 8, 14, 22, 35, 60, 110)

_SURE = tuple(f"{MARK}sure>{step}" for step in SURENESS)
_LONG = tuple(f"{MARK}long>{length}" for length in _LENGTHS)

_DIGITS = re.compile(r"\d+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_BLANK = re.compile(r"[\s,，、;；:：.]+")


def runs(text: str) -> tuple[set[str], set[str]]:
    """Every run of one to three characters; and every two with one or two others between them.

    Digits are read as 0, stretched characters shortened, pauses as one.
    """
    line = _line(text)
    two = list(map(add, line, line[1:]))
    after = list(map(BETWEEN.__add__, line))
    apart = set[str]()
    apart.update(*(map(add, line, after[far:]) for far in APART))
    return {*line, *two, *map(add, two, line[2:])}, apart


def short_runs(text: str) -> set[str]:
    """The runs of one or two characters."""
    line = _line(text)
    return {*line, *map(add, line, line[1:])}


def _line(text: str) -> str:
    plain = _BLANK.sub(" ", _STRETCHED.sub(r"\1\1", _DIGITS.sub("0", text[:LONGEST_LOOK].lower())))
    return f"^{plain.strip()}$"


def marks(
    text: str, hits: Sequence[Hit], sums: Mapping[str, float], place: Place, sure: float, *, elsewhere: bool
) -> list[str]:
    """What else the catalog's words and the form of the text say."""
    found = list[str]()
    for kind, total in sums.items():
        found += _steps_of(kind)[: bisect_right(STEPS, total)]
    found += {f"{MARK}{hit.kind}" for hit in hits if ":" in hit.kind and hit.weight}
    found += _SURE[: bisect_right(SURENESS, sure)]
    found += _LONG[: bisect_left(_LENGTHS, len(text))]
    if place.building or place.unit:
        found.append(f"{MARK}building")
    if place.room:
        found.append(f"{MARK}room")
    if place.floor:
        found.append(f"{MARK}floor")
    if place.spot:
        found.append(f"{MARK}spot")
    if elsewhere:
        found.append(f"{MARK}elsewhere")
    if "\n" in text:
        found.append(f"{MARK}lines")
    return found


@lru_cache(maxsize=1024)
def _steps_of(kind: str) -> tuple[str, ...]:
    return tuple(f"{MARK}{kind}>{step}" for step in STEPS)
