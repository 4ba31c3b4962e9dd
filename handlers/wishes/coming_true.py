"""What a wisher says of a wish that somebody brought: that it came true, plainly or perhaps, or something else."""

import re
from typing import Literal

from bot.message import Ask, Button, Reply
from bot.router import Handler
from bot.turn import Order, Turn
from bot.understanding import phrases
from handlers.wishes import finding, granting, one_of_mine, spoken
from storage import journal
from storage.matters import Matter

Told = Literal["plain", "perhaps", ""]
THEM = re.compile(rf"[他她你您]?们?[{phrases.TAILS}]*")
"""What is left of "谢谢他"."""
IT_CAME = "wish_yes"
TURNS = ("fulfil", "wish_no", "partly", "wish_yes")
"""Acts after which it is known whether the wisher has said no last."""


def told(turn: Turn, text: str) -> Told:
    """ "水龙头修好了，师傅辛苦了" is plain; "棋下得巴适" is perhaps; a question and a complaint are neither."""
    rows = spoken.words(turn.catalog)
    if spoken.asks(text, rows.bot.asking) or any(word in text for word in rows.wisher.asks):
        return ""
    parts = [clause for clause in phrases.clauses(text) if not THEM.fullmatch(clause)]
    came = [clause for clause in parts if _ends(clause, (*rows.wisher.came, *rows.wisher.worked))]
    kind = [clause for clause in parts if any(word in clause for word in rows.wisher.kind)]
    thanked = any(word in text for word in rows.wisher.thanked)
    if _doubts(rows, text):
        return "perhaps" if came else ""
    if came and all(clause in came or clause in kind for clause in parts):
        return "plain"
    return "perhaps" if came or thanked or kind or spoken.found(text, rows.wisher.came) else ""


def came_or_not(number: int) -> Handler:
    """Has it come true, or not yet? Until it is said the clock closes nothing."""
    buttons = (Button("wish_yes", f"wish_yes {number}"), Button("wish_no", f"wish_no {number}"))

    def asked(turn: Turn) -> list[Reply]:
        values = {"number": number, "words": turn.utterance.text[:60]}
        granting.keep_open(turn, number)
        ask = Ask(held=turn.utterance.text[:300])
        return [Reply("wishes/came_or_not", values, buttons=buttons, about=number, ask=ask)]

    return asked


def said_no(turn: Turn, matter: Matter) -> bool:
    """Whether the wisher said last that it had not come true yet."""
    acts = [one.act for one in journal.of_matter(turn.session, matter.id) if one.act in TURNS]
    return acts[-1:] == ["wish_no"]


def takes_back(turn: Turn, text: str) -> bool:
    """ "我记错了": the no was a slip."""
    return any(word in text for word in spoken.words(turn.catalog).wisher.slipped)


def _ends(clause: str, words: tuple[str, ...]) -> bool:
    """Whether a clause ends with one of these: "修好了一个" tells of a part."""
    rest = clause
    while found := spoken.found(rest, words):
        rest = rest[found.end() :]
        if not rest.strip(phrases.TAILS):
            return True
    return False


def _doubts(rows: spoken.WishWords, text: str) -> bool:
    """Whether more is said than that it came and that it is good."""
    wisher = rows.wisher
    for words in (wisher.came, wisher.worked):
        while found := spoken.found(text, words):
            text = text[: found.start()] + text[found.end() :]
    for word in sorted((*wisher.kind, *wisher.slipped, *wisher.thanked), key=len, reverse=True):
        text = text.replace(word, "")
    return any(sign in text for sign in (*rows.bot.doubt, *wisher.amiss))


def in_other_words(turn: Turn, granted: list[Matter], number: int, text: str) -> Handler | None:
    """ "水龙头修好了，师傅辛苦了": what the wisher would say who has it; where that is not plain it is asked."""
    place, thanked = turn.utterance.place, spoken.words(turn.catalog).wisher.thanked
    somewhere = bool(place.building or place.unit) and not any(word in text for word in thanked)
    if somewhere or turn.quoted not in (None, number) or not (how := told(turn, text)):
        return None
    if how == "perhaps":
        return came_or_not(number)
    if len(granted) > 1 and turn.quoted is None and len(one_of_mine.named(turn, granted, text)) != 1:
        return which_came(turn, granted, IT_CAME)
    turn.order = Order(IT_CAME, (number,), text, answers=True)
    return granting.has_come_true


def which_came(turn: Turn, granted: list[Matter], code: str) -> Handler:
    """The same question waits for several: which one is it?"""
    turn.order = Order(code, (), turn.utterance.text)
    return lambda turn: [finding.which(turn, "wishes/which_came", granted)]
