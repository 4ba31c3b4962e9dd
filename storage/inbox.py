"""The inbox: which happenings were already handled, so that a repeated call has one effect."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Index, bindparam, delete, select
from sqlmodel import Field, SQLModel

from storage.among import among
from storage.columns import Moment, table
from storage.identity import by_channel
from storage.session import Session


class Handled(SQLModel, table=True):
    """A happening that had its effect. It keeps no text: chatter leaves no trace."""

    __tablename__ = "inbox"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("inbox_at", "at"),)
    channel: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


handled = table(Handled)
SEEN = select(handled.c.channel, handled.c.key).where(
    handled.c.channel == bindparam("channel"), among(handled.c.key, "keys")
)


def seen(session: Session, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (channel, key) that were handled before."""
    return {
        (row.channel, row.key)
        for channel, names in by_channel(keys).items()
        for row in session.all(Handled, SEEN, {"channel": channel, "keys": names})
    }


def remember(session: Session, keys: Iterable[tuple[str, str]], now: datetime) -> None:
    """Keep these as handled, with the rest of the batch."""
    for channel, key in keys:
        session.later(handled, {"channel": channel, "key": key, "at": now})


def stands_for(session: Session, channel: str, nonce: str, holds: str, now: datetime) -> bool:
    """Whether a call signed with this nonce held just that, or none came before it: in any process on this database."""
    once, name = session.insert_unless_there(handled), f"nonce {nonce}"
    what = (channel, f"{name} {holds}")
    if not session.run(once, {"channel": channel, "key": name, "at": now}):
        return what in seen(session, {what})
    session.run(once, {"channel": channel, "key": what[1], "at": now})
    return True


def forget(session: Session, before: datetime) -> int:
    """Drop what is older; platforms repeat a call for hours, not for weeks."""
    return session.run(delete(handled).where(handled.c.at < before))
