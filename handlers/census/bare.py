"""Where there is no table of households: the doors are those that people name, and a run of doors is those it names."""

from collections.abc import Sequence
from dataclasses import replace

from bot.turn import Scene
from handlers.census import doors as census_doors
from handlers.census.reading import Said
from storage import census
from storage.census import Door
from storage.grids import Grid

LONGEST_RUN, LONGEST_STREET = 20, 60
"""Doors that "301到320" and "8号到15号" name at most."""
HOUSES = 100
"""A lower number is a house's; from 101 on it may be a door on a floor."""


def is_bare(scene: Scene, number: int, grids: Sequence[Grid]) -> bool:
    """Whether none of these grids has a household in the table."""
    return not any(census.completeness(scene.session, number, grid.code).expected for grid in grids)


def places(scene: Scene, top: Grid, most: int) -> list[Grid]:
    """The neighbourhoods of a subtree, one of which a door is in; one more than `most` where they are too many."""
    return census.next_grids(scene.session, top.code, "", most + 1) or [top]


def doors(known: Sequence[Door], grid: Grid, one: Said) -> list[Door]:
    """The doors that a sentence names: those that were named before, and those that it names itself."""
    if one.rest or not one.door.room:
        return census_doors.in_run(known, one)
    rooms = _rooms(one.door.room, one.door.until) if one.door.until else [one.door.room]
    if not rooms:
        return census_doors.in_run(known, one)
    return [
        door for room in rooms for door in _at(known, grid, replace(one, door=replace(one.door, room=room, until="")))
    ]


def _at(known: Sequence[Door], grid: Grid, one: Said) -> list[Door]:
    said = one.door
    before = [door for door in known if door.room == said.room and census_doors.fits(door, said)]
    if said.building and said.unit:
        before = [door for door in before if door.unit]  # a door that was said with less may be another one
    return before or [Door(None, grid.id, said.building or said.either, said.unit, said.room)]


def _rooms(first: str, last: str) -> list[str]:
    """301到304: each of them, on one floor; nothing where there is no telling which doors there are."""
    if not (first.isdecimal() and last.isdecimal()):
        return []
    begin, end = sorted((int(first), int(last)))
    houses = begin < HOUSES
    if not houses and first[:-2] != last[:-2]:
        return []
    longest = LONGEST_STREET if houses else LONGEST_RUN
    return [str(room) for room in range(begin, end + 1)] if end - begin < longest else []
