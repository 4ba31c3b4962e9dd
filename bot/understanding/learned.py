"""Weights learned from our own corpus: how much each run of characters and each mark speaks for a label."""

from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path

import msgspec

from bot.errors import CatalogError
from bot.understanding.traits import MARK

FILE = Path(__file__).with_name("learned.bin")
RUN_WEIGHT = 4.0
"""All known runs of a text together, whatever its length, count like a vector of this length ..."""
MARK_WEIGHT = 0.5
"""... and every mark like this."""
RARITY_STEPS = 30
"""Steps of rarity in one unit of log(lines / lines with it)."""
SHOWN = 4
"""As many runs are named as the reason."""


class HeadRow(msgspec.Struct):
    """One question as it is kept in the file: whole numbers of -127 to 127, a row a trait, a column a label."""

    labels: list[str]
    bias: list[float]
    scale: float
    traits: list[str]
    weights: bytes
    rarity: bytes
    """How rare each trait is: 0 to 255, in RARITY_STEPS; a rare run says more than a common one."""


class LearnedRow(msgspec.Struct):
    """The file."""

    heads: dict[str, HeadRow]


@dataclass(frozen=True, slots=True)
class Traits:
    """What is looked at in one text."""

    runs: frozenset[str]
    marks: tuple[str, ...]


class Head:
    """One question with its labels; one label is a yes or no."""

    def __init__(self, row: HeadRow) -> None:
        self.labels = tuple(row.labels)
        self._bias = row.bias
        self._scale = row.scale
        width = len(row.labels)
        signed = memoryview(row.weights).cast("b").tolist()
        self._rows: dict[str, tuple[float, ...]] = {}
        for at, trait in enumerate(row.traits):
            rarity = 1.0 if trait.startswith(MARK) else row.rarity[at] / RARITY_STEPS
            self._rows[trait] = (rarity * rarity, *[rarity * one for one in signed[at * width : (at + 1) * width]])

    def scores(self, traits: Traits) -> list[float]:
        """For each label how much speaks for it: positive is more likely than not."""
        known = self._rows
        scores = self._bias
        if runs := [known[run] for run in traits.runs if run in known]:
            length, *sums = map(sum, zip(*runs, strict=True))
            weight = self._scale * RUN_WEIGHT / sqrt(length or 1)
            scores = [score + weight * total for score, total in zip(scores, sums, strict=True)]
        if marks := [known[mark] for mark in traits.marks if mark in known]:
            _, *sums = map(sum, zip(*marks, strict=True))
            weight = self._scale * MARK_WEIGHT
            scores = [score + weight * total for score, total in zip(scores, sums, strict=True)]
        return list(scores)

    def best(self, traits: Traits) -> tuple[str, float]:
        """The label with the most for it, and how much that is."""
        scores = self.scores(traits)
        at = max(range(len(scores)), key=scores.__getitem__)
        return self.labels[at], scores[at]

    def why(self, traits: Traits, label: int = 0) -> tuple[str, ...]:
        """The runs of two characters or more that said most for a label."""
        known = self._rows
        runs = [(known[run][label + 1], run) for run in traits.runs if len(run) > 1 and run in known]
        told = sorted((pair for pair in runs if pair[0] > 0), reverse=True)[:SHOWN]
        return tuple(f"heard:{run.strip('^$')}" for _, run in told if not run.startswith(MARK))


class Learned:
    """The heads: speak (is it for us at all), intent, category, danger."""

    def __init__(self, file: Path = FILE) -> None:
        try:
            row = msgspec.msgpack.decode(file.read_bytes(), type=LearnedRow)
        except (OSError, msgspec.DecodeError) as fault:
            raise CatalogError(f"{file}: {fault}; make it again with: make train") from fault
        self._take(row)

    def _take(self, row: LearnedRow) -> None:
        self.speak = Head(row.heads["speak"])
        self.intent = Head(row.heads["intent"])
        self.category = Head(row.heads["category"])
        self.danger = Head(row.heads["danger"])


def likelihood(score: float) -> float:
    """A score as a number from 0 to 1."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))
