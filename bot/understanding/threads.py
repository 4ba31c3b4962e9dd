"""Threads: what a message does to the matters that were just spoken of; a pure function of what was said before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.understanding.utterance import Utterance

Deed = Literal["new", "joins", "adds", "withdraws", "nothing"]

WINDOW = 12
"""So many messages later a matter is no longer what the talk is about."""
_MEDIA = re.compile(r"\[(?:图片|照片|视频|语音|小视频|位置|定位)\]")
_JOINS = re.compile(
    r"^[+＋]\s?1\b|^[+＋]1|^同(?:问|求|感|样|上|款|遭遇|此)|^一样[的啊,，。!！]?|^\d{0,2}[栋楼单元号层幢座]?也是|(?:我|咱|俺)(?:们|家|们家|屋|屋头|这|们这|们楼|们栋|楼|单元|这边|这栋|这层|们单元|们这栋|们那栋)?(?:也|同样|一样)"
    r"|(?:[栋楼单元层号幢座户]|[1-9]\d{2,3}|那[一扇个边]|这边|这里|这儿|楼上|楼下|隔壁|对门|我|单元|家家|都)也(?:是|没|一样|有|停|黑|漏|臭|坏|不|被|遭|冷|吵|堵|断|听|闻|看|碰|遇)|^也(?:是|没|一样|有)|不止你|不光你|\+1$|我也|俺也|加我一个|算我家?一[个户]|附议|同被|都这样|一模一样|我昨[天晚]也|顶一下|顶$"
)
_OVER = re.compile(
    r"(?:修好|弄好|搞好|整好|换好|通了|来了|好了|亮了|不漏了|不臭了|不响了|不叫了|停了,?好|挪走|挪了|开走|走了|清走|清了|拖走|搬走|找到|回来了|接到了|出来了|没事了|解决|恢复|撤|取消|不用来|不用管|不用了|不用修|不麻烦|算了|搞错|看错|弄错|报错|虚惊|误会|作废|灭了|不报了|可以结|换上|装上|补上)"
)
_ASIDE = re.compile(
    r"[?？]$|[吗么呢]$|^(?:谢|多谢|感谢|好的|好嘞|收到|嗯|哦|噢|哈|呵|嘿|行|中|可以|辛苦|没事|没得事|不客气|真的|哎|唉|对|是的|是啊|就是)|哈哈|😂|👍|🙏$|\[强\]|谢谢|点赞"
)
_THANKS = re.compile(r"谢|多谢|感谢|[^了]{0,12}[?？]$")
_WHERE = re.compile(
    r"\d{1,3}(?:号楼|栋|幢|单元|楼|层|号)|[东西南北]门|门口|车库|楼道|旁边|边上|对面|后面|前面|那棵|那边|左手|右手|最里|角"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of a thread, read; and what it did, when that is known."""

    by: str
    said: Utterance
    deed: Deed = "nothing"


def joins(text: str) -> bool:
    """ "我家也是", "+1", "同问": somebody has the same."""
    return len(text) <= 40 and bool(_JOINS.search(text))


def deed(earlier: Sequence[Heard], by: str, said: Utterance) -> Deed:
    """What a message does, given the messages before it and what each of them did."""
    recent = earlier[-WINDOW:]
    matters = [heard for heard in recent if heard.deed == "new"]
    mine = next((heard for heard in reversed(matters) if heard.by == by), None)
    others = next((heard for heard in reversed(matters) if heard.by != by), None)
    text = said.text
    if _MEDIA.search(text):
        return "adds" if mine else "nothing"
    if mine and (said.intent == "withdraw" or (len(text) <= 40 and _OVER.search(text) and not _THANKS.match(text))):
        return "nothing" if _already_over(recent, by) else "withdraws"
    if others and not mine and joins(text):
        return "joins"
    if said.intent in {"report", "emergency"}:
        return _speaks_of_a_matter(said, mine, others)
    if mine and not _already_over(recent, by) and _belongs(recent, said, by):
        return "adds"
    return "nothing"


def _speaks_of_a_matter(said: Utterance, mine: Heard | None, others: Heard | None) -> Deed:
    if mine:
        return "adds" if _same(mine.said, said) else "new"
    if others and others.said.category == said.category and _same(others.said, said):
        return "joins" if others.said.intent != "emergency" else "nothing"
    return "new"


def _same(one: Utterance, two: Utterance) -> bool:
    """Nothing in the second says that it is another matter."""
    elsewhere = bool(one.place.building and two.place.building and one.place.building != two.place.building)
    if re.match(r"(?:还有|另外|我要说另|再说一?个|顺便|再报)", two.text):
        return False
    return not elsewhere and (one.category == two.category or len(two.text) <= 16 or two.category == "other")


def _belongs(recent: Sequence[Heard], said: Utterance, by: str) -> bool:
    """A sentence of the same person that tells more: a place, or something soon after and no small talk."""
    if _ASIDE.search(said.text) or said.intent not in {"chat", "progress", "ask"}:
        return False
    if said.place or _WHERE.search(said.text):
        return True
    asked = (
        bool(recent) and recent[-1].by != by and re.search(r"[?？吗]|哪|几|多久|什么", recent[-1].said.text) is not None
    )
    return (bool(recent) and recent[-1].by == by and recent[-1].deed != "nothing") or asked


def _already_over(recent: Sequence[Heard], by: str) -> bool:
    deeds = [heard.deed for heard in recent if heard.by == by and heard.deed in {"new", "withdraws"}]
    return bool(deeds) and deeds[-1] == "withdraws"
