"""Several answers put right in one breath, and one taken back where a yes or no is asked: all of it, or it is said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.turn import Turn
from handlers.forms import deeds, drafts, gathering, naming, phones, reading, rules, showing
from handlers.forms.drafts import Draft
from handlers.forms.rules import Question, Words

PAUSES = re.compile(r"[,，。；;、\s]+")
GOES_ON = re.compile(r"^(?:应该是|应该|应为|而是|改成|改为|换成|是)")
A_CLAUSE = re.compile(r"^[,，。、\s]+(?:是|应该|应为|而是|改成|改为|换成)")
ALIKE = ("date", "number", "phone")
"""Kinds of which one answer may be taken for that of another question."""
NO = ("不是", "不对")


@dataclass(slots=True)
class Taken:
    """What became of each part of a line."""

    put: list[str] = field(default_factory=list[str])
    missed: list[tuple[Question, str]] = field(default_factory=list[tuple[Question, str]])
    """Answers that were named and not said, or that cannot be, and why."""
    rest: list[str] = field(default_factory=list[str])
    """What answers nothing that can be told."""


def take_all(turn: Turn, draft: Draft, text: str) -> Taken | None:
    """Put in every answer that the line names one after the other; None where it does not name any beside others."""
    words = rules.words(turn.catalog)
    asked = rules.asked_of(draft.form, draft.answers)
    parts = _parts(turn, draft, asked, words, text)
    meant = [(part, *_meant(turn, draft, asked, words, part)) for part in parts]
    if len(parts) < 2 or not any(question for _, question, _ in meant):
        return None
    taken = Taken()
    free = [part for part, question, _ in meant if question is None]
    taken.put += drafts.fill(turn, draft, "，".join(free)).put if free else []
    told = drafts.said(turn, "，".join(free))
    found = gathering.gather(draft.form, told, words, {}).found if free else {}
    taken.rest = [] if found else free
    for _, question, answer in meant:
        if question is None:
            continue
        trouble = drafts.take(turn, draft, question, answer) if answer else "put_right"
        if trouble:
            taken.missed.append((question, trouble))
        else:
            taken.put.append(question.id)
    return taken


def _parts(turn: Turn, draft: Draft, asked: Sequence[Question], words: Words, text: str) -> list[str]:
    """The line, part by part: each with the name of an answer and what it is now, or with words of its own."""
    parts: list[str] = []
    for clause in filter(None, PAUSES.split(text)):
        begins = _named(asked, words, clause)[0] is not None
        if parts and not begins and (GOES_ON.match(clause) or _waits(turn, draft, asked, words, parts[-1], clause)):
            parts[-1] = f"{parts[-1]}，{clause}"
        else:
            parts.append(clause)
    return parts


def _waits(turn: Turn, draft: Draft, asked: Sequence[Question], words: Words, part: str, clause: str) -> bool:
    """Whether the part named an answer, and the clause is what it is now, or more of it."""
    question, answer = _named(asked, words, part)
    if question is None:
        return False
    if not answer:
        return True
    whole = drafts.said(turn, f"{part}，{clause}")
    theirs = whole.numbers.get("phone", [])
    if question.kind == "text" and theirs and phones.is_of(words.others, theirs[0], whole.text):
        return True
    found = gathering.gather(draft.form, drafts.said(turn, clause), words, {}).found
    return question.kind == "text" and (set(found) == {question.id} or not (question.finds or found))


def _meant(turn: Turn, draft: Draft, asked: Sequence[Question], words: Words, part: str) -> tuple[Question | None, str]:
    question, answer = _named(asked, words, part)
    if question is None and naming.is_wrong(words, part):
        question, answer = naming.by_its_answer(turn, draft, part)
    return question, answer if question else part


def _named(asked: Sequence[Question], words: Words, clause: str) -> tuple[Question | None, str]:
    return (None, clause) if clause.isdecimal() else naming.named(asked, words, clause)


def taken_back(turn: Turn, draft: Draft, question: Question, text: str) -> Taken | None:
    """不是，我说错了，是2单元1102 where a yes or no is asked: the other answer; None where it answers the question."""
    words = rules.words(turn.catalog)
    no = next((word for word in NO if text.startswith(word)), "")
    if (
        question.kind != "yesno"
        or deeds.said(question, text) in (deeds.YES, deeds.NEITHER)
        or not (naming.is_wrong(words, text.removeprefix(no)) or (no and A_CLAUSE.match(text[len(no) :])))
    ):
        return None
    rest = said_instead(words, text)
    if rest and not reading.answer(question, drafts.said(turn, rest), words, draft.answers).trouble:
        drafts.take(turn, draft, question, rest)
        return Taken(put=[question.id])
    put = drafts.fill(turn, draft, whole_door(turn, draft, rest), but="").put if rest else []
    return Taken(put=put) if put else Taken(rest=[rest])


def said_wrong(turn: Turn, draft: Draft, question: Question, text: str) -> Taken | None:
    """我说错了，是12月5号 where the next date is asked: the one that was said; None where it may be the answer itself."""
    words = rules.words(turn.catalog)
    asked = rules.asked_of(draft.form, draft.answers)
    wrong = [word for word in words.taking_back if "错" in word]
    if question.kind not in ALIKE or not text.lstrip(" ,，哎呀哦等").startswith(tuple(wrong)) or question not in asked:
        return None
    before = [one for one in asked[: asked.index(question)] if one.kind == question.kind and one.id in draft.answers]
    rest = said_instead(words, text)
    if not before or before[-1].id in draft.known or reading.has_any(question.near, rest):
        return None
    return Taken(put=[before[-1].id]) if rest and not drafts.take(turn, draft, before[-1], rest) else None


def said_instead(words: Words, text: str, besides: Sequence[str] = ()) -> str:
    """What is said instead of what was wrong: 我说错了，是12月5号 is 12月5号; `besides` may stand before it as well."""
    rest = _behind(text, (*words.taking_back, *words.wrong, *words.pointing, *besides))
    return GOES_ON.sub("", rest) or rest


def whole_door(turn: Turn, draft: Draft, text: str) -> str:
    """The door that is meant where only what differs of the one that stands is said: 2单元1102."""
    standing = next((draft.answers.get(one.id) for one in draft.form.questions if one.kind == "household"), None)
    place = turn.read(text, True).place
    if not standing or place.building or not (place.unit or place.room):
        return text
    building, unit, room = standing.split("-", 2)
    return showing.door(turn.catalog, building, place.unit or unit, place.room or room) if building else text


def _behind(text: str, beginnings: Sequence[str]) -> str:
    """What follows when all that only says that something was wrong is gone."""
    first = sorted(beginnings, key=len, reverse=True)
    text = text.lstrip(" ,，。:：、！!")
    while begun := next((one for one in first if text.startswith(one)), ""):
        text = text[len(begun) :].lstrip(" ,，。:：、！!了")
    return text
