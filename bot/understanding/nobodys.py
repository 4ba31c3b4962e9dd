"""What only looks like somebody's door or illness: shops, streets, neighbours spoken to, things, jokes, famous people."""

import re

from bot.understanding.ailments import ABOUT_NOBODY, AILMENT, FIGURATIVE, OTHER_TALK, SAYING
from bot.understanding.names import (
    HEALER,
    NOT_NAMES,
    SOMEBODY,
    SURNAME,
)

_SOMEBODY = re.compile(SOMEBODY)
_NO_HOME = re.compile(
    r"包[间厢]|节气|会议室|\d(?:克|箱|公里|摄氏)|招租|(?<![\d栋楼室元#-])120(?![\d室号])"
    r"|(?:负责|分管|管|包保) ?\d+[-—~至到]\d+(?:号楼|栋|幢)"
    r"|(?:诊所|药店|药房|[摊店铺馆课]|教室|画室|工作室|办公室|项目部)[^,，。\n]{0,3}(?:在|搬到|设在)"
    r"|在(?:社区|村委会?|物业|居委会?)[^,，。\n]{0,3}\d|堆在|地铁|团购|沙发|日游|麻辣烫|毛坯|均价|店?开业"
)
"""A number with a name where nobody lives."""
_NO_HOME_BEHIND = re.compile(
    r"(?<=[\d号室])室?(?:教室|画室|展位|门面|底商|办公室|咨询|工作室|诊所|招生|招租|路公交|号线|会议室|活动室|斤|窗[下外]|院停)|(?=[全文]集)"
)
_STREET = re.compile(r"[\u4e00-\u9fff]{2,3}(?:大街|大道|(?<![东西南北前后中上下正老新])[街路巷弄])\d{1,4}(?:号院?)?")
_NO_NAME_BEHIND = re.compile(rf"[\d室户](?: {NOT_NAMES}| ?(?:方正|古[琴筝典]|连[门灯]|卫生间?))\Z")
_SPOKEN_TO = re.compile(rf"{SOMEBODY}[,，] ?(?:帮?[看问查][一下看]*)?[\dA-Za-z][\dA-Za-z栋幢座号楼单元室#-]*")
_AT_WORK = re.compile(
    r"(?<=师傅|工人)(?:刚|正|已经|昨天|今天|明天|下午|上午)?(?:在|来|去)?(?:给[^,，。]{1,4})?(?:修|装|换|通|送|清|疏)"
)
"""Somebody sent for, not one who lives there."""
_PAUSE = re.compile(r"$|[,，。、;；:： )）】！!\n住家的户业租电手那]")

