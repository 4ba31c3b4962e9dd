"""The organization workbook: an xlsx file as lines of typed cells, and back; what it may hold is workbook.toml.

Its library takes 8 MB; what runs all day loads this module only where somebody brings or fetches a workbook.
"""

import csv
import io
import re
import unicodedata
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, LargeZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from bot.catalog import Catalog
from handlers.people.faults import Faults, Where
from handlers.people.layout import ColumnLayout, Layout, SheetLayout, layout
from handlers.people.line import Line, Value

MOST_BYTES = 50_000_000
MOST_UNPACKED_BYTES = 250_000_000
MOST_PARTS = 2000
MOST_COLUMNS = 200
MOST_NUMBER = 1_000_000_000
EXACT_BELOW = 10**15
"""Excel keeps fifteen digits of a number and turns the rest into zeros."""
MOST_IN_LIST, LAST_OFFERED = 250, 10_000
"""Excel refuses a list to choose from that is longer than 255 letters."""
MOST_REPEATS = 20
"""A merged area in a sheet is named this often; the mend is the same for all."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DAMAGE = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, TypeError),
    *(ValueError, BadZipFile, LargeZipFile, ParseError, zlib.error, InvalidFileException),
)
"""What the libraries below raise at files that are not what they claim."""
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]{0,200}?ref="([A-Z0-9:]{1,40})"')
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
BREAK = re.compile("[\t\r\n\u2028\u2029]+")
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def read(source: Path | bytes, catalog: Catalog, faults: Faults, shape: Layout | None = None) -> dict[str, list[Line]]:
    """The lines of every sheet by the sheet's code; what is wrong with file, sheets and cells goes to `faults`."""
    shape = shape or layout(catalog)
    raw = _bytes_of(source, faults)
    if raw is None:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # decorations that openpyxl does not know are no concern of ours
        try:
            with ZipFile(io.BytesIO(raw)) as archive:
                if not _fits(archive, faults):
                    return {}
                book = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
        except DAMAGE:
            faults.add("file/damaged", Where())
            return {}
        sheets = {str(sheet.title).strip(): sheet for sheet in book.worksheets}
        reader = _Reader(shape, {role.code: role.name for role in catalog.roles.values()}, faults, raw)
        return {part.code: list(reader.lines(part, sheets.get(part.name))) for part in shape.sheet}


def write(
    path: Path, catalog: Catalog, rows: Mapping[str, Iterable[Mapping[str, Value]]], shape: Layout | None = None
) -> None:
    """Write a workbook: values by sheet code and column code; nothing in it can run as a formula."""
    shape = shape or layout(catalog)
    book = Workbook(write_only=True)
    _write_guide(book, shape)
    for part in shape.sheet:
        sheet: Any = book.create_sheet(part.name)
        sheet.freeze_panes = "A2"
        for at, column in enumerate(part.column, 1):
            _prepare_column(sheet, column, get_column_letter(at), shape, catalog)
        sheet.append([_heading(sheet, column.name) for column in part.column])
        style = _text_style(sheet)
        for row in rows.get(part.code, ()):
            sheet.append([_cell(sheet, row.get(column.code), style) for column in part.column])
    book.save(path)


