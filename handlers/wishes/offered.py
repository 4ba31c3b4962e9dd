"""While the bot offers to put something on a list or on the wall: the answer to the offer comes before anything else."""

from bot import orders
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import hearing, spoken

router = Router()

LONGEST = 30
REFUSED = ("resource_no", "wish_never", "favour_no")
"""The buttons by which an offer is declined."""


@router.guard_where("asked")
def declined(turn: Turn) -> Handler | None:
    """ "不用记了" to an offer declines it and takes back nothing else; quick to say None."""
    said = turn.utterance
    if turn.incoming.happening != "text" or turn.order is not None or turn.asked is None or said.numbers:
        return None
    if said.intent not in ("withdraw", "chat", "command") or said.command not in (None, "withdraw"):
        return None
    refusal = next((one for one in hearing.options(turn) if one.code in REFUSED), None)
    if refusal is None or turn.quoted not in (None, turn.asked.about) or len(said.text) > LONGEST:
        return None
    names_another = any(word in said.text for word in spoken.words(turn.catalog).wisher.withdraw)
    no = (*orders.words(turn, refusal.code), *orders.words(turn, "not_offered"))
    if not names_another and (said.intent == "withdraw" or phrases.some(said.text, no)):
        turn.order = Order(refusal.code, refusal.numbers, refusal.argument, answers=True)
    return None
