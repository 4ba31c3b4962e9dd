"""While the community waits for an answer about a wish: what sounds like a report may be that answer.

The answer goes to whoever asked; a fault that it tells of besides is offered as a report. A report that has nothing to
do with the wish stays one.
"""

from bot.message import Ask, Button, Reply
from bot.router import Handler
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import vetting
from handlers.wishes.terms import terms
from storage import matters

LONGEST = 300
FAULTY = ("fault:", "trouble:", "urgent:")
"""What a report says that tells of a fault, in so many words: a name and a door are none."""


def heard(turn: Turn) -> Handler | None:
    """Who passes the answer on; None where these words are a matter of their own."""
    number = turn.asked.about if turn.asked else None
    matter = matters.by_number(turn.session, number) if number else None
    said, rows = turn.utterance, terms(turn.catalog)
    if matter is None or said.place.building or said.place.unit:
        return None
    clauses = phrases.clauses(said.text)
    faults = [clause for clause in clauses if _is_report(turn, clause)]
    same = bool(rows.things_in(said.text) & rows.things_in(matter.text))
    if len(faults) * 2 >= len(clauses) and not same:
        return None
    return lambda turn: _passed_on(turn, matter.number, "" if same else "，".join(faults))


def _is_report(turn: Turn, clause: str) -> bool:
    heard = turn.read(clause, True)
    sure = heard.intent == "report" and heard.confidence >= turn.catalog.thresholds[False].act
    return sure and any(why.startswith(FAULTY) for why in heard.why)


def _passed_on(turn: Turn, number: int, fault: str) -> list[Reply]:
    """The whole answer goes on; a fault in it is kept for one tap."""
    turn.order = Order("wish_answer", (number,), turn.utterance.text, answers=True)
    told = vetting.answer(turn)
    if not fault:
        return told
    buttons = (Button("is_report", "report_yes"), Button("no_report", "report_no"))
    ask = Ask(held=fault[:LONGEST], lasts_s=600)
    return [*told, Reply("wishes/also_report", {"words": fault[:60]}, buttons=buttons, ask=ask)]
