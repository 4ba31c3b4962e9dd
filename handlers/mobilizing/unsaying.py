"""算了, 上一步 at the preview of a mobilization: it is dropped and said so, or the card of plans is shown again."""

from datetime import timedelta

from bot.message import Reply
from bot.orders import parse_press
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.mobilizing import board, ordering, plans
from storage import grids, journal, musters, notices, timers
from storage.notices import DRAFT, WAITING, Notice

router = Router()

DROP, BACK = "muster_drop", "muster_back"
TAKES_BACK = (None, "withdraw")
"""撤回 alone means what was shown last."""


@router.guard_where("alone", "posted")
def leaves_off(turn: Turn) -> Handler | None:
    """The answer to such words while the speaker looks at a preview; asked of no other words."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None:
        return None
    if said.command not in TAKES_BACK or said.numbers or said.intent == "emergency":
        return None
    words = plans.terms(turn.catalog).off
    if len(said.text) > words.longest:
        return None
    back = phrases.only(said.text, words.back)
    if not back and not phrases.only(said.text, words.drops, words.beside):
        return None
    notice = shown(turn)
    if notice is None:
        return None
    turn.order = Order(BACK if back else DROP, (notice.number,))
    return plans_again if back else drop


def shown(turn: Turn) -> Notice | None:
    """The preview that the speaker was shown last, where nothing else was asked since."""
    lasts = timedelta(minutes=plans.terms(turn.catalog).draft_minutes)
    own = notices.of_author(turn.session, turn.account.id, (DRAFT, WAITING), turn.now - lasts) if turn.account else []
    newest = max(own, key=lambda one: one.number, default=None)
    if newest is None or newest.kind not in musters.KINDS:
        return None
    asked = turn.asked
    since = max(asked.about or 0, parse_press(asked.takes).number or 0) if asked else 0
    return newest if since <= newest.number else None


@router.order(DROP)
def drop(turn: Turn) -> list[Reply]:
    """Nobody is called; the number calls nobody any more."""
    notice = _own(turn)
    if notice is None or not take_off(turn, notice):
        return [Reply("mobilizing/no_such_preview")]
    return [Reply("mobilizing/dropped", board.said_of(turn, notice))]


def _own(turn: Turn) -> Notice | None:
    notice = notices.find(turn.session, turn.order.number) if turn.order and turn.order.number else None
    if notice is None or turn.account is None or notice.account_id != turn.account.id:
        return None
    return notice if notice.kind in musters.KINDS else None


def take_off(turn: Turn, notice: Notice) -> bool:
    """Drop this preview; whether it still was one."""
    gone = {"state": notices.ENDED, "ended_at": turn.now, "ended_why": "dropped"}
    if not notices.change(turn.session, notice.number, only_if=(DRAFT, WAITING), **gone):
        return False
    timers.disarm(turn.session, ordering.SECOND, notice.number)
    journal.note(
        turn.session, turn.now, "drop", matter_id=notice.number, grid_id=notice.grid_id, account_id=turn.speaker().id
    )
    return True


@router.order(BACK)
def plans_again(turn: Turn) -> list[Reply]:
    """上一步: this one is dropped, and another plan may be chosen for the same place."""
    notice = _own(turn)
    if notice is None or not take_off(turn, notice):
        return [Reply("mobilizing/no_such_preview")]
    card = ordering.card(turn, grids.get(turn.session, notice.grid_id), drill=notice.drill)
    return [Reply("mobilizing/dropped", {**board.said_of(turn, notice), "again": True}), card]
