"""叫号: who comes next, who was not there, who is left; those called hear it in private, their group no more than the building.

It reaches only those who were told to come at this time, a batch at a time, so a digit on the card is enough; in words
it takes the exact word and the queue's number, and nothing that softens it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.errors import UserMistake
from bot.message import LITERAL, Address, Ask, Button, Lane, Reply
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.people import authority
from handlers.slots import rules as slot_rules
from handlers.slots.doors import doors_said, matched, rooms
from handlers.slots.planning import groups, where
from handlers.slots.rules import Timed
from handlers.slots.standing import (
    CHOICES,
    CLOSES,
    DEED,
    buttons_for,
    card,
    no_question,
    note,
    only_exactly,
    open_queue,
)
from storage import grids, people, slots, timers
from storage.slots import CALLED, CAME, CLOSED, GONE, MISSED, OPEN, WAITING, Building, Called, SlotQueue
from storage.timers import Timer

router = Router()

ALL = ("都没来", "全没来", "全部", "都")
CLOSING_WORD = "收队"
ANSWER_S = 1800
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Bunch:
    """What is called in one building: doors, or a number of households where no doors are known."""

    turn: slots.Turn
    doors: Sequence[Called]
    more: int
    begins: bool
    """Nobody of this building was called before."""

    @property
    def many(self) -> int:
        """Households that are called."""
        return len(self.doors) + self.more


@router.order("slot_next")
def call_batch(turn: Turn) -> list[Reply]:
    """叫下一批: as many as a quarter of an hour serves."""
    return _call(turn, None)


@router.order("slot_one")
def call_one(turn: Turn) -> list[Reply]:
    """叫下一个: one household."""
    return _call(turn, 1)


def _call(turn: Turn, most: int | None) -> list[Reply]:
    number = turn.order.number if turn.order else None
    if number is None:
        return _which(turn)
    queue, rows = open_queue(turn, number), slot_rules.rules(turn.catalog)
    only_exactly(turn, queue, "slot_one" if most == 1 else "slot_next")
    early = timedelta(minutes=rows.early_minutes)
    if queue.starts_at is not None and turn.now < queue.starts_at - early:
        raise UserMistake("slots/too_early", queue=queue, minutes=rows.early_minutes)
    expected = int(turn.words) if turn.words.isdecimal() else queue.batch
    if not slots.count_up(turn.session, queue.number, expected):
        raise UserMistake("slots/called_already", queue=queue)
    came = slots.settle_called(turn.session, queue.number)
    bunches, again = _next(turn, queue, most or queue.per_quarter)
    after = open_queue(turn, number)
    if not bunches:
        return [_aside(turn, Reply("slots/all_called", _result(turn, queue), buttons=_closing(after), ask=Ask()))]
    doors = [door for bunch in bunches for door in bunch.doors]
    slots.mark(turn.session, [door.id for door in doors], CALLED)
    for bunch in bunches:
        if bunch.more:
            slots.call_more(turn.session, bunch.turn.id, bunch.more)
    many = sum(bunch.many for bunch in bunches)
    note(turn, "slot_call", queue, detail=f"{queue.number} {after.batch} {many}")
    reached = slots.reached(turn.session, [door.id for door in doors])
    named = grids.by_ids(turn.session, {bunch.turn.grid_id for bunch in bunches})
    values = {
        "queue": after,
        "came": came,
        "again": again,
        "early": queue.starts_at is not None and turn.now < queue.starts_at,
        "many": many,
        "lines": [(where(named, one.turn.grid_id, one.turn.building), one.many) for one in bunches],
        "doors": [] if turn.in_group else rooms(doors[:SHOWN]),
    }
    told = [
        Reply(
            "slots/your_turn",
            {"queue": queue, "again": again},
            to=Address(one.channel, one.external, private=True),
            lane=Lane.DUTY,
        )
        for one in reached
    ]
    heard = _groups_hear(turn, queue, bunches, {one.door_id for one in reached}, again=again)
    return [Reply("slots/called", values, buttons=buttons_for(after), ask=Ask(), about=queue.number), *told, *heard]


def _next(turn: Turn, queue: SlotQueue, most: int) -> tuple[list[Bunch], bool]:
    """Who comes next, and whether it is those who were missed before."""
    bunches: list[Bunch] = []
    every = slots.turns(turn.session, queue.number)
    for one in every:
        if most <= 0:
            break
        if one.waiting:
            doors = slots.next_doors(turn.session, queue.number, one.id, most)
            bunches.append(Bunch(one, doors, 0, begins=one.waiting == one.doors))
        elif not one.doors and one.called < one.households:
            bunches.append(Bunch(one, (), min(most, one.households - one.called), begins=not one.called))
        else:
            continue
        most -= bunches[-1].many
    if bunches:
        return bunches, False
    missed = slots.doors_in(turn.session, queue.number, (MISSED,), most)
    by_turn = {one.id: one for one in every}
    found: dict[int, list[Called]] = {}
    for door in missed:
        found.setdefault(door.turn_id, []).append(door)
    return [Bunch(by_turn[of], doors, 0, begins=True) for of, doors in found.items()], True


def _groups_hear(
    turn: Turn, queue: SlotQueue, bunches: Sequence[Bunch], reached: set[int], *, again: bool
) -> list[Reply]:
    """Building and staircase, where one begins or somebody could not be told in private; never those who go first."""
    called: dict[Building, Bunch] = {}
    for bunch in bunches:
        open_doors = [door for door in bunch.doors if not door.first]
        if bunch.more or (open_doors and (bunch.begins or any(door.id not in reached for door in open_doors))):
            called[Building(bunch.turn.grid_id, bunch.turn.building, bunch.many)] = bunch
    timed = [Timed(building, one.turn.starts_at, one.turn.ends_at) for building, one in called.items()]
    named = grids.by_ids(turn.session, {one.grid_id for one in called})
    heard: list[Reply] = []
    for chat, theirs in groups(turn, timed)[0]:
        lines: list[tuple[str, list[str], int]] = []
        for one in theirs:
            bunch = called[one.building]
            units = list(dict.fromkeys(door.unit for door in bunch.doors if not door.first and door.unit))
            lines.append((where(named, one.building.grid_id, one.building.building), units, bunch.more))
        values = {"queue": queue, "lines": lines, "again": again}
        heard.append(Reply("slots/building_called", values, to=Address(chat.channel, chat.external), lane=Lane.DUTY))
    return heard


@router.order("slot_missed")
def missed(turn: Turn) -> list[Reply]:
    """过号: these were called and did not come; they are called again at the end, once."""
    queue, words = _numbered(turn), doors_said(turn)
    no_question(turn, queue, "slot_missed")
    if not words:
        ask = Ask(takes=f"slot_missed {queue.number}", lasts_s=ANSWER_S)
        return [_aside(turn, Reply("slots/missed_which", {"queue": queue}, ask=ask))]
    called = slots.doors_in(turn.session, queue.number, (CALLED,))
    if words.rstrip("。") in ALL:
        found = called
    else:
        came = slots.doors_in(turn.session, queue.number, (CAME,))
        found = matched(words, [*called, *came], queue)
    slots.miss(turn.session, [door.id for door in found])
    note(turn, "slot_missed", queue, detail=f"{queue.number} {len(found)}")
    told = [
        Reply("slots/you_missed", {"queue": queue}, to=Address(one.channel, one.external, private=True), lane=Lane.DUTY)
        for one in slots.reached(turn.session, [door.id for door in found if not door.missed])
    ]
    after = open_queue(turn, queue.number)
    noted = Reply(
        "slots/missed_noted",
        {"doors": rooms(found), "many": len(found), "queue": after},
        buttons=buttons_for(after),
        ask=Ask(),
    )
    return [_aside(turn, noted), *told]


@router.order("slot_came")
def came_after_all(turn: Turn) -> list[Reply]:
    """补到: they were missed and have come since."""
    queue, words = _numbered(turn), doors_said(turn)
    no_question(turn, queue, "slot_came")
    if not words:
        ask = Ask(takes=f"slot_came {queue.number}", lasts_s=ANSWER_S)
        return [_aside(turn, Reply("slots/came_which", {"queue": queue}, ask=ask))]
    found = matched(words, slots.doors_in(turn.session, queue.number, (MISSED, GONE)), queue)
    slots.mark(turn.session, [door.id for door in found], CAME)
    note(turn, "slot_came", queue, detail=f"{queue.number} {len(found)}")
    came = Reply("slots/came_noted", {"doors": rooms(found), "queue": queue}, buttons=buttons_for(queue), ask=Ask())
    return [_aside(turn, came)]


@router.order("slot_left")
def left(turn: Turn) -> list[Reply]:
    """还剩谁: by building what waits, and who was missed; a leader of a part sees that part."""
    number = turn.order.number if turn.order else None
    if number is None:
        return _which(turn, left=True)
    queue = slots.by_number(turn.session, number)
    if queue is None or queue.state == slots.DRAFT:
        raise UserMistake("slots/unknown", number=number)
    every = slots.turns(turn.session, number)
    named = grids.by_ids(turn.session, {one.grid_id for one in every})
    seats = [grid.code for _, grid in authority.seated(turn, turn.posts, DEED)]
    mine = {one.id: one for one in every if any(named[one.grid_id].code.startswith(code) for code in seats)}
    if not mine:
        raise UserMistake("slots/unknown", number=number)
    if turn.words.isdecimal() and (chosen := [one for one in mine.values() if one.position == int(turn.words)]):
        return [_aside(turn, _left_in(turn, queue, chosen[0], where(named, chosen[0].grid_id, chosen[0].building)))]
    waiting = [(one, one.waiting if one.doors else one.households - one.called) for one in mine.values()]
    waiting = [(one, many) for one, many in waiting if many]
    doors = [door for door in slots.doors_in(turn.session, number, (MISSED, GONE)) if door.turn_id in mine]
    first = [door for door in slots.first_waiting(turn.session, number) if door.turn_id in mine]
    values = {
        "queue": queue,
        "lines": [(where(named, one.grid_id, one.building), many) for one, many in waiting],
        "all": sum(many for _, many in waiting),
        "missed": rooms([door for door in doors if door.state == MISSED][:SHOWN]),
        "gone": rooms([door for door in doors if door.state == GONE][:SHOWN]),
        "first": rooms(first[:SHOWN]),
    }
    buttons = tuple(
        Button(f"{LITERAL}{where(named, one.grid_id, one.building)}", f"slot_left {number} {one.position}")
        for one, _ in waiting[:CHOICES]
        if one.doors
    )
    return [_aside(turn, Reply("slots/left", values, buttons=buttons, ask=Ask() if buttons else None))]


def _left_in(turn: Turn, queue: SlotQueue, one: slots.Turn, name: str) -> Reply:
    doors = [door for door in slots.doors_in(turn.session, queue.number, (WAITING,)) if door.turn_id == one.id]
    values = {"queue": queue, "name": name, "doors": rooms(doors[: 2 * SHOWN]), "all": len(doors)}
    return Reply("slots/left_in", values, buttons=buttons_for(queue) if queue.state == OPEN else ())


@router.order("slot_close")
def close(turn: Turn) -> list[Reply]:
    """收队: the queue is over; what became of it is said and written down. No neighbour is told: nobody is rung for it."""
    if turn.order is not None and turn.order.number is None:
        return _which_to_close(turn)
    queue = _numbered(turn)
    only_exactly(turn, queue, "slot_close")
    timers.disarm(turn.session, CLOSES, queue.number)
    return [_aside(turn, _closed(turn, queue))]


def _which_to_close(turn: Turn) -> list[Reply]:
    """结束叫号 alone: the exact words for the one that is open, else what is open."""
    found = slots.open_below(turn.session, [grid.code for _, grid in authority.seated(turn, turn.posts, DEED)])
    if len(found) == 1:
        raise UserMistake("slots/exactly", word=CLOSING_WORD, queue=found[0])
    return _which(turn)


@router.timer(CLOSES)
def forgotten(scene: Scene, due: Sequence[Timer]) -> list[Reply]:
    """Long past its end: closed, and whoever opened it hears what became of it."""
    replies: list[Reply] = []
    for timer in due:
        queue = slots.by_number(scene.session, timer.about)
        if queue is not None and queue.state == OPEN:
            account = people.get_account(scene.session, queue.account_id)
            to = Address(account.channel, account.external, private=True)
            replies.append(replace(_closed(scene, queue), to=to, lane=Lane.DUTY))
    return replies


def _closed(scene: Scene, queue: SlotQueue) -> Reply:
    if queue.batch:
        slots.settle_called(scene.session, queue.number)
    slots.change(scene.session, queue.number, OPEN, {"state": CLOSED, "closed_at": scene.now})
    values = _result(scene, queue)
    note(scene, "slot_close", queue, detail=f"{queue.number} {values['came']} {values['left']}")
    return Reply("slots/closed", values, about=queue.number)


def _result(scene: Scene, queue: SlotQueue) -> dict[str, object]:
    """What became of everybody."""
    counts = slots.tally(scene.session, queue.number)
    doorless = [one for one in slots.turns(scene.session, queue.number) if not one.doors]
    gone = slots.doors_in(scene.session, queue.number, (MISSED, GONE))
    return {
        "queue": queue,
        "came": counts.get(CAME, 0) + counts.get(CALLED, 0) + sum(one.called for one in doorless),
        "left": counts.get(WAITING, 0) + sum(one.households - one.called for one in doorless),
        "missed": rooms(gone[:SHOWN]),
    }


def _which(turn: Turn, *, left: bool = False) -> list[Reply]:
    """The number was left out: what is open is shown, and nobody is called."""
    seats = [grid for _, grid in authority.seated(turn, turn.posts, DEED)]
    found = slots.open_below(turn.session, [grid.code for grid in seats])
    around = [grid.id for seat in seats for grid in grids.lineage(turn.session, seat)] if left else []
    known = {one.number: one for one in (*found, *slots.open_over(turn.session, around))}
    if not known:
        return [] if turn.in_group else [Reply("slots/none_open")]
    if len(known) == 1 and not left:
        return [_aside(turn, card(turn, next(iter(known.values()))))]
    act = "slot_left" if left else "slots"
    shown = list(known.values())[:CHOICES]
    buttons = tuple(Button(f"{LITERAL}{one.title} {one.number}", f"{act} {one.number}") for one in shown)
    return [_aside(turn, Reply("slots/yours", {"queues": shown}, buttons=buttons, ask=Ask()))]


def _numbered(turn: Turn) -> SlotQueue:
    number = turn.order.number if turn.order else None
    if number is None:
        raise UserMistake("slots/with_number")
    return open_queue(turn, number)


def _closing(queue: SlotQueue) -> tuple[Button, ...]:
    number = queue.number
    return (
        Button("slot_close", f"slot_close {number}"),
        Button("slot_came", f"slot_came {number}"),
        Button("slot_left", f"slot_left {number}"),
    )


def _aside(turn: Turn, reply: Reply) -> Reply:
    """The answer in private, wherever it was asked for: it names doors."""
    if not turn.in_group:
        return reply
    return replace(reply, to=Address(turn.incoming.channel, turn.incoming.sender, private=True))
