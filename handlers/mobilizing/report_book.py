"""The after-action report as a workbook: what it came to, minute by minute, at the marks, per hop, and what was done."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bot.turn import Scene
from handlers.mobilizing import hindsight
from handlers.mobilizing.hindsight import LONGEST, MINUTE, NEVER, Course, Terms
from storage import grids
from storage.grids import Grid
from storage.notices import Notice

Value = str | int | float | timedelta | None
Row = Sequence[Value]
BOLD = Font(bold=True)
WIDTH = 14
HOURS = "[h]:mm:ss"


def write(scene: Scene, notice: Notice, part: Grid | None, out: BinaryIO) -> int:
    """Write the report of this part of the tree (all of it without one); how many hops it has."""
    rows, of = hindsight.terms(scene.catalog), hindsight.course(scene, notice)
    top = part or grids.get(scene.session, notice.grid_id)
    hops = list(_hops(of, top, rows))
    book = Workbook(write_only=True)
    homes = of.asks_homes
    _sheet(book, rows, "overview", rows.heads["overview"], _overview(scene, of, top, rows))
    heads = rows.heads["homes" if homes else "minutes"]
    _sheet(book, rows, "minutes", heads, _home_minutes(scene, of, top) if homes else _minutes(scene, of, top))
    if not homes:
        _sheet(book, rows, "marks", rows.heads["marks"], _marks(of, top))
    _sheet(book, rows, "hops", rows.heads["hops_homes" if homes else "hops"], hops)
    _sheet(book, rows, "doings", rows.heads["doings"], _doings(scene, of, rows))
    past = list(_earlier(scene, of, top))
    if past:
        _sheet(book, rows, "earlier", rows.heads["earlier"], past)
    book.save(out)
    return len(hops)


def _sheet(book: Workbook, rows: Terms, name: str, heads: Row, lines: Iterator[Row] | Sequence[Row]) -> None:
    sheet = book.create_sheet(rows.sheets[name])
    sheet.freeze_panes = "A2"
    for at in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(at)].width = WIDTH
    head = [WriteOnlyCell(sheet, _printable(value)) for value in heads]
    for cell in head:
        cell.font = BOLD
    sheet.append(head)
    for line in lines:
        cells = [WriteOnlyCell(sheet, _printable(value)) for value in line]
        for cell, value in zip(cells, line, strict=True):
            if isinstance(value, str):
                cell.data_type = "s"  # a text stays a text, also one that begins with "="
            elif isinstance(value, timedelta):
                cell.number_format = HOURS
        sheet.append(cells)


def _printable(value: Value) -> str | int | float | None:
    if isinstance(value, timedelta):
        return value / timedelta(days=1)  # as sheets count time
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


def _overview(scene: Scene, of: Course, top: Grid, rows: Terms) -> Iterator[Row]:
    says, answers, notice = rows.rows, of.below(top.code), of.notice
    yield says["number"], notice.number
    kind = rows.kinds[notice.kind]
    yield says["title"], notice.topic if kind in notice.topic else notice.topic + kind
    yield says["drill"], says["yes" if notice.drill else "no"]
    yield says["grid"], top.name
    yield says["began"], _local(scene, of.began)
    yield says["ended"], None if of.going else _local(scene, of.now)
    yield says["lasted"], hindsight.in_words(rows.lasts, of.seconds)
    if of.asks_homes:
        done = of.homes_below(top.code)
        figures = {"homes": done.expected, "answered": done.answered, "need": done.need, "away": done.away}
        yield from ((says[name], many) for name, many in figures.items())
        yield says["missing"], done.missing
        if done.bare:
            yield says["bare"], done.bare
            yield says["bare_heard"], done.bare_heard
        return
    now = hindsight.tally(answers, of.seconds)
    for name in ("addressed", "acknowledged", "underway", "arrived", "silent", "declined"):
        yield says[name], getattr(now, name)
    if guests := of.guests(top.code).addressed:
        yield says["guests"], guests
    if lent := of.lent(top.code):
        yield says["lent"], lent
    for name in ("acknowledged", "arrived"):
        reached = hindsight.reached(answers, rows.goal, attrgetter(name))
        yield says[f"first_{name}"], hindsight.in_words(rows.lasts, reached.first) or None
        yield says[f"goal_{name}"], hindsight.in_words(rows.lasts, reached.goal) or None


def _minutes(scene: Scene, of: Course, top: Grid) -> Iterator[Row]:
    """One row a whole minute from the order on, for a day at most, and the end itself."""
    answers = of.below(top.code)
    last = min(LONGEST, int(of.seconds // MINUTE))
    moments = [minute * MINUTE for minute in range(last + 1)]
    if of.seconds > moments[-1]:
        moments.append(of.seconds)
    changes = sorted(
        {at for one in answers for at in (one.called, one.acknowledged, one.underway, one.arrived, one.declined)}
    )
    at, now = 0, None
    for seconds in moments:
        before = at
        while at < len(changes) and changes[at] <= seconds:
            at += 1
        if now is None or at > before:
            now = hindsight.tally(answers, seconds)
        moment = _local(scene, datetime.fromtimestamp(of.began.timestamp() + seconds, of.began.tzinfo))
        yield (
            round(seconds / MINUTE, 1), moment, now.addressed, now.acknowledged, now.underway, now.arrived, now.declined,
        )  # fmt: skip


def _home_minutes(scene: Scene, of: Course, top: Grid) -> Iterator[Row]:
    curve = hindsight.homes_curve(scene, of, top.code, of.seconds)
    for seconds, expected, answered in zip(curve.seconds, curve.expected, curve.acknowledged, strict=True):
        moment = _local(scene, datetime.fromtimestamp(of.began.timestamp() + seconds, of.began.tzinfo))
        yield round(seconds / MINUTE, 1), moment, expected, answered


def _marks(of: Course, top: Grid) -> Iterator[Row]:
    levels = hindsight.levels(of, top.code)
    every = [
        (top.name, hindsight.at_marks(of, of.below(top.code))),
        *((level.name, hindsight.at_marks(of, level.answers)) for level in levels),
    ]
    for name, marks in every:
        for mark in marks:
            now = mark.tally
            if now is not None:
                yield (
                    name, mark.minute, now.addressed, now.acknowledged, _percent(now.acknowledged, now.addressed),
                    now.arrived, _percent(now.arrived, now.addressed),
                )  # fmt: skip


def _hops(of: Course, top: Grid, rows: Terms) -> Iterator[Row]:
    """The slowest first, then those where nothing was slow, in the order of codes."""
    every = hindsight.all_hops(of)
    swift = [hop for hop in every if not hop.why and hop.grid.code.startswith(top.code)]
    for hop in (*hindsight.slowest(every, top.code), *swift):
        grid, now = hop.grid, hop.tally
        if of.asks_homes:
            done = of.homes[grid.id]
            if done.bare:
                no_table, unknown = rows.rows["no_table"], rows.rows["unknown"]
                yield grid.code, grid.name, grid.level, no_table, done.heard, unknown, done.need, done.away
                continue
            yield grid.code, grid.name, grid.level, done.expected, done.answered, done.missing, done.need, done.away
        else:
            yield (
                grid.code, grid.name, grid.level, now.addressed, now.acknowledged, now.arrived, now.silent, now.declined,
                hop.handed, _long(hop.first), _long(hop.heard), _long(hop.gathered), rows.why.get(hop.why, ""),
            )  # fmt: skip


def _doings(scene: Scene, of: Course, rows: Terms) -> Iterator[Row]:
    for one in of.doings:
        minute = round((one.at - of.began).total_seconds() / MINUTE, 1)
        yield _local(scene, one.at), minute, rows.doings[one.act], one.many


def _earlier(scene: Scene, of: Course, top: Grid) -> Iterator[Row]:
    for past in hindsight.compared(of, hindsight.before(scene, of), top.code):
        for mark in past.marks:
            now = mark.tally
            if now is not None and past.notice.released_at is not None:
                yield (
                    past.notice.number, _local(scene, past.notice.released_at), past.tally.addressed, mark.minute,
                    _percent(now.acknowledged, now.addressed), _percent(now.arrived, now.addressed),
                )  # fmt: skip


def _long(seconds: float) -> timedelta | None:
    """A length of time that a sheet can sort and show as hours, minutes and seconds; None for never."""
    return None if seconds == NEVER else timedelta(seconds=round(seconds))


def _percent(many: int, every: int) -> int | None:
    return min(100, many * 100 // every) if every else None


def _local(scene: Scene, moment: datetime) -> str:
    return f"{moment.astimezone(scene.settings.zone):%Y-%m-%d %H:%M:%S}"
