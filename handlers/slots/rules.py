"""What a community may set about queues, and what a sentence says of one; pure, no memory."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import msgspec

from bot.catalog import Catalog
from bot.understanding import when
from bot.understanding.place import number
from storage.slots import Building

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_PART = r"(凌晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|早|晚)?"
_HOUR = rf"{_PART}({_N})(?:[:：](\d{{2}})|[点时](半|一刻|三刻|\d{{1,2}}分?)?(?!钟))"
_SPAN = re.compile(rf"{_HOUR}\s*(?:到|至|-|—|~|～)\s*{_HOUR}")
_DAY = re.compile(
    r"大后天|今天|今日|明天|明日|后天|今晚|明早|明晚|(?:下|这|本)?个?(?:周|星期|礼拜)[一二三四五六日天]"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[号日]?|\d{1,2}[号日](?!楼|院|门)"
)
_RATE = re.compile(
    r"(?:每|一)(?:刻钟|批|次|十五分钟|15分钟|拨)\s*(\d{1,4})\s*(?:户|家|人|个)?|(\d{1,4})\s*户\s*(?:每|一)(?:刻钟|批|次)"
)
_EVERY = re.compile(
    rf"(?:每|一)?\s*(?P<times>\d{{1,3}}|{_N}|半)?个?(?P<unit>分钟|小时|钟头)(?:可以|能)?(?:办|发|叫|来)?\s*(?P<many>\d{{1,4}}|{_N})\s*[户家人个]"
)
"""每10分钟5户."""
_MINUTES = {"分钟": 1, "小时": 60, "钟头": 60}
_NUMERAL = re.compile(r"[一二两三四五六七八九十]{1,3}(?=\s*(?:户|家|人家|个人|来户)|$)")
_ALONE = re.compile(
    r"(?:就|大概|大约|差不多|每[批次]|能办|可以|最多|先)*\s*(\d{1,4})\s*(?:户|家|人|个)?(?:左右|吧|人家|的样子|就行|就好)*[。!！]?"
)
_TITLE = re.compile(
    r"(?:改成|改为|改叫|换成|不是[^,，。]{1,12}[,，]?\s*是|排队?|做|事项|用途)[:：\s]*(领[^\s,，。；;]{1,12}|(?!在|地点|每|到)[^\s,，。；;\d]{2,12})"
)
_PLACE = re.compile(
    r"(?:地点|地址|到|在|去)(?:[:：\s]|改成|改为|改到|改在|换成|换到|就在|是|在)*([^\s,，。；;]{2,20}?)(?:去|吧|嘛|哈)?(?=[\s,，。；;]|$)"
)
_BETWEEN = re.compile(r"[\s,，。；;、:：]+")
_NUMERAL_MINUTES = {"半": 30, "一刻": 15, "三刻": 45}
_AFTERNOON = frozenset(("下午", "傍晚", "晚上", "晚"))
_IS_PLACE = re.compile(r"(?:室|厅|门|口|亭|棚|馆|院|站|中心|广场|架空层|门岗|岗亭|小区|楼下|[一二三\d][楼层])$")
_PLACE_THEN_DEED = re.compile(
    r"[^\s,，。；;]{0,12}?(?:室|厅|门|口|亭|棚|馆|院|站|中心|广场|架空层|岗|楼下)(?=领|做|打|接种|检测|取|发|排|办)"
)
"""活动室领口罩: where, and then what for."""
_CHANGES = re.compile(r"^\s*(?:不对|错了|哦|要)?[,，\s]*(?:改|换|地点|地址|时间|每|不是|在|到)")
LONGEST = 20


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that, kept about a door, lets it go first."""

    form: str
    question: str = ""
    answers: tuple[str, ...] = ()


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on the button that lets a queue go."""

    groups: str
    nobody: str
    """Where no group hears of it."""


class Nearly(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes close to letting a queue go, beside the words that come close for a notice."""

    longest: int
    also: tuple[str, ...]
    drops: tuple[str, ...]
    """Second thoughts, also without the button."""


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said to a queue while it is being written, and is no answer."""

    back: tuple[str, ...]
    change: tuple[str, ...]


class Live(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a queue that is out."""

    holds: tuple[str, ...]
    """By whoever calls: not the next ones yet."""
    absent: tuple[str, ...]
    fault: tuple[str, ...]
    """Words with which an absence is a report of something else."""
    when: tuple[str, ...]
    mine: tuple[str, ...]
    """The same, where nothing else is said."""
    first: tuple[str, ...]
    late: tuple[str, ...]


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """slots.toml."""

    quarter_minutes: int
    step_minutes: int
    most_households: int
    most_per_quarter: int
    early_minutes: int
    close_after_hours: int
    keep_days: int
    offers: tuple[int, ...]
    titles: tuple[str, ...]
    move: str
    """What stands on the button that moves a queue behind another one."""
    drill: tuple[str, ...]
    needs: tuple[str, ...]
    choices: tuple[str, ...]
    labels: Labels
    nearly: Nearly
    written: Written
    live: Live
    record: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says of a queue; what it does not say is empty."""

    title: str = ""
    place: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    per_quarter: int = 0
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Timed:
    """A building and when it comes."""

    building: Building
    starts_at: datetime
    ends_at: datetime


def rules(catalog: Catalog) -> Rules:
    """What a community may set about queues."""
    return catalog.read("slots.toml", Rules)


def read(words: str, now: datetime, rows: Rules) -> Said:
    """Title, place, time and pace of a queue, as far as they are said; `now` on the community's own clock."""
    drill = any(word in words for word in rows.drill)
    for word in (*rows.drill, "【", "】"):
        words = words.replace(word, " ")
    per_quarter = 0
    if rate := _EVERY.search(words):
        per_quarter = _a_quarter(rate, rows.quarter_minutes)
        words = _without(words, rate)
    elif rate := _RATE.search(words):
        per_quarter = int(rate[1] or rate[2])
        words = _without(words, rate)
    starts, ends, words = _span(words, now)
    place = ""
    if found := _PLACE.search(words):
        place = deed[0] if (deed := _PLACE_THEN_DEED.match(found[1])) else found[1]
        words = f"{words[: found.start()]} {words[found.start(1) + len(place) :]}"
    parts = [part for part in _BETWEEN.split(words) if part]
    if not place and len(parts) > 1 and _IS_PLACE.search(parts[0]) and not _IS_PLACE.search(parts[1]):
        parts[:2] = parts[1::-1]
    title = parts[0][:LONGEST] if parts else ""
    if not place and len(parts) > 1:
        place = parts[1][:LONGEST]
    return Said(title, place, starts, ends, per_quarter, drill)


