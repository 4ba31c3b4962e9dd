"""Windows: how much somebody may still be told, and until when, on platforms that count what the bot says unasked."""

from datetime import datetime

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.session import Session


class Window(SQLModel, table=True):
    """What one person's last word of a kind allows."""

    __tablename__ = "reply_window"  # pyright: ignore[reportAssignmentType]
    channel: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    """What they did: platforms allow more for a message than for a tap."""
    until: datetime = Field(sa_type=Moment)
    rest: int
    """So many words."""


window = table(Window)
HERS = (window.c.channel == bindparam("on")) & (window.c.target == bindparam("whose"))
OPEN = (
    select(window.c.kind)
    .where(HERS, window.c.until > bindparam("now", type_=Moment), window.c.rest > bindparam("kept"))
    .order_by(case((window.c.kind == bindparam("first"), 0), else_=1), window.c.until)
    .limit(1)
)
"""The one that was asked for, or else the one that ends first."""
ADD = update(window).where(HERS, window.c.kind == bindparam("of")).values(rest=window.c.rest + bindparam("more"))
BY_CALL = "call "
CLOSE = update(window).where(HERS).values(rest=0)


def grant(
    session: Session, channel: str, target: str, kind: str, *, most: int, until: datetime, call: str = ""
) -> None:
    """From now on so many until then; an older word than the one it was granted for changes nothing.

    Where the call is named it opens a window once, however often it comes: what stands for that is a window of its own
    with nothing in it. A kind that only this call has stands for itself.
    """
    row = {"channel": channel, "target": target, "until": until}
    once = session.insert_unless_there(window)
    if call == kind:
        session.run(once, {**row, "kind": kind, "rest": most})
        return
    if call and not session.run(once, {**row, "kind": f"{BY_CALL}{call}", "rest": 0}):
        return
    builder = postgresql.insert if session.is_postgres else sqlite.insert
    adding = builder(window).values(channel=channel, target=target, kind=kind, until=until, rest=most)
    fresh = {"until": adding.excluded.until, "rest": adding.excluded.rest}
    keys = [window.c.channel, window.c.target, window.c.kind]
    session.run(adding.on_conflict_do_update(index_elements=keys, set_=fresh, where=window.c.until < until))


def spend(session: Session, channel: str, target: str, *, kept: int, now: datetime, first: str = "") -> str | None:
    """The kind of the window that one word is taken from; None where more than `kept` are left in none.

    The kind `first` where it is open; else the one that ends first.
    """
    asked = {"on": channel, "whose": target, "now": now, "kept": kept, "first": first}
    kind = session.maybe(str, OPEN.with_for_update() if session.is_postgres else OPEN, asked)
    if kind is not None:
        session.run(ADD, {"on": channel, "whose": target, "of": kind, "more": -1})
    return kind


def give_back(session: Session, channel: str, target: str, kind: str) -> None:
    """The word was not said."""
    session.run(ADD, {"on": channel, "whose": target, "of": kind, "more": 1})


def close(session: Session, channel: str, target: str) -> None:
    """The platform says that nothing is left."""
    session.run(CLOSE, {"on": channel, "whose": target})


def forget(session: Session, before: datetime) -> int:
    """Windows that ended before then are no more; how many they were."""
    return session.run(window.delete().where(window.c.until < before))
