"""Threads: what a message does to the matters that were just spoken of; a pure function of what was said before."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from math import log
from typing import Literal, cast

from bot.understanding.learned import Table, Traits
from bot.understanding.traits import MARK, short_runs
from bot.understanding.utterance import Place, Utterance

Deed = Literal["new", "joins", "adds", "withdraws", "nothing"]

MINE, THEIRS = "mine|", "theirs|"
"""Whose matter it was a moment ago: the same words mean different things after it."""
SURE = 0.8
"""From this certainty on a report of another category, or from another door, is a matter of its own."""
OF_ANOTHER_KIND = 8.0
"""What speaks for a matter of its own when it is surely a report of another category: a lost report is worse than two."""
PLAIN = 8
"""Characters in which nothing else can be meant."""
STEPS = (-4, -3, -2, -1, 0, 1, 2, 3)
LENGTHS = (4, 8, 12, 16, 24, 40)
_SPEAKS, _LONG = tuple(f"speaks>{step}" for step in STEPS), tuple(f"long>{length}" for length in LENGTHS)
OF_ITS_OWN = 0.9
"""From this certainty on a report is never passed over in silence, whatever was said before."""
OF_THEIR_OWN = frozenset(("ask", "wish", "form", "volunteer", "verify"))
"""Wants that have nothing to do with a matter reported before ..."""
WANTED = 0.75
"""... where they are as certain as this."""
_MEDIA = re.compile(r"\[(?:图片|照片|视频|语音|小视频|位置|定位)\]")
_JOINS = re.compile(
    r"^[+＋]\s?1\b|^[+＋]1|^同(?:问|求|感|样|上|款|遭遇|此)|^一样[的啊,，。!！]?|^\d{0,2}[栋楼单元号层幢座]?也是|(?:我|咱|俺)(?:们|家|们家|屋|屋头|这|们这|们楼|们栋|楼|单元|这边|这栋|这层|们单元|们这栋|们那栋)?(?:也|同样|一样)"
    r"|(?:[栋楼单元层号幢座户]|[1-9]\d{2,3}|那[一扇个边]|这边|这里|这儿|楼上|楼下|隔壁|对门|我|单元|家家|都)也(?:是|没|一样|有|停|黑|漏|臭|坏|不|被|遭|冷|吵|堵|断|听|闻|看|碰|遇)|^也(?:是|没|一样|有)|不止你|不光你|\+1$|我也|俺也|加我一个|算我家?一[个户]|附议|同被|都这样|一模一样|我昨[天晚]也|顶一下|顶$"
)
_JOINING = re.compile("[+＋同样也止光加算附顶]")
"""Each of these words has one of these characters; most messages have none."""
_OVER = re.compile(
    r"(?:修好|弄好|搞好|整好|换好|通了|来了|好了|亮了|不漏了|不臭了|不响了|不叫了|停了,?好|挪走|挪了|开走|走了|清走|清了|拖走|搬走|找到|回来了|接到了|出来了|没事了|解决|恢复|撤|取消|不用来|不用管|不用了|不用修|不麻烦|算了|搞错|看错|弄错|报错|虚惊|误会|作废|灭了|不报了|可以结|换上|装上|补上)"
)
_OFF = re.compile(r"算了[,，。 ]*(?:我们?|咱们?|俺)?(?:先|还是|要|得)*(?:去|走|睡|吃|买|忙|上班|做饭|煮饭|出门|回家)")
"""算了，我先去买菜了: somebody goes, and takes nothing back."""
_PLAINLY_OVER = re.compile(
    r"(?:哦|噢|诶|哎|好像|现在|刚才?|已经|都|又|自己|它|电梯|灯|水|电|网|气|门|人|车){0,3}"
    r"(?:修好|弄好|搞好|整好|换好|通|来|好|亮|恢复|解决|挪走|开走|清走|拖走|搬走|找到|不漏|不臭|不响|不叫|没事|灭|扑灭|出来)"
    r"(?:水|电|气|网)?了(?:[,，。!！ ]*(?:不用来了|不用管了|不用修了|不用了|谢谢.{0,4}|没事了|哈|啊|呀|哦)){0,3}[,，。!！~ ]*"
    r"|(?:那|就|算了|都)?[,，]?(?:不用来了?|不用管了?|不用修了?|不用派人了?|不麻烦了?|不报了|撤了吧?|撤回吧?|取消吧?|搞错了|看错了|弄错了|报错了|算了)"
    r"(?:[,，。!！ ]*(?:谢谢.{0,4}|不好意思.{0,4}|哈|啊|修好了|好了|没事了)){0,3}[,，。!！~ ]*"
)
_ASIDE = re.compile(
    r"[?？]$|[吗么呢]$|^(?:谢|多谢|感谢|好的|好嘞|收到|嗯|哦|噢|哈|呵|嘿|行|中|可以|辛苦|没事|没得事|不客气|真的|哎|唉|对|是的|是啊|就是)|哈哈|😂|👍|🙏$|\[强\]|谢谢|点赞"
)
_BESIDES = re.compile(r"还有|另外|我要说另|再说一?个|顺便|再报")
_THANKS = re.compile(r"谢|多谢|感谢|[^了]{0,12}[?？]$")
_WHERE = re.compile(
    r"\d{1,3}(?:号楼|栋|幢|单元|楼|层|号)|[东西南北]门|门口|车库|楼道|旁边|边上|对面|后面|前面|那棵|那边|左手|右手|最里|角"
)
_SHAPES = {"media": _MEDIA, "where": _WHERE, "aside": _ASIDE, "over": _OVER, "besides": _BESIDES}


@dataclass(frozen=True, slots=True)
class Before:
    """A matter that was spoken of here a moment ago, as far as it tells whether a message is about it."""

    category: str | None
    place: Place


def joins(text: str) -> bool:
    """ "我家也是", "+1", "同问": somebody has the same."""
    return len(text) <= 40 and bool(_JOINING.search(text)) and bool(_JOINS.search(text))


def takes_back(said: Utterance) -> bool:
    """ "修好了", "不用来了": said by whoever reported it, it is over."""
    text = said.text
    if said.intent == "withdraw":
        return True
    return len(text) <= 40 and bool(_OVER.search(text)) and not _THANKS.match(text) and not _OFF.match(text)


def plainly_over(text: str) -> bool:
    """The end of a matter and no other word: "算了，我先去买菜了" ends nothing."""
    return bool(_PLAINLY_OVER.fullmatch(text))


def traits(said: Utterance, mine: Before | None, theirs: Before | None) -> Traits:
    """What is looked at, as it is learned: each with whether it came after a matter of the speaker's own or a neighbour's."""
    seen, after = _seen(said, mine or theirs), MINE if mine else THEIRS
    return Traits({after + run for run in seen.runs}, (), [f"{MARK}{after}{mark[len(MARK) :]}" for mark in seen.marks])


def _seen(said: Utterance, before: Before | None) -> Traits:
    """The words and how they were read, after this matter."""
    text = said.text
    certain = min(max(said.confidence, 0.0001), 0.9999)
    speaks = log(certain / (1 - certain)) * (-1 if said.intent == "chat" else 1)
    marks = [*_SPEAKS[: bisect_left(STEPS, speaks)], *_LONG[: bisect_left(LENGTHS, len(text))]]
    marks += [name for name, pattern in _SHAPES.items() if pattern.search(text)]
    marks.append(f"is {said.intent}")
    for name, is_so in (
        ("place", bool(said.place)),
        ("building", bool(said.place.building)),
        ("elsewhere", before is not None and _elsewhere(before.place, said.place)),
        ("same kind", before is not None and said.category == before.category),
        ("joins", said.joins),
        ("takes back", takes_back(said)),
    ):
        if is_so:
            marks.append(name)
    return Traits(short_runs(text), (), list(map(MARK.__add__, marks)))


def _in_plain_words(said: Utterance, mine: Before | None, theirs: Before | None) -> Deed | None:
    """What nobody needs to learn: "修好了", "+1", the same in another building."""
    if mine and plainly_over(said.text):
        return "withdraws"
    before = mine or theirs
    if before and _surely_reports(said) and _elsewhere(before.place, said.place):
        return "new"
    if theirs and mine is None and len(said.text) <= PLAIN and said.joins:
        return "new" if _surely_reports(said) and said.category != theirs.category else "joins"
    return None


def _surely_reports(said: Utterance) -> bool:
    return said.intent == "report" and said.confidence >= SURE


def _elsewhere(one: Place, other: Place) -> bool:
    """Both name a building, a unit, a floor or a door, and not the same."""
    pairs = ((one.building, other.building), (one.unit, other.unit), (one.floor, other.floor), (one.room, other.room))
    return any(here and there and here != there for here, there in pairs)


class Threads:
    """Knows from our own corpus of conversations what people do after somebody has reported something."""

    def __init__(self, table: Table) -> None:
        self._after = {mine: table.behind(MINE if mine else THEIRS) for mine in (True, False)}

    def deed(self, said: Utterance, mine: Before | None, theirs: Before | None) -> Deed:
        """What a message does to the speaker's own matter of a moment ago, or to a neighbour's."""
        speaks = said.intent in {"report", "emergency"}
        if mine is None and theirs is None:
            return "new" if speaks else "nothing"
        if said.intent == "emergency" and not (mine and mine.category == said.category):
            return "new"
        if plain := _in_plain_words(said, mine, theirs):
            return plain
        if said.intent in OF_THEIR_OWN and said.confidence >= WANTED and not said.joins:
            return "nothing"
        before = mine or theirs
        table = self._after[mine is not None]
        scores = table.scores(_seen(said, before))
        if before and _surely_reports(said) and said.category != before.category:
            scores = [
                score + OF_ANOTHER_KIND * (label == "new") for score, label in zip(scores, table.labels, strict=True)
            ]
        likely = sorted(zip(scores, table.labels, strict=True), reverse=True)
        over = mine is not None and said.intent in {"withdraw", "chat"} and takes_back(said)
        able = {"new": True, "nothing": True, "joins": theirs is not None and mine is None, "withdraws": over}
        deed = next(label for _, label in likely if able.get(label, mine is not None))
        if deed == "nothing" and speaks and said.confidence >= OF_ITS_OWN:
            return "new"
        return "nothing" if deed == "new" and not speaks else cast("Deed", deed)
