"""What an answer says: one question's own, and everything a single line holds; pure, no memory."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.understanding import personal, when
from bot.understanding.utterance import Place
from handlers.forms import addresses, counting, phones, rules
from handlers.forms.rules import Form, Question, Words

NONE_AT_ALL = re.compile(r"^(?:没有|没得|没|无|零|0)\D{0,6}$")
CLAUSES = re.compile(r"[,，。；;、\n ]+|(?=(?:[住待呆耍玩留租]|合同)到)")
UNTIL = re.compile(r"[到至]\s*$")
UNTIL_THE_END = re.compile(r"[到至](\S{0,8}[底末尾天])")
NEGATED = re.compile(r"(?:没有|没得|不是|没|无|除了)$")
SOMEBODY = re.compile(r"^(?:我|我们|我家|咱家|家里|家头|屋里|屋头|都|也|肯定|当然|就)+")
"""Before a yes: 家里有."""
ENDS = "。！!~～. "
IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
ASK_WHICH = ("which_month", "which_dates", "which_lunar")
"""What is unclear about a date so that it is none yet."""
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
    begun = answers.get(question.id, "")
    if question.kind == "period" and is_half(begun):
        return _until(begun, given)
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


def too_early(question: Question, answers: Mapping[str, str]) -> bool:
    """Whether its date now stands before the one it must follow: somebody leaves before arriving."""
    value, before = answers.get(question.id, ""), answers.get(question.after, "")
    return bool(value and before) and day_of(value) < day_of(before)


def day_of(value: str, *, last: bool = False) -> date:
    """The day of a date's value, or the first or last day of a period's."""
    start, _, end = value.partition("/")
    return date.fromisoformat(end if last and end else start)


@dataclass(slots=True)
class Gathered:
    """What one line answers without being asked."""

    found: dict[str, str]
    doubtful: dict[str, str]
    """What it says and cannot be, with its trouble."""


def is_half(value: str) -> bool:
    """Whether a period's first day is known, and its last is not."""
    return value.endswith("/")


def gather(form: Form, given: Said, words: Words, answers: Mapping[str, str], used: str = "") -> Gathered:
    """Everything that one line answers; what is unclear is left to be asked.

    `answers` stand already: a date that names nothing is none of theirs. `used` is the answer that the line was.
    """
    found: dict[str, str] = {}
    doubtful: dict[str, str] = {}
    dates = _Dates(form, given, answers, used)
    for question in form.questions:
        value = _in_line(question, given, words, dates, {**answers, **found})
        if not value and question.kind == "phone" and not question.other and given.numbers.get("phone"):
            doubtful[question.id] = "phone_other"
        wrong = trouble(question, value, {**answers, **found}, given.today.date()) if value else ""
        if wrong:
            doubtful[question.id] = wrong
        elif value:
            found[question.id] = value
    together = {**answers, **found}
    return Gathered({of: one for of, one in found.items() if rules.applies(form.by_id[of], together)}, doubtful)


@dataclass(frozen=True, slots=True)
class _Day:
    """A date of a line, with its clause."""

    clause: str
    start: date
    end: date | None
    until: bool
    """到 stands before it."""


class _Dates:
    """The dates of a line, clause by clause: each belongs to the question whose words stand beside it, else to none."""

    def __init__(self, form: Form, given: Said, answers: Mapping[str, str], used: str) -> None:
        asked = [question for question in form.questions if question.kind in ("date", "period")]
        self.lasts = when.duration(given.text)
        self.only_one = len(asked) == 1
        self.answers = answers
        self.named: dict[str, _Day] = {}
        self.bare: list[_Day] = []
        self.end: date | None = None
        """The end of the span whose beginning was used last."""
        for day in _days(given):
            if used and used in (day.start.isoformat(), f"{day.start}/{day.end}", f"{day.start}/"):
                self.end, used = day.end, ""
                continue
            of = _nearest(asked, day.clause)
            if of and of not in self.named:
                self.named[of] = day
            else:
                self.bare.append(day)
        if used:
            self.bare.clear()  # the line was one answer, reckoned from its words

    def take(self, question: Question, base: str) -> _Day | None:
        """This question's date; a bare one only where nothing stands yet."""
        chosen = self.named.get(question.id)
        if chosen is None and (self.only_one or not self.answers.get(question.id)):
            fitting = [day for day in self.bare if not question.after or (base and day.until)]
            chosen = fitting[0] if fitting else None
            if chosen is not None:
                self.bare.remove(chosen)
        if chosen is not None:
            self.end = chosen.end
        return chosen


