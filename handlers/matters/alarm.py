"""A danger told in the middle of something else: a form, a wish, the answer to a question. It comes first, always."""

import re
from dataclasses import replace

from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding.utterance import Place, Utterance

router = Router()

TELLS = frozenset(("form", "wish", "favour", "resource", "add", "correct"))
"""Orders after which neighbours say whatever they have on their mind."""
LONGEST, MOST = 300, 12
"""Characters and clauses that are looked at."""
NAMED = "emergency:"
"""A clause is short, so only a danger that the catalog's words name counts; a mere likeness does not."""
CLAUSES = re.compile(r"[，。！？；,!?;\n]+|对了|另外|还有")


@router.guard
def in_the_middle(turn: Turn) -> Handler | None:
    """Let the clause that tells of a danger be what was said; whatever waited goes on waiting."""
    said, waits = turn.utterance, turn.asked is not None and bool(turn.asked.takes)
    if turn.incoming.happening != "text" or said.intent == "emergency" or said.digit is not None:
        return None
    if waits or said.command in TELLS:
        turn.utterance = _alarm(turn, said) or said
    return None


def _alarm(turn: Turn, said: Utterance) -> Utterance | None:
    clauses = [clause for piece in CLAUSES.split(said.text[:LONGEST]) if (clause := piece.strip())]
    for clause in clauses[:MOST] if len(clauses) > 1 else ():
        if clause.startswith(turn.catalog.emergencies.feared):
            continue
        heard = turn.read(clause, private=not turn.in_group)
        if heard.intent == "emergency" and any(why.startswith(NAMED) for why in heard.why):
            return replace(heard, text=said.text, place=said.place if said.place != Place() else heard.place)
    return None
