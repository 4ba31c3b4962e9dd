"""Staff groups that are made for a grid, and cannot say so themselves: bound from here, with who belongs in them."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select

from storage import chats, grids
from storage.columns import Moment
from storage.grids import grid, within
from storage.people import KNOWN, account, person
from storage.posts import RESIDENT, post
from storage.session import Session

STAFF = "staff"
NOW = bindparam("now", type_=Moment)
MEMBERS = (
    select(account.c.external)
    .distinct()
    .join_from(post, person, person.c.id == post.c.person_id)
    .join(grid, grid.c.id == post.c.grid_id)
    .join(account, account.c.person_id == person.c.id)
    .where(
        within(bindparam("code")),
        grid.c.ended_at.is_(None),
        person.c.ended_at.is_(None),
        post.c.role != RESIDENT,
        or_(post.c.since.is_(None), post.c.since <= NOW),
        or_(post.c.until.is_(None), post.c.until > NOW),
        account.c.channel == bindparam("on"),
        KNOWN,
    )
    .order_by(account.c.external)
)
"""Whoever serves in the grid or below it, by their accounts on one channel."""


def bind(session: Session, channel: str, external: str, code: str, now: datetime) -> bool:
    """This group is where the grid's staff is told; False where there is no such grid, or it has another staff group."""
    found = grids.by_code(session, code)
    if found is None:
        return False
    bound = chats.bound_to(session, [found.id], STAFF)
    if bound:
        return (bound[0].channel, bound[0].external) == (channel, external)
    chat = chats.join(session, channel=channel, external=external, name=found.name, now=now)
    chats.bind(session, chat.id, found.id, STAFF)
    return True


def wants_group(session: Session, code: str) -> bool:
    """Whether there is such a grid, and it has no staff group yet."""
    found = grids.by_code(session, code)
    return found is not None and not chats.bound_to(session, [found.id], STAFF)


def of_staff(session: Session, channel: str, code: str, now: datetime) -> tuple[str, list[str]] | None:
    """The grid's name and who serves there; None where there is no such grid."""
    found = grids.by_code(session, code)
    if found is None:
        return None
    rows = session.connection.execute(MEMBERS, {"code": code, "now": now, "on": channel})
    return found.name, [str(external) for (external,) in rows]
