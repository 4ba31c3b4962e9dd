"""Words carried from one side of a wish to the other: covered until the two know how to reach each other."""

from dataclasses import dataclass

from bot import orders
from bot.message import Reply
from bot.turn import Turn
from bot.understanding import phrases, when
from bot.understanding.utterance import Utterance
from handlers.matters import intake as reports
from handlers.people import authority
from handlers.wishes import finding, spoken
from handlers.wishes.terms import terms
from storage import wishes
from storage.matters import Matter

LONGEST = 100
"""Characters said with a claim that the wisher hears."""
REFUSES = ("share_no", "hide_plain", "share_beside")
"""Lists of answers.toml of which a no is made."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Words as the other one hears them."""

    words: str
    hidden: bool
    """Something of them was not carried."""


def covered(turn: Turn, matter: Matter, claim: wishes.Claim, words: str) -> Carried:
    """The words of whoever speaks; without name, number and door while the wisher has not agreed to be reached."""
    if not claim.met:
        mine = authority.is_reporter(turn, matter)
        names = finding.names_of(turn, matter) if mine else finding.names_of_speaker(turn)
        words = finding.without_names(turn, words, names)
    return Carried(words, terms(turn.catalog).hidden in words)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a no to telling how to be reached says besides."""

    words: str = ""
    arranges: bool = False
    """It says where, when or how instead: it is meant for the neighbour."""
    report: Utterance | None = None
    """It is a matter for the community."""


def beside_a_no(turn: Turn, text: str) -> Beside:
    """What stands beside the refusal; why somebody refuses is nobody's business and is nothing of it."""
    rows = spoken.words(turn.catalog).contact
    refusals = tuple(word for code in REFUSES for word in orders.words(turn, code))
    left = [clause for clause in phrases.clauses(text) if not phrases.only(clause, refusals, rows.beside_a_no)]
    left = [clause for clause in left if not any(word in clause for word in rows.distrusts)]
    left = [clause for clause in left if not _refuses(rows, clause) and clause.strip(phrases.TAILS)]
    words = "，".join(left)
    if not words:
        return Beside()
    read = turn.read(words, True)
    sure = read.confidence >= turn.catalog.thresholds[True].act
    arranges = any(word in words for word in rows.arranges) or when.duration(words) is not None
    if read.intent in ("report", "emergency") and sure and (bool(read.place.building) or not arranges):
        return Beside(words, report=read)
    return Beside(words, arranges=arranges)


def arranged(turn: Turn) -> str:
    """ "明天下午来修" of "认领1060 明天下午来修": when and where, as the wisher hears it, covered; nothing else goes on."""
    words = finding.word_for_word(turn, LONGEST)
    if not words or len(turn.order.numbers if turn.order else ()) != 1:
        return ""
    if not any(word in words for word in spoken.words(turn.catalog).contact.arranges):
        return ""
    return finding.without_names(turn, words, finding.names_of_speaker(turn))


def _refuses(rows: spoken.Contact, clause: str) -> bool:
    """ "电话莫给他": a part that can be told, and a no to it."""
    parts = (*rows.phone, *rows.name, *rows.door)
    return any(word in clause for word in parts) and any(word in clause for word in rows.denies)


def reported(turn: Turn, beside: Beside) -> list[Reply]:
    """The matter for the community that was told in the same breath."""
    return reports.take(turn, beside.report) if beside.report else []
