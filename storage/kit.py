"""The kit for the day the channels fail: when it was printed last, the numbered sheets, and the answers that came on paper."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, bindparam, exists, func, insert, or_, select, update
from sqlmodel import Field, SQLModel

from storage import numbers
from storage.columns import Moment, table
from storage.grids import LIVE, Grid, grid, within
from storage.people import household, person
from storage.posts import RESIDENT, post, unit
from storage.session import Session

KIND = "sheet"
"""What the number of a sheet is called among the numbers."""


class KitRun(SQLModel, table=True):
    """One day's printing."""

    __tablename__ = "kit_run"  # pyright: ignore[reportAssignmentType]
    day: str = Field(primary_key=True)
    """The community's own day: 2026-11-23."""
    wanted_at: datetime = Field(sa_type=Moment)
    taken_at: datetime | None = Field(default=None, sa_type=Moment)
    """When a process began to print it."""
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    kits: int = 0


class PaperSheet(SQLModel, table=True):
    """纸表: the number on the door list of one micro-grid; once something was entered from it, the next print has another."""

    __tablename__ = "paper_sheet"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("paper_sheet_grid", "grid_id", "used_at"),)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    grid_id: int = Field(foreign_key="grid.id")
    made_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class PaperAnswer(SQLModel, table=True):
    """What a sheet says of one door; each sheet speaks of a door once."""

    __tablename__ = "paper_answer"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("sheet", "household_id", name="paper_answer_once"),)
    id: int = Field(primary_key=True)
    sheet: int = Field(foreign_key="paper_sheet.number")
    household_id: int = Field(foreign_key="household.id")
    people: int | None = None
    safe: bool | None = None
    needs: str = ""
    note: str = ""
    at: datetime = Field(sa_type=Moment)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    """Who entered it; None where it was a file."""


@dataclass(frozen=True, slots=True)
class Door:
    """A household's door as it stands in the register."""

    id: int
    building: str
    unit: str
    room: str
    people: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a seat, with the phone."""

    grid_id: int | None
    unit: str
    """The department's name, where it is one's seat."""
    role: str
    seat: int
    mode: str
    shift: str
    person_id: int
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of a sheet: what it says of one door."""

    sheet: int
    household_id: int
    people: int | None
    safe: bool | None
    needs: str
    note: str


kit_run, paper_sheet, paper_answer = table(KitRun), table(PaperSheet), table(PaperAnswer)
CODE = bindparam("code", type_=String)
_child = grid.alias("child")
LOWEST = ~exists().where(_child.c.parent_id == grid.c.id, _child.c.ended_at.is_(None))
COMMUNITIES = (
    select(grid)
    .where(within(CODE), LIVE, or_(grid.c.depth == bindparam("depth"), (grid.c.depth < bindparam("depth")) & LOWEST))
    .order_by(grid.c.code)
)
BELOW = select(grid).where(within(CODE), LIVE).order_by(grid.c.code)
WALKING = (
    func.length(household.c.building),
    household.c.building,
    func.length(household.c.unit),
    household.c.unit,
    func.length(household.c.room),
    household.c.room,
    household.c.id,
)
DOORS = (
    select(household.c.id, household.c.building, household.c.unit, household.c.room, household.c.people)
    .where(household.c.grid_id == bindparam("grid_id"), household.c.ended_at.is_(None))
    .order_by(*WALKING)
)
SERVING = (
    post.c.role != RESIDENT,
    or_(post.c.since.is_(None), post.c.since <= bindparam("now")),
    or_(post.c.until.is_(None), post.c.until > bindparam("now")),
)
MEMBERS = (
    select(
        post.c.grid_id,
        func.coalesce(unit.c.name, ""),
        post.c.role,
        post.c.seat,
        post.c.mode,
        post.c.shift,
        person.c.id,
        person.c.name,
        person.c.phone,
    )
    .select_from(post)
    .join(person, person.c.id == post.c.person_id)
    .outerjoin(unit, unit.c.id == post.c.unit_id)
    .where(*SERVING)
    .order_by(post.c.seat, post.c.id)
)
BELOW_MEMBERS = MEMBERS.join(grid, grid.c.id == post.c.grid_id).where(within(CODE), LIVE)
OF_GRIDS = MEMBERS.where(post.c.grid_id.in_(bindparam("grids", expanding=True)))
OF_UNITS = MEMBERS.where(unit.c.grid_id.in_(bindparam("grids", expanding=True)), unit.c.ended_at.is_(None))
FRESH = (
    select(paper_sheet.c.grid_id, func.max(paper_sheet.c.number))
    .where(paper_sheet.c.grid_id.in_(bindparam("grids", expanding=True)), paper_sheet.c.used_at.is_(None))
    .group_by(paper_sheet.c.grid_id)
)
SHEETS = select(paper_sheet).where(paper_sheet.c.number.in_(bindparam("numbers", expanding=True)))
ANSWERS = select(paper_answer).where(paper_answer.c.sheet.in_(bindparam("sheets", expanding=True)))
WANTED = (
    select(kit_run)
    .where(kit_run.c.done_at.is_(None), or_(kit_run.c.taken_at.is_(None), kit_run.c.taken_at < bindparam("before")))
    .order_by(kit_run.c.day.desc())
    .limit(1)
)


def communities(session: Session, code: str, depth: int) -> list[Grid]:
    """The grids below this code that get a kit each: those at this depth, and lowest ones above it."""
    return session.all(Grid, COMMUNITIES, {"code": code, "depth": depth})


