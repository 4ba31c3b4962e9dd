"""Timers: what becomes due when; they say only when, and are gone once their work is committed."""

from datetime import datetime

from sqlalchemy import Index, bindparam, delete, func, select
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.session import Session


class Timer(SQLModel, table=True):
    """One moment at which one thing is looked at again; the key makes it one of its kind."""

    __table_args__ = (Index("timer_due", "due_at"),)
    key: str = Field(primary_key=True)
    """The kind and what it is for: "clock 17"."""
    kind: str
    about: int
    """The id of what it is for."""
    due_at: datetime = Field(sa_type=Moment)


timer = table(Timer)
DUE = (
    select(timer)
    .where(timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.key)
    .limit(bindparam("most"))
)
BY_KEY = select(timer.c.key).where(timer.c.key == bindparam("key"))
TAKE = delete(timer).where(timer.c.key.in_(bindparam("keys", expanding=True)))


def arm(session: Session, kind: str, about: int, due_at: datetime) -> None:
    """Look at it again at `due_at`; the last word of this batch counts, and one timer of a kind is enough."""
    key = f"{kind} {about}"
    session.keep_later(timer, key, {"key": key, "kind": kind, "about": about, "due_at": due_at})


def arm_unless(session: Session, kind: str, about: int, due_at: datetime) -> None:
    """Look at it at `due_at`, unless it will be looked at anyway: at once, for whoever is not to push it back."""
    row = {"key": f"{kind} {about}", "kind": kind, "about": about, "due_at": due_at}
    session.run(session.insert_unless_there(timer), row)


def disarm(session: Session, kind: str, about: int) -> None:
    """No need to look again."""
    session.keep_later(timer, f"{kind} {about}", None)


def armed(session: Session, kind: str, about: int) -> bool:
    """Whether it will be looked at again."""
    key = f"{kind} {about}"
    if session.waits(timer, key):
        return session.kept(timer, key) is not None
    return session.first(Timer, BY_KEY, {"key": key}) is not None


def take_due(session: Session, now: datetime, most: int) -> list[Timer]:
    """The timers that are due, taken: nobody else gets them unless this transaction fails."""
    statement = DUE.with_for_update(skip_locked=True) if session.is_postgres else DUE
    due = session.all(Timer, statement, {"now": now, "most": most})
    if due:
        session.run(TAKE, {"keys": [row.key for row in due]})
    return due


def next_due(session: Session) -> datetime | None:
    """The first moment at which something becomes due."""
    return session.maybe(datetime, select(func.min(timer.c.due_at)))
