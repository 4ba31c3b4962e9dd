"""Finds every catalog word in a text in one walk: by its first two characters, then by the word itself."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import add, itemgetter
from typing import NamedTuple

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


@dataclass(frozen=True, slots=True)
class _Sign:
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
        self._by_start: dict[str, list[_Sign]] = defaultdict(list)
        for sign in signs:
            self._by_start[sign.head[:2]].append(sign)
        self._by_start = dict(self._by_start)

    def find(self, text: str) -> list[Hit]:
        """Every hit, from left to right."""
        hits: list[Hit] = []
        ends: dict[str, int] = {}
        for start, signs in self._beginning(text):
            for sign in signs:
                if start < ends.get(sign.kind, 0) or not text.startswith(sign.head, start):
                    continue
                end = start + len(sign.head)
                label = sign.head
                if sign.tail is not None:
                    found = sign.tail.match(text, end)
                    if found is None or _taken_back(text, end, found.start(1)):
                        continue
                    end = found.end()
                    label = text[start:end]
                ends[sign.kind] = end
                hits.append(Hit(sign.kind, sign.weight, start, end, label))
        return hits

    def _beginning(self, text: str) -> list[tuple[int, list[_Sign]]]:
        """Where words may begin, from left to right, and which: first those known by two characters, then by one."""
        signs_at = self._by_start.get
        longer = enumerate(map(signs_at, map(add, text, text[1:])))
        found = [(start, signs) for start, signs in longer if signs]
        single = [(start, signs) for start, signs in enumerate(map(signs_at, text)) if signs]
        return sorted([*found, *single], key=itemgetter(0)) if single else found


def _taken_back(text: str, gap_start: int, gap_end: int) -> bool:
    """ "电梯没坏" is no broken lift."""
    return gap_end > gap_start and text[gap_end - 1] in "没未"


def _choices(tail: str) -> str:
    return _GAP.join("(?:" + "|".join(re.escape(word) for word in part.split("|")) + ")" for part in tail.split(".."))
