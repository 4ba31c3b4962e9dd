"""Weights learned from our own corpus: how much each run of characters and each mark speaks for a label."""

import zlib
from array import array
from collections.abc import Collection
from dataclasses import dataclass
from itertools import repeat
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


class TableRow(msgspec.Struct):
    """Several yes-or-no questions about the same traits, as they are kept in the file: a row a trait."""

    labels: list[str]
    bias: list[float]
    scales: list[float]
    """What one step of a weight is worth, for each label."""
    traits: list[str]
    rarity: bytes
    """How rare each trait is: 0 to 255, in RARITY_STEPS; a rare run says more than a common one."""
    weights: bytes
    """All weights of the first label, then all of the second ...; those of a run have its rarity in them already."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is looked at in one text."""

    runs: Collection[str]
    apart: Collection[str]
    """Two characters with others between them."""
    marks: Collection[str]


class Table:
    """Each trait's weights for all labels are packed in one whole number, so that adding rows adds all columns."""

    def __init__(self, row: TableRow) -> None:
        self.labels = tuple(row.labels)
        self._bias = row.bias
        self._scales = row.scales
        self._width = _FIELD * (_BEFORE + len(self.labels))
        many = len(row.traits)
        columns = [row.weights[many * at : many * (at + 1)] for at in range(len(self.labels))]
        squares = [
            0 if trait.startswith(MARK) else rarity * rarity
            for trait, rarity in zip(row.traits, row.rarity, strict=True)
        ]
        self._rows: dict[str, int] = {}
        for trait, square, *weights in zip(row.traits, squares, *columns, strict=True):
            fields = array("H", (1, square & 0xFFFF, square >> 16, *weights))
            self._rows[trait] = int.from_bytes(fields.tobytes(), "little")
        self._looks_apart = any(BETWEEN in trait for trait in row.traits)

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
        total = sum(map(self._rows.get, traits, repeat(0)))
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
            packed = msgspec.msgpack.decode(zlib.decompress(file.read_bytes()), type=dict[str, msgspec.Raw])
            known = dict[str, str]()
            return cls(**{name: Table(_read_row(row, known)) for name, row in packed.items()})
        except (OSError, zlib.error, msgspec.DecodeError, TypeError) as fault:
            raise CatalogError(f"{file}: {fault}; make it again with: make train") from fault


def _read_row(packed: msgspec.Raw, known: dict[str, str]) -> TableRow:
    """A table from the file; a trait that an earlier one knows is the same text in memory."""
    row = msgspec.msgpack.decode(packed, type=TableRow)
    row.traits = [known.setdefault(trait, trait) for trait in row.traits]
    return row


def likelihood(score: float) -> float:
    """A score as a number from 0 to 1."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))
