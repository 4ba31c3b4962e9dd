"""For whom something is said, when it is not for the speaker."""

import re
from collections.abc import Sequence

from bot.understanding.phrases import any_of


class Behalf:
    """Knows the titles by which people name somebody."""

    def __init__(self, titles: Sequence[str]) -> None:
        title = any_of(titles)
        someone = rf"((?:(?:楼上|楼下|隔壁|对门)的?)?[\u4e00-\u9fff]{{0,3}}?(?:{title})|[\u4e00-\u9fff]{{2,4}}?)"
        self._asked = re.compile(
            rf"(?:帮|替|代)(?:我们?|咱们?)?{someone}家?(?:报(?!名|警|销|纸)|反映|说一[下声]|上报|问(?:一?下|问))"
        )
        self._led = re.compile(
            rf"{someone}家?(?:[\s,，:：]|(?<=家)|(?<={'|'.join(['奶奶', '爷爷', '阿姨', '大爷', '大妈'])}))"
        )

    def asked(self, text: str) -> str | None:
        """ "帮王奶奶报一下水管漏水" is said for 王奶奶."""
        found = self._asked.search(text) if any(mark in text for mark in "帮替代") else None
        return found.group(1) if found else None

    def led(self, argument: str) -> tuple[str | None, str]:
        """Who comes first after 代报, and what is said of them."""
        found = self._led.match(argument)
        if found is None:
            return None, argument
        return found.group(1), argument[found.end() :].strip(" ,，:：")
