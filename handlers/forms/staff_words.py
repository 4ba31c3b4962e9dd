"""报备 1013, 看看返乡报备, 导出返乡报备: staff look at filings in their own words, everybody at their own."""

import re
from functools import lru_cache

from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.forms import asked_words, lint, mine, starting
from handlers.forms.asked_words import AskedWords
from storage import forms

router = Router()

FILED = "报备"
LONGEST = 30
COMMANDS = (None, "form", "form_look", "form_export")
LOOK, EXPORT = "form_look", "form_export"
PAUSES = " ,，。.:：!！?？"


@router.guard
def looks(turn: Turn) -> Handler | None:
    """Quick to say None: nearly nobody speaks of 报备."""
    said, text = turn.utterance, turn.utterance.text
    if FILED not in text or turn.in_group or turn.order is not None or turn.incoming.happening != "text":
        return None
    if len(text) > LONGEST or said.command not in COMMANDS or turn.quoted is not None:
        return None
    if turn.asked is not None and turn.asked.takes:
        return None
    if said.command in (None, "form") and said.numbers and text.partition(FILED)[2].strip(PAUSES).isdecimal():
        return _by_number(turn, said.numbers[0])
    words = asked_words.words(turn.catalog)
    said_so = text.strip(PAUSES)
    if found := _exports(words).fullmatch(said_so):
        of = found["of"] or found["before"] or ""
        turn.order = Order(EXPORT, (), of) if _is_form(turn, of) else None
    elif said.command != LOOK and (found := _whole(words).fullmatch(said_so)):
        of = _of_whom(found)
        if not turn.posts and _is_form(turn, of):
            return mine.mine
        turn.order = Order(LOOK, (), of)
    elif said.command != LOOK and (found := _who(words).fullmatch(said_so)):
        of = found["of"] or found["before"] or ""
        turn.order = Order(LOOK, (), of) if _is_form(turn, of) else None
    return None


def _of_whom(found: re.Match[str]) -> str:
    return (found["of"] or found["of_whom"] or "").strip(PAUSES)


def _by_number(turn: Turn, number: int) -> Handler | None:
    """报备 1013: one's own is shown, somebody else's to whoever may look."""
    row = forms.by_number(turn.session, number)
    if row is None:
        return None
    if turn.account is not None and row.account_id == turn.account.id:
        turn.order = Order("form_show", (number,))
    elif turn.posts:
        turn.order = Order(LOOK, (number,))
    return None


def _is_form(turn: Turn, words: str) -> bool:
    """Whether a form is named, or none at all."""
    return not words or starting.meant(lint.offered(turn.catalog), words) is not None


@lru_cache(maxsize=4)
def _exports(words: AskedWords) -> re.Pattern[str]:
    """导出返乡报备, 返乡报备导出来."""
    out = _any(words.exports)
    return re.compile(
        rf"(?:{out})(?:一下|下)?(?P<of>.{{0,8}}?)的?{FILED}.{{0,3}}|(?P<before>.{{0,8}}?)的?{FILED}.{{0,3}}?(?:{out})"
    )


@lru_cache(maxsize=4)
def _whole(words: AskedWords) -> re.Pattern[str]:
    """看看报备, 看下返乡报备, 李桂芳家的报备给我看下."""
    looks, shows = _any(words.looks), _any(words.shows)
    return re.compile(
        rf"(?:{looks})(?P<of>.{{0,12}}?)(?:家)?的?{FILED}|(?P<of_whom>.{{2,12}}?)(?:家)?的?{FILED}(?:{shows})"
    )


@lru_cache(maxsize=4)
def _who(words: AskedWords) -> re.Pattern[str]:
    """我的社区有哪些人报备返乡, 有哪些人报备了返乡."""
    asks = _any(words.asks)
    return re.compile(rf".{{0,8}}?(?:{asks})(?P<before>.{{0,6}}?){FILED}(?:了|过)?(?P<of>.{{0,6}}?)")


def _any(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
