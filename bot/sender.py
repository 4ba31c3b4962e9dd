"""Takes what was promised out of the outbox and says it on one channel: paced, tried again, settled."""

import asyncio
import heapq
import logging
import os
import random
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.base import Channel, Editing, EditingSome, Parting
from bot.clock import Clock
from bot.dispatcher import Dispatcher
from bot.errors import SendError
from bot.message import Address, Delivery, Lane
from bot.pace import Pacer
from storage import claiming, outbox, reach
from storage.baton import Baton, baton
from storage.claiming import Settled
from storage.outbox import Outgoing
from storage.session import Session

log = logging.getLogger(__name__)

FLIGHTS = 48
"""Deliveries that may be on their way at once."""
KEPT_FREE = 16
"""More of them, for emergencies only: a slow platform may not hold those up."""
AHEAD_S = 0.5
"""No more is claimed than may leave in this time: an emergency claimed after it leaves within a second."""
SEND_S = 20.0
"""So long one of its messages may take."""
LONGEST_PAUSE_S = 60.0
"""No longer does a delivery wait in the air for its next message: what is left of it is tried again instead."""
TOGETHER_S = 0.25
"""How soon it is looked again whether a delivery in several messages is over, so that others to its reader may leave."""
LEASE = timedelta(seconds=60)
"""Longer than a delivery waits here and flies together."""
ATTEMPTS = 20
"""After so many failures a message is given up."""
AGAIN_FIRST_S, AGAIN_MOST_S = 1.0, 300.0
LOOK_S = 0.5
"""Another process may have promised something, or let the baton fall: how often that is looked for."""
SOON_S = 0.005
TROUBLE_S = 1.0
"""A rest after the database failed."""
CARD_RESTS = timedelta(minutes=1)
"""How seldom a card that stands on a channel where nothing can be edited is said anew."""
FAREWELL_S = 5.0
"""How long the last deliveries may take when the program ends."""


class Meter(Protocol):
    """Counts what left, for /metrics."""

    def sent(self, channel: str, result: str) -> None:
        """One try ended: sent, retry, gone or refused."""
        ...


class Unmetered:
    """Counts nothing."""

    def sent(self, channel: str, result: str) -> None:
        """Forget it."""


@dataclass(frozen=True, slots=True, order=True)
class _Queued:
    """A claimed delivery that waits for the pace, highest lane first."""

    lane: int
    due_at: datetime
    id: int
    row: Outgoing = field(compare=False)
    replaces: str | None = field(default=None, compare=False)
    """The platform's id of the message in whose place it stands."""

    @property
    def address(self) -> Address:
        return Address(self.row.channel, self.row.target, self.row.private)


@dataclass(frozen=True, slots=True)
class _Ended:
    """What became of a delivery, and what its platform said about others."""

    settled: Settled
    gone: str | None = None
    """The target that no longer exists."""
    held: tuple[Address | None, datetime] | None = None


@dataclass(frozen=True, slots=True)
class _Claimed:
    rows: list[Outgoing]
    next_due: datetime | None
    replaces: Mapping[int, str] = field(default_factory=dict[int, str])
    """The messages in whose place some of the rows stand, by row."""


