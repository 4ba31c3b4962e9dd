"""A queue that is still being written: 上一步, 算了, an answer that comes late; and what is no answer to it."""

from datetime import timedelta

from bot import orders
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.slots import opening, releasing, showing
from handlers.slots import rules as slot_rules
from handlers.slots.rules import Rules
from storage import matters, slots
from storage.slots import CLOSED, DRAFT, SlotQueue

router = Router()

SAYS, DROP, CHANGE = "slot_say", releasing.DROP, "slot_change"
A_PLACE = ("correct", "correct_info", "form_edit")
"""更正, 地点, 修改: command words that mean the queue while it waits for a change."""
EMPTY: dict[str, dict[str, object]] = {
    "title": {"title": ""},
    "when": {"starts_at": None, "ends_at": None},
    "place": {"place": ""},
    "pace": {"per_quarter": 0},
}
"""What going back to each question forgets."""
STILL_MEANT = timedelta(minutes=30)
JUST_DROPPED = timedelta(minutes=10)
LONGEST = 24


@router.guard_where("posted")
def of_the_set_up(turn: Turn) -> Handler | None:
    """What is said to a queue that is being written; asked only of those who hold a post."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None or said.intent == "emergency":
        return None
    if len(said.text) > LONGEST or (turn.chat is not None and turn.chat.audience != "staff"):
        return None
    if turn.asked is not None and turn.asked.takes.startswith(f"{SAYS} "):
        return _answers(turn, orders.parse_press(turn.asked.takes).number or 0)
    shown = releasing.asked_for(turn, CHANGE)
    if shown is not None and phrases.only(said.text, slot_rules.rules(turn.catalog).written.back):
        turn.order = Order(CHANGE, (shown,), answers=True)
        return opening.change
    return None if turn.asked is not None or said.command is not None else _late(turn)


def _answers(turn: Turn, number: int) -> Handler | None:
    """Going back, leaving it, a place and a pace that mean something else elsewhere; the rest answers as it is."""
    draft, rows, said = slots.by_number(turn.session, number), slot_rules.rules(turn.catalog), turn.utterance
    if draft is None or draft.state != DRAFT:
        turn.asked = None
        return None
    if _drops(turn, rows):
        turn.order = Order(DROP, (number,), answers=True)
        return releasing.drop
    if phrases.only(said.text, rows.written.back):
        turn.order = Order(SAYS, (number,), answers=True)
        return lambda turn: _back(turn, draft)
    if phrases.only(said.text, rows.written.change):
        turn.order = Order(CHANGE, (number,), answers=True)
        return opening.change
    more = said.digit is not None and showing.missing(draft) == "pace" and said.digit > len(rows.offers)
    if more or (said.command in A_PLACE and slot_rules.names_a_place(said.text)):
        turn.order = Order(SAYS, (number,), said.text, answers=True)
        return opening.say
    return None


def _back(turn: Turn, draft: SlotQueue) -> list[Reply]:
    """The question before this one is asked again."""
    lacks = showing.missing(draft)
    at = showing.MISSING.index(lacks) if lacks else 0
    if lacks and at:
        draft = slots.change(turn.session, draft.number, DRAFT, EMPTY[showing.MISSING[at - 1]]) or draft
    return [showing.go_on(turn, draft)]


def _late(turn: Turn) -> Handler | None:
    """An answer, or second thoughts, when the question was displaced by other work: nobody's matter."""
    rows, words = slot_rules.rules(turn.catalog), turn.utterance.text
    drops, fits = _drops(turn, rows), _fits(turn, rows)
    if turn.account is None or not (drops or fits):
        return None
    queue = slots.newest_of(turn.session, turn.account.id, turn.now - STILL_MEANT)
    if queue is None or queue.opened_at is not None:
        return None
    if queue.state == CLOSED:
        just = queue.closed_at is not None and turn.now - queue.closed_at <= JUST_DROPPED
        return (lambda _: [Reply("slots/dropped_before")]) if just and fits else None
    if drops:
        later = matters.latest_of(turn.session, turn.account.id, queue.since)
        turn.order = Order(DROP, (queue.number,))
        return releasing.drop if later is None else None
    if showing.missing(queue) not in fits:
        return None
    turn.order = Order(SAYS, (queue.number,), words)
    return opening.say


def _drops(turn: Turn, rows: Rules) -> bool:
    return phrases.only(turn.utterance.text, (*orders.words(turn, DROP), *rows.nearly.drops))


def _fits(turn: Turn, rows: Rules) -> set[str | None]:
    """Which questions about a queue these words would answer, and say nothing else."""
    words = turn.utterance.text.strip("。！! ")
    found: set[str | None] = set()
    if words in rows.titles:
        found.add("title")
    if slot_rules.only_a_span(words, showing.local(turn)):
        found.add("when")
    if slot_rules.pace(words, rows.quarter_minutes):
        found.add("pace")
    return found