def of_commas(words: str, sheet: str) -> bytes:
    """A file of commas as a workbook with one sheet, row by row, so that its faults are named the same way."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    for row in csv.reader(io.StringIO(words)):
        page.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@dataclass(slots=True)
class _Reader:
    """Turns the cells of a sheet into lines."""

    shape: Layout
    roles: Mapping[str, str]
    faults: Faults
    raw: bytes
    words: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def lines(self, part: SheetLayout, sheet: Any) -> Iterator[Line]:
        """Every row that is not empty."""
        if sheet is None:
            columns = " ".join(column.name for column in part.column)
            self.faults.add("sheet/missing", Where(part.name), sheet=part.name, columns=columns)
            return
        row = 0
        try:
            sheet.reset_dimensions()
            self._name_merged(part, sheet)
            rows = enumerate(sheet.iter_rows(), 1)
            row, header = next(rows, (1, ()))
            columns = self._columns(part, header)
            places = {column.code: f"{get_column_letter(at + 1)} {column.name}" for at, column in columns}
            self.words = {column.code: self.shape.words(column, self.roles) for column in part.column}
            told = 0
            for row, cells in rows:
                filled = [(at, cell) for at, cell in enumerate(cells) if cell.value is not None]
                if not filled:
                    continue
                told += 1
                if told > self.shape.most_rows:
                    self.faults.add("sheet/too_many_rows", Where(part.name, row), sheet=part.name, most=told - 1)
                    return
                line = self._line(part, row, columns, cells, places)
                if line is not None:
                    yield line
        except DAMAGE:
            self.faults.add("sheet/damaged", Where(part.name, row), sheet=part.name, row=row)

    def _line(
        self,
        part: SheetLayout,
        row: int,
        columns: Sequence[tuple[int, ColumnLayout]],
        cells: Sequence[Any],
        places: Mapping[str, str],
    ) -> Line | None:
        """The row, or None when it says nothing in the columns that count."""
        values: dict[str, Value] = {}
        blank = list[ColumnLayout]()
        for at, column in columns:
            cell = cells[at] if at < len(cells) else EMPTY_CELL
            held = cell.value
            if isinstance(held, str):
                held = _clean(held)
            if held is None or held == "":
                blank.append(column)
                continue
            where = Where(part.name, row, places[column.code])
            values[column.code] = self._value(column, held, cell.data_type, where)
        if not values:
            return None
        for column in blank:
            if column.needed:
                self.faults.add("cell/needed", Where(part.name, row, places[column.code]), column=column.name)
            elif column.default:
                values[column.code] = int(column.default) if column.kind == "number" else column.default
        return Line(part.name, row, values, places)

    def _value(self, column: ColumnLayout, held: object, kind: str, where: Where) -> Value:
        """The cell as its column wants it; None, and a fault, when it cannot be."""
        if kind == "f":
            self.faults.add("cell/formula", where)
        elif kind == "e":
            self.faults.add("cell/error", where, value=held)
        elif isinstance(held, str) and len(held) > self.shape.most_letters:
            self.faults.add("cell/too_long", where, letters=len(held), most=self.shape.most_letters)
        elif column.kind == "number":
            return self._number(column, held, where)
        elif column.kind == "date":
            return self._day(held, where)
        elif column.kind in ("choice", "role"):
            return self._choice(column, held, where)
        else:
            return self._text(column, held, where)
        return None

    def _number(self, column: ColumnLayout, held: object, where: Where) -> int | None:
        if isinstance(held, str) and re.fullmatch(r"-?\d{1,18}", plain := unicodedata.normalize("NFKC", held)):
            held = int(plain)
        if isinstance(held, float) and held.is_integer():
            held = int(held)
        if not isinstance(held, int) or isinstance(held, bool):
            self.faults.add("cell/number", where, value=held)
        elif held < column.least:
            self.faults.add("cell/too_small", where, value=held, least=column.least)
        elif held > MOST_NUMBER:
            self.faults.add("cell/too_big", where, value=held)
        else:
            return held
        return None

    def _day(self, held: object, where: Where) -> date | None:
        if isinstance(held, datetime):
            return held.date()
        if isinstance(held, date):
            return held
        parts = DAY.fullmatch(unicodedata.normalize("NFKC", held)) if isinstance(held, str) else None
        try:
            if parts:
                return date(int(parts[1]), int(parts[2]), int(parts[3]))
        except ValueError:
            pass
        self.faults.add("cell/date", where, value=held)
        return None

    def _choice(self, column: ColumnLayout, held: object, where: Where) -> str | None:
        words = self.words[column.code]
        code = words.get(str(held))
        if code is None:
            names = self.roles.values() if column.kind == "role" else _first_words(self.shape, column)
            asked = "cell/role" if column.kind == "role" else "cell/choice"
            self.faults.add(asked, where, value=held, choices="、".join(names))
        return code

    def _text(self, column: ColumnLayout, held: object, where: Where) -> str | None:
        if isinstance(held, float) and held.is_integer():
            held = int(held)
        if isinstance(held, int) and not isinstance(held, bool):
            if abs(held) < EXACT_BELOW:
                return str(held)
            self.faults.add("cell/rounded", where)
            return None
        if not isinstance(held, str):
            self.faults.add("cell/text", where, value=held)
            return None
        return unicodedata.normalize("NFKC", held) if column.kind == "code" else held

    def _columns(self, part: SheetLayout, header: Sequence[Any]) -> list[tuple[int, ColumnLayout]]:
        """Where each known column stands; what is missing, twice or unknown is said."""
        known = {column.name: column for column in part.column}
        found: dict[str, int] = {}
        for at, cell in enumerate(header[:MOST_COLUMNS]):
            name = "" if cell.value is None else _clean(str(cell.value))
            where = Where(part.name, 1, f"{get_column_letter(at + 1)} {name[:20]}")
            if name in found:
                self.faults.add("column/twice", where, column=name)
            elif name in known:
                found[name] = at
            elif name:
                self.faults.warn("column/unknown", where, column=name)
        for name in known:
            if name not in found:
                self.faults.add("column/missing", Where(part.name, 1, name), sheet=part.name, column=name)
        return [(found[column.name], column) for column in part.column if column.name in found]

    def _name_merged(self, part: SheetLayout, sheet: Any) -> None:
        """Merged cells: the reading that is fast does not see them, so the part of the file is searched for them."""
        named = 0
        with ZipFile(io.BytesIO(self.raw)) as archive, archive.open(str(sheet._worksheet_path)) as stream:
            rest = b""
            while (chunk := stream.read(1 << 20)) and named < MOST_REPEATS:
                window = rest + chunk
                for found in MERGED.finditer(window):
                    area = found[1].decode()
                    top = re.search(r"\d+", area)
                    where = Where(part.name, int(top[0]) if top else 0, area.rstrip("0123456789"))
                    self.faults.add("sheet/merged", where, range=area)
                    named += 1
                last = window.rfind(b"<")
                rest = window[last:] if last >= 0 and b">" not in window[last:] else b""


def _bytes_of(source: Path | bytes, faults: Faults) -> bytes | None:
    """The whole file, if it can be a workbook at all."""
    if isinstance(source, Path):
        try:
            size = source.stat().st_size
            raw = source.read_bytes() if size <= MOST_BYTES else b""
        except OSError:
            faults.add("file/missing", Where(), file=source)
            return None
    else:
        size, raw = len(source), source
    if size > MOST_BYTES:
        faults.add("file/too_large", Where(), size=size // 1_000_000, most=MOST_BYTES // 1_000_000)
    elif raw.startswith(OLE):
        faults.add("file/encrypted" if ENCRYPTED in raw else "file/old_format", Where())
    elif not raw.startswith(ZIP):
        faults.add("file/not_xlsx", Where())
    else:
        return raw
    return None


def _fits(archive: ZipFile, faults: Faults) -> bool:
    """Whether unpacking it is safe; the sizes in the directory are what the unpacking stops at."""
    parts = archive.infolist()
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        faults.add("file/not_xlsx", Where())
        return False
    if any(part.flag_bits & 1 for part in parts):
        faults.add("file/encrypted", Where())
        return False
    unpacked = sum(part.file_size for part in parts)
    if unpacked <= MOST_UNPACKED_BYTES and len(parts) <= MOST_PARTS:
        return True
    faults.add("file/bomb", Where(), size=unpacked // 1_000_000, most=MOST_UNPACKED_BYTES // 1_000_000)
    return False


def _clean(words: str) -> str:
    """Without what nobody sees: zero-width and direction marks, control characters, blanks at the ends."""
    return UNSEEN.sub("", BREAK.sub(" ", words)).strip() if UNSEEN.search(words) else words.strip()


def _write_guide(book: Workbook, shape: Layout) -> None:
    sheet: Any = book.create_sheet(shape.guide.sheet)
    for letter, width in (("A", 16), ("B", 14), ("C", 90)):
        sheet.column_dimensions[letter].width = width
    for line in shape.guide.lines:
        sheet.append([line])
    for part in shape.sheet:
        sheet.append([])
        for column in part.column:
            sheet.append([part.name, _heading(sheet, column.name), column.hint])


def _prepare_column(sheet: Any, column: ColumnLayout, letter: str, shape: Layout, catalog: Catalog) -> None:
    """Wide enough, codes kept as text also in rows to come, and a list to choose from where there is one."""
    sheet.column_dimensions[letter].width = column.width
    if column.kind in ("text", "code"):
        sheet.column_dimensions[letter].number_format = "@"
    words = [role.name for role in catalog.roles.values()] if column.kind == "role" else _first_words(shape, column)
    choices = ",".join(words)
    if words and len(choices) <= MOST_IN_LIST:
        where = f"{letter}2:{letter}{LAST_OFFERED}"
        offered: Any = DataValidation("list", formula1=f'"{choices}"', allow_blank=True, sqref=where)
        sheet.data_validations.append(offered)


def _first_words(shape: Layout, column: ColumnLayout) -> list[str]:
    return [words[0] for words in shape.choices.get(column.choices, {}).values()]


def _heading(sheet: Any, words: str) -> Any:
    cell: Any = WriteOnlyCell(sheet, value=words)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(horizontal="center")
    return cell


def _text_style(sheet: Any) -> Any:
    """The style of words: text, whatever they look like, also after somebody has edited the cell."""
    cell: Any = WriteOnlyCell(sheet, value="")
    cell.number_format = "@"
    cell.quotePrefix = True
    return cell._style


def _cell(sheet: Any, value: Value, style: Any) -> Any:
    words = _clean(value) if isinstance(value, str) else value
    if words == "":
        return None
    if not isinstance(words, str):
        return words
    cell: Any = WriteOnlyCell(sheet, value=words)
    cell.data_type = "s"
    cell._style = style
    return cell
