"""Which door of the register is meant by as much of it as people say."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.turn import Scene
from bot.understanding.utterance import Place
from handlers.census import reading as census_reading
from storage import bare as bare_places
from storage import census, codes, grids
from storage.census import Door
from storage.grids import Grid

NOWHERE = census_reading.Door()
ENDS = re.compile(r"(?:号楼|栋楼|栋|幢|座|楼|单元|室|号|#)+$")


@dataclass(frozen=True, slots=True)
class Known:
    """The door that an account told us of before: as its own home, or by an earlier answer."""

    door: Door
    sure: bool
    """It scanned the code at that door."""


def bare(part: str) -> str:
    """ "3栋" and "03" are "3": registers write it in either way."""
    return ENDS.sub("", part).lstrip("0").upper() or part


def fits(door: Door, said: census_reading.Door) -> bool:
    """Whether a door of the register may be the one that was said."""
    building, unit = bare(door.building), bare(door.unit)
    return (
        (not said.building or bare(said.building) == building)
        and (not said.unit or not unit or bare(said.unit) == unit)
        and (not said.either or bare(said.either) in (building, unit))
        and (not said.floor or said.floor == door.floor or (said.above and _is_over(door.floor, said.floor)))
    )


def _is_over(floor: str, other: str) -> bool:
    return floor.isdecimal() and other.isdecimal() and int(floor) > int(other)


def said_of(place: Place) -> census_reading.Door:
    """The door that a place names."""
    return census_reading.Door(place.building or "", place.unit or "", place.floor or "", place.room or "")


def known(scene: Scene, account_id: int) -> Known | None:
    """The account's door, as far as it told; building and unit alone help too."""
    home = codes.home_of(scene.session, account_id)
    if home is not None:
        return Known(Door(None, home.grid_id, home.building, home.unit, home.room), sure=True)
    last = census.last_door_of(scene.session, account_id)
    return Known(last, sure=False) if last else None


def near(scene: Scene, number: int, account_id: int) -> Known | None:
    """The stairwell of which the account last spoke in this census: "301不在" is said of a door beside that one."""
    last = census.newest_of(scene.session, number, account_id)
    return Known(replace(last, id=None, room=""), sure=False) if last else None


def named(scene: Scene, grid: Grid, said: census_reading.Door, mine: Known | None) -> Door | None:
    """The one door of the register with these parts, near this grid; as it was said, where the register has none.

    None when it may be several: "302" in a grid with four stairwells.
    """
    found = _among(census.with_room(scene.session, grid, said.room), said)
    if not found and said.building:
        above = grids.lineage(scene.session, grid)[1:2]
        found = [door for near in above for door in _among(census.with_room(scene.session, near, said.room), said)]
    if len(found) > 1 and mine is not None:
        own = mine.door
        found = [
            door
            for door in found
            if bare(door.building) == bare(own.building) and (not own.unit or bare(door.unit) == bare(own.unit))
        ] or found
    if len(found) > 1:
        return None
    if found:
        return found[0]
    if not (said.building and said.unit):
        heard = _heard(scene, grid, said)
        if len(heard) > 1 and mine is not None:
            heard = [
                door for door in heard if (door.building, door.unit) == (mine.door.building, mine.door.unit)
            ] or heard
        if len(heard) > 1:
            return None
        if heard:
            return heard[0]  # it was named in full before
    return Door(None, grid.id, said.building or said.either, said.unit, said.room)


def _heard(scene: Scene, grid: Grid, said: census_reading.Door) -> list[Door]:
    """The doors of the neighbourhood that people named and no table has, which this may be; as it was said, before all."""
    place = bare_places.place_of(scene.session, grid.code)
    every = census.heard_doors(scene.session, place.code if place else grid.code, said.room)
    found = [door for door in every if fits(door, said)]
    same = [
        door for door in found if (bare(door.building), door.unit) == (bare(said.building or said.either), said.unit)
    ]
    return same[:1] or found


def vaguer(one: Door | census_reading.Door, other: Door) -> bool:
    """Whether it was said with less than what the other has, and may be that one."""
    said = census_reading.Door(one.building, one.unit, room=one.room)
    less = (bool(one.building), bool(one.unit)) < (bool(other.building), bool(other.unit))
    return less and one.room == other.room and fits(other, said)


def at_home(scene: Scene, grid: Grid, mine: Known | None) -> Door | None:
    """The speaker's own door as the register has it."""
    if mine is None or not mine.door.room:
        return None
    if mine.door.id is not None:
        return mine.door
    own = mine.door
    here = grids.get(scene.session, own.grid_id)
    return named(scene, here, census_reading.Door(own.building, own.unit, room=own.room), None)


def in_run(doors: Iterable[Door], run: census_reading.Said) -> list[Door]:
    """The doors of a register that a run names: a floor, a stairwell, from one room to another, all the rest."""
    if run.rest:
        return list(doors)
    found = [door for door in doors if fits(door, run.door)]
    if not run.door.until:
        return found
    first, last = sorted((run.door.room, run.door.until), key=_in_order)
    return [door for door in found if _in_order(first) <= _in_order(door.room) <= _in_order(last)]


def _in_order(room: str) -> tuple[int, str]:
    return len(room), room


def _among(doors: Sequence[Door], said: census_reading.Door) -> list[Door]:
    found = [door for door in doors if fits(door, said)]
    if said.either and len(found) > 1:  # the building, if that alone tells
        found = [door for door in found if bare(door.building) == bare(said.either)] or found
    return found
