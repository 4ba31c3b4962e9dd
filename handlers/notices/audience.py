"""Whom a notice is for: subtree x groups or people x role x tags; how many that is, who will miss it, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from bot.catalog import Catalog
from bot.turn import Scene
from handlers.notices import terms
from handlers.notices.by_hand import NOBODY, tally
from storage import grids, targets
from storage.customers import Tally
from storage.grids import Grid
from storage.notices import Listeners, Notice
from storage.tags import Tagged
from storage.targets import Unreached


class Audience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who hears it. An empty one reaches nobody."""

    staff: bool = False
    """Those with a post, each in private, by receipt."""
    roles: tuple[str, ...] = ()
    """Only these roles of theirs; empty: all."""
    staff_groups: bool = False
    residents_groups: bool = False
    residents: bool = False
    """Every neighbour in private."""
    tags: tuple[str, ...] = ()
    """Only neighbours with one of these tags."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What is true of an audience before anything leaves."""

    grid: Grid
    grids: int
    """Lowest grids of the subtree."""
    staff: int
    groups: int
    residents_groups: int
    """How many of the groups are neighbours'."""
    residents: int
    households: int
    unreached: Sequence[Unreached]
    """Who will not get it and why, the most first."""
    channels: Sequence[tuple[str, int]]
    """How many messages each channel carries, the most first."""
    by_hand: Tally
    """Customer groups, where each owner has to send it by hand; `groups` does not count them."""
    lasts: timedelta
    """How long the platforms' limits let the last one wait for it."""

    @property
    def targets(self) -> int:
        """How many messages it will be, those that others send by hand among them."""
        return self.staff + self.all_groups + self.residents

    @property
    def all_groups(self) -> int:
        """Groups of every kind."""
        return self.groups + self.by_hand.groups


def of(notice: Notice) -> Audience:
    """The audience that the notice was written for."""
    return msgspec.json.decode(notice.audience, type=Audience) if notice.audience else Audience()


def kept(audience: Audience) -> str:
    """As a notice keeps it."""
    return msgspec.json.encode(audience).decode()


def tagged(catalog: Catalog, audience: Audience) -> Tagged:
    """Those whom its tags mean; everybody, when it names none."""
    return terms.tagged(catalog, audience.tags)


def listeners(audience: Audience) -> list[Listeners]:
    """The ways down, in the order in which they are gone: staff first, then groups, then every neighbour."""
    wanted: list[tuple[bool, Listeners]] = [
        (audience.staff, "called"),
        (audience.staff_groups, "staff_groups"),
        (audience.residents_groups, "residents_groups"),
        (audience.residents, "residents"),
    ]
    return [name for is_wanted, name in wanted if is_wanted]


def reach(scene: Scene, grid: Grid, audience: Audience, *, by_hand: bool = False) -> Reach:
    """Count them; nothing is written. With `by_hand` it is given to the owners of customer groups too."""
    ways = listeners(audience)
    counts_hands = by_hand and "residents_groups" in ways
    counted = targets.count(scene.session, grid.code, ways, audience.roles, tagged(scene.catalog, audience), scene.now)
    by_way = {way: sum(many for of_way, _, many in counted if of_way == way) for way in ways}
    return Reach(
        grid=grid,
        grids=grids.count_lowest(scene.session, grid.code),
        staff=by_way.get("called", 0),
        groups=by_way.get("staff_groups", 0) + by_way.get("residents_groups", 0),
        residents_groups=by_way.get("residents_groups", 0),
        residents=by_way.get("residents", 0),
        households=grids.count_households(scene.session, grid.code),
        unreached=targets.unreached(scene.session, grid.code, ways, audience.roles, scene.now, by_hand=counts_hands),
        channels=_channels(counted),
        by_hand=tally(scene, grid.code) if counts_hands else NOBODY,
        lasts=_lasts(scene, counted),
    )


def _channels(counted: Sequence[tuple[Listeners, str, int]]) -> list[tuple[str, int]]:
    by_channel: dict[str, int] = {}
    for _, channel, many in counted:
        by_channel[channel] = by_channel.get(channel, 0) + many
    return sorted(by_channel.items(), key=lambda pair: -pair[1])


def _lasts(scene: Scene, counted: Sequence[tuple[Listeners, str, int]]) -> timedelta:
    """The slowest channel's time, at the even pace at which it lets words leave."""
    waits = [
        many * limit.apart_s
        for channel, many in _channels(counted)
        if channel in scene.paces
        for limit in scene.paces[channel].app
    ]
    return timedelta(seconds=max(waits, default=0.0))
