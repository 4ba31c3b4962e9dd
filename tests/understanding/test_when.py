"""Times and quantities as people say them; what is unclear is said to be."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.understanding import when

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 16, 14, 0, tzinfo=ZONE)  # a Wednesday


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=ZONE)


CLEAR = [
    ("明天上午9点开会", moment(17, 9), None),
    ("今晚八点半", moment(16, 20, 30), None),
    ("后天下午3点", moment(18, 15), None),
    ("下周三去", date(2026, 9, 23), None),
    ("这周五", date(2026, 9, 18), None),
    ("周末大扫除", date(2026, 9, 19), date(2026, 9, 20)),
    ("国庆期间回老家", date(2026, 10, 1), date(2026, 10, 7)),
    ("10月1号到8号不在家", date(2026, 10, 1), date(2026, 10, 8)),
    ("9月20日至10月3日", date(2026, 9, 20), date(2026, 10, 3)),
    ("2027年1月5日", date(2027, 1, 5), None),
    ("元旦回来", date(2027, 1, 1), date(2027, 1, 1)),
    ("20号走", date(2026, 9, 20), None),
    ("昨天回来的", date(2026, 9, 15), None),
    ("下个月5号", date(2026, 10, 5), None),
    ("下下月3号", date(2026, 11, 3), None),
    ("10月1号到明年2月底", date(2026, 10, 1), date(2027, 2, 28)),
    ("10月1号到月底", date(2026, 10, 1), date(2026, 10, 31)),
    ("10月1号住到年底", date(2026, 10, 1), date(2026, 12, 31)),
    ("明天到下个月5号", date(2026, 9, 17), date(2026, 10, 5)),
    ("10月1号到正月十五", date(2026, 10, 1), date(2027, 2, 20)),
    ("10月1号到下个月5号", date(2026, 10, 1), None),
]


@pytest.mark.parametrize(("text", "start", "end"), CLEAR)
def test_a_time_is_understood(text: str, start: date, end: date | None) -> None:
    found = when.find(text, NOW)
    assert found is not None
    assert (found.start, found.end, found.unclear) == (start, end, "")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("春节回家", "which_dates"),
        ("3号走", "which_month"),
        ("明天7点", "morning_or_evening"),
        ("周一来", "which_dates"),
        ("国庆后回来", "which_dates"),
        ("元旦前一天", "which_dates"),
        ("八月十五回来", "which_dates"),
        ("今年正月十五", "which_dates"),
    ],
)
def test_what_is_unclear_is_asked(text: str, asks: str) -> None:
    found = when.find(text, NOW)
    assert found is not None
    assert found.unclear == asks


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("明年2月底", "2027-02-28"),
        ("月底", "2026-09-30"),
        ("2月底", "2027-02-28"),
        ("下个月末", "2026-10-31"),
        ("年底", "2026-12-31"),
        ("明年年底", "2027-12-31"),
        ("到底", "None"),
        ("下个月中旬", "None"),
    ],
)
def test_the_end_of_a_month_or_year_is_a_day(words: str, day: str) -> None:
    assert str(when.last_day(words, NOW)) == day


@pytest.mark.parametrize("words", ["下个月中旬", "过完年", "年后", "三月份", "月初", "下周", "放寒假", "开春"])
def test_what_names_a_time_and_no_day_is_vague(words: str) -> None:
    assert when.is_vague(words)
    assert when.find(words, NOW) is None


@pytest.mark.parametrize("words", ["三个月", "三年后", "3栋", "到底", "电梯停了", "12号摊位"])
def test_what_names_no_time_is_not_vague(words: str) -> None:
    assert not when.is_vague(words)


@pytest.mark.parametrize("text", ["12号摊位", "3号楼2单元501", "电梯停了", "13月45号", "一点都不好", "", "3栋"])
def test_no_time_is_no_time(text: str) -> None:
    found = when.find(text, NOW)
    assert found is None or found.unclear


@pytest.mark.parametrize(
    ("text", "days"), [("住一个月", 30), ("半年", 182.5), ("出差两周", 14), ("住3天", 3), ("十五天", 15)]
)
def test_how_long_is_understood(text: str, days: float) -> None:
    assert when.duration(text) == timedelta(days=days)


@pytest.mark.parametrize(("text", "count"), [("一家三口人", 3), ("4个人", 4), ("两口", 2), ("没人", None)])
def test_how_many_is_understood(text: str, count: int | None) -> None:
    assert when.people(text) == count


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("腊月二十九回来", "2027-02-05"),
        ("正月十六", "2027-02-21"),
        ("除夕", "2027-02-05"),
        ("大年初三走", "2027-02-08"),
    ],
)
def test_days_of_the_farmers_calendar(words: str, day: str) -> None:
    found = when.find(words, datetime(2026, 12, 22, 9, tzinfo=ZONE))
    assert found is not None
    assert str(found.start) == day


def test_a_bare_day_of_the_farmers_calendar_far_from_the_new_year_is_asked_about() -> None:
    found = when.find("初八走", datetime(2026, 7, 1, 9, tzinfo=ZONE))
    assert found is not None
    assert found.unclear == "which_dates"
