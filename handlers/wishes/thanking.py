"""Asked for thanks: a short yes is none, a report in the same breath is not lost among them, and the rest are thanks."""

from dataclasses import replace

from bot import orders
from bot.message import Ask, Button, Reply
from bot.router import Handler
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.matters.reports import names_nothing
from handlers.wishes import finding

HELD = "thanks_held"
LONGEST = 300
SHORTEST = 5
"""Fewer characters report nothing."""
SURE = 0.8
"""From this certainty on; below it an invitation to tea would be asked about."""


def answered(turn: Turn) -> Handler | None:
    """None where the words are the thanks; they complete the order that waits."""
    text, asked = turn.utterance.text, turn.asked
    number = orders.parse_press(asked.takes).number or 0 if asked else 0
    yes, no = (*orders.words(turn, "yes"), *orders.words(turn, "share_yes")), orders.words(turn, "no")
    if phrases.only(text, no):
        turn.order = Order(orders.NEVER_MIND, answers=True)
        return None
    if asked and asked.options.startswith(f"{HELD} ") and phrases.only(text, orders.words(turn, HELD)):
        turn.order = Order(HELD, (number,), answers=True)
        return None
    nothing = (*yes, *orders.words(turn, "later"), *orders.words(turn, "heard"))
    if phrases.only(text, nothing, orders.words(turn, "share_beside")) and not phrases.POLITE.search(text):
        held = asked.held if asked else ""
        return lambda turn: [_still(number, held)]
    return _or_reported(turn, number) if _reports(turn) else None


def _still(number: int, held: str) -> Reply:
    """What are the thanks? What was said with the wish may still be passed on."""
    ask = Ask(takes=f"thanks {number}", held=held, lasts_s=finding.A_DAY_S)
    asked = Reply("wishes/thanks_what", {"number": number}, about=number, ask=ask)
    return replace(asked, buttons=(Button(HELD, f"{HELD} {number}"),)) if held else asked


def _reports(turn: Turn) -> bool:
    """Whether one of the clauses by itself is a matter for the community."""
    for part in phrases.clauses(turn.utterance.text):
        if len(part) < SHORTEST:
            continue
        read = turn.read(part, True)
        told = read.intent == "emergency" or (read.intent == "report" and not names_nothing(read))
        if told and read.confidence >= SURE:
            return True
    return False


def _or_reported(turn: Turn, number: int) -> Handler:
    """Is it for the neighbour, or for the community?"""
    words = turn.utterance.text
    buttons = (Button(HELD, f"{HELD} {number}"), Button("as_report", "report_yes"))
    ask = Ask(takes=f"thanks {number}", held=words[:LONGEST], lasts_s=finding.A_DAY_S)
    asked = Reply("wishes/for_neighbour", {"words": words[:60]}, buttons=buttons, about=number, ask=ask)
    return lambda _turn: [asked]