def _days(given: Said) -> list[_Day]:
    days: list[_Day] = []
    for clause in CLAUSES.split(given.text):
        found = when.find(clause, given.today) if clause else None
        if found and found.start and found.unclear not in ASK_WHICH:
            first = clause.find(found.words[:2])
            until = first > 0 and UNTIL.search(clause[:first]) is not None
            days.append(_Day(clause, _date(found.start), found.end and _date(found.end), until))
        elif (until_then := UNTIL_THE_END.search(clause)) and (last := when.last_day(until_then[1], given.today)):
            days.append(_Day(clause, last, None, until=True))
    return days


def _nearest(asked: Sequence[Question], clause: str) -> str:
    """The question with the longest of its words in the clause."""
    longest = {one.id: max((len(word) for word in one.near if word in clause), default=0) for one in asked}
    best = max(longest, key=longest.__getitem__, default="")
    return best if best and longest[best] else ""


def _in_line(question: Question, given: Said, words: Words, dates: _Dates, found: Mapping[str, str]) -> str:
    if question.kind == "date":
        base = found.get(question.after, "")
        if taken := dates.take(question, base):
            return taken.start.isoformat()
        if base and not dates.answers.get(question.id):
            end = dates.end or (day_of(base) + dates.lasts if dates.lasts else None)
            return end.isoformat() if end else ""
        return ""
    if question.kind == "period":
        taken = dates.take(question, "")
        if not taken:
            return ""
        end = taken.end or (taken.start + dates.lasts - timedelta(days=1) if dates.lasts else None)
        return f"{taken.start}/{end or ''}"
    if question.heads:
        return str(counting.heads(given.text, words) or "")
    if question.finds and (matched := rules.pattern(question.finds).search(given.text)):
        own = Said(matched[1], given.place, given.today, given.numbers)
        return _text(question, own, words).value if question.kind == "text" else answer(question, own, words, {}).value
    if question.kind == "yesno":
        return "no" if _any(question.no, given.text) else "yes" if _any(question.yes, given.text) else ""
    if question.kind == "choice":
        return _chosen(question, _beside(question.near, given.text), whole=False)
    if question.kind == "phone":
        return _phone_in_line(question, given, words)
    if question.kind == "id" and not question.other:
        return answer(question, given, words, found).value
    if question.kind == "household":
        return _door(question, given, words).value
    return ""


def _beside(near: tuple[str, ...], text: str) -> str:
    """The clauses that have one of these words; all of them where nothing is named."""
    return "，".join(clause for clause in CLAUSES.split(text) if _any(near, clause)) if near else text


def _phone_in_line(question: Question, given: Said, words: Words) -> str:
    """The speaker's own phone, or that of somebody else who is named beside it."""
    for named in given.numbers.get("phone", ()):
        theirs = question.near if question.other else words.others
        if question.other is phones.is_of(theirs, named, given.text):
            return phones.plain(named)
    return ""


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)


def _text(question: Question, given: Said, words: Words) -> Heard:
    text = given.text
    unfit = question.fits and not rules.pattern(question.fits).search(text)
    if question.finds and (unfit or given.numbers.get("phone")):
        found = rules.pattern(question.finds).search(text)
        text = found[1].strip() if found else text
    if not text or text.strip(ENDS) in words.no_text:
        return Heard(trouble="not_understood")
    if question.fits and not rules.pattern(question.fits).search(text):
        return Heard(trouble="impossible" if question.says else "not_understood")
    return Heard(text[: (question.most or LONGEST) + 1])


def _number(question: Question, given: Said, words: Words) -> Heard:
    if NONE_AT_ALL.match(given.text):
        return Heard("0")
    text = phones.MOBILE.sub("", given.text)
    if question.heads and (many := counting.heads(text, words, loose=True)):
        return Heard(str(many))
    if not question.heads and question.finds and (own := rules.pattern(question.finds).search(text)):
        text = own[1]
    found = counting.the_number(text)
    return Heard(trouble="not_understood") if found is None else Heard(str(found))


def _choice(question: Question, given: Said, _words: Words) -> Heard:
    if given.text.isdecimal() and 1 <= int(given.text) <= len(question.options):
        return Heard(question.options[int(given.text) - 1].code)
    code = _chosen(question, given.text, whole=True)
    return Heard(code) if code else Heard(trouble="not_understood")


def _chosen(question: Question, text: str, *, whole: bool) -> str:
    """The option that the text names; the longest word counts, and two of the same length are no answer."""
    best: dict[str, int] = {}
    for option in question.options:
        names = (*option.words, *option.asked, option.label) if whole else option.words
        if whole and text == option.code:
            return option.code
        meant = [] if _any(option.never, text) else [len(name) for name in names if _affirmed(name, text)]
        best[option.code] = max(meant, default=0)
    longest = max(best.values(), default=0)
    named = [code for code, length in best.items() if length == longest]
    return named[0] if longest and len(named) == 1 else ""


