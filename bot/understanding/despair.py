"""Somebody who does not want to live any more says so, loudly or quietly, and is no bystander."""

import re

from bot.catalog import Weary

BYSTANDER, DESPAIR = "suicide", "despair"
_OF_ONESELF = re.compile(
    r"(?:^|[\s,，。!！?？、;；]|觉得|感觉)(?:我|俺|本人)(?:真的?|是|好|太|只|就|都|也|现在|已经|实在|确实|一个人|天天|有点|有时|很|想着?|觉得|要|准备|打算|去){0,4}"
    r"(?:想死|不想活|活不下去|活够|不活[了啦]|寻死|寻短见|自杀|轻生|跳[楼河桥江]|往下跳|从.{1,6}跳下去|一死了之|死了算了)"
    r"|(?:^|[\s,，。!！?？、;；])(?:真的?|好|太|就|都|也|现在|已经|实在|确实|一个人){0,3}(?:想死了?|不想活|活不下去|活够了)"
)
"""Somebody who wants to die says so, whatever else the sentence says: the words of comfort are for them."""
_TOLD_OF = re.compile(r"[说讲喊闹吼]|有人|他|她|看到|听到|看见")
"""Whoever tells of somebody else is a bystander."""
_BEGINS = (
    r"(?:^|[\s,，。!！?？、;；])(?:我|俺|本人|老子|我们|这把年纪|这样|这么|一个人|天天|每天|现在|有时候?|真的?|是|好|太|只|就|都|也|还|又|已经|实在|"
    r"确实|总|老是|老|一直|感觉|觉得|认为|想着?|唉|哎|说实话|(?:[痛疼病苦]|难受|孤单|孤独|心里难过|伤心|造孽)得?){0,5}"
)
"""A clause of the speaker's own, up to the words that count: "加班累得..." is another beginning."""


class Despair:
    """Knows the quiet words for it, 活着没意思, which jokes borrow too."""

    def __init__(self, weary: Weary) -> None:
        known = "|".join(r"[^,，。!！?？\s]{0,4}?".join(map(re.escape, one.split(".."))) for one in weary.words)
        self._weary = re.compile(f"{_BEGINS}(?P<words>{known or '(?!)'})")
        self._jests = weary.jests

    def quiet(self, text: str) -> str | None:
        """The words by which somebody says it quietly; None where nobody does, or in jest."""
        found = self._weary.search(text)
        return found["words"] if found and not any(jest in text for jest in self._jests) else None


def of_oneself(text: str) -> bool:
    """Whether somebody says it plainly, and of nobody else."""
    return _OF_ONESELF.search(text) is not None and _TOLD_OF.search(text) is None
