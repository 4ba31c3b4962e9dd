"""`make train`: learns bot/understanding/learned.bin from the part of our own corpus that is not kept aside."""

import sys
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from random import Random

import msgspec
import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from bot.catalog import Catalog
from bot.understanding import Reader, threads
from bot.understanding.learned import (
    FILE,
    MARK_WEIGHT,
    RARITY_STEPS,
    RUN_WEIGHT,
    SPEAK,
    ZERO,
    Learned,
    Table,
    TableRow,
    Traits,
    spell,
)
from bot.understanding.traits import BETWEEN, MARK
from tests.understanding import conversations
from tests.understanding.sentences import Sentence, first, hands, practice, tuning

CATALOG = Path(__file__).parents[2] / "templates" / "catalog"
FREEDOM, FREEDOM_TO_SPEAK = 2.0, 4.0
"""How far the weights may go from nothing: the less, the more lines a trait must be in before it counts."""
ASIDES, LONGEST_ASIDE = 2000, 30
"""So many lines of chatter are met as if said just after a report."""
ORDER_SEED = 3
FREEDOM_OF_THREADS = 2.0
FREEDOM_BY_ODDS = 0.25
ODDS_FROM = 0.5
"""Every trait counts as seen half a time on either side."""
FREEDOM_OF_KINDS = 4.0
SELDOM_OF_KINDS = 4
FOLDS = 5
SELDOM, SELDOM_APART = 2, 4
"""A trait seen in fewer lines than this says nothing; of two characters with others between them more are needed."""
TELLING, TELLING_DANGER, TELLING_WANTS = 64_000, 24_000, 4_000
"""Of all others those are kept that say most on whether a line is for us, whether it is danger, and what it wants; the
weights are then learned again with these alone."""
FALSE_ALARMS = 0.018
"""Share of chatter, judged by weights that have not seen it, at which a line is as likely as not for us."""
FOOLED = 0.0025
FROM_STRANGERS = {SPEAK: 0.05, "emergency": 0.5, "report": 0.0}
OTHER_WANT = 0.4
"""So much less speaks for each, for any other want like this: in strangers' chatter, and on private phones, there is more
that sounds like us than in what our own hands wrote."""
BESIDE = 3
CHAT, MATTERS = "chat", ("report", "emergency")
INTENTS = ("emergency", "report", "wish", "form", "ask", "progress", "withdraw", "volunteer", "verify")
DANGERS = (
    "fire", "gas", "trapped", "medical", "drowning", "violence", "suicide", "collapse", "explosion", "electric",
    "missing", "flood",
)  # fmt: skip

NOTHING = TableRow([], [], [], "", b"", b"")
Weights = np.ndarray[tuple[int], np.dtype[np.float64]]
Answers = Sequence[bool]
Asking = Callable[[csr_matrix, Sequence[str]], "Question"]


@dataclass(frozen=True, slots=True)
class Example:
    """One line as the weights see it."""

    sentence: Sentence
    traits: Traits


def _all(traits: Traits) -> tuple[str, ...]:
    return (*traits.runs, *traits.apart, *traits.marks)


class Vocabulary:
    """The traits that count, the most frequent first (they lie together in memory), and how rare each is.

    Those with a gap count from `apart` lines on; None: not at all. Where `only` is given, no others.
    """

    def __init__(
        self, lines: Sequence[Example], seldom: int, apart: int | None = None, only: Collection[str] | None = None
    ) -> None:
        seen = Counter(trait for line in lines for trait in _all(line.traits) if only is None or trait in only)
        counted = [
            trait
            for trait, times in seen.items()
            if times >= seldom and (BETWEEN not in trait or (apart is not None and times >= apart))
        ]
        self.traits = sorted(counted, key=lambda trait: (-seen[trait], trait))
        self.at = {trait: place for place, trait in enumerate(self.traits)}
        steps = [round(RARITY_STEPS * log((len(lines) + 1) / (seen[trait] + 1))) for trait in self.traits]
        self.rarity = [0 if self.traits[at].startswith(MARK) else min(255, step) for at, step in enumerate(steps)]
        self.amounts = np.array([rare / RARITY_STEPS for rare in self.rarity])

    def most_telling(self, rows: csr_matrix, question: "Question", many: int) -> set[str]:
        """The traits that move the answer most, over all lines."""
        frequency = np.asarray((rows > 0).sum(axis=0)).ravel()
        says = np.abs(question.weights) * np.where(self.amounts > 0, self.amounts, 1.0) * np.sqrt(frequency)
        return {self.traits[at] for at in np.argsort(-says)[:many]}

    def matrix(self, lines: Iterable[Example]) -> csr_matrix:
        """A row a line: its known runs as one vector of the same length for every line, and its marks."""
        places, amounts, ends = list[int](), list[float](), [0]
        for line in lines:
            runs = [self.at[run] for run in (*line.traits.runs, *line.traits.apart) if run in self.at]
            marks = [self.at[mark] for mark in line.traits.marks if mark in self.at]
            rare = self.amounts[runs]
            places += [*runs, *marks]
            amounts += [*(RUN_WEIGHT * rare / (np.linalg.norm(rare) or 1)), *([MARK_WEIGHT] * len(marks))]
            ends.append(len(places))
        return csr_matrix((amounts, places, ends), shape=(len(ends) - 1, len(self.traits)))


