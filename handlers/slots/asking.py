"""我排到几点, 优先: what a resident asks of a queue; in a group only buildings are named, and nobody's needs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.message import LITERAL, Address, Ask, Button, Reply
from bot.router import Router
from bot.turn import Turn
from bot.understanding.utterance import Place
from handlers.forms import known
from handlers.slots import rules as slot_rules
from handlers.slots.planning import where
from handlers.slots.standing import CHOICES, card, may_call, note
from storage import codes, grids, people, slots
from storage.grids import Grid
from storage.slots import SlotQueue

router = Router()

ANSWER_S = 1800
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Lives:
    """Where the speaker lives, as far as it is known; empty parts are not."""

    grid: Grid
    building: str = ""
    unit: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one queue stands for whoever asks."""

    queue: SlotQueue
    kind: str
    """door, building or all; a door's own state where it was called."""
    name: str = ""
    """The building."""
    at: datetime | None = None
    ends_at: datetime | None = None
    ahead: int = 0
    first: bool = False
    now_at: str = ""
    """The building that is being called."""
    lines: tuple[tuple[str, datetime, datetime], ...] = ()


@router.order("slot_when")
def when(turn: Turn) -> list[Reply]:
    """我排到几点: a short answer; in a group the times of its buildings and no more."""
    if turn.posts and not turn.in_group:  # whoever calls a queue asks for its card
        number = turn.order.number if turn.order else None
        queue = slots.by_number(turn.session, number) if number else None
        if queue is not None and may_call(turn, queue):
            return [card(turn, queue)]
    lives = _lives(turn)
    if lives is None:
        return [] if turn.in_group else [_which(turn, "slot_when")]
    found = _queues(turn, lives.grid)
    if not found:
        return [] if turn.in_group else [Reply("slots/none")]
    standings = [_standing(turn, queue, lives) for queue in found[:CHOICES]]
    unknown = not lives.building and any(one.kind == "all" for one in standings)
    ask = Ask(takes="slot_when", lasts_s=ANSWER_S) if unknown and not turn.in_group else None
    return [Reply("slots/when", {"standings": standings, "unknown": unknown, "group": turn.in_group}, ask=ask)]


@router.order("slot_first")
def first(turn: Turn) -> list[Reply]:
    """优先: whoever should not stand and wait goes first in the building; why is not kept."""
    lives = _lives(turn, alone=True)
    grid = lives.grid if lives else turn.grid
    found = _queues(turn, grid) if grid else []
    if not found:
        return [] if turn.in_group else [Reply("slots/none")]
    if not slot_rules.needs_first(turn.words, slot_rules.rules(turn.catalog)):
        choices = slot_rules.rules(turn.catalog).choices[:CHOICES]
        buttons = tuple(
            Button(f"{LITERAL}{word}", " ".join(("slot_first", word, *turn.words.split()))[:40]) for word in choices
        )
        return _aside(turn, Reply("slots/first_why", buttons=buttons, ask=Ask(takes="slot_first", lasts_s=ANSWER_S)))
    if not by_door(turn, found[:CHOICES]):
        return _aside(turn, Reply("slots/first", {"standings": [], "unlisted": True}))
    if lives is None or not lives.room:
        asks = Ask(takes=f"slot_first {turn.words[:20]}", lasts_s=ANSWER_S)
        return _aside(turn, Reply("slots/first_door", ask=asks))
    standings: list[Standing] = []
    for queue in found[:CHOICES]:
        doors = slots.door_of(turn.session, queue.number, lives.grid.id, lives.building, lives.unit, lives.room)
        if len(doors) == 1:
            slots.put_first(turn.session, [doors[0].id])
            note(turn, "slot_first", queue, detail=str(queue.number))
            standings.append(_standing(turn, queue, lives, alone=True))
    return _aside(turn, Reply("slots/first", {"standings": standings, "unlisted": False}))


def open_for(turn: Turn) -> SlotQueue | None:
    """The queue that the speaker would come to; None where none is open."""
    lives = _lives(turn)
    found = _queues(turn, lives.grid) if lives is not None else []
    return found[0] if found else None


def by_door(turn: Turn, found: Iterable[SlotQueue]) -> bool:
    """Whether any of them is called door by door."""
    return any(one.doors for queue in found for one in slots.turns(turn.session, queue.number))


