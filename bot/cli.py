"""The commands: each opens what it needs, does one thing and says what became of it."""

import asyncio
import logging
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import msgspec
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.catalog import Catalog
from bot.errors import CatalogError, SendError, SetupError
from bot.render import door
from bot.settings import Settings
from bot.turn import Scene
from bot.understanding import Reader, stream
from handlers.desk import export
from handlers.forms import lint as form_lint
from handlers.forms import sheets
from handlers.forms import titles as form_titles
from handlers.kit import paper as kits
from handlers.mobilizing import plans, report_book
from handlers.notices import doors as notice_doors
from handlers.notices import terms as notice_terms
from handlers.people import codes as place_codes
from handlers.people import organization
from handlers.people.faults import Fault
from handlers.wishes import ledgers as ledger_books
from storage import grids, notices, schema, tags
from storage.database import Database

if TYPE_CHECKING:
    from bot.sheet import Page

NAMED = 10
"""So many names are listed."""
MISTAKE = 2
"""How the program ends when it cannot do what was asked as it is set up."""

SheetFile = Annotated[
    Path, typer.Argument(help="Where to: a page for a browser unless --svg, --pdf or the name says else.")
]
GridAbove = Annotated[str, typer.Option(help="The code of a micro-grid, or of a grid above it.")]
AsDrawings = Annotated[
    bool, typer.Option("--svg", help="A drawing a page; several pages become OUT-1.svg, OUT-2.svg ...")
]
AsOneFile = Annotated[bool, typer.Option("--pdf", help="One file.")]


