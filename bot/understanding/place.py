"""Where it is: building, unit, floor, room and spot, in the ways people write them."""

import re
from collections.abc import Sequence

from bot.catalog import Places
from bot.understanding import spoken
from bot.understanding.phrases import any_of
from bot.understanding.signs import Hit
from bot.understanding.utterance import Place

_DIGITS = "零一二三四五六七八九"
_CN = "零〇一二两三四五六七八九十百"
_DASH = "[-－—–−_/]"
_DOOR = r"(?:[1-9]|[12]\d|3[0-3])(?:0[1-9]|1[0-6])"
"""A number that can be a door: a floor up to 33, then 01 to 16."""
_LONE_ROOM = re.compile(
    r"(?:^|(?<=[\s,，。家住们的是到在和、楼]))([1-9]\d{2,3})(?:室|房间?|户|号房|号(?=[家的]))"
    rf"|(?:^|(?<=[\s,，。;；:：!！、住在个\]给找去到查])|(?<=楼[上下])|(?<=我家)|(?<=隔壁)|(?<=对门)|(?<=是))"
    rf"({_DOOR})(?=$|[\s,，。!！]*(?:[家的又老在漏渗吵半晚天装楼阳窗门下往把男女合卫厨厕客返房退顶]|一[家只户直到]|那[家户个只]|\d单元|$))"
    rf"|^({_DOOR})(?=[,，。])"
)
_TAKEN_BACK = re.compile(
    r"(?:不是|不在|并非|并不是|不叫|看错成|说成|写成|打成|以为是|当成|原先说是?|开始说是?)(?:在|的)?$"
)
_MISTAKEN = re.compile(r"(?:\d{1,2}单元)?(?:是我)?(?:说错|打错|写错|看错|搞错|报错)")
_PAIR = re.compile(
    r"(?<![\d.:A-Za-z\-/比第])(\d{1,2})-([1-9])(?![\d\-.:/比]| ?(?:[点号月日元块岁斤人天个次米年级倍%折分小周度层]|kg))"
)
"""Building and unit by themselves, "6-2": only where nothing better is named."""
_MARKED = re.compile(rf"[\d{_CN}A-Za-z]")
_SPEAKERS_OWN = re.compile(r"(?:我|咱|俺)(?:们|家)?(?:是|住|在|住在|以前住|原来住|以前在)*$")
_CLAUSE_ENDS = re.compile(r"(?:\d{3,4})?的?(?:业主|住户)?[,，]")
_NOT_THERE = re.compile(r"(?:别去|不是我家[(（]?|有人说|听说|他们说)$")
_WHOSE = re.compile(
    r"(?:\d{3,4})?的?(?:老\w|小\w|阿姨|邻居|业主|住户|\w{1,3}老师)?(?:托我|说|讲|反映|修好了|受害者|[^,，。]{0,4}看过去|[^,，。]{0,4}往下看)"
)
_AFTER_ROOM = r"(?![\d元块年月天人个米度%斤号栋分])"


def number(words: str) -> str:
    """ "十二" is "12"; digits and letters stay, letters in capitals."""
    if words[0] not in _CN:
        return words.lstrip("0").upper() or "0"
    words = words.replace("两", "二").replace("〇", "零")
    if "百" not in words and "十" not in words:
        return "".join(str(_DIGITS.index(digit)) for digit in words).lstrip("0") or "0"
    hundreds, _, rest = words.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    total = 100 * _digit(hundreds, 1 if "百" in words else 0)
    total += 10 * _digit(tens, 1 if ten else 0) + _digit(ones, 0)
    return str(total)


def _digit(words: str, otherwise: int) -> int:
    return _DIGITS.index(words[-1]) if words and words[-1] in _DIGITS else otherwise


