"""A danger told in the middle of something else: a form, a wish, the answer to a question. It comes first, always.

What somebody only fears is no danger; where it may be both, it is one.
"""

import re
from dataclasses import replace
from functools import lru_cache

from bot.catalog import Catalog, Fears
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding.utterance import Place, Utterance

router = Router()

TELLS = frozenset(("form", "wish", "wish_for", "favour", "resource", "add", "correct"))
"""Orders after which neighbours say whatever they have on their mind."""
LONGEST, MOST = 300, 12
"""Characters and clauses that are looked at."""
NAMED = "emergency:"
"""A clause is short, so only a danger that the catalog's words name counts; a mere likeness does not."""
CLAUSES = re.compile(r"[，。！？；,!?;\s]+|对了|另外|还有")
SIGHS, COME_TRUE = " 啊呀哟嘛吧哦。.~～", "了"
"""怕老人晕倒了: it may have happened."""


@router.guard
def in_the_middle(turn: Turn) -> Handler | None:
    """Let the clause that tells of a danger be what was said; whatever waited goes on waiting."""
    said, waits = turn.utterance, turn.asked is not None and bool(turn.asked.takes)
    if turn.incoming.happening != "text" or said.digit is not None or not said.text:
        return None
    if said.intent == "emergency":
        if said.command is None and not turn.in_group:
            turn.utterance = _calmed(turn, said)
    elif said.command in TELLS:
        beside = said.argument.partition(" ")[2]  # what stands behind the title of a form
        tells = cry(turn, said.argument, only_named=True) or (cry(turn, beside, only_named=True) if beside else None)
        turn.utterance = replace(tells, text=said.argument) if tells else said
    elif waits:
        turn.utterance = _alarm(turn, said.text, private=not turn.in_group) or said
    return None


def cry(turn: Turn, words: str, *, only_named: bool = False) -> Utterance | None:
    """The danger that these words tell of, said for another purpose; None where there is none, or it is only feared."""
    heard = turn.read(words, True)
    if heard.intent == "emergency" and (_named(heard) or not only_named) and not _only_feared(turn, words):
        return heard
    return _alarm(turn, words, private=True)


def _alarm(turn: Turn, words: str, *, private: bool) -> Utterance | None:
    """The first clause that tells of a danger, as if all of it were said of that."""
    known = turn.catalog.fears
    afraid = _fears(turn.catalog, words[:LONGEST])
    clauses = [clause for piece in CLAUSES.split(words[:LONGEST]) if (clause := piece.strip())]
    for clause in clauses[:MOST]:
        spared = afraid and turn.read(clause, private).emergency not in known.always
        told = _told(turn.catalog, clause) if spared else clause
        if not told or told.startswith(known.bygone):
            continue
        heard = turn.read(told, private)
        if heard.intent == "emergency" and _named(heard):
            place = turn.read(words, private).place
            return replace(heard, text=words, place=place if place != Place() else heard.place)
    return None


def _named(heard: Utterance) -> bool:
    return any(why.startswith(NAMED) for why in heard.why)


def _calmed(turn: Turn, said: Utterance) -> Utterance:
    """What the words say besides a danger that is only feared."""
    if not _only_feared(turn, said.text) or _alarm(turn, said.text, private=True):
        return said
    rest = "，".join(told for clause in CLAUSES.split(said.text) if (told := _told(turn.catalog, clause.strip())))
    calm = turn.read(rest, True)
    return said if calm.intent == "emergency" else replace(calm, text=said.text, digit=None)


def _only_feared(turn: Turn, words: str) -> bool:
    """Whether a danger stands only where something is feared: without those clauses nothing is left of it."""
    if not _fears(turn.catalog, words) or turn.read(words, True).emergency in turn.catalog.fears.always:
        return False
    told = "，".join(part for clause in CLAUSES.split(words) if (part := _told(turn.catalog, clause.strip())))
    return turn.read(told, True).intent != "emergency"


def _fears(catalog: Catalog, words: str) -> bool:
    """Whether something is only feared here: nothing says that it is happening, and nothing leaves that open."""
    known = catalog.fears
    begins = _fear_begins(known, words)
    if begins is None or any(sign in words for sign in known.present):
        return False
    if any(sign in words for sign in (*known.supposed, *known.wanted)):
        return True
    return not any(clause.rstrip(SIGHS).endswith(COME_TRUE) for clause in CLAUSES.split(words[begins:]))


def _told(catalog: Catalog, clause: str) -> str:
    """The clause up to where it begins to fear."""
    return clause[: _fear_begins(catalog.fears, clause)].strip()


def _fear_begins(known: Fears, words: str) -> int | None:
    """Where something begins to be feared or supposed; None where nothing is."""
    for other in known.not_feared:
        words = words.replace(other, " " * len(other))
    found = _fear(known).search(words)
    return found.start() if found else None


@lru_cache(maxsize=4)
def _fear(known: Fears) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, (*known.feared, *known.supposed))))
