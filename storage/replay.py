"""Replay: what receipts, the journal and the outbox say happened with a notice, as rows to be reckoned with."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Float, Integer, String, and_, cast, exists, func, or_, select, type_coerce

from storage.census import ACCOUNTED, ANSWER, DOOR_OF, PLACED
from storage.grids import LIVE, Grid, grid, within
from storage.journal import entry
from storage.notices import ENDED, GOING, STOPPED, Notice, notice, passage, receipt
from storage.outbox import outgoing
from storage.people import account
from storage.posts import RESIDENT, post
from storage.session import Session
from storage.shelves import Shelf

STEPS = ("acknowledged", "underway", "arrived")
EPOCH, A_DAY_S = 2440587.5, 86400.0
"""1970 in days as SQLite counts them."""
MOVED = "sent"
"""The journal's word for somebody who was sent to another grid and began anew there."""
REACHED = "sent"
"""The outbox's word for what has arrived."""
DOINGS = (
    *("release", "remind", "ring", "declined", "handed", "surge", "sent", "full", "mark", "all_clear"),
    *("stop", "cancel", "correction", "census_mark", "census_end"),
)
"""What is told of the course of a notice; everybody's own answers are counted elsewhere."""
ALL = "all"
TREE = Shelf[str, "list[Grid]"]()
SEARCHED = (ENDED, STOPPED, GOING)


class Called(NamedTuple):
    """One who was called, by the post that was called, and the first moment of each answer, in seconds since 1970."""

    account_id: int
    grid_id: int
    role: str
    called_at: float
    acknowledged_at: float | None
    underway_at: float | None
    arrived_at: float | None
    declined_at: float | None
    expected_at: float | None
    stand_in: int | None


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that was done at one moment, to so many."""

    at: datetime
    act: str
    many: int
    detail: str
    why: str


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who leads a grid: where, and how to reach them."""

    grid_id: int
    channel: str
    external: str


def _seconds(session: Session, moment: ColumnElement[datetime]) -> ColumnElement[float]:
    """The moment in seconds since 1970: thousands of them are not worth a datetime each."""
    if session.is_postgres:
        return type_coerce(func.extract("epoch", moment), Float)
    return (func.julianday(moment) - EPOCH) * A_DAY_S


def called(session: Session, number: int) -> list[Called]:
    """Everybody called, in the order of the grids' codes; nobody's name."""
    row = receipt.c
    moments = (
        row.called_at, row.acknowledged_at, row.underway_at, row.arrived_at, row.declined_at, row.expected_at
    )  # fmt: skip
    rows = session.connection.execute(
        select(row.account_id, row.grid_id, row.role, *(_seconds(session, moment) for moment in moments), row.stand_in)
        .join(grid, grid.c.id == row.grid_id)
        .where(row.notice == number, row.called_at.is_not(None))
        .order_by(grid.c.code)
    )
    return [Called(*one) for one in rows]


def before_moving(session: Session, number: int) -> dict[tuple[int, str], float]:
    """(account, step) and its first moment by the journal, if anybody was sent elsewhere: a receipt begins anew then."""
    moved = exists().where(entry.c.matter_id == number, entry.c.act == MOVED)
    rows = session.connection.execute(
        select(entry.c.account_id, entry.c.act, _seconds(session, func.min(entry.c.at)))
        .where(entry.c.matter_id == number, entry.c.act.in_(STEPS), entry.c.account_id.is_not(None), moved)
        .group_by(entry.c.account_id, entry.c.act)
    )
    return {(int(account_id), str(act)): float(at) for account_id, act, at in rows}


def lent(session: Session, number: int) -> dict[int, int]:
    """(account) and the grid from which it was sent to another: where its post is."""
    rows = session.connection.execute(
        select(receipt.c.account_id, post.c.grid_id)
        .select_from(entry)
        .join(receipt, and_(receipt.c.notice == entry.c.matter_id, receipt.c.post_id == entry.c.post_id))
        .join(post, post.c.id == receipt.c.post_id)
        .where(entry.c.matter_id == number, entry.c.act == MOVED, post.c.grid_id.is_not(None))
        .distinct()
    )
    return {int(account_id): int(grid_id) for account_id, grid_id in rows}


def unreached(session: Session, number: int) -> set[int]:
    """The accounts that were called and whose call has not arrived."""
    rows = session.connection.execute(
        select(account.c.id)
        .select_from(passage)
        .join(outgoing, outgoing.c.body_id == passage.c.body_id)
        .join(account, and_(account.c.channel == outgoing.c.channel, account.c.external == outgoing.c.target))
        .where(passage.c.notice == number, passage.c.listeners.startswith("called"), outgoing.c.state != REACHED)
    )
    return set(rows.scalars())


