"""Posts: people seated in a grid or a unit, with an order, a mode and a term."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, Index, bindparam, func, or_, select, text
from sqlmodel import Field, SQLModel

from storage.among import among
from storage.columns import Moment, table
from storage.people import account, person
from storage.session import Session
from storage.shelves import Shelf


class Unit(SQLModel, table=True):
    """部门单位: a department or company that works for a grid and all below it."""

    __table_args__ = (
        Index(
            "unit_code_now",
            "code",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: int = Field(primary_key=True)
    code: str
    name: str
    kind: str
    """What it answers for, as categories.toml names it: 城管, 物业, 公安 ..."""
    grid_id: int = Field(foreign_key="grid.id")
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class Post(SQLModel, table=True):
    """岗位: one person on one seat. A person may hold many, a grid may have many."""

    __table_args__ = (
        Index("post_grid", "grid_id"),
        Index("post_unit", "unit_id"),
        Index("post_person", "person_id"),
    )
    id: int = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    grid_id: int | None = Field(default=None, foreign_key="grid.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    role: str
    """A code of roles.toml."""
    seat: int = 1
    """1 is the first, 2 the deputy, and so on."""
    mode: str = "both"
    """peace 平时, war 战时 or both."""
    shift: str = "all"
    """day 白班, night 夜班 or all."""
    since: datetime | None = Field(default=None, sa_type=Moment)
    until: datetime | None = Field(default=None, sa_type=Moment)


RESIDENT = "resident"
"""Living somewhere is written down like a post, and is none."""
post, unit = table(Post), table(Unit)
BY_ID = select(post).where(post.c.id == bindparam("id"))
OF_PEOPLE = (
    select(post)
    .where(among(post.c.person_id, "people"), post.c.role != RESIDENT)
    .where(or_(post.c.until.is_(None), post.c.until > bindparam("now")))
    .order_by(post.c.seat, post.c.id)
)
UNITS_FOR = (
    select(unit)
    .where(unit.c.kind == bindparam("kind"), among(unit.c.grid_id, "grids"))
    .where(unit.c.ended_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A post with who sits on it and how that person is reached."""

    id: int
    person_id: int
    grid_id: int | None
    unit_id: int | None
    role: str
    seat: int
    mode: str
    shift: str
    since: datetime | None
    until: datetime | None
    name: str
    channel: str | None
    """None where the person has no account: nobody to ring."""
    external: str | None

    def serves_at(self, now: datetime) -> bool:
        """Whether the post is held at this moment."""
        return (self.since is None or self.since <= now) and (self.until is None or self.until > now)


_first = select(func.min(account.c.id)).where(account.c.person_id == post.c.person_id).correlate(post).scalar_subquery()
SEATS = (
    select(
        post.c.id,
        post.c.person_id,
        post.c.grid_id,
        post.c.unit_id,
        post.c.role,
        post.c.seat,
        post.c.mode,
        post.c.shift,
        post.c.since,
        post.c.until,
        person.c.name,
        account.c.channel,
        account.c.external,
    )
    .join_from(post, person, person.c.id == post.c.person_id)
    .outerjoin(account, account.c.id == _first)
    .where(post.c.role != RESIDENT)
    .order_by(post.c.seat, post.c.id)
)
SEATS_IN_GRIDS = SEATS.where(among(post.c.grid_id, "grids"))
SEATS_IN_UNIT = SEATS.where(post.c.unit_id == bindparam("unit"))
SEATS_BY_ID = SEATS.where(among(post.c.id, "posts"))
IN_GRID, IN_UNIT = Shelf[int, "list[Seat]"](), Shelf[int, "list[Seat]"]()
UNITS = Shelf[tuple[str, int], "list[Unit]"]()


def _seats(session: Session, statement: Executable, values: dict[str, object]) -> list[Seat]:
    return [Seat(*row) for row in session.connection.execute(statement, values)]


def look_up_seats(session: Session, grids: Collection[int]) -> None:
    """Whoever asks for the seats in these grids from now on finds them in memory."""
    kept = session.shelf(IN_GRID)
    if unknown := [grid for grid in grids if grid not in kept]:
        found: dict[int, list[Seat]] = {grid: [] for grid in unknown}
        for seat in _seats(session, SEATS_IN_GRIDS, {"grids": unknown}):
            found[seat.grid_id or 0].append(seat)
        kept.update(found)


def seats_in_grids(session: Session, grids: Collection[int], now: datetime) -> list[Seat]:
    """Everybody but residents who is seated in these grids now, first seats first."""
    look_up_seats(session, grids)
    kept = session.shelf(IN_GRID)
    serving = [seat for grid in grids for seat in kept[grid] if seat.serves_at(now)]
    return sorted(serving, key=lambda seat: (seat.seat, seat.id))


def seats_in_unit(session: Session, unit_id: int, now: datetime) -> list[Seat]:
    """Everybody seated in this unit now, first seats first."""
    kept = session.shelf(IN_UNIT)
    if unit_id not in kept:
        kept[unit_id] = _seats(session, SEATS_IN_UNIT, {"unit": unit_id})
    return [seat for seat in kept[unit_id] if seat.serves_at(now)]


def seats(session: Session, posts: Collection[int]) -> dict[int, Seat]:
    """These posts with their people, by id."""
    return {seat.id: seat for seat in _seats(session, SEATS_BY_ID, {"posts": list(posts)})} if posts else {}


def get(session: Session, id: int) -> Post:
    """The post with this id, ended or not."""
    return session.all(Post, BY_ID, {"id": id})[0]


def of_people(session: Session, people: Collection[int], now: datetime) -> dict[int, list[Post]]:
    """The posts these people hold now, by person; living somewhere is none."""
    held: dict[int, list[Post]] = {}
    for row in session.all(Post, OF_PEOPLE, {"people": list(people), "now": now}) if people else []:
        held.setdefault(row.person_id, []).append(row)
    return held


def units_for(session: Session, kind: str, grids: Collection[int]) -> list[Unit]:
    """The units of this kind that work for any of these grids."""
    kept = session.shelf(UNITS)
    if unknown := [grid for grid in grids if (kind, grid) not in kept]:
        found = {(kind, grid): list[Unit]() for grid in unknown}
        for row in session.all(Unit, UNITS_FOR, {"kind": kind, "grids": unknown}):
            found[kind, row.grid_id].append(row)
        kept.update(found)
    return [unit for grid in grids for unit in kept[kind, grid]]


def unit_named(session: Session, words: str) -> Unit | None:
    """The unit with this code or name."""
    return session.first(
        Unit, select(unit).where(or_(unit.c.code == words, unit.c.name == words), unit.c.ended_at.is_(None))
    )


def get_unit(session: Session, id: int) -> Unit:
    """The unit with this id, ended or not."""
    return session.all(Unit, select(unit).where(unit.c.id == id))[0]