class PlaceGrammar:
    """The grammar, with the suffixes a community uses."""

    def __init__(self, places: Places) -> None:
        buildings = any_of(places.building_suffix)
        units = any_of(places.unit_suffix)
        count = rf"\d{{1,2}}|[{_CN}]{{1,3}}"
        self._building = re.compile(
            rf"(?<![\d.A-Za-z])(\d{{1,3}}|[A-Za-z]\d{{0,2}}|[{_CN}]{{1,4}}) ?"
            rf"(?:{buildings}|#|(?:号|楼)(?= ?(?:{count}) ?(?:{units}))|号(?=[1-9]\d{{2,3}}(?!\d))|(?<!月\d)(?<!月\d\d)号(?=\d{{1,2}}[楼层]))"
        )
        self._unit = re.compile(rf"({count}|[A-Da-d甲乙丙丁东西南北中]) ?(?:{units})")
        self._entrance = re.compile(r"([一二三四五六七八1-8])门(?=[\s,，\d的]|[一二三四五六七八九十]{1,2}[层楼]|$)")
        self._floor = re.compile(rf"(负?(?:{count})) ?(?:楼|层|[Ff](?![A-Za-z]))(?![道梯栋盘])")
        self._room = re.compile(rf"[\s,，、的{_DASH[1:-1]}]{{0,2}}([1-9]\d{{2,3}}){_AFTER_ROOM}")
        self._room_further = re.compile(rf"[^\d。！!？?；;\n]{{1,10}}({_DOOR}){_AFTER_ROOM}")
        self._small_room = re.compile(r"[\s,，]?(\d{1,2})号(?![楼院栋门线车梯桩库口\d])")
        some = rf"(?:\d{{1,3}}|[{_CN}]{{1,4}}) ?"
        self._between = re.compile(rf"{some}(?:{buildings})?[和与跟、到]{some}(?:{buildings})(?:之间|中间)")
        self._dashed = re.compile(
            rf"(?<![\d.A-Za-z-])(?<!\d:)(\d{{1,2}}|[A-Za-z])(?: ?(?:{buildings}|#) ?|{_DASH})"
            rf"(?:(\d{{1,2}})(?:{_DASH}| ?(?:{units}) ?))?([1-9]\d{{2,3}})(?![\d-]){_AFTER_ROOM}"
        )

    def find(self, text: str, hits: Sequence[Hit] = ()) -> Place:
        """The place a text names; an empty one when it names none. `hits` bring the spots."""
        spot = _spot(text, hits)
        if not _MARKED.search(text):
            return Place(spot=spot)
        text = spoken.written(text)
        if between := self._between.search(text):
            return Place(spot=between.group())
        if dashed := _affirmed(self._dashed, text):
            building, unit, room = dashed.groups()
            return Place(number(building), number(unit) if unit else None, None, room, spot)
        return self._parts(text, spot)

    def _parts(self, text: str, spot: str | None) -> Place:
        building = _affirmed(self._building, text)
        end = building.end() if building else 0
        unit = (
            (self._entrance.match(text, end) if building else None)
            or _affirmed(self._unit, text, end)
            or _affirmed(self._unit, text)
        )
        end = max(end, unit.end() if unit else 0)
        floor = self._floor.search(text, end) or (None if building or unit else self._floor.search(text))
        after = [part.end() for part in (building, unit, floor) if part]
        rooms = [room for place in after if (room := self._room.match(text, place))]
        room = rooms[-1].group(1) if rooms else self._room_apart(text, unit, end) if after else _lone_room(text)
        if not building and not unit and not room and (pair := _PAIR.search(text)):
            return Place(pair.group(1), pair.group(2), _floor_number(floor.group(1)) if floor else None, None, spot)
        return Place(
            number(building.group(1)) if building else None,
            number(unit.group(1)) if unit else None,
            _floor_number(floor.group(1)) if floor else None,
            room,
            spot,
        )

    def _room_apart(self, text: str, unit: re.Match[str] | None, end: int) -> str | None:
        """A room some words behind its building: "2幢靠马路那侧的302"; small numbers only behind a unit."""
        found = (self._small_room.match(text, unit.end()) if unit else None) or self._room_further.match(text, end)
        return found.group(1) if found else _lone_room(text)


def _affirmed(pattern: re.Pattern[str], text: str, start: int = 0) -> re.Match[str] | None:
    """The first match that is meant; where others are only mentioned, the last: "不是3栋是5栋" is building 5."""
    mentioned: re.Match[str] | None = None
    for found in pattern.finditer(text, start):
        before = text[max(0, found.start() - 8) : found.start()]
        if _measure_word(found) or _TAKEN_BACK.search(before) or _MISTAKEN.match(text, found.end()):
            continue
        if not _only_mentioned(text, before, found.end()):
            return found
        mentioned = found
    return mentioned


def _only_mentioned(text: str, before: str, end: int) -> bool:
    """Where the speaker lives, where it is not, or who says so: "我5栋的,3栋那边有人..." """
    own = _SPEAKERS_OWN.search(before) and _CLAUSE_ENDS.match(text, end)
    return bool(own or _NOT_THERE.search(before) or _WHOSE.match(text, end))


def _measure_word(found: re.Match[str]) -> bool:
    return found.group() in {"一座", "两座", "几座", "这座"}


def _floor_number(words: str) -> str:
    return f"-{number(words[1:])}" if words[0] == "负" else number(words)


def _lone_room(text: str) -> str | None:
    found = _LONE_ROOM.search(text)
    return next(filter(None, found.groups()), None) if found else None


_LEVEL = re.compile(r" ?(?:[A-Za-z]?\d{1,3}(?:号|区|层)?|[A-Za-z]区?)")


def _spot(text: str, hits: Sequence[Hit]) -> str | None:
    spots = [hit for hit in hits if hit.kind == "spot"]
    if not spots:
        return None
    start, end = spots[0].start, spots[0].end
    for hit in spots[1:]:
        if hit.start > end:
            break
        end = hit.end
    if text[start:end].endswith(("车库", "停车场", "地库")) and (level := _LEVEL.match(text, end)):
        end = level.end()
    return text[start:end]