def _a_quarter(rate: re.Match[str], quarter_minutes: int) -> int:
    """So many in ten minutes, as households a batch."""
    times = 0.5 if rate["times"] == "半" else float(number(rate["times"] or "1"))
    minutes = times * _MINUTES[rate["unit"]]
    return max(1, int(int(number(rate["many"])) * quarter_minutes / minutes)) if minutes else 0


def pace(words: str, quarter_minutes: int = 15) -> int:
    """A number of households, when that is what was asked for and nothing else was said."""
    if every := _EVERY.search(words):
        return _a_quarter(every, quarter_minutes)
    words = _NUMERAL.sub(lambda said: number(said[0]), words)
    found = _RATE.search(words) or _ALONE.fullmatch(words.strip())
    return int(next(filter(None, found.groups()))) if found else 0


def changes(words: str, now: datetime) -> bool:
    """Whether the words change a queue that was just shown."""
    names = bool(_PLACE.search(words) or _RATE.search(words) or title_in(words) or span(words, now)[0])
    if "户" in words and pace(words):
        return True
    return _CHANGES.search(words) is not None and names


def title_in(words: str) -> str:
    """What the queue is for, where a change names it: 改成领口罩; empty where it names something else."""
    found = _TITLE.search(words)
    if found and words[: found.start()].endswith(("地点", "地址", "时间")):
        return ""  # 地点改成老祠堂
    return found[1][:LONGEST] if found and not _PLACE.match(found[1]) and not _SPAN.search(found[1]) else ""


