""" "我屋头停水了，人没得事，4栋2单元101": an answer that also says what is broken is counted, and becomes a report."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.turn import Turn
from bot.understanding.category import FAULT
from bot.understanding.utterance import Utterance
from handlers.census.reading import Said, grammar
from handlers.notices import troubles
from storage.census import UNKNOWN

CLAUSE = re.compile(r"[,，。;；!！\s]+")
SHORTEST, MOST = 4, 6


def only_unanswered(said: Utterance, answers: Sequence[Said]) -> bool:
    """ "502没人应": the census lists it as tried; nothing is broken."""
    return any(one.state == UNKNOWN for one in answers) and not any(why.startswith(FAULT) for why in said.why)


def trouble(turn: Turn, answers: Sequence[Said]) -> Utterance | None:
    """What one of its clauses reports, with the place that the whole line names; None for an answer and no more."""
    clauses = [one for one in CLAUSE.split(turn.utterance.text) if len(one) >= SHORTEST]
    if len(clauses) < 2 or len(clauses) > MOST or any(one.needs for one in answers):
        return None
    read = grammar(turn.catalog)
    for clause in filter(turn.reader.is_troubled, clauses):
        said = turn.read(clause, not turn.in_group)
        if troubles.reports(turn, said) and not only_unanswered(said, read.read(clause)):
            return replace(said, text=turn.utterance.text, place=turn.utterance.place or said.place)
    return None
