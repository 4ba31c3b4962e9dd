"""What an answer says: one question's own, and everything a single line holds; pure, no memory."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.understanding import personal, when
from bot.understanding.place import number
from bot.understanding.utterance import Place
from handlers.forms import rules
from handlers.forms.rules import Form, Question, Words

COUNT = r"(\d{1,5}|[一二两三四五六七八九十]{1,3})"
NUMBER = re.compile(COUNT)
NO_NUMBER = re.compile(r"一(?:共|起|家|直|般|样|下)")
NONE_AT_ALL = re.compile(r"^(?:没有|没|无|零|0)\D{0,6}$")
CLAUSES = re.compile(r"[,，。；;、\n ]+")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
VILLAGE_DOOR = re.compile(r"(?:组|队|社|村|坝|湾|院|巷|街|路)\D{0,4}?(\d{1,4})号(?![楼栋线路])")
"""Where there are no buildings: 石桥一组12号."""
LONGEST = 200
"""Letters of a text that are kept, where the form says nothing else."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood: a value, or what is unclear about it."""

    value: str = ""
    trouble: str = ""
    """not_understood, which_month, which_dates, morning_or_evening, id_wrong, impossible."""


@dataclass(frozen=True, slots=True)
class Said:
    """One text with what the reader found in it, on one day."""

    text: str
    place: Place
    today: datetime
    """The community's own clock."""
    numbers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Phones and IDs in it, by kind."""


def said(text: str, place: Place, today: datetime) -> Said:
    """The text, looked through for numbers that are personal."""
    found: dict[str, list[str]] = {}
    for piece in personal.find(text):
        kind = "phone" if piece.kind in ("mobile", "phone") else "id" if piece.kind == "id_number" else piece.kind
        found.setdefault(kind, []).append(text[piece.start : piece.end])
    return Said(text.strip(), place, today, found)


def answer(question: Question, given: Said, words: Words, answers: Mapping[str, str]) -> Heard:
    """What `given` answers to this very question, after what was answered before."""
    if question.kind == "date" and answers.get(question.after) and not when.find(given.text, given.today):
        lasts = when.duration(given.text)
        if lasts:
            return Heard((day_of(answers[question.after]) + lasts).isoformat())
    return READERS[question.kind](question, given, words)


def trouble(question: Question, value: str, answers: Mapping[str, str], today: date) -> str:
    """Why the value cannot be; nothing when it can."""
    if not value:
        return ""
    if question.kind == "number":
        return _outside(int(value), question.least, question.most)
    if question.kind == "text":
        return _outside(len(value), question.least, question.most)
    if question.kind in ("date", "period"):
        start, end = day_of(value), day_of(value, last=True)
        before = answers.get(question.after)
        if (before and start < day_of(before)) or end < start:
            return "impossible"
        return _outside((start - today).days, question.earliest, question.latest)
    return ""


def day_of(value: str, *, last: bool = False) -> date:
    """The day of a date's value, or the first or last day of a period's."""
    start, _, end = value.partition("/")
    return date.fromisoformat(end if last and end else start)


def gather(form: Form, given: Said, words: Words) -> dict[str, str]:
    """Everything that one line answers without being asked; what is unclear is left to be asked."""
    found: dict[str, str] = {}
    dates = _Dates(given)
    for question in form.questions:
        value = _in_line(question, given, words, dates, found)
        if value and not trouble(question, value, found, given.today.date()):
            found[question.id] = value
    return {of: value for of, value in found.items() if rules.applies(form.by_id[of], found)}


class _Dates:
    """The dates of a line, clause by clause; each is used once."""

    def __init__(self, given: Said) -> None:
        self.left: list[tuple[str, date, date | None]] = []
        self.end: date | None = None
        """The end of the span whose beginning was used last."""
        self.lasts = when.duration(given.text)
        for clause in CLAUSES.split(given.text):
            found = when.find(clause, given.today)
            if found and found.start and found.unclear not in ("which_month", "which_dates"):
                self.left.append((clause, _date(found.start), found.end and _date(found.end)))

    def take(self, near: tuple[str, ...], *, may_be_bare: bool) -> tuple[date, date | None] | None:
        fitting = [one for one in self.left if any(word in one[0] for word in near)]
        chosen = next(iter(fitting), self.left[0] if may_be_bare and self.left else None)
        if chosen is None:
            return None
        self.left.remove(chosen)
        self.end = chosen[2]
        return chosen[1], chosen[2]


def _in_line(question: Question, given: Said, words: Words, dates: _Dates, found: Mapping[str, str]) -> str:
    if question.kind == "date":
        taken = dates.take(question.near, may_be_bare=not question.after)
        if taken:
            return taken[0].isoformat()
        if question.after in found:
            start = day_of(found[question.after])
            end = dates.end or (start + dates.lasts if dates.lasts else None)
            return end.isoformat() if end else ""
        return ""
    if question.kind == "period":
        taken = dates.take(question.near, may_be_bare=True)
        if not taken:
            return ""
        end = taken[1] or (taken[0] + dates.lasts if dates.lasts else None)
        return f"{taken[0]}/{end}" if end else ""
    if question.finds and (matched := rules.pattern(question.finds).search(given.text)):
        own = Said(matched[1], given.place, given.today, given.numbers)
        return matched[1].strip() if question.kind == "text" else answer(question, own, words, found).value
    if question.kind == "yesno":
        return "no" if _any(question.no, given.text) else "yes" if _any(question.yes, given.text) else ""
    if question.kind == "choice":
        return _chosen(question, given.text, whole=False)
    if question.kind in ("phone", "id") and not question.other:
        return answer(question, given, words, found).value
    if question.kind == "household":
        return _door(question, given, words).value
    return ""


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)


def _text(question: Question, given: Said, _words: Words) -> Heard:
    most = question.most or LONGEST
    return Heard(given.text[: most + 1]) if given.text else Heard(trouble="not_understood")


def _number(_question: Question, given: Said, _words: Words) -> Heard:
    if NONE_AT_ALL.match(given.text):
        return Heard("0")
    found = NUMBER.findall(NO_NUMBER.sub("", given.text))
    return Heard(str(int(number(found[0])))) if len(found) == 1 else Heard(trouble="not_understood")


def _choice(question: Question, given: Said, _words: Words) -> Heard:
    if given.text.isdecimal() and 1 <= int(given.text) <= len(question.options):
        return Heard(question.options[int(given.text) - 1].code)
    code = _chosen(question, given.text, whole=True)
    return Heard(code) if code else Heard(trouble="not_understood")


def _chosen(question: Question, text: str, *, whole: bool) -> str:
    """The option that the text names; the longest word counts, and two of the same length are no answer."""
    best: dict[str, int] = {}
    for option in question.options:
        names = (*option.words, option.label) if whole else option.words
        best[option.code] = max((len(name) for name in names if name in text), default=0)
        if whole and text == option.code:
            return option.code
    longest = max(best.values(), default=0)
    named = [code for code, length in best.items() if length == longest]
    return named[0] if longest and len(named) == 1 else ""


def _yesno(question: Question, given: Said, words: Words) -> Heard:
    text = given.text.strip("。！!~ ")
    if text in ("yes", "no"):
        return Heard(text)
    if _any((*question.no, *words.no), text):
        return Heard("no")
    if _any((*question.yes, *words.yes), text):
        return Heard("yes")
    return Heard(trouble="not_understood")


def _day(_question: Question, given: Said, _words: Words) -> Heard:
    found = when.find(given.text, given.today)
    if found is None or found.start is None or found.unclear in ("which_month", "which_dates"):
        return Heard(trouble=found.unclear if found and found.unclear else "not_understood")
    return Heard(_date(found.start).isoformat())


def _period(_question: Question, given: Said, _words: Words) -> Heard:
    found = when.find(given.text, given.today)
    if found is None or found.start is None or found.unclear in ("which_month", "which_dates"):
        return Heard(trouble=found.unclear if found and found.unclear else "not_understood")
    lasts = when.duration(given.text)
    start = _date(found.start)
    end = _date(found.end) if found.end else start + (lasts - timedelta(days=1)) if lasts else None
    return Heard(f"{start}/{end}") if end else Heard(trouble="until_when")


def _phone(_question: Question, given: Said, _words: Words) -> Heard:
    named = next(iter(given.numbers.get("phone", ())), None)
    digits = re.sub(r"\D", "", named) if named else ""
    plain = MOBILE.search(given.text)
    value = digits or (plain.group() if plain else "")
    return Heard(value.removeprefix("86") if len(value) == 13 else value) if value else Heard(trouble="phone_wrong")


def _identity(_question: Question, given: Said, _words: Words) -> Heard:
    """The number proves itself; one with a slip is asked again."""
    for named in given.numbers.get("id", ()):
        value = re.sub(r"[^\dX]", "", named.upper().replace("×", "X"))
        if len(value) == 18 and [piece.kind for piece in personal.find(value)] == ["id_number"]:
            return Heard(value)
    return Heard(trouble="id_wrong" if IDENTITY.search(given.text) else "not_understood")


def door(text: str, place: Place) -> tuple[str, str, str] | None:
    """Building, unit and room; the unit may be missing, and in a village the building too."""
    if place.building and place.room:
        return place.building, place.unit or "", place.room
    house = None if place.building else VILLAGE_DOOR.search(text)
    return ("", "", f"{house[1]}号") if house else None


def _door(_question: Question, given: Said, _words: Words) -> Heard:
    found = door(given.text, given.place)
    return Heard("-".join(found)) if found else Heard(trouble="door_wrong")


def _photo(_question: Question, given: Said, _words: Words) -> Heard:
    return Heard(trouble="photo_wanted")


def _date(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _outside(value: int, least: int | None, most: int | None) -> str:
    inside = (least is None or value >= least) and (most is None or value <= most)
    return "" if inside else "impossible"


READERS: Mapping[str, Callable[[Question, Said, Words], Heard]] = {
    "text": _text,
    "number": _number,
    "choice": _choice,
    "yesno": _yesno,
    "date": _day,
    "period": _period,
    "phone": _phone,
    "id": _identity,
    "household": _door,
    "photo": _photo,
}
"""How each kind of answer is read."""
