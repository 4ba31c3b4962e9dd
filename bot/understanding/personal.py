"""Personal data in a text: what it is and where it stands, so that a group can be protected."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from bot.understanding import borders, nobodys, whose
from bot.understanding.ailments import AILMENT, TELLING
from bot.understanding.names import (
    ANY_NAME,
    CHILD,
    FULL_NAME,
    HEALER,
    NOT_NAMES,
    PARENT_OF,
    SOMEBODY,
    SURE_NAME,
    SURE_SURNAMES,
    SURNAME,
)
from bot.understanding.numbered import Kind, Personal, numbers

__all__ = ["Kind", "Personal", "find", "hide", "numbers"]

_TELLING = re.compile(TELLING)
_AILMENT = re.compile(AILMENT)
_SOMEBODY = re.compile(SOMEBODY)
_FULL_NAME = re.compile(FULL_NAME)
_SICK = re.compile(
    rf"(?<![\u4e00-\u9fff]){SURE_NAME}(?=有|得|是|患|查|确|被|刚|已|在|的|,|，| |$)|(?<=患者|病人)[:：]?{ANY_NAME}"
    rf"|{CHILD}|{SURNAME}{HEALER}(?=自己|本人|[他她]自己)"
)
_SENTENCE_END = re.compile(r"[。！!?？；;\n]")
_SUFFERER = re.compile(
    r"(?:症|病|炎|的毛病|障碍|患者|病人|病号|走了?|去世|在床|多年|几年|刚|出院)*+"
    r"(?:人士|有(?=[:：])|的(?:不?就?是|那个|那位|邻居|居民|老人|孩子|人)*+|[:： (（]|那个|那位|患者|病人)"
    r"(?:叫|是|姓名|[:： ,，]|\d{1,2}[栋号][\d-]*)*+"
)
_SPEAKER_AFTER = re.compile(r"[^。！!?？\n]{0,8}?(?<![不问])我(?:是|叫)(?:[^,，。\n]{0,8}的)?")
"""An illness without anybody's name, and then who speaks."""
_IS_ONE = re.compile(r"(?<=[盲哑残聋]人)|(?<=疾人)|(?<=病人)")
"""A word for whoever has it, with the name right behind."""
_COUNT = r"[一二三四五六七八九十百]{1,4}"
_ROOM = (
    r"(?:[1-9]\d{2,3}|0[1-9]\d{2}|[一二三]?[一二三四五六七八九](?:百零?|[零〇一])[一二三四五六七八九十]|[A-Za-z]\d{3,4})"
    r"(?!\d|[元块斤年月度克%]|\.\d)[A-Za-z]?(?:室|号房?|房间?|户)?"
)
_SIDE = r"(?:[东西南北中左右][边侧手]?[户室]|左手边|右手边)"
_BUILDING = rf"(?:(?<!\d)\d{{1,3}}|(?<![A-Za-z])[A-Za-z]\d{{0,2}}|{_COUNT})"
_UNIT = rf"(?:\d{{1,2}}|{_COUNT}|[A-Za-z甲乙丙丁东西])(?:单元|单|门洞?|梯)"
_FLOOR = rf"(?:\d{{1,2}}|{_COUNT})[楼层]"
_AND = "[-,，·—/ 的]{0,2}"
_DASH = "[-—–_~/.·、 #]"
_LATIN_NAME = r"(?<![A-Za-z])[A-Z][a-z]{2,9}"
_LETTERED = r"\d{1,2}[楼层]?-?[A-Ha-h](?![A-Za-z0-9])(?:室|房|户)?"
_DOOR = re.compile(
    rf"{_BUILDING} ?(?:号楼|号院|栋楼?|幢|座|[#＃]楼?|号|楼|弄|排){_AND}(?:{_UNIT}|\d{{1,2}}[-—/])?{_AND}"
    rf"(?:(?:{_FLOOR}{_AND})?(?:{_ROOM}|{_SIDE})|{_FLOOR}{_AND}\d{{1,2}}号(?!楼)|{_LETTERED})"
    rf"|(?<![\d号栋幢座])\d{{1,2}}[楼层]{_AND}{_ROOM}|(?<!\d){_UNIT}{_AND}(?:(?:{_FLOOR}{_AND})?(?:{_ROOM}|{_SIDE})|(?:{_FLOOR}{_AND})?\d{{1,2}}号(?!楼))"
    rf"|(?<![\d-])(?<!\d[:：])(?:\d{{1,2}}|[A-Za-z]\d?){_DASH}(?:\d{{1,2}}{_DASH})?(?:[1-9]\d{{2,3}}|0[1-9]\d{{2}})"
    rf"(?![\d:：.元块斤年月]|-\d|\d*[%人])(?:室|号房?|房)?"
    rf"|(?<![\d.-])[1-9]\d{{2,3}}(?:室|号房|房间?)|门牌号?[是:： ]?\d{{1,4}}号?|(?<!\d)\d{{1,3}}号院"
    rf"|[路街巷弄村组队社道里同子镇查场坊苑庄屯湾坪]\d{{1,4}}(?:号院?(?:附\d+)?|附\d+号?|-\d+号?|户)(?:\d{{1,2}}[室栋])?|\d{{1,3}}号别墅"
)
_FLAT = re.compile(
    r"(?<![\d.\-A-Za-z:：价共约费第年￥¥])(?:[1-9]|[1-4]\d)(?:0[1-9]|1\d|2[0-4])(?![\d.:：%-]|[元块斤克年月度米人份个次号分路]|平|公里)(?:室|房)?"
    r"|(?<![一二三四五六七八九零〇十百])[一二三]?[一二三四五六七八九][零〇][一二三四五六七八九](?![一二三四五六七八九零〇十百])室?"
    r"|(?<![A-Za-z0-9])[A-Ha-h]-?(?:[1-9]|[1-4]\d)(?:0[1-9]|1\d|2[0-4])(?![\dA-Za-z])"
)
"""A number that may be a flat, with nothing that says so."""
_DOOR_SIGN = re.compile(r"[\d零〇户室墅边牌院栋]")
_ROOM_SIGN = re.compile(
    r"[栋幢座#楼元].{0,6}[楼层]|[栋幢座楼]\d{1,2}-?[A-Ha-h]|门牌|号院|住[在着]?.{0,4}[栋幢号]|\d\d\d|[零〇]|[东西南北中左右][边侧手]?[户室]|[左右]手边|[路街巷弄村组队社道里同子镇查场坊苑庄屯湾坪]\d|别墅|[二三四五六七八九]一[一二三四五六七八九]"
)
_SAID = r"(?:姓名|名字|户主|业主|住户|租户|租客|房东|房客|联系人|收件人|收货人|登记人|申请人|报修人|报名人?|机主|车主|我叫|我是|本人|叫)"
_THEN = (
    r"(?:的住户|的业主|的户主|的租客|的房东|住户|业主|户主|租户|租客|房东|房客|联系人|收件人|收货人|姓名|名字|老人|独居|低保户|那一?户|那家|那个|这家|的那位|住着|住的是|住的|住了|的|住|室|"
    r"就是|是|叫|一家|家|人|楼上|[-—,，:：、 /|(（【\[)）】\]+·\n。.])"
)
_ALONE = r"(?=$|[\n,，。 )）】]|收|家|电话|手机|报名|登记|签收|1[3-9]\d)"
_AFTER_DOOR = (
    re.compile(rf"(?:{_THEN}){{0,5}}+"),
    re.compile(r"[^。！!?？\n,，]{1,8}?的(?:那个|那位)?"),
)
"""What stands between a door and a known kind of name; then what announces any name."""
_ANNOUNCED = re.compile(
    rf"{_SAID}[:：是叫 ]*+{ANY_NAME}|[ (（:：,，/—-]{{0,2}}{SURE_NAME}{_ALONE}"
    rf"|[ (（:：,，]{{1,2}}(?!{NOT_NAMES}){ANY_NAME}(?=[\n,，。 )）:：]?(?:电话|手机|已交|参加|报名|1[3-9]\d))"
    rf"|[,， ]?找{SURNAME}(?:先生|女士|小姐|太太|阿姨|大姐|大哥|大爷|大妈|叔叔?|奶奶|爷爷|姐|哥)"
    rf"|(?<=\d)[的 ]?{SURNAME}{HEALER}(?!坐诊|出诊|门诊|办公|诊室)"
    rf"|[ (（]{SURNAME}(?=$|[\n,，)）])|[(（]{FULL_NAME}[)）]"
    rf"|[ 的]?{PARENT_OF}(?=$|[ ,，。)）+\n])|[的 ]?(?:光头|眼镜|胖子|瘦子|瘸子|瞎子|聋子|麻子|哑巴|大胡子|驼背)(?=$|[ ,，。)）\n又家])"
    rf"|[ 的]?{_LATIN_NAME}(?:妈妈?|爸爸?|姐|哥|老师|奶奶|爷爷|外婆)|[的 阿]{_LATIN_NAME}(?=[ ,，。)）\n]|的|家|$)"
    rf"|[^。！!?？\n]{{0,8}}(?:我是|我叫|本人|联系人|叫|姓名|户主|业主|租客|收件人)[:：是叫 ]{{0,2}}{ANY_NAME}"
)
_LIVES = (
    r"(?:就在|那户|那家|这家|家就在|家里在|家住在|家住|家在|家是|住在|住的是|住的|就住|她住|他住|搬到|搬去|地址|门牌号?|房号|户号|房间号?|楼栋|家里|家的|那儿|那里|一家|夫妻|独居|女|男|\d{17}[\dXx]|报名|登记|参加|已交|交了|楼长|业主|房主|住户|租客|本人|新搬来的?|"
    r"\d{1,3}岁|"
    r"电话|手机|1[3-9]\d{9}|的房子|的门牌|的家|家|住|在|是|她|他|[-—,，:：、 /|(（【\[)）】\]+·@\n])"
)
_AROUND = (
    r"(?:小区|本小区|我们|咱们?|的)?(?:[\u4e00-\u9fff]{2,4}(?:花园|小区|家园|公寓|新村|新城|苑|府|湾|庭))?"
    r"(?:[A-Za-z甲乙丙丁东西南北一二三四五]区|[一二三四五]期)?楼?"
)
"""The estate and its parts, said before the building."""
_BEFORE_DOOR = re.compile(rf"(?:{_LIVES}){{0,8}}+{_AROUND}")
_ANNOUNCED_BEFORE = re.compile(
    rf"(?:{_SAID}[:：是叫 ]*+{ANY_NAME}?|(?<![\u4e00-\u9fff]){PARENT_OF})(?:{_LIVES}){{0,8}}+{_AROUND}\Z"
)
_DWELLS = re.compile(r"[^。！!?？\n]{0,8}?(?:住在?|家在|家是|搬到|搬去|地址是?)(?:我们|小区|咱)?")
_ADDRESSED = frozenset(",，:：\n")
"""After a neighbour spoken to, not one who lives there."""
_KIN = frozenset("姐哥妹弟爷奶叔姨婶嫂")
_AFTER_FLAT = (
    re.compile(
        r"(?:室|房)?(?:住着|住的|的住户|的业主|那户|那家|业主|户主|租客|住户|住|的|家|那个|那位|楼上|楼下)++(?:[^。，,\n]{1,6}?的)?"
    ),
    re.compile(r"[ ,，:：(（]?"),
)
_BEFORE_FLAT = re.compile(r"[,， ]?(?:住在|家住|就|是|我|他|她|家|住|在|楼上|楼下|对面){1,4}+")
_BESIDE_FLAT = re.compile(r"[ (（,，]?")
"""Enough after a full name, or where nothing follows the number."""
_FLOOR_DOOR = re.compile(
    rf"(?<!\d){_BUILDING}(?:号楼|栋楼?|幢|座|#楼?)[-,，·—/ ]?(?:{_UNIT}[-,，·—/ ]?)?(?:{_FLOOR}|顶楼|顶层)?(?![-\d])"
)
_WITH_SURNAME = re.compile(
    rf"(?<![\d:：.-])(?:\d{{1,2}}-(?:\d{{1,2}}-)?\d{{3,4}}|(?:\d{{1,2}}栋[:： ]?)?[1-9]\d{{2,3}}室?)[-：: （(]?"
    rf"(?P<name>{SURNAME})(?=[)）]?(?:[、,，\n ]|$))"
)
_IN_A_LIST = re.compile(r"\d{1,2}[.．、](?=\d)")
"""The number of a line, which is no part of the door behind it."""
_FLOOR_END = re.compile(r"(?<![号栋])[楼层]$")
_LIVES_IN = re.compile(r"住[在着]?(?:我们|咱们?)?\Z")
_AFTER_FLOOR = (re.compile(r"(?:的|住着|住的|那户|那家|住|姓名|叫|[ (（])++"),)
_REACH = 34
"""How far from a door a name still belongs to it."""
_WINDOW = 18
"""How far from an illness a name still belongs to it."""
_MOST = 100
"""So many illnesses of one text are looked at."""


