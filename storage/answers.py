"""Answers: words that go out in the answer to the platform's own call, and are the same however often it calls."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from storage.columns import Moment
from storage.outbox import RETURNING, Outgoing, outgoing
from storage.session import Session

AT_MOST = 10
"""Messages in one answer."""
HERE = (outgoing.c.channel == bindparam("on")) & (outgoing.c.target == bindparam("target")) & outgoing.c.private
GIVEN = select(*RETURNING).where(HERE, outgoing.c.platform_id == bindparam("call")).order_by(outgoing.c.id)
WAITS = (
    select(*RETURNING)
    .where(
        HERE,
        outgoing.c.state == "waiting",
        or_(outgoing.c.leased_until.is_(None), outgoing.c.leased_until <= bindparam("now", type_=Moment)),
    )
    .order_by(outgoing.c.lane, outgoing.c.id)
    .limit(AT_MOST)
)


def take(session: Session, channel: str, target: str, call: str, *, most: int, now: datetime) -> Sequence[Outgoing]:
    """What waits for this reader, as much as `most` bytes hold; said from now on, by the answer to this call.

    What was said by it once is said again when the platform repeats the call.
    """
    session.flush()
    said = _name(call)
    if given := session.all(Outgoing, GIVEN, {"on": channel, "target": target, "call": said}):
        return given
    rows = session.all(
        Outgoing,
        WAITS.with_for_update(skip_locked=True) if session.is_postgres else WAITS,
        {"on": channel, "target": target, "now": now},
    )
    taken: list[Outgoing] = []
    for row in rows:
        most -= len(row.text.encode()) + 2
        if most < 0:
            break
        taken.append(row)
    if taken:
        done = {"state": "sent", "platform_id": said, "settled_at": now, "leased_until": None}
        session.run(update(outgoing).where(outgoing.c.id.in_([row.id for row in taken])).values(**done))
    return taken


def _name(call: str) -> str:
    """What stands for the platform's id, which such words never get."""
    return f"call {call}"
