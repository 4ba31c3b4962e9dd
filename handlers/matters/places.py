"""Which grid a place is in: the estate that is named, else the speaker's own, narrowed by the door."""

import re
from dataclasses import replace

from rapidfuzz import fuzz, process

from bot.turn import Turn
from bot.understanding.utterance import Place, Utterance
from handlers.people import authority, codes
from storage import chats, grids, people
from storage.grids import Grid

BEFORE_DIGITS = re.compile(r"\D{2,}")
ASKS = re.compile(r"[?？吗嘛呢]\W*$|好久|多久|哪天|什么时候|啥时候")
NEAR_ENOUGH = 75
HANDLES = "handle"
NEIGHBOURS = "residents"
SURE_NAME = 3
"""Characters of a name that counts against the speaker's own place: 新村 and 桥头 are everywhere."""


def home_of(turn: Turn, text: str, place: Place, known: Grid | None) -> Grid | None:
    """The smallest grid of what was said by somebody who speaks from `known`; None when nothing tells."""
    named = estate_in(turn, text, at_least=SURE_NAME if known else 2)
    if named is not None and (known is None or not known.code.startswith(named.code)):
        return grid_of_door(turn, named, place) or named
    return known and (grid_of_door(turn, known, place) or known)


def from_home(turn: Turn, said: Utterance) -> tuple[Utterance, Grid | None]:
    """What was said, completed with the door the speaker once scanned, and the grid the speaker speaks from.

    Only in private, only of what the words leave open: building and unit, and the room where it is inside the
    speaker's own home or a danger. What is named elsewhere stays as it was named.
    """
    home = codes.home_of(turn) if not said.behalf else None
    return (
        at_home(turn, said, home.grid_id, Place(home.building, home.unit, room=home.room))
        if home
        else (said, turn.grid)
    )


def led(turn: Turn) -> Grid | None:
    """The grid from which a leader speaks in private: the one that is led, or the smallest that has all of them."""
    if turn.chat is not None or not turn.posts:
        return None
    seats = {grid.id: grid for _, grid in authority.seated(turn, turn.posts, HANDLES)}
    deepest = max(seats.values(), key=lambda grid: grid.depth, default=None)
    if deepest is None:
        return None
    lowest = [one for one in seats.values() if not any(_lies_below(other, one) for other in seats.values())]
    around = (grid for grid in grids.lineage(turn.session, deepest) if all(_is_in(one, grid) for one in lowest))
    found = next(around, None)
    return found if found is not None and found.depth > 0 else None


def _is_in(grid: Grid, other: Grid) -> bool:
    return grid.code.startswith(other.code)


def _lies_below(grid: Grid, other: Grid) -> bool:
    return grid.id != other.id and _is_in(grid, other)


def is_neighbourhood(turn: Turn, grid: Grid) -> bool:
    """Whether its people have a group of their own: what is said there needs no other name."""
    return bool(chats.bound_to(turn.session, (grid.id,), NEIGHBOURS))


def at_home(turn: Turn, said: Utterance, grid_id: int, home: Place) -> tuple[Utterance, Grid | None]:
    """The same with a home that is known in another way."""
    if said.place.building and said.place.building != home.building:
        return said, turn.grid
    grid, place, rules = grids.get(turn.session, grid_id), said.place, codes.rules(turn.catalog)
    named = estate_in(turn, said.text, at_least=SURE_NAME)
    if named is not None and not grid.code.startswith(named.code):
        return said, turn.grid
    if place.spot is not None and place.spot not in rules.inside and not place.building:
        return said, grid
    unit = place.unit or (home.unit or None if place.building is None else None)
    inside = said.intent == "emergency" or any(word in said.text for word in rules.at_home)
    mine = inside and unit == (home.unit or None) and not place.floor and place.spot in (None, *rules.at_home)
    room = place.room or (home.room or None if mine else None)
    return replace(said, place=replace(place, building=home.building or None, unit=unit, room=room)), grid


def grid_of_door(turn: Turn, grid: Grid, place: Place) -> Grid | None:
    """The one grid that has this door: in `grid` itself or in the one above it, which is the same estate; else None."""
    if place.building is None:
        return None
    for near in grids.lineage(turn.session, grid)[:2]:
        found = people.grid_of_door(turn.session, near.code, place.building, place.unit)
        if found is not None:
            return grids.get(turn.session, found)
    return None


def without_name(words: str, grid: Grid) -> str:
    """The words without what the grid is called: 锦绣花园 is no garden."""
    heads = {head[0] for name in (grid.name, *grid.aliases.split("、")) if (head := BEFORE_DIGITS.match(name))}
    for head in sorted(heads, key=len, reverse=True):
        words = words.replace(head, "", 1)
    return words


def past_its_name(turn: Turn, said: Utterance) -> Utterance:
    """The same without a spot that is but a part of an estate's name: 锦绣花园 楼道灯坏了 is of the stairs."""
    spot = said.place.spot
    named = estate_in(turn, said.text, at_least=SURE_NAME) if spot else None
    if named is None or spot is None or spot in (words := without_name(said.text, named)):
        return said
    return replace(said, place=replace(said.place, spot=turn.read(words, True).place.spot))


def estate_in(turn: Turn, text: str, at_least: int) -> Grid | None:
    """The grid whose name or alias of at least so many characters stands in the text; the longest, then the deepest."""
    called = grids.called(turn.session)
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    found = [
        (len(name), grids.get(turn.session, grid_id))
        for pair in pairs
        for name, grid_id in called.get(pair, ())
        if len(name) >= at_least and name in text
    ]
    return max(found, key=lambda one: (one[0], one[1].depth))[1] if found else None


def is_bare_name(turn: Turn, words: str) -> bool:
    """Whether the words are what a grid is called, and nothing else."""
    return any(name == words for name, _ in grids.called(turn.session).get(words[:2], ()))


def may_name_one(turn: Turn, words: str) -> bool:
    """Whether an answer to "which estate?" seems to name one, be it known or not; 要好久嘛 does not."""
    return any(sign in words for sign in turn.catalog.places.estate) and ASKS.search(words) is None


def estate_meant(turn: Turn, words: str) -> Grid | None:
    """The grid that an answer to "which estate?" means; slips of the finger allowed."""
    if grid := estate_in(turn, words, at_least=2):
        return grid
    names = {name: grid_id for found in grids.called(turn.session).values() for name, grid_id in found}
    close = process.extractOne(words, list(names), scorer=fuzz.partial_ratio, score_cutoff=NEAR_ENOUGH)
    return grids.get(turn.session, names[close[0]]) if close else None
