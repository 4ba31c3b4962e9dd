"""The commands: each opens what it needs, does one thing and says what became of it."""

import asyncio
import logging
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.catalog import Catalog
from bot.errors import CatalogError, SetupError
from bot.render import door
from bot.settings import Settings
from bot.understanding import Reader, stream
from handlers.desk import export
from handlers.people import organization
from handlers.people.faults import Fault
from storage import schema
from storage.database import Database

MISTAKE = 2
"""How the program ends when it cannot do what was asked as it is set up."""


def _group(says: str) -> typer.Typer:
    return typer.Typer(help=says, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


program = _group("Xiaoge 小格: a chat bot for micro-grid groups.")
org = _group("The organization, in and out as a workbook.")
matters = _group("The matters.")
program.add_typer(org, name="org")
program.add_typer(matters, name="matters")

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
    migrated: str
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
def check_org(file: Workbook) -> None:
    """Name everything that is wrong with a workbook; ends with 1 if something must be mended."""
    settings = _settings()
    checked = organization.check_file(file, _catalog(settings), settings.zone)
    _show(_says(settings), file, checked.faults)
    if checked.plan is None:
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
    if faults:
        table = Table(*(Column(head, overflow="fold") for head in says.heads))
        for fault in faults:
            word, style = (says.fault, "red") if fault.severity == "fault" else (says.warning, "yellow")
            table.add_row(word, fault.sheet, str(fault.row or ""), fault.column, fault.text, style=style)
        Console().print(table, markup=False)
    closing = says.mend if many else says.think if faults else says.well
    _say(closing.format(file=file, faults=many, warnings=len(faults) - many))
