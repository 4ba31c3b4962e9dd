"""What a single line answers without being asked: every question of the form that it has something to say to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.understanding import when
from bot.understanding.utterance import Place
from handlers.forms import addresses, counting, deeds, lists, phones, reading, rules, two_days
from handlers.forms.reading import Said
from handlers.forms.rules import Form, Question, Words

NONE_OF = ("没有", "没得", "没")
CLAUSES = re.compile(r"[,，。；;、\n ]+|(?=(?:[住待呆耍玩留租]|合同)到)")
A_SPAN = re.compile(r"[号日天\d]\s*[到至—~～-]\s*[\d一二三四五六七八九十下后大明]")
"""A last day is named, however long it is."""
UNTIL = re.compile(r"[到至]\s*$")
A_PHONE = re.compile(r"[^,，。；;\s]*(?<!\d)1[3-9]\d{9}(?!\d)[^,，。；;\s]*")
UNTIL_THE_END = re.compile(r"[到至](\S{0,8}[底末尾天])")


@dataclass(slots=True)
class Gathered:
    """What one line answers without being asked."""

    found: dict[str, str]
    doubtful: dict[str, str]
    """What it says and cannot be, with its trouble."""


def gather(form: Form, given: Said, words: Words, answers: Mapping[str, str], used: str = "") -> Gathered:
    """Everything that one line answers; what is unclear is left to be asked.

    `answers` stand already: a date that names nothing is none of theirs. `used` is the answer that the line was.
    """
    found: dict[str, str] = {}
    doubtful: dict[str, str] = {}
    dates = _Dates(form, given, words, answers, used)
    for question in form.questions:
        value = _in_line(question, given, words, dates, {**answers, **found})
        if not value and question.kind == "phone" and not question.other and given.numbers.get("phone"):
            doubtful[question.id] = "phone_other"
        wrong = reading.trouble(question, value, {**answers, **found}, given.today.date()) if value else ""
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

    def __init__(self, form: Form, given: Said, words: Words, answers: Mapping[str, str], used: str) -> None:
        asked = [question for question in form.questions if question.kind in ("date", "period")]
        self.lasts = when.duration(given.dated)
        self.only_one = len(asked) == 1
        self.answers = answers
        self.named: dict[str, _Day] = {}
        self.bare: list[_Day] = []
        self.end: date | None = None
        """The end of the span whose beginning was used last."""
        for day in _days(asked, given, words):
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


def _days(asked: Sequence[Question], given: Said, words: Words) -> list[_Day]:
    days: list[_Day] = []
    for clause in _one_day_each(asked, given):
        found = when.find(clause, given.today) if clause else None
        if found and days:
            found = _behind(found, clause, days[-1].start, given)
        if found and found.words.endswith("号") and "月" not in found.words and _is_house(clause, given, words):
            continue
        if found and found.start and found.unclear not in reading.ASK_WHICH:
            first = clause.find(found.words[:2])
            until = first > 0 and UNTIL.search(clause[:first]) is not None
            days.append(_Day(clause, reading.date_of(found.start), found.end and reading.date_of(found.end), until))
        elif (until_then := UNTIL_THE_END.search(clause)) and (last := when.last_day(until_then[1], given.today)):
            days.append(_Day(clause, last, None, until=True))
    return days


def _one_day_each(asked: Sequence[Question], given: Said) -> list[str]:
    """The clauses; one with two days that two questions ask for is two: 大年三十回初七走."""
    parts: list[str] = []
    for clause in CLAUSES.split(given.dated):
        found = when.find(clause, given.today) if clause else None
        begun = clause.find(found.words) + len(found.words) if found and found.words else 0
        second = when.find(clause[begun:], given.today) if begun else None
        at = clause.find(second.words, begun) if second and second.words else -1
        first = _nearest(asked, clause[:at]) if at > begun else ""
        apart = first and _nearest(asked, clause[at:]) not in ("", first)
        parts += [clause[:at], clause[at:]] if apart else [clause]
    return parts


def _behind(found: when.When, clause: str, before: date, given: Said) -> when.When:
    """A day that is named after another one: 5号 is the next 5th, and 初七 after 除夕 is of the same New Year."""
    if later := two_days.after(found, before):
        return when.When(later, None, found.words)
    if found.unclear == "which_dates":
        return when.find(clause, datetime.combine(before, given.today.timetz())) or found
    return found


def _is_house(clause: str, given: Said, words: Words) -> bool:
    """12号 of 老桥头12号 is no day."""
    house = addresses.door(clause, Place(), words, given.village)
    return house is not None and not house[0]


def _nearest(asked: Sequence[Question], clause: str) -> str:
    """The question with the longest of its words in the clause."""
    longest = {one.id: max((len(word) for word in one.near if word in clause), default=0) for one in asked}
    best = max(longest, key=longest.__getitem__, default="")
    return best if best and longest[best] else ""


def _in_line(question: Question, given: Said, words: Words, dates: _Dates, found: Mapping[str, str]) -> str:
    if question.kind == "date":
        base = found.get(question.after, "")
        if taken := dates.take(question, base):
            return reading.long_ago(question, taken.start, given).isoformat()
        if base and not dates.answers.get(question.id):
            begun, lasts = reading.day_of(base), dates.lasts
            lasting = begun + lasts if lasts else None
            end = dates.end if dates.end and (A_SPAN.search(given.text) or not lasting) else lasting
            return end.isoformat() if end else ""
        return ""
    if question.kind == "period":
        taken = dates.take(question, "")
        both = two_days.span(question, given.dated, given.today)
        if not both and not found.get(question.id):
            both = two_days.last_alone(question, given.dated, given.today)
        if both and taken and taken.start in both:
            return f"{both[0]}/{both[1]}"
        if one_end := reading.of_standing(question, found.get(question.id, ""), given):
            return one_end
        if not taken:
            return ""
        end = taken.end or (taken.start + dates.lasts - timedelta(days=1) if dates.lasts else None)
        return f"{taken.start}/{end or ''}"
    if question.kind == "number" and any(f"{no}{word}" in given.text for no in NONE_OF for word in question.near):
        return "0"
    if question.heads:
        return str(counting.heads(given.text, words) or "")
    text = counting.meant(given.text, words) if question.kind == "number" else given.text
    if question.tally:
        return lists.total(question, given.text, found.get(question.id, ""), words)
    if question.lists and (several := lists.every(question, given.text, found.get(question.id, ""), words)):
        return several
    if question.finds and (matched := rules.pattern(question.finds).search(text)):
        own = Said(matched[1], given.place, given.today, given.numbers)
        return reading.answer(question, own, words, {}).value
    if question.kind == "yesno":
        return _yes_or_no(question, given.text)
    if question.kind == "choice":
        text = _beside(question.near, A_PHONE.sub(_of_somebody, given.text))
        return reading.named_days(question, text, words) or reading.chosen(question, text, whole=False)
    if question.kind == "phone":
        return _phone_in_line(question, given, words)
    if question.kind == "id" and not question.other:
        return reading.answer(question, given, words, found).value
    if question.kind == "household":
        return "-".join(reading.address(given, words) or ())
    return ""


def _of_somebody(found: re.Match[str]) -> str:
    """房东13800001111 tells whose phone it is, and not who speaks."""
    return found.group() if phones.I_AM.search(found.group()) else ""


def _yes_or_no(question: Question, text: str) -> str:
    """What the question's own words say; nothing where they may say both."""
    if of_several := deeds.said(question, text):
        return "" if of_several == deeds.UNSURE else of_several
    return "no" if reading.has_any(question.no, text) else "yes" if reading.has_any(question.yes, text) else ""


def _beside(near: tuple[str, ...], text: str) -> str:
    """The clauses that have one of these words; all of them where nothing is named."""
    return "，".join(clause for clause in CLAUSES.split(text) if reading.has_any(near, clause)) if near else text


def _phone_in_line(question: Question, given: Said, words: Words) -> str:
    """The speaker's own phone, or that of somebody else who is named beside it."""
    for named in given.numbers.get("phone", ()):
        theirs = question.near if question.other else words.others
        if question.other is phones.is_of(theirs, named, given.text, anybody=not question.other):
            return phones.plain(named)
    return ""
