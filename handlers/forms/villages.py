"""A village's house named by somebody who may live elsewhere: 果园5号 is where 果园中心户 is."""

import re

from bot.turn import Turn
from handlers.forms import rules
from storage import grids
from storage.grids import Grid

HOUSE = re.compile(r"([\u4e00-\u9fff]{2,12}?)(?=(?:\d{1,4}|[一二三四五六七八九十百]{1,4})号)")


def of_house(turn: Turn, text: str) -> Grid | None:
    """The rural grid that is called what stands right before a house's number; the longest name, then the deepest."""
    found: list[tuple[int, Grid]] = []
    for house in HOUSE.finditer(text):
        for name, grid_id in _called(turn, house[1]):
            grid = grids.get(turn.session, grid_id)
            if _is_rural(turn, grid):
                found.append((len(name), grid))
    return max(found, key=lambda one: (one[0], one[1].depth), default=(0, None))[1]


def _called(turn: Turn, before: str) -> list[tuple[str, int]]:
    """Names, bynames and what household leads are called after, with which the words end."""
    called, leads = grids.called(turn.session), rules.words(turn.catalog).leads
    pairs = {before[at : at + 2] for at in range(len(before) - 1)}
    names = [(name, grid_id) for pair in pairs for name, grid_id in called.get(pair, ())]
    names += [(name.removesuffix(lead), grid_id) for name, grid_id in names for lead in leads if name.endswith(lead)]
    return [(name, grid_id) for name, grid_id in names if len(name) > 1 and before.endswith(name)]


def _is_rural(turn: Turn, grid: Grid) -> bool:
    levels = rules.words(turn.catalog).rural
    return any(one.level in levels for one in grids.lineage(turn.session, grid))
