"""互助 without its word: "谁家有梯子借我用一下" in a group is offered, in private it is read back at once."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

from bot.catalog import Catalog
from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Scene, Turn
from bot.understanding import phrases
from handlers.matters import rules
from handlers.people import authority
from handlers.wishes import favours, finding, wording
from handlers.wishes.terms import Terms, terms
from storage import favours as kept_favours
from storage import matters, timers
from storage.timers import Timer
from storage.wishes import KIND

router = Router()

OFFERED = "favour_offered"
"""The timer of the pause in which nobody is offered again."""
LONGEST, LONGEST_YES = 80, 20
ANSWER_S = 1800
OF_ONE = re.compile(r"^@|你(?!们)[^,，。]{0,8}借|已经?借到")
"""Asked of one neighbour, or no longer asked."""
PAUSE = r"[\s,，:：、。]+"


@lru_cache(maxsize=4)
def _patterns(catalog: Catalog) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """The word itself with what it is about; what is asked anywhere; what is asked of the bot alone."""
    rows = terms(catalog)
    spoken = next(command.words for command in catalog.commands if command.code == "favour")
    word = "|".join(map(re.escape, sorted(spoken, key=len, reverse=True)))
    starts = "|".join(map(re.escape, rows.favour_starts))
    return (
        re.compile(rf"(?:{word}){PAUSE}(.+)", re.DOTALL),
        re.compile(wording.any_of(rows.favour_asked)),
        re.compile(rf"^(?:{starts})|{wording.any_of((*rows.favour_asked, *rows.favour_private))}"),
    )


@router.guard
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
    free = said.text and said.command is None and said.digit is None and turn.order is None and turn.asked is None
    if not free or said.intent in ("emergency", "report", "form", "withdraw") or len(said.text) > LONGEST:
        return None
    rows = terms(turn.catalog)
    word, anywhere, alone = _patterns(turn.catalog)
    if turn.in_group and (ordered := word.match(said.text)) and _names_one(rows, ordered[1]):
        turn.order = Order("favour", (), ordered[1])
        return None
    if any(unfit in said.text for unfit in rows.unfit):
        return None
    if turn.in_group:
        return offered if anywhere.search(said.text) and not OF_ONE.search(said.text) else None
    return read_back if alone.search(said.text) else None


def _names_one(rows: Terms, words: str) -> bool:
    return any(word in words for kind in rows.favour for word in (*kind.ask, *kind.offer))


def read_back(turn: Turn) -> list[Reply]:
    """In private the post is read back, and goes nowhere without a yes."""
    return _post(turn, turn.utterance.text)


def offered(turn: Turn) -> list[Reply]:
    """One question with two buttons; then silence for a while."""
    account = turn.speaker()
    if timers.armed(turn.session, OFFERED, account.id):
        return []
    quiet = timedelta(minutes=rules.routes(turn.catalog).unsure_again_minutes)
    timers.arm(turn.session, OFFERED, account.id, turn.now + quiet)
    buttons = (Button("favour_want", "favour_want"), Button("wish_never", "wish_never"))
    return [Reply("favours/offer", buttons=buttons, ask=Ask(held=turn.utterance.text, lasts_s=ANSWER_S))]


@router.timer(OFFERED)
def may_offer_again(_scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """The pause is over; nothing is said."""
    return []


@router.order("favour_want")
def wanted(turn: Turn) -> list[Reply]:
    """The neighbour wants it asked around."""
    held = turn.asked.held if turn.asked else ""
    return _post(turn, held) if held and not finding.says_nothing(turn, held) else []


def _post(turn: Turn, words: str) -> list[Reply]:
    answers = turn.order is not None and turn.order.answers
    turn.order = Order("favour", (), words, answers=answers)
    return favours.post(turn)
