"""A matter at its right place: another grid means another owner, and the former one is told."""

from bot.errors import UserMistake
from bot.message import Reply
from bot.turn import Turn
from bot.understanding.utterance import Place
from handlers.matters import cards, clocks, intake, places, rules
from storage import grids, journal, matters
from storage.grids import Grid
from storage.matters import Matter

PARTS = ("building", "unit", "floor", "room", "spot")


def corrected(turn: Turn, matter: Matter, where: Place, words: str) -> list[Reply]:
    """The matter with the place that was named; UserMistake when the words name none."""
    grid = grids.get(turn.session, matter.grid_id)
    home = places.home_of(turn, words, where, grid)
    if not where and (home is None or home.id == grid.id):
        raise UserMistake("reports/where_then", matter=matter)
    after = placed(turn, matter, where, words)
    said = Reply("reports/corrected", {"matter": after}, about=after.number)
    if home is not None and home.id != grid.id:
        return [said, *to(turn, after, home)]
    hears = intake.who_hears(turn, after)
    return [said, *(cards.to_seat(turn, after, seat, "reports/corrected_owner") for seat in hears)]


def placed(turn: Turn, matter: Matter, where: Place, words: str) -> Matter:
    """The matter with this place and with the words that named it."""
    matters.add(turn.session, matter, turn.speaker().id, "place", words[: intake.LONGEST], turn.now)
    _note(turn, matter, "correct", words[:100])
    if not where:
        return matter
    return matters.change(turn.session, matter.id, {part: getattr(where, part) for part in PARTS})


def to(turn: Turn, matter: Matter, grid: Grid) -> list[Reply]:
    """The matter in another grid: its clocks begin anew there, in an emergency the nearest people are rung."""
    former = cards.owner(turn, matter)
    found, called = intake.call(turn, grid, matter.category, matter.urgency)
    start = rules.lifecycle(turn.catalog, matter.kind).start
    changes: dict[str, object] = {
        "grid_id": grid.id,
        "owner_id": found.seat.id if found.seat else None,
        "route": found.why,
        "state": start,
        "rung": 0,
        "assigned_at": turn.now,
        "accepted_at": None,
        "arrived_at": None,
    }
    after = matters.change(turn.session, matter.id, {**changes, **clocks.entering(turn, matter, start, changes)})
    clocks.wind(turn, after)
    _note(turn, after, "route", found.why, post_id=found.seat.id if found.seat else None)
    for seat in called[1:]:
        clocks.ring(turn, after, seat, why="moved")
    stays = {seat.person_id for seat in called}
    relieved = former and former.person_id not in stays and matter.urgency != intake.EMERGENCY
    gone = [cards.plain(after, former, "reports/moved_away", grid=grid)] if former and relieved else []
    staff = cards.to_staff(turn, after, grids.lineage(turn.session, grid), found.seat, "reports/card_staff")
    return [*gone, *cards.fresh(turn, after, called), *staff]


def _note(turn: Turn, matter: Matter, act: str, detail: str, post_id: int | None = None) -> None:
    journal.note(
        turn.session,
        turn.now,
        act,
        matter_id=matter.id,
        grid_id=matter.grid_id,
        account_id=turn.speaker().id,
        post_id=post_id,
        detail=detail,
    )
