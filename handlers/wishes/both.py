"""A wish and a report in one breath: "想借个电钻，顺便5单元门禁坏了" is both, and neither is lost for the other."""

import re
from dataclasses import replace
from functools import lru_cache

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.matters import reports
from handlers.wishes import finding, intake, wording
from handlers.wishes.terms import Terms, terms

router = Router()

LONGEST, SHORTEST_LEAD = 200, 10
"""Characters of a message that is looked at, and of what may only lead to its parts: 我有两件事."""
MOST = 4


@lru_cache(maxsize=4)
def _between(rows: Terms) -> re.Pattern[str]:
    """Where the next thing begins, by the words that say so at the head of a clause."""
    return re.compile(
        rf"(?:^|[,，。；;、！!？?\s])\s*(?:{wording.any_of(rows.apart)})(?![单栋幢期层楼号])[,，:：、\s]*"
    )


@router.guard
def wish_and_report(turn: Turn) -> Handler | None:
    """Asked of every sentence that is free or follows 心愿; quick to say None where no word parts it."""
    said = turn.utterance
    ordered = said.command == "wish" and not said.numbers and turn.order is None
    words = said.argument if ordered else said.text
    if turn.incoming.happening != "text" or said.intent not in ("wish", "report") or len(words) > LONGEST:
        return None
    free = finding.said_freely(turn) or (ordered and not (turn.asked and turn.asked.takes))
    if not free or (turn.grid or finding.seated(turn)) is None or not _between(terms(turn.catalog)).search(words):
        return None
    wished, reported = _apart(turn, words)
    if not wished or not reported:
        return None
    heard = turn.read(reported, not turn.in_group)
    turn.utterance = heard if heard.intent == "report" else replace(heard, intent="report", confidence=1.0)
    return lambda turn: _both(turn, wished, ordered=ordered)


def _apart(turn: Turn, words: str) -> tuple[str, str]:
    """What is wished for, and what is reported; nothing of either where the message is not surely both."""
    pieces = [piece for one in _between(terms(turn.catalog)).split(words) if (piece := one.strip(" ,，。；;、"))]
    found: dict[str, list[str]] = {"wish": [], "report": []}
    last: list[str] | None = None
    if len(pieces) > MOST:
        return "", ""
    for piece in pieces:
        heard = turn.read(piece, not turn.in_group)
        sure = heard.confidence >= turn.catalog.thresholds[not turn.in_group].act
        if heard.intent in found and sure:
            last = found[heard.intent]
            last.append(piece)
        elif last is not None:
            last[-1] += f"，{piece}"
        elif len(piece) > SHORTEST_LEAD:
            return "", ""
    return "，".join(found["wish"]), "；".join(found["report"])


def _both(turn: Turn, wished: str, *, ordered: bool) -> list[Reply]:
    """The report goes its way; the wish that was ordered is taken, the one said beside it is offered a place."""
    told = reports.free_words(turn)
    if ordered:
        turn.order = Order("wish", (), wished)
        return [*intake.ordered(turn), *told]
    return [*told, *intake.offer(turn, wished, quoting=True)]
