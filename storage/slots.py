"""Slots: a queue for a subtree, which building comes when, whose door was called, and who was not there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, Select, String, and_, bindparam, case, exists, func, insert, literal, or_, select, update
from sqlmodel import Field, SQLModel

from storage.codes import home
from storage.columns import Moment, table
from storage.forms import KEPT, filing
from storage.grids import LIVE, grid, within
from storage.people import account, household
from storage.session import Session

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
WAITING, CALLED, CAME, MISSED, GONE = "waiting", "called", "came", "missed", "gone"
"""States of a door: missed is called again at the end, gone was missed then too."""


class SlotQueue(SQLModel, table=True):
    """排队: something that households come for one after another, 检测 or 领物资."""

    __tablename__ = "slot_queue"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("slot_queue_state", "state", "grid_id"),)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str = DRAFT
    drill: bool = False
    title: str = ""
    place: str = ""
    grid_id: int = Field(foreign_key="grid.id")
    starts_at: datetime | None = Field(default=None, sa_type=Moment)
    ends_at: datetime | None = Field(default=None, sa_type=Moment)
    per_quarter: int = 0
    """Households that can be served in a quarter of an hour."""
    account_id: int = Field(foreign_key="account.id")
    post_id: int = Field(foreign_key="post.id")
    batch: int = 0
    """How often was called."""
    since: datetime = Field(sa_type=Moment)
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)


class SlotTurn(SQLModel, table=True):
    """A building and its time; where no doors are registered, a whole micro-grid."""

    __tablename__ = "slot_turn"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("slot_turn_queue", "queue", "position", unique=True), Index("slot_turn_grid", "grid_id"))
    id: int = Field(primary_key=True)
    queue: int = Field(foreign_key="slot_queue.number")
    position: int
    grid_id: int = Field(foreign_key="grid.id")
    building: str = ""
    households: int
    called: int = 0
    """How many households were called, where no doors are registered."""
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)


class SlotDoor(SQLModel, table=True):
    """One door in a queue. Why it goes first is nobody's business and not kept."""

    __tablename__ = "slot_door"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("slot_door_turn", "turn_id", "state"),
        Index("slot_door_queue", "queue", "state"),
        Index("slot_door_household", "household_id", "queue", unique=True),
    )
    id: int = Field(primary_key=True)
    queue: int = Field(foreign_key="slot_queue.number")
    turn_id: int = Field(foreign_key="slot_turn.id")
    household_id: int = Field(foreign_key="household.id")
    position: int
    """In the building's walking order."""
    first: bool = False
    state: str = WAITING
    missed: int = 0
    """How often it was called and not there."""


@dataclass(frozen=True, slots=True)
class Building:
    """What waits in one building, or in a micro-grid without registered doors."""

    grid_id: int
    building: str
    households: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A building's turn, and how many households of it still wait."""

    id: int
    position: int
    grid_id: int
    building: str
    households: int
    called: int
    starts_at: datetime
    ends_at: datetime
    doors: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Called:
    """A door of a queue with its place; attribute for attribute like a place, so that it can be shown as one."""

    id: int
    turn_id: int
    position: int
    first: bool
    state: str
    missed: int
    grid_id: int
    building: str
    unit: str
    room: str


@dataclass(frozen=True, slots=True)
class Reached:
    """An account that lives behind a door."""

    door_id: int
    channel: str
    external: str


