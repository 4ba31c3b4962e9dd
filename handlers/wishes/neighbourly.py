"""互助 without its word: "谁家有梯子借我用一下" in a group is offered, in private it is read back at once."""

import re
from functools import lru_cache

from bot.catalog import Catalog
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.matters import once
from handlers.people import authority
from handlers.wishes import favours, finding, wording
from handlers.wishes.terms import Terms, terms
from storage import favours as kept_favours
from storage import matters
from storage.wishes import KIND

router = Router()

LONGEST, LONGEST_YES = 80, 20
ANSWER_S = 1800
OF_ONE = re.compile(r"^@|你(?!们)[^,，。]{0,8}借|已经?借到")
"""Asked of one neighbour, or no longer asked."""
LED_TO = r"(?P<led>(?:我|俺)?(?:想|要|来|帮我)*(?:发|求|搞|弄|开)一?[个条次]?)?"
PAUSE = r"[\s,，:：、。]+"


@lru_cache(maxsize=4)
def _patterns(catalog: Catalog) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """The word itself with what it is about, plainly and however it is led to; what is asked anywhere, or of the bot."""
    rows = terms(catalog)
    spoken = next(command.words for command in catalog.commands if command.code == "favour")
    word = phrases.any_of(spoken)
    starts = "|".join(map(re.escape, rows.favour_starts))
    return (
        re.compile(rf"(?:{word}){PAUSE}(?P<what>.+)", re.DOTALL),
        re.compile(rf"{LED_TO}(?:{word})(?:{PAUSE})?(?P<what>.+)", re.DOTALL),
        re.compile(wording.any_of(rows.favour_asked)),
        re.compile(rf"^(?:{starts})|{wording.any_of((*rows.favour_asked, *rows.favour_private))}"),
    )


@router.guard_where("quoting")
def quoted(turn: Turn) -> Handler | None:
    """ "我来" to a quoted wish or favour of ours names it as surely as its number does."""
    text = turn.utterance.text
    if turn.quoted is None or turn.order is not None or turn.incoming.happening != "text" or len(text) > LONGEST_YES:
        return None
    rows = terms(turn.catalog)
    helps = phrases.only(text, rows.takes_on)
    if not helps and not phrases.only(text, rows.takes_up):
        return None
    favour = kept_favours.by_number(turn.session, turn.quoted)
    if favour is not None:
        turn.order = Order("favour_help", (favour.number,))
        return None
    matter = matters.by_number(turn.session, turn.quoted) if helps else None
    if matter is not None and matter.kind == KIND and not authority.is_reporter(turn, matter):
        turn.order = Order("claim", (matter.number,))
    return None


@router.guard
def between_neighbours(turn: Turn) -> Handler | None:
    """Asked of every free sentence; it must be quick to say None."""
    said = turn.utterance
    if not finding.said_freely(turn) or turn.quoted is not None or len(said.text) > LONGEST:
        return None
    if said.intent in ("emergency", "form", "withdraw"):
        return None
    rows = terms(turn.catalog)
    word, led_to, anywhere, alone = _patterns(turn.catalog)
    if (ordered := (word if turn.in_group else led_to).match(said.text)) and _means_one(rows, ordered):
        turn.order = Order("favour", (), ordered["what"])
        return None
    if said.intent == "report" or phrases.has(said.text, rows.unfit):
        return None
    if turn.in_group:
        return offered if anywhere.search(said.text) and not OF_ONE.search(said.text) else None
    return read_back if alone.search(said.text) else None


def _means_one(rows: Terms, said: re.Match[str]) -> bool:
    """Whether it was led to as one leads to an order, or names what is lent and asked for."""
    if said.groupdict().get("led"):
        return True
    return any(word in said["what"] for kind in rows.favour for word in (*kind.ask, *kind.offer))


def read_back(turn: Turn) -> list[Reply]:
    """In private the post is read back, and goes nowhere without a yes."""
    return _post(turn, turn.utterance.text)


def offered(turn: Turn) -> list[Reply]:
    """One question with two buttons; then silence for a while."""
    buttons = (Button("favour_want", "favour_want"), Button("wish_never", "wish_never"))
    question = Reply("favours/offer", buttons=buttons, ask=Ask(held=turn.utterance.text, lasts_s=ANSWER_S))
    return once.asked(turn, once.FAVOUR, question)


@router.order("favour_want")
def wanted(turn: Turn) -> list[Reply]:
    """The neighbour wants it asked around."""
    held = turn.asked.held if turn.asked else ""
    return _post(turn, held) if held and not finding.says_nothing(turn, held) else []


def _post(turn: Turn, words: str) -> list[Reply]:
    answers = turn.order is not None and turn.order.answers
    turn.order = Order("favour", (), words, answers=answers)
    return favours.post(turn)