def find(text: str) -> tuple[Personal, ...]:
    """Every piece of personal data, from left to right, none inside another; numbers are told from what is around."""
    found = list(numbers(text))
    named = _merged([*_belongings(text), *_named(text, hide(text, found))])
    for piece in sorted(named, key=lambda piece: piece.kind != "home"):
        found += _beside(piece, found)
    return tuple(sorted(found, key=lambda piece: piece.start))


def hide(text: str, pieces: Sequence[Personal], mask: str = "*") -> str:
    """The text with every piece covered."""
    for piece in reversed(pieces):
        text = text[: piece.start] + mask * (piece.end - piece.start) + text[piece.end :]
    return text


def _merged(pieces: Iterable[Personal]) -> list[Personal]:
    """The same with one piece for those of a kind that overlap."""
    merged: list[Personal] = []
    for piece in sorted(pieces, key=lambda piece: (piece.kind, piece.start)):
        last = merged[-1] if merged else None
        if last and last.kind == piece.kind and piece.start < last.end:
            merged[-1] = replace(last, end=max(last.end, piece.end))
        else:
            merged.append(piece)
    return sorted(merged, key=lambda piece: (piece.start, -piece.end))


def _beside(piece: Personal, found: Sequence[Personal]) -> Iterator[Personal]:
    """What of a piece does not lie in those found before."""
    start = piece.start
    for other in sorted(found, key=lambda other: other.start):
        if other.start < piece.end and other.end > start:
            if other.start > start + 1:
                yield replace(piece, start=start, end=other.start)
            start = max(start, other.end)
    if piece.end > start + 1:
        yield replace(piece, start=start)


