"""报备 1013, 看看返乡报备, 导出返乡报备: staff look at filings in their own words, everybody at their own."""

import re
from functools import lru_cache

from bot.errors import UserMistake
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import names, phrases
from bot.understanding.phrases import TAILS
from handlers.forms import asked_words, drafts, lint, mine, reading, rules, starting
from handlers.forms.asked_words import AskedWords
from handlers.forms.filling import MENU
from storage import forms, matters

router = Router()

FILED = "报备"
LONGEST = 30
COMMANDS = (None, "form", "form_look", "form_export", "form_list")
LOOK, EXPORT, PROGRESS = "form_look", "form_export", "progress"
STAFF = "staff"
PAUSES = " ,，。.:：!！?？"
A_NUMBER = 1000
"""The first that is given: 报备 501 names none."""
ASKED = "form_"
"""A form of the speaker's own waits for an answer, of which 导出 is none."""


@router.guard
def looks(turn: Turn) -> Handler | None:
    """Quick to say None: nearly nobody speaks of 报备, or of a sheet."""
    said, text = turn.utterance, turn.utterance.text
    if len(text) > LONGEST or turn.order is not None or turn.incoming.happening != "text":
        return None
    words = asked_words.words(turn.catalog)
    if not _concerns(words).search(text) or said.command not in COMMANDS or turn.quoted is not None:
        return None
    if turn.asked is not None and turn.asked.takes not in ("", MENU):
        in_a_form = turn.asked.takes.startswith(ASKED) and turn.posts and not turn.in_group
        return _of_a_sheet(turn, words) if in_a_form and _exports(words).fullmatch(text.strip(PAUSES)) else None
    if turn.in_group and not (turn.posts and turn.chat is not None and turn.chat.audience == STAFF):
        asked = _whether(words).fullmatch(text)
        return _silently if asked and (_door(turn) or _name(words, asked["whose"])) else None
    behind = text.partition(FILED)[2].strip(PAUSES)
    if behind.isdecimal() and said.command in (None, "form") and said.numbers:
        return _by_number(turn, said.numbers[0])
    return _of_a_sheet(turn, words) or _of_filings(turn, words)


def _of_a_sheet(turn: Turn, words: AskedWords) -> Handler | None:
    """导出返乡来访, 把返乡报备导出来给我, 导出 1004; by staff also 给我一份返乡的名单."""
    said = turn.utterance.text.strip(PAUSES)
    found = _exports(words).fullmatch(said)
    if found is None and turn.posts:
        found = _wants(words).fullmatch(said)
    if found is None:
        return None
    of = next(filter(None, found.groups()), "").strip(PAUSES)
    if of.isdecimal():
        number = int(of)
        turn.order = Order(EXPORT, (number,)) if forms.by_number(turn.session, number) else None
    elif (of or FILED in said) and _is_form(turn, of):
        turn.order = Order(EXPORT, (), of)
    return None


def _of_filings(turn: Turn, words: AskedWords) -> Handler | None:
    """看看返乡报备, 有哪些报备, 3栋2单元501报备了没得."""
    said, text = turn.utterance, turn.utterance.text.strip(PAUSES)
    if turn.order is not None or said.command == LOOK:
        return None
    asked = _whether(words).fullmatch(turn.utterance.text)
    if asked and _door(turn):
        if not turn.posts:
            return mine.mine
        turn.order = Order(LOOK, (), text)
    elif asked and (name := _name(words, asked["whose"])):
        turn.order = Order(LOOK, (), name)
    elif found := _whole(words).fullmatch(text):
        of = _of_whom(found)
        if not turn.posts and _is_form(turn, of):
            return mine.mine
        turn.order = Order(LOOK, (), of)
    elif found := _who(words).fullmatch(text):
        of = found["of"] or found["before"] or ""
        turn.order = Order(LOOK, (), of) if _is_form(turn, of) else None
    return None


def _silently(_turn: Turn) -> list[Reply]:
    """Whether a neighbour has filed something is nobody's business among neighbours."""
    return []


def _door(turn: Turn) -> bool:
    return reading.address(drafts.said(turn, turn.utterance.text), rules.words(turn.catalog)) is not None


def _name(words: AskedWords, whose: str) -> str:
    """The name of somebody, where nothing else is said: 吴桐 of 查一下吴桐他们家; else nothing."""
    found = _called_so(words).fullmatch(whose.strip(PAUSES))
    return found["name"] if found else ""


