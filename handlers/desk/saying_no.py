"""我不同意, 不行: the second person's no to what waits for their yes. It stops something and reaches nobody but its
author, hence any plain word is enough; a yes is never taken so."""

import re
from datetime import timedelta

from bot.orders import words as typed
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.census import asking as census
from handlers.desk.nearly import NUMBER, WAR, kind_of
from handlers.mobilizing import ordering
from handlers.modes import switching
from handlers.notices import approving, conflicts
from handlers.notices.terms import terms
from storage import modes, notices
from storage.notices import WAITING, Notice

router = Router()

NO, PLAIN, BESIDE = "second_no", "second_no_plain", "second_no_beside"
LONGEST = 40
LEANS = re.compile(r"不|莫|别|反对|先|等|no", re.IGNORECASE)
"""Every way to say no has one of these."""
REFUSES = (None, "refuse", "publish", "withdraw")
"""Command words with which a no may begin, or that it denies."""


NOES: dict[str, tuple[str, Handler]] = {
    "mobilize": ("muster_refuse", ordering.refuse),
    "census": ("census_refuse", census.refuse),
    "notice": (approving.REFUSE, approving.refuse),
}
"""The order and its handler for each kind of what waits."""


@router.guard_where("posted", "alone")
def says_no(turn: Turn) -> Handler | None:
    """The refusal of what waits for the speaker's yes, with the reason that was given; quick to say None."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None:
        return None
    if len(said.text) > LONGEST or said.command not in REFUSES or not LEANS.search(said.text):
        return None
    if said.intent == "emergency" or said.digit is not None:
        return None
    words, plain = typed(turn, NO), typed(turn, PLAIN)
    text = NUMBER.sub(" ", said.text)
    first, *why = phrases.clauses(text) or [""]
    if not phrases.only(first, (*words, *plain), typed(turn, BESIDE)):
        return None
    found = NUMBER.search(said.text)
    number = int(found[0]) if found else turn.quoted
    asked = turn.asked
    if asked is not None and asked.takes.startswith(WAR):
        return _of_war(turn, asked.about, number, "，".join(why))
    if asked is not None and asked.takes and number is None:
        return None  # it answers something else
    notice = _waits_for(turn, number, vague=not phrases.only(first, plain, typed(turn, BESIDE)))
    return _refused(turn, notice, "，".join(why)) if notice else None


def _of_war(turn: Turn, about: int | None, number: int | None, why: str) -> Handler | None:
    order = modes.by_number(turn.session, about) if about is not None and number in (None, about) else None
    if order is None or order.state != modes.WAITING or order.account_id == turn.speaker().id:
        return None
    turn.order = Order("war_refuse", (order.number,), why)
    return switching.refuse


def _waits_for(turn: Turn, number: int | None, *, vague: bool) -> Notice | None:
    """The one that waits for the speaker: of that number, else the only one; for a vague no only a fresh one."""
    since = turn.now - timedelta(minutes=terms(turn.catalog).nearly.minutes)
    waiting = [
        one
        for one in notices.in_states(turn.session, (WAITING, census.ASKED))
        if number in (None, one.number) and not (vague and one.composed_at < since) and _may_refuse(turn, one)
    ]
    return waiting[0] if len(waiting) == 1 else None


def _may_refuse(turn: Turn, notice: Notice) -> bool:
    if notice.account_id == turn.speaker().id:
        return False
    if kind_of(notice) == "mobilize":
        return ordering.may_decide(turn, notice)
    asks = kind_of(notice) == "census"
    if not asks and kind_of(notice) != "notice":
        return False
    why = conflicts.reasons(turn, notice, proposes=not asks and conflicts.proposed(turn, notice))
    return conflicts.may_agree(turn, turn.posts, notice, why) is not None


def _refused(turn: Turn, notice: Notice, why: str) -> Handler:
    code, handler = NOES[kind_of(notice)]
    turn.order = Order(code, (notice.number,), why)
    return handler
