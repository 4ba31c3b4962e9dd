"""The matcher: which resource answers which need, by the thing itself, distance and fair load, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.turn import Scene
from handlers.wishes.terms import Terms, terms
from storage import grids, people, wishes
from storage.grids import Grid
from storage.matters import Matter
from storage.wishes import Resource, Wish

NEAR_WEIGHT, BUSY_WEIGHT, ALIKE_WEIGHT = 2.0, 1.5, 1.0
"""A level nearer outweighs one deed more; the same words for the same thing outweigh a bit of both."""
MOST_ALIKE = 6


@dataclass(frozen=True, slots=True)
class Match:
    """A resource for a need, with the reason as values for the words."""

    number: int
    text: str
    holder: str
    account_id: int | None
    near: str
    """The smallest grid that both are in, by name."""
    same: tuple[str, ...]
    """Words for the thing that both name; empty where they name the same thing by different words."""
    busy: int
    """What its owner has on hand or has done lately."""
    team: str
    """The team of volunteers for it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, in the words that others read, and for whom."""

    public: str
    text: str
    """The wanting neighbour's own words."""
    grid_id: int
    account_id: int
    need: str


def find(scene: Scene, matter: Matter, wish: Wish) -> list[Match]:
    """The best few resources for this wish, the best first; never the wisher's own."""
    return fitting(scene, Wanted(wish.public, matter.text, matter.grid_id, matter.account_id, wish.need))


def fitting(scene: Scene, wish: Wanted) -> list[Match]:
    """The same for whatever is wanted."""
    rows = terms(scene.catalog)
    home = grids.get(scene.session, wish.grid_id)
    lineage = grids.lineage(scene.session, home)
    community = lineage[min(2, len(lineage) - 1)]
    wanted = rows.things_in(wish.public) or rows.things_in(wish.text)
    offered = [
        one
        for one in wishes.resources_within(scene.session, community.code)
        if one.account_id != wish.account_id and wanted & rows.things_in(one.text)
    ]
    owners = {one.account_id for one in offered if one.account_id is not None}
    load = wishes.load_of(scene.session, owners, scene.now - timedelta(days=rows.fair_days)) if owners else {}
    ranked = sorted(offered, key=lambda one: (-_fits(scene, one, wish, lineage, load, rows), one.number))
    return [_match(scene, one, wish, lineage, load, rows) for one in ranked[: rows.proposals]]


def _fits(
    scene: Scene, one: Resource, wish: Wanted, lineage: Sequence[Grid], load: dict[int, int], rows: Terms
) -> float:
    alike = min(MOST_ALIKE, sum(len(word) for word in _same(one, wish, rows)))
    near = len(lineage) - _steps(scene, one, lineage)
    return ALIKE_WEIGHT * alike + NEAR_WEIGHT * near - BUSY_WEIGHT * load.get(one.account_id or 0, 0)


def _same(one: Resource, wish: Wanted, rows: Terms) -> tuple[str, ...]:
    words = dict.fromkeys(word for need in rows.need for word in need.words if word not in rows.vague)
    said = [word for word in words if word in one.text and word in wish.public]
    return tuple(word for word in said if not any(word in other and word != other for other in said))


def _steps(scene: Scene, one: Resource, lineage: Sequence[Grid]) -> int:
    """How many levels up the smallest grid is that both are in."""
    code = grids.get(scene.session, one.grid_id).code
    return next((step for step, grid in enumerate(lineage) if code.startswith(grid.code)), len(lineage))


def _match(
    scene: Scene, one: Resource, wish: Wanted, lineage: Sequence[Grid], load: dict[int, int], rows: Terms
) -> Match:
    near = lineage[min(_steps(scene, one, lineage), len(lineage) - 1)]
    holder = one.holder or (people.get_account(scene.session, one.account_id).name if one.account_id else "")
    team = rows.team_for(wish.need, wish.public)
    return Match(
        number=one.number,
        text=one.text,
        holder=holder or rows.somebody,
        account_id=one.account_id,
        near=near.name,
        same=_same(one, wish, rows),
        busy=load.get(one.account_id or 0, 0),
        team=f"{team.colour}·{team.name}" if team else "",
    )
