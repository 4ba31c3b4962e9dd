"""发布 1001: a queue leaves by just these words, or by the button that names its audience; nothing softer lets it go."""

import re
from dataclasses import replace
from datetime import timedelta

from bot import orders
from bot.errors import UserMistake
from bot.message import Address, Ask, Lane, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.notices import whose
from handlers.notices.terms import terms
from handlers.slots import planning, showing
from handlers.slots import rules as slot_rules
from handlers.slots.showing import OPENS, Whole
from handlers.slots.standing import CLOSES, buttons_for, may_call, note, own_draft
from storage import slots, timers
from storage.slots import DRAFT, OPEN, SlotQueue

router = Router()

EXACT = re.compile(r"发布(?:排队)?[\s:：#]*(\d{3,6})")
"""All there is, a stop at its end aside."""
NUMBER = re.compile(r"\d{3,6}")
ORDERS = (None, OPENS, "publish", "confirm", "approve")
"""Command words that something nearly right may begin with; any other order is an order."""
DROP, NEXT = "slot_drop", "slot_next"
BETWEEN = ' \t\n,，。.、:：;；!！~～“”"'


@router.guard_where("posted")
def of_a_draft(turn: Turn) -> Handler | None:
    """The exact words with the number let it go, second thoughts drop it, and what comes close is told what to say;
    asked only of those who hold a post, about a number they named or a queue they were just shown."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None or said.digit is not None:
        return None
    if said.intent == "emergency" or (said.command not in ORDERS and not asked_for(turn, DROP)):
        return None
    exact = EXACT.fullmatch(said.text.strip(BETWEEN))
    rows = slot_rules.rules(turn.catalog)
    if exact is None and (len(said.text) > rows.nearly.longest or (turn.chat and turn.chat.audience != "staff")):
        return None
    number, words = _parted(turn)
    queue = slots.by_number(turn.session, number) if number is not None else None
    if queue is None:
        return None
    if exact is not None:
        turn.order = Order(OPENS, (queue.number,), _mark_shown(turn, queue.number))
        return publish
    if phrases.only(words, (*orders.words(turn, DROP), *rows.nearly.drops)):
        return _taken_back(turn, queue)
    near = terms(turn.catalog).nearly
    likely = phrases.only(words, (*near.yes, *near.deeds, *rows.nearly.also)) if words else said.command is None
    if queue.state != DRAFT or not (likely or said.command in (OPENS, "publish")):
        return None
    return None if _is_a_button(turn) or showing.missing(queue) else lambda turn: almost(turn, queue)


def _parted(turn: Turn) -> tuple[int | None, str]:
    """(the number that was said, quoted or shown, what is said around it without what makes a question of it)."""
    text = turn.utterance.text
    found = NUMBER.search(text)
    words = text[: found.start()].rstrip() + text[found.end() :].removeprefix("号").lstrip() if found else text
    number = int(found[0]) if found else turn.quoted or asked_for(turn, DROP) or asked_for(turn, NEXT)
    return number, words.strip(BETWEEN).rstrip(terms(turn.catalog).nearly.asking).strip(BETWEEN)


def asked_for(turn: Turn, code: str) -> int | None:
    """The queue of which the speaker was just shown this button."""
    options = turn.asked.options.split("\n") if turn.asked else ()
    pressed = (orders.parse_press(one.partition(orders.LABEL)[0]) for one in options)
    return next((one.number for one in pressed if one.code == code), None)


def _mark_shown(turn: Turn, number: int) -> str:
    """The fingerprint on the button that the speaker was just shown; nothing where none was."""
    options = turn.asked.options.split("\n") if turn.asked else ()
    pressed = (orders.parse_press(one.partition(orders.LABEL)[0]) for one in options)
    return next((one.argument for one in pressed if (one.code, one.number) == (OPENS, number)), "")


def _is_a_button(turn: Turn) -> bool:
    """Whether these are the very words of a button that waits."""
    waiting = turn.asked.options.split("\n") if turn.asked else ()
    return any(one.endswith(f"{orders.LABEL}{turn.utterance.text}") for one in waiting)


def _taken_back(turn: Turn, queue: SlotQueue) -> Handler | None:
    """算了: a draft is dropped; what has left cannot be taken back, and what can be done instead is said."""
    if queue.state == DRAFT and turn.account is not None and queue.account_id == turn.account.id:
        turn.order = Order(DROP, (queue.number,), answers=asked_for(turn, DROP) == queue.number)
        return drop
    if queue.state == OPEN and may_call(turn, queue):
        return lambda _: [Reply("slots/out_already", {"queue": queue}, about=queue.number)]
    return None


def almost(turn: Turn, queue: SlotQueue) -> list[Reply]:
    """Nothing has left; what to say or to tap."""
    if not may_call(turn, queue) or (turn.account is not None and queue.account_id != turn.account.id):
        raise UserMistake("slots/unknown", number=queue.number)
    if not showing.whole(turn, queue).may_leave:
        return [showing.go_on(turn, queue)]
    return [Reply("slots/nearly", {"queue": queue, "shown": _mark_shown(turn, queue.number)}, about=queue.number)]


@router.order(OPENS)
def publish(turn: Turn) -> list[Reply]:
    """What was just shown leaves: every group hears when its buildings come; the queue can be called."""
    if turn.order is None or turn.order.number is None:
        raise UserMistake("slots/with_number_to_open")
    whose.only_where_staff_hear(turn)
    draft = own_draft(turn)
    if turn.incoming.happening == "text" and turn.utterance.digit is not None:
        return almost(turn, draft)  # one digit more than was meant must not reach anybody
    if showing.missing(draft) or not (shown := showing.whole(turn, draft)).may_leave:
        return [showing.go_on(turn, draft)]
    if turn.words != shown.mark:
        return [showing.go_on(turn, draft, why="changed" if turn.words else "look")]
    turn.order = replace(turn.order, answers=True)
    return _release(turn, shown)


def _release(turn: Turn, shown: Whole) -> list[Reply]:
    queue = slots.change(turn.session, shown.draft.number, DRAFT, {"state": OPEN, "opened_at": turn.now})
    if queue is None or queue.ends_at is None:
        raise UserMistake("slots/unknown", number=shown.draft.number)
    rows = slot_rules.rules(turn.catalog)
    slots.add_turns(
        turn.session,
        queue.number,
        [
            {
                "position": at,
                "grid_id": one.building.grid_id,
                "building": one.building.building,
                "households": one.building.households,
                "starts_at": one.starts_at,
                "ends_at": one.ends_at,
            }
            for at, one in enumerate(shown.plan.timed)
        ],
    )
    slots.put_first(turn.session, _by_record(turn, queue))
    timers.arm(turn.session, CLOSES, queue.number, queue.ends_at + timedelta(hours=rows.close_after_hours))
    note(turn, OPENS, queue, detail=f"{queue.number} {shown.plan.households}")
    announced = [
        Reply(
            "slots/announced",
            {"queue": queue, "lines": planning.lines(turn, theirs)},
            to=Address(chat.channel, chat.external),
            lane=Lane.NOTICE,
        )
        for chat, theirs in shown.told
    ]
    opened = {"queue": queue, "groups": len(shown.told), "silent": [grid.name for grid in shown.silent]}
    return [Reply("slots/opened", opened, buttons=buttons_for(queue), ask=Ask(), about=queue.number), *announced]


def _by_record(turn: Turn, queue: SlotQueue) -> set[int]:
    """The doors of which a filing says that somebody there should not stand and wait."""
    records = slot_rules.rules(turn.catalog).record
    found: set[int] = set()
    for door, form, answers in slots.filed(turn.session, queue.number, [record.form for record in records]):
        if any(slot_rules.recorded(record, answers) for record in records if record.form == form):
            found.add(door)
    return found


@router.order(DROP)
def drop(turn: Turn) -> list[Reply]:
    """Never mind."""
    slots.change(turn.session, own_draft(turn).number, DRAFT, {"state": slots.CLOSED, "closed_at": turn.now})
    return [Reply("slots/dropped")]
