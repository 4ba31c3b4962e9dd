"""Personal data in a text: what it is and where it stands, so that a group can be protected."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from bot.understanding import whose
from bot.understanding.ailments import ABOUT_NOBODY, AILMENT, FIGURATIVE, OTHER_TALK, TELLING
from bot.understanding.names import (
    ANY_NAME,
    CHILD,
    FULL_NAME,
    HEALER,
    NOT_NAMES,
    PARENT_OF,
    SOMEBODY,
    SURE_NAME,
    SURNAME,
)

Kind = Literal["mobile", "phone", "id_number", "bank_card", "plate", "health", "home"]


@dataclass(frozen=True, slots=True)
class Personal:
    """One piece of personal data and its place in the text that was said."""

    kind: Kind
    start: int
    end: int


_GAP = r"(?: ?[-.·_/—–~、] ?| )?"
"""What people put between the digits of one number."""
_NUMBER = re.compile(r"\d")
_DIGITS = re.compile(r"\d[^\w\n]{0,3}\d[^\w\n]{0,3}\d(?:[^\w\n]{0,3}\d){4}")
_MOBILE = re.compile(
    rf"(?:(?<![\dA-Za-z])|(?<=[Vv][Xx])|(?<=[Ww][Xx])|(?<=[Tt][Ee][Ll])|(?<![A-Za-z])(?<=[Vv]))"
    rf"(?:(?:\+|00)?86{_GAP}|\(\+?86\) ?|0)?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d|[A-Za-z]{{1,3}}\d|\.\d|-\d)"
)
_GROUPED = re.compile(r"(?<![\dA-Za-z.])1[3-9]\d[^\w\n]{1,4}\d{4}[^\w\n]{0,4}\d{4}(?![\dA-Za-z]|\.\d)")
_CN_DIGIT = "一二三四五六七八九零〇幺两壹贰叁肆伍陆柒捌玖"
_SPOKEN_DIGIT = rf"[\doO{_CN_DIGIT}]"
_SPOKEN_START = r"[1一幺壹][ ,，、-]?[3-9三四五六七八九叁肆伍陆柒捌玖]"
_SPOKEN = re.compile(
    rf"(?<![\dA-Za-z{_CN_DIGIT}十百]){_SPOKEN_START}(?:[ ,，、-]?{_SPOKEN_DIGIT}){{9}}(?![\dA-Za-z{_CN_DIGIT}十百])"
)
_SPOKEN_SIGN = re.compile(rf"{_SPOKEN_DIGIT}(?:[ ,，、-]?{_SPOKEN_DIGIT}){{6}}")
_SPOKEN_LANDLINE = re.compile(
    rf"(?:电话|座机|固话|号码|热线|打|拨|联系)[^\d{_CN_DIGIT}\n。]{{0,6}}((?:[{_CN_DIGIT}][ ,，、-]?){{6,11}}[{_CN_DIGIT}])(?![{_CN_DIGIT}十百\d年])"
)
_ORDER = re.compile(
    r"(?:单号|订单|编号|流水|运单|快递号|券码|取件码|工单|(?<![用住租客])户号|表号|合同号|批号|条码|型号|网格码|编码|代码|证书号|设备号|序列号|"
    r"许可证号|产权证号|会议号|房源号|学号|工号|考号|票号|群号|桩号|[Qq]{2}群?)[^\d,，。电手微联打]{0,4}$"
)
_AREA = r"(?:010|02\d|0[3-9]\d{2})"
_SUBSCRIBER = r"[2-8](?:[-. ·]?\d){6,7}"
_LANDLINE = re.compile(
    rf"(?<![\d.\-])(?:(?:\+|00)?86[- .]\(?0?(?:10|2\d|[3-9]\d{{2}})\)?[-. —–]{{0,3}}|"
    rf"[(（\[【]{_AREA}[)）\]】] ?-?|{_AREA}(?:[-. /·_—–]{{0,3}}))"
    rf"{_SUBSCRIBER}(?:(?: ?转 ?| ?分机 ?|-)\d{{1,5}})?(?![\d.]|-\d)"
)
_NEAR = r"((?!400|800|20[0-2]\d[01]\d[0-3]\d)[2-8]\d{2,3}[-. ·—]\d{3,4}|(?!400|800|20[0-2]\d[01]\d[0-3]\d)[2-8]\d{6,7})"
"""A number without the town's code."""
_LOCAL = re.compile(
    rf"(?:(?:电话|座机|坐机|固话|固定电话|传真|值班室|内线|号码)[^\d\n。；]{{0,8}}|(?:打|拨|热线|联系|呼叫|[Tt][Ee][Ll])"
    rf"(?:机|号|是|为|给|这个|那个|到|[:：,，. (（])*+){_NEAR}(?![\d-]|\.\d|[元块号栋楼平])"
)
_LOCAL_SAID_AFTER = re.compile(
    rf"(?<![\d.A-Za-z-]){_NEAR}(?=[)）,， ]{{0,2}}(?:打不通|没人接|有人接|这个号|这个电话|是座机|座机|固话|打这|找我|转))"
)
_LOCAL_BESIDE = re.compile(rf"(?<=[\u4e00-\u9fff:： ]){_NEAR}(?![\d-]|\.\d|[元块号栋楼平度分人年米斤])")
"""In a list of telephones, where another has its town's code."""
_LOCAL_ALONE = re.compile(r"(?<=[\u4e00-\u9fff ])(?<!400 )(?!20[0-2]\d[01]\d[0-3]\d)([2-8]\d{7})(?=[,，。)） ]|$)")
"""Eight digits behind a word and before a pause: in adverts and notes nothing else looks like that."""
_ID = re.compile(
    rf"(?<![\dA-Za-z])[1-9](?:{_GAP}\d){{5}}{_GAP}(?:1{_GAP}9|2{_GAP}0)(?:{_GAP}\d){{9}}{_GAP}[\dXx×](?![\dA-Za-z])"
)
_NAMED_ID = re.compile(
    rf"(?:身份|证件|(?<![可权学书格])证号|(?<![A-Za-z])ID|[Ss][Ff][Zz])[^\d\n]{{0,8}}"
    rf"([1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx×]|[1-9](?:{_GAP}\d){{14}})(?!\d)"
)
"""Called one, it is one, even with a slip of the finger or from before 1999."""
_CARD = re.compile(rf"(?<![\d.])[3-69](?:{_GAP}\d){{14,18}}(?![\d.])")
_NAMED_CARD = re.compile(
    rf"(?:(?<!会员)卡|账号|帐号|账户|帐户|户头|存折|一卡通|[农工建中交邮招商]行|银行|信用社|信合|农信|邮储|储蓄|汇|打到|打钱|打款|转到|转账|转给|退到|退钱|"
    rf"收款|打进|存进|存到|打我)[^\d\n]{{0,8}}(\d(?:{_GAP}\d){{15,18}})(?!\d)"
)
"""Called a card, it is one, even with a slip of the finger."""
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
_PLATE = re.compile(
    rf"[{_PROVINCES}] ?[-.·•・]? ?[A-HJ-NP-Za-hj-np-z](?: ?[-.·•・—:：*] ?| )?[A-Za-z0-9](?:[-.·•・ ]?[A-Za-z0-9]){{3,4}}"
    rf"(?:[-.·•・ ]?[A-Za-z0-9挂学警港澳领])?(?![A-Za-z0-9])"
)
_NAMED_PLATE = re.compile(r"车牌号?(?:码|是|为|尾号|[:： ])*+([A-HJ-NP-Z][·. -]?[A-Z0-9]{5,6})(?![A-Za-z0-9])")
_PLATE_SIGN = re.compile(rf"[{_PROVINCES}][ .·•・-]{{0,3}}[A-Za-z]|车牌")

