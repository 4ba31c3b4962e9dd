"""The inbox: which happenings were already handled, so that a repeated call has one effect."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Index, bindparam, delete, select, tuple_
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.session import Session


class Handled(SQLModel, table=True):
    """A happening that had its effect. It keeps no text: chatter leaves no trace."""

    __tablename__ = "inbox"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("inbox_at", "at"),)
    channel: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


handled = table(Handled)
SEEN = select(handled).where(tuple_(handled.c.channel, handled.c.key).in_(bindparam("keys", expanding=True)))


def seen(session: Session, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (channel, key) that were handled before."""
    rows = session.all(Handled, SEEN, {"keys": list(keys)}) if keys else []
    return {(row.channel, row.key) for row in rows}


def remember(session: Session, keys: Iterable[tuple[str, str]], now: datetime) -> None:
    """Keep these as handled, with the rest of the batch."""
    for channel, key in keys:
        session.later(handled, {"channel": channel, "key": key, "at": now})


def forget(session: Session, before: datetime) -> int:
    """Drop what is older; platforms repeat a call for hours, not for weeks."""
    return session.run(delete(handled).where(handled.c.at < before))
