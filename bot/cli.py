"""The program: its commands put together, and what it says when something cannot be done."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.commands import books, console, platforms, printing
from bot.errors import CatalogError, SetupError
from bot.understanding import Reader, stream
from storage import schema

MISTAKE = 2
"""How the program ends when it cannot do what was asked as it is set up."""

program = console.group("Xiaoge 小格: a chat bot for micro-grid groups.")
for name, group in {
    "org": books.org,
    "matters": books.matters,
    "ledgers": books.ledgers,
    "forms": books.forms,
    "codes": printing.codes,
    "notices": printing.announcements,
    "channels": platforms.platforms,
    "kit": printing.paper,
}.items():
    program.add_typer(group, name=name)


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
    settings = console.settings()
    with console.database(settings, current=False) as database:
        schema.upgrade(database)
    console.say(console.says(settings).migrated)


@program.command()
def parse(
    file: Annotated[Path | None, typer.Argument(help="Lines, plain or JSON; without it, what is typed.")] = None,
) -> None:
    """Print what is understood of each line, one JSON a line."""
    reader = Reader(console.catalog(console.settings()))
    with console.source(file) as source:
        for line in stream.lines(reader, console.lines(source)):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()


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

    settings = console.settings()
    says = console.says(settings)
    logs.to_stderr(logging.WARNING if demo else logging.INFO)
    words = says.demo if demo else says.serving
    asyncio.run(app.serve(settings, demo=demo, ready=lambda address: console.say(words.format(address=address))))
