"""Weights learned from our own corpus: how much each run of characters and each mark speaks for a label."""

import zlib
from array import array
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from itertools import takewhile
from math import exp, sqrt
from pathlib import Path

import msgspec

from bot.errors import CatalogError
from bot.understanding.traits import BETWEEN, MARK

FILE = Path(__file__).with_name("learned.bin")
RUN_WEIGHT = 4.0
"""All known runs of a text together, whatever its length, count like a vector of this length ..."""
MARK_WEIGHT = 0.5
"""... and every mark like this."""
RARITY_STEPS = 30
"""Steps of rarity in one unit of log(lines / lines with it)."""
SHOWN = 4
"""As many runs are named as the reason."""
SPEAK = "speak"
"""The question whether a text is for us at all."""
ZERO = 128
"""A weight is kept as a byte, 128 being nothing."""
_FIELD = 2
"""Bytes for one number in a packed row ..."""
_AT_ONCE = 256
"""... which has room for the sum of as many rows."""
_BEFORE = 3
"""Fields before the weights: how many rows were added up, and the square of the rarity, which takes two."""


_MOST_SHARED = 0xF
"""So many first characters are told by one digit."""


class TableRow(msgspec.Struct):
    """Several yes-or-no questions about the same traits, as they are kept in the file: a row a trait."""

    labels: list[str]
    bias: list[float]
    scales: list[float]
    """What one step of a weight is worth, for each label."""
    traits: str
    """In their own order, as `spell` writes them."""
    rarity: bytes
    """How rare each trait is: 0 to 255, in RARITY_STEPS; a rare run says more than a common one."""
    weights: bytes
    """All weights of the first label, then all of the second ...; those of a run have its rarity in them already."""


def spell(traits: Iterable[str]) -> str:
    """Sorted traits, a line each: how many of its first characters the one before has as well, and the others."""
    lines, before = list[str](), ""
    for trait in traits:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(before[:_MOST_SHARED], trait, strict=False))
        shared = sum(1 for _ in same)
        lines.append(f"{shared:x}{trait[shared:]}")
        before = trait
    return "\n".join(lines)


def spelled(lines: str) -> Iterator[str]:
    """What `spell` wrote."""
    before = ""
    for line in lines.split("\n") if lines else ():
        before = before[: int(line[0], 16)] + line[1:]
        yield before


@dataclass(frozen=True, slots=True)
class Traits:
    """What is looked at in one text."""

    runs: Collection[str]
    apart: Collection[str]
    """Two characters with others between them."""
    marks: Collection[str]


class Table:
    """Each trait's weights for all labels are packed in one whole number, so that adding rows adds all columns."""

    def __init__(self, row: TableRow, known: dict[str, str] | None = None) -> None:
        """A trait that is `known` of another table is the same text in memory."""
        met: dict[str, str] = {} if known is None else known
        self.labels = tuple(row.labels)
        self._bias = row.bias
        self._scales = row.scales
        self._width = _FIELD * (_BEFORE + len(self.labels))
        traits = [met.setdefault(trait, trait) for trait in spelled(row.traits)]
        many = len(traits)
        often_first = sorted(range(many), key=row.rarity.__getitem__)  # what is often said lies together in memory
        kept = [row.weights[many * at : many * (at + 1)] for at in range(len(self.labels))]
        columns = [bytes([column[at] for at in often_first]) for column in kept]
        self._rows: dict[str, int] = {}
        for at, weights in zip(often_first, zip(*columns, strict=True), strict=True):
            square = 0 if traits[at].startswith(MARK) else row.rarity[at] ** 2
            fields = array("H", (1, square & 0xFFFF, square >> 16, *weights))
            self._rows[traits[at]] = int.from_bytes(fields.tobytes(), "little")
        self._looks_apart = any(BETWEEN in trait for trait in traits)

    def behind(self, head: str) -> "Table":
        """The same questions asked of the traits that begin so, by what stands behind it."""
        part, marked = copy(self), MARK + head
        runs = {trait[len(head) :]: row for trait, row in self._rows.items() if trait.startswith(head)}
        marks = {MARK + trait[len(marked) :]: row for trait, row in self._rows.items() if trait.startswith(marked)}
        part._rows = runs | marks
        return part

    def scores(self, traits: Traits) -> list[float]:
        """For each label how much speaks for it: positive is more likely than not."""
        length, *runs = self._sum([*traits.runs, *traits.apart] if self._looks_apart else list(traits.runs))
        _, *marks = self._sum(list(traits.marks))
        run_weight = RUN_WEIGHT * RARITY_STEPS / sqrt(length or 1)
        return [
            bias + scale * (run_weight * run + MARK_WEIGHT * mark)
            for bias, scale, run, mark in zip(self._bias, self._scales, runs, marks, strict=True)
        ]

    def why(self, traits: Traits, label: int = 0) -> tuple[str, ...]:
        """The runs of two characters or more that said most for a label."""
        known, shift = self._rows, 8 * _FIELD * (_BEFORE + label)
        told = [run for run in traits.runs if len(run) > 1 and run in known]
        runs = [((known[run] >> shift & 0xFF) - ZERO, run) for run in told]
        most = sorted((pair for pair in runs if pair[0] > 0), reverse=True)[:SHOWN]
        return tuple(f"heard:{run.strip('^$')}" for _, run in most)

    def _sum(self, traits: list[str]) -> list[int]:
        """The sum of the known traits' squared rarities, and of their weights for each label."""
        if len(traits) > _AT_ONCE:
            first, rest = self._sum(traits[:_AT_ONCE]), self._sum(traits[_AT_ONCE:])
            return [one + other for one, other in zip(first, rest, strict=True)]
        total = sum(filter(None, map(self._rows.get, traits)))
        many, low, high, *weights = memoryview(total.to_bytes(self._width, "little")).cast("H").tolist()
        nothing = ZERO * many
        return [low + (high << 16), *[weight - nothing for weight in weights]]


class Learned:
    """`what` somebody wants (SPEAK, and each intent), `which` category, what `danger`, what it does in a `thread`."""

    def __init__(self, what: Table, which: Table, danger: Table, thread: Table) -> None:
        self.what, self.which, self.danger, self.thread = what, which, danger, thread

    @classmethod
    def read(cls, file: Path = FILE) -> "Learned":
        """What `make train` wrote; CatalogError says how to write it again."""
        try:
            packed = msgspec.msgpack.decode(zlib.decompress(file.read_bytes()), type=dict[str, TableRow])
            known = dict[str, str]()
            return cls(**{name: Table(row, known) for name, row in packed.items()})
        except (OSError, zlib.error, msgspec.DecodeError, TypeError, ValueError) as fault:
            raise CatalogError(f"{file}: {fault}; make it again with: make train") from fault


def likelihood(score: float) -> float:
    """A score as a number from 0 to 1."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))
