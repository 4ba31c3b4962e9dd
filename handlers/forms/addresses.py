"""Where somebody lives or works: a door in a building, a village's house, a stall on a market."""

import re
from functools import lru_cache

from bot.understanding import phrases
from bot.understanding.place import number
from bot.understanding.utterance import Place
from handlers.forms.rules import Words

COUNT = r"(\d{1,4}|[一二两三四五六七八九十]{1,3})"
VILLAGE_DOOR = re.compile(
    r"([\u4e00-\u9fff\d]{1,14}?(?:组|队|社|村|坝|湾|院|巷|街|路)[\u4e00-\u9fff]{0,6}?"
    r"(?:\d{1,4}|[一二三四五六七八九十百]{1,4})号)(?![楼栋线路])"
)
"""Where there are no buildings: 石桥一组老桥头12号, as a whole."""
ON_A_FLOOR = re.compile(rf"[楼层]\s?{COUNT}\s?(?:号|室|户|房)")
"""The door of 五楼一号."""
HOUSE = re.compile(
    r"(?P<called>[\u4e00-\u9fff]{2,10}?)?(?:\d{1,4}|[一二三四五六七八九十百]{1,4})号(?:附\d{1,3}号?)?"
    r"(?:[\u4e00-\u9fff]{0,4}(?:那家|那户|房子|屋头|家))?"
)
"""A house as one says it in the own village: 老桥头12号, 12号附2号."""
NO_NAME = re.compile(r"[月日号到至从回走来初]|今天|明天|后天|电话|手机|身份证|公交|地铁")
"""What stands before a number that is no house's."""
APART = re.compile(r"[,，。；;、\s]+")
LEADING = 4
"""Letters of an address among which words that do not belong to it may stand."""


def door(
    text: str, place: Place, words: Words, village: str = "", *, bare: bool = False
) -> tuple[str, str, str] | None:
    """Building, unit and room, without the words before it; in a village and on a market there is no building.

    `village` is the speaker's own, of which only the house is said; `bare`: a number alone is a house, too.
    """
    stall = _stall(words.stalls).search(text)
    if stall:
        return "", "", _bare(stall[1], words)
    if place.building and place.room:
        return place.building, place.unit or "", place.room
    if place.building and place.floor and place.floor.isdecimal() and (inside := ON_A_FLOOR.search(text)):
        return place.building, place.unit or "", f"{place.floor}{int(number(inside[1])):02}"
    house = None if place.building else VILLAGE_DOOR.search(text)
    if house:
        return "", "", _bare(house[1], words) + _annex(text[house.end() :])
    own = None if place.building or not village else _in_the_village(text, words, village, bare=bare)
    return ("", "", own) if own else None


def _in_the_village(text: str, words: Words, village: str, *, bare: bool) -> str | None:
    """The house of which the village need not be named, as it was said; a number alone has the village before it."""
    for clause in filter(None, APART.split(text)):
        said = HOUSE.fullmatch(_bare(clause, words))
        if said and said["called"] and not NO_NAME.search(said["called"]) and VILLAGE_DOOR.search(village + said[0]):
            return said[0]
        if said and bare and not said["called"]:
            return village + said[0]
    return None


def _annex(text: str) -> str:
    found = re.match(r"附\d{1,3}号?", text)
    return found[0] if found else ""


def tail_of(room: str) -> str:
    """What of a village address is the same however it is begun: 老桥头8号 of 石桥一组老桥头8号."""
    return re.split(r"[组队社村坝湾]", room)[-1]


def same_house(one: str, other: str) -> bool:
    """Whether two village addresses name one house: the longer may begin with its group or village."""
    short, long = sorted((one, other), key=len)
    return long.endswith(short) and (long == short or long[: -len(short)].endswith(("组", "队", "社", "村")))


def _bare(room: str, words: Words) -> str:
    for word in words.before_place:
        if (at := room.find(word)) >= 0 and at <= LEADING and len(room) > at + len(word) + 2:
            return room[at + len(word) :]
    return room


@lru_cache(maxsize=4)
def _stall(stalls: tuple[str, ...]) -> re.Pattern[str]:
    """菜市场12号摊位, 农贸市场A区3号摊: named, numbered and called a stall."""
    called = phrases.any_of(stalls)
    return re.compile(
        rf"([\u4e00-\u9fff][\u4e00-\u9fffA-Za-z\d]{{1,14}}?[\s-]?[A-Za-z]?\s?(?:\d{{1,4}}|[一二三四五六七八九十]{{1,3}})\s?(?:号|#)?\s?(?:{called}))"
    )
