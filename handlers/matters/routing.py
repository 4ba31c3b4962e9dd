"""Finds who owns a matter: category x place x mode x time -> post, by level or by line, with the reason kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.turn import Scene
from handlers.matters import rules
from handlers.people import duty
from handlers.people.duty import Duty
from storage import posts
from storage.grids import Grid
from storage.matters import Matter
from storage.posts import Seat

BETWEEN = "·"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose it is, and why."""

    seat: Seat | None
    """None when nobody in the whole lineage can be reached."""
    why: str
    on_duty: Duty
    mates: tuple[Seat, ...] = ()
    """Who stands in for the owner: the deputy, the others of the same unit."""


def assign(scene: Scene, grid: Grid, category: str, urgency: str, *, but: Collection[int] = ()) -> Assignment:
    """The owner by the first rule of routes.toml that fits, leaving out the posts in `but`."""
    table = rules.routes(scene.catalog)
    shift = duty.shift_at(scene.now, table.shifts.day, scene)
    on_duty = duty.over(scene, grid, shift=shift)
    for route in table.route:
        if not _fits(route, grid, category, urgency, shift):
            continue
        if route.unit and (seats := in_unit(scene, on_duty, route.unit, but)):
            return Assignment(seats[0], _why(scene, grid, category, shift, route.unit), on_duty, tuple(seats[1:]))
        if seats := [seat for seat in on_duty.named(route.to) if seat.id not in but]:
            return Assignment(seats[0], _why(scene, grid, category, shift), on_duty, _mates(scene, on_duty, seats[0]))
    everybody = [seat for seat in duty.able(scene.catalog, on_duty.seats, "handle") if seat.id not in but]
    everybody.sort(key=on_duty.level_of)
    return Assignment(everybody[0] if everybody else None, _why(scene, grid, category, shift), on_duty)


def in_unit(scene: Scene, on_duty: Duty, kind: str, but: Collection[int] = ()) -> list[Seat]:
    """Who answers for a line over this grid: the unit that works nearest to it."""
    depth = {grid.id: grid.depth for grid in on_duty.lineage}
    units = posts.units_for(scene.session, kind, list(depth))
    for unit in sorted(units, key=lambda unit: -depth[unit.grid_id]):
        seats = posts.seats_in_unit(scene.session, unit.id, scene.now)
        if free := [seat for seat in seats if seat.channel is not None and seat.id not in but]:
            return free
    return []


def nearest(scene: Scene, on_duty: Duty, roles: Sequence[str], many: int) -> list[Seat]:
    """The `many` nearest people to ring at once: these roles first, then whoever may handle; nobody twice."""
    wanted = on_duty.named(roles) + sorted(
        duty.able(scene.catalog, on_duty.seats, "handle"), key=lambda seat: (on_duty.level_of(seat), seat.seat)
    )
    return list({seat.person_id: seat for seat in reversed(wanted)}.values())[::-1][:many]


def rungs(scene: Scene, matter: Matter, grid: Grid) -> list[list[Seat]]:
    """The ladder above a matter's owner: deputies, then each level above, at last the guarantors 包保领导."""
    on_duty = duty.over(scene, grid, shift=duty.shift_at(scene.now, rules.routes(scene.catalog).shifts.day, scene))
    owner = posts.seats(scene.session, [matter.owner_id]).get(matter.owner_id) if matter.owner_id else None
    mates: list[Seat] = []
    if owner and owner.unit_id is not None:
        mates = [seat for seat in posts.seats_in_unit(scene.session, owner.unit_id, scene.now) if seat.channel]
    start = on_duty.level_of(owner) if owner else 0
    ladder = [mates] if mates else []
    able = [seat for seat in duty.able(scene.catalog, on_duty.seats, "handle") if seat.role != "guarantor"]
    ladder += [[seat for seat in able if seat.grid_id == level.id][:2] for level in on_duty.lineage[start:]]
    ladder.append([seat for seat in on_duty.seats if seat.role == "guarantor"])
    taken = {owner.person_id} if owner else set[int]()
    steps: list[list[Seat]] = []
    for level in ladder:
        step = list({seat.person_id: seat for seat in level if seat.person_id not in taken}.values())
        if step:
            steps.append(step)
            taken |= {seat.person_id for seat in step}
    return steps


def _mates(scene: Scene, on_duty: Duty, seat: Seat) -> tuple[Seat, ...]:
    able = duty.able(scene.catalog, on_duty.at(seat.grid_id), "handle")
    return tuple(mate for mate in able if mate.person_id != seat.person_id)


def _fits(route: rules.Route, grid: Grid, category: str, urgency: str, shift: str) -> bool:
    return (
        (not route.categories or category in route.categories)
        and (not route.urgency or urgency in route.urgency)
        and (not route.kinds or grid.kind in route.kinds)
        and (not route.shift or route.shift == shift)
        and (not route.mode or route.mode == duty.PEACE)
    )


def _why(scene: Scene, grid: Grid, category: str, shift: str, unit: str = "") -> str:
    named = scene.catalog.categories.get(category)
    words = [grid.name, named.name if named else category, rules.routes(scene.catalog).shifts.names[shift]]
    return BETWEEN.join([*words, unit] if unit else words)
