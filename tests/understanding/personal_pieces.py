"""Messages with the personal data in them, and how much of it is found."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import msgspec

from bot.understanding import personal
from bot.understanding.clean import tidy

CORPUS = Path(__file__).parent / "corpus"
COVERED = 0.8
"""A piece is hidden when so much of it is."""


class Piece(msgspec.Struct, frozen=True):
    kind: str
    said: str


class Message(msgspec.Struct, frozen=True):
    text: str
    personal: tuple[Piece, ...]


@dataclass(slots=True)
class Counts:
    """What was found of what is there, for each kind."""

    there: Counter[str] = field(default_factory=Counter[str])
    met: Counter[str] = field(default_factory=Counter[str])
    """Something of the same kind was found that lies over it."""
    hidden: Counter[str] = field(default_factory=Counter[str])
    """COVERED of it lies in what was found."""
    found: int = 0
    idle: int = 0
    """Found where nothing is."""

    def figures(self) -> dict[str, float]:
        """Shares of what is there that was met, that is hidden, and of what was found that is there."""
        there = max(1, self.there.total())
        return {
            "recall": self.met.total() / there,
            "coverage": self.hidden.total() / there,
            "precision": 1 - self.idle / max(1, self.found),
        }

    def __str__(self) -> str:
        figures = ", ".join(f"{figure} {share:.3f}" for figure, share in self.figures().items())
        kinds = ", ".join(f"{kind} {self.met[kind]}/{self.hidden[kind]}/{many}" for kind, many in self.there.items())
        return f"{figures} (met/hidden/there: {kinds})"


def read(file: Path) -> list[Message]:
    """Every message of a file."""
    return [msgspec.json.decode(line, type=Message) for line in file.read_bytes().splitlines()]


def own() -> list[Message]:
    """The first seven hundred; those with an odd checksum are kept aside."""
    return read(CORPUS / "personal.jsonl")


def hands() -> Iterator[tuple[str, list[Message]]]:
    """What each hand wrote, to learn from."""
    for file in sorted((CORPUS / "personal").glob("*.jsonl")):
        yield file.stem, read(file)


def judge() -> list[Message]:
    """What a stranger wrote to judge by; never looked at, never learned from."""
    return read(CORPUS / "judge" / "personal.jsonl")


def blind() -> list[Message]:
    """What was written before anybody looked at what is missed; never learned from."""
    return [message for file in sorted((CORPUS / "personal" / "blind").glob("*.jsonl")) for message in read(file)]


def kept_aside(message: Message) -> bool:
    """Whether a message only gives figures."""
    return crc32(message.text.encode()) % 2 == 1


def placed(message: Message) -> list[tuple[str, int, int]]:
    """Kind, begin and end of each piece in the tidy text."""
    text, spans, behind = tidy(message.text), list[tuple[str, int, int]](), dict[str, int]()
    for piece in message.personal:
        said = tidy(piece.said)
        begin = text.find(said, behind.get(said, 0))
        behind[said] = begin + 1
        spans.append((_LIKE.get(piece.kind, piece.kind), begin, begin + len(said)))
    return spans


_LIKE = {"mobile": "phone"}


def counted(messages: Iterable[Message]) -> Counts:
    """How much of the personal data in the messages is found."""
    counts = Counts()
    for message in messages:
        spans, found = placed(message), personal.find(tidy(message.text))
        for kind, begin, end in spans:
            shared = [(piece, min(end, piece.end) - max(begin, piece.start)) for piece in found]
            counts.there[kind] += 1
            counts.met[kind] += any(_LIKE.get(one.kind, one.kind) == kind and many > 0 for one, many in shared)
            counts.hidden[kind] += sum(max(0, many) for _, many in shared) >= COVERED * (end - begin)
        counts.found += len(found)
        counts.idle += sum(not any(one.start < end and begin < one.end for _, begin, end in spans) for one in found)
    return counts
