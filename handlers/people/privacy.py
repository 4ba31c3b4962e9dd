"""Privacy in groups: whoever posts a phone, ID or card number there is told kindly, once in a while."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Scene, Turn
from bot.understanding import personal
from storage import timers
from storage.timers import Timer

router = Router()

TOLD = "private"
"""The timer of the pause in which nobody is told twice."""
PAUSE = timedelta(hours=12)
MANY_DIGITS = re.compile(r"\d[\d -]{6,}")
NUMBERS = ("mobile", "phone", "id_number", "bank_card")
"""Kinds of personal data that nobody should leave in a group."""


@router.afterword
def numbers_in_a_group(turn: Turn) -> Handler | None:
    """Asked of every message: only long numbers are looked at closely."""
    if not turn.in_group or turn.grid is None or turn.posts or not MANY_DIGITS.search(turn.utterance.text):
        return None
    found = any(piece.kind in NUMBERS for piece in personal.find(turn.utterance.text))
    return keep_it_private if found else None


def keep_it_private(turn: Turn) -> list[Reply]:
    """One kind sentence."""
    account = turn.speaker()
    if timers.armed(turn.session, TOLD, account.id):
        return []
    timers.arm(turn.session, TOLD, account.id, turn.now + PAUSE)
    return [Reply("people/keep_private")]


@router.timer(TOLD)
def may_tell_again(_scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """The pause is over; nothing is said."""
    return []