class Question:
    """A yes or no about a line, with the weights that answer it."""

    def __init__(self, bias: float, weights: Weights) -> None:
        self.bias = bias
        self.weights = weights

    @classmethod
    def plainly(cls, rows: csr_matrix, answers: Answers, freedom: float) -> "Question":
        """Logistic regression."""
        model = LogisticRegression(C=freedom, solver="liblinear").fit(rows, answers)
        return cls(float(model.intercept_[0]), model.coef_[0])

    @classmethod
    def by_odds(cls, rows: csr_matrix, answers: Answers, freedom: float) -> "Question":
        """The same with each trait stretched by its odds of a yes (Wang and Manning 2012, NBSVM)."""
        there, yes = (rows > 0).astype(np.float64), np.array(answers)
        for_it = ODDS_FROM + np.asarray(there[yes].sum(axis=0)).ravel()
        against = ODDS_FROM + np.asarray(there[~yes].sum(axis=0)).ravel()
        odds = np.log((for_it / for_it.sum()) / (against / against.sum()))
        stretched = cls.plainly(rows @ diags(odds), answers, freedom * FREEDOM_BY_ODDS)
        return cls(stretched.bias, stretched.weights * odds)

    @classmethod
    def learned(cls, rows: csr_matrix, answers: Answers, freedom: float) -> "Question":
        """Both ways together: each is right where the other errs."""
        return cls.plainly(rows, answers, freedom).with_(cls.by_odds(rows, answers, freedom))

    def with_(self, other: "Question") -> "Question":
        """The mean of two answers."""
        return Question((self.bias + other.bias) / 2, (self.weights + other.weights) / 2)

    def scores(self, rows: csr_matrix) -> Weights:
        """Positive is more likely than not."""
        return rows @ self.weights + self.bias


def speak(rows: csr_matrix, intents: Sequence[str]) -> Question:
    """Whether a line is for us at all: trained on everything, and on matters against chatter alone, in both ways."""
    given = np.array(intents)
    matters = np.isin(given, (*MATTERS, CHAT))
    everything = Question.learned(rows, (given != CHAT).tolist(), FREEDOM_TO_SPEAK)
    return everything.with_(Question.learned(rows[matters], (given[matters] != CHAT).tolist(), FREEDOM_TO_SPEAK))


def telling(lines: Sequence[Example]) -> Vocabulary:
    """The traits that tell most."""
    every = Vocabulary(lines, SELDOM, SELDOM_APART)
    rows, given = every.matrix(lines), [line.sentence.intent for line in lines]
    chosen = every.most_telling(rows, speak(rows, given), TELLING)
    for intent in INTENTS:
        question = Question.plainly(rows, [one == intent for one in given], FREEDOM)
        chosen |= every.most_telling(rows, question, TELLING_DANGER if intent in MATTERS else TELLING_WANTS)
    return Vocabulary(lines, SELDOM, SELDOM_APART, chosen)


def examples(reader: Reader) -> tuple[list[Example], list[Example]]:
    """The hands' lines, which also judge, and the others, which only teach.

    The first lines teach by their characters alone: the catalog's words were chosen while looking at them.
    """
    judging = [Example(each, reader.traits(each.text)) for each in tuning(hands()) if each.intent != "command"]
    teaching = [Example(each, reader.traits(each.text)) for each in practice()]
    teaching += [Example(each, replace(reader.traits(each.text), marks=())) for each in first()]
    return judging, teaching


def table(words: Vocabulary, questions: dict[str, Question]) -> TableRow:
    """The weights as whole numbers of one byte."""
    order = sorted(range(len(words.traits)), key=words.traits.__getitem__)
    amounts = np.array([rare or 1.0 for rare in words.amounts])
    columns, scales = list[bytes](), list[float]()
    for question in questions.values():
        weights = question.weights * amounts
        scale = float(np.abs(weights).max()) / (ZERO - 1)
        columns.append((np.rint(weights / scale).astype(np.int16) + ZERO).astype(np.uint8)[order].tobytes())
        scales.append(scale)
    return TableRow(
        labels=list(questions),
        bias=[question.bias for question in questions.values()],
        scales=scales,
        traits=spell(words.traits[at] for at in order),
        rarity=bytes(words.rarity[at] for at in order),
        weights=b"".join(columns),
    )


