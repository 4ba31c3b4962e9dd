"""Working time: office hours, weekends, holidays and 调休, and the night."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import Catalog
from bot.errors import CatalogError
from bot.settings import PROJECT
from handlers.matters.worktime import Limit, WorkTime, is_work_day, parse_limit

CHINA = ZoneInfo("Asia/Shanghai")
CATALOG = PROJECT / "templates" / "catalog"
TIME = WorkTime(Catalog(CATALOG), CHINA)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
LIMITS = st.builds(Limit, st.integers(1, 60), st.sampled_from(["紧急工作分", "紧急工作时", "工作时", "工作日"]))


def moment(words: str) -> datetime:
    """A moment of the community's own time, in UTC."""
    return datetime.fromisoformat(words).replace(tzinfo=CHINA).astimezone(UTC)


def due(start: str, limit: str) -> str:
    """When it is over, in the community's own time."""
    return TIME.due(moment(start), parse_limit(limit)).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "limit", "ends"),
    [
        ("2026-11-20 09:00", "15 紧急工作分", "2026-11-20 09:15"),
        ("2026-11-20 23:30", "4 紧急工作时", "2026-11-21 03:30"),
        ("2026-11-19 09:00", "2 工作时", "2026-11-19 11:00"),
        ("2026-11-19 10:00", "2 工作时", "2026-11-19 12:00"),
        ("2026-11-19 11:00", "2 工作时", "2026-11-19 14:30"),
        ("2026-11-19 12:40", "1 工作时", "2026-11-19 14:30"),
        ("2026-11-19 03:00", "1 工作时", "2026-11-19 09:30"),
        ("2026-11-20 17:00", "2 工作时", "2026-11-23 10:00"),
        ("2026-11-20 16:00", "1 工作日", "2026-11-23 17:30"),
        ("2026-11-20 17:30", "1 工作日", "2026-11-24 17:30"),
        ("2026-11-22 10:00", "1 工作日", "2026-11-24 17:30"),
        ("2026-11-19 12:30", "1 工作日", "2026-11-20 17:30"),
        ("2026-11-19 02:00", "1 工作日", "2026-11-20 17:30"),
        ("2026-11-16 09:00", "5 工作日", "2026-11-23 17:30"),
    ],
)
def test_a_limit_ends_when_people_would_expect_it(start: str, limit: str, ends: str) -> None:
    assert due(start, limit) == ends


def test_the_national_day_week_is_skipped() -> None:
    assert due("2026-09-30 17:00", "1 工作时") == "2026-10-08 09:00"
    assert due("2026-09-30 17:00", "1 工作日") == "2026-10-08 17:30"
    assert due("2026-10-03 10:00", "1 工作日") == "2026-10-09 17:30"
    assert not TIME.is_working(moment("2026-10-05 10:00"))


def test_a_saturday_that_was_swapped_is_a_working_day() -> None:
    saturday = date(2026, 2, 14)

    assert saturday.strftime("%A") == "Saturday"
    assert is_work_day(saturday)
    assert TIME.is_working(moment("2026-02-14 10:00"))
    assert due("2026-02-13 17:00", "1 工作时") == "2026-02-14 09:00"
    assert due("2026-05-08 09:00", "1 工作日") == "2026-05-09 17:30"


def test_beyond_the_known_calendar_monday_to_friday_work_and_it_says_so() -> None:
    later = datetime(TIME.known_until.year + 1, 10, 4, 3, tzinfo=UTC)

    assert not TIME.certain(later)
    assert TIME.certain(moment(f"{TIME.known_until} 23:00"))
    assert is_work_day(date(2031, 10, 1))
    assert not is_work_day(date(2031, 10, 4))
    assert due("2031-10-03 17:00", "1 工作时") == "2031-10-06 09:00"


def test_nobody_is_woken_between_ten_and_seven() -> None:
    assert [TIME.is_night(moment(f"2026-11-20 {at}")) for at in ("21:59", "22:00", "02:00", "06:59", "07:00")] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert TIME.morning_after(moment("2026-11-20 23:00")) == moment("2026-11-21 07:00")
    assert TIME.morning_after(moment("2026-11-21 03:00")) == moment("2026-11-21 07:00")
    assert TIME.morning_after(moment("2026-11-21 07:00")) == moment("2026-11-22 07:00")


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=20)), LIMITS)
def test_who_reports_later_is_never_due_earlier(start: datetime, wait: timedelta, limit: Limit) -> None:
    assert TIME.due(start, limit) <= TIME.due(start + wait, limit)


@given(MOMENTS, LIMITS)
def test_a_limit_never_ends_before_it_began_and_more_is_never_less(start: datetime, limit: Limit) -> None:
    ends = TIME.due(start, limit)

    assert start < ends
    assert ends.tzinfo is UTC
    assert ends < TIME.due(start, Limit(limit.amount + 1, limit.unit))


@given(MOMENTS, st.integers(1, 40))
def test_as_many_hours_are_worked_as_the_limit_says(start: datetime, hours: int) -> None:
    start = start.replace(minute=0, second=0, microsecond=0)
    quarter = timedelta(minutes=15)
    ends = TIME.due(start, Limit(hours, "工作时"))

    assert sum(TIME.is_working(start + n * quarter) for n in range((ends - start) // quarter)) == hours * 4


@pytest.mark.parametrize(
    "words", ["", "2", "工作时", "0 工作时", "-1 工作日", "两 工作时", "2 小时", "1.5 工作时", "2 工作时吧"]
)
def test_a_limit_that_cannot_be_read_says_where_it_stands_and_what_is_right(words: str) -> None:
    with pytest.raises(CatalogError, match=r"categories.toml, parking: .* as in \"2 工作时\""):
        parse_limit(words, "categories.toml, parking")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"08:30"', '"8:30"', 'as in "08:30"'),
        ('"08:30"', '"12:30"', "must follow each other"),
        ('"22:00"', '"07:00"', "different times"),
        ('from = "22:00"', 'begin = "22:00"', "begin"),
    ],
)
def test_hours_that_cannot_be_are_named_with_their_file(tmp_path: Path, old: str, new: str, says: str) -> None:
    words = (CATALOG / "worktime.toml").read_text()
    (tmp_path / "worktime.toml").write_text(words.replace(old, new))

    with pytest.raises(CatalogError, match=r"worktime\.toml") as fault:
        WorkTime(Catalog(tmp_path), CHINA)
    assert says in str(fault.value)
