"""`make evaluate`: how well the reader understands our own corpus and, when it is there, ../shared/data."""

import sys
from collections import Counter, defaultdict
from pathlib import Path
from time import perf_counter
from typing import get_args

import msgspec

from bot.catalog import Catalog
from bot.understanding import Intent, Reader
from tests.understanding import conversations, figures, sentences
from tests.understanding.figures import Read

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
INTENTS: tuple[str, ...] = get_args(Intent)
OFFICIAL = ("fuzhou12345-river", "shangluo-mayor-mailbox", "teddy2020C-a4", "tianshanfz-sms", "mudou_spam_test")
"""Sources whose lines that are no reports are officials' replies and adverts."""


class _Labelled(msgspec.Struct):
    text: str
    label: str
    source: str


class _Titled(msgspec.Struct):
    text: str
    category: str
    ok_categories: tuple[str, ...]
    kind: str


def say(line: str = "") -> None:
    """One line of the account."""
    sys.stdout.write(line + "\n")


def account(name: str, reads: list[Read]) -> None:
    """The figures of one part of the corpus."""
    say(f"== {name}: {len(reads)} lines")
    for intent in INTENTS:
        number = sum(read.sentence.intent == intent for read in reads)
        if number:
            say(
                f"   {intent:10} {number:5}  recall {figures.recall(reads, intent):6.1%}"
                f"  precision {figures.precision(reads, intent):6.1%}  F1 {figures.f1(reads, intent):.2f}"
            )
    say(f"   false alarms in chatter {figures.false_alarms(reads):.2%}, fooled into danger {figures.fooled(reads)}")
    say(f"   category {figures.category_accuracy(reads):.1%}, place {figures.place_accuracy(reads):.1%}")


def table(reads: list[Read]) -> None:
    """What was what (rows), and what it was taken for (columns)."""
    counts = figures.confusion(reads)
    say("   " + " " * 10 + "".join(f"{intent[:6]:>7}" for intent in INTENTS))
    for row in INTENTS:
        say(f"   {row:10}" + "".join(f"{counts[row, column] or '.':>7}" for column in INTENTS))


def speed(reader: Reader, texts: list[str]) -> None:
    """The median time of a message."""
    took: list[float] = []
    for text in texts:
        started = perf_counter()
        reader.read(text)
        took.append(perf_counter() - started)
    say(f"== time a message: median {sorted(took)[len(took) // 2] * 1e6:.0f} us")


def letters(reader: Reader) -> None:
    """Real sentences that nobody here wrote; nothing was trained on them."""
    lines = [
        msgspec.json.decode(line, type=_Labelled) for line in (SHARED / "report_or_not.jsonl").read_bytes().splitlines()
    ]
    heard: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for line in lines:
        intent = reader.read(line.text).intent
        good = intent in {"report", "emergency"} if line.label == "report" else intent != "chat"
        heard[line.label, line.source].append(good)
    say("== real sentences: reports recognised, others answered by mistake")
    for (label, source), good in sorted(heard.items()):
        say(f"   {label:10} {source:26} {len(good):5}  {sum(good) / len(good):6.1%}")
    for name, label, left_out in (
        ("reports", "report", ()), ("false alarms", "not_report", ()),
        ("false alarms without officials and adverts", "not_report", OFFICIAL),
    ):  # fmt: skip
        every = [
            one for (kind, source), good in heard.items() if kind == label and source not in left_out for one in good
        ]
        say(f"   {name}: {figures.share(sum(every), len(every)):.1%} of {len(every)}")


def titles(reader: Reader) -> None:
    """Categories of real titles."""
    lines = [
        msgspec.json.decode(line, type=_Titled) for line in (SHARED / "category_titles.jsonl").read_bytes().splitlines()
    ]
    right: Counter[bool] = Counter()
    for line in lines:
        said = reader.read(f"报事 {line.text}", private=True)
        right[said.category in (line.category, *line.ok_categories)] += 1
    say(f"   category of titles: {figures.share(right[True], len(lines)):.1%} of {len(lines)}")


def main() -> None:
    """Everything, on the standard output."""
    reader = Reader(Catalog(ROOT / "templates" / "catalog"))
    hands = sentences.hands()
    kept = figures.read_all(reader, sentences.kept_aside(hands))
    account("kept aside", kept)
    table(kept)
    account("tuned on", figures.read_all(reader, sentences.tuning(hands)))
    account("first lines", figures.read_all(reader, sentences.first()))
    account("lines for tuning", figures.read_all(reader, sentences.practice()))
    account("judge", judged := figures.read_all(reader, sentences.judge()))
    table(judged)
    account("strangers", figures.read_all(reader, sentences.strangers()))
    fooled = sum(read.sentence.fools and read.said.intent == "emergency" for read in judged)
    say(f"   fooled into danger by lines made for it: {fooled} of {sum(read.sentence.fools for read in judged)}")
    alarms = figures.false_alarms(figures.read_all(reader, sentences.headlines()))
    say(f"== headlines and officials' letters taken for something: {alarms:.1%}")
    met, of = conversations.right(reader, conversations.kept_aside())
    say(f"== conversations kept aside: {met / of:.1%} of {of} messages met rightly")
    speed(reader, [read.sentence.text for read in kept])
    if SHARED.is_dir():
        letters(reader)
        titles(reader)


if __name__ == "__main__":
    main()