def unseen(judging: Sequence[Example], teaching: Sequence[Example], asking: Sequence[Asking]) -> list[Weights]:
    """For each question the score of each judging line, given by weights that have not seen it."""
    scores = [np.zeros(len(judging)) for _ in asking]
    for fold in range(FOLDS):
        left_out = [line for index, line in enumerate(judging) if index % FOLDS == fold]
        seen = [line for index, line in enumerate(judging) if index % FOLDS != fold] + list(teaching)
        words = telling(seen)
        rows, given = words.matrix(seen), [line.sentence.intent for line in seen]
        for scored, ask in zip(scores, asking, strict=True):
            scored[fold::FOLDS] = ask(rows, given).scores(words.matrix(left_out))
        sys.stderr.write(f"judged by weights that have not seen it: {fold + 1} of {FOLDS}\n")
    return scores


def reached_by(share: float, judging: Sequence[Example], scores: Weights) -> float:
    """The score that only this share of chatter reaches; the mean of a few beside it, for single lines leap."""
    chatter = sorted(score for line, score in zip(judging, scores, strict=True) if line.sentence.intent == CHAT)
    place = len(chatter) - 1 - round(share * len(chatter))
    return float(np.mean(chatter[place - BESIDE : place + BESIDE + 1]))


def what(judging: Sequence[Example], teaching: Sequence[Example]) -> TableRow:
    """Whether a line is for us, and what it wants."""
    lines = [*judging, *teaching]
    words = telling(lines)
    rows, given = words.matrix(lines), [line.sentence.intent for line in lines]

    def wants(intent: str) -> Asking:
        return lambda rows, given: Question.learned(rows, [one == intent for one in given], FREEDOM)

    asking: dict[str, Asking] = {SPEAK: speak} | {intent: wants(intent) for intent in INTENTS}
    questions = {label: ask(rows, given) for label, ask in asking.items()}
    shares = {SPEAK: FALSE_ALARMS, "emergency": FOOLED}
    for label, scores in zip(shares, unseen(judging, teaching, [asking[label] for label in shares]), strict=True):
        questions[label].bias -= reached_by(shares[label], judging, scores)
    for label, question in questions.items():
        question.bias -= FROM_STRANGERS.get(label, OTHER_WANT)
    return table(words, questions)


def kinds(lines: Sequence[Example], kind_of: Callable[[Sentence], str | None], codes: Sequence[str]) -> TableRow:
    """Of which kind the lines are that have one."""
    lines = [line for line in lines if kind_of(line.sentence)]
    words = Vocabulary(lines, SELDOM_OF_KINDS)
    rows = words.matrix(lines)
    questions = {
        code: Question.learned(rows, [kind_of(line.sentence) == code for line in lines], FREEDOM_OF_KINDS)
        for code in codes
    }
    return table(words, questions)


def _of_something_else(reader: Reader) -> Iterator[Example]:
    """Chatter that has nothing to do with the matter just reported, by its reporter and by others."""
    chance = Random(ORDER_SEED)
    said = practice()
    reports = [reader.read(each.text) for each in chance.sample([one for one in said if one.category], ASIDES)]
    chatter = chance.sample([one for one in said if one.intent == CHAT and len(one.text) <= LONGEST_ASIDE], ASIDES)
    for number, (aside, report) in enumerate(zip(chatter, reports, strict=True)):
        before = threads.Before(report.category, report.place)
        mine, theirs = (before, None) if number % 2 else (None, before)
        yield Example(Sentence(aside.text, "nothing"), threads.traits(reader.read(aside.text), mine, theirs))


def thread(reader: Reader) -> TableRow:
    """What a message does to the matters spoken of before it; the likeliest of all counts."""
    met = [moment for one in conversations.practice() for moment in conversations.moments(reader, one)]
    met = [moment for moment in met if moment.mine or moment.theirs]
    lines = [
        Example(Sentence(moment.line.text, moment.does), threads.traits(moment.said, moment.mine, moment.theirs))
        for moment in met
    ]
    lines += list(_of_something_else(reader))
    words = Vocabulary(lines, SELDOM_OF_KINDS)
    model = LogisticRegression(C=FREEDOM_OF_THREADS, max_iter=1000)
    model.fit(words.matrix(lines), [line.sentence.intent for line in lines])
    questions = {
        str(deed): Question(float(bias), weights)
        for deed, bias, weights in zip(model.classes_, model.intercept_, model.coef_, strict=True)
    }
    return table(words, questions)


def main() -> None:
    """Write the file."""
    catalog = Catalog(CATALOG)
    reader = Reader(catalog, Learned(*[Table(NOTHING)] * 4))
    judging, teaching = examples(reader)
    lines = [*judging, *teaching]
    tables = {
        "what": what(judging, teaching),
        "which": kinds(lines, lambda sentence: sentence.category, reader.categories),
        "danger": kinds(lines, lambda sentence: sentence.kind, DANGERS),
    }
    learned = {name: Table(row) for name, row in tables.items()}
    tables["thread"] = thread(Reader(catalog, Learned(**learned, thread=Table(NOTHING))))
    content = zlib.compress(msgspec.msgpack.encode(tables), 9)
    FILE.write_bytes(content)
    sys.stdout.write(f"{FILE.name}: {len(content):,} bytes\n")


if __name__ == "__main__":
    main()
