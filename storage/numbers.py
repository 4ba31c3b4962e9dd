"""Numbers people type: short, unique in the deployment, whatever they name."""

from sqlalchemy import Identity, insert
from sqlalchemy.schema import Column
from sqlalchemy.types import Integer
from sqlmodel import Field, SQLModel

from storage.columns import table
from storage.session import Session

FIRST = 1001


class Number(SQLModel, table=True):
    """A number that was given out, and to what kind of thing."""

    __table_args__ = ({"sqlite_autoincrement": True},)
    value: int = Field(sa_column=Column(Integer, Identity(start=FIRST), primary_key=True))
    names: str


number = table(Number)
GIVE = insert(number).returning(number.c.value)


def give(session: Session, names: str) -> int:
    """The next number, for a thing of this kind. Gaps are no fault; doubles would be."""
    value = session.one(int, GIVE, {"names": names})
    if value >= FIRST:
        return value
    return session.one(int, GIVE, {"names": names, "value": FIRST})  # SQLite knows no start for its counter
