"""A code in the middle of a form: its door is an answer, one that is no good leaves the question as it stood."""

from datetime import timedelta

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.forms import asking, drafts
from handlers.forms.asking import ANSWER
from handlers.forms.waiting import OURS, that_waits
from handlers.people import codes
from storage import forms
from storage.forms import DRAFT

router = Router()

BY_CODE = ("code", "keep_door", "code_moved")
JUST = timedelta(minutes=30)
"""How long after a form's last answer words that are no code are an answer to it."""


@router.guard_where("asked", "alone")
def back_to_the_form(turn: Turn) -> Handler | None:
    """Asked for a code in the middle of a form, somebody answers the form instead: 两个人."""
    said = turn.utterance
    if turn.asked is None or turn.asked.takes != codes.TAKES or turn.account is None:
        return None
    if turn.incoming.happening != "text" or turn.order is not None or said.command is not None or turn.quoted:
        return None
    if said.intent == "emergency" or codes.may_be_code(turn):
        return None
    rows = forms.of_account(turn.session, turn.account.id, DRAFT)
    row = rows[0] if rows and rows[0].step and turn.now - rows[0].touched_at <= JUST else None
    draft, question = that_waits(turn, row.number, row.step) if row else (None, None)
    if draft is not None and drafts.understood(turn, draft, question, said.text):
        turn.order = Order(ANSWER, (draft.number,), f"{draft.row.step} {said.text}", answers=True)
    return None


@router.afterword
def after_a_door(turn: Turn) -> Handler | None:
    """A code was scanned in the middle of a form: its door is an answer, and the form goes on."""
    if turn.asked is None or not turn.asked.takes.startswith(OURS) or turn.in_group:
        return None
    by_code = turn.incoming.happening == "scan" or (turn.order is not None and turn.order.code in BY_CODE)
    return go_on_from_the_door if by_code else None


def go_on_from_the_door(turn: Turn) -> list[Reply]:
    """The next question, once the door is known, and the same one where the code was none; else a yes is waited for."""
    parts = turn.asked.takes.split(" ") if turn.asked else []
    draft, question = that_waits(turn, int(parts[1]), parts[2] if len(parts) > 2 else "")
    if draft is None:
        return []
    if turn.order is not None and turn.order.code == "code" and turn.words and codes.standing(turn, turn.words) is None:
        return [asking.question_of(turn, draft, question)] if question else asking.go_on(turn, draft)
    home = codes.home_of(turn)
    return asking.go_on(turn, draft) if home and home.room and drafts.fill_held(turn, draft) else []
