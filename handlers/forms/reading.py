"""What an answer says to the one question that was asked; pure, no memory."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.understanding import personal, when
from bot.understanding.utterance import Place
from handlers.forms import addresses, counting, deeds, holidays, lists, phones, rules, two_days, weekdays
from handlers.forms.rules import Question, Words

NONE_AT_ALL = re.compile(r"^(?:没有|没得|没|无|零|0)\D{0,6}$")
NOTHING = "没有得无零0个的了哦啊嘛呢吧呀哈 。，,!！"
"""What may stand in a bare 没得 and names nothing."""
ON_THE_PHONE = re.compile(r"[^,，。\s]*(?:电话|手机|号码)[^,，。\s]*")
"""Whose phone it is says nothing of who is at home."""
NEGATED = re.compile(r"(?:没有|没得|不是|没|无|除了)$")
SOMEBODY = re.compile(r"^(?:我|我们|我家|咱家|家里|家头|屋里|屋头|都|也|肯定|当然|就)+")
"""Before a yes: 家里有."""
ENDS = "。！!~～. "
IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
ASK_WHICH = ("which_month", "which_dates", "which_lunar")
"""What is unclear about a date so that it is none yet."""
FOR_GOOD = "9999-01-01"
"""The last day of somebody who does not leave again."""
GOES_OR_NOT = re.compile(r"(.)不\1")
BARE_DAY = re.compile(r"[\d一二三四五六七八九十]{1,3}[号日]")
NEXT_YEAR = re.compile(r"明年|后年|20\d\d")
UNTIL = re.compile(r"[到至]\s*$")
MOVED = re.compile(r"(?:[改换挪移]|推迟|延后|提前|推后)[到至]\s*$")
"""Either end may be."""
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
    village: str = ""
    """What the speaker's own village is called, where there are houses and no buildings."""

    @property
    def dated(self) -> str:
        """The text with its holidays as dates."""
        return holidays.as_days(self.text, self.today.date())


def said(text: str, place: Place, today: datetime, village: str = "") -> Said:
    """The text, looked through for numbers that are personal."""
    found: dict[str, list[str]] = {}
    for piece in personal.find(text):
        kind = "phone" if piece.kind in ("mobile", "phone") else "id" if piece.kind == "id_number" else piece.kind
        found.setdefault(kind, []).append(text[piece.start : piece.end])
    return Said(text.strip(), place, today, found, village)


def answer(question: Question, given: Said, words: Words, answers: Mapping[str, str]) -> Heard:
    """What `given` answers to this very question, after what was answered before."""
    if question.kind == "date" and answers.get(question.after) and not when.find(given.dated, given.today):
        lasts = when.duration(given.dated)
        if lasts:
            return Heard((day_of(answers[question.after]) + lasts).isoformat())
    begun = answers.get(question.id, "")
    month = day_of(begun).replace(day=1) if begun and begun != FOR_GOOD and question.kind == "date" else None
    month = month or (day_of(answers[question.after]) if answers.get(question.after) else None)
    if month and not is_half(begun) and (day := _bare_day(given, month)):
        return Heard(day.isoformat())
    if for_good(question, given.text):
        return Heard(FOR_GOOD)
    if question.kind == "period" and is_half(begun):
        return _until(begun, given)
    if one_end := of_standing(question, begun, given):
        return Heard(one_end, "until_when" if is_half(one_end) else "")
    if question.tally and (many := lists.total(question, given.text, begun, words)):
        return Heard(many)
    if question.lists and begun and (more := lists.every(question, given.text, begun, words)).startswith(begun):
        return Heard(more)
    return READERS[question.kind](question, given, words)


def for_good(question: Question, text: str) -> bool:
    """Whether there is no last day: 不走了 where it is asked when somebody leaves."""
    return has_any(question.for_good, text) and not GOES_OR_NOT.search(text)


