"""Messages on which the program stumbled: kept whole, so that nothing accepted is lost."""

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.session import Session


class Stumble(SQLModel, table=True):
    """One happening that hit a bug; its number is the one in the apology."""

    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    error: str
    incoming: str
    """The happening as JSON, for whoever mends it."""


stumble = table(Stumble)


def keep(session: Session, number: int, at: datetime, error: str, incoming: str) -> None:
    """Keep it until somebody has looked."""
    session.run(insert(stumble), {"number": number, "at": at, "error": error, "incoming": incoming})


def count(session: Session) -> int:
    """How many wait to be looked at."""
    return session.one(int, select(func.count()).select_from(stumble))