def _belongings(text: str) -> Iterator[Personal]:
    """Doors and illnesses that are somebody's, by rules."""
    for piece in _health(text):
        if not nobodys.well(text, piece.start, piece.end):
            yield replace(piece, end=borders.illness(text, piece.end))
    if _DOOR_SIGN.search(text) and _ROOM_SIGN.search(text):
        yield from _dwellings(text, _homes(text))
        yield from _listed(text)


def _named(text: str, told: str) -> Iterator[Personal]:
    """The same by what was learned, from the text without its numbers."""
    for one in whose.find(told):
        counted = _IN_A_LIST.match(text, one.start)
        piece = Personal(one.kind, counted.end() if counted else one.start, one.end)
        if piece.kind == "home":
            yield from _dwellings(text, [piece])
        elif not nobodys.illness(told, piece.start, piece.end):
            yield replace(piece, end=borders.illness(text, piece.end))


def _dwellings(text: str, pieces: Iterable[Personal]) -> Iterator[Personal]:
    """Those where somebody lives, from where the address begins."""
    for piece in pieces:
        if not nobodys.home(text, piece.start, piece.end):
            yield replace(piece, start=borders.home(text, piece.start))


def _listed(text: str) -> Iterator[Personal]:
    """Doors with nothing but a surname, as in lists."""
    found = list(_WITH_SURNAME.finditer(text))
    for each in found:
        if len(found) > 1 or each["name"] in SURE_SURNAMES:
            yield Personal("home", *each.span())