def _affirmed(name: str, text: str) -> bool:
    """Whether the words are there and nothing takes them back: 没有老人 is no 老人."""
    at = text.find(name)
    return at >= 0 and not NEGATED.search(text[:at])


def _yesno(question: Question, given: Said, words: Words) -> Heard:
    text = given.text.strip("。！!~ ")
    if text in ("yes", "no"):
        return Heard(text)
    if _any(words.unsure, text):
        return Heard(trouble="not_understood")
    if _any(question.no, text):
        return Heard("no")
    if _any(question.yes, text):
        return Heard("yes")
    if _any(words.no, text):
        return Heard("no")
    if SOMEBODY.sub("", text).startswith(words.yes):
        return Heard("yes")
    return Heard(trouble="not_understood")


def _day(question: Question, given: Said, words: Words) -> Heard:
    """The day; a question for the last one takes the end of a month too: 明年2月底."""
    found = when.find(given.text, given.today)
    if found and _is_door(found, given, words):
        return Heard(trouble="not_understood")
    if found and found.start and found.unclear not in ASK_WHICH:
        return Heard(_date(found.end if question.after and found.end else found.start).isoformat())
    last = when.last_day(given.text, given.today) if question.after else None
    return Heard(last.isoformat()) if last else Heard(trouble=_unclear(found, given))


def _unclear(found: when.When | None, given: Said, otherwise: str = "not_understood") -> str:
    """What is to be asked about words that are no day, or no certain one."""
    return (found.unclear if found else "") or ("which_dates" if when.is_vague(given.text) else otherwise)


def _is_door(found: when.When, given: Said, words: Words) -> bool:
    """一号 of 五楼一号 is no day."""
    return found.words.endswith("号") and "月" not in found.words and address(given, words) is not None


def _period(_question: Question, given: Said, _words: Words) -> Heard:
    """Both days; a first day alone is half an answer, and the last is asked for."""
    found = when.find(given.text, given.today)
    if found is None or found.start is None or found.unclear in ASK_WHICH:
        return Heard(trouble=_unclear(found, given))
    lasts = when.duration(given.text)
    start = _date(found.start)
    end = _date(found.end) if found.end else start + (lasts - timedelta(days=1)) if lasts else None
    return Heard(f"{start}/{end}") if end else Heard(f"{start}/", "until_when")


def _until(begun: str, given: Said) -> Heard:
    """The last day of a period whose first is known; 28号 is the next 28th after that."""
    start = day_of(begun)
    found = when.find(given.text, given.today)
    before = found is not None and found.start is not None and _date(found.start) < start
    if found and (found.unclear == "which_month" or before):
        found = when.find(given.text, _at(start, given))
    lasts = when.duration(given.text)
    if found and found.start and found.unclear not in ASK_WHICH:
        first, last = _date(found.start), found.end and _date(found.end)
        return Heard(f"{first}/{last}" if last else f"{start}/{first}")
    last = start + lasts - timedelta(days=1) if lasts else when.last_day(given.text, _at(start, given))
    return Heard(f"{start}/{last}") if last else Heard(begun, _unclear(found, given, "until_when"))


def _at(day: date, given: Said) -> datetime:
    """That day, by the community's clock."""
    return datetime.combine(day, given.today.timetz())


def _phone(question: Question, given: Said, words: Words) -> Heard:
    """The number; of one's own phone not that of somebody who is named with it."""
    plain = phones.MOBILE.search(given.text)
    named = given.numbers.get("phone", [plain.group()] if plain else [])
    fitting = [one for one in named if question.other or not phones.is_of(words.others, one, given.text)]
    if fitting:
        return Heard(phones.plain(fitting[0]))
    return Heard(trouble="phone_other" if named else "phone_wrong")


def _identity(_question: Question, given: Said, _words: Words) -> Heard:
    """The number proves itself; one with a slip is asked again."""
    for named in given.numbers.get("id", ()):
        value = re.sub(r"[^\dX]", "", named.upper().replace("×", "X"))
        if len(value) == 18 and [piece.kind for piece in personal.find(value)] == ["id_number"]:
            return Heard(value)
    return Heard(trouble="id_wrong" if IDENTITY.search(given.text) else "not_understood")


def address(given: Said, words: Words) -> tuple[str, str, str] | None:
    """The door that is named."""
    return addresses.door(given.text, given.place, words)


def _door(_question: Question, given: Said, words: Words) -> Heard:
    found = address(given, words)
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
