"""Numbers people type: short, unique in the deployment, whatever they name."""

from dataclasses import dataclass

from sqlalchemy import Identity, insert
from sqlalchemy.schema import Column
from sqlalchemy.types import Integer
from sqlmodel import Field, SQLModel

from storage.columns import table
from storage.session import Session
from storage.shelves import Shelf

FIRST = 1001


class Number(SQLModel, table=True):
    """A number that was given out, and to what kind of thing."""

    __table_args__ = ({"sqlite_autoincrement": True},)
    value: int = Field(sa_column=Column(Integer, Identity(start=FIRST), primary_key=True))
    names: str


number = table(Number)
GIVE = insert(number).returning(number.c.value)
TAKEN = Shelf[str, "Taken"]()


@dataclass(frozen=True, slots=True)
class Taken:
    """What a transaction has taken ahead for one kind of thing."""

    numbers: tuple[int, ...] = ()
    next_time: int = 1


def give(session: Session, names: str) -> int:
    """The next number, for a thing of this kind. Gaps are no fault; doubles would be.

    A transaction that needs many takes twice as many each time.
    """
    notes = session.notes(TAKEN)
    taken = notes.get(names, Taken())
    if not taken.numbers:
        taken = Taken(_take(session, names, taken.next_time), 2 * taken.next_time)
    given, *rest = taken.numbers
    notes[names] = Taken(tuple(rest), taken.next_time)
    return given


def expect(session: Session, names: str, many: int) -> None:
    """So many numbers will be given in this transaction: they are taken at once."""
    if many > 1 and names not in (notes := session.notes(TAKEN)):
        notes[names] = Taken(_take(session, names, many))


def _take(session: Session, names: str, many: int) -> tuple[int, ...]:
    rows: list[dict[str, object]] = [{"names": names} for _ in range(many)]
    values = session.returned(int, GIVE, rows)
    if values[0] < FIRST:  # SQLite knows no start for its counter
        values = session.returned(int, GIVE, [row | {"value": FIRST + at} for at, row in enumerate(rows)])
    return tuple(sorted(values))
