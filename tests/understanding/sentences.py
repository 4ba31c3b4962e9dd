"""The corpus: what people wrote, what it is, and which half of it is kept aside."""

from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

import msgspec

FOLDER = Path(__file__).parent / "corpus"
FIRST = ("reports", "chatter", "emergencies", "innocents", "others")
"""Written with the first words of the catalog and tuned on since: good for training, no proof of anything."""


EARLY = (
    "letters",
    "letters_and_danger",
    "matters",
    "more",
    "more_danger",
    "more_requests",
    "more_talk",
    "requests",
    "talk",
)


class Sentence(msgspec.Struct, frozen=True):
    """One message with its labels."""

    text: str
    intent: str
    category: str | None = None
    ok: tuple[str, ...] = ()
    urgency: str | None = None
    place: dict[str, str | None] | None = None
    kind: str | None = None
    fools: bool = False
    """It is chatter, written to be taken for danger."""


def read(*files: Path) -> list[Sentence]:
    """Every line of these files."""
    return [msgspec.json.decode(line, type=Sentence) for file in files for line in file.read_bytes().splitlines()]


def hands() -> list[Sentence]:
    """What different hands wrote as different people."""
    return read(*sorted((FOLDER / "hands").glob("*.jsonl")))


def judge() -> list[Sentence]:
    """What a stranger wrote to judge by, who knew nothing of the rest; never trained on."""
    return read(FOLDER / "judge" / "messages.jsonl")


def strangers() -> list[Sentence]:
    """The same of ten more strangers, of all provinces; figures only."""
    return plain(*sorted((FOLDER / "judge").glob("*.tsv")))


def headlines() -> list[Sentence]:
    """Headlines and officials' letters, which look like citizens' letters: figures only, for a group sees few of them.

    Trained on, they would silence one letter in ten.
    """
    return plain(FOLDER / "headlines.tsv")


def first() -> list[Sentence]:
    """What was there from the beginning."""
    return read(*(FOLDER / f"{name}.jsonl" for name in FIRST))


def practice() -> list[Sentence]:
    """Lines written for tuning alone."""
    return read(*(FOLDER / "tuning" / f"{name}.jsonl" for name in EARLY)) + plain(
        *sorted((FOLDER / "tuning").glob("*.tsv"))
    )


def plain(*files: Path) -> list[Sentence]:
    """Every line of files with LABEL, a tab and the text, as README.md there says; "# ..." tells who speaks."""
    lines = [line for file in files for line in file.read_text(encoding="utf-8").split("\n")]
    return [_labelled(*line.split("\t")) for line in lines if line and not line.startswith("# ")]


def _labelled(label: str, text: str) -> Sentence:
    """ "report:noise+dispute" is a report about noise, a dispute being right as well; "emergency:fire" is a danger."""
    intent, _, kind = label.partition(":")
    text = text.replace("\\n", "\n")
    if intent == "emergency":
        return Sentence(text, intent, kind=kind)
    category, *ok = kind.split("+")
    return Sentence(text, intent, category=category or None, ok=tuple(ok))


def is_kept_aside(sentence: Sentence) -> bool:
    """Half of the hands' lines are never looked at while tuning; the text itself decides which."""
    return crc32(sentence.text.encode()) % 2 == 1


def tuning(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The half to tune on."""
    return [sentence for sentence in sentences if not is_kept_aside(sentence)]


def kept_aside(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The half that only gives figures."""
    return [sentence for sentence in sentences if is_kept_aside(sentence)]
