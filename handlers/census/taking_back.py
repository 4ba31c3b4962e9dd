"""算了, 记错了: what a leader just entered of many doors at once is as it was before."""

from datetime import UTC, datetime, timedelta

from bot.message import Button, Reply
from bot.turn import Turn
from storage import census, journal
from storage.census import Running
from storage.grids import Grid

UNDO = "census_undo"
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def button(turn: Turn, running: Running, grid: Grid) -> Button:
    """Takes back what is entered in this turn."""
    return Button(UNDO, f"{UNDO} {running.number} {grid.id} {(turn.now - BEGAN) // MICROSECOND}")


def take_back(turn: Turn, running: Running, grid: Grid) -> Reply:
    """The speaker's own entries of the button's moment are no more."""
    moment = turn.order.argument.rpartition(" ")[2] if turn.order else ""
    rows = []
    if moment.isascii() and moment.isdecimal() and len(moment) < 18:
        at = BEGAN + int(moment) * MICROSECOND
        rows = census.entered_at(turn.session, running.number, turn.speaker().id, at)
    for row in rows:
        census.take_back(turn.session, row)
    journal.note(
        turn.session, turn.now, UNDO, matter_id=running.number, grid_id=grid.id, account_id=turn.speaker().id,
        detail=str(len(rows)),
    )  # fmt: skip
    return Reply("census/taken_back", {"grid": grid, "count": len(rows)}, about=running.number)
