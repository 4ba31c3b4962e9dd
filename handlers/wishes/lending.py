"""A thing that a neighbour has at hand: "我有电钻，找我拿" answers whoever asked for one, else it may go on the list."""

import re
from datetime import timedelta
from functools import lru_cache

from bot.catalog import Catalog
from bot.router import Handler, Router
from bot.turn import Order, Turn
from handlers.wishes import favours, finding, resources, wording
from handlers.wishes.terms import terms
from storage import favours as kept
from storage import grids
from storage.favours import Favour

router = Router()

LONGEST = 30
"""Longer words are a story."""
LATELY = timedelta(hours=2)
"""So long after a favour was asked for, a thing named is meant for it."""
MEASURE = r"(?:[一两二三几多]?[个把台辆架副张条套根本件床只块盏支]|现成的?|闲置的?|一?些)?"
NAMED = r"[^,，。;；!！?？\s吗没不]{1,8}?"
PARTICLES = "(?:嘛|哦|哈|的|呢|闲着|空着)?"
A_NUMBER = re.compile(r"\d{3}|\d-\d")
END = r"[\s,，。.!！~～嘛哈哦噻啊呀]*"


@lru_cache(maxsize=4)
def _said(catalog: Catalog) -> re.Pattern[str]:
    """我有电钻，找我拿; 电钻我有."""
    rows = terms(catalog)
    has, fetch = f"(?:{wording.any_of(rows.at_hand)})", rf"(?:[\s,，。]*(?P<fetch>{wording.any_of(rows.fetch)}))?"
    behind = rf"{has}(?:[\s,，。]+|{MEASURE}(?P<thing>{NAMED}){PARTICLES})?{fetch}{END}"
    before = rf"{MEASURE}(?P<first>{NAMED})[,，\s]*{has}{fetch.replace('<fetch>', '<fetched>')}{END}"
    return re.compile(f"{behind}|{before}")


@router.guard
def at_hand(turn: Turn) -> Handler | None:
    """Asked of every free sentence; it must be quick to say None."""
    said = turn.utterance
    if _beside_a_door(turn):
        return resources.offered
    if len(said.text) > LONGEST or "有" not in said.text or said.intent == "emergency" or not finding.said_freely(turn):
        return None
    found = _said(turn.catalog).fullmatch(said.text) if turn.quoted is None else None
    if found is None:
        return None
    thing, fetch = found["thing"] or found["first"] or "", found["fetch"] or found["fetched"]
    if not thing and not fetch:
        return None
    if meant := _asked_for(turn, thing):
        turn.order = Order("favour_help", (meant.number,))
        return favours.helps
    known = any(thing.endswith(word) for word in terms(turn.catalog).words_in(thing))
    return resources.offered if known or (fetch and thing and said.intent == "report") else None


def _beside_a_door(turn: Turn) -> bool:
    """ "我家在1302，有个轮椅可以借，打我电话…" offers a wheelchair; the door and the number ask for nothing."""
    said = turn.utterance
    if turn.quoted is not None or len(said.text) > resources.LONGEST_OFFER or not A_NUMBER.search(said.text):
        return False
    if "有" not in said.text or said.intent == "emergency" or not finding.said_freely(turn):
        return False
    thing = resources.without_door(turn, said.text)
    return thing != said.text and resources.offers(turn.catalog, thing)


def _asked_for(turn: Turn, thing: str) -> Favour | None:
    """The newest favour around that asks for this thing; where none was named, the only one lately asked for."""
    grid = turn.grid or finding.seated(turn)
    if grid is None:
        return None
    rows, own = terms(turn.catalog), turn.account.id if turn.account else None
    around = grids.lineage(turn.session, grid)[: 3 if grid.depth > 1 else 1][-1]
    waiting = [
        one
        for one in kept.open_within(turn.session, around.code)
        if one.state == "open" and not one.offers and one.account_id != own and turn.now - one.since <= LATELY
    ]
    if not thing:
        return waiting[0] if len(waiting) == 1 else None
    same = rows.things_in(thing)
    return next((one for one in waiting if thing in one.text or same & rows.things_in(one.text)), None)
