"""Says when: looks every second what has become due, keeps house at night, and moves a pretended clock on."""
# APScheduler ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.dispatcher import Dispatcher
from bot.settings import Settings
from storage import asked, inbox, outbox, timers, windows
from storage.session import Session

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1
WRITE_BACK_EVERY_S = 1
PATIENCE_S = 10.0
"""A pretended clock does not wait longer for words that cannot leave."""
TALK_S = 0.5
"""So short a while after the last message more are likely to come."""
RESTS, LONGEST_REST_S = 10.0, 0.5
"""How many times as long as a piece of work the rest after it is, and how long at most."""
ONE_AT_A_TIME = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
HOUSEKEEPING_HOUR = 3
MOST_STEPS = 20_000
"""Moments that one leap of the pretended clock may stop at."""


class Timers:
    """The scheduler of one process; several processes may run one each, every timer fires once."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        clock: Clock,
        settings: Settings,
        drained: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        self.dispatcher = dispatcher
        self.clock = clock
        self.settings = settings
        self.drained = drained
        """Waits until everything that is due has been said, on each channel."""
        self._scheduler = AsyncIOScheduler(timezone=settings.zone, job_defaults=ONE_AT_A_TIME)
        self._ended = False
        for work, when in (
            (self._look, IntervalTrigger(seconds=LOOK_EVERY_S)),
            (self._write_back, IntervalTrigger(seconds=WRITE_BACK_EVERY_S)),
            (self._keep_house, CronTrigger(hour=HOUSEKEEPING_HOUR, timezone=settings.zone)),
        ):
            self._scheduler.add_job(self._until_ended, when, args=(work,), name=work.__name__)

    def start(self) -> None:
        """Begin; what became due while nobody looked is done now."""
        self._scheduler.start()

    def stop(self) -> None:
        """Look no more."""
        self._ended = True
        self._scheduler.shutdown(wait=False)

    async def advance(self, seconds: float) -> datetime:
        """Move the pretended clock on, doing everything at its own moment; return once all of it was said."""
        target = self.clock.now() + timedelta(seconds=seconds)
        for _ in range(MOST_STEPS):
            due = await self.dispatcher.run(timers.next_due)
            if due is None or due > target:
                break
            self.clock.move_to(due)
            await self._look()
            await self._said()
        self.clock.move_to(target)
        await self._look()
        await self._said()
        return self.clock.now()

    async def _said(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                for drained in self.drained:
                    await drained()
        except TimeoutError:
            log.warning("the clock was moved on, but not everything could be said yet")

    async def _until_ended(self, work: Callable[[], Awaitable[None]]) -> None:
        """What the end breaks off is no fault, and leaves no stack trace: it stays due for the next start."""
        try:
            await work()
        except asyncio.CancelledError:
            if not self._ended:
                raise

    async def _look(self) -> None:
        try:
            began = time.monotonic()
            while await self.dispatcher.tick():
                await self._let_others_speak(time.monotonic() - began)
                began = time.monotonic()
        except SQLAlchemyError as fault:
            log.error("the timers could not be looked at; they stay due", exc_info=fault)

    async def _let_others_speak(self, took_s: float) -> None:
        """While people speak, long work comes in pieces with rests between: nobody waits for all of it."""
        if time.monotonic() - self.dispatcher.spoken_at < TALK_S:
            await asyncio.sleep(min(LONGEST_REST_S, RESTS * took_s))

    async def _write_back(self) -> None:
        try:
            await asyncio.to_thread(self.dispatcher.database.write_back)
        except sqlite3.Error as fault:
            log.warning("the database's log could not be written back; it stays", extra={"error": str(fault)})

    async def _keep_house(self) -> None:
        """Forget what is no longer needed."""
        now = self.clock.now()
        settings = self.settings

        def forget(session: Session) -> dict[str, int]:
            return {
                "inbox": inbox.forget(session, now - timedelta(days=settings.keep_inbox_days)),
                "outbox": outbox.forget(session, now - timedelta(days=settings.keep_outbox_days)),
                "asked": asked.lapse(session, now),
                "windows": windows.forget(session, now - timedelta(days=1)),
            }

        log.info("the house was kept", extra=await self.dispatcher.run(forget))
