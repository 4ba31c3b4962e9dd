"""Sheets of place codes for a printer: six to a page of A4 in large type, as SVG, as a page for a browser, or as PDF."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from bot.render import public_place
from handlers.people.codes import Printed, Sheet
from storage.grids import Grid

WIDTH, HEIGHT = 210, 297
"""A4, in millimetres."""
LEFT, TOP = 10, 24
CARD_WIDTH, CARD_HEIGHT = 95, 87
COLUMNS, ROWS = 2, 3
EACH = COLUMNS * ROWS
SQUARE = 52
"""The side of the square with its quiet zone, in millimetres: readable from an arm's length."""
MARGIN = 2
"""Millimetres of white around a square that somebody else has drawn, which has a quiet zone of its own."""
QUIET = 4
"""Modules of white around it, as ISO/IEC 18004 wants them."""
POINTS = 72 / 25.4
SONG = "STSong-Light"
"""A Chinese font that every reader of PDF brings: none has to be shipped or installed."""
LETTERS = "Courier-Bold"
NONE: Mapping[int, str] = {}
PICTURES = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"))
"""How pictures of each kind begin."""


@dataclass(frozen=True, slots=True)
class Run:
    """Dark modules side by side."""

    x: int
    y: int
    long: int


@dataclass(frozen=True, slots=True)
class Card:
    """One code on a page: where it hangs, what it says, and its square."""

    x: float
    y: float
    title: str
    code: str
    how: tuple[str, ...]
    modules: int
    runs: tuple[Run, ...]
    picture: bytes = b""
    """The square as somebody else has drawn it; nothing where ours is to be drawn."""

    @property
    def drawn(self) -> str:
        """That picture as an address that holds it."""
        kind = next((kind for head, kind in PICTURES if self.picture.startswith(head)), "png")
        return f"data:image/{kind};base64,{b64encode(self.picture).decode()}"

    @property
    def title_size(self) -> float:
        """Millimetres: large, but within the card."""
        return min(9.0, (CARD_WIDTH - 8) / max(1, _ems(self.title)))


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of paper."""

    grid: str
    foot: str
    cards: tuple[Card, ...]


def pages(
    says: Sheet, sheets: Iterable[tuple[Grid, Sequence[Printed]]], link: str, squares: Mapping[int, str] = NONE
) -> list[Page]:
    """The pages of each grid; `link` is the address a square leads to, with {code}, or nothing. `squares` are those of
    an official account, by the codes' ids: they take the place of ours.
    """
    return [page for grid, printed in sheets for page in _of_grid(says, grid, printed, link, squares)]


def joins(says: Sheet, title: str, squares: Sequence[tuple[Grid, bytes]]) -> list[Page]:
    """Pages of the squares by which neighbours join the customer groups of these grids."""
    cards = [_to_join(says, grid, picture, at % EACH) for at, (grid, picture) in enumerate(squares)]
    return list(_laid_out(says, title, cards))


def _of_grid(
    says: Sheet, grid: Grid, printed: Sequence[Printed], link: str, squares: Mapping[int, str]
) -> Iterator[Page]:
    cards = [_card(says, one, at % EACH, link, squares.get(one.place.id, "")) for at, one in enumerate(printed)]
    return _laid_out(says, grid.name, cards)


def _laid_out(says: Sheet, title: str, cards: Sequence[Card]) -> Iterator[Page]:
    many = -(-len(cards) // EACH)
    for number in range(many):
        some = tuple(cards[number * EACH : (number + 1) * EACH])
        yield Page(title, says.page.format(page=number + 1, pages=many), some)


def _card(says: Sheet, one: Printed, at: int, link: str, followed: str) -> Card:
    row, column = divmod(at, COLUMNS)
    place = public_place(one.place)
    form = says.room if one.place.room else says.whole_unit if one.place.unit else says.whole_building
    modules, runs = _square(followed or (link.format(code=one.text) if link else says.scanned.format(code=one.text)))
    return Card(
        x=LEFT + column * CARD_WIDTH,
        y=TOP + row * CARD_HEIGHT,
        title=form.format(place=place, room=one.place.room),
        code=one.text,
        how=tuple(line.format(code=one.text) for line in (says.how_followed if followed else says.how)),
        modules=modules,
        runs=runs,
    )


def _to_join(says: Sheet, grid: Grid, picture: bytes, at: int) -> Card:
    row, column = divmod(at, COLUMNS)
    return Card(
        x=LEFT + column * CARD_WIDTH,
        y=TOP + row * CARD_HEIGHT,
        title=says.group.format(grid=grid.name),
        code="",
        how=says.how_joined,
        modules=1,
        runs=(),
        picture=picture,
    )


def _square(content: str) -> tuple[int, tuple[Run, ...]]:
    """How many modules wide, quiet zone included, and where the dark ones are."""
    code = segno.make_qr(content, error="m")
    runs: list[Run] = []
    for y, row in enumerate(code.matrix_iter(border=QUIET)):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append(Run(start, y, x - start))
                start = None
    return int(code.symbol_size(border=QUIET)[0]), tuple(runs)


def svg(page: Page, templates: Path) -> str:
    """One page as a drawing."""
    return _environment(templates).get_template("codes.svg").render(page=page, **_measures())


def html(all_of: Sequence[Page], templates: Path) -> str:
    """All pages for a browser, which prints one on each sheet of paper."""
    return _environment(templates).get_template("codes.html").render(pages=all_of, **_measures())


def pdf(all_of: Sequence[Page]) -> bytes:
    """All pages as one file."""
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))  # pyright: ignore[reportUnknownMemberType]
    drawn = BytesIO()
    canvas = Canvas(drawn, pagesize=(WIDTH * POINTS, HEIGHT * POINTS), invariant=1)
    for page in all_of:
        _draw(canvas, page)
        canvas.showPage()
    canvas.save()
    return drawn.getvalue()


def _draw(canvas: Canvas, page: Page) -> None:
    canvas.scale(POINTS, POINTS)
    _write(canvas, SONG, 7, WIDTH / 2, 17, page.grid)
    _write(canvas, SONG, 4, WIDTH / 2, HEIGHT - 5, page.foot)
    for card in page.cards:
        middle, module = card.x + CARD_WIDTH / 2, SQUARE / card.modules
        canvas.setLineWidth(0.2)
        canvas.setDash(1.5, 1.5)
        canvas.rect(card.x, HEIGHT - card.y - CARD_HEIGHT, CARD_WIDTH, CARD_HEIGHT)
        _write(canvas, SONG, card.title_size, middle, card.y + 11, card.title)
        if card.picture:
            side = SQUARE - 2 * MARGIN
            below = HEIGHT - card.y - 12 - MARGIN - side
            canvas.drawImage(ImageReader(BytesIO(card.picture)), middle - side / 2, below, side, side)  # pyright: ignore[reportUnknownMemberType]
        for run in card.runs:
            left, top = middle - SQUARE / 2 + run.x * module, card.y + 12 + run.y * module
            canvas.rect(left, HEIGHT - top - module, run.long * module, module, stroke=0, fill=1)
        _write(canvas, LETTERS, 9, middle, card.y + 71, card.code)
        for at, line in enumerate(card.how):
            _write(canvas, SONG, 4.2, middle, card.y + 78 + at * 6, line)


def _write(canvas: Canvas, font: str, size: float, x: float, y: float, words: str) -> None:
    canvas.setFont(font, size)
    canvas.drawCentredString(x, HEIGHT - y, words)


def _ems(words: str) -> float:
    return sum(1.0 if ord(letter) > 0x2E7F else 0.55 for letter in words)


def _environment(templates: Path) -> Environment:
    return Environment(loader=FileSystemLoader(templates / "pages"), autoescape=True, undefined=StrictUndefined)


def _measures() -> dict[str, float]:
    return {
        "width": WIDTH, "height": HEIGHT, "card_width": CARD_WIDTH, "card_height": CARD_HEIGHT, "square": SQUARE,
        "margin": MARGIN,
    }  # fmt: skip
