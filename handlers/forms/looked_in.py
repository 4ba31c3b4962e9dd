"""Whoever was sent to look after somebody answers in words: 我现在去, 看了没事, 见到了但脚扭了."""

from bot import orders
from bot.message import LITERAL, Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.forms import called, calling, lint
from handlers.forms.calling import GOING, SEEN, Waiting
from handlers.forms.calling_words import Asides, asides
from handlers.people import authority
from storage import forms
from storage.forms import Filing

router = Router()

SHORT = 60
RECEIVED = "acknowledge"
"""收到,我现在去 says more than 收到."""


@router.guard_where("alone", "posted")
def words_of_whoever_was_sent(turn: Turn) -> Handler | None:
    """Their word stands for the button of the card, where somebody still waits to be seen."""
    said = turn.utterance
    if turn.order is not None or turn.incoming.happening != "text":
        return None
    if said.command not in (None, RECEIVED) or said.numbers or said.digit is not None or len(said.text) > SHORT:
        return None
    if turn.asked is not None and turn.asked.takes:
        return None
    words = asides(turn.catalog)
    code = _meant(words, said.text)
    if code is None or ((tapped := orders.meant(turn)) is not None and tapped.answers):
        return None
    rows = [row for row in _sent(turn) if turn.quoted in (None, row.number)]
    if not rows:
        return None
    hurt = code == SEEN and _is_hurt(turn, words)
    if len(rows) > 1:
        return lambda turn: [_which(turn, code, rows)]
    turn.order, turn.asked = Order(code, (rows[0].number,), said.text if hurt else ""), None
    return None


def _meant(words: Asides, text: str) -> str | None:
    if phrases.only(text, words.going, words.going_beside):
        return GOING
    unseen = any(word in text for word in words.unseen)
    return SEEN if not unseen and any(word in text for word in words.seen) else None


def _is_hurt(turn: Turn, words: Asides) -> bool:
    known = called.words_of(turn.catalog)
    return called.is_so((*words.hurt, *known.unwell, *known.dire), turn.utterance.text)


def _sent(turn: Turn) -> list[Filing]:
    """The filings of which an answer still waits and to which one of the speaker's posts was sent."""
    held = authority.seated(turn, turn.posts, "see")
    mine, offered = {post.id for post, _ in held}, lint.offered(turn.catalog)
    asks = [code for code, form in offered.items() if form.call]
    rows = forms.unheard(turn.session, [grid.code for _, grid in held], asks)
    return [row for row in rows if (waiting := Waiting.of(row)) is not None and mine & set(waiting.told)]


def _which(turn: Turn, code: str, rows: list[Filing]) -> Reply:
    """Several wait: whom is it about?"""
    offered = lint.offered(turn.catalog)
    named = [(row, calling.named(turn, offered[row.form], row)) for row in rows[:4]]
    buttons = tuple(Button(f"{LITERAL}{of['where']} {of['name']}", f"{code} {row.number}") for row, of in named)
    return Reply("forms/whom", buttons=buttons, ask=Ask())