class Sender:
    """One channel's voice. Of all processes on a database one at a time speaks: the one with the baton."""

    def __init__(self, channel: Channel, dispatcher: Dispatcher, clock: Clock, meter: Meter | None = None) -> None:
        self.channel = channel
        self.dispatcher = dispatcher
        self.clock = clock
        self.meter = meter or Unmetered()
        self.name = f"{socket.gethostname()}/{os.getpid()}/{token_hex(4)}"
        self._editing = channel if isinstance(channel, Editing) and channel.edits else None
        self._parting: Parting | None = channel if isinstance(channel, Parting) else None
        self.pacer = Pacer(channel.pace)
        self._baton: Baton = baton(dispatcher.database, channel.name)
        self._jitter = random.Random()  # noqa: S311 - spreads load, guards nothing
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: list[_Queued] = []
        self._flights: dict[int, asyncio.Task[None]] = {}
        self._there: dict[int, tuple[Address, bool]] = {}
        """Of each flight, to whom it is and whether it is several messages."""
        self._ended: list[_Ended] = []
        self._outages = 0
        """Failures in a row that concerned the whole channel."""
        self._news = asyncio.Event()
        """Something for the exchange with the outbox to look at."""
        self._moved = asyncio.Event()
        """Something for the departures to look at."""
        self._woken = True
        self._more = False
        """The last claim left rows behind that could have been had."""
        self._look_at = 0.0
        self._exchanges = 0
        self._calm = 0
        """The last exchange that found nothing left to do."""
        self._calmed = asyncio.Condition()

    def wake(self) -> None:
        """Something was promised; may be called on any thread."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop has ended, and the rows wait for the next one
                loop.call_soon_threadsafe(self._nudge)

    def speaks(self) -> bool:
        """Whether of all processes this is the one that speaks; may ask the database."""
        return self._baton.held()

    async def drained(self) -> None:
        """Return once everything due by now is said, or put off, by this process."""
        wanted = self._exchanges + 1
        self._nudge()
        async with self._calmed:
            await self._calmed.wait_for(lambda: self._calm >= wanted)

    async def run(self) -> None:
        """Speak until cancelled; then let what is in the air land, and settle it."""
        self._loop = asyncio.get_running_loop()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._exchanging(), name=f"outbox of {self.channel.name}")
                group.create_task(self._departing(), name=f"departures of {self.channel.name}")
        finally:
            await self._farewell()

    async def _exchanging(self) -> None:
        while True:
            try:
                await self._take_baton()
                while await asyncio.to_thread(self._baton.held):
                    await self._exchange()
                    await self._until_needed()
                self._queue.clear()  # whoever speaks now takes these leases back
            except SQLAlchemyError as fault:
                log.exception("the outbox cannot be reached", extra=self._what(error=type(fault).__name__))
                await asyncio.sleep(TROUBLE_S)

    async def _take_baton(self) -> None:
        """Return once this process speaks for the channel; then the leases of whoever spoke before are void."""
        if await asyncio.to_thread(self._baton.held):
            return
        while not await asyncio.to_thread(self._baton.take):
            if self._ended:
                await self._exchange(claiming=False)
            await asyncio.sleep(LOOK_S)
        now = self.clock.now()
        try:
            held = await self.dispatcher.run(lambda session: self._inherit(session, now))
        except BaseException:
            await asyncio.to_thread(self._baton.drop)  # taken is only what was inherited too
            raise
        for address, until in held:
            self.pacer.hold(address, (until - now).total_seconds())
        self._woken = True

    def _inherit(self, session: Session, now: datetime) -> list[tuple[Address | None, datetime]]:
        claiming.release(session, self.channel.name)
        return claiming.holds(session, self.channel.name, now)

    async def _exchange(self, *, claiming: bool = True) -> None:
        """Write down what became of the deliveries that ended, and claim the next, in one transaction."""
        self._exchanges += 1
        exchange, ended = self._exchanges, list(self._ended)
        ours = {*self._flights, *(queued.id for queued in self._queue)}
        most, down_to = self._room() if claiming else (0, Lane.DIGEST)
        self._woken = False
        now = self.clock.now()
        try:
            claimed = await self.dispatcher.run(lambda session: self._job(session, ended, now, most, down_to))
        except BaseException:
            self._woken = True
            raise
        del self._ended[: len(ended)]
        for row in claimed.rows:
            if row.id not in ours:  # else its lease lapsed while it was on its way: it lands, or is tried again later
                replaces = claimed.replaces.get(row.id)
                heapq.heappush(self._queue, _Queued(row.lane, row.due_at, row.id, row, replaces))
        if most:
            self._plan(now, claimed, full=len(claimed.rows) == most, everything=down_to is Lane.DIGEST)
        self._moved.set()
        if most and not (claimed.rows or self._queue or self._flights or self._ended) and down_to is Lane.DIGEST:
            async with self._calmed:
                self._calm = exchange
                self._calmed.notify_all()

    def _job(self, session: Session, ended: Iterable[_Ended], now: datetime, most: int, down_to: Lane) -> _Claimed:
        channel = self.channel.name
        claiming.settle(session, [one.settled for one in ended], now, by=self.name)
        for one in ended:
            if one.gone is not None:
                reach.mark_gone(session, channel, one.gone, one.settled.error, now)
            if one.held is not None:
                claiming.hold(session, channel, *one.held)
        if not most:
            return _Claimed([], None)
        rows = claiming.claim(session, channel, by=self.name, now=now, until=now + LEASE, most=most, down_to=down_to)
        rows, replaces = self._cards(session, rows, now)
        return _Claimed(rows, None if len(rows) == most else claiming.next_due(session, channel, now), replaces)

    def _cards(self, session: Session, rows: list[Outgoing], now: datetime) -> tuple[list[Outgoing], dict[int, str]]:
        """Which rows may leave, and in place of which messages; where nothing can be edited, cards rest for a while."""
        said = claiming.last_said(session, rows)
        stands = {row_id: former.platform_id for row_id, former in said.items() if self._editable(former.platform_id)}
        resting = {
            row.id: said[row.id].at + CARD_RESTS
            for row in rows
            if row.id in said and row.id not in stands and row.lane != Lane.REPLY and said[row.id].at + CARD_RESTS > now
        }
        for row_id, until in resting.items():
            claiming.put_off(session, row_id, until)
        return [row for row in rows if row.id not in resting], stands

    def _editable(self, platform_id: str) -> bool:
        if self._editing is None:
            return False
        return not isinstance(self.channel, EditingSome) or self.channel.editable(platform_id)

    def _plan(self, now: datetime, claimed: _Claimed, *, full: bool, everything: bool) -> None:
        """When to look again if nobody wakes us before."""
        self._more = full or not everything
        soon_s = LOOK_S
        if claimed.next_due is not None:
            soon_s = min(soon_s, max(SOON_S, (claimed.next_due - now).total_seconds()))
        self._look_at = time.monotonic() + soon_s

    def _room(self) -> tuple[int, Lane]:
        """How many more may be claimed, and down to which lane."""
        if self.pacer.wait_s(None) > AHEAD_S:
            return 0, Lane.DIGEST  # the platform told us to wait
        waiting, taken = len(self._queue), len(self._queue) + len(self._flights)
        room = min(self.pacer.within(AHEAD_S, FLIGHTS) - waiting, FLIGHTS - taken)
        if room > 0:
            return room, Lane.DIGEST
        return max(0, FLIGHTS + KEPT_FREE - taken), Lane.EMERGENCY

    async def _until_needed(self) -> None:
        """Return once there is something to write down or to claim."""
        while not self._needed():
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._rest_s()):
                    await self._news.wait()

    def _needed(self) -> bool:
        if self._ended:
            return True
        most, down_to = self._room()
        if not most:
            return False
        return self._woken or time.monotonic() >= self._look_at or (self._more and down_to is Lane.DIGEST)

    def _rest_s(self) -> float:
        return max(self.pacer.wait_s(None), self._look_at - time.monotonic() if self._room()[0] else LOOK_S)

    async def _departing(self) -> None:
        """Let claimed deliveries leave, one by one, as the pace allows."""
        while True:
            self._moved.clear()
            wait_s = self._depart()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._moved.wait()

    def _depart(self) -> float | None:
        """Seconds until the next may leave; None if only news can change that."""
        while self._queue:
            first = self._queue[0]
            if len(self._flights) >= FLIGHTS + (KEPT_FREE if first.lane == Lane.EMERGENCY else 0):
                return None
            wait_s = self.pacer.wait_s(None)
            if 0 < wait_s <= AHEAD_S:
                return wait_s
            heapq.heappop(self._queue)
            wait_s = self.pacer.wait_s(first.address)
            if wait_s > 0:
                self._put_back(first.row, wait_s)
                continue
            parted = self._parted(first)
            if first.lane != Lane.EMERGENCY and self._comes_between(first.address, parted=parted):
                self._put_back(first.row, TOGETHER_S)
                continue
            self.pacer.take(first.address)
            self._there[first.id] = first.address, parted
            self._flights[first.id] = asyncio.create_task(self._fly(first), name=f"delivery {first.id}")
        return None

    def _parted(self, queued: _Queued) -> bool:
        """Whether it leaves as several messages."""
        if self._parting is None:
            return False
        try:
            return self._parting.parts(outbox.delivery_of(queued.row)) > 1
        except Exception as fault:
            log.exception("nobody can tell how many messages it is", extra=self._what(error=type(fault).__name__))
            return False

    def _comes_between(self, address: Address, *, parted: bool) -> bool:
        """Whether messages to the same reader would get mixed up: several that belong together, and others."""
        return any(other == address and (parted or several) for other, several in self._there.values())

    def _put_back(self, row: Outgoing, wait_s: float) -> None:
        due_at = self.clock.now() + timedelta(seconds=wait_s)
        self._end(_Ended(Settled(row.id, "waiting", due_at=due_at, attempts=row.attempts)))

    async def _fly(self, queued: _Queued) -> None:
        row = queued.row
        try:
            delivery = outbox.delivery_of(row)
            async with asyncio.timeout(SEND_S) as patience:
                platform_id = await self._say(delivery, queued.replaces, patience)
            ended = _Ended(Settled(row.id, "sent", platform_id=platform_id, attempts=row.attempts))
            self._outages = 0
        except SendError as failure:
            ended = self._failed(queued, failure)
        except OSError as fault:  # a time-out is one too
            ended = self._again(row, type(fault).__name__)
        except Exception as fault:
            log.exception("a send hit a bug", extra=self._what(outbox_id=row.id, error=type(fault).__name__))
            ended = self._again(row, type(fault).__name__)
        finally:
            self.pacer.landed(queued.address)
            del self._flights[row.id], self._there[row.id]
        self.meter.sent(self.channel.name, "retry" if ended.settled.state == "waiting" else ended.settled.state)
        self._end(ended)

    async def _say(self, delivery: Delivery, replaces: str | None, patience: asyncio.Timeout) -> str:
        """In place of what was said before where that can be; else as a message of its own, or several."""
        if self._editing is not None and replaces is not None:
            try:
                return await self._editing.edit(replaces, delivery)
            except SendError as failure:
                if not failure.final:
                    raise
            await self._further(delivery.address, patience)  # platforms count the try to change it too
        parting: Parting | None = self._parting
        if parting is None:
            return await self.channel.send(delivery)
        return await parting.send(delivery, lambda: self._further(delivery.address, patience))

    async def _further(self, address: Address, patience: asyncio.Timeout) -> None:
        """Return once the next message of the same delivery may leave, as the pace has it."""
        self.pacer.landed(address)
        patience.reschedule(None)
        while wait_s := self.pacer.wait_s(address):
            if wait_s > LONGEST_PAUSE_S:
                raise SendError("the rest of it has to wait", retry_after_s=wait_s)
            await asyncio.sleep(wait_s)
        self.pacer.take(address)
        patience.reschedule(asyncio.get_running_loop().time() + SEND_S)

    def _failed(self, queued: _Queued, failure: SendError) -> _Ended:
        row = queued.row
        if failure.everyone:
            return self._outage(row, failure)
        if failure.gone:
            return _Ended(Settled(row.id, "gone", attempts=row.attempts + 1, error=failure.says), gone=row.target)
        if failure.later:
            return _Ended(Settled(row.id, "parked", attempts=row.attempts, error=failure.says))
        if failure.final:
            log.error("a message was refused", extra=self._what(outbox_id=row.id))
            return _Ended(Settled(row.id, "refused", attempts=row.attempts + 1, error=failure.says))
        if failure.retry_after_s is None:
            return self._again(row, failure.says)
        until = self._hold(queued.address, failure.retry_after_s)
        ended = self._again(row, failure.says, until)
        return _Ended(ended.settled, held=(queued.address, until))

    def _outage(self, row: Outgoing, failure: SendError) -> _Ended:
        """The whole channel rests; the message is not to blame, so its attempts stay."""
        self._outages += 1
        wait_s = failure.retry_after_s
        until = self._hold(None, self._back_off_s(self._outages) if wait_s is None else wait_s)
        settled = Settled(row.id, "waiting", due_at=until, attempts=row.attempts, error=failure.says)
        return _Ended(settled, held=(None, until))

    def _hold(self, address: Address | None, seconds: float) -> datetime:
        self.pacer.hold(address, seconds)
        return self.clock.now() + timedelta(seconds=max(0.0, seconds))

    def _again(self, row: Outgoing, says: str, due_at: datetime | None = None) -> _Ended:
        attempts = row.attempts + 1
        if attempts >= ATTEMPTS:
            log.error("a message was given up", extra=self._what(outbox_id=row.id, attempts=attempts))
            return _Ended(Settled(row.id, "refused", attempts=attempts, error=says))
        due_at = due_at or self.clock.now() + timedelta(seconds=self._back_off_s(attempts))
        return _Ended(Settled(row.id, "waiting", due_at=due_at, attempts=attempts, error=says))

    def _back_off_s(self, attempts: int) -> float:
        """Twice as long after each failure, and not all at the same moment."""
        longest = min(AGAIN_MOST_S, AGAIN_FIRST_S * 2.0 ** min(attempts, ATTEMPTS))
        return longest * self._jitter.uniform(0.5, 1.0)

    def _end(self, ended: _Ended) -> None:
        self._ended.append(ended)
        self._news.set()
        self._moved.set()

    def _nudge(self) -> None:
        self._woken = True
        self._news.set()

    async def _farewell(self) -> None:
        """Let flights land, settle them, and leave what has not left to whoever speaks next."""
        self._queue.clear()
        flights = list(self._flights.values())
        if flights:
            await asyncio.wait(flights, timeout=FAREWELL_S)
        for flight in self._flights.values():
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self._settle_finally()
        except (SQLAlchemyError, TimeoutError):
            log.exception("the last deliveries could not be settled", extra=self._what(deliveries=len(self._ended)))
        finally:
            await asyncio.to_thread(self._baton.drop)

    async def _settle_finally(self) -> None:
        ours = await asyncio.to_thread(self._baton.held)
        now = self.clock.now()

        def job(session: Session) -> None:
            self._job(session, self._ended, now, 0, Lane.DIGEST)
            if ours:
                claiming.release(session, self.channel.name)

        await self.dispatcher.run(job)
        self._ended.clear()

    def _what(self, **values: object) -> dict[str, object]:
        return {"channel": self.channel.name, **values}
