"""Targets: who is told of a notice, by each way down; how many that is, and who cannot be reached."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, exists, func, literal, or_, select

from storage.chats import chat
from storage.columns import Moment
from storage.customers import customer_group
from storage.grids import LIVE, grid, within
from storage.notices import Listeners, receipt, unanswered
from storage.outbox import gone
from storage.people import KNOWN, account
from storage.posts import RESIDENT, post
from storage.session import Session
from storage.tags import Tagged

UNDER = within(bindparam("code", type_=String))
HELD = (
    or_(post.c.since.is_(None), post.c.since <= bindparam("now", type_=Moment)),
    or_(post.c.until.is_(None), post.c.until > bindparam("now", type_=Moment)),
)
EXAMPLES = 5
GRIDS_AT_ONCE, ROWS_AT_ONCE = 40, 10_000
"""Grids, or rows, whose neighbours are queued in one transaction: less than a tenth of a second."""
LARGE = 400
"""Grids from which on a subtree is walked in the order of identities."""
BY_IDENTITY, PARTS = "@", "\x1f"
"""How the place is kept at which the last piece ended."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """Some who will not get it."""

    why: str
    """no_group, no_account or gone."""
    many: int
    examples: tuple[str, ...] = ()
    """Names of their grids."""


def seated(roles: Collection[str], tagged: Tagged) -> Select[Any, Any, Any, Any, Any, Any]:
    """(account, person, post, grid, depth, role) of everybody seated in the subtree of `code` at `now`, each person
    once: by the highest seat, on the account that came first."""
    mine = account.alias("mine")
    place = func.row_number().over(partition_by=post.c.person_id, order_by=(grid.c.depth, post.c.seat, post.c.id))
    seats = (
        select(post.c.person_id, post.c.id.label("post_id"), post.c.grid_id, grid.c.depth, post.c.role, place.label("place"))
        .join(grid, grid.c.id == post.c.grid_id)
        .where(UNDER, LIVE, post.c.role != RESIDENT, *HELD)
    )  # fmt: skip
    if roles:
        seats = seats.where(post.c.role.in_(list(roles)))
    best = seats.subquery("best")
    who = (best.c.person_id, best.c.post_id, best.c.grid_id, best.c.depth, best.c.role)
    found = (
        select(func.min(mine.c.id).label("account_id"), *who)
        .join(mine, mine.c.person_id == best.c.person_id)
        .where(best.c.place == 1)
        .group_by(*who)
        .order_by(best.c.depth, best.c.grid_id, best.c.post_id)
    )
    return found.where(tagged.holds(mine.c.id)) if tagged else found


def called(number: int, *, missing: bool, roles: Collection[str] = ()) -> Select[Any, Any, bool]:
    """(channel, external, private) of those with a receipt (and one of these roles), the highest seats first."""
    found = (
        select(account.c.channel, account.c.external, literal(value=True))
        .join(receipt, receipt.c.account_id == account.c.id)
        .where(receipt.c.notice == number, receipt.c.called_at.is_not(None), KNOWN)
        .order_by(receipt.c.depth, receipt.c.id)
    )
    if roles:
        found = found.where(receipt.c.role.in_(list(roles)))
    return found.where(unanswered()) if missing else found


def groups(code: str, audience: str) -> Select[Any, Any, bool]:
    """(channel, external, private) of the groups of the subtree, in the order of the grids."""
    return (
        select(chat.c.channel, chat.c.external, literal(value=False))
        .join(grid, grid.c.id == chat.c.grid_id)
        .where(within(code), LIVE, chat.c.audience == audience, chat.c.gone_at.is_(None))
        .order_by(grid.c.code)
    )


def residents(
    session: Session, number: int, code: str, after: str, tagged: Tagged
) -> tuple[Select[Any, Any, bool], str | None]:
    """(channel, external, private) of the next neighbours who were not called by name, and where the piece ends; None
    when no more come.

    A small subtree is walked grid by grid, a large one in the order of identities: written in the order of the outbox's
    indexes, a million rows touch each page once.
    """
    if after.startswith(BY_IDENTITY) or (not after and _is_large(session, code)):
        return _by_identity(session, number, code, after.removeprefix(BY_IDENTITY), tagged)
    nexts = select(grid.c.code).where(within(code), LIVE, grid.c.code > after).order_by(grid.c.code)
    codes = session.connection.execute(nexts.limit(GRIDS_AT_ONCE)).scalars().all()
    here = and_(grid.c.code > after, grid.c.code <= (codes[-1] if codes else after))
    told = (
        select(account.c.channel, account.c.external, literal(value=True))
        .join(grid, grid.c.id == account.c.grid_id)
        .where(here, within(code), LIVE, KNOWN, ~_also_called(number))
    )
    last = codes[-1] if len(codes) == GRIDS_AT_ONCE else None
    return (told.where(tagged.holds(account.c.id)) if tagged else told), last


def _by_identity(
    session: Session, number: int, code: str, after: str, tagged: Tagged
) -> tuple[Select[Any, Any, bool], str | None]:
    # Within one channel, as then PostgreSQL foresees how many rows come.
    channel, _, begun = after.partition(PARTS) if after else (_channel_after(session, "") or "", "", "")
    here = and_(account.c.channel == channel, account.c.external > begun)
    in_turn = select(account.c.external).where(here).order_by(account.c.external)
    ends = session.maybe(str, in_turn.limit(1).offset(ROWS_AT_ONCE - 1))
    # Asked row by row: given a list of grids, SQLite would walk all of them for every piece.
    inside = exists().where(grid.c.id == account.c.grid_id, within(code), LIVE)
    told = (
        select(account.c.channel, account.c.external, literal(value=True))
        .where(here, inside, KNOWN, ~_also_called(number))
        .order_by(account.c.external)
    )
    told = told.where(tagged.holds(account.c.id)) if tagged else told
    if ends is not None:
        return told.where(account.c.external <= ends), f"{BY_IDENTITY}{channel}{PARTS}{ends}"
    following = _channel_after(session, channel)
    return told, None if following is None else f"{BY_IDENTITY}{following}{PARTS}"


def _channel_after(session: Session, channel: str) -> str | None:
    return session.maybe(str, select(func.min(account.c.channel)).where(account.c.channel > channel))


def _also_called(number: int) -> ColumnElement[bool]:
    return exists().where(
        receipt.c.notice == number, receipt.c.account_id == account.c.id, receipt.c.called_at.is_not(None)
    )


def _is_large(session: Session, code: str) -> bool:
    some = select(grid.c.id).where(within(code), LIVE).limit(LARGE).subquery("some")
    return session.one(int, select(func.count()).select_from(some)) >= LARGE


def count(
    session: Session, code: str, ways: Collection[Listeners], roles: Collection[str], tagged: Tagged, now: datetime
) -> list[tuple[Listeners, str, int]]:
    """(way, channel, how many targets) of those who would be told now."""
    counted: list[tuple[Listeners, str, int]] = []
    for way in ways:
        if way == "called":
            people = seated(roles, tagged).subquery("people")
            targets = (
                select(account.c.channel, func.count())
                .join(people, people.c.account_id == account.c.id)
                .group_by(account.c.channel)
            )
        elif way == "residents":
            targets = _neighbours(tagged)
        else:
            found = groups(code, way.removesuffix("_groups")).subquery("groups")
            targets = select(found.c.channel, func.count()).group_by(found.c.channel)
        rows = session.connection.execute(targets, {"code": code, "now": now})
        counted.extend((way, str(channel), int(many)) for channel, many in rows)
    return counted


def _neighbours(tagged: Tagged) -> Select[Any, Any]:
    """(channel, how many) of the subtree's neighbours: counted grid by grid, as the index has them."""
    inside = select(grid.c.id).where(UNDER, LIVE)
    each = select(account.c.grid_id, account.c.channel, func.count().label("many")).where(account.c.grid_id.in_(inside))
    each = each.where(tagged.holds(account.c.id)) if tagged else each
    by_grid = each.group_by(account.c.grid_id, account.c.channel).subquery("by_grid")
    return select(by_grid.c.channel, func.sum(by_grid.c.many)).group_by(by_grid.c.channel)


