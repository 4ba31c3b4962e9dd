"""Census 摸排: which are running, the register of doors, what each account said of each door, and how far it has come."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Protocol

from sqlalchemy import (
    ColumnElement,
    Index,
    String,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Field, SQLModel

from storage import bare, notices, timers
from storage.chats import chat
from storage.columns import Moment, table
from storage.grids import LIVE, Grid, grid, within
from storage.notices import GOING, notice
from storage.people import household
from storage.session import Session
from storage.shelves import Shelf

CENSUS = "census"
SAFE, NEED, AWAY, UNKNOWN = "safe", "need", "away", "unknown"
"""How a household is: well, in need of something, not there, or nobody could say."""
OWN, DOOR, PROXY, LEADER, PAPER = "own", "door", "proxy", "leader", "paper"
"""Who said so: the home itself as far as its owner told us, somebody who named the door, somebody for others, a post."""
LOOK = "census"
"""The timer of a census: its next mark, its end, or something to be looked through."""
SETTLES = (LEADER, PAPER)
"""Their word ends a contradiction."""
REGISTER_MOST = 3000
"""A grid with more households than this is no neighbourhood: a door alone says nothing there."""
BESIDE = 3
"""Digits of a code that tell a grid from those beside it: whoever looks up one register soon needs theirs."""
PARTED, LINE = "\t", "\n"


class CensusRun(SQLModel, table=True):
    """A census that is or was held: its question, and which of its marks comes next."""

    __tablename__ = "census_run"  # pyright: ignore[reportAssignmentType]
    notice: int = Field(primary_key=True, foreign_key="notice.number", sa_column_kwargs={"autoincrement": False})
    question: str
    began_at: datetime | None = Field(default=None, sa_type=Moment)
    ends_at: datetime | None = Field(default=None, sa_type=Moment)
    mark: int = 0
    """How many of its marks are behind it."""
    upto: str = ""
    """The code of the last grid that the mark in progress has spoken to."""
    paper: int = 0
    """How many answers came on paper and have not been looked through for needs."""


class CensusAnswer(SQLModel, table=True):
    """One account's word on one door; its newest word counts. Without a room it waits for its door."""

    __tablename__ = "census_answer"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("census_answer_grid", "notice", "grid_id", "building", "unit", "room"),
        Index("census_answer_account", "account_id"),
    )
    key: str = Field(primary_key=True)
    """The notice, the door and who said it."""
    notice: int = Field(foreign_key="notice.number")
    grid_id: int = Field(foreign_key="grid.id")
    household_id: int | None = Field(default=None, foreign_key="household.id")
    """None where the register has no such door."""
    building: str
    unit: str
    room: str
    account_id: int | None = Field(default=None, foreign_key="account.id")
    """None where it came on paper."""
    how: str
    people: int | None = None
    present: int | None = None
    state: str
    needs: str = ""
    """Codes of census.toml, separated by commas."""
    words: str = ""
    """As they were said; gone some weeks after the census."""
    at: datetime = Field(sa_type=Moment)