def below(session: Session, code: str) -> list[Grid]:
    """This grid and all below it, in the order of codes."""
    return session.all(Grid, BELOW, {"code": code})


def doors(session: Session, grid_id: int) -> list[Door]:
    """The doors of one micro-grid in walking order."""
    return [Door(*row) for row in session.connection.execute(DOORS, {"grid_id": grid_id})]


def members(session: Session, code: str, above: Collection[int], now: datetime) -> list[Member]:
    """Everybody seated below this code and in the grids above it, and in the departments that work for any of them."""
    mine = [Member(*row) for row in session.connection.execute(BELOW_MEMBERS, {"code": code, "now": now})]
    over = {"grids": list(above), "now": now}
    higher = [Member(*row) for row in session.connection.execute(OF_GRIDS, over)]
    around = {*above, *(one.grid_id for one in mine)}
    units = [Member(*row) for row in session.connection.execute(OF_UNITS, {"grids": list(around), "now": now})]
    return [*mine, *higher, *units]


def number_sheets(session: Session, wanted: Collection[int], now: datetime) -> dict[int, int]:
    """The sheet number of each of these micro-grids: the one printed before while nothing was entered from it."""
    session.one_at_a_time("paper sheets")
    found = session.connection.execute(FRESH, {"grids": list(wanted)})
    standing = {int(grid_id): int(number) for grid_id, number in found}
    rows: list[dict[str, object]] = [
        {"number": numbers.give(session, KIND), "grid_id": grid_id, "made_at": now}
        for grid_id in wanted
        if grid_id not in standing
    ]
    if rows:
        session.run(insert(paper_sheet), rows)
    return standing | {int(str(row["grid_id"])): int(str(row["number"])) for row in rows}


def sheets(session: Session, wanted: Collection[int]) -> dict[int, PaperSheet]:
    """The sheets with these numbers."""
    rows = session.all(PaperSheet, SHEETS, {"numbers": list(wanted)}) if wanted else []
    return {row.number: row for row in rows}


def answers(session: Session, wanted: Collection[int]) -> dict[tuple[int, int], PaperAnswer]:
    """What was entered from these sheets, by sheet and household."""
    rows = session.all(PaperAnswer, ANSWERS, {"sheets": list(wanted)}) if wanted else []
    return {(row.sheet, row.household_id): row for row in rows}


def enter(session: Session, rows: Sequence[Paper], now: datetime, account_id: int | None = None) -> list[Paper]:
    """Keep what the sheets say; those of them that are new. Whatever a sheet said of a door before stays as it is."""
    if not rows:
        return []
    every = sorted({row.sheet for row in rows})
    session.one_at_a_time("paper answers")
    known = set(answers(session, every))
    fresh = {(row.sheet, row.household_id): row for row in reversed(rows)}
    fresh = {key: row for key, row in fresh.items() if key not in known}
    if not fresh:
        return []
    session.run(
        session.insert_unless_there(paper_answer),
        [
            {
                "sheet": row.sheet,
                "household_id": row.household_id,
                "people": row.people,
                "safe": row.safe,
                "needs": row.needs,
                "note": row.note,
                "at": now,
                "account_id": account_id,
            }
            for row in fresh.values()
        ],
    )
    used = paper_sheet.c.number.in_({row.sheet for row in fresh.values()}) & paper_sheet.c.used_at.is_(None)
    session.run(update(paper_sheet).where(used).values(used_at=now))
    return list(reversed(fresh.values()))


def want(session: Session, day: str, now: datetime) -> None:
    """Today's kit is to be printed."""
    session.run(session.insert_unless_there(kit_run), {"day": day, "wanted_at": now, "kits": 0})


def wanted(session: Session, before: datetime) -> KitRun | None:
    """The newest printing that nobody has begun, or whose printer has said nothing since `before`."""
    return session.first(KitRun, WANTED, {"before": before})


def take(session: Session, day: str, now: datetime, before: datetime) -> bool:
    """Begin to print; False when another process was faster."""
    free = or_(kit_run.c.taken_at.is_(None), kit_run.c.taken_at < before)
    mine = update(kit_run).where(kit_run.c.day == day, kit_run.c.done_at.is_(None), free).values(taken_at=now)
    return bool(session.run(mine))


def done(session: Session, day: str, now: datetime, kits: int) -> None:
    """This day's kits are printed, and none of the days before is wanted any more."""
    session.run(update(kit_run).where(kit_run.c.day == day).values(done_at=now, kits=kits))
    session.run(kit_run.delete().where(kit_run.c.day < day, kit_run.c.done_at.is_(None)))


def let_go(session: Session, day: str) -> None:
    """It could not be printed: whoever looks next may try again."""
    session.run(update(kit_run).where(kit_run.c.day == day, kit_run.c.done_at.is_(None)).values(taken_at=None))


def newest(session: Session) -> tuple[datetime | None, datetime | None]:
    """When a kit was printed last, and when one was wanted first."""
    row = session.connection.execute(select(func.max(kit_run.c.done_at), func.min(kit_run.c.wanted_at))).one()
    return row[0], row[1]


def forget(session: Session, before: datetime) -> int:
    """Drop the words of answers that are older: what a home needed then is nobody's business now."""
    old = (paper_answer.c.at < before) & or_(paper_answer.c.needs != "", paper_answer.c.note != "")
    return session.run(update(paper_answer).where(old).values(needs="", note=""))
