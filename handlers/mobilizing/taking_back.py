"""等等，我点错了，还没到: whoever was called takes back the last step of their own; and 我到底去哪边 shows the card again."""

from datetime import datetime, timedelta

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.mobilizing import answering, board, plans
from storage import journal, musters, notices
from storage.musters import Step
from storage.notices import Receipt

router = Router()

LONGEST = 24
COMMANDS = (None, "withdraw")
EARLIER: tuple[Step, ...] = ("declined", "arrived", "underway", "acknowledged")


@router.guard
def takes_back(turn: Turn) -> Handler | None:
    """Asked of such words only, while anything is going on and nothing newer was asked."""
    if not _speaks_of_it(turn):
        return None
    rows = plans.terms(turn.catalog)
    if not phrases.only(turn.utterance.text, rows.undo, rows.undo_beside):
        return None
    receipt = _last(turn)
    step = _taken(receipt, turn.now - timedelta(minutes=rows.undo_minutes)) if receipt is not None else None
    if receipt is None or step is None:
        return None
    return lambda turn: _taken_back(turn, receipt, step)


@router.guard
def asks_where_to(turn: Turn) -> Handler | None:
    """The card says where and what."""
    if not _speaks_of_it(turn):
        return None
    rows = plans.terms(turn.catalog)
    if not phrases.only(turn.utterance.text, rows.where, rows.where_beside):
        return None
    receipt = _last(turn)
    return (lambda turn: answering.shown(turn, receipt.notice)) if receipt is not None else None


def _speaks_of_it(turn: Turn) -> bool:
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.account is None or said.command not in COMMANDS or said.numbers:
        return False
    if said.intent == "emergency" or len(said.text) > LONGEST or (turn.chat and turn.chat.audience != "staff"):
        return False
    running = musters.going(turn.session)
    if not running or (turn.quoted is not None and turn.quoted not in running):
        return False
    asked = turn.asked
    return asked is None or asked.about in running or not (asked.takes or asked.options)


def _last(turn: Turn) -> Receipt | None:
    """The call that the speaker answered last; the one that is quoted; else the newest."""
    running = musters.going(turn.session)
    mine = [one for one in notices.open_receipts(turn.session, turn.speaker().id) if one.notice in running]
    mine = [one for one in mine if one.called_at and turn.quoted in (None, one.notice)]
    return max(mine, key=lambda one: (max(_moments(one), default=one.called_at), one.notice), default=None)


def _moments(receipt: Receipt) -> list[datetime]:
    moments = (receipt.declined_at, receipt.arrived_at, receipt.underway_at, receipt.acknowledged_at)
    return [one for one in moments if one is not None]


def _taken(receipt: Receipt, since: datetime) -> Step | None:
    """The step it stands at, where it was taken not long ago."""
    for step in EARLIER:
        at: datetime | None = getattr(receipt, f"{step}_at")
        if at is not None:
            return step if at >= since else None
    return None


def _taken_back(turn: Turn, receipt: Receipt, step: Step) -> list[Reply]:
    """收到 that came only with the later step stays: whoever took that back knows of it."""
    gone: dict[str, object] = {f"{step}_at": None}
    if step == "underway":
        gone["expected_at"] = None
    if step == "declined":
        gone["stand_in"] = None
    musters.take_back(turn.session, receipt, **gone)
    journal.note(
        turn.session, turn.now, "taken_back", matter_id=receipt.notice, grid_id=receipt.grid_id,
        account_id=receipt.account_id, post_id=receipt.post_id, detail=step,
    )  # fmt: skip
    board.touch(turn, receipt.notice)
    return answering.shown(turn, receipt.notice)