def covered(session: Session, number: int, roles: Collection[str], at: datetime) -> set[int]:
    """The grids in which somebody held one of these posts who was called, there or elsewhere."""
    rows = session.connection.execute(
        select(post.c.grid_id)
        .distinct()
        .join(receipt, receipt.c.person_id == post.c.person_id)
        .where(receipt.c.notice == number, receipt.c.called_at.is_not(None), post.c.grid_id.is_not(None))
        .where(post.c.role.in_(list(roles)), or_(post.c.since.is_(None), post.c.since <= at))
        .where(or_(post.c.until.is_(None), post.c.until > at))
    )
    return set(rows.scalars())


def tree(session: Session, code: str) -> list[Grid]:
    """Every living grid of the subtree in the order of codes; from memory."""
    kept = session.shelf(TREE)
    if ALL not in kept:
        kept[ALL] = session.all(Grid, select(grid).where(LIVE).order_by(grid.c.code))
    return [one for one in kept[ALL] if one.code.startswith(code)]


def doings(session: Session, number: int) -> list[Doing]:
    """What was done, in its order; what was done to many at one moment is one of them."""
    rows = session.connection.execute(
        select(entry.c.at, entry.c.act, func.count(), func.max(entry.c.detail), func.max(entry.c.why))
        .where(entry.c.matter_id == number, entry.c.act.in_(DOINGS))
        .group_by(entry.c.at, entry.c.act)
        .order_by(entry.c.at, func.min(entry.c.id))
    )
    return [Doing(at, act, int(many), detail, why) for at, act, many, detail, why in rows]


def earlier(session: Session, of: Notice, most: int) -> list[Notice]:
    """The last ones before it of the same kind, plan and grid, drills with drills, the newest first."""
    same = (
        notice.c.kind == of.kind,
        notice.c.plan == of.plan,
        notice.c.grid_id == of.grid_id,
        notice.c.drill == of.drill,
    )
    return session.all(
        Notice,
        select(notice)
        .where(*same, notice.c.state == ENDED, notice.c.released_at < of.released_at)
        .order_by(notice.c.released_at.desc())
        .limit(most),
    )


def newest(
    session: Session,
    code: str,
    kinds: Collection[str],
    *,
    drill: bool | None = None,
    between: tuple[datetime, datetime] | None = None,
) -> Notice | None:
    """The newest that was released for a grid above this one, for it or below it; a drill or not, in a while."""
    above = [code[:length] for length in range(1, len(code))]
    such = [notice.c.drill == drill] if drill is not None else []
    such += [notice.c.released_at >= between[0], notice.c.released_at < between[1]] if between else []
    return session.first(
        Notice,
        select(notice)
        .join(grid, grid.c.id == notice.c.grid_id)
        .where(notice.c.kind.in_(list(kinds)), notice.c.state.in_(SEARCHED), or_(within(code), grid.c.code.in_(above)))
        .where(*such)
        .order_by(notice.c.number.desc())
        .limit(1),
    )


def by_minute(session: Session, number: int, code: str, *, listed: bool = True) -> list[tuple[datetime, int]]:
    """(minute, how many households of the register, or doors that it has not, were first accounted for in it)."""
    is_one, alike = ANSWER.household_id.is_not(None), (ANSWER.household_id,)
    if not listed:
        is_one, alike = and_(ANSWER.household_id.is_(None), PLACED), DOOR_OF
    first = func.min(type_coerce(ANSWER.at, String))
    if session.is_postgres:
        first = func.to_char(func.timezone("UTC", func.min(ANSWER.at)), "YYYY-MM-DD HH24:MI")
    each = (
        select(func.substr(first, 1, 16).label("minute"))
        .join(grid, grid.c.id == ANSWER.grid_id)
        .where(ANSWER.notice == number, ACCOUNTED, is_one, within(code))
        .group_by(*alike)
        .subquery("each_home")
    )
    rows = session.connection.execute(
        select(each.c.minute, cast(func.count(), Integer)).group_by(each.c.minute).order_by(each.c.minute)
    )
    return [(datetime.fromisoformat(minute).replace(tzinfo=UTC), int(many)) for minute, many in rows]


def leading(session: Session, code: str, roles: Sequence[str], now: datetime) -> list[Seat]:
    """Everybody seated in the subtree with one of these roles who has an account, the highest seats first."""
    first = (
        select(func.min(account.c.id)).where(account.c.person_id == post.c.person_id).correlate(post).scalar_subquery()
    )
    rows = session.connection.execute(
        select(post.c.grid_id, account.c.channel, account.c.external)
        .join(grid, grid.c.id == post.c.grid_id)
        .join(account, account.c.id == first)
        .where(within(code), LIVE, post.c.role.in_(list(roles)), post.c.role != RESIDENT)
        .where(or_(post.c.since.is_(None), post.c.since <= now), or_(post.c.until.is_(None), post.c.until > now))
        .order_by(grid.c.depth, grid.c.code, post.c.seat, post.c.id)
    )
    return [Seat(*row) for row in rows]
