"""When something comes again, as people say it: 每周五下午3点, 每天早上8点, 每月1号和15号9点; and back."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger  # pyright: ignore[reportMissingTypeStubs]

from bot.understanding.place import number

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_RULE = re.compile(
    rf"每(?:个|逢)?(?:(?P<day>天|日)|(?P<work>工作日)|(?:周|星期|礼拜)(?P<week>[一二三四五六日天](?:[、,，和及]?(?:周|星期)?[一二三四五六日天])*|[1-6](?!\d)(?:[、,，和及][1-6](?!\d))*)"
    rf"|月(?:的)?(?P<month>{_N}(?:号|日)?(?:[、,，和及]{_N}(?:号|日)?)*))"
    rf"[的\s]*(?P<part>凌晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚)?(?:(?P<hour>{_N})(?:点钟?|时|[:：])(?P<half>半|一刻|三刻|\d{{1,2}}分?)?)?"
)
_AFTERNOON = ("下午", "傍晚", "晚上", "夜里", "晚")
_USUAL = {"早上": 8, "早晨": 8, "清早": 8, "早": 8, "上午": 9, "中午": 12, "下午": 15, "傍晚": 18, "晚上": 19, "晚": 19}
"""The hour of a part of the day that was named without one."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = {word: at for at, words in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天")) for word in words}
_SAID = "一二三四五六日"


def leading(words: str) -> int | None:
    """How long the rule is with which these words begin; None when they begin with none."""
    found = _RULE.match(words)
    return found.end() if found and cron(words[: found.end()]) is not None else None


def cron(words: str) -> str | None:
    """The five fields of a rule that people say; None when they say none that is clear. Weekdays are names."""
    found = _RULE.fullmatch(words.strip(" ，,。"))
    if found is None:
        return None
    time = _time(found)
    if time is None:
        return None
    hour, minute = time
    if week := found["week"]:
        days = sorted({_WEEK[letter] for letter in week if letter in _WEEK})
        return f"{minute} {hour} * * {','.join(_DAYS[day] for day in days)}"
    if month := found["month"]:
        dates = sorted({int(number(one)) for one in re.findall(_N, month)})
        return f"{minute} {hour} {','.join(map(str, dates))} * *" if all(1 <= one <= 31 for one in dates) else None
    return f"{minute} {hour} * * {'mon-fri' if found['work'] else '*'}"


def _time(found: re.Match[str]) -> tuple[int, int] | None:
    part, said, half = found["part"] or "", found["hour"], found["half"] or ""
    if said is None:
        return (_USUAL[part], 0) if part in _USUAL else None
    hour = int(number(said))
    if (part in _AFTERNOON and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    minute = {"": 0, "半": 30, "一刻": 15, "三刻": 45}.get(half)
    minute = int(half.rstrip("分")) if minute is None else minute
    return (hour, minute) if hour < 24 and minute < 60 else None


def after(rule: str, moment: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment after this one that the rule names."""
    trigger = CronTrigger.from_crontab(rule, timezone=zone)  # pyright: ignore[reportUnknownMemberType]
    found: datetime | None = trigger.get_next_fire_time(None, moment + timedelta(seconds=1))  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return found  # pyright: ignore[reportUnknownVariableType]


def spoken(rule: str) -> tuple[str, str, str]:
    """(which days: "周五", "每天", "工作日" or "1、15"; the kind: day, work, week or month; the time "15:00")."""
    minute, hour, dates, _, days = rule.split()
    time = f"{int(hour)}:{int(minute):02d}"
    if dates != "*":
        return dates.replace(",", "、"), "month", time
    if days == "*":
        return "", "day", time
    if days == "mon-fri":
        return "", "work", time
    return "、".join(_SAID[_DAYS.index(day)] for day in days.split(",")), "week", time
