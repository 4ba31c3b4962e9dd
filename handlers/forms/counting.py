"""How many people a text tells: counted one by one or in a number, and never a number that belongs to a place or a day."""

import re
from functools import lru_cache

from bot.understanding import phrases
from bot.understanding.place import number
from handlers.forms.rules import Words

_CN = "一二两三四五六七八九十"
COUNT = rf"(\d{{1,5}}|[{_CN}]{{1,3}})"
STANDING = re.compile(
    rf"(?<![\d{_CN}第])(?:(\d{{1,5}})|([{_CN}]{{1,3}})(?=\s*(?:[个位口人名条只大小]|[,，。;；!！~～、]|[吧嘛哈了呢啊呀嘞]|$)))"
)
"""A number that stands for itself: 三 of 三个, not of 三亚."""
NO_NUMBER = re.compile(
    rf"[一两]个(?:[二三四五六七八九]?十[一二三四五六七八九]?(?!个|口|人|几)|\d{{2,3}}(?!\d|个|口|人))"
    rf"|一(?:共|起|家|直|般|样|下)|(?:腊月|正月|初|第|20\d\d年){COUNT}"
    rf"|{COUNT}\s?(?:岁|月|号|日|点|时|栋|幢|座|单元|楼|层|室|元|块|斤|米|年|天|周|个月|个?星期|个?礼拜"
    r"|个?小时|分钟|组|队|社|村|里|街|路|巷|弄|区|期|排|号楼|环|桥|坝|湾|院|中|小学|中学|医院|次|回|遍|套|间|门|代|线|路口)"
    rf"|(?:组|队|社|村|街|路|巷|弄|区|期|排|楼|栋|幢|座|单元){COUNT}(?!\s?[个位口人名])"
)
"""Numbers that count something else or name a place: 二十九 of 腊月二十九, 3 of 3岁, 一 of 石桥一组."""
ALL_OF_THEM = re.compile(rf"(?:总共|一共|合计|拢共|共)\s?(?:是|有)?\s?{COUNT}")
SO_MANY = re.compile(rf"(?<!第){COUNT}\s?(?:个人|口人|口(?!井)|人|位)(?!子|儿|民|员|工)")
WITH_ME = re.compile(r"我(?:跟|和|与|同)[^\d,，。、]{1,5}?(?P<many>两|俩|二|2)个?(?=$|[,，。、\s]|来|回|人|一起)")
"""我和老伴两个 are two."""
UNSURE = re.compile(r"[^,，。；;]*(?:来不来|回不回|说不准|说不定|不一定|没定)[^,，。；;]*")
GROWN_AND_SMALL = re.compile(rf"([\d{_CN}])\s?大\s?([\d{_CN}])\s?小")
"""两大一小."""
MYSELF = re.compile(r"我(?=跟|和|与|同|带|、|加|还有)|(?:跟|和|、|还有|加)我(?=$|[,，。一])")
AND_MORE = re.compile(r"加|带|还有|另外|外加")
BESIDES = re.compile(r"加|还有|另外")
NUMERAL = rf"[\d{_CN}]"
NOT_COMING = re.compile(
    rf"[^,，。；;\d{_CN}]*(?:不来|不回|不去|不住|来不了|来不成|回不来|回不成)[^,，。；;\d{_CN}]*(?=$|[,，。；;])"
)
"""我妈不来了."""
TURNS = re.compile(
    r"[\s,，。、!！]*(?:(?:哎呀|哦|噢|呃|嗯)?(?:不对|说错了?|错了|搞错了?|记错了?|写错了?|打错了?|哦不|噢不)+"
    r"|(?<=[\s,，。、!！嘛哈])(?:不是|哦|噢|呃))(?:[\s,，。、!！]|应该|是)*"
)
"""三个，不对，四个: what comes after is what is meant; 三个，不是四个 says three."""
NOT_BUT = re.compile(
    rf"^不是[^,，。是]{{0,6}}{NUMERAL}[^,，。是]{{0,4}}[,，\s]*(?:而是|应该是|是)(?=[^,，。]{{0,6}}{NUMERAL})"
)
"""不是两个人，是三个人."""
NO_TURN = re.compile(r"(?<=[,，、\s])不是(?=[^\s,，。、!！])")


def heads(text: str, words: Words, *, loose: bool = False) -> int | None:
    """How many people are told one by one: 大人两个娃儿一个; `loose` counts those without a number too: 我跟我老公."""
    text = meant(text, words)
    text = WITH_ME.sub("两个人", UNSURE.sub("", text) or text)
    text = NOT_COMING.sub("", text) or text
    text = NO_NUMBER.sub("，", _elsewhere(words.persons).sub("，", text))
    if whole := ALL_OF_THEM.search(text):
        return int(number(whole[1]))
    if both := GROWN_AND_SMALL.search(text):
        return int(number(both[1])) + int(number(both[2]))
    many, left = 0, text
    for couple in words.couples:
        if couple in left:
            many, left = many + 2 * left.count(couple), left.replace(couple, "，")
    couples = many
    counted = 0
    for found in _counting(words.persons).finditer(left):
        named = found["before"] or found["after"]
        counted += bool(named)
        many += int(number(named)) if named else 1
    plain = SO_MANY.search(left)
    if plain and not (counted and AND_MORE.search(left)):
        return int(number(plain[1])) if plain[1] != "一" or not loose or not many else many + 1
    many += int(number(plain[1])) if plain else 0
    if loose and many and not (counted or plain or couples) and (alone := the_number(left)):
        return alone + (many if BESIDES.search(left) else 0)
    if loose and many:
        many += bool(MYSELF.search(left))
    return many if counted or (loose and many) or (couples and plain) else None


def the_number(text: str) -> int | None:
    """The one number that a text is; None where it has none, or several."""
    found = [digits or words for digits, words in STANDING.findall(NO_NUMBER.sub("，", text))]
    return int(number(found[0])) if len(found) == 1 else None


def meant(text: str, words: Words) -> str:
    """What is meant where a number is taken back in the same breath; nothing where that may be all of it or a part."""
    text = NOT_BUT.sub("", text)
    parts = TURNS.split(NO_TURN.sub("，并非", text))
    if len(parts) < 2 or not all(re.search(NUMERAL, one) for one in (parts[0], parts[-1])):
        return text
    people = _counting(words.persons)
    return "" if people.search(parts[0]) and people.search(parts[-1]) else parts[-1]


@lru_cache(maxsize=4)
def _counting(persons: tuple[str, ...]) -> re.Pattern[str]:
    of = rf"[\d{_CN}]{{1,2}}"
    return re.compile(
        rf"(?:(?P<before>{of})\s?(?:个|位|名)\s?)?(?:{phrases.any_of(persons)})(?:(?:有|是)?\s?(?P<after>{of})\s?(?:个|位|名)(?!人))?"
    )


@lru_cache(maxsize=4)
def _elsewhere(persons: tuple[str, ...]) -> re.Pattern[str]:
    """Somebody whose home or place is named and who does not come: 从外婆家来."""
    return re.compile(
        rf"(?:从|在|去|到|住)(?:我|我们|他|她)?(?:{phrases.any_of(persons)})+(?:家|那里|那边|那儿|那|屋头|屋里|屋)"
    )
