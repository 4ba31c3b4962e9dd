"""Words that may mean a notice as well as a matter: the number says which; asked only of such words with a number."""

import re

from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.notices import acks, approving, correcting, verifying, way_down
from storage import notices

router = Router()

TAKES: dict[str, Handler] = {
    "publish": approving.asked,
    "progress": way_down.how_far,
    "correct": correcting.replace,
    "verify": verifying.by_number,
    "acknowledge": acks.acknowledge,
}
"""Orders, and what they do with a notice. 停发, 补发 and the like have words of their own, always before the number."""
NUMBER_FIRST = re.compile(r"(\d{4,6})(?:号通知|号)?[\s,，:：]*([^\d\s].{1,20})$")
"""1041 到哪了: the number before the word."""
LONG = 20
INTENTS = ("progress", "verify")
"""Free words that may name one too: "1041 到哪了"."""


@router.guard
def of_a_notice(turn: Turn) -> Handler | None:
    """Its handler, when the words name the number of a notice or quote one; long words that ask whether something is
    true are compared with what was sent."""
    said = turn.utterance
    if said.intent == "emergency" or turn.incoming.happening != "text":
        return None
    first = NUMBER_FIRST.match(said.text)
    if first:
        said = turn.read(f"{first[2]} {first[1]}", not turn.in_group)
    code = said.command if said.command in TAKES else said.intent if said.intent in INTENTS else None
    if code is None and (first or turn.quoted) and verifying.TRUE.search(said.text):
        code = "verify"
    if code is None:
        return verifying.verify if _pasted(turn) else None
    number = int(first[1]) if first else said.numbers[0] if said.numbers else turn.quoted
    if number is None or notices.find(turn.session, number) is None:
        return None
    numbers = (number,) if first else said.numbers or (number,)
    turn.order = Order(code, numbers, said.argument)
    return TAKES[code]


def _pasted(turn: Turn) -> bool:
    """Whether it is a long text with the question whether it is true."""
    said = turn.utterance
    return len(said.text) >= LONG and said.command is None and verifying.TRUE.search(said.text) is not None
