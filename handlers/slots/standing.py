"""How an open queue stands: its card, its buttons, and who may call there."""

import re

from bot.errors import UserMistake
from bot.message import Ask, Button, Reply
from bot.turn import Scene, Turn
from bot.understanding import phrases
from handlers.people import authority
from handlers.slots.planning import where
from storage import grids, journal, slots
from storage.slots import DRAFT, OPEN, SlotQueue

DEED = "call"
CLOSES = "slot"
"""The timer by which a forgotten queue ends."""
CHOICES = 4
DIGITS = re.compile(r"\d+")
STOPS, ASKING = " 。~～", ("?", "？", "吗", "么", "呢")


def buttons_for(queue: SlotQueue) -> tuple[Button, ...]:
    """What whoever calls may tap; a call is tapped only once."""
    number, batch = queue.number, queue.batch
    buttons = (
        Button("slot_next", f"slot_next {number} {batch}"),
        Button("slot_one", f"slot_one {number} {batch}"),
        Button("slot_missed", f"slot_missed {number}"),
        Button("slot_left", f"slot_left {number}"),
    )
    return buttons if batch else (buttons[0], buttons[3])


def card(turn: Turn, queue: SlotQueue) -> Reply:
    """How the queue stands, with what to do next."""
    turns = slots.turns(turn.session, queue.number)
    waiting = sum(one.waiting if one.doors else one.households - one.called for one in turns)
    at = next((one for one in turns if (one.waiting if one.doors else one.households - one.called)), None)
    named = grids.by_ids(turn.session, {one.grid_id for one in turns})
    values = {
        "queue": queue,
        "waiting": waiting,
        "missed": slots.tally(turn.session, queue.number).get(slots.MISSED, 0),
        "at": where(named, at.grid_id, at.building) if at else "",
    }
    return Reply("slots/card", values, buttons=buttons_for(queue), ask=Ask(), about=queue.number)


def open_queue(turn: Turn, number: int | None) -> SlotQueue:
    """The open queue with this number, if the speaker may call there."""
    queue = slots.by_number(turn.session, number) if number is not None else None
    if queue is None or queue.state == DRAFT or not may_call(turn, queue):
        raise UserMistake("slots/unknown", number=number)
    if queue.state != OPEN:
        raise UserMistake("slots/over", queue=queue)
    return queue


def only_exactly(turn: Turn, queue: SlotQueue, code: str) -> None:
    """Let pass a button, a digit on the card, or the exact word of this order and a number; UserMistake for the rest."""
    said = DIGITS.sub("", phrases.PAUSES.sub("", turn.utterance.text))
    words = next(command.words for command in turn.catalog.commands if command.code == code)
    if not _tapped(turn) and said not in words:
        raise UserMistake("slots/exactly", word=words[0], queue=queue)


def no_question(turn: Turn, queue: SlotQueue, code: str) -> None:
    """UserMistake where it is only asked whether: 过号 1001 301 吗."""
    words = next(command.words for command in turn.catalog.commands if command.code == code)
    if not _tapped(turn) and turn.utterance.text.rstrip(STOPS).endswith(ASKING):
        raise UserMistake("slots/exactly", word=words[0], queue=queue)


def _tapped(turn: Turn) -> bool:
    return turn.incoming.happening == "press" or (turn.order is not None and turn.order.answers)


def may_call(turn: Turn, queue: SlotQueue) -> bool:
    """Whether the speaker has a post over the queue that may call."""
    code = grids.get(turn.session, queue.grid_id).code
    return authority.post_over(turn, turn.posts, DEED, code) is not None


def note(scene: Scene, act: str, queue: SlotQueue, *, by: int | None = None, detail: str = "") -> None:
    """Written down with the queue's number; never with a door."""
    account = by if by is not None else scene.speaker().id if isinstance(scene, Turn) else None
    journal.note(
        scene.session,
        scene.now,
        act,
        grid_id=queue.grid_id,
        account_id=account,
        post_id=queue.post_id,
        why=f"slots {queue.number}",
        detail=detail,
    )


def own_draft(turn: Turn) -> SlotQueue:
    number = turn.order.number if turn.order else None
    queue = slots.by_number(turn.session, number) if number is not None else None
    if queue is None or queue.account_id != turn.speaker().id or not may_call(turn, queue):
        raise UserMistake("slots/unknown", number=number)
    if queue.state != DRAFT:
        raise UserMistake("slots/open_already" if queue.state == OPEN else "slots/over", queue=queue)
    return queue
