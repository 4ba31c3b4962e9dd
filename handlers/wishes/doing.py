"""What whoever has a wish on hand says of the work itself: "担完了", "教会了" is done, "修了一半" is done in part."""

import re
from functools import lru_cache

from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import finding
from handlers.wishes.spoken import WishWords
from storage import wishes
from storage.matters import Matter

router = Router()

LONGEST = 24
"""Characters of a sentence that says no more than what was done."""
LONGEST_CLAUSE = 10
FAULTS = ("fault:", "trouble:", "urgent:")
"""Why of words that say what is wrong; a thing's name alone says nothing of the kind."""
ELSEWHERE = ("report", "wish", "form", "emergency", "ask", "verify")
NEGATIONS = ("没", "不", "未", "莫", "别")


def phrases_of(rows: WishWords) -> tuple[str, ...]:
    """Everything a claimer may say that is known word for word."""
    return (*rows.claimer.fulfil, *rows.claimer.partly, *rows.claimer.let_go, *rows.claimer.unsure)


def in_other_words(turn: Turn, rows: WishWords, takes: str) -> Handler | None:
    """Done, or in part, as the work itself would say it; where it may be about anything else it is asked."""
    said, text = turn.utterance, turn.utterance.text
    if len(text) > LONGEST or said.command is not None or said.place.building or said.place.unit:
        return None
    elsewhere = said.intent in ELSEWHERE and (
        said.intent != "report" or any(why.startswith(FAULTS) for why in said.why)
    )
    if elsewhere and said.confidence >= turn.catalog.thresholds[True].act:
        return None
    part = any(word in text for word in rows.claimer.half)
    done = None if part else _done(rows, text)
    if not part and done is None:
        return None
    held = wishes.open_claims(turn.session, turn.account.id) if turn.account else []
    if not held:
        return None
    goes_on = any(word in text for word in rows.claimer.goes_on)
    if takes or goes_on or (part and len(phrases.clauses(text)) > 1):
        return which_or_how(turn, held, text)
    code = "partly" if part else "fulfil"
    if len(held) > 1:
        turn.order = Order(code)
        return lambda turn: [finding.which(turn, "wishes/which_claim", held)]
    if part or _sure(rows, done or "", wishes.of(turn.session, held[0].id).public):
        turn.order = Order(code, (held[0].number,))
        return None
    return how(held[0])


def _done(rows: WishWords, text: str) -> str | None:
    """What was done, where a short clause ends so: 担 of "担完了"; None where none does."""
    if any(word in text for word in NEGATIONS):
        return None
    found = (_ending(rows.claimer.ends, rows.claimer.beside).fullmatch(clause) for clause in phrases.clauses(text))
    return next((one["deed"] for one in found if one and len(one[0]) <= LONGEST_CLAUSE), None)


@lru_cache(maxsize=8)
def _ending(ends: tuple[str, ...], beside: tuple[str, ...]) -> re.Pattern[str]:
    before, after = (phrases.any_of(words) for words in (beside, ends))
    return re.compile(rf"(?:{before})*(?P<deed>.{{0,5}}?)(?:{after})[{phrases.TAILS}]*")


def _sure(rows: WishWords, deed: str, public: str) -> bool:
    """Whether it can only be the wish: its own word, or one that is said of anything."""
    return deed in rows.claimer.whatever or (bool(deed) and deed[-1] in public)


def which_or_how(turn: Turn, held: list[Matter], said: str = "") -> Handler:
    """With several on hand: which? With one: what is to become of it?"""
    return how(held[0], said) if len(held) == 1 else (lambda turn: [_which(turn, held)])


def _which(turn: Turn, held: list[Matter]) -> Reply:
    turn.order = Order("in_hand")
    return finding.which(turn, "wishes/which_claim", held)


def how(matter: Matter, said: str = "") -> Handler:
    """Done, done in part, or to be given back? Asked, never guessed."""
    return lambda turn: [in_hand_sure(turn, matter, said)]


def in_hand_sure(turn: Turn, matter: Matter, said: str = "") -> Reply:
    """What is to become of a wish on hand; what was said goes with the answer."""
    values = {"number": matter.number, "public": wishes.of(turn.session, matter.id).public}
    buttons: tuple[Button, ...] = finding.in_hand_buttons(matter)
    return Reply("wishes/in_hand_sure", values, buttons=buttons, about=matter.number, ask=Ask(held=said))


@router.order("in_hand")
@finding.own_affair
def in_hand(turn: Turn) -> list[Reply]:
    """The one that was meant: what is to become of it?"""
    return [finding.aside(turn, in_hand_sure(turn, finding.in_hand(turn)))]
