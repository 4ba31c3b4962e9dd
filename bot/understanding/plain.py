"""Plain words: a short sentence that names a fault and nothing else is a report, unless what was learned is sure it is not."""

import re
from collections.abc import Mapping, Sequence

from bot.understanding.category import FAULT, THING
from bot.understanding.signs import Hit
from bot.understanding.traits import TALK

LONGEST = 14
"""More than this is a story, and a story needs to be weighed."""
SURE = 1.5
"""The score of a plain report: well above the threshold at which the bot acts."""
BARE_FAULT = 5
"""In so few characters nothing is told beside the fault ("没电了"), and no learned weights are asked."""
UNLIKELY = -3.0
"""What the learned weights must say at least of longer ones that hurt nobody: "我的心像一座塌了的楼" is no fault."""
CLEAR = 1.5
"""A fault of this weight needs nothing beside it; a lighter one needs its thing."""
_OTHERWISE = frozenset(
    f"{TALK}{group}"
    for group in (
        "mended",
        "bygone",
        "elsewhere",
        "notice",
        "thanks",
        "laugh",
        "trade",
        "sorry",
        "suppose",
        "neighbour",
    )
) | {"past", "deny", "context", "innocent"}
_ASKS = re.compile(r"[吗呢吧?？]|么$|没有?$|有没得|不$|谁|哪|怎么办")
_BORROWS = re.compile(r"借(?![口故机道着助])")
_MAY_HAVE = re.compile(r"[\u4e00-\u9fff]{2,4}(?:有没得|有没有|有莫得|有不得)[?？]?")
NOISE = f"{FAULT}noise"
BARE_THING = 3
"""A thing of so few characters and no word of its fault is a word, and no case."""


def is_report(text: str, hits: Sequence[Hit], sums: Mapping[str, float]) -> bool:
    """ "电梯坏了", "3栋2单元水管爆了": a fault, a place perhaps, and no sign of anything else."""
    if len(text) > LONGEST or _ASKS.search(text) or sums.get("chatter", 0.0) > 0.5:
        return False
    if any(hit.kind in _OTHERWISE and hit.weight and not _inside_fault(hit, hits) for hit in hits):
        return False
    return is_fault(hits, sums) and not (_BORROWS.search(text) and not _is_broken(hits))


def is_bare_thing(text: str, hits: Sequence[Hit]) -> bool:
    """ "墙", "水管": a thing's name alone, of which nothing is said; 电钻有没得: a tool that somebody may have."""
    if _MAY_HAVE.fullmatch(text) and any(hit.kind == NOISE for hit in hits):
        return True
    return (
        len(text) <= BARE_THING
        and not any(hit.kind == "request" or hit.kind.startswith(FAULT) for hit in hits)
        and (not _is_broken(hits))
    )


def _is_broken(hits: Sequence[Hit]) -> bool:
    """Whether something is the matter with it: "借个电钻" only names what makes a noise."""
    return any(hit.kind in ("trouble", "urgent", "lasting") and hit.weight for hit in hits)


def is_fault(hits: Sequence[Hit], sums: Mapping[str, float]) -> bool:
    """A fault is named, or a thing with its trouble."""
    if any(hit.kind.startswith(FAULT) and hit.weight >= CLEAR for hit in hits):
        return True
    named = any(hit.kind.startswith(THING) for hit in hits)
    return named and sums.get("trouble", 0.0) >= CLEAR


def _inside_fault(hit: Hit, hits: Sequence[Hit]) -> bool:
    """ "乱停车" is no street far away, although 停车 is in it."""
    return any(
        other.kind.startswith((FAULT, "trouble")) and other.start <= hit.start and hit.end <= other.end
        for other in hits
    )
