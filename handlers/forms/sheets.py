"""The sheet that a superior wants: filled from the filings by its own headers, whose meaning is remembered."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import msgspec
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet
from rapidfuzz import fuzz, process

from bot.catalog import Catalog
from bot.errors import SetupError
from handlers.forms import known, lint, reading, rules, showing
from handlers.forms.rules import Form
from storage import forms, grids, journal
from storage.forms import Filing
from storage.session import Session

HEADER_WITHIN = 15
"""Rows in which the header is looked for: titles and notes stand above it."""
ALIKE = 84
LONGEST = 32_767


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a sheet."""

    rows: int
    columns: Mapping[str, str]
    """Header to the label of what fills it."""
    unknown: tuple[str, ...]
    """Headers that nobody could place."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open workbook and where its header is."""

    book: Workbook
    page: Worksheet
    header: int
    names: Mapping[str, int]
    """Header to column."""


def fill(
    session: Session,
    catalog: Catalog,
    code: str,
    now: datetime,
    zone: ZoneInfo,
    out: BinaryIO,
    *,
    sheet: Path | None = None,
    named: Mapping[str, str] | None = None,
    grid: str = "",
    full: str = "",
) -> Filled:
    """Write the kept filings of one form below `grid` into `out`, with the header of `sheet`.

    `named` says what a header means and is remembered for sheets with the same headers. What is guarded is hidden
    unless `full` gives a reason, which is journalled. SetupError says what to mend.
    """
    form = lint.offered(catalog).get(code)
    if form is None:
        raise _fault(catalog, "no_form", form=code, forms="、".join(lint.offered(catalog)))
    top = grids.by_code(session, grid) if grid else grids.root(session)
    if top is None:
        raise _fault(catalog, "no_grid", grid=grid)
    opened = _open(catalog, sheet) if sheet else _fresh(form)
    sources = _sources(session, catalog, code, form, opened, named or {}, now)
    found = forms.below(session, [top.code], code)
    roles = None if full else frozenset[str]()
    for at, row in enumerate(found, 1):
        values = _values(session, catalog, form, row, at, zone, roles, now.astimezone(zone).date())
        for header, source in sources.items():
            _write(opened, opened.header + at, opened.names[header], values.get(source, ""))
    opened.book.save(out)
    detail = f"{code} {len(found)}"
    journal.note(session, now, "form_export", grid_id=top.id, why=full or "masked", detail=detail)
    labels = {**{source: source for source in rules.words(catalog).sheet}, **{q.id: q.label for q in form.questions}}
    unknown = tuple(header for header in opened.names if header not in sources)
    return Filled(len(found), {header: labels[source] for header, source in sources.items()}, unknown)


def _fault(catalog: Catalog, code: str, **values: object) -> SetupError:
    """What cannot be, and what to do, in the words of forms.toml."""
    return SetupError(rules.words(catalog).sheet_faults[code].format(**values))


def _open(catalog: Catalog, sheet: Path) -> Sheet:
    """The workbook; the header is the row with the most filled cells among the first, the earliest of equals."""
    try:
        book = load_workbook(sheet)
    except Exception as fault:  # openpyxl raises whatever the damage leads to
        raise _fault(catalog, "missing" if not sheet.exists() else "no_workbook", file=sheet) from fault
    page = book.worksheets[0]
    rows = [list(row) for row in page.iter_rows(min_row=1, max_row=HEADER_WITHIN)]
    if not rows:
        raise _fault(catalog, "empty", file=sheet)
    filled = [{str(cell.value).strip(): int(cell.column or 0) for cell in row if _is_name(cell.value)} for row in rows]
    header = max(range(len(filled)), key=lambda at: (len(filled[at]), -at))
    if not filled[header]:
        raise _fault(catalog, "no_header", file=sheet, rows=HEADER_WITHIN)
    return Sheet(book, page, header + 1, filled[header])


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _fresh(form: Form) -> Sheet:
    """A sheet of the form's own labels."""
    book = Workbook()
    page = book.worksheets[0]
    labels = [question.label for question in form.questions]
    page.append(labels)
    return Sheet(book, page, 1, {label: at for at, label in enumerate(labels, 1)})