_TELLING = re.compile(TELLING)
_AILMENT = re.compile(AILMENT)
_ABOUT_NOBODY = re.compile(rf"(?:症|病|炎|障碍|性|的|了|人)?(?:{ABOUT_NOBODY})|(?<=[太夕朝]阳了)")
_FIGURATIVE = re.compile(FIGURATIVE)
_SOMEBODY = re.compile(SOMEBODY)
_FULL_NAME = re.compile(FULL_NAME)
_SICK = re.compile(
    rf"(?<![\u4e00-\u9fff]){SURE_NAME}(?=有|得|是|患|查|确|被|刚|已|在|的|,|，| |$)|(?<=患者|病人)[:：]?{ANY_NAME}"
    rf"|{CHILD}|{SURNAME}{HEALER}(?=自己|本人|[他她]自己)"
)
_OTHER_TALK = re.compile(OTHER_TALK)
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
_NOT_NEIGHBOURS = re.compile(
    r"明星|演员|电影|电视|连续剧|歌手|主播|小说|历史|导演|主角|综艺|新闻里|刷到|《|名人|皇帝|皇后|作家|诗人|画家|鲁迅|林黛玉|贾宝玉|曹操|华佗|诸葛亮|"
    r"张飞|刘备|武松|林冲|宋江|孙悟空|李白|杜甫|苏东坡|霍金|贝多芬|梵高|凡高|居里|海伦|乔布斯|罗斯福|史铁生|张海迪|张国荣|梅艳芳|刘德华|周杰伦|"
    r"赵本山|陈晓旭|傅彪|李咏|罗京|姚明|刘翔|马云|袁隆平|武则天|慈禧|康熙|乾隆"
)

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
_NO_HOME = re.compile(r"包[间厢]|节气|会议室|\d(?:克|箱|公里|摄氏)|招租|(?<![\d栋楼室元#-])120(?![\d室号])")
"""A number with a name where nobody lives."""
_IN_A_LIST = re.compile(r"\d{1,2}[.．、](?=\d)")
"""The number of a line, which is no part of the door behind it."""
_FLOOR_END = re.compile(r"(?<![号栋])[楼层]$")
_LIVES_IN = re.compile(r"住[在着]?(?:我们|咱们?)?\Z")
_AFTER_FLOOR = (re.compile(r"(?:的|住着|住的|那户|那家|住|姓名|叫|[ (（])++"),)
_REACH = 34
"""How far from a door a name still belongs to it."""
_WINDOW = 18
"""How far from an illness a name still belongs to it."""
_PLAINLY = 10
"""In so few characters another's talk is the whole sense; in more, some word of it may stand anywhere."""
_MOST = 100
"""So many illnesses of one text are looked at."""


