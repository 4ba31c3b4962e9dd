"""Two wishes in one breath: "想借个轮椅，还想找人教我用手机" is two, a detail of one is none."""

import re
from functools import lru_cache

from handlers.wishes import wording
from handlers.wishes.terms import Terms

MOST = 3
LED = r"(?:另外|然后|顺便|再就是|同时|对了)?[,，\s]*(?:我)?"


@lru_cache(maxsize=4)
def _patterns(rows: Terms) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Where the next wish begins, and what only leads over to it."""
    also = wording.any_of(rows.also)
    return re.compile(rf"[,，。;；、\s]+(?={LED}(?:{also}))"), re.compile(
        rf"^{LED}(?:另外|顺便|再就是|同时)?还?也?(?=[想要缺需])"
    )


def apart(words: str, rows: Terms) -> list[str]:
    """Each wish by itself, where every one names something of its own; else all of it as one."""
    between, led = _patterns(rows)
    parts = [part.strip() for part in between.split(words) if part.strip()]
    things = [rows.things_in(part) for part in parts]
    if not 1 < len(parts) <= MOST or not all(things) or len(set[str]().union(*things)) < sum(map(len, things)):
        return [words]
    return [parts[0], *(led.sub("", part) for part in parts[1:])]
