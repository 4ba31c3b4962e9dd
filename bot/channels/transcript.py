"""What the pretend phones show: an append-only file that several processes share and no crash tears."""

import fcntl
import os
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

Kind = Literal["text", "press", "scan", "photo", "place"]
BOT = "bot"
PRIVATE = "private"
CHUNK_BYTES = 4 * 1024 * 1024  # above the longest line: a call's body is at most 1 MiB
PAGE_LINES = 1000
PAGE_BYTES = 4 * 1024 * 1024


class Tap(msgspec.Struct, frozen=True):
    """A button as the phone shows it."""

    label: str
    press: str


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a chat; its number `n` is where it ends in the file, so the file does not hold it."""

    chat: str
    """The group's id, or "private"."""
    user: str
    """Whose private chat it is; in a group who speaks, empty for the bot."""
    speaker: str = msgspec.field(name="from")
    """The account's id, or "bot"."""
    text: str
    buttons: tuple[Tap, ...]
    lane: str | None
    """The lane's name for the bot's lines, None for people's."""
    kind: Kind
    at: datetime
    id: str = ""
    quote: str | None = None
    user_name: str = ""
    chat_name: str = ""
    edited: bool = False
    """It stands in place of the line whose number is its id; the last such line counts."""

    @property
    def conversation(self) -> str:
        """The chat that shows it."""
        return conversation(self.chat, self.user)


class _Heading(msgspec.Struct, frozen=True):
    """As much of a line as the index needs."""

    chat: str
    user: str
    id: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as it leaves: its number, and the JSON object with that number in it."""

    n: int
    json: bytes


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the lines of one conversation start and end in the file, in order."""

    starts: "array[int]" = field(default_factory=lambda: array("Q"))
    ends: "array[int]" = field(default_factory=lambda: array("Q"))

    def add(self, start: int, end: int) -> None:
        self.starts.append(start)
        self.ends.append(end)

    def between(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        return zip(self.starts[first:last], self.ends[first:last], strict=True)


_HEADING = msgspec.json.Decoder(_Heading)
_LINE = msgspec.json.Decoder(Line)
_ENCODER = msgspec.json.Encoder()


def conversation(chat: str, user: str) -> str:
    """The key of a group's chat, or of `user`'s private one."""
    return f"private/{user}" if chat == PRIVATE else f"group/{chat}"


class Transcript:
    """The lines of every chat. Memory holds an index of 16 bytes a line and conversation; the file holds the words."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._end = 0
        self._everything = _Places()
        self._conversations: dict[str, _Places] = {}
        self._ids: set[str] = set()
        self.catch_up()

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def append(self, line: Line) -> int | None:
        """Show `line` and give its number; None when a line with its id is shown already."""
        written = _ENCODER.encode(line) + b"\n"
        with self._alone():
            size = self.catch_up()
            if line.id in self._ids and not line.edited:
                return None
            if size > self._end:  # a writer died in the middle of its line: end it, so that it harms no other
                self._write(b"\n")
                size += 1
            self._write(written)
            self._end = size + len(written)
        self._remember(line.conversation, "" if line.edited else line.id, size, self._end)
        return self._end

    def catch_up(self) -> int:
        """Notice what other processes have appended; the file's size."""
        size = os.fstat(self._file).st_size
        while self._end < size:
            chunk = os.pread(self._file, CHUNK_BYTES, self._end)
            whole = chunk.rfind(b"\n") + 1
            if not whole:
                break
            for text in chunk[:whole].splitlines(keepends=True):
                start, self._end = self._end, self._end + len(text)
                self._index(text, start)
        return size

    def since(self, after: int, chat: str | None = None) -> tuple[list[Shown], int]:
        """Up to 1000 lines (4 MiB) after number `after`, and the number to go on from without loss."""
        self.catch_up()
        places = self._places(chat)
        first = bisect_right(places.ends, after)
        lines: list[Shown] = []
        size = 0
        for start, end in places.between(first, first + PAGE_LINES):
            lines.append(self._shown(start, end))
            size += end - start
            if size > PAGE_BYTES:
                break
        more = first + len(lines) < len(places.ends)
        return lines, lines[-1].n if more else self._end

    def before(self, until: int | None, count: int, chat: str | None = None) -> tuple[list[Shown], int]:
        """The last `count` lines before number `until` (None: the newest), and the number to go on from."""
        self.catch_up()
        places = self._places(chat)
        last = len(places.ends) if until is None else bisect_left(places.ends, until)
        first = max(0, last - min(count, PAGE_LINES))
        return [self._shown(start, end) for start, end in places.between(first, last)], self._end

    def line(self, n: int) -> Line | None:
        """The line with this number."""
        self.catch_up()
        ends = self._everything.ends
        at = bisect_left(ends, n)
        if at == len(ends) or ends[at] != n:
            return None
        start = self._everything.starts[at]
        return _LINE.decode(os.pread(self._file, n - start, start))

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Hold the file for the microseconds of one append; the system lets go for a writer that is killed."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _write(self, text: bytes) -> None:
        if os.write(self._file, text) != len(text):
            raise OSError("The disk is full: a line of the transcript is torn.")

    def _index(self, text: bytes, start: int) -> None:
        try:
            heading = _HEADING.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError):  # torn by a crash
            return
        known = "" if heading.edited else heading.id
        self._remember(conversation(heading.chat, heading.user), known, start, start + len(text))

    def _remember(self, key: str, line_id: str, start: int, end: int) -> None:
        self._everything.add(start, end)
        if key not in self._conversations:
            self._conversations[key] = _Places()
        self._conversations[key].add(start, end)
        if line_id:
            self._ids.add(line_id)

    def _places(self, chat: str | None) -> _Places:
        return self._everything if chat is None else self._conversations.get(chat, _Places())

    def _shown(self, start: int, end: int) -> Shown:
        text = os.pread(self._file, end - start, start)
        return Shown(end, b'{"n":%d,%b' % (end, text[1:-1]))