def _health(text: str) -> Iterator[Personal]:
    """An illness, and the nearest name before it in its sentence, else right behind it."""
    if not _TELLING.search(text):
        return
    for illness in islice(_AILMENT.finditer(text), _MOST):
        if nobodys.after(text, illness.end()):
            continue
        if nobodys.famous(text):
            return
        start = _sufferer_before(text, illness.start())
        if start is not None:
            yield Personal("health", start, illness.end())
        elif end := _name_after(text, illness.end(), (_SUFFERER, _IS_ONE, _SPEAKER_AFTER)):
            yield Personal("health", illness.start(), end)


def _sufferer_before(text: str, end: int) -> int | None:
    begin = max(0, end - _WINDOW)
    for stop in _SENTENCE_END.finditer(text, begin, end):
        begin = stop.end()
    names = list(_SOMEBODY.finditer(text, begin, end)) or list(_SICK.finditer(text, begin, end))
    if not names or nobodys.talk(text, names[-1].end(), end):
        return None
    nearest = names[-1]
    if text[max(0, nearest.start() - 1) : nearest.start()] == "@":
        return None
    return nearest.start()


def _homes(text: str) -> Iterator[Personal]:
    """Doors with the name beside them; behind them first, as most write."""
    for door in _DOOR.finditer(text):
        yield from _home(text, door, _name_after(text, door.end(), _AFTER_DOOR), (_BEFORE_DOOR, _DWELLS), _ANNOUNCED)
    for door in _FLOOR_DOOR.finditer(text):
        if _FLOOR_END.search(door.group()) or _LIVES_IN.search(text, max(0, door.start() - 5), door.start()):
            yield from _home(text, door, _name_after(text, door.end(), _AFTER_FLOOR), (_DWELLS,))
    for door in _FLAT.finditer(text):
        before = (_BEFORE_FLAT, _BESIDE_FLAT)
        yield from _home(text, door, _name_after(text, door.end(), _AFTER_FLAT), before)


