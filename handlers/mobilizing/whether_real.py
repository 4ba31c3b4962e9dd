"""是真的起火了吗, 真的着火了迈: whoever asks hears whether it is a drill, what is known here, and whom to call."""

import re
from datetime import timedelta
from functools import lru_cache

import msgspec

from bot.message import Reply
from bot.router import Handler, Router
from bot.turn import Turn
from bot.understanding import phrases
from handlers.matters.intake import EMERGENCY
from handlers.mobilizing import neighbours, plans
from handlers.mobilizing.neighbours import FILE as ORDERS
from handlers.mobilizing.neighbours import YIELDS, Asked
from storage import matters
from storage.matters import Matter

router = Router()

FILE = "whether_real.toml"
LATELY = timedelta(hours=3)
"""Nobody asks of an older fire whether it is real."""
DIGITS = re.compile(r"[\d零一二三四五六七八九十]+(?=栋|号楼|单元|号)")


class Danger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that people ask about."""

    code: str
    thing: str
    words: tuple[str, ...]
    calls: str
    """What whoever sees it does."""


class Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """whether_real.toml."""

    longest: int
    asking: tuple[str, ...]
    ends: tuple[str, ...]
    beside: tuple[str, ...]
    danger: tuple[Danger, ...]


@router.guard
def asks_whether_it_is_real(turn: Turn) -> Handler | None:
    """The answer to a question and to nothing else: without one the same words are a cry."""
    said = turn.utterance
    if turn.incoming.happening != "text" or said.command is not None or said.numbers or turn.quoted is not None:
        return None
    rows = turn.catalog.read(FILE, Rows)
    if len(said.text) > rows.longest or not neighbours.is_neighbour(turn) or not _any(rows).search(said.text):
        return None
    if turn.asked is not None and turn.asked.takes and not turn.asked.takes.startswith(YIELDS):
        return None
    danger = _asked(said.text, rows)
    return (lambda turn: _told(turn, danger)) if danger is not None else None


def _asked(text: str, rows: Rows) -> Danger | None:
    bare = text.strip(" \t，,。.！!~～")
    if not bare.endswith(rows.ends) and not any(word in bare for word in rows.asking):
        return None
    words = DIGITS.sub("", text.replace("?", "，").replace("？", "，"))
    beside = (*rows.asking, *rows.ends, *rows.beside)
    return next((one for one in rows.danger if phrases.only(words, one.words, beside)), None)


@lru_cache(maxsize=4)
def _any(rows: Rows) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for one in rows.danger for word in one.words))


def _told(turn: Turn, danger: Danger) -> list[Reply]:
    """A real order before a drill before what neighbours reported; once in a while in a group."""
    if turn.grid is None or neighbours.told_lately(turn, turn.catalog.read(ORDERS, Asked)):
        return []
    order = neighbours.running(turn)
    reported = _reported(turn, danger)
    if order is not None and order.plan != danger.code and (not order.drill or reported is not None):
        order = None  # it is called out against something else
    if order is not None and order.drill and reported is not None:
        order = None
    plan = plans.read(turn.catalog, order.plan) if order is not None and order.plan else None
    values = {
        "order": order,
        "title": order.topic if order is not None else "",
        "told": plan.groups.residents if plan is not None else "",
        "reported": reported,
        "thing": danger.thing,
        "calls": danger.calls,
    }
    return [Reply("mobilizing/whether_real", values)]


def _reported(turn: Turn, danger: Danger) -> Matter | None:
    """What was cried here of this danger and is not over."""
    kind = next((one for one in turn.catalog.emergencies.kind if one.code == danger.code), None)
    if kind is None or turn.grid is None:
        return None
    near = matters.alike(turn.session, turn.grid.id, kind.category, turn.now - LATELY)
    cried = next((one for one in near if one.urgency == EMERGENCY and one.state != "done"), None)
    return matters.get(turn.session, cried.id) if cried is not None else None
