"""What the words of an order say: which grid, until when, on whose authority."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.turn import Turn
from bot.understanding import when
from bot.understanding.place import number
from storage import grids
from storage.grids import Grid

BETWEEN = re.compile(r"[\s,，;；。、]+")
BEFORE = re.compile(
    r"^(?:时间|有效期|期限)?[:：为是]?(?:一直)?"
    r"(?:截止到|截至|截止|持续到|持续|再?延长到|再?延到|再?延长|再加|再延|多加|为期|管到|管|到|至)?"
)
AFTER = re.compile(r"(?:为止|结束|以前|之前|止|前)$")
LENGTH = re.compile(r"(\d{1,4}|[一二两三四五六七八九十]{1,3}|半)个?(分钟|小时|钟头|天|周|星期|礼拜)")
DAY_AND_HOUR = re.compile(r"(?<=[号日])(?=\d)")
"""12月1日8点: the hour is the clock's."""
MIDNIGHT = re.compile(r"(?<!\d)24[点时:：]")
MINUTES = {"分钟": 1, "小时": 60, "钟头": 60, "天": 1440, "周": 10080, "星期": 10080, "礼拜": 10080}
DRILL = "演练"
SHORTEST_CODE = 4
SHORTEST_NAME = 2


@dataclass(slots=True)
class Said:
    """The parts that were found; what is missing is asked."""

    drill: bool = False
    grids: list[Grid] = field(default_factory=list[Grid])
    """What the name fits: more than one must be asked about."""
    until: datetime | None = None
    rest: list[str] = field(default_factory=list[str])

    @property
    def authority(self) -> str:
        """Who ordered it, in the order's words."""
        return " ".join(self.rest)


def read(turn: Turn, words: str, *, places: bool = True) -> Said:
    """The parts of "锦绣社区 24小时 区防汛指挥部3号令", in whatever order they stand; without places where none is asked."""
    said = Said()
    pieces = [piece for piece in BETWEEN.split(words) if piece]
    while pieces:
        piece = pieces.pop(0)
        if piece == DRILL:
            said.drill = True
        elif places and not said.grids and (found := _grids(turn, piece)):
            said.grids, left = found
            pieces[:0] = [left] if left else []
        elif said.until is None and pieces and (until := moment(piece + pieces[0], turn.now, turn.settings.zone)):
            said.until = until
            pieces.pop(0)
        elif said.until is None and (until := moment(piece, turn.now, turn.settings.zone)):
            said.until = until
        else:
            said.rest.append(piece)
    return said


def moment(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment that these words name and nothing else: "24小时", "到明天早上8点"; None when they say more or less.

    A day without an hour ends at midnight; an hour without a part of the day is the clock's.
    """
    said = _bare(words)
    if found := LENGTH.fullmatch(said):
        count = 0.5 if found[1] == "半" else float(found[1] if found[1].isdecimal() else number(found[1]))
        return now + timedelta(minutes=count * MINUTES[found[2]])
    named = when.find(said, now.astimezone(zone))
    if named is None or named.start is None or named.words != said:
        return None
    if not isinstance(named.start, datetime):
        last = named.end if isinstance(named.end, date) else named.start
        return datetime.combine(last + timedelta(days=1), time(0), zone)
    midnight = MIDNIGHT.search(said) or ("晚" in said and named.start.hour == 12)
    if not midnight:
        return named.start
    return datetime.combine(named.start.date() + timedelta(days=1), time(0, named.start.minute), zone)


def is_length(words: str) -> bool:
    """Whether they say how long, not until when."""
    return LENGTH.fullmatch(_bare(words)) is not None


def _bare(words: str) -> str:
    """Without what leads up to a time and what follows it."""
    return DAY_AND_HOUR.sub("早", AFTER.sub("", BEFORE.sub("", BETWEEN.sub("", words))))


def _grids(turn: Turn, piece: str) -> tuple[list[Grid], str] | None:
    """The grids with this code or name, and what follows the name; None when the words name none."""
    if piece.isascii() and piece.isdecimal():
        found = grids.by_code(turn.session, piece) if len(piece) >= SHORTEST_CODE else None
        return ([found], "") if found else None
    named = [each for each in grids.called(turn.session).get(piece[:2], ()) if piece.startswith(each[0])]
    longest = max((len(name) for name, _ in named), default=0)
    if longest < SHORTEST_NAME:
        return None
    ids = {grid_id for name, grid_id in named if len(name) == longest}
    left = piece[longest:]
    if left and moment(left, turn.now, turn.settings.zone) is None:
        return None  # 锦绣社区防汛指挥部 is whoever ordered it
    return sorted(grids.by_ids(turn.session, ids).values(), key=lambda one: one.code), left
