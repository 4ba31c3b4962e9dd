"""Whether a place is at peace or at war 平战, asked from memory; what differs then is data (catalog/modes.toml)."""

from datetime import datetime, time, timedelta

import msgspec

from bot.catalog import Catalog
from bot.message import EITHER
from bot.turn import Scene
from storage import modes
from storage.grids import Grid
from storage.modes import PEACE, WAR, ModeOrder

FILE = "modes.toml"


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the day, perhaps over midnight."""

    starts: str = msgspec.field(name="from")
    until: str

    def __post_init__(self) -> None:
        """Both are times of day, and differ."""
        if time.fromisoformat(self.starts) == time.fromisoformat(self.until):
            raise ValueError(f"{self.starts} to {self.until} is no time at all")

    def holds(self, at: time) -> bool:
        """Whether this time of day is within."""
        starts, until = time.fromisoformat(self.starts), time.fromisoformat(self.until)
        return starts <= at < until if starts < until else at >= starts or at < until


class Quiet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When nobody is disturbed with what can wait."""

    peace: tuple[Span, ...]
    war: tuple[Span, ...] = ()


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """modes.toml."""

    longest_days: int
    shortest_minutes: int
    remind_minutes: int
    second_minutes: int
    second_hours: int
    ask_again_minutes: int
    offers: tuple[str, ...]
    leads: tuple[str, ...]
    asked_at_once: int
    named_heads: int
    quiet: Quiet


def terms(catalog: Catalog) -> Terms:
    """What differs between peace and war, and how an order comes and goes."""
    return catalog.read(FILE, Terms)


def mode_at(scene: Scene, grid: Grid, at: datetime | None = None) -> str:
    """ "war" while any order over this grid or anything above it stands, else "peace"; drills switch nothing."""
    return WAR if modes.over(scene.session, grid, at or scene.now) else PEACE


def at_war(scene: Scene, grid: Grid, at: datetime | None = None) -> bool:
    """Whether an order over this grid or above it stands."""
    return mode_at(scene, grid, at) == WAR


def orders_over(scene: Scene, grid: Grid, *, drills: bool = False) -> list[ModeOrder]:
    """The orders that stand over this grid now, the highest first."""
    return modes.over(scene.session, grid, scene.now, drills=drills)


def war_until(scene: Scene, grid: Grid) -> datetime | None:
    """Until when this place is at war, as it is ordered now; None in peace."""
    return max((one.until for one in orders_over(scene, grid) if one.until), default=None)


def worded(scene: Scene, grid: Grid, template: str) -> str:
    """The text to be said about this place: at war says/war/<template>.txt where there is one."""
    return f"{WAR}/{template}{EITHER}{template}" if at_war(scene, grid) else template


def quiet(scene: Scene, grid: Grid, moment: datetime) -> bool:
    """Whether what can wait should not be said there at this moment."""
    at = moment.astimezone(scene.settings.zone).time()
    return any(span.holds(at) for span in _spans(scene, grid, moment))


def quiet_until(scene: Scene, grid: Grid, moment: datetime) -> datetime:
    """The first moment from this one on at which it may be said there; this one itself when it is not quiet."""
    for _ in range(8):  # spans may follow one another, an order may lapse in between
        local = moment.astimezone(scene.settings.zone)
        span = next((one for one in _spans(scene, grid, moment) if one.holds(local.time())), None)
        if span is None:
            return moment
        ends = datetime.combine(local.date(), time.fromisoformat(span.until), scene.settings.zone)
        moment = ends if ends > local else ends + timedelta(days=1)
    return moment


def _spans(scene: Scene, grid: Grid, moment: datetime) -> tuple[Span, ...]:
    table = terms(scene.catalog).quiet
    return table.war if at_war(scene, grid, moment) else table.peace
