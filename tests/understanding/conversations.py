"""Conversations of our own corpus: who says what, and what it does to the matters spoken of before."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import msgspec

from bot.understanding import Reader, Utterance
from bot.understanding.threads import Before
from tests.understanding.sentences import FOLDER

WINDOW = 12
"""So many messages later a matter is no longer what the talk is about."""
Decide = Callable[[Utterance, Before | None, Before | None], str]


class Line(msgspec.Struct, frozen=True):
    """One message, and what it does: new, joins, adds, withdraws, nothing."""

    by: str
    text: str
    does: str


class Conversation(msgspec.Struct, frozen=True):
    """Messages in their order."""

    thread: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """One message as it is met: what was said, and whose matter was spoken of before."""

    line: Line
    said: Utterance
    mine: Before | None
    theirs: Before | None
    does: str
    """What was decided, or what is right where nobody decides."""


@dataclass(slots=True)
class _Matter:
    by: str
    before: Before
    at: int
    is_over: bool = False


def read(*files: Path) -> list[Conversation]:
    """Every conversation of these files."""
    return [msgspec.json.decode(line, type=Conversation) for file in files for line in file.read_bytes().splitlines()]


def practice() -> list[Conversation]:
    """Those to learn from."""
    first = [one for one in read(FOLDER / "threads.jsonl") if not is_kept_aside(one)]
    return first + read(FOLDER / "tuning" / "threads.jsonl")


def kept_aside() -> list[Conversation]:
    """Those that only give figures: half of the first, and all that a stranger wrote as a judge."""
    first = [one for one in read(FOLDER / "threads.jsonl") if is_kept_aside(one)]
    return first + read(FOLDER / "judge" / "threads.jsonl")


def is_kept_aside(conversation: Conversation) -> bool:
    """The words themselves decide it."""
    return crc32("".join(line.text for line in conversation.thread).encode()) % 2 == 1


def moments(reader: Reader, conversation: Conversation, decide: Decide | None = None) -> Iterator[Moment]:
    """Each message after those before it; matters are made and ended as `decide` says, else as it is right."""
    matters: list[_Matter] = []
    for at, line in enumerate(conversation.thread):
        said = reader.read(line.text)
        recent = [matter for matter in reversed(matters) if at - matter.at <= WINDOW and not matter.is_over]
        own = next((matter for matter in recent if matter.by == line.by), None)
        mine = own.before if own else None
        theirs = next((matter.before for matter in recent if matter.by != line.by), None)
        does = decide(said, mine, theirs) if decide else line.does
        yield Moment(line, said, mine, theirs, does)
        if does == "new":
            matters.append(_Matter(line.by, Before(said.category, said.place), at))
        if does == "withdraws" and own:
            own.is_over = True


def right(reader: Reader, conversations: Sequence[Conversation]) -> tuple[int, int]:
    """How many messages were met rightly, and how many there are."""
    met = [moment for one in conversations for moment in moments(reader, one, reader.deed)]
    return sum(moment.does == moment.line.does for moment in met), len(met)