def _name_after(text: str, place: int, links: Sequence[re.Pattern[str]]) -> int | None:
    """Where a name ends that one of these links to this place."""
    for link in links:
        linked = link.match(text, place, place + _REACH)
        if linked and (who := _SOMEBODY.match(text, linked.end(), place + _REACH)):
            return who.end()
    return None


def _home(
    text: str,
    door: re.Match[str],
    end: int | None,
    before: Sequence[re.Pattern[str]],
    announced: re.Pattern[str] | None = None,
) -> Iterator[Personal]:
    if end is None and announced and (who := announced.match(text, door.end(), door.end() + _REACH)):
        end = who.end()
    start = door.start() if end is not None else None
    if start is None and announced:
        who = _ANNOUNCED_BEFORE.search(text, max(0, door.start() - _REACH), door.start())
        start = who.start() if who else None
    if start is None:
        start = _name_before(text, door, before)
    if start is not None:
        yield Personal("home", start, door.end() if end is None else end)


def _name_before(text: str, door: re.Match[str], links: Sequence[re.Pattern[str]]) -> int | None:
    for who in _SOMEBODY.finditer(text, max(0, door.start() - _REACH), door.start()):
        sure = _ends(text, door.end()) or (
            who.group()[-1] not in _KIN and _FULL_NAME.fullmatch(text, who.start(), who.end())
        )
        for link in links:
            if not link.fullmatch(text, who.end(), door.start()):
                continue
            if sure or (link is not _BESIDE_FLAT and text[who.end() : door.start()] not in _ADDRESSED):
                return who.start()
    return None


def _ends(text: str, place: int) -> bool:
    return place == len(text) or text[place] in ",，。\n )）】"
