"""Where a piece of personal data begins and ends: the whole address, and all that is said of the illness."""

import re

from bot.understanding.ailments import AILMENT
from bot.understanding.names import SOMEBODY

_ADDRESS = re.compile(
    r"(?:[\u4e00-\u9fff]{2}[路街巷弄村里] ?(?=[\d一二三四五六七八九十])|第)?(?<![\d:：.月])"
    r"(?:(?<=第)|[\dA-Za-z一二三四五六七八九十零〇])"
    r"[\dA-Za-z一二三四五六七八九十零〇号栋幢座楼单元室门社组队区期排层 #＃/()（）—-]*+\Z"
)
"""What of an address stands before a piece that begins in the middle of it."""
_BEGINS_IN_DOOR = re.compile(r"[\dA-Za-z一二三四五六七八九十零〇号楼单室门-]")
_LONGEST = 24
_STAGE = re.compile(
    r"(?:症|病|炎)?(?:[一二三四五六七八九1-9][期级型]|晚期|早期|后遗症)?(?:[得到][^,，。！!?？了\n]{1,8}(?=[,，。！!?？了\n]|$))?"
)
_MORE = re.compile(r"[,，、 ](?:[^,，。！!?？;；\n]{0,10})")
_AILMENT = re.compile(AILMENT)
_SOMEBODY = re.compile(SOMEBODY)
_SPEAKER = re.compile(r"[我你您咱俺]|大家|谁|[药讲]|能不|怎")


def home(text: str, start: int) -> int:
    """Where the address begins to which this belongs."""
    if not _BEGINS_IN_DOOR.match(text, start):
        return start
    before = text[max(0, start - _LONGEST) : start]
    found = _ADDRESS.search(before)
    return start - len(before) + found.start() if found else start


def illness(text: str, end: int) -> int:
    """Where that ends what is said of the illness: how bad it is, and what comes with it."""
    while True:
        stage = _STAGE.match(text, end)
        end = stage.end() if stage else end
        more = _MORE.match(text, end)
        if (
            not more
            or not (ill := _AILMENT.search(text, more.start(), more.end()))
            or _SOMEBODY.search(text, more.start(), more.end())
            or _SPEAKER.search(text, more.start(), more.end())
        ):
            return end
        end = ill.end()
