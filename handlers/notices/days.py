"""明天 in words that are read on another day than they were written on gets its date."""

import re
from datetime import date, datetime, timedelta

from bot.turn import Scene
from bot.understanding import when
from handlers.notices import conflicts, reading
from handlers.notices.terms import terms
from storage import notices, repeats
from storage.notices import Notice

AWAY = {
    "昨天": -1, "昨晚": -1, "今天": 0, "今日": 0, "今早": 0, "今晚": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2,
    "大后天": 3,
}  # fmt: skip
WEEK = "一二三四五六日"
RELATIVE = re.compile(
    r"(?P<day>大后天|昨天|昨晚|今天|今日|今早|今晚|明天|明日|明早|明晚|后天)|下(?:周|星期|礼拜)(?P<week>[一二三四五六日天])"
)
SOON = timedelta(hours=3)
"""Who hears of it so shortly before hears of it late."""


def dated(words: str, written: date) -> str:
    """Each relative day with its date behind it, the first time it is said; one that has a date keeps it."""
    said: set[str] = set()

    def with_date(found: re.Match[str]) -> str:
        if found.group() in said or re.match(r"\s*[（(]?\d{1,2}月", words[found.end() :]):
            return found.group()
        said.add(found.group())
        day = _day(found, written)
        return f"{found.group()}（{day.month}月{day.day}日）"

    return RELATIVE.sub(with_date, words)


def _day(found: re.Match[str], written: date) -> date:
    if found["day"]:
        return written + timedelta(days=AWAY[found["day"]])
    week = WEEK.index(found["week"].replace("天", "日"))
    return written + timedelta(days=7 - written.weekday() + week)


def undated(words: str) -> str:
    """As it was written."""
    return reading.DATE_BEHIND.sub("", words)


def today(scene: Scene, moment: datetime) -> date:
    """The community's day at this moment."""
    return moment.astimezone(scene.settings.zone).date()


def read_now(scene: Scene, notice: Notice) -> str:
    """Its short words as they must be said today."""
    words, written = notice.summary or notice.text, today(scene, notice.composed_at)
    return words if today(scene, scene.now) == written else dated(words, written)


def with_dates(scene: Scene, notice: Notice, *, fresh: bool = False) -> Notice:
    """The notice, with dates behind its relative days where it is read on another day than it was begun on.

    `fresh`: its words were written now.
    """
    written = today(scene, scene.now if fresh else notice.composed_at)
    read = today(scene, conflicts.leaves_at(scene, notice))
    if read == today(scene, notice.composed_at) or repeats.of(scene.session, notice.number) is not None:
        return notice
    most, own = terms(scene.catalog).topic_most, notice.topic
    text = dated(notice.text, written)
    topic = reading.topic_of(text, most) if own == reading.topic_of(notice.text, most) else dated(own, written)
    words = {"text": text, "summary": dated(notice.summary, written), "topic": topic}
    if all(getattr(notice, name) == said for name, said in words.items()):
        return notice
    notices.change(scene.session, notice.number, only_if=(notices.DRAFT, notices.WAITING), **words)
    return notices.get(scene.session, notice.number)


def speaks_of(scene: Scene, notice: Notice) -> datetime | None:
    """The hour at which what it tells of begins; None where it names none."""
    named = when.find(undated(notice.text), notice.composed_at.astimezone(scene.settings.zone))
    return named.start if named is not None and isinstance(named.start, datetime) else None


def too_late(scene: Scene, notice: Notice, leaves: datetime) -> bool:
    """Whether what it tells of happens before it leaves, or shortly after."""
    named = when.find(undated(notice.text), notice.composed_at.astimezone(scene.settings.zone))
    if named is None or named.start is None:
        return False
    if isinstance(named.start, datetime):
        return named.start <= leaves + SOON
    return named.start <= today(scene, leaves)
