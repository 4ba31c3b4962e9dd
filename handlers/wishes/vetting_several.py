"""1002 1003都发, 1002到1005都通过, 都不发: a vetter speaks of several wishes at once, each by its number."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.message import Ask, Button, Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.matters import cards as matter_cards
from handlers.people import authority
from handlers.wishes import finding, spoken, vetting
from handlers.wishes.spoken import Vetter
from storage import matters
from storage.matters import Matter
from storage.wishes import KIND

router = Router()

PUBLISH, THESE, NONE, DECLINE = "publish", "publish_these", "publish_none", "decline_these"
OF_A_VETTER = ("reword ", "ask_back ", "decline ", f"{DECLINE} ", "say_why ")
STAFF = "staff"
LONGEST = 160
LONGEST_REASON = 120
NUMBER = r"(?<!\d)\d{4,6}(?!\d)"
AND = r"(?:号|[、,，和跟与及\s]|心愿)*"
SPAN = re.compile(rf"({NUMBER})\s*(?:号|到|至|-|－|—|～|~)+\s*(?:心愿)?({NUMBER})")
NAMED = re.compile(rf"(?:{SPAN.pattern}|{NUMBER})(?:{AND}(?:{SPAN.pattern}|{NUMBER}))*")
WIDEST = 30
"""Numbers from one to another; more are no list that anybody has looked at."""


@router.guard_where("posted")
def several_at_once(turn: Turn) -> Handler | None:
    """Quick to say None: only staff pass wishes, and hardly ever several."""
    said, text = turn.utterance, turn.utterance.text
    if turn.order is not None or turn.incoming.happening != "text" or turn.quoted is not None:
        return None
    if said.intent == "emergency" or len(text) > LONGEST or _is_waited_for(turn):
        return None
    if turn.in_group and (turn.chat is None or turn.chat.audience != STAFF):
        return None
    rows = spoken.words(turn.catalog).vetter
    found = NAMED.search(text)
    if found is None:
        return _all_that_wait(turn) if phrases.only(text, _of_all(rows)) and not _is_tapped(turn) else None
    numbers = _numbers(found.group())
    if not numbers or (len(numbers) < 2 and SPAN.search(found.group()) is None):
        return None
    rest = f"{text[: found.start()]}{text[found.end() :]}".strip(" ,，:：、")
    return _said_of(turn, rows, numbers, rest, spans=SPAN.search(found.group()) is not None)


def _said_of(turn: Turn, rows: Vetter, numbers: Sequence[int], rest: str, *, spans: bool) -> Handler | None:
    """What becomes of them; a word that may mean anything is asked about, and every other one is left alone."""
    clear = phrases.only(rest, rows.passes, rows.passes_beside)
    vague = not clear and phrases.only(rest, rows.passes_vaguely, rows.passes_beside)
    no = None if clear or vague else _refusal(rows).fullmatch(rest)
    if not (clear or vague or no):
        return None
    mine = [one for one in (_to_vet(turn, number) for number in numbers) if one is not None]
    waiting = [one for one in mine if one.state == "vetting"]
    if not mine or (spans and not waiting):
        return None
    meant = waiting if spans else mine
    named = tuple(one.number for one in meant)
    if no is not None:
        turn.order = Order(DECLINE, named, (no["why"] or "").strip(" ,，:：。"))
        return None
    if vague or (spans and len(waiting) < len(numbers)) or len(named) > finding.MOST_NUMBERS:
        return lambda turn: [_shown(turn, waiting or mine)]
    turn.order = Order(PUBLISH, named)
    return None


def _is_waited_for(turn: Turn) -> bool:
    """Whether any sentence would be an answer now; none of a vetter's questions is answered by numbers."""
    return turn.asked is not None and bool(turn.asked.takes) and not turn.asked.takes.startswith(OF_A_VETTER)


def _numbers(text: str) -> list[int]:
    """Every number that is named, and those between two of them."""
    found: list[int] = []
    for span in SPAN.finditer(text):
        first, last = int(span[1]), int(span[2])
        if not first < last <= first + WIDEST:
            return []
        found += range(first, last + 1)
    found += map(int, re.findall(NUMBER, SPAN.sub(" ", text)))
    return list(dict.fromkeys(found))


def _to_vet(turn: Turn, number: int) -> Matter | None:
    matter = matters.by_number(turn.session, number)
    of_mine = matter is not None and matter.kind == KIND and authority.vetting_post(turn, matter) is not None
    return matter if of_mine else None


def _is_tapped(turn: Turn) -> bool:
    """Whether they have just been shown, so that the words are the button's."""
    return turn.asked is not None and turn.asked.options.startswith(f"{THESE} ")


def _all_that_wait(turn: Turn) -> Handler | None:
    """都发, without a number: what waits is shown; whoever has nothing to vet says it of something else."""
    waiting = finding.vetting_here(turn)
    return (lambda turn: [_shown(turn, waiting)]) if waiting else None


def _shown(turn: Turn, waiting: Sequence[Matter]) -> Reply:
    """What exactly would go out, and a tap for all of it."""
    lines = finding.public_of(turn, waiting[: finding.MOST_NUMBERS])
    press = f"{THESE} {' '.join(str(number) for number, _ in lines)}"
    buttons = (Button(THESE, press), Button(NONE, NONE))
    values = {"wishes": lines, "more": len(waiting) - len(lines)}
    return matter_cards.aside(turn, Reply("wishes/publish_these", values, buttons=buttons, ask=Ask()))


@router.order(THESE)
def these(turn: Turn) -> list[Reply]:
    """They were shown, and go out."""
    order = turn.order or Order(THESE)
    turn.order = Order(PUBLISH, order.numbers, order.argument)
    return vetting.publish(turn)


@router.order(NONE)
def none_of_them(turn: Turn) -> list[Reply]:
    """They wait on."""
    return [matter_cards.aside(turn, Reply("wishes/wait_on"))]


@router.order(DECLINE)
def decline(turn: Turn) -> list[Reply]:
    """One reason for all of them, which every wisher hears; without one it is asked for."""
    order = turn.order or Order(DECLINE)
    named = re.match(rf"(?:{NUMBER}\s*)*", order.argument)
    rest = order.argument[named.end() :].strip() if named else order.argument
    numbers = (*order.numbers, *map(int, re.findall(NUMBER, named.group() if named else "")))
    if not rest:
        takes = f"{DECLINE} {' '.join(map(str, numbers))}"
        ask = Ask(takes=takes, lasts_s=vetting.ANSWER_S)
        return [matter_cards.aside(turn, Reply("wishes/why_these", {"numbers": numbers}, ask=ask))]
    return finding.for_each(turn, Order("decline", numbers, rest[:LONGEST_REASON]), vetting.decline)


def _of_all(rows: Vetter) -> tuple[str, ...]:
    """都发: both together, and nothing else."""
    return tuple(f"{every}{passed}" for every in rows.every for passed in rows.passes)


@lru_cache(maxsize=4)
def _refusal(rows: Vetter) -> re.Pattern[str]:
    """都不发, perhaps with the reason behind a pause."""
    no, beside = (phrases.any_of(words) for words in (rows.refuses, rows.passes_beside))
    ends = f"[{phrases.TAILS}了]*"
    return re.compile(rf"(?:{beside}|\s)*(?:{no}){ends}(?:$|[\s,，:：。]+(?P<why>.*))|(?!)", re.DOTALL)
