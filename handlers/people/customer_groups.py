"""Where a customer group belongs: by the square its neighbours came by, its name, or where its owner serves."""

import re
from collections.abc import Mapping
from datetime import datetime

from storage import grids, people, posts
from storage.session import Session
from storage.shelves import Shelf

CODE = re.compile(r"\d{6,30}")
BY_CODE, ALL = Shelf[str, dict[str, int]](), "all"


def grid_of(session: Session, name: str, came_by: Mapping[str, int], seat: int | None) -> int | None:
    """The grid of a group with this name, whose neighbours came by these squares; None where nothing tells.

    `seat` is the one grid in which its owner serves, where it is only one: it decides last.
    """
    codes = _codes(session)
    for code, _ in sorted(came_by.items(), key=lambda pair: -pair[1]):
        if code in codes:
            return codes[code]
    for code in CODE.findall(name):
        if code in codes:
            return codes[code]
    return _named(session, name) or seat


def seats_of(session: Session, channel: str, owners: set[str], now: datetime) -> dict[str, int]:
    """The grid in which each of these accounts serves, of those who serve in one only."""
    accounts = people.by_identity(session, [(channel, owner) for owner in owners])
    held = {external: account.person_id for (_, external), account in accounts.items() if account.person_id}
    served = posts.of_people(session, set(held.values()), now)
    found: dict[str, int] = {}
    for owner, person in held.items():
        places = {post.grid_id for post in served.get(person, []) if post.grid_id is not None}
        if len(places) == 1:
            found[owner] = places.pop()
    return found


def _named(session: Session, name: str) -> int | None:
    """The grid whose name stands in these words; None where two do that are equally long."""
    called = grids.called(session)
    near = {pair for at in range(len(name) - 1) for pair in called.get(name[at : at + 2], ()) if pair[0] in name}
    longest = max((len(words) for words, _ in near), default=0)
    best = {grid_id for words, grid_id in near if len(words) == longest}
    return best.pop() if len(best) == 1 else None


def _codes(session: Session) -> dict[str, int]:
    kept = session.shelf(BY_CODE)
    if ALL not in kept:
        kept[ALL] = {grid.code: grid.id for grid in grids.everything(session)}
    return kept[ALL]
