"""What a few words say to being called: seen, on the way, there, cannot come; and what they say besides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.catalog import Catalog
from bot.understanding import phrases
from bot.understanding.place import number as count_in
from handlers.mobilizing import plans
from handlers.mobilizing.plans import Terms
from storage.musters import Step

COMING: tuple[Step, ...] = ("arrived", "underway", "acknowledged")
PIECES = re.compile(r"[\s,，。.!！~～;；、]+")
ETA = re.compile(
    r"(?P<count>\d{1,3}|半|[一二两三四五六七八九十]{1,3})个?(?P<unit>分钟?|小时|钟头|刻钟)(?:以?后|内|左右|就|可以|能)*(?:赶?到|能到)"
)
MINUTES = {"分": 1, "分钟": 1, "刻钟": 15, "小时": 60, "钟头": 60}
LONGEST_NAME = 6
LONGEST_ANSWER = 3
"""Pieces of an answer; more are a story."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says to being called."""

    step: Step
    minutes: int | None = None
    """In how many minutes somebody says to be there."""
    instead: str = ""
    """Who goes instead."""
    weak: bool = False
    """ "好的": an answer only where one is waited for."""
    who: str = ""
    """What stands before 来不了: perhaps somebody else's name."""
    besides: str = ""
    """What else it says."""


def read(catalog: Catalog, text: str) -> Said | None:
    """ "出发了，10分钟到" is under way, there in ten minutes; None when it is no answer."""
    terms = plans.terms(catalog)
    text = text.strip()
    if found := _instead(catalog).search(text):
        return Said("declined", instead=found["name"])
    if phrases.only(text, terms.weak):
        return Said("acknowledged", weak=True)
    pieces = [piece for piece in PIECES.split(text) if piece and not piece.isdecimal()]
    for piece in pieces:
        if (who := _cannot(terms, piece)) is not None:
            return Said("declined", who=who, besides=_besides(terms, [one for one in pieces if one != piece]))
    said = _first(terms, pieces)
    besides = _besides(terms, pieces)
    minutes = _minutes(text)
    if minutes is not None and said != "arrived":
        return Said("underway", minutes, besides=besides)
    return Said(said, besides=besides) if said is not None else None


def _besides(terms: Terms, pieces: Sequence[str]) -> str:
    """What is no answer, and no reason either."""
    known = {one for some in terms.says.values() for one in some}
    others = (one for one in pieces if _bare(one) not in known and one not in known and not ETA.search(one))
    return "，".join(one for one in others if not phrases.only(one, terms.excuses))


def _cannot(terms: Terms, piece: str) -> str | None:
    """What stands before 来不了 in this piece; None when it says no such thing, or of others, or asks."""
    bare = _bare(piece)
    if any(word in piece for word in terms.not_own):
        return None
    for no in sorted(terms.says["declined"], key=len, reverse=True):
        if bare.startswith(no) or bare.endswith(no):
            return bare.partition(no)[0]
    return None


def _first(terms: Terms, pieces: Sequence[str]) -> Step | None:
    return next((step for step in COMING if _says(terms, step, pieces)), None)


def _says(terms: Terms, step: Step, pieces: Sequence[str]) -> bool:
    """Whether the sentence is of these words: they begin it, and nothing turns them round."""
    words = terms.says[step]
    return len(pieces) <= LONGEST_ANSWER and any(one in words or _bare(one) in words for one in pieces[:2])


def _bare(piece: str) -> str:
    """Without the particles at its end."""
    return piece.rstrip(phrases.TAILS)


@lru_cache(maxsize=4)
def _instead(catalog: Catalog) -> re.Pattern[str]:
    terms = plans.terms(catalog)

    def either(words: Sequence[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

    return re.compile(
        rf"(?:{either(terms.says['declined'])})了?[\s,，。;；]*(?:{either(terms.hand.before)})"
        rf"(?P<name>[\u4e00-\u9fff·]{{2,{LONGEST_NAME}}}?)(?:{either(terms.hand.after)})?吧?[\s。!！]*$"
    )


def _minutes(text: str) -> int | None:
    found = ETA.search(text)
    if found is None:
        return None
    said = found["count"]
    count = 0.5 if said == "半" else float(said if said.isdecimal() else count_in(said))
    return max(1, round(count * MINUTES[found["unit"]]))
