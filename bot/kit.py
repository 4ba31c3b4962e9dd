"""Prints the kits: reads in slices, draws in a process of its own, keeps the files to their owner and drops old ones."""

import asyncio
import contextlib
import logging
import multiprocessing
import os
import shutil
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from bot.catalog import Catalog
from bot.clock import Clock
from bot.dispatcher import Dispatcher
from bot.errors import CatalogError, SetupError
from bot.settings import Settings
from handlers.kit import paper as kits
from handlers.kit.paper import Kit, Numbering
from storage import kit
from storage.database import Database

log = logging.getLogger(__name__)

LOOK_EVERY_S = 30
PATIENCE_S = 600
"""One community's sheets take a second or two."""
POLITE = 10
"""How far behind everything else the drawing process stands in line for the processor."""
FOLDER, FILE = 0o700, 0o600
TROUBLE = (OSError, SQLAlchemyError, CatalogError, SetupError, BrokenProcessPool, TimeoutError)
"""What keeps a kit from being printed today and may be over in an hour."""
Result = TypeVar("Result")


def draw(one: Kit, folder: Path, templates: Path) -> None:
    """Write one community's PDF, and the workbook into which its sheets are typed."""
    from bot import kit_pages  # what draws is loaded only where it draws
    from handlers.people import workbook

    catalog = Catalog(templates / "catalog")
    rules = kits.rules(catalog)
    name = f"{one.code} {one.name}".replace("/", "-")
    _write(folder / f"{name}.pdf", lambda path: path.write_bytes(kit_pages.pdf(one, rules.text)))
    rows = {kits.SHEET: kits.lines_of(one.doors)}
    _write(folder / f"{name}.xlsx", lambda path: workbook.write(path, catalog, rows, kits.shape(catalog)))


def _write(path: Path, fill: Callable[[Path], object]) -> None:
    """The file is there wholly or not at all, and nobody but its owner reads it."""
    half = path.with_name(f".{path.name}")
    half.unlink(missing_ok=True)
    os.close(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
    try:
        fill(half)
        half.chmod(FILE)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def print_all(
    database: Database,
    settings: Settings,
    code: str,
    folder: Path,
    now: datetime,
    *,
    number: Numbering,
    drawing: Callable[[Kit, Path, Path], None] = draw,
) -> int:
    """Print the kit of every community below this code into the folder; how many it were."""
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    catalog, many = Catalog(settings.templates / "catalog"), 0
    for one in kits.kits(database, catalog, code, now, settings.zone, number):
        drawing(one, folder, settings.templates)
        many += 1
    return many


def number_now(database: Database, now: datetime) -> Numbering:
    """Sheet numbers, each community's in a short transaction of its own."""

    def number(grids: Collection[int]) -> Mapping[int, int]:
        with database.transaction() as session:
            return kit.number_sheets(session, grids, now)

    return number


def drop_old(folder: Path, today: date, keep_days: int) -> int:
    """Remove what was printed longer ago; how many days it were."""
    oldest, dropped = today - timedelta(days=keep_days), 0
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            printed = date.fromisoformat(path.name)
        except ValueError:
            continue  # none of ours
        if printed < oldest:
            shutil.rmtree(path)
            dropped += 1
    return dropped


class Printer:
    """Looks whether a day's kit is wanted, and prints it while everybody else goes on speaking."""

    def __init__(self, database: Database, dispatcher: Dispatcher, clock: Clock, settings: Settings) -> None:
        self.database = database
        self.dispatcher = dispatcher
        self.clock = clock
        self.settings = settings
        self.rules = kits.rules(Catalog(settings.templates / "catalog"))
        self._ended = Event()

    async def run(self) -> None:
        """See to it that the timer stands, and look now and then, until cancelled."""
        catalog, zone = Catalog(self.settings.templates / "catalog"), self.settings.zone
        stands = False
        try:
            while True:
                try:
                    if not stands:
                        await self.dispatcher.run(
                            lambda session: kits.keep_printing(session, catalog, self.clock.now(), zone)
                        )
                        stands = True
                    await self.look()
                except TROUBLE as fault:
                    log.error("the kit could not be printed; it is tried again", exc_info=fault)
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            self._ended.set()

    async def look(self) -> bool:
        """Print what is wanted; False where nothing is, or another process does it."""
        before = self.clock.now() - timedelta(minutes=self.rules.again_minutes)
        day = await asyncio.to_thread(self._wanted, before)
        if day is None:
            return False
        if not await self.dispatcher.run(lambda session: kit.take(session, day, self.clock.now(), before)):
            return False
        many = await asyncio.to_thread(self._print, day, asyncio.get_running_loop())
        await self.dispatcher.run(lambda session: kit.done(session, day, self.clock.now(), many))
        log.info("the kit was printed", extra={"day": day, "kits": many})
        return True

    def _wanted(self, before: datetime) -> str | None:
        with self.database.reading() as session:
            found = kit.wanted(session, before)
            return found.day if found else None

    def _print(self, day: str, loop: asyncio.AbstractEventLoop) -> int:
        now = self.clock.now()
        self.settings.kits.mkdir(mode=FOLDER, parents=True, exist_ok=True)

        def number(grids: Collection[int]) -> Mapping[int, int]:
            job = self.dispatcher.run(lambda session: kit.number_sheets(session, grids, now))
            return self._patiently(asyncio.run_coroutine_threadsafe(job, loop))

        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _step_back) as pool:

            def drawing(one: Kit, folder: Path, templates: Path) -> None:
                self._patiently(pool.submit(draw, one, folder, templates))

            many = print_all(
                self.database,
                self.settings,
                "",
                self.settings.kits / day,
                now,
                number=number,
                drawing=drawing,
            )
        drop_old(self.settings.kits, _day(now, self.settings.zone), self.rules.keep_days)
        return many

    def _patiently(self, future: Future[Result]) -> Result:
        """What comes of it; TimeoutError when it lasts too long or the program ends."""
        for _ in range(PATIENCE_S):
            if self._ended.is_set():
                break
            with contextlib.suppress(TimeoutError):
                return future.result(1)
        raise TimeoutError("the kit was not finished")


def _step_back() -> None:
    os.nice(POLITE)


def _day(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()