def find(text: str) -> tuple[Personal, ...]:
    """Every piece of personal data, from left to right, none inside another; numbers are told from what is around."""
    found = list(numbers(text))
    for piece in _merged([*_belongings(text), *_named(hide(text, found))]):
        found += _beside(piece, found)
    return tuple(sorted(found, key=lambda piece: piece.start))


def numbers(text: str) -> tuple[Personal, ...]:
    """Numbers that are somebody's: telephones, cards, plates."""
    found = sorted(_all_numbers(text), key=lambda piece: (piece.start, -piece.end))
    kept: list[Personal] = []
    for piece in found:
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return tuple(kept)


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


def _all_numbers(text: str) -> Iterator[Personal]:
    if _NUMBER.search(text) and _DIGITS.search(text):
        yield from _numbers(text)
    if _SPOKEN_SIGN.search(text):
        yield from _spoken(text)
    if _PLATE_SIGN.search(text):
        yield from _spans("plate", _PLATE, text, _is_plate)
        for found in _NAMED_PLATE.finditer(text):
            yield Personal("plate", *found.span(1))


def _belongings(text: str) -> Iterator[Personal]:
    """Doors and illnesses that are somebody's, by rules."""
    yield from _health(text)
    if _DOOR_SIGN.search(text) and _ROOM_SIGN.search(text):
        yield from _homes(text)


def _named(text: str) -> Iterator[Personal]:
    """The same by what was learned."""
    for one in whose.find(text):
        if one.kind == "home" or not (
            _NOT_NEIGHBOURS.search(text)
            or (one.end - one.start <= _PLAINLY and _OTHER_TALK.search(text, one.start, one.end))
            or _FIGURATIVE.search(text, one.start, one.end + 2)
            or _ABOUT_NOBODY.match(text, one.end)
        ):
            if one.kind == "home" and _NO_HOME.search(text, one.start, one.end + 2):
                continue
            counted = _IN_A_LIST.match(text, one.start)
            yield Personal(one.kind, counted.end() if counted else one.start, one.end)


