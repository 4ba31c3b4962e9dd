"""战时互助链: while a place is at war, need and help in each of its grids, and which help is nearest to which need."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.turn import Scene
from handlers.people import modes
from storage import favours, grids, wishes
from storage import modes as orders
from storage.favours import Favour
from storage.grids import Grid
from storage.wishes import Shown

UNMET = ("vetting", "asked_back", "open", "claimed")
"""States in which somebody still waits for what was wished."""
MOST = 500
SHOWN_GRIDS = 8
SHOWN_EACH = 3


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody asks for, and the number of the nearest help of the same kind."""

    number: int
    text: str
    help: int | None


@dataclass(frozen=True, slots=True)
class Link:
    """One grid of the chain."""

    name: str
    needs: Sequence[Need]
    """Those shown."""
    asks: int
    offers: int
    helps: Sequence[Favour]
    """Help that nobody has been matched with yet, as far as it is shown."""
    resources: int
    """How much lies in the ledger of resources there."""
    wishes: int
    """How many wait for what they wished."""
    wall: Sequence[Shown]
    """Those of them that anybody may claim, as far as it is shown."""


def at_war(scene: Scene, top: Grid) -> bool:
    """Whether anything in this subtree is at war."""
    return modes.at_war(scene, top) or bool(orders.below(scene.session, top, scene.now))


def of(scene: Scene, top: Grid) -> tuple[list[Link], int]:
    """Each grid at war in the subtree that has need or help, the neediest first; and how many are not shown."""
    living = favours.open_within(scene.session, top.code, limit=MOST)
    kept = Counter(row.grid_id for row in wishes.resources_within(scene.session, top.code))
    wished = Counter(one.grid_id for one in wishes.waiting_for(scene.session, UNMET, top.code))
    wall = wishes.on_the_wall(scene.session, [top.code], MOST)
    where = grids.with_all_above(scene.session, {one.grid_id for one in living} | set(kept) | set(wished))
    here = {grid.id: grid for grid in where.values() if grid.code.startswith(top.code) and modes.at_war(scene, grid)}
    among = [one for one in living if one.grid_id in here]
    matched = _matched(among, {grid.id: grid.code for grid in here.values()})
    links = [_link(grid, among, matched, kept[grid.id], wished[grid.id], wall) for grid in here.values()]
    needy = sorted(
        (link for link in links if link.asks or link.offers or link.resources or link.wishes),
        key=lambda link: (link.offers - link.asks, -link.wishes, -link.resources),
    )
    return needy[:SHOWN_GRIDS], max(0, len(needy) - SHOWN_GRIDS)


def _matched(among: Sequence[Favour], codes: Mapping[int, str]) -> dict[int, int]:
    """The help for each need: of the same kind, the nearest in the tree, each for one need, the oldest need first."""
    free = [one for one in among if one.offers and one.state == "open"]
    found: dict[int, int] = {}
    for need in sorted((one for one in among if not one.offers and one.state == "open"), key=lambda one: one.number):
        fitting = [one for one in free if one.kind == need.kind and one.account_id != need.account_id]
        best = max(
            fitting,
            key=lambda one: (_near(codes[one.grid_id], codes[need.grid_id]), -one.number),
            default=None,
        )
        if best is not None:
            found[need.number] = best.number
            free.remove(best)
    return found


def _near(code: str, other: str) -> int:
    """How far down the tree two places are still one."""
    return next((at for at, pair in enumerate(zip(code, other, strict=False)) if pair[0] != pair[1]), len(code))


def _link(
    grid: Grid, among: Sequence[Favour], matched: Mapping[int, int], resources: int, wished: int, wall: Sequence[Shown]
) -> Link:
    theirs = [one for one in among if one.grid_id == grid.id]
    asks, taken = [one for one in theirs if not one.offers], set(matched.values())
    offers = [one for one in theirs if one.offers]
    return Link(
        name=grid.name,
        needs=[Need(one.number, one.text, matched.get(one.number)) for one in asks[:SHOWN_EACH]],
        asks=len(asks),
        offers=len(offers),
        helps=[one for one in offers if one.number not in taken][:SHOWN_EACH],
        resources=resources,
        wishes=wished,
        wall=[one for one in wall if one.grid_id == grid.id][:SHOWN_EACH],
    )
