""" "心愿 1001 不要了": the bot itself calls a wish so, and whoever says it with its number makes no new one."""

import re
from dataclasses import replace

from bot.router import Handler, Router
from bot.turn import Order, Turn
from storage import favours, matters, wishes

router = Router()

PAUSES = " 。.!！~～?？"
BEGINNINGS = ("wish", "favour")
"""Orders whose word is also the name of what they made."""
NUMBERED = re.compile(
    r"\D{1,12}?(?P<rest>(?P<number>\d{4,9})(?!\d|\s*(?:块|元|斤|个|片|米|字(?![典帖画])|度|张|本|多)).*)", re.DOTALL
)


@router.guard
def named_by_its_number(turn: Turn) -> Handler | None:
    """What follows the number is read as if the word did not stand before it; quick to say None."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.command not in BEGINNINGS or not said.numbers:
        return None
    found = NUMBERED.match(said.text)
    if found is None or not _is_known(turn, int(found["number"])):
        return None
    if found["rest"].strip(PAUSES).isdecimal() and said.command == "wish":
        turn.order = Order("wish_progress", (int(found["number"]),))
        return None
    turn.utterance = replace(turn.read(found["rest"], not turn.in_group or said.addressed), addressed=said.addressed)
    return None


def _is_known(turn: Turn, number: int) -> bool:
    matter = matters.by_number(turn.session, number)
    return (matter is not None and matter.kind == wishes.KIND) or favours.by_number(turn.session, number) is not None
