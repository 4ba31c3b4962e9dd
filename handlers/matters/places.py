"""Which grid a place is in: by its door, from the speaker's grid upwards, or by the estate that is named."""

from rapidfuzz import fuzz, process

from bot.turn import Turn
from bot.understanding.utterance import Place
from storage import grids, people
from storage.grids import Grid

NEAR_ENOUGH = 75
WIDEST = 2
"""Doors are looked for up to the level of communities: beyond it the same building numbers mean other houses."""


def home_of(turn: Turn, text: str, place: Place, known: Grid | None) -> Grid | None:
    """The smallest grid of a place that was named by somebody who speaks from `known`; None when nothing tells."""
    grid = known or estate_named(turn, text, at_least=100)
    return grid and (grid_of_door(turn, grid, place) or grid)


def grid_of_door(turn: Turn, grid: Grid, place: Place) -> Grid | None:
    """The one grid that has this door: below `grid` first, then wider; None when no list of doors says so."""
    if place.building is None:
        return None
    for wider in grids.lineage(turn.session, grid):
        if wider.depth < WIDEST and wider.id != grid.id:
            return None
        found = people.grid_of_door(turn.session, wider.code, place.building, place.unit)
        if found is not None:
            return grids.get(turn.session, found)
    return None


def estate_named(turn: Turn, words: str, at_least: int = NEAR_ENOUGH) -> Grid | None:
    """The grid that these words name, by its name or an alias; slips of the finger allowed below 100."""
    names: dict[str, Grid] = {}
    for grid in grids.everything(turn.session):
        for name in (grid.name, *grid.aliases.split("、")):
            if len(name) > 1:
                names.setdefault(name, grid)
    inside = [name for name in names if name in words]
    if inside:
        return names[max(inside, key=lambda name: (len(name), -names[name].depth))]
    if at_least >= 100:
        return None
    close = process.extractOne(words, list(names), scorer=fuzz.partial_ratio, score_cutoff=at_least)
    return names[close[0]] if close else None
