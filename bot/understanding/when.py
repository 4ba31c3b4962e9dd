"""Times and quantities as people say them: 明天上午9点, 下周三, 10月1号到8号, 一个月, 三口人."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.understanding import lunar
from bot.understanding.place import number

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_DAYS = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "今天": 0,
    "今日": 0,
    "明天": 1,
    "明日": 1,
    "后天": 2,
    "大后天": 3,
    "今晚": 0,
    "明早": 1,
    "明晚": 1,
    "昨晚": -1,
}
_WEEK = "一二三四五六日"
_HOLIDAYS = {
    "元旦": ((1, 1), 1), "劳动节": ((5, 1), 5), "五一": ((5, 1), 5), "国庆": ((10, 1), 7), "十一": ((10, 1), 7),
}  # fmt: skip
_MOVING = "春节|过年|清明|端午|中秋|元宵"
_DAY = re.compile(
    rf"(?P<word>大前天|大后天|前天|昨天|今天|今日|明天|明日|后天|今晚|明早|明晚|昨晚)"
    rf"|(?P<which>上上|下下|上|下|这|本)?个?(?:周|星期|礼拜)(?P<week>[一二三四五六日天末1-6])(?![点岁])"
    rf"|(?P<in>下下|下|这|本)个?月的?(?P<in_day>{_N})(?:号|日)(?!楼|院|\d)"
    rf"|(?:(?P<year>20\d{{2}})[年.\-/]|(?P<of>今年|明年|后年|去年)的?)?(?P<month>{_N})(?:月|[-/.])(?P<day>{_N})(?:号|日)?(?![\d.点元块栋楼斤])"
    rf"|(?P<only>{_N})(?:号|日)(?!楼|院|线|门|栋|单元|房|桌|店|摊|铺|档|柜|\d)"
    rf"|(?P<holiday>元旦|五一|劳动节|国庆|十一(?=期间|假|长假|回|放|出))|(?P<moving>{_MOVING})(?!快乐|好)"
)
_HOUR = re.compile(
    rf"(?P<part>凌晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚)?(?P<hour>{_N})(?:点|时|[:：])(?!钟?头)(?P<half>半|一刻|三刻|\d{{1,2}}分?)?"
)
_SPAN = re.compile(rf"(?P<count>{_N}|半)(?P<of>个多?月|个?星期|个?礼拜|周|天|年|个?小时)(?!前|后|以前|以后|没|了)")
_AROUND = re.compile(r"(?:过完|过了|过)?(?:假期?)?(?:之|以|过)?(?:后|前)|左右")
"""国庆后 is no day of 国庆."""
_BARE_NUMERALS = re.compile(r"[一二三四五六七八九十]+月[一二三四五六七八九十]+")
"""八月十五 may be of either calendar."""
_LAST = re.compile(
    rf"(?P<end_of>今|明|后)?(?:年的?)?年(?:底|末|尾)"
    rf"|(?:(?P<of>今年|明年|后年)的?|(?P<year>20\d{{2}})年)?(?:(?P<month>{_N})|(?P<in>下下|下|这|本)个?)?月(?:份的?)?(?:底|末|的?最后一天)"
)
_VAGUE = re.compile(
    rf"(?<!\d)(?:{_N})月份?(?!\d|[一二三四五六七八九十])|(?<!个)(?:下下|下|这|本|上)个?月|[月年](?:初|中|底|末|尾)|[上中下]旬"
    r"|过[完了]年|(?<![\d一二两三四五六七八九十几半])年[前后]|节[前后]|开春|[寒暑]假|放假|[春夏秋冬]天|入[春夏秋冬]"
    r"|(?:下|这|本)个?(?:周|星期|礼拜)|(?:过|隔)(?:几|些|两)天|冬至|夏至|立[春夏秋冬]"
)
_MONTHS_ON = {"这": 0, "本": 0, "下": 1, "下下": 2}
_YEARS = {"今年": 0, "明年": 1, "后年": 2, "去年": -1}
_BARE_END = re.compile(r"(\d{1,2})(?!\d|[点:：.%元块栋楼室人个岁天月])")
"""28 of 12月25到28."""
_A_ROUGH_ONE = re.compile(r"(?<!\d)个把(?=月|星期|礼拜)")
"""个把星期 is one."""
_RUN_OF_DAYS = re.compile(
    r"(?<![\d.:：/-])(\d{1,2})(?=\s*[到至—~～-]\s*\d{1,2}[号日](?!楼|院|线|门|栋|单元|房|桌|店|摊|铺|档|柜|\d))"
)
"""24到25号 is 24号到25号."""
_DAYS_ON = re.compile(r"的(第二天|次日|明天|后天|大后天)")
_BLANKS = re.compile(
    r"(?<=\d)[ \u3000]+(?=[月号日])|(?<=月)[ \u3000]+(?=\d)|(?<=[号日])[ \u3000]+(?=[到至])|(?<=[到至])[ \u3000]+(?=\d{1,2}[ \u3000]*[月号日])"
)
_MONTH = re.compile(
    rf"(?:(?P<year>20\d{{2}})年?|(?P<of>[今去前])年)?的?(?<!个)(?P<month>{_N})月(?!\d|[一二三四五六七八九十])"
)
_UNTIL = re.compile(r"\s*(?:开始|起)?[住待呆耍玩留租]?(?:到|至|-|—|~|～)\s*")
_PEOPLE = re.compile(rf"(?P<count>{_N})(?:口人|口|个人|人)(?!民|员|工)")
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "夜里", "晚"})


@dataclass(frozen=True, slots=True)
class When:
    """A time that was named. With `unclear` it is a guess, or none, and the person should be asked."""

    start: date | datetime | None
    end: date | datetime | None
    words: str
    unclear: str = ""
    """What is to be asked: which_month, which_dates, morning_or_evening; nothing when it is clear."""


def find(text: str, now: datetime) -> When | None:
    """The first time a text names, as the clock of `now` (the community's own) shows it; None when it names none."""
    text = _RUN_OF_DAYS.sub(r"\1号", text[:200])
    first = _DAY.search(text)
    named = lunar.find(text, now.date())
    if named and (first is None or named[0].start() < first.start()):
        found, day = named
        if day is None:
            return When(None, None, found.group(), unclear="which_dates")
        last = _UNTIL.match(text, found.end())
        end = find(text[last.end() :], datetime.combine(day, time(), tzinfo=now.tzinfo)) if last else None
        until = end.start if end and not isinstance(end.start, datetime) else None
        return When(day, until if until and until >= day else None, found.group())
    if first and (_AROUND.match(text, first.end()) if first["holiday"] else _either_calendar(first, text)):
        return When(None, None, first.group(), unclear="which_dates")
    if first is None:
        hour = _HOUR.search(text)
        return _at(When(now.date(), None, ""), hour, now) if hour else None
    when = _day(first, now.date())
    if when is None:
        return None
    after = first.end()
    if first["word"] and isinstance(when.start, date) and (on := _DAYS_ON.match(text, after)):
        after = on.end()
        when = When(when.start + timedelta(days=_DAYS.get(on[1], 1)), None, text[first.start() : after])
    if hour := _HOUR.match(text, after):
        return _at(when, hour, now)
    until = _UNTIL.match(text, after)
    closed = _end(text, until.end(), when, now.date()) if until else None
    if closed is None:
        return when
    end, at = closed
    return replace(end, words=text[first.start() : at])


def tight(text: str) -> str:
    """The text without the blanks that a voice input puts around numbers: 12 月 1 号 到 15 号."""
    return _BLANKS.sub("", text)


def month_before(text: str, today: date) -> date | None:
    """The first day of the month that a text names, the nearest that is past: 今年3月份, 去年九月."""
    found = _MONTH.search(text[:200])
    if found is None or not 1 <= int(number(found["month"])) <= 12:
        return None
    year = int(found["year"]) if found["year"] else today.year - {"去": 1, "前": 2}.get(found["of"] or "", 0)
    day = date(year, int(number(found["month"])), 1)
    return day if day <= today or found["of"] or found["year"] else a_year_before(day)


def a_year_before(day: date) -> date:
    """The same day of the year before."""
    return _date(day.year - 1, day.month, day.day) or day - timedelta(days=366)


def last_day(text: str, now: datetime) -> date | None:
    """The last day of the month or year whose end a text names, the next one: 明年2月底, 月底, 年底."""
    found, today = _LAST.search(text[:200]), now.date()
    if found is None:
        return None
    if "月" not in found.group():
        return date(today.year + {"明": 1, "后": 2}.get(found["end_of"] or "", 0), 12, 31)
    year, month = today.year, int(number(found["month"])) if found["month"] else today.month
    if not 1 <= month <= 12:
        return None
    if found["of"] or found["year"]:
        year = today.year + _YEARS[found["of"]] if found["of"] else int(found["year"])
    elif found["in"]:
        year, month = _months_on(today, _MONTHS_ON[found["in"]])
    last = _last_of(year, month)
    return last if last >= today or found["of"] or found["year"] else _last_of(year + 1, month)


def is_vague(text: str) -> bool:
    """Whether a text names a time that is no day: 下个月中旬, 过完年, 三月份."""
    return _VAGUE.search(text[:200]) is not None


def _either_calendar(found: re.Match[str], text: str) -> bool:
    return _BARE_NUMERALS.fullmatch(found.group()) is not None and not _UNTIL.match(text, found.end())


def _months_on(today: date, months: int) -> tuple[int, int]:
    """(year, month) so many months on."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return year, month + 1


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def duration(text: str) -> timedelta | None:
    """How long: 一个月 is thirty days, 半年 half a year."""
    found = _SPAN.search(_A_ROUGH_ONE.sub("一个", text[:200]))
    if found is None:
        return None
    count = 0.5 if found["count"] == "半" else float(number(found["count"]))
    of = found["of"].replace("个", "").replace("多", "")
    days = {"月": 30.0, "星期": 7.0, "礼拜": 7.0, "周": 7.0, "天": 1.0, "年": 365.0, "小时": 1 / 24}[of]
    return timedelta(days=count * days)


def people(text: str) -> int | None:
    """How many people: 三口人 is 3."""
    found = _PEOPLE.search(text[:200])
    return int(number(found["count"])) if found else None


def _day(found: re.Match[str], today: date) -> When | None:
    words = found.group()
    if word := found["word"]:
        return When(today + timedelta(days=_DAYS[word]), None, words)
    if week := found["week"]:
        return _of_week(found["which"] or "", week, today, words)
    if found["holiday"]:
        (month, day), lasts = _HOLIDAYS[found["holiday"]]
        start = _date(today.year, month, day)
        if start is None:
            return None
        if start + timedelta(days=lasts) < today:
            start = start.replace(year=today.year + 1)
        return When(start, start + timedelta(days=lasts - 1), words)
    if found["moving"]:
        return When(None, None, words, unclear="which_dates")
    if found["in"]:
        start = _date(*_months_on(today, _MONTHS_ON[found["in"]]), int(number(found["in_day"])))
        return When(start, None, words) if start else None
    if found["only"]:
        day = int(number(found["only"]))
        start = _date(today.year, today.month, day)
        return (
            When(start, None, words, unclear="" if start and start >= today else "which_month") if day <= 31 else None
        )
    year = today.year + _YEARS[found["of"]] if found["of"] else int(found["year"] or today.year)
    start = _date(year, int(number(found["month"])), int(number(found["day"])))
    if start is None:
        return None
    if not found["year"] and not found["of"] and (today - start).days > 180:
        start = _date(start.year + 1, start.month, start.day) or start
    return When(start, None, words)


def _of_week(which: str, week: str, today: date, words: str) -> When:
    monday = today - timedelta(days=today.weekday())
    offset = {"上上": -14, "上": -7, "下": 7, "下下": 14}.get(which, 0)
    if week == "末":
        return When(monday + timedelta(days=5 + offset), monday + timedelta(days=6 + offset), words)
    at = int(week) - 1 if week.isdecimal() else _WEEK.index("日" if week == "天" else week)
    day = monday + timedelta(days=at + offset)
    if not which and day < today:
        return When(day + timedelta(days=7), None, words, unclear="which_dates")
    return When(day, None, words)


def _at(when: When, found: re.Match[str], now: datetime) -> When:
    hour = int(number(found["hour"]))
    part, half = found["part"] or "", found["half"] or ""
    if hour > 24 or not isinstance(when.start, date):
        return when
    evening = when.words in {"今晚", "明晚", "昨晚"} or part in _AFTERNOON
    unclear = "" if part or evening or hour > 12 or hour in {0, 9, 10, 11, 12} else "morning_or_evening"
    if (evening and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    minute = {"": 0, "半": 30, "一刻": 15, "三刻": 45}.get(half)
    minute = int(half.rstrip("分")) if minute is None else minute
    moment = datetime.combine(when.start, time(hour % 24, min(minute, 59)), tzinfo=now.tzinfo)
    return When(moment, None, when.words + found.group(), unclear=unclear or when.unclear)


def _end(text: str, at: int, when: When, today: date) -> tuple[When, int] | None:
    """ "10月1号到8号": the second day, in the first one's month unless it names its own, and where its words end.

    下个月 behind a day of another month may be the month after either: none.
    """
    if not isinstance(when.start, date):
        return None
    begun, this_month = when.start, (when.start.year, when.start.month) == (today.year, today.month)
    if (of_moon := lunar.find(text[at:], begun)) and of_moon[0].start() == 0:
        return (replace(when, end=of_moon[1]), at + of_moon[0].end()) if of_moon[1] else None
    last, closing = _DAY.match(text, at), _LAST.match(text, at)
    if any(found and found["in"] for found in (last, closing)) and not this_month:
        return None
    if closing and (day := last_day(closing.group(), datetime.combine(begun, time()))):
        return replace(when, end=day), closing.end()
    if last is None:
        bare = _BARE_END.match(text, at)
        day = _date(begun.year, begun.month, int(bare[1])) if bare else None
        return (replace(when, end=day), bare.end()) if bare and day and day >= begun else None
    end = _day(last, today if last["word"] or last["which"] else begun)
    if end and isinstance(end.start, date) and end.start < begun:
        end = _day(last, begun)
    if end is None or not isinstance(end.start, date):
        return None
    unclear = when.unclear or ("which_month" if end.start < begun else "")
    return When(begun, end.start, when.words, unclear=unclear), last.end()


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