def _aside(turn: Turn, reply: Reply) -> list[Reply]:
    """The answer in private; a group hears that there is one, and not what it is about."""
    if not turn.in_group:
        return [reply]
    alone = Address(turn.incoming.channel, turn.incoming.sender, private=True)
    return [Reply("slots/in_private"), replace(reply, to=alone)]


def _which(turn: Turn, takes: str) -> Reply:
    return Reply("slots/which_home", ask=Ask(takes=takes, lasts_s=ANSWER_S) if turn.grid else None)


def _lives(turn: Turn, *, alone: bool = False) -> Lives | None:
    """Where the speaker lives: what was said now, else the scanned code, else the last filing.

    In a group it is the group's grid, unless the answer is for the speaker alone.
    """
    said = turn.read(turn.words, True).place if turn.words else Place()
    if (turn.in_group and not alone) or (said.building and turn.grid is not None):
        return _said(turn, turn.grid, said) if turn.grid else None
    if turn.account is None:
        return None
    home = codes.home_of(turn.session, turn.account.id)
    if home is not None:
        return Lives(grids.get(turn.session, home.grid_id), home.building, home.unit, home.room)
    last = known.last_door(turn, turn.account.id)
    if last is not None and last.grid_id is not None:
        return Lives(grids.get(turn.session, last.grid_id), last.building, last.unit, last.room)
    return Lives(grid) if (grid := turn.grid or _served(turn)) else None


def _served(turn: Turn) -> Grid | None:
    """Where whoever holds a post serves, if nothing says where they live."""
    served = next((post.grid_id for post in turn.posts if post.grid_id is not None), None)
    return grids.get(turn.session, served) if served is not None else None


def _said(turn: Turn, grid: Grid, said: Place) -> Lives:
    if not said.building:
        return Lives(grid)
    own = people.grid_of_door(turn.session, grid.code, said.building, said.unit)
    if own is None and grid.parent_id is not None:
        above = grids.get(turn.session, grid.parent_id)
        own = people.grid_of_door(turn.session, above.code, said.building, said.unit)
    lives = grids.get(turn.session, own) if own is not None else grid
    return Lives(lives, said.building, said.unit or "", said.room or "")


def _queues(turn: Turn, grid: Grid) -> list[SlotQueue]:
    """The open queues that this grid comes to, and those of parts of it."""
    around = slots.open_over(turn.session, [one.id for one in grids.lineage(turn.session, grid)])
    below = slots.open_below(turn.session, [grid.code])
    return list({one.number: one for one in (*around, *below)}.values())


def _standing(turn: Turn, queue: SlotQueue, lives: Lives, *, alone: bool = False) -> Standing:
    every = slots.turns(turn.session, queue.number)
    named = grids.by_ids(turn.session, {one.grid_id for one in every})
    at = next((one for one in every if (one.waiting if one.doors else one.households - one.called)), None)
    now_at = where(named, at.grid_id, at.building) if at and queue.batch else ""
    mine = [
        one for one in every if one.grid_id == lives.grid.id and (one.building == lives.building or not one.building)
    ]
    if (alone or not turn.in_group) and lives.room:
        doors = slots.door_of(turn.session, queue.number, lives.grid.id, lives.building, lives.unit, lives.room)
        if len(doors) == 1 and mine and queue.per_quarter:
            inside, ahead = slots.ahead_of(turn.session, doors[0])
            rows = slot_rules.rules(turn.catalog)
            moment = slot_rules.moment_of(inside, mine[0].starts_at, queue.per_quarter, rows)
            return Standing(
                queue,
                "door" if doors[0].state == slots.WAITING else doors[0].state,
                name=where(named, mine[0].grid_id, mine[0].building),
                at=moment,
                ahead=ahead,
                first=doors[0].first,
                now_at=now_at,
            )
    if len(mine) == 1 and (lives.building or not mine[0].building):
        one = mine[0]
        name = where(named, one.grid_id, one.building)
        return Standing(queue, "building", name=name, at=one.starts_at, ends_at=one.ends_at, now_at=now_at)
    near = [one for one in every if named[one.grid_id].code.startswith(lives.grid.code)] or every
    lines = _lines((where(named, one.grid_id, one.building), one.starts_at, one.ends_at) for one in near[:SHOWN])
    return Standing(queue, "all", now_at=now_at, lines=lines)


def _lines(rows: Iterable[tuple[str, datetime, datetime]]) -> tuple[tuple[str, datetime, datetime], ...]:
    return tuple(rows)
