"""What is known of messages on their way: a try goes on where the last one ended, and the same words may be said again."""

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from bot.message import Delivery

KEPT = 10_000
TWICE_S = 30
"""The platform drops the same words to the same person when they come again so soon."""
IN_DOUBT_S = 1800
"""As long as that, where we do not know whether our last try was heard."""
Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Memory(Generic[Key, Kept]):
    """The latest of many, and never more than KEPT."""

    def __init__(self) -> None:
        self._held: OrderedDict[Key, Kept] = OrderedDict()

    def get(self, key: Key) -> Kept | None:
        """What is remembered of it."""
        return self._held.get(key)

    def keep(self, key: Key, kept: Kept) -> None:
        """Remember it."""
        self._held[key] = kept
        self._held.move_to_end(key)
        while len(self._held) > KEPT:
            self._held.popitem(last=False)

    def forget(self, key: Key) -> None:
        """It is no more."""
        self._held.pop(key, None)


@dataclass(frozen=True, slots=True)
class Try:
    """How far a delivery in several messages came."""

    said: int = 0
    name: str = ""
    """The platform's name of the last of them."""
    in_doubt: bool = False
    """Nobody knows whether the next one was heard."""


class Tries:
    """The deliveries that did not come to their end, and what was said lately."""

    def __init__(self) -> None:
        self._begun: Memory[tuple[int, int], Try] = Memory()
        self._lately: Memory[tuple[str, int], float] = Memory()

    def begun(self, delivery: Delivery) -> Try:
        """How far the last try came with these words."""
        return self._begun.get(_key(delivery)) or Try()

    def ended(self, delivery: Delivery, came: Try | None) -> None:
        """It came so far, or to its end."""
        if came is None:
            self._begun.forget(_key(delivery))
        else:
            self._begun.keep(_key(delivery), came)

    def check(self, to: str, message: Mapping[str, object], *, in_doubt: bool) -> Mapping[str, object]:
        """What the platform is to do about the same words: to drop ours if they are a second try, and only then."""
        if in_doubt:
            return {"enable_duplicate_check": 1, "duplicate_check_interval": IN_DOUBT_S}
        before = self._lately.get(_words(to, message))
        if before is not None and time.monotonic() - before <= TWICE_S:
            return {"enable_duplicate_check": 0}
        return {"enable_duplicate_check": 1, "duplicate_check_interval": TWICE_S}

    def heard(self, to: str, message: Mapping[str, object]) -> None:
        """The platform has it."""
        self._lately.keep(_words(to, message), time.monotonic())


def _key(delivery: Delivery) -> tuple[int, int]:
    return delivery.id, hash((delivery.text, delivery.buttons))


def _words(to: str, message: Mapping[str, object]) -> tuple[str, int]:
    return to, hash(msgspec.json.encode(message))
