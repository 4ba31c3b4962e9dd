"""The live card of every level's lead: expected, acknowledged, on site, when nearly all are there, who is slow."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.message import Address, Button, Lane, Reply
from bot.router import Router
from bot.turn import Scene
from handlers.mobilizing import plans
from storage import grids, journal, musters, notices, people, timers
from storage.grids import Grid
from storage.musters import Board, Tally
from storage.notices import Notice
from storage.shelves import Shelf
from storage.timers import Timer

router = Router()

REFRESH = "muster_board"
TOUCHED = Shelf[int, bool]()
A_FIFTH = 0.2
"""Of those wanted: with fewer on site, the pace says nothing."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When nearly all are on site."""

    kind: str
    """reached; said (by those under way); pace (as until now); unknown."""
    at: datetime | None = None


@dataclass(slots=True)
class _Sum:
    """A grid and all below it."""

    figures: list[int] = field(default_factory=lambda: [0] * 6)
    slow: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])
    """(without an answer, not on site, grid) of the slowest hops, the slowest first."""
    pending: list[datetime] = field(default_factory=list[datetime])
    """When those under way said to be there."""

    @property
    def tally(self) -> Tally:
        return Tally(*self.figures)


def touch(scene: Scene, number: int) -> None:
    """Somebody answered: the cards are drawn again soon, however many answer until then."""
    noted = scene.session.notes(TOUCHED)
    if number not in noted:
        noted[number] = True
        soon = scene.now + timedelta(seconds=plans.terms(scene.catalog).fresh_s)
        timers.arm_unless(scene.session, REFRESH, number, soon)


