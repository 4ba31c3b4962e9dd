"""不是8号到15号，是8号到12号; 201到，不对，301到302: a leader puts right which doors were meant."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.turn import Turn
from handlers.census.reading import Said, grammar
from handlers.census.rules import rules
from storage import census
from storage.census import AWAY, SAFE, CensusAnswer, Running

LONGEST = 80
LASTS = timedelta(minutes=30)
"""How long what was entered last is still spoken of."""
NOT_BUT = re.compile(r"[\s,，]*不是(?P<old>[^是]{2,30}?)[\s,，]*(?:应该|而)?是(?P<new>[^是]{2,})")
STATES = {SAFE: "都平安", AWAY: "没人"}


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right, in words; and what was wrong, said right before or entered last."""

    old: str
    new: str
    of_before: bool
    """What was wrong was entered before these words."""


@dataclass(frozen=True, slots=True)
class Righted:
    """The answers that are right, and what was entered in their place."""

    answers: tuple[Said, ...]
    instead_of: Sequence[CensusAnswer] = ()


def said(turn: Turn, text: str) -> Correction | None:
    """Whether such words put right a door; costs a search for all others."""
    if len(text) > LONGEST:
        return None
    if found := NOT_BUT.fullmatch(text):
        return Correction(found["old"], found["new"], of_before=True)
    for word in rules(turn.catalog).corrects:
        old, here, new = text.partition(word)
        if here and (new := new.strip(" ,，:：。").removeprefix("是")):
            return Correction(old, new, of_before=not any(each.isdigit() for each in old))
    return None


def righted(turn: Turn, running: Running, correction: Correction) -> Righted | None:
    """The right doors in the state that was said of the wrong ones; None where the words name no door or no state."""
    read = grammar(turn.catalog)
    before = read.read(correction.old, leads=True)
    rows = _wrong(turn, running, correction) if correction.of_before else []
    if correction.of_before and not rows:
        return None
    answers = read.read(correction.new, leads=True)
    if not any(one.door for one in answers):
        states = {one.state for one in before} or {row.state for row in rows}
        state = STATES.get(states.pop(), "") if len(states) == 1 else ""
        answers = read.read(f"{correction.new}{state}", leads=True) if state else ()
    if not answers or not all(one.door for one in answers):
        return None
    if not correction.old.strip(" ,，") and not any(one.is_run for one in answers):
        rows = []  # "不对，502有人应了": what else was entered stays
    return Righted(_there(answers, [(one.door.building, one.door.unit) for one in before], rows), rows)


def _wrong(turn: Turn, running: Running, correction: Correction) -> list[CensusAnswer]:
    """What was entered last: all of that moment, or the one door of it that is named."""
    rows = census.newest_entered(turn.session, running.number, turn.speaker().id, turn.now - LASTS)
    named = grammar(turn.catalog).bare_door(correction.old)
    if named is None or not named.room or named.until:
        return rows
    return [row for row in rows if row.room == named.room]


def _there(
    answers: tuple[Said, ...], before: Iterable[tuple[str, str]], rows: Sequence[CensusAnswer]
) -> tuple[Said, ...]:
    """The answers in the building, and where that is not said anew the stairwell, of which was spoken before."""
    stairs = set(before) or {(row.building, row.unit) for row in rows}
    buildings = {building for building, _ in stairs}
    if len(buildings) != 1:
        return answers
    building, unit = buildings.pop(), next(iter(stairs))[1] if len(stairs) == 1 else ""
    return tuple(
        one
        if one.door.building or one.door.either
        else replace(one, door=replace(one.door, building=building, unit=one.door.unit or unit))
        for one in answers
    )
