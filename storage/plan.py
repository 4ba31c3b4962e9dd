"""An organization as its community writes it down: by codes and numbers, not yet rows of a table."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlannedGrid:
    """A grid by the codes of its community."""

    code: str
    name: str
    level: str
    depth: int
    parent: str | None
    kind: str
    households: int
    people: int
    aliases: str


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """A person, with the (channel, external) accounts and the grid where they live, if that is known."""

    key: str
    name: str
    phone: str
    accounts: tuple[tuple[str, str], ...]
    home: str | None


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A department, and the grid it works for."""

    code: str
    name: str
    kind: str
    grid: str


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A person seated in a grid or in a unit: exactly one of the two."""

    person: str
    grid: str | None
    unit: str | None
    role: str
    seat: int
    mode: str
    shift: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PlannedChat:
    """A group bound to a grid; an empty name leaves the known one."""

    channel: str
    external: str
    name: str
    grid: str
    audience: str


@dataclass(frozen=True, slots=True)
class PlannedHousehold:
    """A door and how many live behind it."""

    grid: str
    building: str
    unit: str
    room: str
    people: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole organization; grids stand after their parents. Nothing in it is named that is not in it."""

    grids: tuple[PlannedGrid, ...]
    people: tuple[PlannedPerson, ...]
    units: tuple[PlannedUnit, ...]
    posts: tuple[PlannedPost, ...]
    chats: tuple[PlannedChat, ...]
    households: tuple[PlannedHousehold, ...]
