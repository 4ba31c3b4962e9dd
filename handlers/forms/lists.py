"""Answers of which there may be several: 一条泰迪一条金毛, 血压高、耳朵不好; and 还有 adds to what stands."""

import re

from bot.understanding.place import number
from handlers.forms import counting, rules
from handlers.forms.rules import Question, Words

BETWEEN = "、"
PAUSES = re.compile(r"[,，、。；;\s]+")
ALL_OF_THEM = re.compile(r"(?:狗|犬|$|[^\u4e00-\u9fff])")
"""Behind a count that is of all of them: 两条狗 is, 一条泰迪 is not."""


def every(question: Question, text: str, standing: str, words: Words) -> str:
    """Everything in the text that the question looks for; what stands before it where the text only adds to it."""
    found = list(rules.pattern(question.finds).finditer(text))
    if not found:
        return ""
    names = [_bare(one[1], words) for one in found]
    if standing and _adds(words, text, found[0].start()):
        names = [*standing.split(BETWEEN), *names]
    return BETWEEN.join(dict.fromkeys(names))


def total(question: Question, text: str, standing: str, words: Words) -> str:
    """How many they are together; nothing where the text counts none."""
    text = counting.meant(text, words)
    found = list(rules.pattern(question.finds).finditer(text))
    if not found:
        return ""
    many = [int(number(one[1])) for one in found]
    if standing.isdecimal() and _adds(words, text, found[0].start()):
        return str(int(standing) + sum(many))
    return str(many[0] if ALL_OF_THEM.match(text, found[0].end()) else sum(many))


def without_talk(text: str, words: Words) -> str:
    """Whom somebody names, without what was talked over with them: 女儿李梅，我跟她说过."""
    kept = [part for part in PAUSES.split(text) if part and not any(word in part for word in words.talking)]
    return text if len(kept) == len([part for part in PAUSES.split(text) if part]) else "，".join(kept)


def _adds(words: Words, text: str, first: int) -> bool:
    return any(0 <= text.find(word) <= first for word in words.adding)


def _bare(name: str, words: Words) -> str:
    """The name without the 还有 before it."""
    longest = max((word for word in words.adding if name.startswith(word)), key=len, default="")
    return name.removeprefix(longest).strip()
