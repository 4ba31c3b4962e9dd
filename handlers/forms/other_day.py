"""日期错了，是5号, said where something else is asked: the day that stands and is meant, and the right one."""

from bot.turn import Turn
from bot.understanding import when
from handlers.forms import drafts, naming, plainly, reading, rules, several
from handlers.forms.drafts import Draft
from handlers.forms.rules import Question

DAYS = ("date", "period")


def put_right(turn: Turn, draft: Draft, question: Question, text: str) -> tuple[list[Question], str] | None:
    """The questions whose day it may be, and the day; None where the words are no more than that, or are the answer."""
    words = rules.words(turn.catalog)
    plainly_wrong = (*words.wrong, *(word for word in words.taking_back if "错" in word))
    is_day = question.kind in DAYS
    if not (reading.has_any(plainly_wrong, text) if is_day else naming.is_wrong(words, text)):
        return None
    called = tuple(name for kind in DAYS for name in words.kinds.get(kind, ()))
    day = several.said_instead(words, text, called)
    given = drafts.said(turn, day)
    if when.find(given.dated, given.today) is None or (is_day and reading.has_any(question.near, day)):
        return None
    asked = rules.asked_of(draft.form, draft.answers)
    standing = [one for one in asked if one.kind in DAYS and one.id != question.id and draft.answers.get(one.id)]
    fitting = [one for one in standing if plainly.answers(one, given, words)]
    named = [one for one in fitting if reading.has_any((*one.near, *one.begins, *one.ends), day)]
    return (named or fitting, day) if fitting else None