def unreached(
    session: Session,
    code: str,
    ways: Collection[Listeners],
    roles: Collection[str],
    now: datetime,
    *,
    by_hand: bool = False,
) -> list[Unreached]:
    """Who of these would not get it, and why: grids without a group, seats without an account, targets that are gone.

    With `by_hand` a customer group is a group too.
    """
    found: list[Unreached] = []
    if "residents_groups" in ways:
        lacking = without_group(session, code, "residents", by_hand=by_hand)
        found.append(Unreached("no_group", len(lacking), tuple(lacking[:EXAMPLES])))
    if "called" in ways:
        unreachable = _without_account(session, code, roles, now)
        found.append(Unreached("no_account", len(unreachable), tuple(dict.fromkeys(unreachable))[:EXAMPLES]))
    found.append(Unreached("gone", gone_targets(session, code, ways)))
    return sorted((one for one in found if one.many), key=lambda one: -one.many)


def _without_account(session: Session, code: str, roles: Collection[str], now: datetime) -> list[str]:
    """The grids (by name) of seats whose holders have no account, one line a person."""
    mine = account.alias("mine")
    seats = (
        select(func.min(grid.c.name))
        .select_from(post)
        .join(grid, grid.c.id == post.c.grid_id)
        .where(UNDER, LIVE, post.c.role != RESIDENT, ~exists().where(mine.c.person_id == post.c.person_id), *HELD)
        .group_by(post.c.person_id)
        .order_by(func.min(grid.c.code))
    )
    seats = seats.where(post.c.role.in_(list(roles))) if roles else seats
    return list(session.connection.execute(seats, {"code": code, "now": now}).scalars().all())


