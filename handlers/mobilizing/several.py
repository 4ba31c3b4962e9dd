"""一组和二组: the places that the words of an order name side by side; an order is for one place, so it is asked which."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.turn import Turn
from handlers.notices.terms import terms
from storage import grids
from storage.grids import Grid

JOINS = re.compile(r"[\s、,，/+&]*(?:和|跟|与|及|以及|还有|加上|同)?[\s、,，/+&]*")
SURELY = re.compile(r"\s*(?:和|跟|与|及|以及|还有|加上|、)\s*")
"""Between the places of an order that names other things too."""
BEFORE = " \t\n、,，。：:/+&和跟与及在对给叫只喊让到把"
SHORTEST_END, LONGEST = 2, 80


@dataclass(frozen=True, slots=True)
class Named:
    """A place, and where its name stands."""

    start: int
    end: int
    grid: Grid


def together(turn: Turn, words: str, own: Sequence[Grid], joins: re.Pattern[str] = JOINS) -> list[Grid]:
    """The places that stand side by side at the first place named, none inside another; one or none otherwise."""
    return apart(turn, words, own, joins)[0]


def apart(turn: Turn, words: str, own: Sequence[Grid], joins: re.Pattern[str]) -> tuple[list[Grid], str]:
    """The same, and the words without them."""
    words, more = words[:LONGEST], words[LONGEST:]
    found = sorted({(one.start, one.end): one for one in _named(turn, words, own)}.values(), key=lambda one: one.start)
    side: list[Named] = []
    for one in found:
        if side and one.start < side[-1].end:
            continue
        if side and joins.fullmatch(words, side[-1].end, one.start) is None:
            break
        side.append(one)
    each = list({one.grid.id: one.grid for one in side}.values())
    rest = f"{words[: side[0].start]} {words[side[-1].end :]}{more}".strip() if side else words + more
    return [
        one for one in each if not any(one.id != other.id and one.code.startswith(other.code) for other in each)
    ], rest


def ends_in(turn: Turn, words: str, own: Sequence[Grid]) -> list[str]:
    """一组, 二组: the ends of names by which places of the speaker's are called in these words."""
    return [words[one.start : one.end] for one in _by_their_ends(turn, words[:LONGEST], own)]


def _named(turn: Turn, words: str, own: Sequence[Grid]) -> Iterator[Named]:
    whole = list(_by_their_names(turn, words))
    yield from whole
    for one in _by_their_ends(turn, words, own):
        if not any(one.start < other.end and other.start < one.end for other in whole):
            yield one


def _by_their_names(turn: Turn, words: str) -> Iterator[Named]:
    """The longest name at each beginning, where it is one place's only."""
    called = grids.called(turn.session)
    at = 0
    while at < len(words) - 1:
        here = [(name, one) for name, one in called.get(words[at : at + 2], ()) if words.startswith(name, at)]
        longest = max((len(name) for name, _ in here), default=0)
        ids = {one for name, one in here if len(name) == longest}
        if len(ids) == 1:
            yield Named(at, at + longest, grids.get(turn.session, ids.pop()))
        at += max(1, longest)


def _by_their_ends(turn: Turn, words: str, own: Sequence[Grid]) -> Iterator[Named]:
    """石桥一组 as 一组: an end of one name only among the speaker's places, where a word begins."""
    begins = [at for at in range(len(words) - 1) if at == 0 or words[at - 1] in BEFORE]
    if not begins or not own:
        return
    levels = terms(turn.catalog).levels
    ids: dict[str, set[int]] = {}
    for name, one in _names(turn):
        for end in range(1, len(name) - SHORTEST_END + 1):
            if (
                not (tail := name[end:])[0].isdecimal()
                and tail not in levels
                and any(words.startswith(tail, at) for at in begins)
            ):
                ids.setdefault(tail, set()).add(one)
    known = grids.by_ids(turn.session, {one for some in ids.values() for one in some})
    mine = {
        tail: inside
        for tail, some in ids.items()
        if len(inside := [known[one] for one in some if _inside(known[one], own)]) == 1
    }
    at = 0
    while at < len(words):
        tail = max((one for one in mine if at in begins and words.startswith(one, at)), key=len, default="")
        if tail:
            yield Named(at, at + len(tail), mine[tail][0])
        at += max(1, len(tail))


def _names(turn: Turn) -> Iterable[tuple[str, int]]:
    return (pair for names in grids.called(turn.session).values() for pair in names)


def _inside(grid: Grid, own: Sequence[Grid]) -> bool:
    return any(grid.code.startswith(top.code) for top in own)