def of_standing(question: Question, standing: str, given: Said) -> str:
    """The period with one day of it put right, 是到12月15号; nothing where no single day of it is said."""
    if question.kind != "period" or not standing or is_half(standing):
        return ""
    start, end = day_of(standing), day_of(standing, last=True)
    found = when.find(given.dated, given.today)
    if found and found.unclear == "which_month":
        found = when.find(given.dated, _at(start, given))
    if not found or not found.start or found.end or found.unclear in ASK_WHICH:
        return ""
    first = given.dated.find(found.words[:2])
    day = date_of(found.start)
    before = given.dated[: max(first, 0)]
    if two_days.ends_it(question, given.dated) or (UNTIL.search(before) and not MOVED.search(before)):
        return f"{start}/{day}"
    if has_any(question.begins, given.dated) or (day < start and question.begins):
        return f"{day}/{end if day <= end else ''}"
    return ""


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


def is_half(value: str) -> bool:
    """Whether a period's first day is known, and its last is not."""
    return value.endswith("/")


def has_any(words: tuple[str, ...], text: str) -> bool:
    """Whether one of these stands in the text."""
    return any(word in text for word in words)


def _text(question: Question, given: Said, words: Words) -> Heard:
    text = lists.without_talk(given.text, words) if question.somebody else given.text
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
        rest = given.text.strip(NOTHING)
        other = question.near and rest and "人" not in rest and not has_any(question.near, rest)
        return Heard(trouble="not_understood") if other else Heard("0")
    text = counting.meant(phones.MOBILE.sub("", given.text), words)
    if question.heads and (many := counting.heads(text, words, loose=True)):
        return Heard(str(many))
    if not question.heads and question.finds and (own := rules.pattern(question.finds).search(text)):
        text = own[1]
    found = counting.the_number(text)
    return Heard(trouble="not_understood") if found is None else Heard(str(found))


def _choice(question: Question, given: Said, words: Words) -> Heard:
    if days := named_days(question, given.text, words):
        return Heard(days)
    if given.text.isdecimal() and 1 <= int(given.text) <= len(question.options):
        return Heard(question.options[int(given.text) - 1].code)
    text = ON_THE_PHONE.sub("", given.text) if given.numbers.get("phone") else given.text
    code = chosen(question, text, whole=True)
    return Heard(code) if code else Heard(trouble="not_understood")


def named_days(question: Question, text: str, words: Words) -> str:
    """The days of the week that the text names, where the question takes days."""
    return weekdays.read(text, words.weekdays) if question.weekdays else ""


def chosen(question: Question, text: str, *, whole: bool) -> str:
    """The option that the text names; the longest word counts, and two of the same length are no answer."""
    best: dict[str, int] = {}
    for option in question.options:
        names = (*option.words, *option.asked, option.label) if whole else option.words
        if whole and text == option.code:
            return option.code
        meant = [] if has_any(option.never, text) else [len(name) for name in names if _affirmed(name, text)]
        best[option.code] = max(meant, default=0)
    longest = max(best.values(), default=0)
    named = [code for code, length in best.items() if length == longest]
    return named[0] if longest and len(named) == 1 else ""


def is_named(question: Question, text: str) -> bool:
    """Whether the text is one of the options and nothing else: 给我自己."""
    text = text.strip(ENDS)
    return any(text == option.label or text in option.words for option in question.options)


def _affirmed(name: str, text: str) -> bool:
    """Whether the words are there and nothing takes them back: 没有老人 is no 老人."""
    at = text.find(name)
    return at >= 0 and not NEGATED.search(text[:at])


def _yesno(question: Question, given: Said, words: Words) -> Heard:
    text = given.text.strip("。！!~ ")
    if text in ("yes", "no"):
        return Heard(text)
    of_several = deeds.said(question, text)
    if has_any(words.unsure, text) or of_several == deeds.UNSURE:
        return Heard(trouble="not_understood")
    if of_several:
        return Heard(of_several)
    if has_any(question.no, text):
        return Heard("no")
    if has_any(question.yes, text):
        return Heard("yes")
    if has_any(words.no, text):
        return Heard("no")
    if SOMEBODY.sub("", text).startswith(words.yes):
        return Heard("yes")
    return Heard(trouble="not_understood")


def _day(question: Question, given: Said, words: Words) -> Heard:
    """The day; a question for the last one takes the end of a month too: 明年2月底."""
    found = when.find(given.dated, given.today)
    if found and _is_door(found, given, words):
        return Heard(trouble="not_understood")
    if holidays.is_long(given.text):
        return Heard(trouble="which_dates")
    if found and found.start and found.unclear not in ASK_WHICH:
        day = date_of(found.end if question.after and found.end else found.start)
        return Heard(long_ago(question, day, given).isoformat())
    if question.past and (month := when.month_before(given.dated, given.today.date())):
        return Heard(month.isoformat())
    last = when.last_day(given.dated, given.today) if question.after else None
    return Heard(last.isoformat()) if last else Heard(trouble=_unclear(found, given))


