"""Finds every catalog word in a text in one walk: by its first two characters, then by the word itself."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import add, itemgetter
from typing import NamedTuple, cast

APART = 8
"""How many characters may stand between the parts of "电梯..停"."""

_GAP = rf"[^。！!?？\n]{{0,{APART}}}?"


class Hit(NamedTuple):
    """A word of the catalog found in a text; a plain tuple, because a message makes dozens."""

    kind: str
    weight: float
    start: int
    end: int
    label: str

    @property
    def why(self) -> str:
        """How it is shown to whoever asks."""
        return f"{self.kind}:{self.label}"


_HIT = cast("Callable[[tuple[str, float, int, int, str]], Hit]", partial(tuple.__new__, Hit))  # pyright: ignore[reportUnknownMemberType]
"""A Hit of a tuple, in half the time that its own constructor takes."""
_PLACE = itemgetter(0)


class _Sign(NamedTuple):
    head: str
    kind: str
    weight: float
    tail: re.Pattern[str] | None = None


def split_weight(word: str) -> tuple[str, float]:
    """ "漏水*2" is ("漏水", 2.0); without a weight it is 1."""
    head, star, weight = word.rpartition("*")
    if star and re.fullmatch(r"\d+(?:\.\d+)?", weight):
        return head, float(weight)
    return word, 1.0


class Signs:
    """All words of all kinds; of two that overlap in one kind, the first and longest counts."""

    def __init__(self, kinds: Iterable[tuple[str, Sequence[str]]]) -> None:
        words: dict[tuple[str, str], float] = {}
        tails: dict[tuple[str, str, float], list[str]] = defaultdict(list)
        for kind, lines in kinds:
            for line in lines:
                text, weight = split_weight(line)
                heads, _, tail = text.partition("..")
                for head in heads.split("|"):
                    if tail:
                        tails[head, kind, weight].append(_choices(tail))
                    else:
                        words[head, kind] = max(weight, words.get((head, kind), 0))
        signs = [_Sign(head, kind, weight) for (head, kind), weight in words.items()]
        signs += [_Sign(*key, re.compile(f"{_GAP}({'|'.join(found)})")) for key, found in tails.items()]
        signs.sort(key=lambda sign: (sign.tail is None, -sign.weight if sign.tail else 0, -len(sign.head)))
        by_start: dict[str, list[_Sign]] = defaultdict(list)
        for sign in signs:
            by_start[sign.head[:2]].append(sign)
        self._by_start = {start: _by_third(alike) for start, alike in by_start.items()}
        self._single = frozenset(start for start in by_start if len(start) == 1)

    def find(self, text: str) -> list[Hit]:
        """Every hit, from left to right."""
        hits: list[Hit] = []
        ends: dict[str, int] = {}
        for start, signs in self._beginning(text):
            for head, kind, weight, tail in signs:
                if start < ends.get(kind, 0) or not text.startswith(head, start):
                    continue
                end = start + len(head)
                label = head
                if tail is not None:
                    found = tail.match(text, end)
                    if found is None or _taken_back(text, end, found.start(1)):
                        continue
                    end = found.end()
                    label = text[start:end]
                ends[kind] = end
                hits.append(_HIT((kind, weight, start, end, label)))
        return hits

    def _beginning(self, text: str) -> list[tuple[int, Sequence[_Sign]]]:
        """Where words may begin, from left to right, and which: first those known by two characters, then by one."""
        third = f"{text[2:]}  "
        longer = enumerate(map(self._by_start.get, map(add, text, text[1:])))
        found = [(start, begun.get(third[start], begun[""])) for start, begun in longer if begun]
        if self._single.isdisjoint(text):
            return found
        single = [(start, self._by_start[one][""]) for start, one in enumerate(text) if one in self._single]
        return sorted([*found, *single], key=_PLACE)


def _by_third(signs: Sequence[_Sign]) -> dict[str, Sequence[_Sign]]:
    """Those that may go on with each third character, in their order; under the empty text those that need none."""
    thirds = {"", *(sign.head[2] for sign in signs if len(sign.head) > 2)}
    return {third: tuple(sign for sign in signs if sign.head[2:3] in ("", third)) for third in thirds}


def _taken_back(text: str, gap_start: int, gap_end: int) -> bool:
    """ "电梯没坏" is no broken lift."""
    return gap_end > gap_start and text[gap_end - 1] in "没未"


def _choices(tail: str) -> str:
    return _GAP.join("(?:" + "|".join(re.escape(word) for word in part.split("|")) + ")" for part in tail.split(".."))