def _numbers(text: str) -> Iterator[Personal]:
    yield from _spans("id_number", _ID, text, _is_id)
    for found in _NAMED_ID.finditer(text):
        yield Personal("id_number", *found.span(1))
    yield from _spans("bank_card", _CARD, text, _is_card)
    for found in _NAMED_CARD.finditer(text):
        if not _ORDER.search(text[max(0, found.start(1) - 10) : found.start(1)]):
            yield Personal("bank_card", *found.span(1))
    yield from _spans("mobile", _MOBILE, text, _is_mobile)
    yield from _spans("mobile", _GROUPED, text)
    yield from _spans("phone", _LANDLINE, text)
    listed = (_LOCAL_BESIDE,) if _LANDLINE.search(text) else ()
    for pattern in (_LOCAL, _LOCAL_SAID_AFTER, _LOCAL_ALONE, *listed):
        for found in pattern.finditer(text):
            if pattern not in (_LOCAL_ALONE, _LOCAL_BESIDE) or not _ORDER.search(
                text[max(0, found.start(1) - 10) : found.start(1)]
            ):
                yield Personal("phone", *found.span(1))


def _spoken(text: str) -> Iterator[Personal]:
    for found in _SPOKEN_LANDLINE.finditer(text):
        yield Personal("phone", *found.span(1))
    for found in _SPOKEN.finditer(text):
        if re.search(r"[^\d ,，、-]", found.group()):
            yield Personal("mobile", *found.span())


def _spans(
    kind: Kind, pattern: re.Pattern[str], text: str, holds: Callable[[str], bool] | None = None
) -> Iterator[Personal]:
    for found in pattern.finditer(text):
        if kind in {"mobile", "bank_card", "phone"} and _ORDER.search(text[max(0, found.start() - 10) : found.start()]):
            continue
        if holds is None or holds(found.group()):
            yield Personal(kind, found.start(), found.end())


def _health(text: str) -> Iterator[Personal]:
    """An illness, and the nearest name before it in its sentence, else right behind it."""
    if not _TELLING.search(text):
        return
    for illness in islice(_AILMENT.finditer(text), _MOST):
        if _ABOUT_NOBODY.match(text, illness.end()):
            continue
        if _NOT_NEIGHBOURS.search(text):
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
    if not names or _OTHER_TALK.search(text, names[-1].end(), end):
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


def _is_mobile(said: str) -> bool:
    """Eleven digits in few groups, or one by one; not a row of small numbers."""
    groups = re.findall(r"\d+", said)
    return (
        (len(groups[0]) == 3 and all(len(group) == 1 for group in groups[1:]))
        or (len(groups) <= 5 and len(groups[0]) > 1)
        or all(len(group) == 1 for group in groups)
        or [len(group) for group in groups[:5]] == [2] * 5
    )


def _is_id(said: str) -> bool:
    """GB 11643: the last character proves the others."""
    digits = "".join(sign for sign in said.upper().replace("×", "X") if sign.isalnum())
    if not ("01" <= digits[10:12] <= "12" and "01" <= digits[12:14] <= "31"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_card(said: str) -> bool:
    """ISO/IEC 7812: the Luhn sum, with the beginnings that banks here give out."""
    digits = "".join(sign for sign in said if sign.isdigit())
    if not 15 <= len(digits) <= 19 or digits[:2] not in _ISSUERS or (len(digits) == 15 and digits[:2] != "37"):
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


_ISSUERS = frozenset(
    {
        "30",
        "35",
        "37",
        "40",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "60",
        "62",
        "65",
        "68",
        "69",
        "90",
        "94",
        "95",
        "99",
    }
)


def _is_plate(said: str) -> bool:
    """Behind the office's letter five signs, six for electric cars; at most two of them letters."""
    signs = [sign for sign in said if sign.isalnum()][2:]
    letters = sum(sign.isascii() and sign.isalpha() for sign in signs)
    return len(signs) in {5, 6} and letters <= 2 and not _ENGINE.search(said)


_ENGINE = re.compile(r"\d\.\d[TtLl]")
