"""Numbers that are somebody's: telephones, identity cards, bank cards, plates, as people write and say them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

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
    rf"(?:(?:\+|00)?86{_GAP}|\(\+?86\) ?|0)?[1lI]{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d|[A-Za-z]{{1,3}}\d|\.\d|-\d)"
)
_GROUPED = re.compile(r"(?<![\dA-Za-z.])1[3-9]\d[^\w\n]{1,4}\d{4}[^\w\n]{0,4}\d{4}(?![\dA-Za-z]|\.\d)")
_CN_DIGIT = "一二三四五六七八九零〇幺两壹贰叁肆伍陆柒捌玖"
_SPOKEN_DIGIT = rf"[\doO{_CN_DIGIT}]"
_SPOKEN_START = r"[1一幺壹][ ,，、-]?[3-9三四五六七八九叁肆伍陆柒捌玖]"
_SPOKEN = re.compile(
    rf"(?<![\dA-Za-z{_CN_DIGIT}十百]){_SPOKEN_START}(?:[ ,，、-]?{_SPOKEN_DIGIT}){{9}}(?![\dA-Za-z{_CN_DIGIT}十百])"
)
_SPOKEN_SIGN = re.compile(rf"{_SPOKEN_DIGIT}(?:[ ,，、-]?{_SPOKEN_DIGIT}){{6}}")
_SPOKEN_ID = re.compile(
    rf"(?<![\dA-Za-z{_CN_DIGIT}])(?:{_SPOKEN_DIGIT}[ ,，、-]?){{17}}(?:{_SPOKEN_DIGIT}|[Xx×叉])(?![\dA-Za-z{_CN_DIGIT}])"
)
_AS_DIGITS = {
    ord(sign): digit
    for signs, digit in zip(
        ("零〇oO", "一幺壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖", "叉"),
        "0123456789X",
        strict=True,
    )
    for sign in signs
}
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
    rf"(?<![\d.A-Za-z-]){_NEAR}(?=[)）,， ]{{0,2}}(?:是[^\d,，。\n]{{0,10}}?(?:座机|电话|号码)|打不通|没人接|有人接|这个号|"
    rf"这个电话|座机|固话|打这|找我|转))"
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
_UNION_PAY = re.compile(
    r"(?<![\d.A-Za-z-])62[1-5]\d(?P<gap>[ -])\d{4}(?P=gap)\d{4}(?P=gap)\d{4}(?:(?P=gap)?\d{3})?(?![\d.]|[ -]\d)"
)
"""In groups of four, as it stands on the cards of the banks here: also one that was mistyped."""
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
_PLATE = re.compile(
    rf"[{_PROVINCES}] ?[-.·•・]? ?[A-HJ-NP-Za-hj-np-z](?: ?[-.·•・—:：*] ?| )?[A-Za-z0-9](?:[-.·•・ ]?[A-Za-z0-9]){{3,4}}"
    rf"(?:[-.·•・ ]?[A-Za-z0-9挂学警港澳领])?(?![A-Za-z0-9])"
)
_NAMED_PLATE = re.compile(r"车牌号?(?:码|是|为|尾号|[:： ])*+([A-HJ-NP-Z][·. -]?[A-Z0-9]{5,6})(?![A-Za-z0-9])")
_PLATE_SIGN = re.compile(rf"[{_PROVINCES}][ .·•・-]{{0,3}}[A-Za-z]|车牌")


def numbers(text: str) -> tuple[Personal, ...]:
    """Numbers that are somebody's: telephones, cards, plates."""
    found = sorted(_all_numbers(text), key=lambda piece: (piece.start, -piece.end))
    kept: list[Personal] = []
    for piece in found:
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return tuple(kept)


def _all_numbers(text: str) -> Iterator[Personal]:
    if _NUMBER.search(text) and _DIGITS.search(text):
        yield from _numbers(text)
    if _SPOKEN_SIGN.search(text):
        yield from _spoken(text)
    if _PLATE_SIGN.search(text):
        yield from _spans("plate", _PLATE, text, _is_plate)
        for found in _NAMED_PLATE.finditer(text):
            yield Personal("plate", *found.span(1))


def _numbers(text: str) -> Iterator[Personal]:
    yield from _spans("id_number", _ID, text, _is_id)
    for found in _NAMED_ID.finditer(text):
        yield Personal("id_number", *found.span(1))
    yield from _spans("bank_card", _CARD, text, _is_card)
    for found in _NAMED_CARD.finditer(text):
        if not _ORDER.search(text[max(0, found.start(1) - 10) : found.start(1)]):
            yield Personal("bank_card", *found.span(1))
    yield from _spans("bank_card", _UNION_PAY, text)
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
    for found in _SPOKEN_ID.finditer(text):
        named = text[max(0, found.start() - 8) : found.start()]
        if "身份" in named or "证号" in named or _is_id(found.group().translate(_AS_DIGITS)):
            yield Personal("id_number", *found.span())
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
