"""What whoever has a wish on hand says on the way: "电话打不通", "来我家拿嘛" is offered to the neighbour, not guessed at."""

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.wishes import finding, one_of_mine, spoken, wall
from handlers.wishes.hearing import EVERYDAY, waits_for
from handlers.wishes.saying import NUMBER
from storage import wishes
from storage.matters import Matter

router = Router()

LONGEST = 80
ELSEWHERE = ("form", "emergency", "verify", "wish")


@router.guard_where("alone")
def for_the_other(turn: Turn) -> Handler | None:
    """Asked of every sentence in private; quick to say None."""
    said, rows = turn.utterance, spoken.words(turn.catalog)
    if turn.incoming.happening != "text" or turn.order is not None or turn.account is None:
        return None
    if said.intent in ELSEWHERE or said.digit is not None or not 2 < len(said.text) <= LONGEST or waits_for(turn):
        return None
    if said.command is not None and said.command not in EVERYDAY:
        return None
    if turn.asked is not None and (meant := orders.meant(turn)) and meant.answers:
        return None
    tells = any(word in said.text for word in rows.claimer.tells)
    hindered = any(word in said.text for word in rows.claimer.hindered)
    goes_on = any(word in said.text for word in (*rows.claimer.tells_of_it, *rows.bot.to_you))
    if spoken.asks(said.text, rows.bot.asking) and not hindered:
        return None
    held = wishes.open_claims(turn.session, turn.account.id)
    if not held or any(word in said.text for word in rows.claimer.official):
        return None
    named = _named(turn, held)
    if not (tells or hindered or (named and goes_on)):
        return None
    return _offered(turn, named or held, faulty=hindered and said.intent == "report")


def _named(turn: Turn, held: list[Matter]) -> list[Matter]:
    """Those whose number or thing stands in the words."""
    text = turn.utterance.text
    numbers = {int(found[1]) for found in NUMBER.finditer(text)}
    return [one for one in held if one.number in numbers] or [one for one, _ in one_of_mine.named(turn, held, text)]


def _offered(turn: Turn, found: list[Matter], *, faulty: bool) -> Handler:
    """One tap passes it on; of several it is asked which."""
    if len(found) > 1:
        turn.order = Order("pass_on", (), turn.utterance.text)
        return lambda turn: [finding.which(turn, "wishes/pass_on_whom", found)]
    if faulty:
        return lambda turn: [_either(turn, found[0])]
    return lambda turn: [wall.for_the_neighbour(turn, found[0])]


def _either(turn: Turn, matter: Matter) -> Reply:
    """Is it for the neighbour, or for the community?"""
    words = turn.utterance.text
    buttons = (Button("relay_held", f"relay_held {matter.number}"), Button("as_report", "report_yes"))
    ask = Ask(held=words[:300], lasts_s=finding.A_DAY_S)
    return Reply("wishes/for_neighbour", {"words": words[:60]}, buttons=buttons, about=matter.number, ask=ask)
