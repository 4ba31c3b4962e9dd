"""Answers: words that go out in the answer to the platform's own call, and are the same however often it calls."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, literal_column, or_, select, update

from storage.claiming import RETURNING, newest
from storage.columns import Moment
from storage.outbox import BY_CALL, Outgoing, outgoing
from storage.session import Session

AT_MOST = 10
"""Messages in one answer."""
HERE = and_(
    outgoing.c.channel == bindparam("on"),
    outgoing.c.target == bindparam("whose"),
    outgoing.c.private == bindparam("alone"),
)
WAITING = outgoing.c.state == literal_column("'waiting'")
"""Literally: SQLite prepares a statement anew each time where a value decides whether an index serves."""
FREE = or_(outgoing.c.leased_until.is_(None), outgoing.c.leased_until <= bindparam("now", type_=Moment))
OF_CALL = HERE & (outgoing.c.platform_id == bindparam("call"))
GIVEN = (
    select(*RETURNING)
    .where(OF_CALL, or_(outgoing.c.state == "sent", outgoing.c.leased_by == BY_CALL, FREE))
    .order_by(outgoing.c.settled_at)
)
"""What this call was answered with, but for what the sender says just now because nobody was there to hear the answer."""
WAITS = select(*RETURNING).where(HERE, WAITING, FREE).order_by(outgoing.c.lane, outgoing.c.id).limit(AT_MOST)
ITS_OWN = outgoing.c.quote == bindparam("asker")
WAITS_HERE = WAITS.where(or_(outgoing.c.quote.is_(None), ITS_OWN))
"""Not what answers somebody else there."""
WAITS_FOR_IT = WAITS.where(ITS_OWN)
SAY = (
    update(outgoing)
    .where(outgoing.c.id == bindparam("of"))
    .values(
        state=bindparam("stands"),
        platform_id=bindparam("by"),
        settled_at=bindparam("at", type_=Moment),
        due_at=bindparam("at", type_=Moment),
        leased_until=bindparam("until", type_=Moment),
        leased_by=BY_CALL,
    )
)
AGAIN = (
    update(outgoing)
    .where(OF_CALL, WAITING, or_(outgoing.c.leased_by == BY_CALL, FREE))
    .values(leased_until=bindparam("until", type_=Moment), leased_by=BY_CALL)
)
HEARD = (
    update(outgoing).where(OF_CALL, WAITING, outgoing.c.leased_by == BY_CALL).values(state="sent", leased_until=None)
)
INSTANT = timedelta(microseconds=1)
"""Between two messages of one answer: the last of them is the last that was said."""


def take(
    session: Session,
    channel: str,
    target: str,
    call: str,
    *,
    most: int,
    now: datetime,
    until: datetime | None = None,
    asker: str | None = None,
    private: bool = True,
    only: bool = False,
) -> Sequence[Outgoing]:
    """What waits for this reader, as much as `most` bytes hold; said from now on, by the answer to this call.

    With `asker`, the name of the message that is answered, nothing that answers another; with `only` nothing else.

    With `until` it counts as said once `say` was called; else, from then on, the sender says it. What was said by it
    once is said again when the platform repeats the call. A message with buttons is the last in an answer: where they
    are numbered choices, a digit is about the last words.
    """
    session.flush()
    said = _name(call)
    here = {"on": channel, "whose": target, "alone": private, "call": said, "now": now}
    if given := session.all(Outgoing, GIVEN, here):
        if until is not None:
            session.run(AGAIN, here | {"until": until})
        return given
    waits = WAITS if asker is None else WAITS_FOR_IT if only else WAITS_HERE
    waits = waits.with_for_update(skip_locked=True) if session.is_postgres else waits
    rows = session.all(Outgoing, waits, here | ({"asker": asker} if asker is not None else {}))
    taken: list[Outgoing] = []
    for row in newest(session, rows, now):
        most -= len((row.text + row.buttons).encode()) + 2
        if most < 0:
            break
        taken.append(row)
        if row.buttons:
            break
    if taken:
        how = {"by": said, "stands": "waiting" if until else "sent", "until": until}
        session.run(SAY, [how | {"of": row.id, "at": now + n * INSTANT} for n, row in enumerate(taken)])
    return taken


def say(session: Session, channel: str, target: str, call: str, *, private: bool = True) -> None:
    """The answer to this call has left: what was taken for it is said."""
    session.run(HEARD, {"on": channel, "whose": target, "alone": private, "call": _name(call)})


def _name(call: str) -> str:
    """What stands for the platform's id, which such words never get."""
    return f"call {call}"
