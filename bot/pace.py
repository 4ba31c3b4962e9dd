"""How fast words may leave: a platform's limits as data, and the even pace that never breaks them."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.message import Address

MARGIN = 1.025
"""Sends are this much further apart than allowed: on their way through the network they may move closer together."""
SLACK = 0.015
"""The part of a window that a late timer may catch up, so that the pace is kept and not only approached."""
SWEPT_AT_ONCE = 2
"""Targets looked at, to be forgotten, for each one that is remembered: so memory follows those that are busy."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` messages in any `per_s` seconds; `burst` of them may leave at once after a rest."""

    most: int
    per_s: float
    burst: int = 1

    def __post_init__(self) -> None:
        """A limit that nothing could keep is a mistake in a channel's table."""
        if not 1 <= self.burst <= self.most or self.per_s <= 0:
            raise ValueError(f"no pace can keep {self}")

    @property
    def apart_s(self) -> float:
        """Seconds between two sends at full pace: any `most` + 1 of them span more than the window."""
        return self.per_s * (MARGIN + SLACK) / (self.most - self.burst + 1)

    @property
    def early_s(self) -> float:
        """How far a send may run ahead of the even pace."""
        return self.apart_s * (self.burst - 1) + self.per_s * SLACK


@dataclass(frozen=True, slots=True)
class Pace:
    """A platform's published limits: for everything the bot says there, for each group, for each private chat."""

    app: tuple[Limit, ...] = ()
    group: tuple[Limit, ...] = ()
    private: tuple[Limit, ...] = ()


class _Track:
    """How far a target, or the whole channel, is ahead of its even pace (the generic cell rate algorithm)."""

    __slots__ = ("_limits", "_next", "held_until")

    def __init__(self, limits: tuple[tuple[float, float], ...]) -> None:
        self._limits = limits
        self._next = [0.0] * len(limits)
        self.held_until = 0.0

    def opens_at(self) -> float:
        opens = self.held_until
        for (_, early_s), due in zip(self._limits, self._next, strict=True):
            opens = max(opens, due - early_s)
        return opens

    def idle_at(self) -> float:
        """From then on it is as good as forgotten."""
        return max(self.held_until, *self._next) if self._next else self.held_until

    def take(self, now: float) -> None:
        for n, (apart_s, _) in enumerate(self._limits):
            self._next[n] = max(self._next[n], now) + apart_s

    def landed(self, now: float) -> None:
        for n, (apart_s, _) in enumerate(self._limits):
            self._next[n] = max(self._next[n], now + apart_s)


class Pacer:
    """Says when the next word may leave; every step takes the same small time, however many targets there are."""

    def __init__(self, pace: Pace, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._now = monotonic
        self._channel = _Track(_paces(pace.app))
        self._group = _paces(pace.group)
        self._private = _paces(pace.private)
        self._targets: OrderedDict[Address, _Track] = OrderedDict()

    def __len__(self) -> int:
        """How many targets are remembered."""
        return len(self._targets)

    def wait_s(self, address: Address | None) -> float:
        """Seconds until a word to `address` may leave, 0 for now; None asks for the whole channel."""
        opens = self._channel.opens_at()
        if address is not None and (track := self._targets.get(address)):
            opens = max(opens, track.opens_at())
        return max(0.0, opens - self._now())

    def take(self, address: Address) -> None:
        """A word to `address` leaves now."""
        now = self._now()
        self._channel.take(now)
        if self._private if address.private else self._group:
            self._track(address, now).take(now)

    def landed(self, address: Address) -> None:
        """A word to `address` was on its way until now: the next comes no sooner after it than where it left at once."""
        if track := self._targets.get(address):
            track.landed(self._now())

    def hold(self, address: Address | None, seconds: float) -> None:
        """Nothing to `address` for so long, or nothing at all when it is None: the platform's own word."""
        now = self._now()
        track = self._channel if address is None else self._track(address, now)
        track.held_until = max(track.held_until, now + seconds)

    def within(self, seconds: float, most: int) -> int:
        """How many words the whole channel may say in so long: at least one, at most `most`."""
        return max(1, min([most, *(int(seconds / limit.apart_s) for limit in self._pace.app)]))

    def _track(self, address: Address, now: float) -> _Track:
        track = self._targets.get(address)
        if track is None:
            self._forget_idle(now)
            track = self._targets[address] = _Track(self._private if address.private else self._group)
        return track

    def _forget_idle(self, now: float) -> None:
        for _ in range(min(SWEPT_AT_ONCE, len(self._targets))):
            address, track = self._targets.popitem(last=False)
            if track.idle_at() > now:
                self._targets[address] = track


def _paces(limits: tuple[Limit, ...]) -> tuple[tuple[float, float], ...]:
    return tuple((limit.apart_s, limit.early_s) for limit in limits)