def long_ago(question: Question, day: date, given: Said) -> date:
    """The day, or the same of a year ago where it is asked about the past and the next one is too far away."""
    far = question.past and question.latest is not None and (day - given.today.date()).days > question.latest
    return when.a_year_before(day) if far and not NEXT_YEAR.search(given.text) else day


def _unclear(found: when.When | None, given: Said, otherwise: str = "not_understood") -> str:
    """What is to be asked about words that are no day, or no certain one."""
    return (found.unclear if found else "") or ("which_dates" if when.is_vague(given.dated) else otherwise)


def _is_door(found: when.When, given: Said, words: Words) -> bool:
    """一号 of 五楼一号 is no day."""
    return found.words.endswith("号") and "月" not in found.words and address(given, words) is not None


def _period(question: Question, given: Said, _words: Words) -> Heard:
    """Both days; a first day alone is half an answer, and the last is asked for."""
    both = two_days.span(question, given.dated, given.today) or two_days.last_alone(question, given.dated, given.today)
    if both:
        return Heard(f"{both[0]}/{both[1]}")
    found = when.find(given.dated, given.today)
    if found is None or found.start is None or found.unclear in ASK_WHICH:
        return Heard(trouble=_unclear(found, given))
    lasts = when.duration(given.dated)
    start = date_of(found.start)
    end = date_of(found.end) if found.end else start + (lasts - timedelta(days=1)) if lasts else None
    return Heard(f"{start}/{end}") if end else Heard(f"{start}/", "until_when")


def _until(begun: str, given: Said) -> Heard:
    """The last day of a period whose first is known; 28号 is the next 28th after that."""
    start = day_of(begun)
    found = when.find(given.dated, given.today)
    before = found is not None and found.start is not None and date_of(found.start) < start
    if found and (found.unclear == "which_month" or before):
        found = when.find(given.dated, _at(start, given))
    lasts = when.duration(given.dated)
    if found and found.start and found.unclear not in ASK_WHICH:
        first, last = date_of(found.start), found.end and date_of(found.end)
        return Heard(f"{first}/{last}" if last else f"{start}/{first}")
    last = start + lasts - timedelta(days=1) if lasts else when.last_day(given.dated, _at(start, given))
    return Heard(f"{start}/{last}") if last else Heard(begun, _unclear(found, given, "until_when"))


def _bare_day(given: Said, since: date) -> date | None:
    """The first 5号 from that day on, where no month is said; None for other words."""
    found = when.find(given.dated, given.today)
    if found is None or found.end or not BARE_DAY.fullmatch(found.words):
        return None
    later = when.find(given.dated, _at(max(since, given.today.date()), given))
    return date_of(later.start) if later and later.start else None


def _at(day: date, given: Said) -> datetime:
    """That day, by the community's clock."""
    return datetime.combine(day, given.today.timetz())


def _phone(question: Question, given: Said, words: Words) -> Heard:
    """The number; of one's own phone not that of somebody who is named with it."""
    plain = phones.MOBILE.search(given.text)
    named = given.numbers.get("phone", [plain.group()] if plain else [])
    theirs = [one for one in named if question.other and phones.is_of(question.near, one, given.text)]
    fitting = theirs or [
        one for one in named if question.other or not phones.is_of(words.others, one, given.text, anybody=True)
    ]
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


def address(given: Said, words: Words, *, bare: bool = False) -> tuple[str, str, str] | None:
    """The door that is named; `bare`: where just that is asked, a house's number is enough."""
    return addresses.door(given.text, given.place, words, given.village, bare=bare)


def _door(_question: Question, given: Said, words: Words) -> Heard:
    found = address(given, words, bare=True)
    return Heard("-".join(found)) if found else Heard(trouble="door_wrong")


def _photo(_question: Question, given: Said, _words: Words) -> Heard:
    return Heard(trouble="photo_wanted")


def date_of(moment: date | datetime) -> date:
    """The day alone."""
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
