"""Personal data in a text: what it is and where it stands, so that a group can be protected."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["mobile", "phone", "id_number", "bank_card", "plate", "health", "home"]


@dataclass(frozen=True, slots=True)
class Personal:
    """One piece of personal data and its place in the text that was said."""

    kind: Kind
    start: int
    end: int


_MOBILE = re.compile(
    r"(?<![\dA-Za-z.])(?:\+?86[- ]?)?(1[3-9]\d)(?:[- ]?(\d{4})[- ]?(\d{4})|[- ](\d{3})[- ](\d{5}))(?![\dA-Za-z]|\.\d)"
)
_ORDER = re.compile(
    r"(?:单号|订单|编号|流水|运单|快递号|券码|取件码|工单|户号|表号|合同号|批号|条码|型号|网格码|"
    r"编码)[^\d,，。]{0,4}$"
)
_LANDLINE = re.compile(
    r"(?<![\d.\-])(?:\(0\d{2,3}\) ?[2-8]\d{6,7}|(?:010|02[0-9]|0[3-9]\d{2})[- ][2-8]\d{6,7}|"
    r"(?:010|02[0-9]|0[3-9]\d{2})[2-8]\d{6,7})(?![\d.\-])"
)
_LOCAL = re.compile(r"(?:电话|座机|固话|打|拨|号码)(?:是|号|为|:|：| |多少)*([2-8]\d{6,7})(?!\d)")
_ID = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}[- ]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[- ]?\d{3}[\dXx](?![\dA-Za-z])"
)
_OLD_ID = re.compile(r"(?<=身份证)[^\d]{0,6}([1-9]\d{14}|[1-9]\d{16}[\dXx])(?!\d)")
_CARD = re.compile(r"(?<![\d.])(?:[3-6]\d{3}(?:[- ]?\d{4}){3}(?:[- ]?\d{1,3})?)(?![\d.])")
_NAMED_CARD = re.compile(
    r"(?:银行卡|卡号|账号|帐号|[农工建中交邮招]行|信用社)[^\d\n]{0,6}(\d{4}(?:[- ]?\d{4}){3}(?:[- ]?\d{1,3})?)(?!\d)"
)
"""Called a card, it is one, even with a slip of the finger."""
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][·. ]?"
    r"(?:[DFdf][A-HJ-NP-Za-hj-np-z0-9]\d{4}|\d{5}[DFdf]|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警])(?![A-Za-z0-9])"
)
_ILL = (
    "乙肝|肝炎|艾滋病?|HIV|梅毒|肺结核|结核|癌症?|肿瘤|白血病|尿毒症|透析|化疗|放疗|抑郁症?|"
    "双相|精神分裂症?|精神病|精神障碍|躁郁|自闭症?|癫痫|羊癫疯|"
    "糖尿病|高血压|心脏病|冠心病|脑梗|脑瘫|中风|偏瘫|瘫痪|瘫了|老年痴呆症?|痴呆|阿尔茨海默|"
    "帕金森|尘肺|矽肺|哮喘|流产|打胎|怀孕|不孕|残疾|智力障碍|截肢|"
    "性病|吸毒|戒毒|酗酒|阳性|阳了|新冠|确诊|肾衰|红斑狼疮|渐冻"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蔡蒋"
    "余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛"
    "郝龚邵万钱严覃武戴莫孔向汤"
)
_TITLE = (
    "奶奶|爷爷|大爷|大妈|阿姨|叔叔|婆婆|嬢嬢|孃孃|伯伯|大伯|大娘|大嫂|大哥|大姐|嫂子|老师|师傅|"
    "先生|女士|太太|小姐|老汉|老头|老太|太婆|大叔|婶|叔|姐|哥|嫂|姨|爷|奶|婆|家的?(?:儿子|女儿|"
    "媳妇|老公|老婆|孩子|小子|闺女|娃|孙子|孙女|老头|老太太|老人|男人|女人|婆娘)"
)
_GIVEN = r"[\u4e00-\u9fff]"
_CALLED = rf"(?:[{_SURNAMES}]{_GIVEN}{{0,2}}?(?:{_TITLE})|(?:老|小|阿)[{_SURNAMES}](?!区|时|孩|学|心|声))"
_HEALTH = re.compile(
    rf"(?:{_CALLED}|(?:叫|姓名[:：]?|名叫|患者|病人)[{_SURNAMES}]{_GIVEN}{{1,2}}|(?<![\u4e00-\u9fff])[{_SURNAMES}]{_GIVEN}{{1,2}}?(?=有|"
    rf"得|是|患|查|确|被|刚|已|在))"
    rf"[^。！!?？\n]{{0,10}}?(?:{_ILL})"
)
_DOOR = (
    r"(?:\d{1,3}|[A-Za-z]\d?|[一二三四五六七八九十]{1,3})(?:号楼|栋|幢|座|#)(?:[\d一二三四五六七八九十]{1,2}单元)?[- ]?[1-9]\d{2,3}(?:室|"
    r"号|房)?|\d{1,2}-(?:\d{1,2}-)?[1-9]\d{2,3}(?:室|号)?"
)
_BARE_DOOR = r"(?<!\d)[1-9]\d{2,3}室?"
_FULL_NAME = rf"[{_SURNAMES}]{_GIVEN}{{1,2}}(?![栋楼单室号])"
_HOME = re.compile(
    rf"(?:{_DOOR})(?:的|住的|住着|是|住户|户主|业主|租客|那个|那家|,|，|:|：| )*(?:叫)?(?:{_CALLED}|"
    rf"(?:叫|姓名|户主|业主|租客|住户)[:：是叫]?{_FULL_NAME}|(?<=[的 ,，:：\d室号]){_FULL_NAME}(?=[,，。 ]|"
    rf"$|电话|手机|家|欠|没|\d))"
    rf"|(?:{_CALLED}|(?<![\u4e00-\u9fff]){_FULL_NAME}|(?:我叫|姓名[:：]?|收件人[:：]?|业主){_FULL_NAME})(?:家|"
    rf"住|住在|家住|家在|,|，|:|：| |在|电话|手机|1\d{{10}})*(?:{_DOOR})"
    rf"|(?<!\d)[1-9]\d{{2,3}}(?:的|住的|室的){_CALLED}"
)
_NO_NAMES = re.compile(
    r"高压|高空|高层|金属|石头|石板|白天|方便|方向|江边|江水|万一|向阳|钱包|黄色|黄线|白色|马路|"
    r"马桶|马上|水管|毛病|余下|于是|任何|许多|何时|何况|周末|周一|周五|程度|安全|常年|时候|严重|"
    r"顾客|夏天|秦|龙头|雷雨|侯|贺"
)


def find(text: str) -> tuple[Personal, ...]:
    """Every piece of personal data, from left to right, none inside another."""
    if not any(mark.isdigit() or mark in _TRIGGERS for mark in text):
        return ()
    found = sorted(_all(text), key=lambda piece: (piece.start, -piece.end))
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


_TRIGGERS = frozenset(
    "病症癌痨肝艾毒瘤疗郁裂痴呆瘫残孕胎阳透偏风梗肺喘癫疯狱冠肾狼渐酗截京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼栋幢座楼"
)


def _all(text: str) -> Iterator[Personal]:
    yield from _spans("id_number", _ID, text, _is_id)
    for found in _OLD_ID.finditer(text):
        yield Personal("id_number", *found.span(1))
    yield from _spans("bank_card", _CARD, text, _is_card)
    for found in _NAMED_CARD.finditer(text):
        yield Personal("bank_card", *found.span(1))
    yield from _spans("mobile", _MOBILE, text)
    yield from _spans("phone", _LANDLINE, text)
    for found in _LOCAL.finditer(text):
        yield Personal("phone", *found.span(1))
    yield from _spans("plate", _PLATE, text, _is_plate)
    yield from _spans("health", _HEALTH, text, _is_somebody)
    yield from _spans("home", _HOME, text, _is_somebody)


def _spans(
    kind: Kind, pattern: re.Pattern[str], text: str, holds: Callable[[str], bool] | None = None
) -> Iterator[Personal]:
    for found in pattern.finditer(text):
        if kind in {"mobile", "bank_card", "phone"} and _ORDER.search(text[max(0, found.start() - 10) : found.start()]):
            continue
        if holds is None or holds(found.group()):
            yield Personal(kind, found.start(), found.end())


def _is_id(said: str) -> bool:
    """GB 11643: the last character proves the others."""
    digits = re.sub(r"[- ]", "", said).upper()
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_card(said: str) -> bool:
    """ISO/IEC 7812: the Luhn sum, with the beginnings that banks here give out."""
    digits = re.sub(r"[- ]", "", said)
    if not 16 <= len(digits) <= 19 or digits[:2] not in _ISSUERS:
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
    return any(mark.isdigit() for mark in said[2:])


def _is_somebody(said: str) -> bool:
    return not _NO_NAMES.search(said)
