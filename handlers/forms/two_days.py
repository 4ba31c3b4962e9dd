"""Two days in one breath, each with what is done on it: 明天走后天回 is a period."""

import re
from datetime import date, datetime

from bot.understanding import when
from bot.understanding.place import number
from handlers.forms.rules import Question

MONTHS = 12
BARE = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,3})[号日]")
PAUSES = ",，。;；、 "
UNCLEAR = ("which_month", "which_dates", "which_lunar")


def span(question: Question, text: str, now: datetime) -> tuple[date, date] | None:
    """The first day and the last; None where there are not two, or nothing says that the other is the end."""
    first = when.find(text, now)
    at = text.find(first.words) if first and first.words else -1
    if first is None or first.start is None or first.end or first.unclear in UNCLEAR or at < 0:
        return None
    begun, rest = _day(first.start), text[at + len(first.words) :]
    second, place = _next(rest, now, begun, ours=_does(rest, question.begins))
    if second is None:
        return None
    if second >= begun and _does(_without_setting_out(question, rest[place:]), question.ends):
        return begun, second
    backwards = second <= begun and _does(rest, question.ends) and _does(rest[place:], question.begins)
    return (second, begun) if backwards else None


def last_alone(question: Question, text: str, now: datetime) -> tuple[date, date] | None:
    """From today until the only day that is named, where it is the last: 后天回来."""
    found = when.find(text, now) if question.from_today else None
    if found is None or found.start is None or found.end or found.unclear or when.duration(text):
        return None
    ends = _does(_without_setting_out(question, text[text.find(found.words) + len(found.words) :]), question.ends)
    begins = any(word in text for word in question.begins)
    return (now.date(), _day(found.start)) if ends and not begins and _day(found.start) >= now.date() else None


def ends_it(question: Question, text: str) -> bool:
    """Whether a word of coming back stands there; 回老家 is one of setting out, although 回 is in it."""
    rest = _without_setting_out(question, text)
    return any(word in rest for word in question.ends)


def _without_setting_out(question: Question, text: str) -> str:
    for word in question.begins:
        text = text.replace(word, "") if any(end in word for end in question.ends) else text
    return text


def _next(rest: str, now: datetime, begun: date, *, ours: bool) -> tuple[date | None, int]:
    """The next day that is named, and where what is done on it begins; a bare 5号 is the next 5th after the first day."""
    found = when.find(rest, now)
    if found and found.unclear == "which_dates":
        found = when.find(rest, datetime.combine(begun, now.timetz()))
    day = after(found, begun) if found and (found.unclear == "which_month" or ours) else None
    if found is None or (day is None and (found.start is None or found.unclear in UNCLEAR)):
        return None, 0
    return day or _day(found.start or begun), max(rest.find(found.words), 0) + len(found.words)


def after(found: when.When, begun: date) -> date | None:
    """The next day of this number after another one that was named: 5号 after the 28th of December; else None."""
    numbered = BARE.fullmatch(found.words)
    if numbered is None or found.end:
        return None
    for month in (begun.month, begun.month + 1):
        try:
            day = date(begun.year + (month > MONTHS), (month - 1) % MONTHS + 1, int(number(numbered[1])))
        except ValueError:
            continue
        if day >= begun:
            return day
    return None


def _does(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of these words stands in the first clause of the text."""
    clause = text.lstrip(PAUSES)
    end = min((at for at in map(clause.find, PAUSES) if at >= 0), default=len(clause))
    return any(word in clause[:end] for word in words)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