def _sources(
    session: Session, catalog: Catalog, code: str, form: Form, opened: Sheet, named: Mapping[str, str], now: datetime
) -> dict[str, str]:
    """What fills each header: as was said now, else before, else by its name."""
    fingerprint = hashlib.sha256("\n".join(sorted(opened.names)).encode()).hexdigest()[:24]
    key = f"{code}|{fingerprint}"
    remembered = msgspec.json.decode(forms.columns_of(session, key), type=dict[str, str])
    own = rules.words(catalog).sheet
    known_sources = {*own, *form.by_id}
    for header, source in named.items():
        if header not in opened.names:
            raise _fault(catalog, "no_column", header=header, headers="、".join(opened.names))
        if source not in known_sources:
            labels = "、".join(f"{question.label}（{question.id}）" for question in form.questions)
            raise _fault(catalog, "no_answer", source=source, header=header, answers=labels)
    names = {name: source for source, spoken in own.items() for name in spoken}
    names |= {name: question.id for question in form.questions for name in (question.label, *question.columns)}
    sources = {header: source for header in opened.names if (source := _guess(header, names))}
    sources |= {header: source for header, source in remembered.items() if header in opened.names}
    sources |= named
    sources = {header: source for header, source in sources.items() if source in known_sources}
    forms.remember_columns(session, key, msgspec.json.encode(sources).decode(), now)
    return sources


def _guess(header: str, names: Mapping[str, str]) -> str:
    if header in names:
        return names[header]
    close = process.extractOne(header, list(names), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return names[close[0]] if close else ""


def _values(
    session: Session,
    catalog: Catalog,
    form: Form,
    row: Filing,
    at: int,
    zone: ZoneInfo,
    roles: frozenset[str] | None,
    today: date,
) -> dict[str, str]:
    where = grids.get(session, row.grid_id) if row.grid_id is not None else None
    answers = known.answers_of(row)
    values = {
        "order": str(at),
        "number": str(row.number),
        "grid": where.name if where else "",
        "grid_code": where.code if where else "",
        "building": row.building,
        "unit": row.unit,
        "room": row.room,
        "kept_at": _day(row.kept_at, zone),
        "kept_until": _day(row.kept_until, zone),
    }
    for question in rules.asked_of(form, answers):
        value = answers.get(question.id, "")
        if value == reading.FOR_GOOD:
            values[question.id] = rules.words(catalog).shown["for_good_sheet"]
            continue
        values[question.id] = showing.for_roles(catalog, question, value, roles, today) if value else ""
    return values


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat() if moment else ""


def _write(opened: Sheet, row: int, column: int, value: str) -> None:
    """A text, in the look of the first row below the header; never a formula."""
    cell = opened.page.cell(row, column)
    if not isinstance(cell, Cell):
        return  # the inside of a merged range
    like = opened.page.cell(opened.header + 1, column)
    if row != opened.header + 1 and like.has_style:
        cell._style = copy(like._style)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
    cell.data_type = "s"


def checked_out(catalog: Catalog, out: Path) -> Path:
    """The file to write, where it can be written; SetupError says what to mend."""
    if out.is_dir():
        raise _fault(catalog, "out_is_folder", file=out)
    if not out.parent.is_dir():
        raise _fault(catalog, "no_folder", folder=out.parent)
    if not os.access(out.parent, os.W_OK):
        raise _fault(catalog, "not_writable", folder=out.parent)
    return out


def parse_columns(catalog: Catalog, pairs: Sequence[str]) -> dict[str, str]:
    """ "现住址=door" as header and source; SetupError where it is none."""
    found: dict[str, str] = {}
    for pair in pairs:
        header, sign, source = pair.rpartition("=")
        if not sign or not header.strip() or not source.strip():
            raise _fault(catalog, "no_pair", pair=pair)
        found[header.strip()] = source.strip()
    return found
