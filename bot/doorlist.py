"""The doors that a notice has not reached, for a printer: a box to tick for each, in the order in which one walks."""

from collections.abc import Iterator, Sequence
from io import BytesIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from bot.sheet import HEIGHT, POINTS, SONG, WIDTH
from handlers.notices.doors import OfGrid
from handlers.notices.terms import DoorTexts
from storage.notices import Notice
from storage.people import Household

LEFT, TOP, BOTTOM, LINE = 14.0, 18.0, 284.0, 11.0
COLUMNS, COLUMN = 3, 61.0
"""Doors beside each other, and how wide each is, in millimetres."""
BOX, LARGE, PLAIN, SMALL = 5.0, 6.4, 5.2, 3.8


def pdf(notice: Notice, listed: Sequence[OfGrid], says: DoorTexts, made: str) -> bytes:
    """All doors as one file; every grid begins a page of its own."""
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))  # pyright: ignore[reportUnknownMemberType]
    held = BytesIO()
    canvas = Canvas(held, pagesize=(WIDTH * POINTS, HEIGHT * POINTS), invariant=1)
    title = says.title.format(number=notice.number, topic=notice.topic)
    pages = list(_pages(listed)) or [(says.nobody, [])]
    for at, (head, lines) in enumerate(pages):
        canvas.scale(POINTS, POINTS)
        _write(canvas, LEFT, TOP, LARGE, head)
        _write(canvas, LEFT, TOP + 8, SMALL, title)
        _write(canvas, LEFT, HEIGHT - 7, SMALL, says.foot.format(made=made, page=at + 1, pages=len(pages)))
        for row, doors in enumerate(lines):
            for column, door in enumerate(doors):
                x, y = LEFT + column * COLUMN, TOP + 20 + row * LINE
                canvas.setLineWidth(0.3)
                canvas.rect(x, HEIGHT - y, BOX, BOX)
                _write(canvas, x + BOX + 3, y - 0.6, PLAIN, named(door, says))
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def text(notice: Notice, listed: Sequence[OfGrid], says: DoorTexts) -> str:
    """The same, one door a line."""
    lines = [says.title.format(number=notice.number, topic=notice.topic)]
    for grid, rows in listed:
        lines += ["", grid.name, *(named(door, says) for door in rows)]
    return "\n".join(lines if listed else [*lines, says.nobody]) + "\n"


def named(door: Household, says: DoorTexts) -> str:
    """3栋1单元101."""
    unit = says.unit.format(unit=door.unit) if door.unit else ""
    return says.building.format(building=door.building) + unit + door.room


def _pages(listed: Sequence[OfGrid]) -> Iterator[tuple[str, list[Sequence[Household]]]]:
    """(heading, lines of doors side by side): doors go on from left to right, line by line."""
    most = int((BOTTOM - TOP - 20) / LINE) * COLUMNS
    for grid, rows in listed:
        for start in range(0, len(rows), most):
            part = rows[start : start + most]
            yield grid.name, [part[at : at + COLUMNS] for at in range(0, len(part), COLUMNS)]


def _write(canvas: Canvas, x: float, y: float, size: float, words: str) -> None:
    canvas.setFont(SONG, size)
    canvas.drawString(x, HEIGHT - y, words)