_NOT_NEIGHBOURS = re.compile(
    r"明星|演员|电影|电视|连续剧|歌手|主播|小说|历史|导演|主角|综艺|新闻里|刷到|《|名人|皇帝|皇后|作家|诗人|画家|鲁迅|林黛玉|贾宝玉|曹操|华佗|诸葛亮|"
    r"张飞|刘备|武松|林冲|宋江|孙悟空|李白|杜甫|苏东坡|霍金|贝多芬|梵高|凡高|居里|海伦|乔布斯|罗斯福|史铁生|张海迪|张国荣|梅艳芳|刘德华|周杰伦|"
    r"赵本山|陈晓旭|傅彪|李咏|罗京|姚明|刘翔|马云|袁隆平|武则天|慈禧|康熙|乾隆"
)
_ABOUT_NOBODY = re.compile(rf"(?:症|病|炎|障碍|性|的|了|人)?(?:{ABOUT_NOBODY})|(?<=[太夕朝]阳了)")
_AILMENT, _FIGURATIVE, _SAYING = re.compile(AILMENT), re.compile(FIGURATIVE), re.compile(SAYING)
_OTHER_TALK = re.compile(OTHER_TALK)
_NOT_ILL = re.compile(
    r"没[有得]?[啥什么]*病|啥病[都也]?没|从前有|有没有多|(?<=[是做当])护工|照顾过|救过(?!来)|药膳|擅长|讲古"
    r"|(?:家?的|家)(?:小?[猫狗鸟]|车|手机|电脑|花|鱼|电视|冰箱|空调|鞋|眼镜|伞)(?![咬抓撞挠叮])"
    r"|(?:服务器|网站|电梯|交通|系统|手机|电脑|电视)[^,，。]{0,3}(?:瘫|坏|断|感染|中毒)|[盆棵株][^,，。]{0,4}[烂病]"
    r"|轮椅(?:可以|能)?[借送捐]|买了?[^,，。]{0,3}轮椅"
)
"""Said of a thing, of others, or that there is no illness."""
_DENIED = re.compile(rf"(?<![是就])不是[^,，。；;]{{0,3}}?{AILMENT}")
"""No illness, unless another is named: "是贫血不是白血病", "不是化疗，是斑秃"."""
_ASKED = re.compile(rf"(?:{SOMEBODY}|{SURNAME}{HEALER})[,，] ?(?:{AILMENT})")
_QUESTION = re.compile(
    r"(?:症|病|炎|的)?(?:证|药|检查|建档|能|要|可|多久|哪|怎|吃[啥什]|会不会|算不算|有没有|报销|是不是|还要|早期|的症状|的偏方)"
)
_PLAINLY = 10
"""In so few characters another's talk is the whole sense; in more, some word of it may stand anywhere."""


def home(text: str, start: int, end: int) -> bool:
    """Whether what looks like a door with a name is where nobody named lives."""
    return bool(
        _NO_HOME.search(text, start, end + 2)
        or _NO_HOME_BEHIND.match(text, end)
        or ((street := _STREET.match(text, start, end)) and not _SOMEBODY.search(text, street.end(), end))
        or _NO_NAME_BEHIND.search(text, start, end)
        or _AT_WORK.match(text, end)
        or (_SPOKEN_TO.fullmatch(text, start, end) and not _PAUSE.match(text, end))
    )


def illness(text: str, start: int, end: int) -> bool:
    """Whether what looks like an illness with a name is no ill neighbour."""
    return bool(
        _NOT_NEIGHBOURS.search(text)
        or (end - start <= _PLAINLY and _OTHER_TALK.search(text, start, end))
        or _only_sounds(text, start, end)
        or _ABOUT_NOBODY.match(text, end)
        or well(text, start, end)
    )


def well(text: str, start: int, end: int) -> bool:
    """Whether the named one has no illness, or was only asked about it."""
    return bool(
        _NOT_ILL.search(text, start, end + 3)
        or _is_denied(text, start, end)
        or _SAYING.search(text, start, end + 2)
        or (_ASKED.fullmatch(text, start, end) and _QUESTION.match(text, end))
    )


def talk(text: str, start: int, end: int) -> bool:
    """Whether what stands between a name and an illness makes it somebody else's."""
    return bool(_OTHER_TALK.search(text, start, end))


def famous(text: str) -> bool:
    """Whether a text is of people everybody knows."""
    return bool(_NOT_NEIGHBOURS.search(text))


def after(text: str, place: int) -> bool:
    """Whether what follows an illness speaks of it in general."""
    return bool(_ABOUT_NOBODY.match(text, place))


def _is_denied(text: str, start: int, end: int) -> bool:
    denial = _DENIED.search(text, start, end)
    if denial is None:
        return False
    return not (_AILMENT.search(text, start, denial.start()) or _AILMENT.search(text, denial.end(), end))


def _only_sounds(text: str, start: int, end: int) -> bool:
    """Whether nothing of an illness is left without what is said in a figure."""
    if not _FIGURATIVE.search(text, start, end + 2):
        return False
    return not _AILMENT.search(_FIGURATIVE.sub("，", text[start : end + 2]))
