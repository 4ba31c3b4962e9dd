"""Who is on duty over a grid: its lineage with everybody seated there, and the order in which they are asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.catalog import Catalog
from bot.message import Address
from bot.turn import Scene
from handlers.people import modes
from storage import grids, posts
from storage.grids import Grid
from storage.modes import PEACE
from storage.posts import Seat


@dataclass(frozen=True, slots=True)
class Duty:
    """A grid, all above it, and who sits where; loaded once, then asked."""

    lineage: tuple[Grid, ...]
    """Nearest first."""
    seats: tuple[Seat, ...]
    """Those on duty in this mode and shift, first seats first."""
    mode: str = PEACE

    @property
    def grid(self) -> Grid:
        """The grid it is about."""
        return self.lineage[0]

    def at(self, grid_id: int | None) -> list[Seat]:
        """Who sits in one grid of the lineage."""
        return [seat for seat in self.seats if seat.grid_id == grid_id]

    def named(self, roles: Sequence[str]) -> list[Seat]:
        """Everybody with one of these roles: in the order of the roles, there the nearest level first, then seats."""
        return sorted(self.nearest(roles), key=lambda seat: roles.index(seat.role))

    def nearest(self, roles: Sequence[str]) -> list[Seat]:
        """Everybody with one of these roles: the nearest level first, there in the order of the roles, then seats."""
        depth = {grid.id: grid.depth for grid in self.lineage}
        fitting = [seat for seat in self.seats if seat.role in roles]
        return sorted(
            fitting,
            key=lambda seat: (-depth[seat.grid_id or 0], roles.index(seat.role), seat.seat, seat.id),
        )

    def level_of(self, seat: Seat) -> int:
        """How many steps above the grid this seat is; a unit's seat counts as the grid's own."""
        for step, grid in enumerate(self.lineage):
            if grid.id == seat.grid_id:
                return step
        return 0


def over(scene: Scene, grid: Grid, *, shift: str = "", mode: str | None = None) -> Duty:
    """Who is on duty over this grid now, in this shift (any when it is empty) and mode (the one it is in there)."""
    mode = mode or modes.mode_at(scene, grid)
    lineage = tuple(grids.lineage(scene.session, grid))
    seats = posts.seats_in_grids(scene.session, [one.id for one in lineage], scene.now)
    return Duty(lineage, tuple(seat for seat in seats if serves(seat, shift, mode)), mode)


def serves(seat: Seat, shift: str, mode: str) -> bool:
    """Whether the seat is reachable and on duty in this shift and mode."""
    on_shift = not shift or seat.shift in ("all", shift)
    return seat.channel is not None and on_shift and seat.mode in ("both", mode)


def shift_at(moment: datetime, day: tuple[str, str], scene: Scene) -> str:
    """ "day" or "night", by the community's own clock."""
    begins, ends = (time.fromisoformat(hour) for hour in day)
    return "day" if begins <= moment.astimezone(scene.settings.zone).time() < ends else "night"


def able(catalog: Catalog, seats: Collection[Seat], deed: str) -> list[Seat]:
    """Those whose role may do `deed`, in their order."""
    return [seat for seat in seats if seat.role in catalog.roles and deed in catalog.roles[seat.role].deeds]


def address(seat: Seat) -> Address:
    """Where this person is told something in private."""
    if seat.channel is None or seat.external is None:
        raise ValueError(f"post {seat.id} has nobody to ring")
    return Address(seat.channel, seat.external, private=True)
