"""Repeats: notices that go out again and again, by a rule; the notice they are made from stands and is never sent."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.session import Session


class Repeat(SQLModel, table=True):
    """定期通知: when the next one is made."""

    notice: int = Field(primary_key=True, foreign_key="notice.number")
    cron: str
    """minute hour day month weekday, by the community's clock."""
    next_at: datetime | None = Field(default=None, sa_type=Moment)
    times: int = 0
    """How many it has made."""
    latest: int | None = Field(default=None, foreign_key="notice.number")
    """The number of the last one it made."""
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


repeat = table(Repeat)
BY_NOTICE = select(repeat).where(repeat.c.notice == bindparam("number"))


def add(session: Session, number: int, cron: str) -> None:
    """This notice repeats by that rule, or by another from now on."""
    if not session.run(session.insert_unless_there(repeat), {"notice": number, "cron": cron, "times": 0}):
        change(session, number, cron=cron)


def of(session: Session, number: int) -> Repeat | None:
    """The rule of this notice, if it has one."""
    return session.first(Repeat, BY_NOTICE, {"number": number})


def change(session: Session, number: int, **values: object) -> bool:
    """Set these columns of a rule that has not ended; whether it was so."""
    living = update(repeat).where(repeat.c.notice == number, repeat.c.ended_at.is_(None))
    return bool(session.run(living.values(**values)))


def drop(session: Session, number: int) -> None:
    """It repeats no more, and never did."""
    session.run(repeat.delete().where(repeat.c.notice == number))
