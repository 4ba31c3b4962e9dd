"""`make train`: learns bot/understanding/learned.bin from the half of our own corpus that is not kept aside."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from pathlib import Path
from random import Random

import msgspec

from bot.catalog import Catalog
from bot.understanding import Reader
from bot.understanding.learned import FILE, MARK_WEIGHT, RARITY_STEPS, RUN_WEIGHT, HeadRow, LearnedRow, Traits
from tests.understanding.sentences import Sentence, first, hands, practice, tuning

CATALOG = Path(__file__).parents[2] / "templates" / "catalog"
EPOCHS = 12
RATE = 0.05
PULL = 1e-4
FOLDS = 5
SELDOM = 2
"""A trait seen in fewer lines than this says nothing."""
FALSE_ALARMS = 0.009
"""Share of chatter, judged by weights that have not seen it, at which a line is as likely as not for us."""
FOOLED = 0.015
ORDER_SEED = 3

LABELS = ("emergency", "report", "wish", "form", "ask", "progress", "withdraw", "volunteer", "verify")
DANGERS = (
    "fire", "gas", "trapped", "medical", "drowning", "violence", "suicide", "collapse", "explosion", "electric",
    "missing", "flood",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One line as the weights see it."""

    sentence: Sentence
    traits: Traits


@dataclass(frozen=True, slots=True)
class _Row:
    traits: list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The traits that count, and how rare each is."""

    traits: tuple[str, ...]
    at: dict[str, int]
    rarity: bytes

    def row(self, traits: Traits) -> _Row:
        """A line as places and amounts: its known runs as one vector of the same length for every line."""
        runs = [(self.at[run], self.rarity[self.at[run]] / RARITY_STEPS) for run in traits.runs if run in self.at]
        norm = RUN_WEIGHT / sqrt(sum(amount * amount for _, amount in runs) or 1)
        row = [(place, amount * norm) for place, amount in runs]
        row += [(self.at[mark], MARK_WEIGHT) for mark in traits.marks if mark in self.at]
        return _Row(row)


def examples(reader: Reader) -> tuple[list[Example], list[Example]]:
    """The hands' lines, which also judge, and the others, which only teach.

    The first lines teach by their characters alone: the catalog's words were chosen while looking at them.
    """
    judging = [Example(each, reader.traits(each.text)) for each in tuning(hands()) if each.intent != "command"]
    teaching = [Example(each, reader.traits(each.text)) for each in practice()]
    teaching += [Example(each, Traits(reader.traits(each.text).runs, ())) for each in first()]
    return judging, teaching


def vocabulary(lines: Sequence[Example]) -> Vocabulary:
    """Every trait that is in several lines, in a fixed order."""
    seen = Counter(trait for line in lines for trait in (*line.traits.runs, *line.traits.marks))
    traits = tuple(sorted(trait for trait, times in seen.items() if times >= SELDOM))
    rarity = bytes(min(255, round(RARITY_STEPS * log((len(lines) + 1) / (seen[trait] + 1)))) for trait in traits)
    return Vocabulary(traits, {trait: place for place, trait in enumerate(traits)}, rarity)


def fit(rows: Sequence[_Row], size: int, answers: Sequence[bool]) -> tuple[float, list[float]]:
    """Logistic regression by stochastic descent, all weights pulled towards nothing: the bias, and each weight."""
    weights, bias, size_of_all = [0.0] * size, 0.0, 1.0  # a weight is weights[place] * size_of_all
    order = list(range(len(rows)))
    chance = Random(ORDER_SEED)
    steps = 0
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for index in order:
            row = rows[index].traits
            score = bias + size_of_all * sum([weights[place] * amount for place, amount in row])
            error = answers[index] - 1 / (1 + exp(-max(-30.0, min(30.0, score))))
            rate = RATE / (1 + RATE * PULL * steps)
            steps += 1
            size_of_all *= 1 - rate * PULL
            if abs(error) < 0.005:
                continue
            bias += 0.3 * rate * error
            step = rate * error / size_of_all
            for place, amount in row:
                weights[place] += step * amount
    return bias, [weight * size_of_all for weight in weights]


def pack(labels: Sequence[str], words: Vocabulary, fitted: Sequence[tuple[float, list[float]]]) -> HeadRow:
    """The weights as whole numbers of one byte; every trait of a line counts for its length, so all are kept."""
    scale = max(abs(weight) for _, weights in fitted for weight in weights) / 127
    packed = bytearray()
    for place in range(len(words.traits)):
        packed += bytes(round(weights[place] / scale) & 0xFF for _, weights in fitted)
    return HeadRow(list(labels), [bias for bias, _ in fitted], scale, list(words.traits), bytes(packed), words.rarity)


def learn(lines: Sequence[Example], labels: Sequence[str], told: Sequence[str | None]) -> HeadRow:
    """One head: for each label a yes or no."""
    words = vocabulary(lines)
    rows = [words.row(line.traits) for line in lines]
    size = len(words.traits)
    return pack(labels, words, [fit(rows, size, [one == label for one in told]) for label in labels])


def unseen(judging: Sequence[Example], teaching: Sequence[Example], answers: Sequence[bool]) -> list[float]:
    """The score of each judging line, given by weights that have not seen it."""
    scores = [0.0] * len(judging)
    for fold in range(FOLDS):
        seen = [line for index, line in enumerate(judging) if index % FOLDS != fold] + list(teaching)
        told = [one for index, one in enumerate(answers[: len(judging)]) if index % FOLDS != fold]
        told += answers[len(judging) :]
        words = vocabulary(seen)
        bias, weights = fit([words.row(line.traits) for line in seen], len(words.traits), told)
        for index in range(fold, len(judging), FOLDS):
            row = words.row(judging[index].traits).traits
            scores[index] = bias + sum(weights[place] * amount for place, amount in row)
    return scores


def reached_by(share: float, judging: Sequence[Example], scores: Sequence[float]) -> float:
    """The score that only this share of chatter reaches."""
    chatter = sorted(score for line, score in zip(judging, scores, strict=True) if line.sentence.intent == "chat")
    return chatter[-1 - round(share * len(chatter))]


def train(reader: Reader) -> LearnedRow:
    """All heads."""
    judging, teaching = examples(reader)
    lines = [*judging, *teaching]
    intents = [line.sentence.intent for line in lines]
    spoken = ["chat" if intent == "chat" else "speak" for intent in intents]
    speak = learn(lines, ["speak"], spoken)
    speak.bias[0] -= reached_by(FALSE_ALARMS, judging, unseen(judging, teaching, [one == "speak" for one in spoken]))
    intent = learn(lines, LABELS, intents)
    dangerous = [one == "emergency" for one in intents]
    intent.bias[0] -= reached_by(FOOLED, judging, unseen(judging, teaching, dangerous))
    matters = [line for line in lines if line.sentence.category]
    category = learn(matters, list(reader.categories), [line.sentence.category for line in matters])
    dangers = [line for line in lines if line.sentence.kind]
    danger = learn(dangers, DANGERS, [line.sentence.kind for line in dangers])
    return LearnedRow({"speak": speak, "intent": intent, "category": category, "danger": danger})


def main() -> None:
    """Write the file."""
    content = msgspec.msgpack.encode(train(Reader(Catalog(CATALOG))))
    FILE.write_bytes(content)
    sys.stdout.write(f"{FILE.name}: {len(content):,} bytes\n")


if __name__ == "__main__":
    main()
