"""要不要跑啊, 哪里集合, 是真的演练吗: while an order runs, neighbours hear once what it tells them, and nothing invented."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Literal

import msgspec

from bot.catalog import Catalog
from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Scene, Turn
from bot.understanding import phrases
from handlers.mobilizing import plans
from handlers.people import modes
from storage import grids, musters, timers
from storage.notices import Notice
from storage.timers import Timer

router = Router()

FILE = "order_asked.toml"
ANSWERED = "order_asked"
"""The timer of the pause in which a group is not told again."""
YIELDS = ("verify", "report", "add ", "resource", "wish", "favour")
"""Questions of the bot's that such words do not answer."""


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that neighbours want to know."""

    kind: Literal["leave", "where", "drill", "what", "may", "meaning"]
    things: tuple[str, ...]
    """One of them must be there."""
    beside: tuple[str, ...] = ()
    always: bool = False
    """It is a question as it stands."""
    needs: tuple[str, ...] = ()
    """One of them must be there as well."""
    private: bool = False
    """Among neighbours it is said of anything."""
    danger: bool = False
    """It names a danger, and asks only while people are called out against that."""


class Over(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people ask whether it is over."""

    named: tuple[str, ...]
    drill: tuple[str, ...]
    """Those of them that name a drill."""
    war: tuple[str, ...]
    """Those of them that name a time of war."""
    done: tuple[str, ...]
    asking: tuple[str, ...]
    beside: tuple[str, ...]


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """order_asked.toml."""

    pause_minutes: int
    longest: int
    asking: tuple[str, ...]
    places: tuple[str, ...]
    """Those of them that ask for a place."""
    ends: tuple[str, ...]
    beside: tuple[str, ...]
    ask: tuple[Ask, ...]
    over: Over


@router.guard
def asks_what_to_do(turn: Turn) -> Handler | None:
    """What the order says to neighbours; asked of nothing but a question about it, and of nobody while none runs."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.command is not None:
        return None
    if turn.grid is None or said.numbers or turn.quoted is not None or not is_neighbour(turn):
        return None
    if turn.asked is not None and turn.asked.takes and not turn.asked.takes.startswith(YIELDS):
        return None
    rows = turn.catalog.read(FILE, Asked)
    if len(said.text) > rows.longest or not _things(turn.catalog).search(said.text):
        return None
    order = running(turn)
    if order is None and not modes.at_war(turn, turn.grid):
        return None
    ask = _asked(turn, rows)
    if ask is None or (ask.danger and (order is None or order.plan != plans.against(turn.catalog, said.emergency))):
        return None
    kind = ask.kind
    return lambda turn: answer(turn, order, kind, rows)


def is_neighbour(turn: Turn) -> bool:
    """Whether a neighbour speaks, or somebody among neighbours."""
    return turn.chat.audience == "residents" if turn.chat is not None else not turn.posts


def running(turn: Turn) -> Notice | None:
    """The order that holds where it was asked: a real one before a drill, then the newest."""
    code = turn.grid.code if turn.grid else ""
    every = musters.going(turn.session).values()
    here = [one for one in every if code.startswith(grids.get(turn.session, one.grid_id).code)]
    return max(here, key=lambda one: (not one.drill, one.number), default=None)


def mobilizes(turn: Turn, order: Notice) -> bool:
    """Whether it calls people out; a roll-call only counts them."""
    plan = plans.read(turn.catalog, order.plan) if order.plan else None
    return plan is None or plan.kind == "mobilization"


@lru_cache(maxsize=4)
def _things(catalog: Catalog) -> re.Pattern[str]:
    return phrases.any_word(thing for one in catalog.read(FILE, Asked).ask for thing in one.things)


def _asked(turn: Turn, rows: Asked) -> Ask | None:
    """What is asked; None where it is something else, or a cry for help."""
    text, cries = turn.utterance.text, turn.utterance.intent == "emergency"
    about = [
        one
        for one in rows.ask
        if one.danger == cries
        and any(thing in text for thing in one.things)
        and (not one.needs or any(need in text for need in one.needs))
        and not (one.private and turn.in_group)
    ]
    if not about:
        return None
    bare = text.strip(" \t，,。.！!~～")
    asks = bare.endswith(rows.ends) or any(word in bare for word in rows.asking)
    words = text.replace("?", "，").replace("？", "，")
    found = [
        one
        for one in about
        if (asks or one.always or any(f"{thing}不{thing}" in bare for thing in one.things)) and _says(words, one, rows)
    ]
    where = any(word in bare for word in rows.places)
    return min(found, key=lambda one: ((one.kind == "where") != where, one.kind != "meaning")) if found else None


def _says(words: str, one: Ask, rows: Asked) -> bool:
    beside: Sequence[str] = (*rows.asking, *rows.ends, *rows.beside, *one.needs, *one.beside)
    return phrases.only(words, one.things, tuple(beside))


def answer(turn: Turn, order: Notice | None, kind: str, rows: Asked) -> list[Reply]:
    """Once in a while in a group; each who asks in private."""
    if told_lately(turn, rows):
        return []
    plan = plans.read(turn.catalog, order.plan) if order is not None and order.plan else None
    values = {
        "asks": kind,
        "order": order,
        "title": order.topic if order is not None else "",
        "mobilizes": plan is None or plan.kind == "mobilization",
        "told": plan.groups.residents if plan is not None else "",
        "war_until": modes.war_until(turn, turn.grid) if turn.grid is not None else None,
    }
    return [Reply("mobilizing/neighbours", values, about=order.number if order is not None else None)]


def told_lately(turn: Turn, rows: Asked) -> bool:
    """Whether this group was told a little while ago; if not, now it is."""
    if turn.chat is None:
        return False
    if timers.armed(turn.session, ANSWERED, turn.chat.id):
        return True
    timers.arm(turn.session, ANSWERED, turn.chat.id, turn.now + timedelta(minutes=rows.pause_minutes))
    return False


@router.timer(ANSWERED)
def may_be_told_again(_scene: Scene, _due: Sequence[Timer]) -> list[Reply]:
    """The pause is over; nothing is said."""
    return []
