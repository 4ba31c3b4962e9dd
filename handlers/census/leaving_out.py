"""全部平安，除了402: which doors a sentence leaves out of what it says of the others, and the sentence without them; pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from handlers.census.rules import But

ALSO = re.compile(r"[\s、,，/和跟与及&+]*")
APART = re.compile(r"[,，。;；!！]")
WHOLE = re.compile(r"都|全|一家|其余|其他|剩下")
SILENT = re.compile(r"还?没(?:有)?(?:回|报|填|说)(?![来家屋老])")
""" "就差402没回" has not answered; it has not gone away."""
BESIDES = re.compile(r"外(?![出地面头婆公国卖])")


@dataclass(frozen=True, slots=True)
class Span:
    """Where the words name a door."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Doors that are left out, by their place in the sentence, and what is said of them: empty where it is nothing."""

    doors: range
    told: str
    own_place: bool
    """ "3栋1单元402除外": the building stands with the door, and what is left is said of that staircase."""


def split(words: str, spans: Sequence[Span], but: But, differs: Callable[[str], bool]) -> tuple[str, list[LeftOut]]:
    """The words without what leaves doors out, and those doors; `differs` tells whether words say anything but safe."""
    found: list[LeftOut] = []
    kept, upto, at = "", 0, 0
    while at < len(spans):
        many = _together(words, spans, at)
        first, last = spans[at], spans[at + many - 1]
        at += many
        stop = spans[at].start if at < len(spans) else len(words)
        lead = _lead(words[upto : first.start], but.before)
        after = next((word for word in _longest(but.after) if words.startswith(word, last.end)), "")
        if not after and lead and (outside := BESIDES.match(words, last.end)):
            after = outside[0]
        end = last.end + len(after)
        apart = APART.search(words, end, stop)
        tail = words[end : apart.start() if apart else stop]
        told = tail if not after and not WHOLE.search(tail) and not SILENT.match(tail) and differs(tail) else ""
        only = "" if lead or after else _lead(words[upto : first.start], but.only)
        silent = not after and (SILENT.match(tail) is not None or bool(told))
        if not lead and not after and not (only and silent):
            continue
        kept += words[upto : first.start - len(lead or only)] + ","
        upto = end + len(tail) if silent else end
        found.append(LeftOut(range(at - many, at), told, bool(after) and not lead))
    return kept + words[upto:], found


def _together(words: str, spans: Sequence[Span], at: int) -> int:
    """How many doors stand side by side here; one with its building after a bare one begins anew."""
    many = 1
    while at + many < len(spans):
        before, after = spans[at + many - 1], spans[at + many]
        bare = words[after.start : after.end].rstrip("室房间号").isdecimal()
        if not bare or ALSO.fullmatch(words, before.end, after.start) is None:
            break
        many += 1
    return many


def _lead(before: str, words: Iterable[str]) -> str:
    """Which of these words stands right before, as it was said."""
    return next((word for word in _longest(words) if before.endswith(word)), "")


def _longest(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)
