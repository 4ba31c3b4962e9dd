"""Whose phone a number is, by the words beside it."""

import re
from functools import lru_cache

from bot.understanding.names import SURNAMES, SURNAMES_THAT_ARE_WORDS

SURNAMED = "|".join(sorted(SURNAMES - SURNAMES_THAT_ARE_WORDS))
TITLE = r"(?:师傅|老师|医生|阿姨|叔叔|经理|老板|工头|[姐哥嫂嬢孃娘嬷叔姨伯爷婆总工])"
SENTENCES = re.compile(r"[。；;!！\n]")
I_AM = re.compile(r"我(?:就)?是[\u4e00-\u9fff]{1,3}")
"""Who says so is named and is nobody else: 我是租客."""
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
SOMEBODY = re.compile(rf"(?:[老小阿](?:{SURNAMED})|(?:{SURNAMED}){TITLE})[^\d我个]{{0,8}}$")
"""Right before a number: 钥匙在老王那 电话."""
MINE = re.compile(r"(?:我|本人)(?:自己)?的?(?:联系)?(?:电话|手机|号码)?(?:号码?)?(?:是|为)?[\s:：]*$")
"""Right before a number: 我妈来住，我的电话是."""


def is_of(others: tuple[str, ...], named: str, text: str, *, anybody: bool = False) -> bool:
    """Whether the number in the text is the phone of one of these: named before it, or right behind it.

    `anybody`: whoever is named right before it counts too: 老王那 电话135….
    """
    at = text.find(named)
    before = MOBILE.split(I_AM.sub("", SENTENCES.split(text[:at])[-1]))[-1]
    if MINE.search(before):
        return False
    if anybody and SOMEBODY.search(before):
        return True
    return any(word in before for word in others) or _behind(others).match(text[at + len(named) :]) is not None


def plain(named: str) -> str:
    """Its digits, without the country's."""
    digits = re.sub(r"\D", "", named)
    return digits.removeprefix("86") if len(digits) == 13 else digits


@lru_cache(maxsize=32)
def _behind(others: tuple[str, ...]) -> re.Pattern[str]:
    """139...，这是我妈的."""
    called = "|".join(map(re.escape, others)) or r"(?!)"
    return re.compile(
        rf"[\s,，、]*(?:(?:这个?|那个?|它)?(?:就)?是|[(（])(?:我们?|咱们?|他|她)?家?(?:{called})"
        rf"|[\s,，、]*(?:我们?|咱们?)?(?:{called})的?(?:电话|手机|号码?)?(?=$|[,，。)）])"
    )
