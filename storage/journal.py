"""The journal: append-only; who did what to what, when and why."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Index, select
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.session import Session


class Entry(SQLModel, table=True):
    """台账日志: one thing that was done."""

    __tablename__ = "journal"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("journal_matter", "matter_id", "id"), Index("journal_at", "at"))
    id: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    act: str
    """A verb of a lifecycle, or ring, remind, route, bind ..."""
    phase: str = ""
    """The phase of the digital city management workflow that it opens, by its standard name."""
    matter_id: int | None = None
    grid_id: int | None = None
    account_id: int | None = None
    """Who did it; None when a clock did."""
    post_id: int | None = None
    """Whom it was done to: rung, assigned, asked."""
    why: str = ""
    detail: str = ""


entry = table(Entry)


def note(
    session: Session,
    at: datetime,
    act: str,
    *,
    phase: str = "",
    matter_id: int | None = None,
    grid_id: int | None = None,
    account_id: int | None = None,
    post_id: int | None = None,
    why: str = "",
    detail: str = "",
) -> None:
    """Write it down, with the rest of the batch."""
    session.later(
        entry,
        {
            "at": at,
            "act": act,
            "phase": phase,
            "matter_id": matter_id,
            "grid_id": grid_id,
            "account_id": account_id,
            "post_id": post_id,
            "why": why,
            "detail": detail,
        },
    )


def of_matter(session: Session, matter_id: int) -> list[Entry]:
    """All that was done to this matter, in its order."""
    session.flush()
    return session.all(Entry, select(entry).where(entry.c.matter_id == matter_id).order_by(entry.c.id))


def rung_since(session: Session, matter_id: int, since: datetime) -> list[int]:
    """The posts that were rung or handed the matter since then, each once."""
    posts = [row.post_id for row in of_matter(session, matter_id) if row.post_id and row.at >= since]
    return list(dict.fromkeys(posts))


def did_since(session: Session, account_id: int, since: datetime) -> bool:
    """Whether this account has done anything after this moment."""
    session.flush()
    later = select(entry.c.id).where(entry.c.at > since, entry.c.account_id == account_id).limit(1)
    return session.maybe(int, later) is not None


def readings_of(session: Session, details: Collection[str], since: datetime) -> list[Entry]:
    """Who read these filings since then, each named as its readings are noted: "return 1013"; the newest first."""
    session.flush()
    read = select(entry).where(entry.c.act == "form_read", entry.c.at >= since, entry.c.detail.in_(list(details)))
    return session.all(Entry, read.order_by(entry.c.id.desc())) if details else []