census_run, census_answer = table(CensusRun), table(CensusAnswer)
ANSWER = census_answer.c
ACCOUNTED = or_(ANSWER.state != UNKNOWN, ANSWER.people.is_not(None))
"""The condition "somebody could say how they are"."""
PLACED = ANSWER.room != ""
DOOR_OF = (ANSWER.grid_id, ANSWER.building, ANSWER.unit, ANSWER.room)
WALKING = (
    grid.c.code,
    func.length(household.c.building),
    household.c.building,
    func.length(household.c.unit),
    household.c.unit,
    func.length(household.c.room),
    household.c.room,
)
"""The order in which one walks: 2栋 before 10栋, 201 before 1001."""
RUNNING = (
    select(notice.c.number, grid.c.code, notice.c.grid_id, notice.c.drill)
    .join_from(notice, grid, grid.c.id == notice.c.grid_id)
    .where(notice.c.kind == CENSUS, notice.c.state == GOING)
    .order_by(notice.c.number.desc())
)
RUN = select(census_run).where(census_run.c.notice == bindparam("notice"))
DOOR_LINE = reduce(
    lambda said, part: said + PARTED + part,
    (household.c.building, household.c.unit, household.c.room),
    cast(household.c.id, String) + PARTED + cast(household.c.grid_id, String),
)
IN_ORDER = (
    select(
        household.c.grid_id,
        grid.c.code,
        DOOR_LINE.label("line"),
        func.row_number().over(order_by=WALKING).label("at"),
    )
    .join(grid, grid.c.id == household.c.grid_id)
    .where(within(bindparam("code", type_=String)), household.c.ended_at.is_(None), LIVE)
    .order_by(*WALKING)
    .limit(REGISTER_MOST + 1)
    .subquery("in_order")
)
REGISTER = {
    postgres: select(IN_ORDER.c.code, IN_ORDER.c.grid_id, func.count(), lines)
    .group_by(IN_ORDER.c.code, IN_ORDER.c.grid_id)
    .order_by(IN_ORDER.c.code)
    for postgres, lines in (
        (False, func.group_concat(IN_ORDER.c.line, LINE)),
        (True, func.string_agg(IN_ORDER.c.line, aggregate_order_by(literal(LINE), IN_ORDER.c.at))),
    )
}
"""By whether it is PostgreSQL: grid by grid its doors as one text each, written by the database: a row a door in Python
cost a district five seconds in the first minute of a census. SQLite takes the lines in the order in which they come."""
EXPECTED = select(household.c.grid_id, func.count()).where(household.c.ended_at.is_(None)).group_by(household.c.grid_id)
UNPLACED_OF = select(census_answer).where(
    ANSWER.notice == bindparam("notice"), ANSWER.account_id == bindparam("account_id"), ~PLACED, ANSWER.how != LEADER
)
LAST_DOOR_OF = (
    select(census_answer)
    .where(ANSWER.account_id == bindparam("account_id"), PLACED, ANSWER.how.in_((OWN, DOOR)))
    .order_by(ANSWER.at.desc())
    .limit(1)
)
NEWEST_OF = (
    select(census_answer)
    .where(ANSWER.notice == bindparam("notice"), ANSWER.account_id == bindparam("account_id"), PLACED)
    .order_by(ANSWER.at.desc(), ANSWER.key.desc())
    .limit(1)
)
ALL = "all"
GOING_ON = Shelf[str, "list[Running]"]()
DOORS = Shelf[int, str]()
HOUSEHOLDS = Shelf[str, dict[int, int]]()


@dataclass(frozen=True, slots=True)
class Running:
    """A census that takes answers."""

    number: int
    code: str
    grid_id: int
    drill: bool


