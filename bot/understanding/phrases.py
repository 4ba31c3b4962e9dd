"""Whether a short answer is made of known phrases: pauses, particles, thanks and repetition aside."""

import re
from collections.abc import Iterable
from functools import lru_cache

PAUSES = re.compile(r"[\s,，。.!！~～;；、…]+")
POLITE = re.compile(r"(?:谢谢|多谢|麻烦|辛苦)(?:了|你们|您们|你|您|啦|大家|邻居)*")
TAILS = "嘛哈噻哦吧啊呀撒咯喽嘞哟诶呗啦呐滴的"
"""Particles that soften and change nothing; 吗, 呢, 不, 没 and a question mark make a question of it."""


def only(text: str, phrases: tuple[str, ...], beside: tuple[str, ...] = ()) -> bool:
    """Whether these words say nothing else: "要得要得,给他嘛" of 要得 and 给他; `beside` may stand with them, not alone."""
    known = _one_of(phrases)
    if not known.search(text):
        return False  # as most that is said
    made, said = _made_of((*phrases, *beside)), clauses(text)
    return all(made.fullmatch(clause) for clause in said) and any(known.search(clause) for clause in said)


def has(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of these words is in the text; asked of nearly everything that is said, so it is one search."""
    return _one_of(words).search(text) is not None


def some(text: str, phrases: tuple[str, ...], beside: tuple[str, ...] = ()) -> bool:
    """Whether a clause of these words is made of the phrases."""
    known = _one_of(phrases)
    if not known.search(text):
        return False
    made = _made_of((*phrases, *beside))
    return any(made.fullmatch(clause) and known.search(clause) for clause in clauses(text))


def without(text: str, phrases: tuple[str, ...]) -> str:
    """What these words say besides."""
    made = _made_of(phrases)
    return "，".join(clause for clause in clauses(text) if not made.fullmatch(clause))


def clauses(text: str) -> list[str]:
    """What stands between the pauses; thanks count only where there is nothing else."""
    return _parted(POLITE.sub(",", text)) or _parted(text)


def any_of(words: Iterable[str]) -> str:
    """As a part of a pattern: one of these words, the longest that fits; empty where there is none."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word)


def any_word(words: Iterable[str]) -> re.Pattern[str]:
    """The pattern of these words alone; without any it is found nowhere."""
    return re.compile(any_of(words) or r"(?!)")


def _parted(text: str) -> list[str]:
    return [clause for clause in PAUSES.split(text) if clause]


@lru_cache(maxsize=256)
def _one_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return any_word(phrases)


@lru_cache(maxsize=256)
def _made_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    known = any_of(phrases)
    return re.compile(rf"(?:(?>{known})[{TAILS}]*+)++" if known else r"(?!)")
