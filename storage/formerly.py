"""Formerly: the ids that groups had on their platforms before; what comes of an old one late is of the group it is now."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.session import Session
from storage.shelves import Shelf


class Moved(SQLModel, table=True):
    """改号: a group's former id, and the one it has now."""

    channel: str = Field(primary_key=True)
    old: str = Field(primary_key=True)
    new: str
    """The newest: a group that moves again takes its former ids along."""
    at: datetime = Field(sa_type=Moment)


moved = table(Moved)
NEW = select(moved.c.new).where(moved.c.channel == bindparam("channel"), moved.c.old == bindparam("old"))
NOW_CALLED = Shelf[None, dict[tuple[str, str], str]]()
"""All of them, by (channel, former id): a group moves once in its life, so that they are few."""


def now_called(session: Session, groups: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Of these (channel, id) those that are a group's former ones, with the id it has now."""
    if not groups:
        return {}
    kept = session.shelf(NOW_CALLED)
    if None not in kept:
        kept[None] = {(row.channel, row.old): row.new for row in session.all(Moved, select(moved))}
    known = kept[None]
    return {group: known[group] for group in groups if group in known}


def newest(session: Session, channel: str, id: str) -> str:
    """The id that this group has by now, as the table says at this moment."""
    return session.maybe(str, NEW, {"channel": channel, "old": id}) or id


def remember(session: Session, channel: str, old: str, new: str, now: datetime) -> None:
    """From now on `old` is a former id of `new`, and so is what was one of `old`."""
    session.run(update(moved).where(moved.c.channel == channel, moved.c.new == old).values(new=new))
    session.run(session.insert_unless_there(moved), {"channel": channel, "old": old, "new": new, "at": now})
    session.organization_changed()
