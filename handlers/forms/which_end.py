"""施工时间改到2月10号: a period of which one day is said, and not whether it begins or ends on that day, is asked about."""

from datetime import date

from bot.message import LITERAL, Ask, Button, Reply
from bot.turn import Turn
from bot.understanding import when
from handlers.forms import asking, drafts, reading
from handlers.forms.drafts import Draft
from handlers.forms.rules import Question

LONGEST = 16
"""Characters of an answer that is no more than a day."""


def day_meant(turn: Turn, draft: Draft, question: Question, text: str) -> date | None:
    """The day that may be either end of the period that stands; None where the words are plain."""
    standing = draft.answers.get(question.id, "")
    if question.kind != "period" or not (question.begins and question.ends) or not standing or len(text) > LONGEST:
        return None
    if reading.is_half(standing):
        return None
    given = drafts.said(turn, text)
    found = when.find(given.dated, given.today)
    if found is None or found.start is None or found.end or found.unclear or when.duration(given.dated):
        return None
    day = reading.date_of(found.start)
    marked = reading.of_standing(question, standing, given)
    return None if marked or day < reading.day_of(standing) else day


def asked(turn: Turn, draft: Draft, question: Question, day: date) -> Reply:
    """Is it the first day, or the last?"""
    drafts.save(turn, draft, "")
    named = f"{day.month}月{day.day}日"
    buttons = tuple(
        Button(f"{LITERAL}{named}{does}", f"{asking.CHANGE} {draft.number} {day.year}-{day.month}-{day.day}{does}")
        for does in (question.begins[0], question.ends[0])
    )
    ask = Ask(takes=f"{asking.CHANGE} {draft.number}", lasts_s=asking.lasts_s(turn))
    values = {"question": question, "day": named, "begins": question.begins[0], "ends": question.ends[0]}
    return Reply("forms/which_end", values, buttons=buttons, about=draft.number, ask=ask)