@router.timer(REFRESH)
def refresh(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Draw the cards whose figures have changed."""
    replies: list[Reply] = []
    for timer in due:
        notice = notices.get(scene.session, timer.about)
        if notice.state == notices.GOING:
            replies += drawn(scene, notice)
        else:
            musters.forget(scene.session, notice.number)
    return replies


def drawn(scene: Scene, notice: Notice) -> list[Reply]:
    """The cards that show other figures than before; and once, to who ordered it, that everybody is on site."""
    sums = _sums(scene, notice)
    changed: list[tuple[int, str]] = []
    replies: list[Reply] = []
    for board in musters.boards(scene.session, notice.number):
        here = sums.get(board.grid_id, _Sum())
        soon = forecast(scene, notice, here.tally, here.pending)
        figures = f"{here.figures} {soon.kind} {soon.at:%H:%M}" if soon.at else f"{here.figures} {soon.kind}"
        if figures != board.shown:
            changed.append((board.id, figures))
            replies.append(_card(scene, notice, board, here, soon))
    musters.show(scene.session, changed)
    return replies + _full(scene, notice, sums.get(notice.grid_id, _Sum()).tally)


def totals(scene: Scene, notice: Notice) -> Tally:
    """How far the whole of it has come."""
    number = notice.number
    found = (*musters.tallies(scene.session, number).values(), *musters.left_open(scene.session, number).values())
    every = (list(_figures(tally)) for tally in found)
    return Tally(*(sum(column) for column in zip([0] * 6, *every, strict=True)))


def forecast(scene: Scene, notice: Notice, tally: Tally, pending: Sequence[datetime]) -> Forecast:
    """When the wanted share is on site: by what people said, else by the pace so far, else unknown."""
    terms = plans.terms(scene.catalog)
    wanted = math.ceil(terms.share * tally.expected)
    if tally.arrived >= wanted:
        return Forecast("reached")
    if tally.arrived + len(pending) >= wanted:
        return Forecast("said", max(sorted(pending)[wanted - tally.arrived - 1], scene.now))
    if notice.released_at and tally.arrived >= max(terms.pace_from, A_FIFTH * wanted):
        since = scene.now - notice.released_at
        return Forecast("pace", notice.released_at + since * (wanted / tally.arrived))
    return Forecast("unknown")


def _figures(tally: Tally) -> tuple[int, ...]:
    return tally.expected, tally.silent, tally.acknowledged, tally.underway, tally.arrived, tally.declined


def _sums(scene: Scene, notice: Notice) -> Mapping[int, _Sum]:
    """Every grid over those called: each hands its sum to the one above, the lowest first."""
    tallies = musters.tallies(scene.session, notice.number)
    if any(not tally.expected for tally in tallies.values()):
        for grid_id, place in musters.left_open(scene.session, notice.number).items():
            tallies[grid_id] += place  # still to be filled, whoever said no
    most = plans.terms(scene.catalog).slowest
    sums = {grid_id: _Sum(list(_figures(tally)), _slow(grid_id, tally)) for grid_id, tally in tallies.items()}
    for grid_id, at in musters.arrivals(scene.session, notice.number):
        sums[grid_id].pending.append(at)
    over = grids.with_all_above(scene.session, set(sums) | {notice.grid_id})
    for grid in sorted(over.values(), key=lambda one: -one.depth):
        mine = sums.setdefault(grid.id, _Sum())
        mine.slow = sorted(mine.slow, reverse=True)[:most]
        if grid.parent_id is None or grid.id == notice.grid_id:
            continue
        above = sums.setdefault(grid.parent_id, _Sum())
        above.figures = [one + other for one, other in zip(above.figures, mine.figures, strict=True)]
        above.slow += mine.slow
        above.pending += mine.pending
    return sums


def _slow(grid_id: int, tally: Tally) -> list[tuple[int, int, int]]:
    absent = tally.expected - tally.arrived
    return [(tally.silent, absent, grid_id)] if absent else []


def _card(scene: Scene, notice: Notice, board: Board, here: _Sum, soon: Forecast) -> Reply:
    where = grids.by_ids(scene.session, [grid_id for *_, grid_id in here.slow])
    slow = [(where[grid_id].name, silent, absent) for silent, absent, grid_id in here.slow]
    return Reply(
        "mobilizing/board",
        {
            **said_of(scene, notice),
            "here": grids.get(scene.session, board.grid_id),
            "tally": here.tally,
            "soon": soon,
            "slow": slow,
            "share": plans.terms(scene.catalog).share,
        },
        to=Address(board.channel, board.target, private=True),
        lane=Lane.DUTY,
        about=notice.number,
        edits=f"board {notice.number} {board.grid_id}",
    )


def said_of(scene: Scene, notice: Notice) -> dict[str, object]:
    """What every word about a mobilization may name."""
    grid: Grid = grids.get(scene.session, notice.grid_id)
    plan = plans.read(scene.catalog, notice.plan)
    return {
        "number": notice.number,
        "drill": notice.drill,
        "plan": plan,
        "grid": grid,
        "now": scene.now,
        "released_at": notice.released_at,
    }


def to_those_in_charge(scene: Scene, notice: Notice) -> list[Address]:
    """Who ordered it and who let it go."""
    wanted = dict.fromkeys(one for one in (notice.account_id, notice.released_by) if one is not None)
    found = [people.get_account(scene.session, one) for one in wanted]
    return [Address(account.channel, account.external, private=True) for account in found]


def _full(scene: Scene, notice: Notice, tally: Tally) -> list[Reply]:
    """Said once: all who are expected are on site, so it may be ended."""
    if not tally.expected or tally.arrived < tally.expected:
        return []
    if not musters.fill(scene.session, notice.number, scene.now):
        return []
    journal.note(scene.session, scene.now, "full", matter_id=notice.number, grid_id=notice.grid_id)
    buttons = (Button("stand_down", f"stand_down {notice.number}"),)
    values = {**said_of(scene, notice), "tally": tally}
    return [
        Reply("mobilizing/full", values, to=to, buttons=buttons, lane=Lane.DUTY, about=notice.number)
        for to in to_those_in_charge(scene, notice)
    ]
