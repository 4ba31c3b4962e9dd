"""The simulator: a pretend chat platform, through which everybody can try the bot."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Protocol
from uuid import uuid4

import msgspec

from bot.ability import EVERYTHING
from bot.channels.transcript import BOT, PRIVATE, Kind, Line, Tap, Transcript
from bot.errors import BadRequest, SendError
from bot.message import Delivery, Incoming
from bot.pace import Pace

NAME = "simulator"
UNWRITABLE = "The transcript cannot be written; is the disk full?"
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Name = Annotated[str, msgspec.Meta(max_length=64)]


class Clock(Protocol):
    """Who knows the time, which is pretended too."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...


class CastGrid(msgspec.Struct, frozen=True):
    """A grid, with the code of the one above it; None at the root."""

    code: str
    name: str
    level: str
    parent: str | None


class CastChat(msgspec.Struct, frozen=True):
    """A group, with the code of its grid; None while unbound."""

    id: str
    name: str
    grid: str | None
    audience: Literal["residents", "staff"]


class CastPost(msgspec.Struct, frozen=True):
    """A seat somebody holds: in a grid, or in a department (no grid). The order is 1 for the first, 2 for the deputy."""

    role: str
    grid: str | None
    order: int


class CastPerson(msgspec.Struct, frozen=True):
    """Somebody to speak as."""

    id: str
    name: str
    grid: str | None
    posts: tuple[CastPost, ...]


class Cast(msgspec.Struct, frozen=True):
    """The loaded organization."""

    grids: tuple[CastGrid, ...]
    chats: tuple[CastChat, ...]
    people: tuple[CastPerson, ...]


class _Said(msgspec.Struct, frozen=True):
    """What a pretend phone sends."""

    chat: Id
    user: Id
    text: str | None = None
    press: str | None = None
    scan: str | None = None
    photo: str | None = None
    place: str | None = None
    quote: str | int | None = None
    id: Id | None = None
    user_name: Name = ""
    chat_name: Name = ""


_SAID = msgspec.json.Decoder(_Said)


class Simulator:
    """The channel, and the phones on its other end."""

    name = NAME
    able = EVERYTHING
    edits = True

    def __init__(self, path: Path, clock: Clock) -> None:
        self.pace = Pace()
        """No limits: phones that are only pretended take everything."""
        self.transcript = Transcript(path)
        self.closed = False
        self._clock = clock
        self._watches: set[asyncio.Event] = set()

    def parse(self, body: bytes, at: datetime) -> Incoming:
        """The call's body as what happened; BadRequest says what is wrong with it."""
        said = _decoded(body)
        happening, text = _what_happened(said)
        return Incoming(
            channel=NAME,
            key=said.id or uuid4().hex,
            sender=said.user,
            chat=None if said.chat == PRIVATE else said.chat,
            at=at,
            happening=happening,
            text=text.replace("\0", ""),  # no database keeps it, nobody can see it
            quote=None if said.quote is None else str(said.quote),
            sender_name=said.user_name,
            chat_name=said.chat_name,
        )

    def show(self, incoming: Incoming) -> None:
        """Put what somebody did into the chat where they did it; the second time it is not shown again."""
        try:
            self._append(_line_of(incoming))
        except OSError as fault:
            raise BadRequest(UNWRITABLE, status=503) from fault

    def resolve(self, incoming: Incoming) -> Incoming:
        """Quotes name lines by number; a person's line is known to the bot by the id it came with."""
        if incoming.quote is None or not incoming.quote.isdecimal():
            return incoming
        quoted = self.transcript.line(int(incoming.quote[:18]))
        return replace(incoming, quote=quoted.id) if quoted and quoted.id else incoming

    async def send(self, delivery: Delivery) -> str:
        """Show what the bot says; the line's number."""
        try:
            return str(self._append(self._line(delivery)))
        except OSError as fault:
            raise SendError(UNWRITABLE) from fault

    async def edit(self, platform_id: str, delivery: Delivery) -> str:
        """Show it in place of the line with this number: a line whose id is that number, marked as edited."""
        try:
            self._append(msgspec.structs.replace(self._line(delivery), id=platform_id, edited=True))
        except OSError as fault:
            raise SendError(UNWRITABLE) from fault
        return platform_id

    def _line(self, delivery: Delivery) -> Line:
        address = delivery.address
        return Line(
            chat=PRIVATE if address.private else address.target,
            user=address.target if address.private else "",
            speaker=BOT,
            text=delivery.text,
            buttons=tuple(Tap(label, press) for label, press in delivery.buttons),
            lane=delivery.lane.name.lower(),
            kind="text",
            at=self._clock.now(),
            quote=delivery.quote,
        )

    def close(self) -> None:
        """End the streams; nothing more will be shown to them."""
        self.closed = True
        self._wake()

    @contextmanager
    def watching(self) -> Generator[asyncio.Event]:
        """An event that is set whenever this process has shown a line."""
        watch = asyncio.Event()
        self._watches.add(watch)
        try:
            yield watch
        finally:
            self._watches.remove(watch)

    def _append(self, line: Line) -> int | None:
        n = self.transcript.append(line)
        self._wake()
        return n

    def _wake(self) -> None:
        for watch in self._watches:
            watch.set()


def _decoded(body: bytes) -> _Said:
    try:
        said = _SAID.decode(body)
    except msgspec.ValidationError as fault:
        raise BadRequest(f"{fault}.") from fault
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadRequest("The body is not valid JSON in UTF-8.") from fault
    if said.user == BOT:
        raise BadRequest('The user "bot" is the bot itself; choose another id.')
    return said


def _what_happened(said: _Said) -> tuple[Kind, str]:
    acts: tuple[tuple[Kind, str | None], ...] = (
        ("text", said.text),
        ("press", said.press),
        ("scan", said.scan),
        ("photo", said.photo),
        ("place", said.place),
    )
    given: list[tuple[Kind, str]] = [(kind, words) for kind, words in acts if words is not None]
    if len(given) != 1:
        raise BadRequest("Give exactly one of text, press, scan, photo and place, as a string.")
    return given[0]


def _line_of(incoming: Incoming) -> Line:
    return Line(
        chat=incoming.chat or PRIVATE,
        user=incoming.sender,
        speaker=incoming.sender,
        text=incoming.text,
        buttons=(),
        lane=None,
        kind=_KINDS[incoming.happening],
        at=incoming.at,
        id=incoming.key,
        quote=incoming.quote,
        user_name=incoming.sender_name,
        chat_name=incoming.chat_name,
    )


_KINDS: dict[str, Kind] = {"text": "text", "press": "press", "scan": "scan", "photo": "photo", "place": "place"}
