"""Hands everything that waits to one transaction, commits once, then tells everybody who waited."""

import asyncio
import logging
import math
import threading
import time
import zlib
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.batch import Batch, Kit
from bot.message import Incoming
from storage.database import Database, gave_way
from storage.session import Session

log = logging.getLogger(__name__)

AT_ONCE = 64
"""Messages in one transaction at most: more would make the first of them wait."""
MANY = 32
"""So many at once show that many speak: then the next transaction waits a breath for those who have just been answered."""
BREATH_S, LONGEST_BREATH_S = 0.005, 0.04
"""It waits on while in every such breath more of them come, and no longer than this; else two take turns in one processor."""
MOST_TRIES = 5
"""So often one message is begun anew that stood in another's way: each time the other has got on."""
LOCK_LINES = text("SELECT pg_advisory_xact_lock(k) FROM (SELECT unnest(CAST(:keys AS bigint[])) AS k ORDER BY 1) AS s")
Result = TypeVar("Result")


@dataclass(slots=True)
class _Waiting(Generic[Result]):
    """Something that waits for its commit, and who waits for it."""

    loop: asyncio.AbstractEventLoop
    done: "asyncio.Future[Result]"
    incoming: Incoming | None = None
    job: Callable[[Session], Result] | None = None
    """Set when it is no message but other work in a transaction."""
    result: Result | None = None
    error: Exception | None = None


