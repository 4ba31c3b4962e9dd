"""平战转换: the orders by which a subtree is at war for a while, and what the journal says of that while."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

import msgspec
from sqlalchemy import ColumnElement, Index, bindparam, func, insert, or_, select, update
from sqlmodel import Field, SQLModel

from storage import grids, journal
from storage.chats import chat
from storage.columns import Moment, table
from storage.grids import LIVE, Grid, grid, within
from storage.journal import Entry, entry
from storage.matters import matter
from storage.posts import RESIDENT, SEATS, Seat, post
from storage.session import Session
from storage.shelves import Shelf

PEACE, WAR = "peace", "war"
LONGER = "longer"
"""The mode of an order that, once agreed to, only lets another hold longer; that one is named in the journal."""
DRAFT, WAITING, STANDING, ENDED, DROPPED = "draft", "waiting", "standing", "ended", "dropped"
"""States: being written, waiting for a second person's yes, in force, over, never came into force."""

ROSTER, LENGTHENS = "war_roster", "war_lengthens"
FILED, ANSWERED = "案件建立", "处理反馈"
"""The phases of the workflow that say "opened" and "finished", whatever the kind of matter."""
HANDS = ("accept", "arrive", "finish")
"""Acts by which somebody took a hand in a matter."""


class ModeOrder(SQLModel, table=True):
    """战时令: one order over one grid and all below it, with whoever gave it and the moment it lapses."""

    __tablename__ = "mode_order"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("mode_order_state", "state", "grid_id"),
        Index("mode_order_grid", "grid_id"),
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """What people type, and what the journal files it under."""
    grid_id: int = Field(foreign_key="grid.id")
    mode: str = WAR
    drill: bool = False
    """演练: everything is said and reported, nothing is switched."""
    authority: str = ""
    """Who ordered it, in the words of the order."""
    state: str = DRAFT
    account_id: int = Field(foreign_key="account.id")
    """Who set it."""
    post_id: int = Field(foreign_key="post.id")
    """By which post: nobody seated below may end it."""
    second_id: int | None = Field(default=None, foreign_key="account.id")
    """Who agreed to it."""
    second_post_id: int | None = Field(default=None, foreign_key="post.id")
    asked_up_to: int | None = None
    """How far up the tree a second person has been asked: the depth of that level."""
    composed_at: datetime = Field(sa_type=Moment)
    since: datetime | None = Field(default=None, sa_type=Moment)
    until: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_why: str = ""
    """lapsed, or ended by somebody."""


mode_order = table(ModeOrder)
BY_NUMBER = select(mode_order).where(mode_order.c.number == bindparam("number"))
STANDS = select(mode_order).where(mode_order.c.state == STANDING).order_by(mode_order.c.number)
STANDING_NOW, ALL = Shelf[str, "tuple[ModeOrder, ...]"](), "all"


@dataclass(frozen=True, slots=True)
class Reach:
    """How much lies in a subtree."""

    grids: int
    households: int
    people: int
    residents_groups: int
    staff_groups: int
    posts: Mapping[str, int]
    """How many people hold a post there, by the mode they serve in: peace, war, both."""


@dataclass(frozen=True, slots=True)
class Doings:
    """What happened in a subtree in a while, as the journal has it."""

    opened: int
    emergencies: int
    finished: int
    """Of those that were finished in it, whenever they were opened."""
    unfinished: int
    """Opened in it, and not finished in it."""
    acting: int
    """How many people took a hand in matters: accepted, arrived, finished."""


class Roster(msgspec.Struct, frozen=True):
    """Who was on duty when an order began, as the journal keeps it."""

    number: int
    roles: dict[str, int]
    """How many people of each role."""
    heads: list[int]
    """The posts that led, at most some."""


def draft(session: Session, row: Mapping[str, object]) -> ModeOrder:
    """An order that nobody but its author knows yet."""
    session.run(insert(mode_order), row)
    return get(session, int(str(row["number"])))


def get(session: Session, number: int) -> ModeOrder:
    """The order with this number, which is known to exist."""
    return session.all(ModeOrder, BY_NUMBER, {"number": number})[0]


