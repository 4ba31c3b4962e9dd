"""After 来不了: 让石建英去, 石建英替我, or the name alone say who goes instead."""

import re
from datetime import timedelta
from functools import lru_cache

from bot.catalog import Catalog
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.mobilizing import answering, plans
from storage import musters, notices

router = Router()

LONGEST = 14
"""Characters; who tells more is not only naming somebody."""
SINCE_NO = timedelta(minutes=30)
END = r"(?:了|吧|嘛|哈|噻|啊|哦)*[\s。！!~～]*"


@router.guard
def names_an_heir(turn: Turn) -> Handler | None:
    """Whoever has just said no to being called, and names somebody; nobody else's words are looked at twice."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None or len(said.text) > LONGEST or said.numbers:
        return None
    if said.command is not None or said.intent == "emergency" or (turn.chat and turn.chat.audience != "staff"):
        return None
    found = _named(turn.catalog).fullmatch(said.text)
    going = musters.going(turn.session) if found else None
    if not found or not going:
        return None
    for number in going:
        receipt = notices.receipt_of(turn.session, number, turn.account.id)
        if receipt is None or receipt.declined_at is None or turn.now - receipt.declined_at > SINCE_NO:
            continue
        if found["ask"] or answering.called_so(turn, going[number], receipt, found["name"]):
            turn.order = Order("muster_no", (number,), found["name"])
            return _handed
    return None


def _handed(turn: Turn) -> list[Reply]:
    return answering.aside(turn, answering.cannot_come(turn))


@lru_cache(maxsize=4)
def _named(catalog: Catalog) -> re.Pattern[str]:
    hand = plans.terms(catalog).hand
    before, after = (phrases.any_of(some) for some in (hand.before, hand.after))
    return re.compile(rf"我?(?:已经|已)?(?P<ask>{before})?(?P<name>[\u4e00-\u9fff·]{{2,4}}?)(?:{after})?{END}")
