"""Doors that a notice has not reached: households from which nobody has said 收到, in the order in which one walks."""

import re
from collections.abc import Sequence

from storage import notices
from storage.grids import Grid
from storage.people import Household
from storage.session import Session

OfGrid = tuple[Grid, Sequence[Household]]
DIGITS = re.compile(r"(\d+)")


def unread(session: Session, number: int, code: str) -> list[OfGrid]:
    """By lowest grid: the doors, building by building, stair by stair, floor by floor."""
    found = notices.unread_doors(session, number, code)
    by_grid: dict[int, tuple[Grid, list[Household]]] = {}
    for door, grid in found:
        by_grid.setdefault(grid.id, (grid, []))[1].append(door)
    return [(grid, sorted(rows, key=walking)) for grid, rows in by_grid.values()]


def walking(door: Household) -> tuple[list[tuple[int, str]], ...]:
    """Where it comes when one walks: numbers by their size, so that 2栋 is before 10栋."""
    return tuple(_natural(part) for part in (door.building, door.unit, door.room))


def _natural(words: str) -> list[tuple[int, str]]:
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in DIGITS.split(words) if piece]
