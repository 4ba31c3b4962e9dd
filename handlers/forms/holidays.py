"""Holidays that somebody comes or goes at, as days: 圣诞节回, 国庆走, 春节不在家."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]

from bot.understanding import lunar

WHOLE_YEARS = 2
"""So many years on a holiday is looked for."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday: its day, and the days off around it where the calendar of the year is not out yet."""

    day: Callable[[int], date | None]
    before: int = 0
    after: int = 0


def _on(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: date(year, month, day)


def _of_moon(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: lunar.solar(year, month, day)


def _dongzhi(year: int) -> date | None:
    """By the rule that holds for this century."""
    of_century = year % 100
    return date(year, 12, int(of_century * 0.2422 + 21.94) - of_century // 4)


def _qingming(year: int) -> date:
    """By the rule that holds for this century."""
    of_century = year % 100
    return date(year, 4, int(of_century * 0.2422 + 4.81) - of_century // 4)


HOLIDAYS: dict[str, Holiday] = {
    "元旦": Holiday(_on(1, 1)),
    "春节": Holiday(_of_moon(1, 1), before=1, after=6),
    "过年": Holiday(_of_moon(1, 1), before=1, after=6),
    "元宵": Holiday(_of_moon(1, 15)),
    "清明": Holiday(_qingming),
    "五一": Holiday(_on(5, 1), after=4),
    "劳动": Holiday(_on(5, 1), after=4),
    "端午": Holiday(_of_moon(5, 5)),
    "中秋": Holiday(_of_moon(8, 15)),
    "重阳": Holiday(_of_moon(9, 9)),
    "国庆": Holiday(_on(10, 1), after=6),
    "圣诞": Holiday(_on(12, 25)),
    "冬至": Holiday(_dongzhi),
    "腊八": Holiday(_of_moon(12, 8)),
}
AROUND = ("春节", "过年")
NAMED = re.compile(
    rf"(?:(?P<of>今年|明年|去年)的?)?(?<![完了])(?P<name>{'|'.join(HOLIDAYS)})(?:节|假期|放假|期间|长假|小长假|那天|当天|的时候)*"
    r"(?!快乐|好|[完了]|(?:假期?|节)?(?:以|之|过)?[前后]|左右|联欢|老人|树|帽|月饼|粽|新村|小区|街|路)"
)
ONE_DAY = re.compile(
    r"[^,，。;；\s\d]{0,6}?(?:走|回|到(?!\d)|出发|动身|来|返|出门|搬|开始|开工|动工|进场|完工|结束|为止|起(?!码))"
)
JUST_THAT = ("那天", "当天")
PAST = re.compile(r"[^,，。;；\s\d]{0,8}?(?:回来?|来|返乡|走|出发)(?:的|了)(?!话)")
"""Who says so has come or gone already: 国庆回来的."""
SPANS = re.compile(r"\s*(?:到|至|-|—|~)")
UNTIL = re.compile(r"(?:到|至|-|—|~)\s*$")
_YEARS = {"今年": 0, "明年": 1, "去年": -1}


def as_days(text: str, today: date) -> str:
    """The text with its holidays as dates: their own day where somebody comes or goes then, else all days off."""

    def said(found: re.Match[str]) -> str:
        is_past = PAST.match(text, found.end()) is not None
        days = _days(found["name"], today, _YEARS[found["of"]] if found["of"] else None, is_past=is_past)
        if days is None:
            return found.group()
        day, first, last = days
        ends_there = UNTIL.search(text[: found.start()]) is not None
        if ends_there and found["name"] in AROUND:
            return found.group()  # on which day of it?
        alone = ends_there or SPANS.match(text, found.end()) or ONE_DAY.match(text, found.end())
        if not alone and found.group().endswith(JUST_THAT):
            return f"{_named(day)}到{_named(day)}"
        return _named(day) if alone or first == last else f"{_named(first)}到{_named(last)}"

    return NAMED.sub(said, text) if any(name in text for name in HOLIDAYS) else text


def is_long(text: str) -> bool:
    """Whether nothing is said but a holiday around which people travel on any day."""
    found = NAMED.fullmatch(text.strip())
    return found is not None and found["name"] in AROUND


def _named(day: date) -> str:
    return f"{day.year}-{day.month}-{day.day}"


def _days(name: str, today: date, years_on: int | None, *, is_past: bool) -> tuple[date, date, date] | None:
    """The day and the first and last day off of the next such holiday, of the one just past, or of the named year's.

    One that is going on is the next.
    """
    around = range(today.year - 1, today.year + WHOLE_YEARS)  # 腊八 is of the farmers' year before
    years = [today.year + years_on] if years_on is not None else reversed(around) if is_past else around
    for year in years:
        day = HOLIDAYS[name].day(year)
        if day is None:
            continue
        first, last = _days_off(HOLIDAYS[name], day)
        if years_on is not None or (day <= today if is_past else last >= today):
            return day, first, last
    return None


def _days_off(holiday: Holiday, day: date) -> tuple[date, date]:
    """As the State Council has set them; before it has, the least that there always is."""
    off: dict[date, object] = chinese_calendar.constants.holidays  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    name = off.get(day)
    if name is None:
        return day - timedelta(days=holiday.before), day + timedelta(days=holiday.after)
    first = last = day
    while off.get(first - timedelta(days=1)) == name:
        first -= timedelta(days=1)
    while off.get(last + timedelta(days=1)) == name:
        last += timedelta(days=1)
    return first, last
