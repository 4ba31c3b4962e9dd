"""Working time on China's calendar: holidays, 调休, office hours, and the night in which nobody is woken."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, cast
from zoneinfo import ZoneInfo

import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]
import msgspec

from bot.catalog import Catalog
from bot.errors import CatalogError

FILE = "worktime.toml"
DAY_S = 24 * 3600
SATURDAY = 5
MOST = 9999
MOMENTS = 256
"""So many ends of limits, and so many limits, are kept."""
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
LIMIT = re.compile(r"([1-9]\d{0,3})\s*(紧急工作分|紧急工作时|工作时|工作日)")
KNOWN_YEARS = sorted({day.year for day in chinese_calendar.constants.holidays})

Unit = Literal["紧急工作分", "紧急工作时", "工作时", "工作日"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit as categories.toml writes it: "2 工作时"."""

    amount: int
    unit: Unit


class _Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    starts: str = msgspec.field(name="from")
    until: str


class _Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """worktime.toml."""

    morning: _Span
    afternoon: _Span
    night: _Span


class WorkTime:
    """When people work, when they sleep, and when a limit is over."""

    def __init__(self, catalog: Catalog, zone: ZoneInfo) -> None:
        hours = catalog.read(FILE, _Hours)
        place = str(catalog.folder / FILE)
        self._zone = zone
        self._spans = (_seconds(hours.morning, place), _seconds(hours.afternoon, place))
        self._night = _seconds(hours.night, place)
        (starts, noon), (again, ends) = self._spans
        if not starts < noon <= again < ends:
            raise CatalogError(
                f'{place}: the hours must follow each other, as in morning "08:30" to "12:00", '
                'afternoon "13:30" to "17:30".'
            )
        if self._night[0] == self._night[1]:
            raise CatalogError(f'{place}: the night must begin and end at different times, as in "22:00" to "07:00".')
        self._work_days: dict[int, bool] = {}
        self.due = lru_cache(MOMENTS)(self._due)
        """See `_due`; what is said in one transaction begins at one moment, and few limits are different."""

    @property
    def known_until(self) -> date:
        """The last day whose holidays are known; later every Monday to Friday counts as a working day."""
        return date(KNOWN_YEARS[-1], 12, 31)

    def certain(self, moment: datetime) -> bool:
        """Whether the calendar knows the holidays of that day."""
        return KNOWN_YEARS[0] <= moment.astimezone(self._zone).year <= KNOWN_YEARS[-1]

    def _due(self, start: datetime, limit: Limit) -> datetime:
        """The moment, in UTC, at which a limit that begins at `start` is over.

        紧急工作分 and 紧急工作时 run round the clock. 工作时 run only in office hours on working days. n 工作日 end at
        the close of office hours on the n-th working day after the day of the start, where a start outside office
        hours counts as the next moment of office hours: reported on Friday at 16:00, 1 工作日 ends on Monday at 17:30;
        reported on Friday at 18:00 or on Sunday, on Tuesday at 17:30. At noon the day is not over.
        """
        if limit.unit == "紧急工作分":
            return start + timedelta(minutes=limit.amount)
        if limit.unit == "紧急工作时":
            return start + timedelta(hours=limit.amount)
        day, at_s = self._local(start)
        if limit.unit == "工作时":
            day, at_s = self._after_work(day, at_s, limit.amount * 3600)
        else:
            day, at_s = self._after_days(day, at_s, limit.amount)
        return self._moment(day, at_s)

    def is_working(self, moment: datetime) -> bool:
        """Whether this is in office hours of a working day."""
        day, at_s = self._local(moment)
        return self._works(day) and any(starts <= at_s < ends for starts, ends in self._spans)

    def is_night(self, moment: datetime) -> bool:
        """Whether nobody should be woken now for what can wait."""
        _, at_s = self._local(moment)
        starts, ends = self._night
        return starts <= at_s < ends if starts < ends else at_s >= starts or at_s < ends

    def morning_after(self, moment: datetime) -> datetime:
        """The next end of a night, in UTC: of this night if it is night, else of the coming one."""
        day, at_s = self._local(moment)
        ends = self._night[1]
        return self._moment(day if at_s < ends else day + 1, ends)

    def _after_work(self, day: int, at_s: float, left_s: float) -> tuple[int, float]:
        """When so much work has been done, counted from then."""
        while True:
            if self._works(day):
                for starts, ends in self._spans:
                    begin = max(starts, at_s)
                    if left_s <= ends - begin:
                        return day, begin + left_s
                    left_s -= max(0, ends - begin)
            day, at_s = day + 1, 0.0

    def _after_days(self, day: int, at_s: float, days: int) -> tuple[int, float]:
        """The close of the n-th working day after the day on which work could begin."""
        closes = self._spans[-1][1]
        if at_s >= closes:
            day += 1
        while not self._works(day):
            day += 1
        while days:
            day += 1
            days -= self._works(day)
        return day, closes

    def _works(self, day: int) -> bool:
        known = self._work_days.get(day)
        if known is None:
            known = self._work_days[day] = is_work_day(date.fromordinal(day))
        return known

    def _local(self, moment: datetime) -> tuple[int, float]:
        """The community's day, and the seconds since its midnight."""
        local = moment.astimezone(self._zone)
        return local.toordinal(), local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6

    def _moment(self, day: int, at_s: float) -> datetime:
        midnight = datetime.fromordinal(day).replace(tzinfo=self._zone)
        return (midnight + timedelta(seconds=at_s)).astimezone(UTC)


def is_work_day(day: date) -> bool:
    """Whether China works on that day; beyond the known calendar that is Monday to Friday."""
    if KNOWN_YEARS[0] <= day.year <= KNOWN_YEARS[-1]:
        return chinese_calendar.is_workday(day)  # pyright: ignore[reportUnknownMemberType]
    return day.weekday() < SATURDAY


@lru_cache(MOMENTS)
def parse_limit(words: str, where: str = "categories.toml") -> Limit:
    """ "2 工作时" as a limit; CatalogError names `where` it stands and what is right."""
    found = LIMIT.fullmatch(words.strip())
    if found is None:
        raise CatalogError(
            f'{where}: "{words}" is no time limit; write a whole number from 1 to {MOST} and one of '
            '紧急工作分, 紧急工作时, 工作时, 工作日, as in "2 工作时".'
        )
    return Limit(int(found[1]), cast("Unit", found[2]))


def _seconds(span: _Span, place: str) -> tuple[int, int]:
    starts, ends = (_clock(words, place) for words in (span.starts, span.until))
    return starts, ends


def _clock(words: str, place: str) -> int:
    found = CLOCK.fullmatch(words)
    if found is None:
        raise CatalogError(f'{place}: "{words}" is no time of day; write it with two digits each, as in "08:30".')
    return int(found[1]) * 3600 + int(found[2]) * 60 if found[1] else DAY_S
