"""The rules of a matter's life as data: lifecycles, routes and the ladder of clocks."""

from typing import Literal

import msgspec

from bot.catalog import Catalog, Limits

Who = Literal[
    "owner", "handler", "above", "reporter", "follower", "supervisor", "vetter", "claimer", "neighbour", "clock"
]
Heard = Literal["reporter", "followers", "owner", "rung", "group"]


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a matter stands, which of its clocks runs there, and what its owner may tap."""

    name: str
    buttons: tuple[str, ...] = ()
    hint: str = ""
    """What to do there, for whoever wants what cannot be done."""
    clock: Literal["accept_by", "arrive_by", "finish_by", "held_until", "silence", "own", ""] = ""
    """own: the wing of its kind keeps its times."""


class Verb(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"starts": "from", "ends": "to"}):
    """What may be done to it: from which states, by whom, and who hears of it."""

    name: str
    starts: tuple[str, ...]
    who: tuple[Who, ...]
    phase: str
    """A phase of the digital city management workflow."""
    ends: str = ""
    """The state it leads to; empty: it stays where it is."""
    stamp: str = ""
    """The column that keeps the moment."""
    tells: dict[Heard, str] = {}


class Lifecycle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """States and verbs of one kind of matter."""

    name: str
    start: str
    closed: str
    states: dict[str, State]
    verbs: dict[str, Verb]

    def __post_init__(self) -> None:
        """Every verb leads from and to a state that is there."""
        for code, verb in self.verbs.items():
            for state in (*verb.starts, verb.ends or self.start):
                if state not in self.states:
                    raise ValueError(f"{code} names the state {state!r}, which is not there")


class Route(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule: category x urgency x place x mode x time -> roles, or a unit of a line."""

    to: tuple[str, ...]
    categories: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    mode: str = ""
    shift: str = ""
    unit: str = ""
    also: tuple[str, ...] = ()
    """In an emergency the nearest of each of these roles is rung besides the nearest people."""


class Shifts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the day shift runs, and what both are called."""

    day: tuple[str, str]
    names: dict[str, str]


class CalledOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What whoever cried for help says when it was nothing, and what shows that it is not over."""

    words: tuple[str, ...]
    unless: tuple[str, ...]


class Routes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """routes.toml."""

    window_hours: int
    alike: int
    alike_without_place: int
    reopen_days: int
    unsure_again_minutes: int
    add_minutes: int
    urge_again_minutes: int
    another: tuple[str, ...]
    """Said of a danger they tell of a second one, and are no more of the first."""
    of_one_home: tuple[str, ...]
    """Categories of what one family suffers: another family's words are no second voice for it."""
    called_off: CalledOff
    shifts: Shifts
    route: tuple[Route, ...]


class EmergencyClocks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Minutes from the first word."""

    accept: int
    arrive: int
    finish: int
    marks: tuple[int, ...]
    ring: int
    """How many posts are rung at once."""


class WarLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The longest that a matter of this urgency may take at war; its own limits hold where they are shorter."""

    urgency: str
    limits: Limits
    categories: tuple[str, ...] = ()


class War(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of the ladder differs at war."""

    step: dict[str, str]
    again: dict[str, str]
    limit: tuple[WarLimits, ...]


class Ladder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """ladder.toml."""

    remind: float
    shortest_reminder_minutes: int
    silence: str
    answer: str
    """How long a question to a post above may stay unanswered before the next one is asked."""
    digest_from: int
    """From this many matters on, one person hears of them in one message."""
    calm: float
    """At the top, the pause grows to this share of the matter's age."""
    step: dict[str, str]
    again: dict[str, str]
    emergency: EmergencyClocks
    war: War


def lifecycle(catalog: Catalog, kind: str) -> Lifecycle:
    """The lifecycle of a kind of matter; CatalogError where a verb leads nowhere."""
    return catalog.read(f"lifecycles/{kind}.toml", Lifecycle)


def routes(catalog: Catalog) -> Routes:
    """Who gets what."""
    return catalog.read("routes.toml", Routes)


def ladder(catalog: Catalog) -> Ladder:
    """When somebody is reminded and rung."""
    return catalog.read("ladder.toml", Ladder)
