"""Matters for other programs and for the table calculator: one row each, as JSON lines, CSV or a workbook."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO, Literal
from zoneinfo import ZoneInfo

import msgspec

from storage import ledger
from storage.ledger import Line
from storage.session import Session

Format = Literal["jsonl", "csv", "xlsx"]
Value = str | int | None
COLUMNS = (
    "number",
    "kind",
    "category",
    "urgency",
    "state",
    "grid_code",
    "place",
    "text",
    "opened_at",
    "owner",
    "deadline",
    "closed_at",
    "rating",
    "followers",
)
"""Other programs rely on these names and their order."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_767


def write(session: Session, out: BinaryIO, kind: Format, zone: ZoneInfo, place: Callable[[object], str]) -> int:
    """Write every matter to `out`, its times in `zone` and its place in the words of `place`; how many there were."""
    lines = (_values(line, zone, place) for line in ledger.lines(session))
    return WRITERS[kind](lines, out)


def _values(line: Line, zone: ZoneInfo, place: Callable[[object], str]) -> Sequence[Value]:
    return (
        line.number,
        line.kind,
        line.category,
        line.urgency,
        line.state,
        line.grid_code,
        place(line) or None,
        line.text,
        _local(line.opened_at, zone),
        line.owner,
        _local(line.deadline, zone),
        _local(line.closed_at, zone),
        line.rating or None,
        line.followers,
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def _jsonl(lines: Iterator[Sequence[Value]], out: BinaryIO) -> int:
    encoder, count = msgspec.json.Encoder(), 0
    for count, line in enumerate(lines, 1):  # noqa: B007 - counted
        out.write(encoder.encode(dict(zip(COLUMNS, line, strict=True))) + b"\n")
    return count


def _csv(lines: Iterator[Sequence[Value]], out: BinaryIO) -> int:
    """With the mark by which Excel knows UTF-8."""
    count = 0
    letters = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(letters)
    writer.writerow(COLUMNS)
    for count, line in enumerate(lines, 1):  # noqa: B007 - counted
        writer.writerow([_harmless(value) for value in line])
    letters.detach()
    return count


def _xlsx(lines: Iterator[Sequence[Value]], out: BinaryIO) -> int:
    from openpyxl import Workbook  # takes 8 MB; loaded only where a workbook is written
    from openpyxl.cell import Cell, WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    count = 0
    book = Workbook(write_only=True)
    sheet = book.create_sheet("matters")
    sheet.append(COLUMNS)
    for count, line in enumerate(lines, 1):  # noqa: B007 - counted
        cells: list[Cell] = []
        for value in line:
            printable = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL] if isinstance(value, str) else value
            cell = WriteOnlyCell(sheet, printable)
            if isinstance(value, str):
                cell.data_type = "s"  # a text stays a text, also one that begins with "="
            cells.append(cell)
        sheet.append(cells)
    book.save(out)
    return count


def _harmless(value: Value) -> Value:
    """What a table calculator would take for a formula becomes a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(STARTS_A_FORMULA) else value


WRITERS: dict[Format, Callable[[Iterator[Sequence[Value]], BinaryIO], int]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "xlsx": _xlsx,
}