def span(words: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when until when."""
    starts, ends, _ = _span(words, now)
    return starts, ends


def only_a_span(words: str, now: datetime) -> bool:
    """Whether the words say from when until when, and nothing else."""
    starts, _, rest = _span(words, now)
    return starts is not None and not _BETWEEN.sub("", rest)


def names_a_place(words: str) -> bool:
    """地点村委会坝子: whether a place is said with its word before it."""
    return _PLACE.search(words) is not None


def _span(words: str, now: datetime) -> tuple[datetime | None, datetime | None, str]:
    day = _DAY.search(words)
    without_day = _without(words, day) if day else words
    found = _SPAN.search(without_day)
    if found is None:
        return None, None, words
    rest = _without(without_day, found)
    named = when.find(day.group(), now) if day else None
    date = named.start if named and named.start else now.date()
    date = date.date() if isinstance(date, datetime) else date
    first, last = found.groups()[:4], found.groups()[4:]
    begins = _time(*first)
    ends = _time(last[0] or (first[0] if begins and begins.hour >= 12 else None), *last[1:])
    if begins is None or ends is None:
        return None, None, rest
    starts_at, ends_at = (datetime.combine(date, hour, tzinfo=now.tzinfo) for hour in (begins, ends))
    if ends_at <= starts_at and ends_at.hour < 12 and not last[0]:
        ends_at += timedelta(hours=12)  # 上午9点到2点
    if day is None and ends_at <= now:
        starts_at, ends_at = starts_at + timedelta(days=1), ends_at + timedelta(days=1)
    return starts_at, ends_at, rest


def _time(part: str | None, hour: str, minutes: str | None, more: str | None) -> time | None:
    at = int(number(hour))
    minute = int(minutes or 0)
    if more:
        minute = _NUMERAL_MINUTES[more] if more in _NUMERAL_MINUTES else int(more.rstrip("分"))
    if (part in _AFTERNOON and at < 12) or (part == "中午" and at < 3):
        at += 12
    return time(at, minute) if at < 24 and minute < 60 else None


def _without(words: str, found: re.Match[str]) -> str:
    return f"{words[: found.start()]} {words[found.end() :]}"


def timed(buildings: Sequence[Building], starts_at: datetime, per_quarter: int, rows: Rules) -> list[Timed]:
    """When each building comes, one after another, in steps that are easy to remember."""
    found: list[Timed] = []
    before = 0
    for one in buildings:
        begins = _rounded(before, starts_at, per_quarter, rows)
        before += one.households
        ends = _rounded(before, starts_at, per_quarter, rows)
        found.append(Timed(one, begins, max(ends, begins + timedelta(minutes=rows.step_minutes))))
    return found


def moment_of(before: int, starts_at: datetime, per_quarter: int, rows: Rules) -> datetime:
    """About when the household comes that has so many before it."""
    minutes = before * rows.quarter_minutes // per_quarter
    return starts_at + timedelta(minutes=minutes - minutes % rows.step_minutes)


def _rounded(before: int, starts_at: datetime, per_quarter: int, rows: Rules) -> datetime:
    minutes = before * rows.quarter_minutes / per_quarter
    return starts_at + timedelta(minutes=round(minutes / rows.step_minutes) * rows.step_minutes)


def needs_first(words: str, rows: Rules) -> bool:
    """Whether the words say that somebody should not stand and wait."""
    return any(need in words for need in rows.needs)


def recorded(record: Record, answers: str) -> bool:
    """Whether a filing's answers (JSON, by question) let its door go first."""
    if not record.question:
        return True
    return msgspec.json.decode(answers, type=dict[str, str]).get(record.question) in record.answers
