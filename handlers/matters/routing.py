"""Finds who owns a matter: category x place x mode x time -> post, by level or by line, with the reason kept."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.turn import Scene
from handlers.matters import rules
from handlers.people import duty, modes
from handlers.people.duty import Duty
from storage import posts
from storage.grids import Grid
from storage.matters import Matter
from storage.modes import PEACE, WAR
from storage.posts import Seat

BETWEEN = "·"
GUARANTOR = "guarantor"
LEADERS = 3
"""People of one level that are rung at a time."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose it is, and why."""

    seat: Seat | None
    """None when nobody in the whole lineage can be reached."""
    why: str
    on_duty: Duty
    route: rules.Route | None = None
    """The rule that said so."""


def assign(scene: Scene, grid: Grid, category: str, urgency: str, *, but: Collection[int] = ()) -> Assignment:
    """The owner by the first rule of routes.toml that fits, leaving out the posts in `but`."""
    table = rules.routes(scene.catalog)
    shift = duty.shift_at(scene.now, table.shifts.day, scene)
    on_duty = duty.over(scene, grid, shift=shift)
    for route in table.route:
        if not _fits(route, on_duty, category, urgency, shift):
            continue
        if route.unit and (seats := in_unit(scene, on_duty, route.unit, but)):
            return Assignment(seats[0], _why(scene, on_duty, category, shift, route.unit), on_duty, route)
        if seats := [seat for seat in on_duty.named(route.to) if seat.id not in but]:
            return Assignment(seats[0], _why(scene, on_duty, category, shift), on_duty, route)
    everybody = [seat for seat in duty.able(scene.catalog, on_duty.seats, "handle") if seat.id not in but]
    everybody.sort(key=on_duty.level_of)
    return Assignment(everybody[0] if everybody else None, _why(scene, on_duty, category, shift), on_duty)


def in_unit(scene: Scene, on_duty: Duty, kind: str, but: Collection[int] = ()) -> list[Seat]:
    """Who answers for a line over this grid: the unit that works nearest to it."""
    depth = {grid.id: grid.depth for grid in on_duty.lineage}
    units = posts.units_for(scene.session, kind, list(depth))
    for unit in sorted(units, key=lambda unit: -depth[unit.grid_id]):
        seats = posts.seats_in_unit(scene.session, unit.id, scene.now)
        if free := [seat for seat in seats if seat.channel is not None and seat.id not in but]:
            return free
    return []


def nearest(scene: Scene, found: Assignment, many: int) -> list[Seat]:
    """The `many` nearest people to ring at once, and whom the rule wants besides; nobody twice.

    The nearest levels first, there the roles of the rule, then whoever may handle.
    """
    on_duty, route = found.on_duty, found.route
    roles = route.to if route else ()
    others = sorted(
        duty.able(scene.catalog, on_duty.seats, "handle"), key=lambda seat: (on_duty.level_of(seat), seat.seat)
    )
    near = _each_once([*on_duty.nearest(roles), *others])
    also = [on_duty.nearest((role,))[:1] for role in route.also] if route else []
    return _each_once([*near[:many], *(seat for one in also for seat in one)])


def _each_once(seats: Iterable[Seat]) -> list[Seat]:
    found: dict[int, Seat] = {}
    for seat in seats:
        found.setdefault(seat.person_id, seat)
    return list(found.values())


def rungs(scene: Scene, matter: Matter, grid: Grid) -> list[list[Seat]]:
    """The ladder above a matter's owner: deputies, then each level above, at last the guarantors 包保领导."""
    return above(scene, matter.owner_id, grid)


def above(scene: Scene, owner_id: int | None, grid: Grid) -> list[list[Seat]]:
    """The ladder above a post that owns matters of this grid."""
    on_duty = duty.over(scene, grid, shift=duty.shift_at(scene.now, rules.routes(scene.catalog).shifts.day, scene))
    owner = posts.seats(scene.session, [owner_id]).get(owner_id) if owner_id else None
    mates: list[Seat] = []
    if owner and owner.unit_id is not None:
        mates = [seat for seat in posts.seats_in_unit(scene.session, owner.unit_id, scene.now) if seat.channel]
    leads = owner is not None and owner.unit_id is None and bool(duty.able(scene.catalog, [owner], "dispatch"))
    start = on_duty.level_of(owner) if owner and leads else 0
    ladder = [mates] if mates else []
    ladder += _levels(scene, on_duty, start)
    ladder.append([seat for seat in on_duty.seats if seat.role == GUARANTOR])
    taken = {owner.person_id} if owner else set[int]()
    steps: list[list[Seat]] = []
    for level in ladder:
        step = [seat for seat in _each_once(level) if seat.person_id not in taken]
        if step:
            steps.append(step)
            taken |= {seat.person_id for seat in step}
    return steps


def _levels(scene: Scene, on_duty: Duty, start: int) -> list[list[Seat]]:
    """Who leads on each level from `start` up; at war the station head comes right after the owner's own level."""
    heads = on_duty.nearest(modes.terms(scene.catalog).leads)[:LEADERS] if on_duty.mode == WAR else []
    heads = [seat for seat in heads if on_duty.level_of(seat) == on_duty.level_of(heads[0])]
    if not heads or on_duty.level_of(heads[0]) <= start:
        return [_leaders(scene, on_duty, level) for level in on_duty.lineage[start:]]
    own, above = on_duty.lineage[start], on_duty.lineage[on_duty.level_of(heads[0]) :]
    return [_leaders(scene, on_duty, own), heads, *(_leaders(scene, on_duty, level) for level in above)]


def _leaders(scene: Scene, on_duty: Duty, level: Grid) -> list[Seat]:
    """Who answers for a level: those who may send others, at most the leader and two deputies; else who may handle."""
    here = [seat for seat in on_duty.at(level.id) if seat.role != GUARANTOR]
    leading = duty.able(scene.catalog, here, "dispatch")
    able = [seat for seat in leading or here if seat in duty.able(scene.catalog, here, "handle")]
    return able[:LEADERS]


def _fits(route: rules.Route, on_duty: Duty, category: str, urgency: str, shift: str) -> bool:
    return (
        (not route.categories or category in route.categories)
        and (not route.urgency or urgency in route.urgency)
        and (not route.kinds or on_duty.grid.kind in route.kinds)
        and (not route.shift or route.shift == shift)
        and (not route.mode or route.mode == on_duty.mode)
    )


def _why(scene: Scene, on_duty: Duty, category: str, shift: str, unit: str = "") -> str:
    named = scene.catalog.categories.get(category)
    shifts = rules.routes(scene.catalog).shifts.names
    names = [shifts[shift]] if on_duty.mode == PEACE else [shifts[on_duty.mode], shifts[shift]]
    words = [on_duty.grid.name, named.name if named else category, *names]
    return BETWEEN.join([*words, unit] if unit else words)
