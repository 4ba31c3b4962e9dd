"""Which neighbourhoods have no table of households: what they answer is counted, how many doors they have is unknown."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from storage.chats import chat
from storage.grids import LIVE, grid
from storage.people import household
from storage.session import Session
from storage.shelves import Shelf

PLACES = Shelf[str, "list[Place]"]()
ALL = "all"
AFTER = ":"
"""Follows every digit of a code."""
ORDINARY = "residential"


@dataclass(frozen=True, slots=True)
class Place:
    """A neighbourhood whose doors nobody has listed."""

    id: int
    code: str
    name: str


def places(session: Session, code: str = "") -> Sequence[Place]:
    """Those of the subtree, in the order of codes; from memory."""
    kept = session.shelf(PLACES)
    if ALL not in kept:
        kept[ALL] = _look_up(session)
    every = kept[ALL]
    first, last = (bisect_left(every, end, key=lambda one: one.code) for end in (code, code + AFTER))
    return every[first:last]


def place_of(session: Session, code: str) -> Place | None:
    """The neighbourhood without a table that this grid is, or lies in."""
    every = places(session)
    for many in range(len(code), 0, -1):
        at = bisect_left(every, code[:many], key=lambda one: one.code)
        if at < len(every) and every[at].code == code[:many]:
            return every[at]
    return None


def _look_up(session: Session) -> list[Place]:
    """Where neighbours have a group and no household is listed there or below; and, without either, the lowest grids.

    A lowest grid whose doors are listed one level above, or that lies in such a place, is part of that one.
    """
    lower = grid.alias("lower")
    meets = exists().where(chat.c.grid_id == grid.c.id, chat.c.audience == "residents", chat.c.gone_at.is_(None))
    below = exists().where(lower.c.parent_id == grid.c.id, lower.c.ended_at.is_(None))
    lives = exists().where(household.c.grid_id == grid.c.id, household.c.ended_at.is_(None))
    columns = (grid.c.id, grid.c.parent_id, grid.c.code, grid.c.name, grid.c.kind, meets, below, lives)
    rows = session.connection.execute(select(*columns).where(LIVE).order_by(grid.c.code)).all()
    listed = [str(row[2]) for row in rows if row[-1]]
    covered = {int(row[0]) for row in rows if row[-1]}
    """Grids with a table, the places found, and everything below these."""
    found: list[Place] = []
    for grid_id, above, code, name, kind, has_group, has_lower, _ in rows:
        at = bisect_left(listed, code)
        if at < len(listed) and listed[at].startswith(code):
            continue
        if has_group or (kind == ORDINARY and not has_lower and above not in covered):
            found.append(Place(int(grid_id), str(code), str(name)))
            covered.add(int(grid_id))
        elif above in covered:
            covered.add(int(grid_id))
    return found
