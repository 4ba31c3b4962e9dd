"""What a channel does by hand: words for groups that only a member can let go, and what it tells of those groups."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class SeenGroup:
    """A customer group as the platform tells of it."""

    chat: str
    owner: str
    name: str
    staff: int
    residents: int
    came_by: Mapping[str, int]
    """How many neighbours came by which square: by its state."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to be done about words for customer groups of one owner."""

    kind: Literal["ask", "find", "ring", "look", "cancel"]
    """ask: let the platform give them to the owner; find: see whether an ask without an answer was heard; ring: remind
    the owner; look: see what became of them; cancel: take them back."""
    ids: tuple[int, ...]
    owner: str
    chats: tuple[str, ...]
    text: str
    task: str
    """The platform's id of it; empty before it is known."""
    begun_at: datetime | None


class Desk(Protocol):
    """Where errands are fetched, and where it is told how they went; whatever it was told is durable."""

    def now(self) -> datetime:
        """This moment, aware."""
        ...

    async def owners(self, channel: str) -> Sequence[str]:
        """The accounts of all staff on this channel: whoever may own such groups."""
        ...

    async def counted_at(self) -> datetime | None:
        """When the group that was seen longest ago was seen; None where there is none."""
        ...

    async def seen(self, channel: str, groups: Sequence[SeenGroup]) -> None:
        """These groups stand, with so many members."""
        ...

    async def all_seen(self, since: datetime) -> None:
        """Every group was looked at since then: the others are no more."""
        ...

    async def next(self) -> Errand | None:
        """What to do next; for words that are given out it is noted before, so that nothing is given out twice."""
        ...

    async def asked(self, errand: Errand, task: str) -> bool:
        """The platform made this task of it; False where that is known as the task of other words."""
        ...

    async def unasked(self, errand: Errand, error: str, again_s: float | None) -> None:
        """The platform made none, and is asked again after so long, or never."""
        ...

    async def refused(self, errand: Errand, chats: Collection[str], error: str) -> None:
        """The task is not for these groups."""
        ...

    async def results(self, errand: Errand, sent: Collection[str], failed: Mapping[str, str]) -> None:
        """In these groups it was sent; in those it cannot be, by what the platform says."""
        ...

    async def cancelled(self, errand: Errand) -> None:
        """Its owner is no longer asked to send it."""
        ...

    async def uncancelled(self, errand: Errand, error: str, again_s: float) -> None:
        """Its owner can still send it: the platform did not take it back, and is asked again after so long."""
        ...
