"""Passages: the ways down of a notice, queued piece by piece, so that nobody waits behind a whole district."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, insert, literal, select, update

from storage import bodies, customers, targets
from storage.columns import Moment
from storage.notices import Listeners, Notice, Passage, notice, passage, receipt
from storage.session import Session
from storage.tags import EVERYBODY, Tagged


def call(
    session: Session, number: int, code: str, roles: Collection[str], now: datetime, tagged: Tagged = EVERYBODY
) -> int:
    """Give everybody with one of these roles (any, when empty) in the subtree of `code` a receipt; how many are new."""
    people = targets.seated(roles, tagged).subquery("people")
    called = select(
        literal(number), people.c.account_id, people.c.person_id, people.c.post_id, people.c.grid_id, people.c.depth,
        people.c.role, literal(now, Moment), literal(0), literal(""),
    ).where(people.c.account_id.is_not(None)).order_by(people.c.depth, people.c.grid_id, people.c.post_id)  # fmt: skip
    names = (
        "notice", "account_id", "person_id", "post_id", "grid_id", "depth", "role", "called_at", "rung", "answer",
    )  # fmt: skip
    new = session.run(session.insert_unless_there(receipt).from_select(names, called), {"code": code, "now": now})
    session.run(update(notice).where(notice.c.number == number).values(called=notice.c.called + new))
    return new


def go_down(
    session: Session, number: int, listeners: Listeners, due_at: datetime | None = None, roles: Collection[str] = ()
) -> int:
    """Let these listeners be told, piece by piece (see `carry_on`); the id of the words, which have yet to be written.

    The words leave no earlier than `due_at`. Of those called by name, only these roles (any, when empty).
    """
    body_id = bodies.new(session, number)
    way = " ".join((listeners, *roles))
    row = {"notice": number, "body_id": body_id, "listeners": way, "upto": "", "queued": 0, "due_at": due_at}
    session.run(insert(passage), row)
    return body_id


def again(session: Session, number: int, now: datetime) -> int:
    """Walk the first ways down once more, for those who have come since, and try what was refused; how many ways."""
    bodies.revive(session, number, now)
    customers.again(session, number, now)
    reopened = update(passage).where(passage.c.notice == number, passage.c.listeners.not_like("missing%"))
    return session.run(reopened.values(done_at=None, upto=""))


def waiting(session: Session, number: int) -> list[Passage]:
    """The ways down that are not all queued yet, in their order."""
    return session.all(
        Passage,
        select(passage).where(passage.c.notice == number, passage.c.done_at.is_(None)).order_by(passage.c.id),
    )


def queued(session: Session, number: int) -> int:
    """How many words of it were queued, left or not."""
    many = func.coalesce(func.sum(passage.c.queued), 0)
    return session.one(int, select(many).where(passage.c.notice == number))


def carry_on(
    session: Session, way: Passage, told: Notice, code: str, now: datetime, tagged: Tagged = EVERYBODY
) -> bool:
    """Queue the next piece of this way down; whether it is all queued now. One piece is some thousand rows."""
    last, due_at = None, max(way.due_at, now) if way.due_at else now
    if way.listeners == "customer_groups":
        customers.queue(session, notice=told.number, body_id=way.body_id, lane=told.lane, code=code, due_at=due_at)
        session.run(update(passage).where(passage.c.id == way.id).values(done_at=now))
        return True
    if way.listeners == "residents":
        found, last = targets.residents(session, told.number, code, way.upto, tagged)
    elif (who := way.listeners.split(" "))[0] in ("called", "missing"):
        found = targets.called(told.number, missing=who[0] == "missing", roles=who[1:])
    else:
        found = targets.groups(code, way.listeners.removesuffix("_groups"))
    queued = bodies.post_many(session, found, body_id=way.body_id, about=told.number, lane=told.lane, now=due_at)
    changes: dict[str, object] = {"queued": way.queued + queued, "done_at": None if last else now}
    session.run(update(passage).where(passage.c.id == way.id).values(upto=last or way.upto, **changes))
    return last is None


def stop(session: Session, number: int, now: datetime) -> None:
    """Not one more word of it leaves; what waits is settled piece by piece (see `clear_away`)."""
    session.run(update(passage).where(passage.c.notice == number, passage.c.done_at.is_(None)).values(done_at=now))
    bodies.stop(session, number, now)


def clear_away(session: Session, number: int, now: datetime) -> bool:
    """Settle the next piece of what was stopped; whether more is left."""
    return bodies.settle_stopped(session, number, now)
