""" "我屋头停水了，人没得事，4栋2单元101": an answer that also says what is broken is counted, and becomes a report."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.turn import Turn
from bot.understanding.category import FAULT
from bot.understanding.utterance import Place, Utterance
from handlers.census.reading import Said, grammar
from handlers.notices import troubles
from storage.census import UNKNOWN

CLAUSE = re.compile(r"[,，。;；!！\s]+|(?<=[^,，。;；!！\s])(?=就是|但是|不过|可是|只是)")
SHORTEST, MOST = 3, 6


def only_unanswered(said: Utterance, answers: Sequence[Said]) -> bool:
    """ "502没人应": the census lists it as tried; nothing is broken."""
    return any(one.state == UNKNOWN for one in answers) and not any(why.startswith(FAULT) for why in said.why)


def of_the_house(turn: Turn, answers: Sequence[Said]) -> Utterance | None:
    """ "3栋2单元都好，3楼走廊灯坏了": what a leader reports beside a run, of no one door."""
    read, words = grammar(turn.catalog), turn.utterance.text
    if not any(one.is_run for one in answers) or not turn.reader.is_troubled(words):
        return None
    for clause in filter(turn.reader.is_troubled, CLAUSE.split(words)[:MOST]):
        said = turn.read(clause, True)
        if len(clause) >= SHORTEST and troubles.reports(turn, said) and read.at_door(clause) is None:
            place = turn.utterance.place
            where = replace(
                said.place, building=said.place.building or place.building, unit=said.place.unit or place.unit
            )
            return (
                None if only_unanswered(said, read.read(clause, leads=True)) else replace(said, text=words, place=where)
            )
    return None


def trouble(turn: Turn, answers: Sequence[Said]) -> Utterance | None:
    """What one of its clauses reports, with the place that the whole line names; None for an answer and no more."""
    clauses = [one for one in CLAUSE.split(turn.utterance.text) if len(one) >= SHORTEST]
    if len(clauses) < 2 or len(clauses) > MOST or any(one.needs for one in answers):
        return None
    read = grammar(turn.catalog)
    for clause in filter(turn.reader.is_troubled, clauses):
        said = turn.read(clause, not turn.in_group)
        answers_only = only_unanswered(said, read.read(clause)) or read.only_tells(clause)
        if troubles.reports(turn, said) and not answers_only:
            return replace(said, text=turn.utterance.text, place=_where(turn, clause) or said.place)
    return None


def _where(turn: Turn, clause: str) -> Place:
    """The place of the whole line; 隔壁501在吵架 is at that other door of the same staircase."""
    place, other = turn.utterance.place, grammar(turn.catalog).at_door(clause)
    if other is None or other.door.room == place.room:
        return place
    building, unit = other.door.building or place.building, other.door.unit or place.unit
    return replace(place, building=building, unit=unit, floor=None, room=other.door.room)
