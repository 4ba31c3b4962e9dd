"""`xiaoge parse`: one line in, plain or JSON; one line of JSON out."""

from collections.abc import Iterable, Iterator

import msgspec

from bot.understanding.reader import Reader
from bot.understanding.utterance import Place, Utterance


class _Line(msgspec.Struct):
    text: str
    where: str = "group"


class _Where(msgspec.Struct):
    building: str | None
    unit: str | None
    floor: str | None
    room: str | None
    spot: str | None


class _Reading(msgspec.Struct):
    intent: str
    confidence: float
    category: str | None
    urgency: str | None
    place: _Where
    command: str | None
    why: tuple[str, ...]


def lines(reader: Reader, source: Iterable[str]) -> Iterator[bytes]:
    """Reads `source` line by line as it comes; yields what was understood, each ended by a newline."""
    encoder = msgspec.json.Encoder()
    decoder = msgspec.json.Decoder(_Line)
    for line in source:
        said = _said(line, decoder)
        yield encoder.encode(_reading(reader.read(said.text, private=said.where == "private"))) + b"\n"


def _said(line: str, decoder: "msgspec.json.Decoder[_Line]") -> _Line:
    """A line that looks like JSON and is none is what somebody said."""
    if line.startswith("{"):
        try:
            return decoder.decode(line)
        except (msgspec.DecodeError, UnicodeEncodeError):
            pass
    return _Line(line)


def _reading(utterance: Utterance) -> _Reading:
    return _Reading(
        utterance.intent,
        round(utterance.confidence, 3),
        utterance.category,
        utterance.urgency,
        _where(utterance.place),
        utterance.command if utterance.intent != "chat" else None,
        utterance.why if utterance.intent != "chat" else (),
    )


def _where(place: Place) -> _Where:
    return _Where(place.building, place.unit, place.floor, place.room, place.spot)
