"""算了, 撤回刚才的: what a leader just entered is as it was before; no matter of the leader's is meant."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.message import Address, Button, Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.census.rules import rules
from storage import census, grids, journal
from storage.census import CensusAnswer, Running
from storage.grids import Grid

router = Router()

UNDO = "census_undo"
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LASTS = timedelta(minutes=30)
ALOUD = timedelta(minutes=5)
LONGEST = 24


@router.guard_where("posted")
def the_last_run(turn: Turn) -> Handler | None:
    """Such words of a leader, while what the leader did last was to enter doors; asked of no other words."""
    said = turn.utterance
    if turn.incoming.happening != "text" or len(said.text) > LONGEST or turn.quoted is not None:
        return None
    if said.intent == "emergency" or said.numbers:
        return None
    aloud = turn.chat is not None and turn.chat.audience == "residents"
    undo = rules(turn.catalog).undo
    if not phrases.only(said.text, undo.aloud if aloud else undo.words, undo.beside):
        return None
    if turn.asked is not None and UNDO not in turn.asked.options and (turn.asked.takes or turn.asked.options):
        return None  # it answers something else
    for running in census.running(turn.session):
        rows = census.newest_entered(
            turn.session, running.number, turn.speaker().id, turn.now - (ALOUD if aloud else LASTS)
        )
        if rows and not journal.did_since(turn.session, turn.speaker().id, rows[0].at):
            grid = grids.get(turn.session, rows[0].grid_id)
            return lambda turn: _privately(turn, running, grid, rows)
    return None


def _privately(turn: Turn, running: Running, grid: Grid, rows: Sequence[CensusAnswer]) -> list[Reply]:
    """Among colleagues too it is only the speaker's own."""
    reply = _taken(turn, running, grid, rows)
    if not turn.in_group:
        return [reply]
    account = turn.speaker()
    return [Reply(reply.template, reply.values, Address(account.channel, account.external, private=True))]


def button(turn: Turn, running: Running, grid: Grid) -> Button:
    """Takes back what is entered in this turn."""
    return Button(UNDO, f"{UNDO} {running.number} {grid.id} {(turn.now - BEGAN) // MICROSECOND}")


def take_back(turn: Turn, running: Running, grid: Grid) -> Reply:
    """The speaker's own entries of the button's moment are no more."""
    moment = turn.order.argument.rpartition(" ")[2] if turn.order else ""
    rows: list[CensusAnswer] = []
    if moment.isascii() and moment.isdecimal() and len(moment) < 18:
        at = BEGAN + int(moment) * MICROSECOND
        rows = census.entered_at(turn.session, running.number, turn.speaker().id, at)
    return _taken(turn, running, grid, rows)


def _taken(turn: Turn, running: Running, grid: Grid, rows: Sequence[CensusAnswer]) -> Reply:
    for row in rows:
        census.take_back(turn.session, row)
    journal.note(
        turn.session, turn.now, UNDO, matter_id=running.number, grid_id=grid.id, account_id=turn.speaker().id,
        detail=str(len(rows)),
    )  # fmt: skip
    return Reply("census/taken_back", {"grid": grid, "count": len(rows)}, about=running.number)
