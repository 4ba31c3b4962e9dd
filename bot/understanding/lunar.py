"""Days of the farmers' calendar 农历 as people name them: 腊月二十九, 正月十六, 大年初三, 除夕."""

import re
from datetime import date, timedelta

FIRST_YEAR = 2024
NEW_YEAR = date(2024, 2, 10)
"""The first day of the first year of the table."""
YEARS = (
    *(0x04B60, 0x0A6E6, 0x0A4E0, 0x0D260, 0x0EA65, 0x0D530, 0x05AA0, 0x076A3, 0x096D0, 0x04AFB, 0x04AD0),
    *(0x0A4D0, 0x1D0B6, 0x0D250, 0x0D520, 0x0DD45, 0x0B5A0, 0x056D0, 0x055B2, 0x049B0, 0x0A577, 0x0A4B0),
)
"""A year's months, the first at bit 15: 1 has thirty days; the last four bits name the leap month, bit 16 its length."""
_DIGITS = "一二三四五六七八九十"
_MONTHS = {"正": 1, "冬": 11, "腊": 12} | {digit: at for at, digit in enumerate(_DIGITS, 1)}
_D = rf"初[{_DIGITS}]|十[一二三四五六七八九]|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|三十|十"
NAMED = re.compile(
    rf"(?:(?P<of>今年|明年|后年)的?)?(?:(?:农历|阴历)\s?(?P<month>[正冬腊{_DIGITS}])月(?P<day>{_D})|(?P<plain>[正冬腊])月(?P<plain_day>{_D})"
    rf"|(?P<eve>除夕夜?|(?:大年|年)三十(?:夜|晚上?)?|(?<![月号日\d零一二三四五六七八九十])三十(?:夜|晚上?))|(?P<great>大年|过年|年)?(?<!月)(?P<first>初[{_DIGITS}])(?![中高级一二三学班]))"
)
_YEARS = {"今年": 0, "明年": 1, "后年": 2}
AROUND_NEW_YEAR = timedelta(days=75)
"""初八 without its month is one of the new year's, as long as the new year is so near."""


def find(text: str, today: date) -> tuple[re.Match[str], date | None] | None:
    """The first such day in the text, with its date: the next one, or one just past; None where nobody can tell."""
    named = NAMED.search(text)
    if named is None:
        return None
    for year in (today.year - 1, today.year, today.year + 1):
        day = _of(named, year)
        if day is not None and day >= today - AROUND_NEW_YEAR:
            if named["of"] and day.year != today.year + _YEARS[named["of"]]:
                return named, None
            near = not named["first"] or bool(named["great"]) or day - today <= AROUND_NEW_YEAR
            return named, day if near else None
    return named, None


def _of(named: re.Match[str], year: int) -> date | None:
    if named["eve"]:
        after = first_day(year + 1)
        return after - timedelta(days=1) if after else None
    month = _MONTHS[named["month"] or named["plain"] or "正"]
    return solar(year, month, _day(named["day"] or named["plain_day"] or named["first"]))


def _day(words: str) -> int:
    tens, ten, ones = words.replace("廿", "二十").removeprefix("初").rpartition("十")
    if not ten:
        return _DIGITS.index(ones) + 1
    return 10 * (_DIGITS.index(tens) + 1 if tens else 1) + (_DIGITS.index(ones) + 1 if ones else 0)


def first_day(year: int) -> date | None:
    """春节 of the year; None outside of the table."""
    if not FIRST_YEAR <= year <= FIRST_YEAR + len(YEARS):
        return None
    return NEW_YEAR + timedelta(days=sum(sum(_months(at)) for at in YEARS[: year - FIRST_YEAR]))


def solar(year: int, month: int, day: int) -> date | None:
    """The date of a day of the farmers' calendar; None where the month has no such day or the table no such year."""
    start = first_day(year)
    if start is None or year - FIRST_YEAR >= len(YEARS):
        return None
    bits = YEARS[year - FIRST_YEAR]
    lengths, leap = _months(bits), bits & 0xF
    at = month - 1 + (1 if leap and month > leap else 0)
    return start + timedelta(days=sum(lengths[:at]) + day - 1) if day <= lengths[at] else None


def _months(bits: int) -> list[int]:
    lengths = [30 if bits & (0x8000 >> at) else 29 for at in range(12)]
    if leap := bits & 0xF:
        lengths.insert(leap, 30 if bits & 0x10000 else 29)
    return lengths
