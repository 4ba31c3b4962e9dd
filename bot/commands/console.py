"""What every command needs: the settings, the words it says, the database, files in and out, and the screen."""

import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Column, Table

from bot.catalog import Catalog
from bot.errors import SetupError
from bot.settings import Settings
from handlers.people.faults import Fault
from storage import schema
from storage.database import Database

Workbook = Annotated[Path, typer.Argument(help="A workbook (xlsx).")]
SheetFile = Annotated[
    Path, typer.Argument(help="Where to: a page for a browser unless --svg, --pdf or the name says else.")
]
GridAbove = Annotated[str, typer.Option(help="The code of a micro-grid, or of a grid above it.")]
AsDrawings = Annotated[
    bool, typer.Option("--svg", help="A drawing a page; several pages become OUT-1.svg, OUT-2.svg ...")
]
AsOneFile = Annotated[bool, typer.Option("--pdf", help="One file.")]


def group(says: str) -> typer.Typer:
    """Commands that belong together."""
    return typer.Typer(help=says, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


class Says(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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
    codes_links: str
    codes_no_name: str
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


def settings() -> Settings:
    """As the operator set them; SetupError names the one that cannot be used."""
    try:
        return Settings()  # pyright: ignore[reportCallIssue]
    except ValidationError as fault:
        first = fault.errors()[0]
        name = "__".join(str(part) for part in first["loc"]).upper()
        raise SetupError(f"The setting XIAOGE_{name} cannot be used: {first['msg']}") from None
    except ValueError as fault:
        raise SetupError(f"xiaoge.toml cannot be read: {fault}") from None


def catalog(settings: Settings) -> Catalog:
    """The words that a community can read and change."""
    return Catalog(settings.templates / "catalog")


def says(settings: Settings) -> Says:
    """What commands say."""
    return catalog(settings).read("console.toml", Says)


@contextmanager
def database(settings: Settings, *, current: bool = True) -> Generator[Database]:
    """The database, with the tables that this version speaks to."""
    database = Database(settings.database_url)
    try:
        if current and (stands := schema.state(database)) != "current":
            raise SetupError(f"The database's tables are {stands}; run: xiaoge migrate")
        yield database
    finally:
        database.close()


@contextmanager
def source(file: Path | None) -> Generator[BinaryIO]:
    """The file, or what is typed."""
    if file is None:
        yield sys.stdin.buffer
        return
    try:
        opened = file.open("rb")
    except OSError as fault:
        raise SetupError(f"{file} cannot be read: {fault.strerror}.") from None
    with opened:
        yield opened


@contextmanager
def output(out: Path | None) -> Generator[BinaryIO]:
    """A file that is there wholly or not at all, or the standard output."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    half = writable(out).with_name(f".{out.name}.half")
    try:
        with half.open("wb") as stream:
            yield stream
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)


def writable(file: Path) -> Path:
    """The file, where there is a folder for it."""
    if not file.parent.is_dir():
        raise SetupError(f"There is no folder {file.parent}; make it, or name another file.")
    return file


def lines(file: Iterable[bytes]) -> Iterable[str]:
    """Each line as it is meant, whoever wrote it."""
    for line in file:
        yield line.decode("utf-8-sig", errors="replace").rstrip("\r\n")


def say(words: str) -> None:
    """To the screen, as it is."""
    Console().print(words, markup=False, highlight=False, soft_wrap=True)


def show(says: Says, file: Path, faults: Sequence[Fault]) -> None:
    """What is wrong with the file, and whether it must be mended."""
    many = sum(fault.severity == "fault" for fault in faults)
    listed(says, faults)
    closing = says.mend if many else says.think if faults else says.well
    say(closing.format(file=file, faults=many, warnings=len(faults) - many))


def listed(says: Says, faults: Sequence[Fault]) -> None:
    """What is wrong, as a table."""
    if faults:
        table = Table(*(Column(head, overflow="fold") for head in says.heads))
        for fault in faults:
            word, style = (says.fault, "red") if fault.severity == "fault" else (says.warning, "yellow")
            table.add_row(word, fault.sheet, str(fault.row or ""), fault.column, fault.text, style=style)
        Console().print(table, markup=False)
