"""The corpus: what people wrote, what it is, and which half of it is kept aside."""

from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

import msgspec

FOLDER = Path(__file__).parent / "corpus"
FIRST = ("reports", "chatter", "emergencies", "innocents", "others")
"""Written with the first words of the catalog and tuned on since: good for training, no proof of anything."""


class Sentence(msgspec.Struct, frozen=True):
    """One message with its labels."""

    text: str
    intent: str
    category: str | None = None
    ok: tuple[str, ...] = ()
    urgency: str | None = None
    place: dict[str, str | None] | None = None
    kind: str | None = None


def read(*files: Path) -> list[Sentence]:
    """Every line of these files."""
    return [msgspec.json.decode(line, type=Sentence) for file in files for line in file.read_bytes().splitlines()]


def hands() -> list[Sentence]:
    """What different hands wrote as different people."""
    return read(*sorted((FOLDER / "hands").glob("*.jsonl")))


def first() -> list[Sentence]:
    """What was there from the beginning."""
    return read(*(FOLDER / f"{name}.jsonl" for name in FIRST))


def practice() -> list[Sentence]:
    """Lines written for tuning alone."""
    return read(*sorted((FOLDER / "tuning").glob("*.jsonl")))


def is_kept_aside(sentence: Sentence) -> bool:
    """Half of the hands' lines are never looked at while tuning; the text itself decides which."""
    return crc32(sentence.text.encode()) % 2 == 1


def tuning(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The half to tune on."""
    return [sentence for sentence in sentences if not is_kept_aside(sentence)]


def kept_aside(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The half that only gives figures."""
    return [sentence for sentence in sentences if is_kept_aside(sentence)]
