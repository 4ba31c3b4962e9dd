"""Times and quantities as people say them: 明天上午9点, 下周三, 10月1号到8号, 一个月, 三口人."""

import re
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
    rf"|(?:(?P<year>20\d{{2}})[年.\-/]|(?P<of>今年|明年|后年|去年)的?)?(?P<month>{_N})(?:月|[-/.])(?P<day>{_N})(?:号|日)?(?![\d.点元块栋楼斤])"
    rf"|(?P<only>{_N})(?:号|日)(?!楼|院|线|门|栋|单元|房|桌|店|\d)"
    rf"|(?P<holiday>元旦|五一|劳动节|国庆|十一(?=期间|假|长假|回|放|出))|(?P<moving>{_MOVING})(?!快乐|好)"
)
_HOUR = re.compile(
    rf"(?P<part>凌晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚)?(?P<hour>{_N})(?:点|时|[:：])(?!钟?头)(?P<half>半|一刻|三刻|\d{{1,2}}分?)?"
)
_SPAN = re.compile(rf"(?P<count>{_N}|半)(?P<of>个多?月|个?星期|个?礼拜|周|天|年|个?小时)(?!前|后|以前|以后|没|了)")
_YEARS = {"今年": 0, "明年": 1, "后年": 2, "去年": -1}
_BARE_END = re.compile(r"(\d{1,2})(?!\d|[点:：.%元块栋楼室人个岁天月])")
"""28 of 12月25到28."""
_A_ROUGH_ONE = re.compile(r"(?<!\d)个把(?=月|星期|礼拜)")
"""个把星期 is one."""
_UNTIL = re.compile(r"\s*(?:到|至|-|—|~|～)\s*")
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
    text = text[:200]
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
    if first is None:
        hour = _HOUR.search(text)
        return _at(When(now.date(), None, ""), hour, now) if hour else None
    when = _day(first, now.date())
    if when is None:
        return None
    after = first.end()
    if hour := _HOUR.match(text, after):
        return _at(when, hour, now)
    if (until := _UNTIL.match(text, after)) and (last := _end(text, until.end(), when)):
        return replace(
            last, words=text[first.start() : first.start()] + text[first.start() : _end_of(text, until.end())]
        )
    return when


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


def _end(text: str, start: int, when: When) -> When | None:
    """ "10月1号到8号": the second day is in the first one's month unless it names its own."""
    if not isinstance(when.start, date):
        return None
    last = _DAY.match(text, start)
    if last is None:
        bare = _BARE_END.match(text, start)
        day = _date(when.start.year, when.start.month, int(bare[1])) if bare else None
        return When(when.start, day, when.words) if day and day >= when.start else None
    end = _day(last, when.start)
    if end is None or not isinstance(end.start, date):
        return None
    unclear = when.unclear or ("which_month" if end.start < when.start else "")
    return When(when.start, end.start, when.words, unclear=unclear)


def _end_of(text: str, start: int) -> int:
    last = _DAY.match(text, start)
    return last.end() if last else start


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
