"""A pretend platform that keeps its own count of its limits, fails on command and remembers what it heard."""

import asyncio
import time
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass

from bot.ability import EVERYTHING
from bot.errors import SendError
from bot.message import Delivery, Lane
from bot.pace import Limit, Pace


@dataclass(frozen=True, slots=True)
class Heard:
    """One message that reached the platform, accepted or not."""

    at: float
    """As time.monotonic() tells it."""
    target: str
    text: str
    lane: Lane


class Windows:
    """Counts, for each of a platform's limits, what the last window held: the other side of the promise."""

    def __init__(self) -> None:
        self._held: dict[tuple[Hashable, Limit], deque[float]] = {}
        self.violations = 0

    def count(self, of: Hashable, limits: tuple[Limit, ...], now: float) -> None:
        """One more message."""
        for limit in limits:
            window = self._held.setdefault((of, limit), deque())
            while window and window[0] <= now - limit.per_s:
                window.popleft()
            window.append(now)
            if len(window) > limit.most:
                self.violations += 1


class FakeChannel:
    """A channel to a platform that is in the same room."""

    def __init__(self, name: str = "fake", pace: Pace | None = None) -> None:
        self.name = name
        self.pace = pace or Pace()
        self.able = EVERYTHING
        self.windows = Windows()
        self.tried: list[Heard] = []
        self.heard: list[Heard] = []
        self.failures: dict[str, list[Exception | None]] = {}
        """By target: what happens to the next messages, one after the other; None lets one through."""
        self.takes_s = 0.0
        self.in_the_air = 0
        self.most_in_the_air = 0

    @property
    def texts(self) -> list[str]:
        """What was accepted, in order."""
        return [heard.text for heard in self.heard]

    def heard_by(self, target: str) -> list[str]:
        """What was accepted for one target, in order."""
        return [heard.text for heard in self.heard if heard.target == target]

    async def send(self, delivery: Delivery) -> str:
        """Take it, or fail as told."""
        now = time.monotonic()
        target = delivery.address.target
        heard = Heard(now, target, delivery.text, delivery.lane)
        self.windows.count("app", self.pace.app, now)
        self.windows.count(delivery.address, self.pace.private if delivery.address.private else self.pace.group, now)
        self.tried.append(heard)
        self.in_the_air += 1
        self.most_in_the_air = max(self.most_in_the_air, self.in_the_air)
        try:
            if self.takes_s:
                await asyncio.sleep(self.takes_s)
            failure = self.failures[target].pop(0) if self.failures.get(target) else None
            if failure is not None:
                raise failure
        finally:
            self.in_the_air -= 1
        self.heard.append(heard)
        return f"m{len(self.heard)}"


def busy(retry_after_s: float, *, everyone: bool = False) -> SendError:
    """429 Too Many Requests."""
    return SendError("too many requests", retry_after_s=retry_after_s, everyone=everyone)


def blocked() -> SendError:
    """403: the user has blocked the bot."""
    return SendError("bot was blocked by the user", gone=True)


def too_long() -> SendError:
    """400: this message will never be accepted."""
    return SendError("message is too long", final=True)


def no_network() -> Exception:
    """The platform did not answer at all."""
    return ConnectionResetError("reset by peer")
