"""What an operator has a platform do once, while the program runs or not: squares for customer groups and doors, the menu."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.app import App
from bot.channels.official.channel import Official
from bot.channels.wecom.channel import WeCom
from bot.channels.wecom.customers import Customers
from bot.errors import SendError
from bot.settings import Settings
from storage import customers, grids
from storage import squares as kept_squares
from storage.customers import CustomerGroup, OfGrid
from storage.grids import Grid
from storage.session import Session

Kind = TypeVar("Kind", WeCom, Official)


class NotThere(Exception):
    """The platform that it wants is not set up."""


@dataclass(frozen=True, slots=True)
class Joins:
    """What became of asking for the squares of many grids."""

    squares: Sequence[tuple[Grid, bytes]]
    """In the order of the codes, the new ones and those that stood."""
    new: int
    without_group: Sequence[str]
    """Grids in which nobody has made a customer group yet."""
    in_doubt: Sequence[str]
    """Grids whose square was asked for once, and nobody knows what came of it: not asked for again."""
    refused: Mapping[str, str]
    """What the platform said, by grid."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Customer groups and who is in them."""

    by_grid: Sequence[OfGrid]
    lost: Sequence[CustomerGroup]
    """Groups of which nobody knows where they belong."""


async def join(settings: Settings, code: str, *, again: bool = False) -> Joins:
    """One square for the customer groups of each lowest grid below this code, asked for once and kept.

    With `again` also where it was asked for and no answer came. Raises NotThere, SendError.
    """
    _want(settings.wecom is not None and settings.wecom.customers)
    async with _at_work(settings, WeCom) as (app, channel):
        platform = channel.asking(app.ears)
        await platform.count(app.ears.customers)
        return await _Joining(app, platform, again=again).below(code)


class _Joining:
    def __init__(self, app: App, platform: Customers, *, again: bool) -> None:
        self._app = app
        self._platform = platform
        self._again = again
        self._new = 0

    async def below(self, code: str) -> Joins:
        lowest, groups = await self._app.dispatcher.run(lambda session: _lowest_with_groups(session, code))
        squares, without, doubt, refused = list[tuple[Grid, bytes]](), list[str](), list[str](), dict[str, str]()
        for grid in lowest:
            try:
                drawn = await self._square(grid, groups.get(grid.id, ()))
            except SendError as failure:
                refused[grid.name] = failure.says
                if failure.everyone:
                    break
                continue
            if drawn:
                squares.append((grid, drawn))
            else:
                (doubt if drawn == b"" else without).append(grid.name)
        return Joins(squares, self._new, without, doubt, refused)

    async def _square(self, grid: Grid, chats: Sequence[str]) -> bytes | None:
        """Its picture; empty where nobody knows whether it was made; None where there is no group to join.

        The row is written before the platform is asked: whoever is killed in between leaves it behind, and nobody asks
        a second time unless told so.
        """
        app, now = self._app, self._app.clock.now()
        standing = (await app.dispatcher.run(lambda session: kept_squares.join_ways(session, [grid.id]))).get(grid.id)
        config = standing.config if standing else ""
        if standing and standing.picture:
            return standing.picture
        if not config:
            if not chats:
                return None if standing is None else b""
            if standing and self._again:
                await app.dispatcher.run(lambda session: kept_squares.forget_join(session, grid.id))
            if not await app.dispatcher.run(lambda session: kept_squares.begin_join(session, grid.id, now)):
                return b""
            config = await self._asked_for(grid, chats)
        drawn = await self._platform.picture(config)
        await app.dispatcher.run(lambda session: kept_squares.keep_join(session, grid.id, picture=drawn))
        return drawn

    async def _asked_for(self, grid: Grid, chats: Sequence[str]) -> str:
        """The new square's name; where the platform says no, or never heard of it, it may be asked again."""
        try:
            config = await self._platform.square(grid.name, grid.code, chats)
        except SendError as failure:
            if not self._platform.in_doubt(failure):
                await self._app.dispatcher.run(lambda session: kept_squares.forget_join(session, grid.id))
            raise
        await self._app.dispatcher.run(lambda session: kept_squares.keep_join(session, grid.id, config=config))
        self._new += 1
        return config


def _lowest_with_groups(session: Session, code: str) -> tuple[list[Grid], dict[int, list[str]]]:
    """The residential grids that get a square, and the groups of each: the lowest, or the one above whose group is theirs."""
    groups: dict[int, list[str]] = {}
    for one in customers.groups_within(session, code):
        groups.setdefault(one.grid_id or 0, []).append(one.chat)
    wanted: dict[int, Grid] = {}
    for grid in grids.lowest(session, code):
        above = grid.parent_id if grid.id not in groups and grid.parent_id in groups else None
        found = grids.get(session, above) if above is not None else grid
        if found.kind == "residential":
            wanted[found.id] = found
    return list(wanted.values()), groups


async def count(settings: Settings, code: str) -> Counted:
    """Look at every customer group of the staff's, and count who is in them, by grid. Raises NotThere, SendError."""
    _want(settings.wecom is not None and settings.wecom.customers)
    async with _at_work(settings, WeCom) as (app, channel):
        platform = channel.asking(app.ears)
        await platform.count(app.ears.customers)
        return await app.dispatcher.run(
            lambda session: Counted(customers.by_grid(session, code), customers.unmatched(session))
        )


async def put_menu(settings: Settings) -> None:
    """Let the official account's menu be the one in the templates. Raises NotThere, SendError."""
    async with _at_work(settings, Official) as (app, channel):
        await channel.put_menu(app.ears)


async def squares(settings: Settings, codes: Mapping[int, str]) -> Mapping[int, str]:
    """What the printed squares of these place codes hold so that scanning follows the account: by the codes' ids.

    Each is asked for once and kept: an account has at most 100,000. Raises NotThere, SendError; what came before stays.
    """
    account = settings.official.app if settings.official else ""
    async with _at_work(settings, Official) as (app, channel):
        found = await app.dispatcher.run(lambda session: _kept_squares(session, account, codes))
        for code_id, text in codes.items():
            if code_id not in found:
                found[code_id] = url = await channel.square(app.ears, text)
                await app.dispatcher.run(
                    lambda session: kept_squares.keep_square(session, account, code_id, url)  # noqa: B023 - run at once
                )
        return found


def _kept_squares(session: Session, account: str, codes: Collection[int]) -> dict[int, str]:
    wanted, found = list(codes), dict[int, str]()
    for at in range(0, len(wanted), 500):
        found |= kept_squares.of_codes(session, account, wanted[at : at + 500])
    return found


def _want(is_set_up: bool) -> None:
    if not is_set_up:
        raise NotThere


@asynccontextmanager
async def _at_work(settings: Settings, kind: type[Kind]) -> AsyncGenerator[tuple[App, Kind]]:
    """The program's parts without its web site, senders and timers, and the channel of this kind."""
    app = App(settings, demo=False)
    channel = next((sender.channel for sender in app.senders if isinstance(sender.channel, kind)), None)
    if channel is None:
        app.database.close()
        raise NotThere
    try:
        app.prepare()
        app.dispatcher.start()
        try:
            yield app, channel
        finally:
            app.dispatcher.stop()
    finally:
        await channel.close()
        with suppress(SQLAlchemyError):
            app.database.close()