def by_number(session: Session, number: int) -> ModeOrder | None:
    """The order people mean by this number."""
    return session.first(ModeOrder, BY_NUMBER, {"number": number})


def change(session: Session, number: int, states: Collection[str], values: Mapping[str, object]) -> ModeOrder | None:
    """The order after the change; None when somebody was faster and it is no longer in one of these states."""
    row = session.first(
        ModeOrder,
        update(mode_order)
        .where(mode_order.c.number == number, mode_order.c.state.in_(states))
        .values(**values)
        .returning(mode_order),
    )
    if row is not None and (STANDING in states or row.state == STANDING):
        session.organization_changed()
    return row


def standing(session: Session) -> tuple[ModeOrder, ...]:
    """Every order that has been put in force and not ended, drills too; from memory until one changes."""
    kept = session.shelf(STANDING_NOW)
    if ALL not in kept:
        kept[ALL] = tuple(session.all(ModeOrder, STANDS))
    return kept[ALL]


def over(session: Session, lowest: Grid, at: datetime, *, drills: bool = False) -> list[ModeOrder]:
    """The orders in force at this moment over a grid or anything above it, the highest first."""
    found = [one for one in standing(session) if serves(one, at) and (drills or not one.drill)]
    if not found:
        return []
    depth = {one.id: one.depth for one in grids.lineage(session, lowest)}
    return sorted((one for one in found if one.grid_id in depth), key=lambda one: (depth[one.grid_id], one.number))


def below(session: Session, top: Grid, at: datetime, *, drills: bool = False) -> list[ModeOrder]:
    """The orders in force at this moment over grids strictly below this one."""
    found = [one for one in standing(session) if serves(one, at) and (drills or not one.drill)]
    where = grids.by_ids(session, {one.grid_id for one in found})
    return [one for one in found if one.grid_id != top.id and where[one.grid_id].code.startswith(top.code)]


def serves(order: ModeOrder, at: datetime) -> bool:
    """Whether it is in force at this moment: an order lapses by the clock, even if nobody looks."""
    return order.since is not None and order.until is not None and order.since <= at < order.until


def waiting(session: Session) -> list[ModeOrder]:
    """The orders that wait for a second person's yes."""
    return session.all(ModeOrder, select(mode_order).where(mode_order.c.state == WAITING).order_by(mode_order.c.number))


def reach(session: Session, top: Grid, now: datetime) -> Reach:
    """How many grids, people, groups and posts are in the subtree."""
    rows = session.all(Grid, select(grid).where(LIVE, within(top.code)).order_by(grid.c.depth.desc()))
    households, people = _figures(rows, attrgetter("households")), _figures(rows, attrgetter("people"))
    groups = session.connection.execute(
        select(chat.c.audience, func.count())
        .select_from(chat.join(grid, grid.c.id == chat.c.grid_id))
        .where(LIVE, within(top.code), chat.c.gone_at.is_(None))
        .group_by(chat.c.audience)
    ).all()
    modes = session.connection.execute(
        select(post.c.mode, func.count(func.distinct(post.c.person_id)))
        .select_from(post.join(grid, grid.c.id == post.c.grid_id))
        .where(LIVE, within(top.code), *_held(now))
        .group_by(post.c.mode)
    ).all()
    audiences: dict[str, int] = {row[0]: row[1] for row in groups}
    return Reach(
        grids=len(rows),
        households=households.get(top.id, 0),
        people=people.get(top.id, 0),
        residents_groups=audiences.get("residents", 0),
        staff_groups=audiences.get("staff", 0),
        posts={row[0]: row[1] for row in modes},
    )