def _group(says: str) -> typer.Typer:
    return typer.Typer(help=says, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


program = _group("Xiaoge 小格: a chat bot for micro-grid groups.")
org = _group("The organization, in and out as a workbook.")
matters = _group("The matters.")
program.add_typer(org, name="org")
program.add_typer(matters, name="matters")
ledgers = _group("The three lists 三张清单: needs, resources, services.")
program.add_typer(ledgers, name="ledgers")
forms = _group("What people filed 报备.")
program.add_typer(forms, name="forms")
codes = _group("The codes on buildings and doors 一码扫楼.")
program.add_typer(codes, name="codes")
announcements = _group("Notices 通知.")
program.add_typer(announcements, name="notices")
platforms = _group("The platforms 平台.")
program.add_typer(platforms, name="channels")
paper = _group("The kit for the day the channels fail 应急兜底包.")
program.add_typer(paper, name="kit")

Workbook = Annotated[Path, typer.Argument(help="A workbook (xlsx).")]


class _Says(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """console.toml."""

    heads: tuple[str, ...]
    fault: str
    warning: str
    well: str
    mend: str
    think: str
    same: str
    imported: str
    too_much: str
    tally: str
    exported: str
    matters: str
    ledgers_imported: str
    ledgers_same: str
    ledgers_exported: str
    forms_well: str
    plans_well: str
    forms_filled: str
    forms_unknown: str
    form_unknown: str
    form_wanted: str
    forms_out_wanted: str
    migrated: str
    notice_unknown: str
    notice_doors: str
    notice_report: str
    grid_unknown: str
    tags_unknown: str
    tags_put: str
    kit_printed: str
    kit_entered: str
    kit_faults: str
    kit_census: str
    kit_no_census: str
    codes_printed: str
    codes_none: str
    codes_no_squares: str
    no_platform: str
    platform_refuses: str
    joins_printed: str
    joins_none: str
    joins_without: str
    joins_doubt: str
    joins_refused: str
    groups_of: str
    groups_all: str
    groups_lost: str
    menu_put: str
    code_revoked: str
    code_unknown: str
    demo: str
    serving: str
    nouns: Mapping[str, str]


@program.command()
def demo() -> None:
    """The bot with a demo district and the simulator: open the printed address."""
    _run(demo=True)


@program.command()
def serve() -> None:
    """The bot for real, on the channels that are configured."""
    _run(demo=False)


@program.command()
def migrate() -> None:
    """Bring the tables to where this version needs them; safe to repeat."""
    settings = _settings()
    with _database(settings, current=False) as database:
        schema.upgrade(database)
    _say(_says(settings).migrated)


@program.command()
def parse(
    file: Annotated[Path | None, typer.Argument(help="Lines, plain or JSON; without it, what is typed.")] = None,
) -> None:
    """Print what is understood of each line, one JSON a line."""
    reader = Reader(_catalog(_settings()))
    with _input(file) as source:
        for line in stream.lines(reader, _lines(source)):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()


@org.command("check")
def check_org(
    file: Annotated[
        Path | None, typer.Argument(help="A workbook (xlsx); without it, only the forms and plans.")
    ] = None,
) -> None:
    """Name everything that is wrong with forms, plans and a workbook; ends with 1 if something must be mended."""
    settings = _settings()
    catalog, says = _catalog(settings), _says(settings)
    refused = form_lint.listed(catalog)
    if refused:
        _show(says, settings.templates / "forms", refused)
    else:
        _say(says.forms_well.format(count=len(form_lint.offered(catalog))))
    faulty = plans.listed(catalog)
    if faulty:
        _show(says, settings.templates / "plans", faulty)
    else:
        _say(says.plans_well.format(count=len(plans.offered(catalog))))
    checked = organization.check_file(file, catalog, settings.zone) if file else None
    if checked and file:
        unheld = plans.missing_posts(catalog, checked.plan) if checked.plan else []
        _show(says, file, [*checked.faults, *unheld])
    if refused or faulty or (checked and checked.plan is None):
        raise typer.Exit(1)


@org.command("import")
def import_org(
    file: Workbook,
    yes: Annotated[bool, typer.Option("--yes", help="Also when a large part of what stands would end.")] = False,
) -> None:
    """Make the organization what the workbook says: all of it or nothing."""
    settings = _settings()
    says = _says(settings)
    checked = organization.check_file(file, _catalog(settings), settings.zone)
    if checked.plan is None:
        _show(says, file, checked.faults)
        raise typer.Exit(1)
    with _database(settings) as database, Progress(console=Console(stderr=True), transient=True) as bars:
        tasks = {noun: bars.add_task(name, total=None) for noun, name in says.nouns.items()}

        def show(noun: str, done: int, total: int) -> None:
            bars.update(tasks[noun], completed=done, total=total)

        try:
            result = organization.import_plan(database, checked.plan, datetime.now(UTC), show, sure=yes)
        except organization.EndsTooMuch as large:
            raise SetupError(says.too_much.format(ended=large.ended, standing=large.standing)) from None
    if result.nothing_changed:
        _say(says.same)
        return
    _say(says.imported)
    for noun, tally in result.tallies.items():
        name = says.nouns[noun]
        _say(says.tally.format(noun=name, added=tally.added, changed=tally.changed, ended=tally.ended))


@org.command("export")
def export_org(file: Workbook) -> None:
    """Write the organization as it stands into a workbook that imports without a change."""
    settings = _settings()
    with _database(settings) as database:
        organization.export(database, _writable(file), _catalog(settings), datetime.now(UTC), settings.zone)
    _say(_says(settings).exported.format(file=file))


@matters.command("export")
def export_matters(
    format: Annotated[export.Format, typer.Option(help="What to write.")] = "jsonl",
    out: Annotated[Path | None, typer.Option(help="Where to; without it, to the standard output.")] = None,
) -> None:
    """Write one row a matter."""
    settings = _settings()
    if out is None and format == "xlsx" and sys.stdout.isatty():
        raise SetupError("A workbook is no text for the screen; name a file: --out matters.xlsx")
    with _database(settings) as database, database.reading() as session, _output(out) as stream:
        count = export.write(session, stream, format, settings.zone, door)
    if out:
        _say(_says(settings).matters.format(file=out, count=count))


@forms.command("export")
def export_forms(
    form: Annotated[str, typer.Argument(help="The form: its title, or the name of its file, as return.")] = "",
    out: Annotated[Path | None, typer.Option(help="The workbook to write.")] = None,
    sheet: Annotated[Path | None, typer.Option(help="The superior's own sheet, whose header is filled.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="What a header means, 现住址=door; remembered for this sheet.")
    ] = None,
    grid: Annotated[str, typer.Option(help="Only below this grid's code.")] = "",
    full: Annotated[
        str, typer.Option(help="Why phones and the like are needed; journalled. Else they are hidden.")
    ] = "",
) -> None:
    """Write what is kept into the sheet that is wanted."""
    settings = _settings()
    says, catalog = _says(settings), _catalog(settings)
    form, offered = form_titles.titled(catalog, form) or form, form_lint.offered(catalog)
    if form not in offered:
        titles = "、".join(f"{one.title}（{code}）" for code, one in offered.items())
        raise SetupError((says.form_unknown if form else says.form_wanted).format(form=form, titles=titles))
    if out is None:
        raise SetupError(says.forms_out_wanted.format(title=offered[form].title))
    now, named = datetime.now(UTC), sheets.parse_columns(catalog, column or ())
    out = sheets.checked_out(catalog, out)
    with _database(settings) as database, database.transaction() as session, _output(out) as stream:
        filled = sheets.fill(
            session, catalog, form, now, settings.zone, stream, sheet=sheet, named=named, grid=grid, full=full
        )
    columns = "，".join(f"{header}←{source}" for header, source in filled.columns.items())
    _say(says.forms_filled.format(file=out, count=filled.rows, columns=columns))
    if filled.unknown:
        _say(says.forms_unknown.format(columns="、".join(filled.unknown), first=filled.unknown[0]))


@codes.command("print")
def print_codes(
    out: SheetFile,
    grid: GridAbove,
    svg: AsDrawings = False,
    pdf: AsOneFile = False,
    own: Annotated[
        bool, typer.Option("--own", help="Our own squares, also where there is an official account.")
    ] = False,
) -> None:
    """Write the codes of every building, unit and door below a grid; printed again they are the same.

    Where an official account is set up, and no link is, the squares are the account's: scanning one follows it.
    """
    from bot import sheet  # what draws is loaded by the one command that draws

    settings = _settings()
    says = _says(settings)
    rules = place_codes.rules(_catalog(settings))
    with _database(settings) as database, database.transaction() as session:
        printed = list(place_codes.printed(session, settings, grid, datetime.now(UTC)))
    followed = settings.official is not None and not (own or settings.code_link)
    wanted = {one.place.id: one.text for _, some in printed for one in some} if followed else dict[int, str]()
    squares = _followed(settings, wanted) if wanted else dict[int, str]()
    pages = sheet.pages(rules.sheet, printed, settings.code_link, squares)
    if not pages:
        raise SetupError(says.codes_none.format(grid=grid))
    drawn = _drawn(settings, pages, out, svg=svg, pdf=pdf)
    many = sum(len(some) for _, some in printed)
    _say(says.codes_printed.format(file=drawn, codes=many, pages=len(pages)))


def _followed(settings: Settings, codes: Mapping[int, str]) -> Mapping[int, str]:
    """The official account's squares of these codes."""
    from bot import platforms  # a platform's library is loaded only where it is used

    try:
        return asyncio.run(platforms.squares(settings, codes))
    except SendError as failure:
        raise SetupError(_says(settings).codes_no_squares.format(error=failure.says)) from None


def _drawn(settings: Settings, pages: "Sequence[Page]", out: Path, *, svg: bool, pdf: bool) -> str:
    """The pages in the form that is wanted; the names of the files."""
    from bot import sheet

    if svg or (not pdf and out.suffix == ".svg"):
        names = [out] if len(pages) == 1 else [out.with_stem(f"{out.stem}-{at + 1}") for at in range(len(pages))]
        drawn = {name: sheet.svg(page, settings.templates).encode() for name, page in zip(names, pages, strict=True)}
    elif pdf or out.suffix == ".pdf":
        drawn = {out: sheet.pdf(pages)}
    else:
        drawn = {out: sheet.html(pages, settings.templates).encode()}
    for name, raw in drawn.items():
        with _output(name) as stream:
            stream.write(raw)
    return " ".join(str(name) for name in drawn)


@codes.command("revoke")
def revoke_code(code: Annotated[str, typer.Argument(help="As it is printed: 3F7K-9QWX.")]) -> None:
    """Let a code be worth nothing from now on; printed again the place gets a new one."""
    settings = _settings()
    says = _says(settings)
    with _database(settings) as database, database.transaction() as session:
        revoked = place_codes.revoke(session, settings, code, datetime.now(UTC))
    if revoked is None:
        raise SetupError(says.code_unknown.format(code=code))
    place, bound = revoked
    _say(says.code_revoked.format(code=code.upper(), place=door(place), bound=bound))


@paper.command("print")
def print_kit(
    grid: Annotated[str, typer.Option(help="The code of a community, or of a grid above it.")],
    out: Annotated[Path, typer.Option(help="The folder to write to; only its owner may read what is written.")],
) -> None:
    """Write phone tree, rosters and door lists of each community below a grid, to be printed and kept."""
    from bot import kit  # what draws is loaded by the one command that draws

    settings = _settings()
    now = datetime.now(UTC)
    with _database(settings) as database:
        many = kit.print_all(database, settings, grid, out, now, number=kit.number_now(database, now))
    _say(_says(settings).kit_printed.format(kits=many, folder=out))


@paper.command("enter")
def enter_kit(file: Annotated[Path, typer.Argument(help="The filled sheets, xlsx or csv.")]) -> None:
    """Enter what was answered on paper; a sheet speaks of a door once, however often it is entered."""
    settings = _settings()
    says = _says(settings)
    with _database(settings) as database:
        entered = kits.enter_file(database, file, _catalog(settings), datetime.now(UTC))
    _say(says.kit_entered.format(fresh=len(entered.fresh), same=entered.same))
    if entered.fresh or entered.same:
        numbers = " ".join(map(str, sorted(entered.censuses)))
        _say(says.kit_census.format(numbers=numbers) if numbers else says.kit_no_census)
    if entered.faults:
        _list(says, entered.faults)
        _say(says.kit_faults.format(faults=len({fault.row for fault in entered.faults})))
        raise typer.Exit(1)


@announcements.command("doors")
def print_doors(
    number: Annotated[int, typer.Argument(help="The notice's number.")],
    out: Annotated[Path, typer.Option(help="Where to: a PDF, or lines of text when the name ends with .txt.")],
    grid: Annotated[str, typer.Option(help="Only below this grid's code.")] = "",
) -> None:
    """Write the doors from which nobody has acknowledged a notice, in walking order."""
    from bot import doorlist  # what draws is loaded by the one command that draws

    settings = _settings()
    says, texts, now = _says(settings), notice_terms.terms(_catalog(settings)).doors, datetime.now(settings.zone)
    with _database(settings) as database, database.reading() as session:
        notice = notices.find(session, number)
        if notice is None or notice.released_at is None:
            raise SetupError(says.notice_unknown.format(number=number))
        top = grids.get(session, notice.grid_id).code
        listed = notice_doors.unread(session, number, grid if grid.startswith(top) else top)
    plain = out.suffix == ".txt"
    made = f"{now:%Y-%m-%d %H:%M}"
    raw = doorlist.text(notice, listed, texts).encode() if plain else doorlist.pdf(notice, listed, texts, made)
    with _output(out) as stream:
        stream.write(raw)
    _say(says.notice_doors.format(file=out, doors=sum(len(rows) for _, rows in listed)))


@announcements.command("report")
def report_notice(
    number: Annotated[int, typer.Argument(help="The notice's number.")],
    out: Annotated[Path, typer.Option(help="The workbook to write.")],
    grid: Annotated[str, typer.Option(help="Only below this grid's code.")] = "",
) -> None:
    """Write how a notice went, minute by minute and per hop, against the marks of its plan; no names, no phones."""
    settings = _settings()
    says, catalog = _says(settings), _catalog(settings)
    with _database(settings) as database, database.reading() as session:
        notice = notices.find(session, number)
        if notice is None or notice.released_at is None:
            raise SetupError(says.notice_unknown.format(number=number))
        part = grids.by_code(session, grid) if grid else None
        if grid and (part is None or not grid.startswith(grids.get(session, notice.grid_id).code)):
            raise SetupError(says.grid_unknown.format(grid=grid, number=number))
        with _output(out) as stream:
            hops = report_book.write(Scene(session, datetime.now(UTC), catalog, settings), notice, part, stream)
    _say(says.notice_report.format(file=out, hops=hops))


@announcements.command("tag")
def tag_accounts(
    code: Annotated[str, typer.Argument(help="The tag, as notices.toml names it.")],
    file: Annotated[Path, typer.Argument(help="One account a line, as channel:id.")],
) -> None:
    """Give the accounts in a file a tag, so that notices can be for them; safe to repeat."""
    settings = _settings()
    says, rows = _says(settings), notice_terms.terms(_catalog(settings))
    if not rows.tags([code]):
        raise SetupError(says.tags_unknown.format(code=code, codes="、".join(tag.code for tag in rows.tag)))
    with _input(file) as source:
        lines = [line.strip() for line in _lines(source) if ":" in line]
    pairs = [(channel, external) for channel, _, external in (line.partition(":") for line in lines)]
    with _database(settings) as database, database.transaction() as session:
        many = tags.put(session, pairs, code, datetime.now(UTC))
    _say(says.tags_put.format(many=many, lines=len(pairs)))


@ledgers.command("import")
def import_ledgers(file: Workbook) -> None:
    """Add what is new in the workbook: all of it or nothing; needs wait to be vetted."""
    settings = _settings()
    says, catalog = _says(settings), _catalog(settings)
    with _database(settings) as database:
        result = ledger_books.import_file(database, file, catalog, settings, datetime.now(UTC))
    if result.faults:
        _show(says, file, result.faults)
    if not result.added:
        raise typer.Exit(1)
    if not any(result.added.values()):
        _say(says.ledgers_same)
        return
    _say(says.ledgers_imported.format(**result.added))


@ledgers.command("export")
def export_ledgers(
    file: Workbook, grid: Annotated[str, typer.Option(help="Only below this grid's code.")] = ""
) -> None:
    """Write the three lists, without the names of those in need."""
    settings = _settings()
    with _database(settings) as database:
        count = ledger_books.export_file(database, _writable(file), _catalog(settings), grid)
    _say(_says(settings).ledgers_exported.format(file=file, count=count))


@platforms.command("check")
def check_channels() -> None:
    """Ask every platform that is set up for its cheapest thing, and say what to mend; nothing is changed."""
    from bot import checking  # a platform's library is loaded only where it is used

    settings = _settings()
    catalog = _catalog(settings)
    found = asyncio.run(checking.look(settings, catalog))
    for channel, one in found:
        _say(f"{'✓' if one.well else '✗'} {channel}：{one.says}{one.do}")
    if not found:
        raise SetupError(checking.nothing(catalog))
    if not all(one.well for _, one in found):
        raise typer.Exit(1)


@platforms.command("join")
def join_groups(
    out: SheetFile,
    grid: GridAbove,
    svg: AsDrawings = False,
    pdf: AsOneFile = False,
    again: Annotated[
        bool, typer.Option("--again", help="Ask once more for squares of which no answer came the last time.")
    ] = False,
) -> None:
    """Write the squares by which neighbours join the customer groups 客户群 below a grid; printed again they are the same."""
    from bot import platforms, sheet

    settings = _settings()
    says = _says(settings)
    with _platform(settings):
        joins = asyncio.run(platforms.join(settings, grid, again=again))
    if joins.squares:
        sheets = place_codes.rules(_catalog(settings)).sheet
        pages = sheet.joins(sheets, "", joins.squares)
        drawn = _drawn(settings, pages, out, svg=svg, pdf=pdf)
        _say(says.joins_printed.format(file=drawn, squares=len(joins.squares), new=joins.new, pages=len(pages)))
    for form, names in ((says.joins_without, joins.without_group), (says.joins_doubt, joins.in_doubt)):
        if names:
            _say(form.format(many=len(names), names="、".join(names[:NAMED])))
    for name, error in joins.refused.items():
        _say(says.joins_refused.format(name=name, error=error))
    if not joins.squares:
        raise SetupError(says.joins_none.format(grid=grid))
    if joins.refused or joins.in_doubt:
        raise typer.Exit(1)


@platforms.command("groups")
def count_groups(
    grid: Annotated[str, typer.Option(help="Only below this grid's code.")] = "",
) -> None:
    """Count who is in the customer groups 客户群, grid by grid, neighbours and staff apart."""
    from bot import platforms

    settings = _settings()
    says = _says(settings)
    with _platform(settings):
        counted = asyncio.run(platforms.count(settings, grid))
    for one in counted.by_grid:
        _say(says.groups_of.format(code=one.code, name=one.name, groups=one.groups, residents=one.residents,
                                   staff=one.staff, by_square=one.by_square))  # fmt: skip
    sums = (sum(one.groups for one in counted.by_grid), sum(one.residents for one in counted.by_grid))
    _say(says.groups_all.format(grids=len(counted.by_grid), groups=sums[0], residents=sums[1]))
    for lost in counted.lost:
        _say(says.groups_lost.format(name=lost.name or lost.chat, owner=lost.owner))


@platforms.command("menu")
def put_menu() -> None:
    """Let the official account's menu be the one in templates/channels/official.toml."""
    from bot import platforms

    settings = _settings()
    with _platform(settings):
        asyncio.run(platforms.put_menu(settings))
    _say(_says(settings).menu_put)


@contextmanager
def _platform(settings: Settings) -> Generator[None]:
    """What a platform refuses is one clear line."""
    from bot.platforms import NotThere

    try:
        yield
    except NotThere:
        raise SetupError(_says(settings).no_platform) from None
    except SendError as failure:
        raise SetupError(_says(settings).platform_refuses.format(error=failure.says)) from None


def main(words: Sequence[str] | None = None) -> None:
    """Run the command; what cannot be done is one clear line, and the program ends with 2."""
    try:
        program(words, prog_name="xiaoge")
    except (SetupError, CatalogError) as fault:
        Console(stderr=True).print(str(fault), style="red", markup=False, soft_wrap=True)
    except DBAPIError as fault:
        says = str(fault.orig).partition("\n")[0]
        Console(stderr=True).print(f"The database refuses: {says}", style="red", markup=False, soft_wrap=True)
    sys.exit(MISTAKE)


def _run(*, demo: bool) -> None:
    from bot import app  # the web and its like are loaded by the two commands that need them

    settings = _settings()
    says = _says(settings)
    logs.to_stderr(logging.WARNING if demo else logging.INFO)
    words = says.demo if demo else says.serving
    asyncio.run(app.serve(settings, demo=demo, ready=lambda address: _say(words.format(address=address))))


def _settings() -> Settings:
    try:
        return Settings()  # pyright: ignore[reportCallIssue]
    except ValidationError as fault:
        first = fault.errors()[0]
        name = "__".join(str(part) for part in first["loc"]).upper()
        raise SetupError(f"The setting XIAOGE_{name} cannot be used: {first['msg']}") from None
    except ValueError as fault:
        raise SetupError(f"xiaoge.toml cannot be read: {fault}") from None


def _catalog(settings: Settings) -> Catalog:
    return Catalog(settings.templates / "catalog")


def _says(settings: Settings) -> _Says:
    return _catalog(settings).read("console.toml", _Says)


@contextmanager
def _database(settings: Settings, *, current: bool = True) -> Generator[Database]:
    """The database, with the tables that this version speaks to."""
    database = Database(settings.database_url)
    try:
        if current and (stands := schema.state(database)) != "current":
            raise SetupError(f"The database's tables are {stands}; run: xiaoge migrate")
        yield database
    finally:
        database.close()


@contextmanager
def _input(file: Path | None) -> Generator[BinaryIO]:
    if file is None:
        yield sys.stdin.buffer
        return
    try:
        source = file.open("rb")
    except OSError as fault:
        raise SetupError(f"{file} cannot be read: {fault.strerror}.") from None
    with source:
        yield source


@contextmanager
def _output(out: Path | None) -> Generator[BinaryIO]:
    """A file that is there wholly or not at all, or the standard output."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    half = _writable(out).with_name(f".{out.name}.half")
    try:
        with half.open("wb") as stream:
            yield stream
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)


def _writable(file: Path) -> Path:
    if not file.parent.is_dir():
        raise SetupError(f"There is no folder {file.parent}; make it, or name another file.")
    return file


def _lines(file: Iterable[bytes]) -> Iterable[str]:
    for line in file:
        yield line.decode("utf-8-sig", errors="replace").rstrip("\r\n")


def _say(words: str) -> None:
    Console().print(words, markup=False, highlight=False, soft_wrap=True)


def _show(says: _Says, file: Path, faults: Sequence[Fault]) -> None:
    many = sum(fault.severity == "fault" for fault in faults)
    _list(says, faults)
    closing = says.mend if many else says.think if faults else says.well
    _say(closing.format(file=file, faults=many, warnings=len(faults) - many))


def _list(says: _Says, faults: Sequence[Fault]) -> None:
    if faults:
        table = Table(*(Column(head, overflow="fold") for head in says.heads))
        for fault in faults:
            word, style = (says.fault, "red") if fault.severity == "fault" else (says.warning, "yellow")
            table.add_row(word, fault.sheet, str(fault.row or ""), fault.column, fault.text, style=style)
        Console().print(table, markup=False)
