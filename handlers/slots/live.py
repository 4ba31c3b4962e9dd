"""A queue that is out, in people's own words: 先不叫, 三户没来, 我几点去领, 错过了咋办; none of it is a matter."""

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.people import authority
from handlers.slots import asking, calling, releasing
from handlers.slots import rules as slot_rules
from handlers.slots.rules import Live
from handlers.slots.standing import DEED, may_call
from storage import slots
from storage.slots import DRAFT, OPEN

router = Router()

TAKES_BACK = ("notice_cancel", "notice_stop", "withdraw")
NEXT = releasing.NEXT
YIELDS = ("slot_first", "slot_when")
"""Questions of a queue's that other words about it, and a neighbour's other affairs, do not answer."""
OWN_AFFAIRS = ("report", "wish", "form", "progress", "verify")
LONGEST = 24
ASKING, CALLS = "?？呢 ", ("小格", "去", "来", "请问")


@router.guard_where("posted")
def at_the_queue(turn: Turn) -> Handler | None:
    """What whoever calls says beside the exact words; asked only of such words, and of those who hold a post."""
    said, rows = turn.utterance, slot_rules.rules(turn.catalog).live
    if turn.incoming.happening != "text" or said.intent == "emergency":
        return None
    if len(said.text) > LONGEST or (turn.chat is not None and turn.chat.audience != "staff"):
        return None
    if said.command in TAKES_BACK and said.numbers:
        return _taken_back(turn, said.numbers[0])
    if said.command is not None or (turn.asked is not None and turn.asked.takes):
        return None
    if (number := releasing.asked_for(turn, NEXT)) is not None and phrases.only(said.text, rows.holds):
        queue = slots.by_number(turn.session, number)
        return (lambda _: [Reply("slots/held", {"queue": queue}, about=number)]) if queue is not None else None
    if any(word in said.text for word in rows.absent) and not any(word in said.text for word in rows.fault):
        return _absent(turn)
    return None


def _taken_back(turn: Turn, number: int) -> Handler | None:
    """作废 1031, 停发 1031 of a queue: one's own draft is dropped; what is out is closed by its own words."""
    queue = slots.by_number(turn.session, number)
    if queue is None or not may_call(turn, queue):
        return None
    if queue.state == DRAFT and turn.account is not None and queue.account_id == turn.account.id:
        turn.order = Order(releasing.DROP, (number,))
        return releasing.drop
    return (lambda _: [Reply("slots/out_already", {"queue": queue}, about=number)]) if queue.state == OPEN else None


def _absent(turn: Turn) -> Handler | None:
    """老桥头有三户没来, while a queue is being called here: which doors, where doors are known."""
    found = slots.open_below(turn.session, [grid.code for _, grid in authority.seated(turn, turn.posts, DEED)])
    called = [queue for queue in found if queue.batch]
    if len(called) != 1:
        return None
    queue = called[0]
    if any(one.doors for one in slots.turns(turn.session, queue.number)):
        turn.order = Order("slot_missed", (queue.number,), " ".join(map(str, turn.utterance.numbers)))
        return calling.missed
    return lambda _: [Reply("slots/no_doors", {"queue": queue}, about=queue.number)]


@router.guard
def asks_of_the_queue(turn: Turn) -> Handler | None:
    """我几点去领, 我家老人走不动能不能先领, 没赶上咋办: asked only of such words, where a queue is open for the speaker."""
    said, rows = turn.utterance, slot_rules.rules(turn.catalog).live
    if turn.incoming.happening != "text" or said.intent == "emergency" or said.command is not None:
        return None
    waits = turn.asked.takes if turn.asked is not None else ""
    if len(said.text) > LONGEST or (waits and not waits.startswith(YIELDS)):
        return None
    code = _meant(said.text, rows)
    if code is None and waits and said.intent in OWN_AFFAIRS and not _answers(turn):
        turn.asked = None
    if code is None or (turn.in_group and not code) or (waits and code == waits.split()[0]):
        return None
    queue = asking.open_for(turn)
    if queue is None:
        return None
    if not code:
        turn.asked = None
        return lambda _: [Reply("slots/if_missed", {"queue": queue, "doors": asking.by_door(turn, [queue])})]
    turn.order = Order(code, (), said.text, answers=bool(waits))
    return asking.when if code == "slot_when" else asking.first


def _answers(turn: Turn) -> bool:
    """Whether a door or a need is said: that is what was asked."""
    rows = slot_rules.rules(turn.catalog)
    return turn.utterance.place.room is not None or slot_rules.needs_first(turn.utterance.text, rows)


def _meant(text: str, rows: Live) -> str | None:
    """The order that the words mean; empty when they ask what becomes of who is late, None when they mean none."""
    if phrases.has(text, rows.late):
        return ""
    if phrases.has(text, rows.first):
        return "slot_first"
    asks = phrases.has(text, rows.when) or phrases.only(text.rstrip(ASKING), rows.mine, CALLS)
    return "slot_when" if asks else None
