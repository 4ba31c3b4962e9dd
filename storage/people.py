"""People: the humans, the accounts by which they speak, and the households they live in."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, bindparam, or_, select, text, update
from sqlmodel import Field, SQLModel

from storage.among import among
from storage.columns import Moment, table
from storage.grids import grid, within
from storage.identity import rows_of
from storage.session import Session


class Person(SQLModel, table=True):
    """人员: a human, known to the community by name."""

    __table_args__ = (
        Index(
            "person_key_now",
            "key",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: int = Field(primary_key=True)
    key: str
    """编号: what the community's workbook calls this human."""
    name: str
    phone: str = ""
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class Household(SQLModel, table=True):
    """户: building-unit-room inside a micro-grid."""

    __table_args__ = (UniqueConstraint("grid_id", "building", "unit", "room", name="household_door"),)
    id: int = Field(primary_key=True)
    grid_id: int = Field(foreign_key="grid.id")
    building: str
    unit: str = ""
    room: str
    people: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class Account(SQLModel, table=True):
    """账号: one identity on one channel, of a known person or of a neighbour who just spoke."""

    __table_args__ = (
        UniqueConstraint("channel", "external", name="account_identity"),
        Index("account_person", "person_id"),
        Index("account_grid", "grid_id", "channel"),
    )
    id: int = Field(primary_key=True)
    channel: str
    external: str
    """The platform's id."""
    name: str = ""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    grid_id: int | None = Field(default=None, foreign_key="grid.id")
    """Where it belongs, as far as is known: said by the workbook, or learnt from the group it spoke in."""
    since: datetime = Field(sa_type=Moment)


person, household, account = table(Person), table(Household), table(Account)
ERASED = "erased"
"""What the platform's id of an erased account begins with."""
KNOWN = account.c.external.not_like(f"{ERASED} %")
"""The condition "was not erased"."""
ACCOUNT_BY_ID = select(account).where(account.c.id == bindparam("id"))
ACCOUNTS_BY_IDENTITY = select(account).where(
    account.c.channel == bindparam("channel"), among(account.c.external, "names")
)
DOORS = (
    select(household.c.grid_id)
    .distinct()
    .join(grid, grid.c.id == household.c.grid_id)
    .where(within(bindparam("code", type_=String)), grid.c.ended_at.is_(None))
    .where(household.c.building == bindparam("building"), household.c.ended_at.is_(None))
    .limit(2)
)
DOORS_OF_UNIT = DOORS.where(or_(household.c.unit == bindparam("unit"), household.c.unit == ""))
PERSON_BY_ID = select(person).where(person.c.id == bindparam("id"))


def by_identity(session: Session, identities: Collection[tuple[str, str]]) -> dict[tuple[str, str], Account]:
    """The accounts with these (channel, external) identities."""
    return rows_of(session, Account, ACCOUNTS_BY_IDENTITY, identities)


def get_account(session: Session, id: int) -> Account:
    """The account with this id."""
    return session.all(Account, ACCOUNT_BY_ID, {"id": id})[0]


def get(session: Session, id: int) -> Person:
    """The person with this id, ended or not."""
    return session.all(Person, PERSON_BY_ID, {"id": id})[0]


def add_account(
    session: Session, *, channel: str, external: str, name: str, grid_id: int | None, now: datetime
) -> Account:
    """A neighbour who was not known before; the account that stands when somebody else was faster."""
    values = {
        "channel": channel,
        "external": external,
        "name": name,
        "person_id": None,
        "grid_id": grid_id,
        "since": now,
    }
    added = session.add_for_good(Account, account, values)
    return added or by_identity(session, [(channel, external)])[channel, external]


def settle(session: Session, account_id: int, grid_id: int | None) -> None:
    """Remember where an account belongs; nowhere that is known, with None."""
    session.run(update(account).where(account.c.id == account_id).values(grid_id=grid_id))


def rename(session: Session, account_id: int, name: str) -> None:
    """What the account is called from now on."""
    session.run(update(account).where(account.c.id == account_id).values(name=name))


def grid_of_door(session: Session, code: str, building: str, unit: str | None) -> int | None:
    """The one grid below `code` that has this building (and unit); None when there is none or more than one."""
    values = {"code": code, "building": building}
    statement = DOORS_OF_UNIT if unit else DOORS
    rows = session.all(Household, statement, {**values, "unit": unit} if unit else values)
    return rows[0].grid_id if len(rows) == 1 else None