def _held(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions "a post, and held at this moment"."""
    return (
        or_(post.c.until.is_(None), post.c.until > now),
        or_(post.c.since.is_(None), post.c.since <= now),
        post.c.role != RESIDENT,
    )


def _figures(rows: Sequence[Grid], figure: Callable[[Grid], int]) -> dict[int, int]:
    """Of each grid: its own figure, or where it has none the sum of those below; lowest grids come first."""
    below: dict[int, int] = {}
    found: dict[int, int] = {}
    for row in rows:
        found[row.id] = figure(row) or below.get(row.id, 0)
        if row.parent_id is not None:
            below[row.parent_id] = below.get(row.parent_id, 0) + found[row.id]
    return found


def seats_within(session: Session, top: Grid, now: datetime, modes: Collection[str]) -> list[Seat]:
    """Who serves in one of these modes in the subtree and can be reached, each person once."""
    inside = select(grid.c.id).where(LIVE, within(top.code))
    rows = session.connection.execute(SEATS.where(post.c.grid_id.in_(inside), post.c.mode.in_(modes))).all()
    found = [seat for seat in (Seat(*row) for row in rows) if seat.channel is not None and seat.serves_at(now)]
    return list({seat.person_id: seat for seat in reversed(found)}.values())[::-1]


def roles_within(session: Session, top: Grid, now: datetime, mode: str) -> dict[str, int]:
    """How many people of each role serve in the subtree in this mode."""
    rows = session.connection.execute(
        select(post.c.role, func.count(func.distinct(post.c.person_id)))
        .select_from(post.join(grid, grid.c.id == post.c.grid_id))
        .where(LIVE, within(top.code), post.c.mode.in_(("both", mode)), *_held(now))
        .group_by(post.c.role)
        .order_by(func.min(grid.c.depth), post.c.role)
    ).all()
    return {row[0]: row[1] for row in rows}


def write_roster(session: Session, order: ModeOrder, roster: Roster, now: datetime) -> None:
    """Keep in the journal who was on duty."""
    kept = msgspec.json.encode(roster).decode()
    journal.note(session, now, ROSTER, grid_id=order.grid_id, why=str(order.number), detail=kept)


def roster(session: Session, order: ModeOrder) -> Roster | None:
    """Who was on duty when it began, as the journal has it."""
    session.flush()
    since = order.since or order.composed_at
    found = session.first(
        Entry,
        select(entry).where(entry.c.act == ROSTER, entry.c.why == str(order.number), entry.c.at >= since).limit(1),
    )
    return msgspec.json.decode(found.detail, type=Roster) if found else None


def write_lengthens(session: Session, order: ModeOrder, number: int, now: datetime) -> None:
    """Keep in the journal which order this one lets hold longer."""
    journal.note(session, now, LENGTHENS, grid_id=order.grid_id, why=str(order.number), detail=str(number))


def lengthens(session: Session, order: ModeOrder) -> ModeOrder | None:
    """The order that this one lets hold longer; None where it is an order of its own."""
    if order.mode != LONGER:
        return None
    session.flush()
    of_this = (entry.c.act == LENGTHENS, entry.c.why == str(order.number), entry.c.at >= order.composed_at)
    found = session.first(Entry, select(entry).where(*of_this).limit(1))
    return by_number(session, int(found.detail)) if found else None


def doings(session: Session, top: Grid, since: datetime, until: datetime) -> Doings:
    """What the journal says of matters in the subtree in this while."""
    session.flush()
    while_it_stood = (entry.c.at >= since, entry.c.at < until, within(top.code), entry.c.matter_id.is_not(None))
    done = (
        select(entry.c.matter_id, entry.c.phase, entry.c.act, entry.c.account_id)
        .select_from(entry.join(grid, grid.c.id == entry.c.grid_id))
        .where(*while_it_stood, or_(entry.c.phase.in_((FILED, ANSWERED)), entry.c.act.in_(HANDS)))
        .distinct()
    )
    rows = session.connection.execute(done).all()
    opened = {row.matter_id for row in rows if row.phase == FILED}
    finished = {row.matter_id for row in rows if row.phase == ANSWERED}
    crying = (
        select(func.count(func.distinct(matter.c.id)))
        .select_from(matter.join(entry, entry.c.matter_id == matter.c.id).join(grid, grid.c.id == entry.c.grid_id))
        .where(*while_it_stood, entry.c.phase == FILED, matter.c.urgency == "emergency")
    )
    return Doings(
        opened=len(opened),
        emergencies=session.one(int, crying),
        finished=len(finished),
        unfinished=len(opened - finished),
        acting=len({row.account_id for row in rows if row.act in HANDS and row.account_id is not None}),
    )