def without_group(session: Session, code: str, audience: str, *, by_hand: bool = False) -> list[str]:
    """The names of the lowest grids of the subtree that have no such group, nor any above them that is no whole
    community's: nobody hears it there. With `by_hand` a customer group counts, whose owner sends it."""
    above = grid.alias("above")
    lower = grid.alias("lower")
    has = (
        exists()
        .where(above.c.id == chat.c.grid_id, chat.c.audience == audience, chat.c.gone_at.is_(None))
        .where(or_(above.c.id == grid.c.id, above.c.id == grid.c.parent_id))
    )
    leaf = ~exists().where(lower.c.parent_id == grid.c.id, lower.c.ended_at.is_(None))
    lacking = select(grid.c.name).where(within(code), LIVE, leaf, ~has).order_by(grid.c.code)
    if by_hand:
        sent = or_(customer_group.c.grid_id == grid.c.id, customer_group.c.grid_id == grid.c.parent_id)
        lacking = lacking.where(~exists().where(sent, customer_group.c.gone_at.is_(None)))
    return list(session.connection.execute(lacking).scalars().all())


def gone_targets(session: Session, code: str, ways: Collection[Listeners]) -> int:
    """How many groups and people of the subtree cannot be reached any more: few, so they are looked up one by one."""
    audiences = [way.removesuffix("_groups") for way in ways]
    chats = (
        exists()
        .where(chat.c.channel == gone.c.channel, chat.c.external == gone.c.target, chat.c.audience.in_(audiences))
        .where(grid.c.id == chat.c.grid_id, within(code))
    )
    people = (
        exists()
        .where(account.c.channel == gone.c.channel, account.c.external == gone.c.target)
        .where(grid.c.id == account.c.grid_id, within(code))
    )
    private = "called" in ways or "residents" in ways
    known = or_(chats, people) if private else chats
    return session.one(int, select(func.count()).select_from(gone).where(known))
