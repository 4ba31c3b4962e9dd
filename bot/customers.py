"""The desk at which channels fetch what is to be done by hand in customer groups, and tell how it went."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.channels.errands import Errand, SeenGroup
from bot.clock import Clock
from bot.dispatcher import Dispatcher
from handlers.people import customer_groups
from storage import customers, grids, rosters
from storage.session import Session

FOUND_AFTER = timedelta(minutes=2)
"""So long after a task was asked for the platform's own list has it, if it was heard."""
LOOKED_AT_EVERY = timedelta(minutes=5)
MORNING = time(8)
"""When the next day's message of a group is given to its owner."""


class CustomerDesk:
    """Over one database."""

    def __init__(self, dispatcher: Dispatcher, clock: Clock, zone: ZoneInfo) -> None:
        self._dispatcher = dispatcher
        self._clock = clock
        self._zone = zone

    def now(self) -> datetime:
        """This moment, aware."""
        return self._clock.now()

    async def owners(self, channel: str) -> Sequence[str]:
        """The accounts of all staff on this channel."""
        now = self._clock.now()

        def job(session: Session) -> Sequence[str]:
            top = grids.root(session)
            roster = rosters.of_staff(session, channel, top.code, now) if top else None
            return roster[1] if roster else ()

        return await self._dispatcher.run(job)

    async def counted_at(self) -> datetime | None:
        """When the group that was seen longest ago was seen."""
        return await self._dispatcher.run(customers.counted_at)

    async def seen(self, channel: str, groups: Sequence[SeenGroup]) -> None:
        """Keep them, each with the grid it belongs to; one that was known stays where it was unless it says better."""
        if groups:
            now = self._clock.now()
            await self._dispatcher.run(lambda session: _keep(session, channel, groups, now))

    async def all_seen(self, since: datetime) -> None:
        """Those that were not seen since then are no more."""
        now = self._clock.now()
        await self._dispatcher.run(lambda session: customers.unseen(session, since, now))

    async def next(self) -> Errand | None:
        """What to do next: take back, remind, find out, give out, look."""
        now = self._clock.now()
        begins = datetime.combine(now.astimezone(self._zone).date(), time(), self._zone)
        tomorrow = datetime.combine(begins.date() + timedelta(days=1), MORNING, self._zone)

        def job(session: Session) -> Errand | None:
            if found := customers.next_to_cancel(session, now):
                return _of("cancel", found)
            if found := customers.next_to_ring(session, now):
                return _of("ring", found)
            if found := customers.next_in_doubt(session, now - FOUND_AFTER):
                return _of("find", found)
            if found := customers.next_to_ask(session, now, day=begins, tomorrow=tomorrow):
                return _of("ask", found)
            if found := customers.next_to_look_at(session, now, now - LOOKED_AT_EVERY):
                return _of("look", found)
            return None

        return await self._dispatcher.run(job)

    async def asked(self, errand: Errand, task: str) -> bool:
        """Its owner has it as this task."""
        return await self._dispatcher.run(lambda session: customers.asked(session, errand.ids, task))

    async def unasked(self, errand: Errand, error: str, again_s: float | None) -> None:
        """The platform made no task of it."""
        due_at = None if again_s is None else self._clock.now() + timedelta(seconds=again_s)
        await self._dispatcher.run(lambda session: customers.unasked(session, errand.ids, error, due_at))

    async def refused(self, errand: Errand, chats: Collection[str], error: str) -> None:
        """Not for these groups."""
        await self._dispatcher.run(lambda session: customers.failed(session, errand.ids, chats, error))

    async def results(self, errand: Errand, sent: Collection[str], failed: Mapping[str, str]) -> None:
        """Sent there; refused there."""
        now = self._clock.now()

        def job(session: Session) -> None:
            customers.settle(session, errand.task, sent, customers.SENT, now)
            for chat, error in failed.items():
                customers.settle(session, errand.task, [chat], customers.FAILED, now, error)

        await self._dispatcher.run(job)

    async def cancelled(self, errand: Errand) -> None:
        """Taken back."""
        now = self._clock.now()
        await self._dispatcher.run(
            lambda session: customers.settle(session, errand.task, errand.chats, customers.OVER, now)
        )

    async def uncancelled(self, errand: Errand, error: str, again_s: float) -> None:
        """Not taken back."""
        due_at = self._clock.now() + timedelta(seconds=again_s)
        await self._dispatcher.run(lambda session: customers.uncancelled(session, errand.task, error, due_at))


def _of(kind: Literal["ask", "find", "ring", "look", "cancel"], found: customers.Errand) -> Errand:
    return Errand(kind, found.ids, found.owner, found.chats, found.text, found.task, found.begun_at)


def _keep(session: Session, channel: str, groups: Sequence[SeenGroup], now: datetime) -> None:
    known = customers.grids_of(session, [one.chat for one in groups])
    seats = customer_groups.seats_of(session, channel, {one.owner for one in groups}, now)
    rows: list[Mapping[str, object]] = []
    for one in groups:
        found = customer_groups.grid_of(session, one.name, one.came_by, seats.get(one.owner))
        grid_id = found or known.get(one.chat)
        code = grids.get(session, grid_id).code if grid_id else ""
        rows.append(
            {
                "chat": one.chat, "grid_id": grid_id, "owner": one.owner, "name": one.name, "staff": one.staff,
                "residents": one.residents, "by_square": one.came_by.get(code, 0), "seen_at": now, "gone_at": None,
            }
        )  # fmt: skip
    customers.keep_groups(session, rows)