class _Queue:
    """What waits for one worker."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[_Waiting[object] | None] = SimpleQueue()
        self._expected = 0
        """So many wait once everybody is back who was just answered; 0 while nobody is waited for."""
        self._all_back = threading.Event()
        self._together = 1

    def put(self, one: "_Waiting[object] | None") -> None:
        """Let this one wait; None ends the worker once all before it is done."""
        self._waiting.put(one)
        if 0 < self._expected <= self._waiting.qsize():
            self._all_back.set()

    def qsize(self) -> int:
        """How many wait."""
        return self._waiting.qsize()

    def take(self) -> "list[_Waiting[object]]":
        """What belongs into the next transaction, as soon as there is something; nothing more to come: empty."""
        if self._together >= MANY:
            self._breathe(min(AT_ONCE, self._together + self._waiting.qsize()))
        first = self._waiting.get()
        taken = [] if first is None else [first, *self._more()]
        self._together = sum(one.incoming is not None for one in taken)
        return taken

    def _breathe(self, everybody: int) -> None:
        """Let those who have just been answered speak again, unhindered: a commit costs as much for all."""
        until, before = time.monotonic() + LONGEST_BREATH_S, -1
        self._all_back.clear()
        self._expected = everybody
        while before < self._waiting.qsize() < everybody and time.monotonic() < until:
            before = self._waiting.qsize()
            self._all_back.wait(BREATH_S)
        self._expected = 0

    def _more(self) -> Generator[_Waiting[object]]:
        for _ in range(AT_ONCE - 1):
            try:
                more = self._waiting.get_nowait()
            except Empty:
                return
            if more is None:
                self._waiting.put(None)
                return
            yield more


class Dispatcher:
    """The only writer. Messages of one conversation go to one worker, so they are handled in order."""

    def __init__(self, database: Database, kit: Kit) -> None:
        self.database = database
        self.kit = kit
        self.on_change: Callable[[], None] = lambda: None
        """Called on a worker's thread once words to say or timers may have become durable."""
        self.trouble = ""
        """What kept the last messages from being committed; empty once some were."""
        self.spoken_at = -math.inf
        """When messages were last committed, on the monotonic clock."""
        many = kit.settings.workers if database.is_postgres else 1
        self._queues = [_Queue() for _ in range(many)]
        self._threads = [
            threading.Thread(target=self._work, args=(queue,), name=f"writer-{n}", daemon=True)
            for n, queue in enumerate(self._queues)
        ]

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what waits, then end."""
        for queue in self._queues:
            queue.put(None)
        for thread in self._threads:
            thread.join()

    @property
    def waiting(self) -> int:
        """How many messages and jobs wait for a transaction."""
        return sum(queue.qsize() for queue in self._queues)

    async def submit(self, incoming: Incoming) -> None:
        """Return once the effect of `incoming` is durable; raises what the database raised if it cannot be."""
        queue = self._queue_of(incoming.line)
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()
        queue.put(_Waiting(loop, done, incoming=incoming))
        await done

    async def run(self, job: Callable[[Session], Result], line: str | None = None) -> Result:
        """The result of `job`, once it is durable; it shares a transaction with the messages that wait.

        With `line` it is done after the messages of that conversation which were submitted before.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()
        queue = self._queues[-1] if line is None else self._queue_of(line)
        queue.put(_Waiting(loop, done, job=job))  # pyright: ignore[reportArgumentType]
        return await done

    def _queue_of(self, line: str) -> "_Queue":
        """One worker's, always the same."""
        return self._queues[zlib.crc32(line.encode()) % len(self._queues)]

    async def tick(self) -> int:
        """Do what has become due by now; the number of timers it was."""
        ticked = await self.run(self._tick)
        if ticked:
            self.on_change()
        return ticked

    def _tick(self, session: Session) -> int:
        return Batch(self.kit, session, ()).tick()

    def _work(self, queue: "_Queue") -> None:
        while batch := queue.take():
            self._together(batch)

    def _together(self, batch: list[_Waiting[object]]) -> None:
        began = time.perf_counter()
        try:
            changed = self._until_unhindered(batch)
        except Exception as fault:
            if len(batch) > 1 and isinstance(fault, SQLAlchemyError):
                for one in batch:
                    self._together([one])
                return
            log.error("a batch could not be committed", exc_info=fault, extra={"messages": len(batch)})
            changed = False
            self.trouble = type(fault).__name__
            for one in batch:
                one.error = fault
        else:
            if any(one.incoming for one in batch):  # a clock's tick that finds nothing due proves nothing
                self.trouble = ""
                self.spoken_at = time.monotonic()
        self.kit.meter.committed(len(batch), time.perf_counter() - began)
        if changed:
            self.on_change()
        by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting[object]]] = {}
        for one in batch:
            by_loop.setdefault(one.loop, []).append(one)
        for loop, ended in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_tell, ended)

    def _until_unhindered(self, waiting: Sequence[_Waiting[object]]) -> bool:
        """The transaction; one that holds a single message and was undone for somebody else's sake is begun anew."""
        for _ in range(MOST_TRIES - 1 if len(waiting) == 1 else 0):
            try:
                return self._transaction(waiting)
            except DBAPIError as fault:
                if not gave_way(fault):
                    raise
                log.info("a transaction gave way to another and is begun anew")
        return self._transaction(waiting)

    def _transaction(self, waiting: Sequence[_Waiting[object]]) -> bool:
        """Whether there is something to say now."""
        messages = [one.incoming for one in waiting if one.incoming]
        with self.database.transaction() as session:
            if messages and session.is_postgres:
                keys = sorted({zlib.crc32(one.line.encode()) for one in messages})
                session.connection.execute(LOCK_LINES, {"keys": keys})
            batch = Batch(self.kit, session, messages) if messages else None
            for one in waiting:
                one.error = None
                if one.job:
                    _do(session, one, one.job)
                elif one.incoming and batch:
                    batch.handle(one.incoming)
        return batch is not None and batch.posted > 0


def _do(session: Session, one: _Waiting[object], job: Callable[[Session], object]) -> None:
    try:
        with session.savepoint():
            one.result = job(session)
    except DBAPIError:
        raise  # the transaction itself is in doubt: each alone then
    except Exception as fault:  # noqa: BLE001 - told to whoever waits for this job
        one.error = fault


def _tell(ended: Iterable[_Waiting[object]]) -> None:
    for one in ended:
        if one.done.done():
            continue  # whoever waited has left
        if one.error is not None:
            one.done.set_exception(one.error)
        else:
            one.done.set_result(one.result)
