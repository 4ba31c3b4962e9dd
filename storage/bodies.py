"""Bodies: words that many are told, written once, promised to all of them in one statement, and stopped in one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, insert, literal, or_, select, true, update

from storage.columns import Moment
from storage.outbox import Body, body, card_of, gone, outgoing
from storage.session import Session

STOPPED_AT_ONCE = 20_000
TOLD = next(index for index in outgoing.indexes if index.name == "outbox_told")
"""By it nobody is told the same words twice."""


def new(session: Session, about: int) -> int:
    """The id of words that many will be told; `word` says which."""
    return session.returned(int, insert(body).returning(body.c.id), [{"about": about, "text": "", "buttons": ""}])[0]


def word(session: Session, id: int, text: str, buttons: str) -> None:
    """These are the words."""
    session.run(update(body).where(body.c.id == id).values(text=text, buttons=buttons))


def about(session: Session, about: int) -> list[Body]:
    """All words that many were told about this number."""
    return session.all(Body, select(body).where(body.c.about == about).order_by(body.c.id))


def post_many(
    session: Session, targets: Select[Any, Any, bool], *, body_id: int, about: int, lane: int, now: datetime
) -> int:
    """Promise the body to each of these (channel, target, private), in their order, each once; how many are new.

    PostgreSQL is asked first who was promised it: that costs a sixth less than an insert that gives way. Should two
    promise at the same instant, the unique index undoes the second, and its work is done again.
    """
    each = targets.subquery("targets")
    fixed: dict[str, ColumnElement[Any]] = {
        "lane": literal(lane),
        "text": literal(""),
        "buttons": literal(""),
        "about": literal(about),
        "due_at": literal(now, Moment),
        "state": literal("waiting"),
        "attempts": literal(0),
        "leased_by": literal(""),
        "error": literal(""),
        "body_id": literal(body_id),
        "edits": literal(card_of(about)),
        "afresh": literal(value=True),
    }
    rows, names = select(*each.c, *fixed.values()), ("channel", "target", "private", *fixed)
    if not session.is_postgres:
        return session.run(session.insert_unless_there(outgoing, TOLD).from_select(names, rows.where(true())))
    channel, target, _ = each.c
    told = outgoing.alias("told")
    same = (told.c.body_id == body_id, told.c.channel == channel, told.c.target == target)
    new = rows.where(~exists().where(*same))
    return session.run(insert(outgoing).from_select(names, new).execution_options(preserve_rowcount=True))


def stop(session: Session, about: int, now: datetime) -> None:
    """Nothing more of what many were to be told about this number is claimed."""
    session.run(update(body).where(body.c.about == about, body.c.stopped_at.is_(None)).values(stopped_at=now))


def revive(session: Session, about: int, now: datetime) -> int:
    """Try again what was refused of what many were told about this number, and those who can be reached again."""
    bodies = select(body.c.id).where(body.c.about == about, body.c.stopped_at.is_(None))
    still_gone = exists().where(gone.c.channel == outgoing.c.channel, gone.c.target == outgoing.c.target)
    failed = and_(outgoing.c.body_id.in_(bodies), outgoing.c.state.in_(("refused", "gone")), ~still_gone)
    anew = {"state": "waiting", "due_at": now, "settled_at": None, "attempts": 0, "error": "", "leased_until": None}
    return session.run(update(outgoing).where(failed).values(**anew))


def settle_stopped(session: Session, about: int, now: datetime) -> bool:
    """Settle the next rows that were stopped; whether there may be more."""
    bodies = select(body.c.id).where(body.c.about == about, body.c.stopped_at.is_not(None))
    some = (
        select(outgoing.c.id)
        .where(outgoing.c.body_id.in_(bodies), outgoing.c.state == "waiting")
        .limit(STOPPED_AT_ONCE)
    )
    free = or_(outgoing.c.leased_until.is_(None), outgoing.c.leased_until <= now)
    settled = update(outgoing).where(outgoing.c.id.in_(some.where(free)))
    return session.run(settled.values(state="stopped", settled_at=now)) == STOPPED_AT_ONCE
