"""What a few words say to being called: seen, on the way, there, cannot come; and what they say besides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    r"(?P<count>\d{1,3}|半|[一二两三四五六七八九十]{1,3})个?(?P<unit>分钟?|小时|钟头|刻钟)(?:以?后|内|左右|就|才|再|可以|能)*(?:赶?到|能到)"
)
SOON = re.compile(
    r"(?:大概|大约|约|估计|预计|差不多|还要|还有|还需|再有|再过|再|要|最多|就){0,2}"
    r"(?P<count>\d{1,3}|半|[一二两三四五六七八九十]{1,3})个?(?P<unit>分钟?|小时|钟头|刻钟)(?:以?后|内|左右|吧|就好)*"
)
"""A span that stands for itself: an answer only beside another one."""
PLACE = re.compile(r"我?(?:已经|刚|都)?(?:到了(?P<at>[^到了吗么呢]{2,8})了?|到(?P<there>[^到了吗么呢]{2,8})了)")
"""我到村口了, 我到了水碾坝."""
LONGEST_PLAIN = 20
"""Characters of an answer that may stand beside a draft."""
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
    own: bool = False
    """Whether it is plainly of the speaker, and short: an answer even where something half written waits."""
    loose: bool = False
    """ "到村口了": counts only where it is news."""

    @property
    def clear(self) -> bool:
        """Whether it can be nothing else, whatever was asked meanwhile."""
        plain = not self.besides and not self.loose
        return not self.weak and plain and (self.step != "declined" or bool(self.instead))


def read(catalog: Catalog, text: str) -> Said | None:
    """ "出发了，10分钟到" is under way, there in ten minutes; None when it is no answer."""
    terms = plans.terms(catalog)
    text = _after_slips(terms, text.strip())
    own = len(text) <= LONGEST_PLAIN and not any(word in text for word in terms.for_others)
    said = _read(catalog, terms, text)
    return replace(said, own=own) if said is not None else None


def _read(catalog: Catalog, terms: Terms, text: str) -> Said | None:
    if found := _instead(catalog).search(text):
        return Said("declined", instead=found["name"])
    if phrases.only(text, terms.weak):
        return Said("acknowledged", weak=True)
    pieces = [piece for piece in PIECES.split(text) if piece and not piece.isdecimal()]
    if name := _stands_in(catalog, pieces):
        return Said("declined", instead=name)
    for at, piece in enumerate(pieces):
        if (who := _cannot(terms, piece)) is not None and not _comes_after_all(terms, pieces[at + 1 :]):
            return Said("declined", who=who, besides=_besides(terms, [one for one in pieces if one != piece]))
    said = _first(terms, pieces)
    if said is None and (place := next((one for one in pieces[:2] if _is_place(terms, one)), "")):
        others = [one for one in pieces if one != place]
        return Said("arrived", besides=_besides(terms, others), loose=True) if len(pieces) <= LONGEST_ANSWER else None
    besides = _besides(terms, pieces)
    minutes = _minutes(text, pieces if said else ())
    if minutes is not None and said != "arrived":
        return Said("underway", minutes, besides=besides)
    return Said(said, besides=besides) if said is not None else None


def _after_slips(terms: Terms, text: str) -> str:
    """The last word wins: what stands before 说错了 was none; the whole text where nothing follows."""
    pieces = [piece for piece in PIECES.split(text) if piece]
    slips = [at for at, piece in enumerate(pieces) if phrases.only(piece, terms.slips)]
    rest = pieces[slips[-1] + 1 :] if slips else []
    return "，".join(rest) or text


def _comes_after_all(terms: Terms, later: Sequence[str]) -> bool:
    """来不了……又能来了，马上到."""
    words = (*terms.says["underway"], *terms.says["arrived"])
    return any(phrases.only(one, words) and not phrases.only(one, terms.excuses) for one in later)


def _is_place(terms: Terms, piece: str) -> bool:
    """我到村口了; not 到时间了, 我到家了."""
    found = PLACE.fullmatch(_bare(piece))
    place = (found["at"] or found["there"]) if found else ""
    return bool(place) and not any(word in place for word in (*terms.not_there, *terms.not_own))


def _besides(terms: Terms, pieces: Sequence[str]) -> str:
    """What is no answer, and no reason either."""
    known = tuple(one for some in terms.says.values() for one in some)
    others = (one for one in pieces if not (phrases.only(one, known) or ETA.search(one) or SOON.fullmatch(one)))
    return "，".join(one for one in others if not phrases.only(one, terms.excuses))


def _cannot(terms: Terms, piece: str) -> str | None:
    """What stands before 来不了 in this piece; None when it says no such thing, or of others, or asks."""
    bare = _bare(piece)
    if any(word in piece for word in terms.not_own):
        return None
    if phrases.only(piece, terms.refuses, terms.refuses_beside):
        return ""
    for no in sorted(terms.says["declined"], key=len, reverse=True):
        if bare.startswith(no) or bare.endswith(no):
            return bare.partition(no)[0]
    return None


def _first(terms: Terms, pieces: Sequence[str]) -> Step | None:
    return next((step for step in COMING if _says(terms, step, pieces)), None)


def _says(terms: Terms, step: Step, pieces: Sequence[str]) -> bool:
    """Whether the sentence is of these words: they begin it, and nothing turns them round."""
    words = terms.says[step]
    return len(pieces) <= LONGEST_ANSWER and any(phrases.only(one, words) for one in pieces[:2])


def _bare(piece: str) -> str:
    """Without the particles at its end."""
    return piece.rstrip(phrases.TAILS)


def _stands_in(catalog: Catalog, pieces: Sequence[str]) -> str:
    """Who goes instead, where that stands in a piece of its own: "来不了，我在外地，请王五替我"."""
    terms = plans.terms(catalog)
    if given := next((one for piece in pieces if (one := _gives(catalog).fullmatch(piece))), None):
        return given["name"]
    for piece in pieces:
        others = [one for one in pieces if one != piece]
        plain = all(phrases.only(one, terms.excuses) for one in others)
        if any(_cannot(terms, one) is not None for one in others):
            found = _sends(catalog).fullmatch(piece) or _replaces(catalog).fullmatch(piece)
        else:
            asks = piece.startswith(terms.hand.before) and len(others) == 0
            found = _replaces(catalog).fullmatch(piece) if asks or (others and plain) else None
        if found and not any(word in piece for word in (*terms.not_own, "你", "您")):
            return found["name"]
    return ""


NAME = rf"(?P<name>[\u4e00-\u9fff·]{{2,{LONGEST_NAME}}}?)"


@lru_cache(maxsize=4)
def _instead(catalog: Catalog) -> re.Pattern[str]:
    terms = plans.terms(catalog)
    return re.compile(
        rf"(?:{_either(terms.says['declined'])})了?[\s,，。;；]*(?:{_either(terms.hand.before)})"
        rf"{NAME}(?:{_either(terms.hand.after)})?吧?[\s。!！]*$"
    )


@lru_cache(maxsize=4)
def _sends(catalog: Catalog) -> re.Pattern[str]:
    """让王五去."""
    hand = plans.terms(catalog).hand
    return re.compile(rf"(?:{_either(hand.before)}){NAME}(?:{_either(hand.after)})?吧?")


@lru_cache(maxsize=4)
def _replaces(catalog: Catalog) -> re.Pattern[str]:
    """王五替我: nothing else can be meant."""
    hand = plans.terms(catalog).hand
    return re.compile(rf"(?:{_either(hand.before)})?{NAME}(?:{_either(hand.for_me)})吧?")


@lru_cache(maxsize=4)
def _gives(catalog: Catalog) -> re.Pattern[str]:
    """我交班给王五了."""
    hand = plans.terms(catalog).hand
    return re.compile(rf"(?:我)?(?:已经|都|刚)?(?:{_either(hand.gives)}){NAME}了?")


def _either(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _minutes(text: str, pieces: Sequence[str]) -> int | None:
    """In how many minutes: "10分钟到" anywhere, or "10分钟" beside an answer."""
    found = ETA.search(text) or next((one for piece in pieces if (one := SOON.fullmatch(piece))), None)
    if found is None:
        return None
    said = found["count"]
    count = 0.5 if said == "半" else float(said if said.isdecimal() else count_in(said))
    return max(1, round(count * MINUTES[found["unit"]]))
