"""Counts what happens, in the words of Prometheus; asking costs the messages nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.message import Lane
from storage import matters, outbox
from storage.outbox import Backlog
from storage.session import Session

COMMIT_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
MESSAGE_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


@dataclass(frozen=True, slots=True)
class Figures:
    """What only the database knows, at one moment."""

    at: datetime
    backlog: Sequence[Backlog]
    overdue: int


def figures(session: Session, now: datetime) -> Figures:
    """Ask the database."""
    return Figures(now, outbox.backlog(session, now), matters.overdue_count(session, now))


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._messages = Counter(
            "xiaoge_messages", "Messages that had their effect", ["intent"], registry=self._registry
        )
        self._commit = Histogram(
            "xiaoge_commit_seconds",
            "A batch, from its first message to durable",
            registry=self._registry,
            buckets=COMMIT_S,
        )
        self._message = Histogram(
            "xiaoge_message_seconds",
            "How long a message waited until its effect was durable",
            registry=self._registry,
            buckets=MESSAGE_S,
        )
        self._stumbles = Counter("xiaoge_stumbles", "Messages and timers that hit a bug", registry=self._registry)
        self._sends = Counter(
            "xiaoge_sends", "Deliveries that were tried", ["channel", "result"], registry=self._registry
        )
        self._waiting = Gauge(
            "xiaoge_dispatcher_waiting", "Messages that wait for a transaction", registry=self._registry
        )
        lanes = ["channel", "lane"]
        self._depth = Gauge("xiaoge_outbox_waiting", "Words that could leave now", lanes, registry=self._registry)
        self._age = Gauge(
            "xiaoge_outbox_oldest_seconds", "Since when the oldest of them could leave", lanes, registry=self._registry
        )
        self._overdue = Gauge("xiaoge_matters_overdue", "Living matters past their deadline", registry=self._registry)
        self._by_intent: dict[str, Counter] = {}
        self._by_result: dict[tuple[str, str], Counter] = {}
        self._seen_lanes: set[tuple[str, int]] = set()

    def handled(self, intent: str) -> None:
        """One message had its effect."""
        counter = self._by_intent.get(intent)
        if counter is None:
            counter = self._by_intent[intent] = self._messages.labels(intent)
        counter.inc()

    def committed(self, messages: int, seconds: float) -> None:
        """One batch is durable."""
        self._commit.observe(seconds)

    def stumbled(self) -> None:
        """Something hit a bug."""
        self._stumbles.inc()

    def answered(self, seconds: float) -> None:
        """A webhook was answered so long after it came in."""
        self._message.observe(seconds)

    def sent(self, channel: str, result: str) -> None:
        """A delivery ended: sent, retry, gone or refused."""
        counter = self._by_result.get((channel, result))
        if counter is None:
            counter = self._by_result[channel, result] = self._sends.labels(channel, result)
        counter.inc()

    def page(self, figures: Figures, waiting: int) -> bytes:
        """Everything as Prometheus reads it; `waiting` is how many messages wait for a transaction."""
        self._waiting.set(waiting)
        self._overdue.set(figures.overdue)
        now_there = {(row.channel, row.lane): row for row in figures.backlog}
        self._seen_lanes |= now_there.keys()
        for channel, lane in self._seen_lanes:
            row = now_there.get((channel, lane))
            labels = (channel, Lane(lane).name.lower())
            self._depth.labels(*labels).set(row.waiting if row else 0)
            self._age.labels(*labels).set((figures.at - row.oldest).total_seconds() if row else 0)
        return generate_latest(self._registry)
