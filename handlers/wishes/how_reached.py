"""Asked how a wisher is to be reached: only what tells a way goes on; a no is a no, and a yes or thanks tell none."""

from bot import orders
from bot.message import Ask, Reply
from bot.router import Handler
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import finding, sharing, spoken

ASKED = ("share_how", "share_some")


def answered(turn: Turn) -> Handler | None:
    """None where the words tell how; they complete the order that waits."""
    text, rows = turn.utterance.text, spoken.words(turn.catalog)
    waits = turn.asked.takes if turn.asked else ""
    number = orders.parse_press(waits).number or 0
    if sharing.refuses(turn, text):
        turn.order = Order("share_no", (number,), text, answers=True)
        return None
    if any(sign.isdigit() for sign in text):
        return None
    thanks = phrases.POLITE.sub("", phrases.PAUSES.sub("", text)).strip(phrases.TAILS)
    if not thanks:
        return _silently
    wonders = spoken.asks(text, rows.bot.asking) or any(word in text for word in rows.anyone.wonders)
    said_yes = phrases.only(text, orders.words(turn, "share_yes"), orders.words(turn, "share_beside"))
    if wonders or said_yes:
        ask = Ask(takes=waits, lasts_s=finding.A_DAY_S)
        return lambda turn: [finding.aside(turn, Reply("wishes/share_how", {"number": number}, about=number, ask=ask))]
    return None


def _silently(_turn: Turn) -> list[Reply]:
    """Thanks: the question waits on."""
    return []
