"""Days of the week, named in an answer: 每周一三五, 星期二和星期四, 隔天; kept as digits, Monday first."""

import re
from collections.abc import Mapping

NAMES = "一二三四五六日"
ONE = "[一二三四五六日天]"
WEEK = "(?:周|星期|礼拜)"
RUN = re.compile(rf"{WEEK}({ONE}(?:[、,，和跟及/\s]*{WEEK}?{ONE})*+)(?!次|回|遍|趟|个)")
"""每周一三五, 周二和周五; 每周三次 names no day."""


def read(text: str, other: Mapping[str, str]) -> str:
    """The days that are named, as sorted digits; `other` has what else people say for days. Nothing: none is named."""
    if found := RUN.search(text):
        named = found[1].replace("天", "日")
        return "".join(sorted({str(NAMES.index(name) + 1) for name in named if name in NAMES}))
    longest = max((word for word in other if word in text), key=len, default="")
    return other.get(longest, "")


def shown(digits: str) -> str:
    """The same in words: 一、三、五."""
    return "、".join(NAMES[int(digit) - 1] for digit in digits)