@dataclass(frozen=True, slots=True)
class Door:
    """A door as the register has it, or (without an id) as it was said."""

    id: int | None
    grid_id: int
    building: str
    unit: str
    room: str

    @property
    def floor(self) -> str:
        """The floor that the room's number tells: 302 is on the third, 1203 on the twelfth."""
        return self.room[:-2] if self.room.isdecimal() and len(self.room) > 2 else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a door."""

    door: Door
    account_id: int | None
    how: str
    state: str
    people: int | None = None
    present: int | None = None
    needs: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far a census has come somewhere."""

    expected: int = 0
    """Households of the register."""
    answered: int = 0
    """Those of them of whom somebody could say how they are."""
    need: int = 0
    """Of all doors that answered, in the register or not."""
    away: int = 0
    """The same."""
    conflicts: int = 0
    """Households of whom two say what cannot both be."""
    by_proxy: int = 0
    """Households for whom only others spoke."""
    people: int = 0
    present: int = 0
    unlisted: int = 0
    """Doors that answered and that the register does not have."""
    unplaced: int = 0
    """Answers without a door."""
    bare: int = 0
    """Neighbourhoods without a table of households: how many doors they have, nobody knows."""
    bare_heard: int = 0
    """Doors that answered there."""

    @property
    def heard(self) -> int:
        """Doors that answered, in the register or not."""
        return self.answered + self.unlisted

    @property
    def missing(self) -> int:
        """Households of whom nothing is known."""
        return max(0, self.expected - self.answered)

    @property
    def percent(self) -> int:
        """Rounded down: 100 means all, and that nobody lives where there is no table."""
        share = self.answered * 100 // self.expected if self.expected else 0
        return min(share, 99) if self.bare else share

    @property
    def beyond(self) -> int:
        """Doors that answered and that the table has not, where there is one."""
        return self.unlisted - self.bare_heard

    def __add__(self, other: "Completeness") -> "Completeness":
        return Completeness(*(getattr(self, name) + getattr(other, name) for name in Completeness.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class Voice:
    """One of several words on a door that contradict each other."""

    grid_id: int
    building: str
    unit: str
    room: str
    how: str
    state: str
    people: int | None
    at: datetime


class OnPaper(Protocol):
    """A line of a sheet that was filled in by hand."""

    @property
    def household_id(self) -> int: ...
    @property
    def people(self) -> int | None: ...
    @property
    def safe(self) -> bool | None: ...
    @property
    def needs(self) -> str: ...
    @property
    def note(self) -> str: ...


def running(session: Session) -> list[Running]:
    """Every census that takes answers, the newest first; from memory."""
    kept = session.shelf(GOING_ON)
    if ALL not in kept:
        kept[ALL] = [Running(*row) for row in session.connection.execute(RUNNING)]
    return kept[ALL]


def running_at(session: Session, code: str) -> Running | None:
    """The newest census that takes answers in the grid of this code."""
    return next((one for one in running(session) if code.startswith(one.code)), None)


def begin(session: Session, number: int, question: str) -> None:
    """This notice is a census; it takes answers while the notice is going."""
    session.run(insert(census_run), {"notice": number, "question": question, "mark": 0, "upto": "", "paper": 0})


def run_of(session: Session, number: int) -> CensusRun | None:
    """How far this census is in its own time; None where the number is no census."""
    return session.first(CensusRun, RUN, {"notice": number})


def change(session: Session, number: int, **values: object) -> None:
    """Set these columns of the run."""
    session.run(update(census_run).where(census_run.c.notice == number).values(**values))


def register(session: Session, of: Grid) -> list[Door]:
    """The doors of a grid and all below it in walking order; none where they are too many for one neighbourhood."""
    return [_door_of(line) for line in _lines(session, of)]


def with_room(session: Session, of: Grid, room: str) -> list[Door]:
    """The doors of a grid's register with this room number."""
    ends = PARTED + room
    return [_door_of(line) for line in _lines(session, of) if line.endswith(ends)]


def _lines(session: Session, of: Grid) -> list[str]:
    kept = session.shelf(DOORS)
    if of.id not in kept:
        _look_up_registers(session, of)
    return kept[of.id].split(LINE) if kept[of.id] else []


def _look_up_registers(session: Session, of: Grid) -> None:
    """Whoever asks for the register of this grid, or of one beside it, finds it in memory."""
    kept = session.shelf(DOORS)
    for top in dict.fromkeys((of.code[:-BESIDE], of.code)):
        rows = session.connection.execute(REGISTER[session.is_postgres], {"code": top}).all()
        if sum(int(many) for _, _, many, _ in rows) > REGISTER_MOST:
            continue
        for code, grid_id in {(str(code), int(grid_id)) for code, grid_id, _, _ in rows} | {(of.code, of.id)}:
            kept[grid_id] = LINE.join(str(lines) for where, _, _, lines in rows if where.startswith(code))
        return
    kept[of.id] = ""


def _door_of(line: str) -> Door:
    household_id, grid_id, building, unit, room = line.split(PARTED)
    return Door(int(household_id), int(grid_id), building, unit, room)


def put(session: Session, number: int, answers: Iterable[Answer], now: datetime) -> None:
    """Keep these answers; they leave with the batch, each account's newest word on a door in place of its last."""
    for one in answers:
        row = _row(number, one, now)
        session.keep_later(census_answer, row["key"], row)


def take_back(session: Session, row: CensusAnswer) -> None:
    """This answer is no more: it has found its door."""
    session.keep_later(census_answer, row.key, None)


def _row(number: int, one: Answer, now: datetime) -> dict[str, object]:
    door = one.door
    who = PAPER if one.account_id is None else str(one.account_id)
    return {
        "key": PARTED.join((str(number), str(door.grid_id), door.building, door.unit, door.room, who)),
        "notice": number,
        "grid_id": door.grid_id,
        "household_id": door.id,
        "building": door.building,
        "unit": door.unit,
        "room": door.room,
        "account_id": one.account_id,
        "how": one.how,
        "people": one.people,
        "present": one.present,
        "state": one.state,
        "needs": ",".join(one.needs),
        "words": one.words,
        "at": now,
    }


def unplaced_of(session: Session, number: int, account_id: int) -> CensusAnswer | None:
    """What this account said without saying of which door."""
    session.flush()
    return session.first(CensusAnswer, UNPLACED_OF, {"notice": number, "account_id": account_id})


def without_doors(session: Session, number: int, account_id: int, at: Collection[int]) -> list[CensusAnswer]:
    """What this account said of several doors of these grids at once without saying which they are."""
    session.flush()
    mine = (ANSWER.notice == number, ANSWER.account_id == account_id, ~PLACED, ANSWER.how == LEADER)
    return session.all(CensusAnswer, select(census_answer).where(*mine, ANSWER.grid_id.in_(list(at))))


def unlisted_of(session: Session, number: int, account_id: int, room: str) -> list[CensusAnswer]:
    """What this account said of doors with this room that no table has."""
    session.flush()
    mine = (ANSWER.notice == number, ANSWER.account_id == account_id, ANSWER.room == room)
    return session.all(CensusAnswer, select(census_answer).where(*mine, ANSWER.household_id.is_(None)))


def last_door_of(session: Session, account_id: int) -> Door | None:
    """The door for which this account last spoke as its own, in this census or an earlier one."""
    session.flush()
    row = session.first(CensusAnswer, LAST_DOOR_OF, {"account_id": account_id})
    return Door(row.household_id, row.grid_id, row.building, row.unit, row.room) if row else None


def newest_of(session: Session, number: int, account_id: int) -> Door | None:
    """The door of which this account last spoke in this census, its own or another."""
    session.flush()
    row = session.first(CensusAnswer, NEWEST_OF, {"notice": number, "account_id": account_id})
    return Door(row.household_id, row.grid_id, row.building, row.unit, row.room) if row else None


def expected(session: Session) -> dict[int, int]:
    """How many households the register has, by grid; from memory."""
    kept = session.shelf(HOUSEHOLDS)
    if ALL not in kept:
        kept[ALL] = {int(grid_id): int(many) for grid_id, many in session.connection.execute(EXPECTED)}
    return kept[ALL]


@dataclass(frozen=True, slots=True)
class Part:
    """A subtree, or of it only some grids."""

    code: str
    only: tuple[int, ...] = ()

    def holds(self) -> ColumnElement[bool]:
        """The condition "the grid is in it"."""
        return grid.c.id.in_(self.only) if self.only else within(self.code)

    def heard(self) -> ColumnElement[bool]:
        """The condition "the answer is from there"; for some grids by their numbers, so that no other's are read."""
        return ANSWER.grid_id.in_(self.only) if self.only else within(self.code)


def completeness(session: Session, number: int, code: str) -> Completeness:
    """How far it has come in the subtree."""
    return sum(by_grid(session, number, Part(code)).values(), Completeness())


def by_grid(session: Session, number: int, part: Part) -> dict[int, Completeness]:
    """How far it has come in each grid of the subtree that has neighbours or answers, for itself alone."""
    session.flush()
    here = dict(map(tuple, session.connection.execute(select(grid.c.id, grid.c.code).where(part.holds(), LIVE))))
    wanted = expected(session)
    found = {at: Completeness(expected=wanted[at]) for at in here if at in wanted}
    found |= {place.id: Completeness(bare=1) for place in bare.places(session, part.code) if place.id in here}
    each = _households(number, part).subquery("each_household")
    listed = each.c.household_id.is_not(None)
    answered = and_(listed, each.c.accounted == 1)

    def many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    rows = session.connection.execute(
        select(
            each.c.grid_id,
            many(answered),
            many(and_(each.c.accounted == 1, each.c.in_need == 1)),
            many(and_(each.c.accounted == 1, each.c.in_need == 0, each.c.well == 0, each.c.away == 1)),
            many(each.c.conflict == 1),
            many(and_(answered, each.c.first_hand == 0)),
            func.sum(func.coalesce(each.c.people, 0)),
            func.sum(func.coalesce(each.c.present, 0)),
            many(and_(~listed, each.c.accounted == 1)),
        ).group_by(each.c.grid_id)
    )
    for grid_id, *sums in rows:
        said = Completeness(0, *map(int, sums))
        if said.unlisted and bare.place_of(session, here.get(grid_id, "")) is not None:
            said = replace(said, bare_heard=said.unlisted)
        found[grid_id] = found.get(grid_id, Completeness()) + said
    lost = session.connection.execute(
        select(ANSWER.grid_id, func.count())
        .join(grid, grid.c.id == ANSWER.grid_id)
        .where(ANSWER.notice == number, ~PLACED, part.heard())
        .group_by(ANSWER.grid_id)
    )
    for grid_id, some in lost:
        found[grid_id] = found.get(grid_id, Completeness()) + Completeness(unplaced=int(some))
    return found


def _households(number: int, part: Part):  # noqa: ANN202 - a Select of eleven columns
    """One row per door that somebody spoke of: what all of them together say."""

    def any_(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.max(case((condition, 1), else_=0))

    settled = any_(ANSWER.how.in_(SETTLES))
    away, well, need = any_(ANSWER.state == AWAY), any_(ANSWER.state == SAFE), any_(ANSWER.state == NEED)
    differ = or_(func.count(distinct(ANSWER.people)) > 1, and_(away == 1, or_(well == 1, need == 1)))
    return (
        select(
            *DOOR_OF,
            func.max(ANSWER.household_id).label("household_id"),
            any_(ACCOUNTED).label("accounted"),
            need.label("in_need"),
            well.label("well"),
            away.label("away"),
            any_(ANSWER.how != PROXY).label("first_hand"),
            func.max(ANSWER.people).label("people"),
            func.max(ANSWER.present).label("present"),
            case((and_(differ, settled == 0), 1), else_=0).label("conflict"),
        )
        .join(grid, grid.c.id == ANSWER.grid_id)
        .where(ANSWER.notice == number, PLACED, part.heard())
        .group_by(*DOOR_OF)
    )


def missing(session: Session, number: int, part: Part, most: int = REGISTER_MOST) -> list[Door]:
    """The households of the subtree of which nothing is known, in walking order."""
    session.flush()
    said = exists().where(ANSWER.notice == number, ANSWER.household_id == household.c.id, ACCOUNTED)
    same_grid = ANSWER.grid_id == household.c.grid_id
    rows = session.connection.execute(
        select(household.c.id, household.c.grid_id, household.c.building, household.c.unit, household.c.room)
        .join(grid, grid.c.id == household.c.grid_id)
        .where(part.holds(), LIVE, household.c.ended_at.is_(None), ~said.where(same_grid))
        .order_by(*WALKING)
        .limit(most)
    )
    return [Door(*row) for row in rows]


def tried(session: Session, number: int, part: Part) -> set[int]:
    """The households of the subtree at whose door somebody was in vain, and nobody could say more."""
    session.flush()
    rows = session.connection.execute(
        select(ANSWER.household_id)
        .join(grid, grid.c.id == ANSWER.grid_id)
        .where(ANSWER.notice == number, PLACED, part.heard(), ANSWER.household_id.is_not(None))
        .group_by(ANSWER.household_id)
        .having(func.max(case((ACCOUNTED, 1), else_=0)) == 0)
    )
    return {int(row[0]) for row in rows}


def in_need(session: Session, number: int, part: Part, most: int = 200) -> list[CensusAnswer]:
    """What was said of households in need, in walking order."""
    session.flush()
    return session.all(
        CensusAnswer,
        select(census_answer)
        .join(grid, grid.c.id == ANSWER.grid_id)
        .where(ANSWER.notice == number, ANSWER.state == NEED, part.heard())
        .order_by(*_in_order())
        .limit(most),
    )


def conflicts(session: Session, number: int, part: Part, most: int = 100) -> list[list[Voice]]:
    """For each household of whom two say what cannot both be: all they said, side by side, in walking order."""
    session.flush()
    each = _households(number, part).subquery("each_household")
    columns = (ANSWER.how, ANSWER.state, ANSWER.people, ANSWER.at)
    rows = session.connection.execute(
        select(*DOOR_OF, *columns)
        .join(
            each,
            and_(*(each.c[column.name] == column for column in DOOR_OF)),
        )
        .join(grid, grid.c.id == ANSWER.grid_id)
        .where(ANSWER.notice == number, each.c.conflict == 1)
        .order_by(*_in_order(), ANSWER.at)
        .limit(most)
    )
    found: dict[tuple[object, ...], list[Voice]] = {}
    for row in rows:
        found.setdefault(tuple(row[:4]), []).append(Voice(*row))
    return list(found.values())


def _in_order() -> Sequence[ColumnElement[object]]:
    parts = (ANSWER.building, ANSWER.unit, ANSWER.room)
    return (grid.c.code, *(each for part in parts for each in (func.length(part), part)))


def heard_doors(session: Session, code: str, room: str = "") -> list[Door]:
    """The doors of the subtree that anybody ever named and no register has, in walking order; perhaps with this room."""
    session.flush()
    wanted = (PLACED, ANSWER.household_id.is_(None), within(code), *((ANSWER.room == room,) if room else ()))
    rows = session.connection.execute(
        select(*DOOR_OF)
        .join(grid, grid.c.id == ANSWER.grid_id)
        .where(*wanted)
        .group_by(grid.c.code, *DOOR_OF)
        .order_by(*_in_order())
        .limit(REGISTER_MOST)
    )
    return [Door(None, *row) for row in rows]


def accounted_at(session: Session, number: int, doors: Collection[Door]) -> set[tuple[int, str, str, str]]:
    """(grid, building, unit, room) of those of these doors of whom somebody could say how they are."""
    session.flush()
    grids_, rooms = {door.grid_id for door in doors}, {door.room for door in doors}
    rows = session.connection.execute(
        select(*DOOR_OF)
        .where(ANSWER.notice == number, ANSWER.grid_id.in_(grids_), ANSWER.room.in_(rooms), ACCOUNTED)
        .distinct()
    )
    return {(int(row[0]), row[1], row[2], row[3]) for row in rows}


def tried_at(session: Session, number: int, doors: Collection[Door]) -> set[tuple[int, str, str, str]]:
    """(grid, building, unit, room) of those of these doors at which somebody was in vain, and nobody could say more."""
    grids_, rooms = {door.grid_id for door in doors}, {door.room for door in doors}
    spoken = select(*DOOR_OF).where(ANSWER.notice == number, ANSWER.grid_id.in_(grids_), ANSWER.room.in_(rooms))
    rows = session.connection.execute(spoken.distinct())
    found = {(int(row[0]), row[1], row[2], row[3]) for row in rows}
    return found - accounted_at(session, number, doors)


def heard_since(session: Session, number: int, part: Part, since: datetime) -> set[str]:
    """The codes of the grids of the subtree in which somebody has answered after this moment."""
    session.flush()
    rows = session.connection.execute(
        select(grid.c.code)
        .join(grid, grid.c.id == ANSWER.grid_id)
        .where(ANSWER.notice == number, part.heard(), ANSWER.at > since)
        .distinct()
    )
    return {str(row[0]) for row in rows}


def entered_at(session: Session, number: int, account_id: int, at: datetime) -> list[CensusAnswer]:
    """What this account entered for others at this moment."""
    session.flush()
    mine = (ANSWER.notice == number, ANSWER.account_id == account_id, ANSWER.how == LEADER, ANSWER.at == at)
    return session.all(CensusAnswer, select(census_answer).where(*mine))


def newest_entered(session: Session, number: int, account_id: int, since: datetime) -> list[CensusAnswer]:
    """What this account entered for others last, at one moment after `since`."""
    session.flush()
    mine = (ANSWER.notice == number, ANSWER.account_id == account_id, ANSWER.how == LEADER, ANSWER.at >= since)
    newest = select(func.max(ANSWER.at)).where(*mine).scalar_subquery()
    return session.all(CensusAnswer, select(census_answer).where(*mine, ANSWER.at == newest))


def answer_at(session: Session, number: int, door: Door, account_id: int) -> CensusAnswer | None:
    """What this account said of this door."""
    session.flush()
    at = (ANSWER.grid_id == door.grid_id, ANSWER.building == door.building, ANSWER.unit == door.unit)
    mine = (ANSWER.notice == number, ANSWER.room == door.room, ANSWER.account_id == account_id)
    return session.first(CensusAnswer, select(census_answer).where(*at, *mine))


def answers_of(session: Session, number: int, doors: Collection[Door]) -> dict[int, list[CensusAnswer]]:
    """What was said of these households, by household."""
    session.flush()
    found: dict[int, list[CensusAnswer]] = {}
    rows = session.all(
        CensusAnswer,
        select(census_answer).where(
            ANSWER.notice == number,
            ANSWER.grid_id.in_({door.grid_id for door in doors}),
            ANSWER.household_id.in_({door.id for door in doors if door.id is not None}),
        ),
    )
    for row in rows:
        found.setdefault(row.household_id or 0, []).append(row)
    return found


def enter_answers(
    session: Session, number: int, rows: Sequence[OnPaper], by: int | None, now: datetime
) -> Mapping[str, int]:
    """Take over what came on paper: {"entered", "unknown"}. Entering the same sheet twice changes nothing.

    `number` is the census; `by` the account that enters it (None: a file). Whatever the needs say in words becomes
    matters at the census's next look (handlers/notices/census_marks.py).
    """
    wanted = {row.household_id for row in rows}
    known = {
        int(row.id): Door(*row)
        for row in session.connection.execute(
            select(household.c.id, household.c.grid_id, household.c.building, household.c.unit, household.c.room).where(
                household.c.id.in_(wanted)
            )
        )
    }
    answers = [
        Answer(
            known[row.household_id],
            by,
            PAPER,
            NEED if row.needs else SAFE if row.safe else AWAY if row.people == 0 else UNKNOWN,
            row.people,
            words=" ".join(part for part in (row.needs, row.note) if part),
        )
        for row in rows
        if row.household_id in known
    ]
    put(session, number, answers, now)
    in_words = sum(1 for row in rows if row.needs and row.household_id in known)
    if in_words:
        session.run(update(census_run).where(census_run.c.notice == number).values(paper=census_run.c.paper + in_words))
        timers.arm(session, LOOK, number, now)
    return {"entered": len(answers), "unknown": len(rows) - len(answers)}


def on_paper_in_need(session: Session, number: int, most: int = 200) -> list[CensusAnswer]:
    """Answers on paper that name a need in words that nobody has looked through yet."""
    session.flush()
    return session.all(
        CensusAnswer,
        select(census_answer)
        .where(ANSWER.notice == number, ANSWER.how == PAPER, ANSWER.state == NEED, ANSWER.needs == "")
        .order_by(ANSWER.key)
        .limit(most),
    )


def looked_through(session: Session, row: CensusAnswer, needs: Sequence[str]) -> None:
    """What an answer on paper needs, by code."""
    session.run(update(census_answer).where(ANSWER.key == row.key).values(needs=",".join(needs)))


def forget_words(session: Session, number: int) -> int:
    """The words of its answers are no longer needed; what they came to stays."""
    return session.run(update(census_answer).where(ANSWER.notice == number).values(words=""))


def next_grids(session: Session, code: str, after: str, most: int) -> list[Grid]:
    """The next grids of the subtree that have a group, households or no table, in the order of codes."""
    unlisted = [place.id for place in bare.places(session, code) if place.code > after][:most]
    lives = exists().where(household.c.grid_id == grid.c.id, household.c.ended_at.is_(None))
    meets = exists().where(chat.c.grid_id == grid.c.id, chat.c.audience == "residents", chat.c.gone_at.is_(None))
    return session.all(
        Grid,
        select(grid)
        .where(within(code), LIVE, grid.c.code > after, or_(lives, meets, grid.c.id.in_(unlisted)))
        .order_by(grid.c.code)
        .limit(most),
    )


def without_table(session: Session, code: str) -> list[str]:
    """The names of the neighbourhoods of the subtree that have no household in the table."""
    return [place.name for place in bare.places(session, code)]


def children(session: Session, of: Grid) -> list[Grid]:
    """The living grids right below this one, in the order of codes."""
    return session.all(Grid, select(grid).where(grid.c.parent_id == of.id, LIVE).order_by(grid.c.code))


def needs_counted(session: Session, number: int, code: str) -> dict[str, int]:
    """How many households of the subtree need what, by code of the need."""
    session.flush()
    each = (
        select(ANSWER.needs, *DOOR_OF)
        .distinct()
        .join(grid, grid.c.id == ANSWER.grid_id)
        .where(ANSWER.notice == number, ANSWER.state == NEED, within(code))
        .subquery("each_need")
    )
    counted: dict[str, int] = {}
    for needs, many in session.connection.execute(select(each.c.needs, func.count()).group_by(each.c.needs)):
        for need in str(needs).split(","):
            counted[need] = counted.get(need, 0) + int(many)
    return counted


def is_going(session: Session, number: int) -> bool:
    """Whether it takes answers now."""
    found = notices.find(session, number)
    return found is not None and found.state == GOING
