""" "3楼全部平安" where no table tells which doors that is: the words are kept until somebody says the doors."""

from collections.abc import Iterable, Sequence

from bot.message import Ask, Reply
from bot.turn import Turn
from handlers.census import doors as census_doors
from handlers.census.reading import Said, grammar
from storage import census
from storage.census import LEADER, Answer, Door, Running
from storage.grids import Grid

DOORS = "census_doors"
FLOOR = "楼"
LONGEST, ANSWER_S = 120, 1800


def keep(turn: Turn, running: Running, grid: Grid, runs: Sequence[Said], words: str) -> Reply | None:
    """Note what was said of doors that nobody knows, and ask which they are."""
    if not runs:
        return None
    account = turn.speaker()
    said = [
        Answer(_of(grid, one), account.id, LEADER, one.state, needs=one.needs, words=words[:LONGEST]) for one in runs
    ]
    census.put(turn.session, running.number, said, turn.now)
    ask = Ask(takes=f"{DOORS} {running.number} {grid.id}", held=words[:LONGEST], lasts_s=ANSWER_S)
    return Reply("census/no_table_run", {"grid": grid}, about=running.number, ask=ask)


def found(turn: Turn, running: Running, doors: Iterable[Door]) -> None:
    """These doors were said: what the speaker said of them before, without saying which they are, has found them."""
    written = list(doors)
    for row in census.without_doors(turn.session, running.number, turn.speaker().id, {one.grid_id for one in written}):
        read = grammar(turn.catalog).read(row.words)
        if any(census_doors.in_run(written, one) for one in read if one.is_run):
            census.take_back(turn.session, row)


def whole(turn: Turn, doors: str, held: str) -> str:
    """ "301到304", and what was said before of all of them, as one sentence."""
    if grammar(turn.catalog).read(doors):
        return doors
    read = next((one for one in grammar(turn.catalog).read(held) if one.is_run), None)
    return f"{doors}{'没人' if read is not None and read.state == census.AWAY else '都平安'}"


def _of(grid: Grid, run: Said) -> Door:
    """Where it is kept: without a room, so that it counts as no door."""
    floor = f"{run.door.floor}{FLOOR}" if run.door.floor else ""
    return Door(None, grid.id, run.door.building or run.door.either, run.door.unit + floor, "")
