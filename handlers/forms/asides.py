"""A fault that is said beside an answer: told apart from it, so that neither of them is lost."""

import re
from dataclasses import dataclass

from bot.turn import Turn
from bot.understanding import phrases
from bot.understanding.utterance import Utterance
from handlers.forms import drafts, gathering, rules
from handlers.forms.drafts import Draft
from handlers.forms.rules import Question, Words

SENTENCES = re.compile(r"(?<=[。！!？?；;\n])")
CLAUSES = re.compile(r"(?<=[,，、\s])")
STOPS = " ,，、。！!？?；;\n"
TELLING = ("yesno", "choice", "text")
"""Kinds whose own words, found in a fault, make an answer of it; days, doors and counts may be the fault's."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A line in two: what answers the form, and the fault that was said besides."""

    answer: str
    fault: str
    apart: bool
    """The fault stands in a sentence of its own, or behind a word like 对了."""


def is_fault(turn: Turn, draft: Draft, question: Question | None, said: Utterance, *, announced: bool = False) -> bool:
    """Whether something is plainly broken or wrong, and it is nothing that the form asks about.

    `announced`: a word like 另外 stands before it, so that the form's own things may be somebody else's: a stray dog.
    """
    sure = said.confidence >= turn.catalog.thresholds[True].act
    named = any(why.startswith(("fault:", "urgent:")) for why in said.why)
    if said.intent != "report" or said.command is not None or not (sure and named):
        return False
    placed = bool(said.place.building or said.place.spot)
    asks_for_faults = question is not None and question.faults
    if not placed and not announced and (asks_for_faults or any(word in said.text for word in draft.form.own)):
        return False
    return not _told(turn, draft, said.text)


def _told(turn: Turn, draft: Draft, text: str) -> bool:
    """Whether some question of the form has its own words in this."""
    found = gathering.gather(draft.form, drafts.said(turn, text), rules.words(turn.catalog), draft.answers).found
    return any(draft.form.by_id[of].kind in TELLING for of in found)


def parted(turn: Turn, draft: Draft, question: Question | None) -> Parted | None:
    """The line in two, where one part is a plain fault and the other answers the form; None for every other line."""
    words, text = rules.words(turn.catalog), turn.utterance.text
    answers: list[str] = []
    faults: list[str] = []
    apart = False
    for sentence in _sentences(text, words):
        mine: list[str] = []
        beside: list[str] = []
        for clause in filter(str.strip, CLAUSES.split(sentence)):
            core = _behind_marker(clause, words).strip(STOPS)
            announced = core != clause.strip(STOPS)
            faulty = bool(core) and is_fault(turn, draft, question, turn.read(core, True), announced=announced)
            goes_on = bool(beside) and not drafts.understood(turn, draft, None, core)
            (beside if faulty or goes_on else mine).append(clause)
        if beside and not any(_behind_marker(one, words).strip(STOPS) for one in mine):
            apart = True
        answers += mine
        faults += beside
    if not faults:
        return None
    answer, fault = ("".join(part).strip(STOPS) for part in (answers, faults))
    answer = _without_markers(answer, words)
    return Parted(answer, _behind_marker(fault, words).strip(STOPS), apart) if answer else None


def answers_too(turn: Turn, draft: Draft, question: Question | None, line: Parted) -> bool:
    """Whether what is left of the line without its fault is an answer."""
    if question is not None and question.kind == "text":
        return line.apart
    found = drafts.understood(turn, draft, question, line.answer)
    standing = draft.door is not None and (question is None or question.kind != "household")
    given = gathering.gather(draft.form, drafts.said(turn, line.answer), rules.words(turn.catalog), draft.answers).found
    only_a_door = {draft.form.by_id[of].kind for of in given} == {"household"}
    return found and not (standing and only_a_door and not line.apart)


def _sentences(text: str, words: Words) -> list[str]:
    """The sentences; a word like 对了 begins another one."""
    marker = phrases.any_of(words.besides)
    return [
        one
        for whole in SENTENCES.split(text)
        for one in re.split(rf"(?=(?:{marker}))" if marker else r"(?!)", whole)
        if one.strip()
    ]


def _behind_marker(text: str, words: Words) -> str:
    """The text without a 对了 before it."""
    text = text.lstrip(STOPS)
    while begun := next((word for word in words.besides if text.startswith(word)), ""):
        text = text[len(begun) :].lstrip(STOPS)
    return text


def _without_markers(text: str, words: Words) -> str:
    """The answer without a 对了 that stands at its end, where the fault was."""
    text = text.strip(STOPS)
    while begun := next((word for word in words.besides if text.endswith(word)), ""):
        text = text[: -len(begun)].rstrip(STOPS)
    return text
