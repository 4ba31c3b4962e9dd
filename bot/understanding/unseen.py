"""隔壁老太婆几天没看到，屋头有臭味: an old neighbour whom nobody has seen, and what stands at the door."""

import re
from functools import partial
from typing import Literal

from bot.catalog import UnseenWords
from bot.understanding.phrases import any_of, any_word

UNSEEN = "unseen"
LONGEST = 100
_TELLING = re.compile(r"[没不敲堆味臭亮尸]")
"""Every way to tell of it has one of these."""
_DAYS = r"[\d一二两三四五六七八九十几半]+(?:多)?(?:个)?(?:天|星期|礼拜|周)"
_NEAR = r"[^。！!?？\n]{0,8}?"
Worry = Literal["emergency", "urgent"]


class Unseen:
    """Knows the words for it; all its answers are about one text."""

    def __init__(self, rows: UnseenWords) -> None:
        who = any_of((*rows.who, *rows.alone))
        self._who = re.compile(rf"{who}|老[^\s,，。]头")
        self._own = re.compile(rf"(?:^|[\s,，。])(?:{any_of(rows.own)})(?:{who}|妈|爸)")
        self._days = re.compile(f"{any_of(rows.days)}|{_DAYS}")
        self._piled = re.compile("|".join(map(_apart, rows.piled)))
        self._alone, self._unseen, self._indoors, self._smells = map(
            any_word, (rows.alone, (*rows.unseen, *rows.indoors), rows.indoors, rows.smells)
        )
        self._smells_otherwise, self._silent = any_word(rows.smells_otherwise), any_word(rows.silent)
        self._corpse, self._homes = any_word(rows.corpse), any_word(rows.homes)
        self._worried, self._calm = any_word(rows.worried), any_word(rows.calm)

    def worry(self, text: str) -> Worry | None:
        """How soon somebody must go and look; None where nobody is missed, or it is known where they are."""
        if len(text) > LONGEST or not _TELLING.search(text) or self._calm.search(text):
            return None
        has = partial(_has, text)
        if has(self._corpse) and has(self._homes):
            return "emergency"
        if not has(self._who):
            return None
        unseen, silent, piled, days = map(has, (self._unseen, self._silent, self._piled, self._days))
        if has(self._smells) and not has(self._smells_otherwise) and (unseen or silent or piled):
            return "emergency"
        if silent and (piled or (unseen and days)):
            return "emergency"
        missed = unseen and days and not has(self._own)
        if piled or (missed and any(map(has, (self._indoors, self._alone, self._worried)))):
            return "urgent"
        return None

    def at_ease(self, text: str) -> bool:
        """Whether somebody is missed where people meet, and nowhere else."""
        has = partial(_has, text)
        return len(text) <= LONGEST and all(map(has, (self._calm, self._who, self._unseen, self._days)))


def _has(text: str, words: re.Pattern[str]) -> bool:
    return words.search(text) is not None


def _apart(words: str) -> str:
    """ "牛奶..堆|没拿" is the one, and one of the others behind it."""
    return _NEAR.join(f"(?:{part})" for part in words.split(".."))
