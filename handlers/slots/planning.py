"""What a queue would be: which building comes when, which groups hear of it, what stands in the same place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from bot.errors import UserMistake
from bot.turn import Scene
from handlers.slots import rules as slot_rules
from handlers.slots.rules import Timed
from storage import chats, grids, slots
from storage.chats import Chat
from storage.grids import Grid
from storage.slots import SlotQueue


@dataclass(frozen=True, slots=True)
class Plan:
    """A queue as it would be."""

    grid: Grid
    starts_at: datetime
    ends_at: datetime
    timed: Sequence[Timed]
    households: int
    fits: int
    """Households that can be served in time."""

    @property
    def left_over(self) -> int:
        """Households for whom there is no time."""
        return max(0, self.households - self.fits)


@dataclass(frozen=True, slots=True)
class Clash:
    """Another queue that stands in the same place from then until then."""

    queue: SlotQueue
    since: datetime
    until: datetime


def where(grids_by_id: Mapping[int, Grid], grid_id: int, building: str) -> str:
    """What a turn is called in a group: its building, or the micro-grid where there are none."""
    if not building:
        return grids_by_id[grid_id].name
    return f"{building}栋" if building.isdecimal() else building


def plan(scene: Scene, draft: SlotQueue) -> Plan:
    """Who would come when; UserMistake where there is nobody, or too many for one queue."""
    rows, grid = slot_rules.rules(scene.catalog), grids.get(scene.session, draft.grid_id)
    found = slots.buildings(scene.session, grid.code)
    many = sum(one.households for one in found)
    if not many:
        raise UserMistake("slots/nobody", grid=grid)
    if many > rows.most_households:
        raise UserMistake("slots/too_many", grid=grid, households=many, most=rows.most_households)
    if draft.starts_at is None or draft.ends_at is None:
        raise UserMistake("slots/unknown", number=draft.number)
    quarter = timedelta(minutes=rows.quarter_minutes)
    fits = int((draft.ends_at - draft.starts_at) / quarter * draft.per_quarter)
    timed = slot_rules.timed(found, draft.starts_at, draft.per_quarter, rows)
    return Plan(grid, draft.starts_at, draft.ends_at, timed, many, fits)


def pace_needed(scene: Scene, planned: Plan) -> int:
    quarter = timedelta(minutes=slot_rules.rules(scene.catalog).quarter_minutes)
    return ceil(planned.households * quarter / (planned.ends_at - planned.starts_at))


def end_needed(scene: Scene, draft: SlotQueue, planned: Plan) -> datetime:
    quarter = timedelta(minutes=slot_rules.rules(scene.catalog).quarter_minutes)
    return planned.starts_at + quarter * ceil(planned.households / draft.per_quarter)


def clashing(scene: Scene, draft: SlotQueue, planned: Plan) -> Clash | None:
    """The last open queue around here in the same place whose published times overlap with these."""
    around = grids.lineage(scene.session, planned.grid)[:2]
    ends = max((one.ends_at for one in planned.timed), default=planned.ends_at)
    found: list[Clash] = []
    for other in slots.open_below(scene.session, [around[-1].code]):
        if other.number == draft.number or other.drill != draft.drill or _bare(other.place) != _bare(draft.place):
            continue
        turns = slots.turns(scene.session, other.number)
        if turns and turns[0].starts_at < ends and planned.starts_at < max(one.ends_at for one in turns):
            found.append(Clash(other, turns[0].starts_at, max(one.ends_at for one in turns)))
    return max(found, key=lambda one: one.until, default=None)


def _bare(place: str) -> str:
    return "".join(place.split())


def lines(scene: Scene, timed: Sequence[Timed]) -> list[tuple[str, int, datetime, datetime]]:
    """(what it is called, households, from, until) of each building."""
    named = grids.by_ids(scene.session, {one.building.grid_id for one in timed})
    return [
        (where(named, one.building.grid_id, one.building.building), one.building.households, one.starts_at, one.ends_at)
        for one in timed
    ]


def groups(scene: Scene, timed: Sequence[Timed]) -> tuple[list[tuple[Chat, list[Timed]]], list[Grid]]:
    """The residents' groups with their buildings, each the nearest one; and the grids that have none."""
    mine = {one.building.grid_id for one in timed}
    around = grids.with_all_above(scene.session, mine)
    bound = {chat.grid_id: chat for chat in chats.bound_to(scene.session, list(around), "residents")}
    heard: dict[int, tuple[Chat, list[Timed]]] = {}
    silent: dict[int, Grid] = {}
    for one in timed:
        grid = around[one.building.grid_id]
        above: Grid | None = grid
        while above is not None and above.id not in bound:
            above = around[above.parent_id] if above.parent_id is not None else None
        if above is None:
            silent[grid.id] = grid
        else:
            chat = bound[above.id]
            heard.setdefault(chat.id, (chat, []))[1].append(one)
    return list(heard.values()), list(silent.values())
