"""Asked once whether it was meant: one question with its buttons, then silence for a while."""

from collections.abc import Sequence
from datetime import timedelta

from bot.message import Reply
from bot.router import Router
from bot.turn import Scene, Turn
from handlers.matters import rules
from storage import timers
from storage.timers import Timer

router = Router()

REPORT, WISH, RESOURCE, FAVOUR = "unsure", "wish_offered", "resource_offered", "favour_offered"
"""The timers of the pauses in which somebody is not asked again: one for each thing that may have been meant."""


def asked(turn: Turn, pause: str, question: Reply, *, anyway: bool = False) -> list[Reply]:
    """The question, unless the speaker was asked lately; `anyway` asks in the pause too."""
    account = turn.speaker()
    if not anyway and timers.armed(turn.session, pause, account.id):
        return []
    quiet = timedelta(minutes=rules.routes(turn.catalog).unsure_again_minutes)
    timers.arm(turn.session, pause, account.id, turn.now + quiet)
    return [question]


def welcome(turn: Turn, pause: str) -> None:
    """The question was welcome: the next thing of its kind may be asked about at once."""
    timers.disarm(turn.session, pause, turn.speaker().id)


@router.timer(REPORT, WISH, RESOURCE, FAVOUR)
def may_ask_again(_scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """The pause is over; nothing is said."""
    return []
