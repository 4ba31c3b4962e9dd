"""What was said last at an address: its buttons, where they are numbered choices there."""

from sqlalchemy import bindparam, func, select

from bot.message import Address
from storage.outbox import body, buttons_of, outgoing
from storage.session import Session

SHARED = select(body.c.buttons).where(body.c.id == outgoing.c.body_id).scalar_subquery()
LAST = (
    select(func.coalesce(SHARED, outgoing.c.buttons))
    .where(
        outgoing.c.channel == bindparam("on"),
        outgoing.c.target == bindparam("target"),
        outgoing.c.private == bindparam("private"),
        outgoing.c.platform_id.is_not(None),
    )
    .order_by(outgoing.c.due_at.desc(), outgoing.c.id.desc())
    .limit(1)
)


def buttons(session: Session, address: Address) -> list[tuple[str, str]]:
    """(label, press) of the last message there; none where it had none."""
    session.flush()
    here = {"on": address.channel, "target": address.target, "private": address.private}
    kept = session.maybe(str, LAST, here)
    return list(buttons_of(kept or ""))
