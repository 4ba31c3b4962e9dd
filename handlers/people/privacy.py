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

TOLD, TOLD_OF_THE_WORST = "private", "private_worst"
"""The timers of the pause in which nobody is told twice; that of a phone does not silence an ID number's."""
PAUSE = timedelta(hours=12)
MANY_DIGITS = re.compile(r"\d[\d -]{6,}")
WORST = frozenset({"id_number", "bank_card"})
NUMBERS = WORST | {"mobile", "phone"}
"""Kinds of personal data that nobody should leave in a group."""


@router.afterword
def numbers_in_a_group(turn: Turn) -> Handler | None:
    """Asked of every message: only long numbers are looked at closely."""
    if not turn.in_group or turn.grid is None or turn.posts or not MANY_DIGITS.search(turn.utterance.text):
        return None
    kinds = {piece.kind for piece in personal.numbers(turn.utterance.text)}
    if kinds & WORST:
        return keep_the_worst_private
    return keep_it_private if kinds & NUMBERS else None


def too_private(turn: Turn) -> bool:
    """Whether an ID or a card number stands in what was said among neighbours."""
    text = turn.utterance.text
    return turn.in_group and bool(MANY_DIGITS.search(text) and WORST & {piece.kind for piece in personal.numbers(text)})


def keep_it_private(turn: Turn) -> list[Reply]:
    """One kind sentence."""
    account = turn.speaker()
    if timers.armed(turn.session, TOLD, account.id):
        return []
    timers.arm(turn.session, TOLD, account.id, turn.now + PAUSE)
    return [Reply("people/keep_private")]


def keep_the_worst_private(turn: Turn) -> list[Reply]:
    """The same for an ID or a card number, also right after it was said about a phone."""
    account = turn.speaker()
    if timers.armed(turn.session, TOLD_OF_THE_WORST, account.id):
        return []
    for kind in (TOLD, TOLD_OF_THE_WORST):
        timers.arm(turn.session, kind, account.id, turn.now + PAUSE)
    return [Reply("people/keep_private")]


@router.timer(TOLD, TOLD_OF_THE_WORST)
def may_tell_again(_scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """The pause is over; nothing is said."""
    return []
