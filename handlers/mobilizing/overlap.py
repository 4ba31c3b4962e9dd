"""Two orders over the same people: which others run above or below one, so that nobody hears that it is all over."""

from bot.turn import Scene
from storage import grids, musters
from storage.notices import Notice

Beside = tuple[int, str, str, bool]
"""Its number, its place, what it is about, and whether it is a drill."""


def above(scene: Scene, notice: Notice, *, same: bool) -> list[Beside]:
    """The real orders that still call all of its people; of the same plan alone, where this is wanted."""
    here = grids.get(scene.session, notice.grid_id).code
    return [
        _named(scene, one)
        for one in musters.going(scene.session).values()
        if one.number != notice.number
        and not one.drill
        and (not same or one.plan == notice.plan)
        and here.startswith(grids.get(scene.session, one.grid_id).code)
    ]


def running(scene: Scene, notice: Notice) -> list[Beside]:
    """All that run over some of its people already."""
    here = grids.get(scene.session, notice.grid_id).code
    found: list[Beside] = []
    for one in musters.going(scene.session).values():
        code = grids.get(scene.session, one.grid_id).code
        if one.number != notice.number and (code.startswith(here) or here.startswith(code)):
            found.append(_named(scene, one))
    return found


def _named(scene: Scene, one: Notice) -> Beside:
    return one.number, grids.get(scene.session, one.grid_id).name, one.topic, one.drill