slot_queue, slot_turn, slot_door = table(SlotQueue), table(SlotTurn), table(SlotDoor)
BY_NUMBER = select(slot_queue).where(slot_queue.c.number == bindparam("number"))
CODE = bindparam("code", type_=String)
STANDS = household.c.ended_at.is_(None)
WALKING = (
    func.length(household.c.unit),
    household.c.unit,
    func.length(household.c.room),
    household.c.room,
    household.c.id,
)
BUILDINGS = (
    select(household.c.grid_id, household.c.building, func.count())
    .join(grid, grid.c.id == household.c.grid_id)
    .where(within(CODE), LIVE, STANDS)
    .group_by(grid.c.code, household.c.grid_id, household.c.building)
    .order_by(grid.c.code, func.length(household.c.building), household.c.building)
)
_child, _kept = grid.alias("child"), household.alias("kept")
DOORLESS = (
    select(grid.c.id, literal(""), grid.c.households)
    .where(within(CODE), LIVE, grid.c.households > 0)
    .where(~exists().where(_child.c.parent_id == grid.c.id, _child.c.ended_at.is_(None)))
    .where(~exists().where(or_(_kept.c.grid_id == grid.c.id, _kept.c.grid_id == grid.c.parent_id)))
)
"""Leaves of the tree where nobody has written down the doors yet."""
DOORS_IN = (
    insert(slot_door)
    .from_select(
        ["queue", "turn_id", "household_id", "position", "first", "state", "missed"],
        select(
            slot_turn.c.queue,
            slot_turn.c.id,
            household.c.id,
            func.row_number().over(partition_by=slot_turn.c.id, order_by=WALKING),
            literal(value=False),
            literal(WAITING),
            literal(0),
        )
        .join(slot_turn, (slot_turn.c.grid_id == household.c.grid_id) & (slot_turn.c.building == household.c.building))
        .where(slot_turn.c.queue == bindparam("number"), STANDS),
    )
)  # fmt: skip
TURNS = (
    select(
        slot_turn.c.id,
        slot_turn.c.position,
        slot_turn.c.grid_id,
        slot_turn.c.building,
        slot_turn.c.households,
        slot_turn.c.called,
        slot_turn.c.starts_at,
        slot_turn.c.ends_at,
        func.count(slot_door.c.id),
        func.count(slot_door.c.id).filter(slot_door.c.state == WAITING),
    )
    .outerjoin(slot_door, slot_door.c.turn_id == slot_turn.c.id)
    .where(slot_turn.c.queue == bindparam("number"))
    .group_by(*slot_turn.c)
    .order_by(slot_turn.c.position)
)
DOORS = (
    select(
        slot_door.c.id,
        slot_door.c.turn_id,
        slot_door.c.position,
        slot_door.c.first,
        slot_door.c.state,
        slot_door.c.missed,
        household.c.grid_id,
        household.c.building,
        household.c.unit,
        household.c.room,
    )
    .join(household, household.c.id == slot_door.c.household_id)
    .join(slot_turn, slot_turn.c.id == slot_door.c.turn_id)
    .where(slot_door.c.queue == bindparam("number"))
)
IN_TURN = (slot_turn.c.position, slot_door.c.first.desc(), slot_door.c.position)
NEXT = DOORS.where(slot_door.c.turn_id == bindparam("turn_id"), slot_door.c.state == WAITING)
LIVING_THERE = and_(
    home.c.grid_id == household.c.grid_id,
    home.c.building == household.c.building,
    home.c.unit == household.c.unit,
    home.c.room == household.c.room,
)
REACHED = (
    select(slot_door.c.id, account.c.channel, account.c.external)
    .join(household, household.c.id == slot_door.c.household_id)
    .join(home, LIVING_THERE)
    .join(account, account.c.id == home.c.account_id)
    .where(slot_door.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(account.c.id)
)
FILED = (
    select(slot_door.c.id, filing.c.form, filing.c.answers)
    .join(household, household.c.id == slot_door.c.household_id)
    .join(
        filing,
        and_(
            filing.c.grid_id == household.c.grid_id,
            filing.c.building == household.c.building,
            or_(filing.c.unit == household.c.unit, filing.c.unit == ""),
            filing.c.room == household.c.room,
        ),
    )
    .where(slot_door.c.queue == bindparam("number"), filing.c.state == KEPT)
    .where(filing.c.form.in_(bindparam("forms", expanding=True)))
)


def add(session: Session, values: Mapping[str, object]) -> SlotQueue:
    """A new draft."""
    return session.all(SlotQueue, insert(slot_queue).returning(slot_queue), values)[0]


def by_number(session: Session, number: int) -> SlotQueue | None:
    """The queue with this number, in whatever state."""
    return session.first(SlotQueue, BY_NUMBER, {"number": number})


def change(session: Session, number: int, state: str, values: Mapping[str, object]) -> SlotQueue | None:
    """The queue after the change; None when it is no longer in `state`."""
    changed = update(slot_queue).where(slot_queue.c.number == number, slot_queue.c.state == state).values(**values)
    return session.first(SlotQueue, changed.returning(slot_queue))


def count_up(session: Session, number: int, after: int) -> bool:
    """Let this be the call that follows `after`; False when somebody else has called since."""
    still = (slot_queue.c.number == number) & (slot_queue.c.state == OPEN) & (slot_queue.c.batch == after)
    return bool(session.run(update(slot_queue).where(still).values(batch=after + 1)))


def open_over(session: Session, grids: Collection[int]) -> list[SlotQueue]:
    """The open queues of these grids, the soonest first."""
    if not grids:
        return []
    wanted = (slot_queue.c.state == OPEN) & slot_queue.c.grid_id.in_(grids)
    return session.all(SlotQueue, select(slot_queue).where(wanted).order_by(slot_queue.c.starts_at).limit(20))


def open_below(session: Session, codes: Collection[str]) -> list[SlotQueue]:
    """The open queues in these subtrees, the soonest first."""
    if not codes:
        return []
    found = select(slot_queue).join(grid, grid.c.id == slot_queue.c.grid_id)
    found = found.where(slot_queue.c.state == OPEN, or_(*(within(code) for code in codes)))
    return session.all(SlotQueue, found.order_by(slot_queue.c.starts_at).limit(20))


def newest_of(session: Session, account_id: int, since: datetime) -> SlotQueue | None:
    """The last queue that this account has begun since then, whatever became of it."""
    own = select(slot_queue).where(slot_queue.c.account_id == account_id, slot_queue.c.since >= since)
    return session.first(SlotQueue, own.order_by(slot_queue.c.number.desc()))


def buildings(session: Session, code: str) -> list[Building]:
    """Every building below this code with its households, in walking order; then micro-grids without doors."""
    rows = [
        *session.connection.execute(BUILDINGS, {"code": code}),
        *session.connection.execute(DOORLESS, {"code": code}),
    ]
    return [Building(*row) for row in rows]


def add_turns(session: Session, number: int, turns: Sequence[Mapping[str, object]]) -> int:
    """Write down who comes when, with every door; how many doors it were."""
    session.run(insert(slot_turn), [{**turn, "queue": number, "called": 0} for turn in turns])
    return session.run(DOORS_IN, {"number": number})


def turns(session: Session, number: int) -> list[Turn]:
    """Every building's turn, in order."""
    return [Turn(*row) for row in session.connection.execute(TURNS, {"number": number})]


def next_doors(session: Session, number: int, turn_id: int, most: int) -> list[Called]:
    """The doors of a building that come next: needs first, then as one walks."""
    return _doors(session, NEXT.order_by(*IN_TURN).limit(most), {"number": number, "turn_id": turn_id})


def doors_in(session: Session, number: int, states: Collection[str], most: int = 5000) -> list[Called]:
    """The doors of a queue in these states, in the order in which they come."""
    return _doors(
        session, DOORS.where(slot_door.c.state.in_(states)).order_by(*IN_TURN).limit(most), {"number": number}
    )


def first_waiting(session: Session, number: int) -> list[Called]:
    """The doors that go first and wait."""
    waiting = DOORS.where(slot_door.c.first, slot_door.c.state == WAITING)
    return _doors(session, waiting.order_by(*IN_TURN).limit(500), {"number": number})


def door_of(session: Session, number: int, grid_id: int, building: str, unit: str, room: str) -> list[Called]:
    """The doors of a queue at this place; more than one where the unit is not known."""
    here = (household.c.grid_id == grid_id) & (household.c.building == building) & (household.c.room == room)
    return _doors(session, DOORS.where(here, *([household.c.unit == unit] if unit else [])), {"number": number})


def _doors(session: Session, statement: Select[*tuple[object, ...]], values: Mapping[str, object]) -> list[Called]:
    return [Called(*row) for row in session.connection.execute(statement, values)]


def ahead_of(session: Session, door: Called) -> tuple[int, int]:
    """How many doors of its building come before it, and how many doors still wait before it in the whole queue."""
    mine = select(slot_door.c.queue, slot_turn.c.position).join(slot_turn, slot_turn.c.id == slot_door.c.turn_id)
    queue, position = session.connection.execute(mine.where(slot_door.c.id == door.id)).one()
    earlier = and_(slot_door.c.first == door.first, slot_door.c.position < door.position)
    before = or_(earlier, slot_door.c.first) if not door.first else earlier
    inside = select(func.count()).select_from(slot_door).where(slot_door.c.turn_id == door.turn_id, before)
    waiting = (
        select(func.count())
        .select_from(slot_door)
        .join(slot_turn, slot_turn.c.id == slot_door.c.turn_id)
        .where(slot_door.c.queue == queue, slot_door.c.state == WAITING)
        .where(or_(slot_turn.c.position < position, and_(slot_turn.c.position == position, before)))
    )
    return session.one(int, inside), session.one(int, waiting)


def mark(session: Session, ids: Collection[int], state: str) -> None:
    """These doors are in this state from now on."""
    if ids:
        session.run(update(slot_door).where(slot_door.c.id.in_(ids)).values(state=state))


def miss(session: Session, ids: Collection[int]) -> None:
    """These doors were called and nobody came: the first time they are called again at the end, the second time not."""
    if ids:
        after = case((slot_door.c.missed > 0, GONE), else_=MISSED)
        missed = update(slot_door).where(slot_door.c.id.in_(ids))
        session.run(missed.values(state=after, missed=slot_door.c.missed + 1))


def settle_called(session: Session, number: int) -> int:
    """Whoever was called and not said to be missing has come."""
    called = (slot_door.c.queue == number) & (slot_door.c.state == CALLED)
    return session.run(update(slot_door).where(called).values(state=CAME))


def call_more(session: Session, turn_id: int, more: int) -> None:
    """So many more households were called where no doors are registered."""
    session.run(update(slot_turn).where(slot_turn.c.id == turn_id).values(called=slot_turn.c.called + more))


def put_first(session: Session, ids: Collection[int]) -> None:
    """These doors go first in their building."""
    if ids:
        session.run(update(slot_door).where(slot_door.c.id.in_(ids)).values(first=True))


def reached(session: Session, ids: Collection[int]) -> list[Reached]:
    """The accounts that told by a code that they live behind these doors."""
    rows = session.connection.execute(REACHED, {"ids": list(ids)}) if ids else ()
    return [Reached(*row) for row in rows]


def filed(session: Session, number: int, forms: Collection[str]) -> list[tuple[int, str, str]]:
    """(door, form, answers) of what is kept about the doors of a queue."""
    rows = session.connection.execute(FILED, {"number": number, "forms": list(forms)}) if forms else ()
    return [(door, form, answers) for door, form, answers in rows]


def tally(session: Session, number: int) -> dict[str, int]:
    """How many doors are in each state."""
    counted = session.connection.execute(
        select(slot_door.c.state, func.count()).where(slot_door.c.queue == number).group_by(slot_door.c.state)
    )
    return {str(state): int(many) for state, many in counted}


def forget(session: Session, before: datetime) -> int:
    """Drop the doors of queues that ended before then: who came and who went first is nobody's business now."""
    ended = select(slot_queue.c.number).where(slot_queue.c.state == CLOSED, slot_queue.c.closed_at < before)
    return session.run(slot_door.delete().where(slot_door.c.queue.in_(ended)))