def _of_whom(found: re.Match[str]) -> str:
    return (found["of"] or found["of_whom"] or "").strip(PAUSES)


def _by_number(turn: Turn, number: int) -> Handler | None:
    """报备 1013: one's own is shown, somebody else's to whoever may look; a report's number is that of a report."""
    row = forms.by_number(turn.session, number)
    if row is not None and turn.account is not None and row.account_id == turn.account.id:
        turn.order = Order("form_show", (number,))
    elif row is not None and turn.posts:
        turn.order = Order(LOOK, (number,))
    elif row is None and matters.by_number(turn.session, number) is not None:
        turn.order = Order(PROGRESS, (number,))
    elif number >= A_NUMBER:
        raise UserMistake("forms/unknown", number=number)
    return None


def _is_form(turn: Turn, words: str) -> bool:
    """Whether a form is named, or none at all."""
    return not words or starting.meant(lint.offered(turn.catalog), words) is not None


@lru_cache(maxsize=4)
def _concerns(words: AskedWords) -> re.Pattern[str]:
    return re.compile(rf"{FILED}|登记|{phrases.any_of((*words.exports, *words.sheets))}")


@lru_cache(maxsize=4)
def _exports(words: AskedWords) -> re.Pattern[str]:
    """导出返乡报备, 返乡报备导出来, 导出来访的表."""
    out, around, sheet = (
        phrases.any_of(words.exports),
        rf"(?:{phrases.any_of(words.hands)}|\s)*",
        rf"(?:的?(?:{phrases.any_of(words.sheets)}))?",
    )
    of = rf"(?P<{{}}>.{{{{0,8}}}}?)的?(?:{FILED})?{sheet}"
    return re.compile(
        rf"{around}(?:{out})(?:一下|下)?\s?{of.format('of')}{around}|{around}{of.format('before')}{around}(?:{out}){sheet}{around}"
    )


@lru_cache(maxsize=4)
def _wants(words: AskedWords) -> re.Pattern[str]:
    """给我一份返乡的名单."""
    return re.compile(
        rf"(?:请|麻烦)?(?:{phrases.any_of(words.wants)})(?P<of>.{{0,8}}?)的?(?:{FILED}|登记)?的?(?:{phrases.any_of(words.sheets)})(?:{phrases.any_of(words.hands)})*"
    )


@lru_cache(maxsize=4)
def _whether(words: AskedWords) -> re.Pattern[str]:
    """3栋2单元501报备了没得, 3栋2单元501有没有报备."""
    filed, asks = rf"(?:{FILED}|登记)", rf"(?:{phrases.any_of(words.whether)})"
    return re.compile(
        rf"(?P<whose>.{{2,20}}?)(?:(?:有没有|有没得|是不是|是否){filed}(?:了|过)?(?:{asks}|[{TAILS}])*|{filed}(?:了|过)?{asks}(?:{asks}|[{TAILS}])*)\s?"
    )


@lru_cache(maxsize=4)
def _called_so(words: AskedWords) -> re.Pattern[str]:
    """A name, perhaps with what asks for a look before it and the home behind it."""
    before, behind = phrases.any_of((*words.looks, *words.hands)), phrases.any_of(words.homes)
    shortest = rf"(?!{names.NOT_NAMES}){names.SURNAME}[\u4e00-\u9fff]{{1,2}}?"
    return re.compile(rf"(?:{before})*(?P<name>{shortest}|{names.SOMEBODY})(?:{behind})*")


@lru_cache(maxsize=4)
def _whole(words: AskedWords) -> re.Pattern[str]:
    """看看报备, 看下返乡报备, 李桂芳家的报备给我看下."""
    looks, shows = phrases.any_of(words.looks), phrases.any_of(words.shows)
    return re.compile(
        rf"(?:{looks})(?P<of>.{{0,12}}?)(?:家)?的?{FILED}|(?P<of_whom>.{{2,12}}?)(?:家)?的?{FILED}(?:{shows})"
    )


@lru_cache(maxsize=4)
def _who(words: AskedWords) -> re.Pattern[str]:
    """我的社区有哪些人报备返乡, 有哪些人报备了返乡."""
    asks = phrases.any_of(words.asks)
    return re.compile(rf".{{0,8}}?(?:{asks})(?P<before>.{{0,6}}?){FILED}(?:了|过)?(?P<of>.{{0,6}}?)")
