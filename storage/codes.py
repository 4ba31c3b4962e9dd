"""Place codes: a row for each code that was printed, where an account lives, and how often somebody guessed wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, String, bindparam, case, func, select, text, update
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.grids import Grid, grid, within
from storage.people import household
from storage.session import Session

STANDS = text("revoked_at IS NULL")


class PlaceCode(SQLModel, table=True):
    """一码扫楼: one printed code; an empty part means the whole of what is named before it."""

    __tablename__ = "place_code"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "place_code_now",
            "grid_id",
            "building",
            "unit",
            "room",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )
    id: int = Field(primary_key=True)
    grid_id: int = Field(foreign_key="grid.id")
    building: str
    unit: str = ""
    room: str = ""
    made_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class Home(SQLModel, table=True):
    """Where an account lives, as the code it scanned says; the room only with its owner's consent."""

    __table_args__ = (Index("home_code", "code_id"),)
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    grid_id: int = Field(foreign_key="grid.id")
    building: str
    unit: str = ""
    room: str = ""
    code_id: int = Field(foreign_key="place_code.id")
    since: datetime = Field(sa_type=Moment)


class Guess(SQLModel, table=True):
    """How often one identity sent a code that is none, since the first of them; the identity itself is not kept."""

    key: str = Field(primary_key=True)
    since: datetime = Field(sa_type=Moment)
    wrong: int


class Secret(SQLModel, table=True):
    """A secret that this deployment made for itself, because the operator set none."""

    name: str = Field(primary_key=True)
    value: str


@dataclass(frozen=True, slots=True)
class Door:
    """A place that has or gets a code."""

    building: str
    unit: str
    room: str


place_code, home, guess, secret = table(PlaceCode), table(Home), table(Guess), table(Secret)
BY_ID = select(place_code).where(place_code.c.id == bindparam("id"))
OF_GRID = (
    select(place_code)
    .where(place_code.c.grid_id == bindparam("grid_id"), place_code.c.revoked_at.is_(None))
    .order_by(place_code.c.id)
)
DOORS = (
    select(household.c.building, household.c.unit, household.c.room)
    .where(household.c.grid_id == bindparam("grid_id"), household.c.ended_at.is_(None))
    .order_by(household.c.id)
)
WITH_DOORS = (
    select(grid)
    .where(within(bindparam("code", type_=String)), grid.c.ended_at.is_(None))
    .where(grid.c.id.in_(select(household.c.grid_id).where(household.c.ended_at.is_(None))))
    .order_by(grid.c.code)
)
HOME_OF = select(home).where(home.c.account_id == bindparam("account_id"))
GUESSES = select(guess.c.wrong).where(guess.c.key == bindparam("key"), guess.c.since > bindparam("since"))
SECRET = select(secret.c.value).where(secret.c.name == bindparam("name"))


def kept_secret(session: Session, name: str, fresh: str) -> str:
    """The secret of this name; `fresh` becomes it where there was none."""
    if found := session.maybe(str, SECRET, {"name": name}):
        return found
    session.run(session.insert_unless_there(secret), {"name": name, "value": fresh})
    return session.one(str, SECRET, {"name": name})


def get(session: Session, id: int) -> PlaceCode | None:
    """The code with this id, revoked or not."""
    return session.first(PlaceCode, BY_ID, {"id": id})


def of_grid(session: Session, grid_id: int) -> list[PlaceCode]:
    """Every code of a grid that stands, in the order in which they were made."""
    return session.all(PlaceCode, OF_GRID, {"grid_id": grid_id})


def doors(session: Session, grid_id: int) -> list[Door]:
    """Every household's door in a grid."""
    return session.all(Door, DOORS, {"grid_id": grid_id})


def grids_with_doors(session: Session, code: str) -> list[Grid]:
    """The living grids below this code that have households."""
    return session.all(Grid, WITH_DOORS, {"code": code})


def make(session: Session, grid_id: int, wanted: Sequence[Door], now: datetime) -> int:
    """Give each of these places a code unless it has one that stands; how many are new."""
    rows: list[dict[str, object]] = [
        {"grid_id": grid_id, "building": one.building, "unit": one.unit, "room": one.room, "made_at": now}
        for one in wanted
    ]
    before = len(of_grid(session, grid_id))
    if rows:
        session.run(session.insert_unless_there(place_code), rows)
    return len(of_grid(session, grid_id)) - before


def revoke(session: Session, id: int, now: datetime) -> bool:
    """The code is worth nothing from now on; False when it was revoked before."""
    return bool(
        session.run(
            update(place_code).where(place_code.c.id == id, place_code.c.revoked_at.is_(None)).values(revoked_at=now)
        )
    )


def bound_count(session: Session, id: int) -> int:
    """How many accounts live where this code says because they scanned it."""
    return session.one(int, select(func.count()).select_from(home).where(home.c.code_id == id))


def home_of(session: Session, account_id: int) -> Home | None:
    """Where this account lives, as far as it told by a code."""
    return session.first(Home, HOME_OF, {"account_id": account_id})


def settle(session: Session, account_id: int, code: PlaceCode, now: datetime, *, with_room: bool) -> Home:
    """The account lives where the code says."""
    row: dict[str, object] = {
        "account_id": account_id,
        "grid_id": code.grid_id,
        "building": code.building,
        "unit": code.unit,
        "room": code.room if with_room else "",
        "code_id": code.id,
        "since": now,
    }
    session.upsert(home, [row], key="account_id")
    return session.all(Home, HOME_OF, {"account_id": account_id})[0]


def forget_room(session: Session, account_id: int) -> None:
    """Only building and unit are kept."""
    session.run(update(home).where(home.c.account_id == account_id).values(room=""))


def forget_home(session: Session, account_id: int) -> None:
    """Nothing is kept."""
    session.run(home.delete().where(home.c.account_id == account_id))


def wrong_guesses(session: Session, key: str, since: datetime) -> int:
    """How often it guessed wrong, if its first wrong guess was after `since`."""
    return session.maybe(int, GUESSES, {"key": key, "since": since}) or 0


def guessed_wrong(session: Session, key: str, now: datetime, lasts: timedelta) -> None:
    """Count one more; after `lasts` the count begins anew. Old ones of others are dropped on the way."""
    stale = guess.c.since <= now - lasts
    session.run(guess.delete().where(stale, guess.c.key != key))
    session.run(session.insert_unless_there(guess), {"key": key, "since": now, "wrong": 0})
    session.run(
        update(guess)
        .where(guess.c.key == key)
        .values(wrong=case((stale, 1), else_=guess.c.wrong + 1), since=case((stale, now), else_=guess.c.since))
    )
