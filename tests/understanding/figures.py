"""Figures: what a reader makes of sentences whose meaning is known."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding import Place, Reader, Utterance
from tests.understanding.sentences import Sentence

PARTS = ("building", "unit", "room")


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence and what was made of it."""

    sentence: Sentence
    said: Utterance


def read_all(reader: Reader, sentences: Sequence[Sentence]) -> list[Read]:
    """Each sentence as it is said in a group."""
    return [Read(sentence, reader.read(sentence.text)) for sentence in sentences]


def share(good: int, of: int) -> float:
    """A share; of nothing it is whole."""
    return good / of if of else 1.0


def recall(reads: Sequence[Read], intent: str) -> float:
    """How many of this intent are recognised as it; a report taken for a danger is recognised too."""
    of = [read for read in reads if read.sentence.intent == intent]
    good = {intent, "emergency"} if intent == "report" else {intent}
    return share(sum(read.said.intent in good for read in of), len(of))


def precision(reads: Sequence[Read], intent: str) -> float:
    """How many that were taken for this intent are of it."""
    of = [read for read in reads if read.said.intent == intent]
    return share(sum(read.sentence.intent == intent for read in of), len(of))


def f1(reads: Sequence[Read], intent: str) -> float:
    """The harmonic mean of both."""
    found = sum(read.said.intent == intent == read.sentence.intent for read in reads)
    total = sum((read.said.intent == intent) + (read.sentence.intent == intent) for read in reads)
    return share(2 * found, total)


def false_alarms(reads: Sequence[Read]) -> float:
    """How much chatter is not met with silence."""
    chatter = [read for read in reads if read.sentence.intent == "chat"]
    return share(sum(read.said.intent != "chat" for read in chatter), len(chatter))


def fooled(reads: Sequence[Read]) -> int:
    """How many lines that are no danger were taken for one."""
    return sum(read.said.intent == "emergency" != read.sentence.intent for read in reads)


def category_accuracy(reads: Sequence[Read]) -> float:
    """Of the recognised reports, how many have the right or an acceptable category."""
    of = [read for read in reads if read.sentence.intent == "report" == read.said.intent]
    good = sum(read.said.category in (read.sentence.category, *read.sentence.ok) for read in of)
    return share(good, len(of))


def place_accuracy(reads: Sequence[Read]) -> float:
    """Of the sentences that name a building, unit or room, in how many all three are exact."""
    of = [read for read in reads if any((read.sentence.place or {}).get(part) for part in PARTS)]
    return share(sum(_same(read.said.place, read.sentence.place or {}) for read in of), len(of))


def confusion(reads: Sequence[Read]) -> Counter[tuple[str, str]]:
    """How often what was what, and what it was taken for."""
    return Counter((read.sentence.intent, read.said.intent) for read in reads)


def _same(place: Place, named: dict[str, str | None]) -> bool:
    return all(getattr(place, part) == (named.get(part) or None) for part in PARTS)
