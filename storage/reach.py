"""Who can be reached: targets that are gone, private chats that were opened, and those who are back."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.among import among
from storage.identity import by_channel
from storage.outbox import PARKED, Gone, gone, opened, outgoing
from storage.session import Session

GONE_AMONG = select(gone).where(among(gone.c.target, "names"))


def mark_gone(session: Session, channel: str, target: str, why: str, now: datetime) -> None:
    """No more words for this target: those that wait are settled now, later ones when their turn comes."""
    session.run(session.insert_unless_there(gone), {"channel": channel, "target": target, "why": why, "at": now})
    give_up(session, channel, target, why, now)


def give_up(session: Session, channel: str, target: str, why: str, now: datetime) -> None:
    """Whatever waits for this target is settled: it cannot be said."""
    session.run(
        update(outgoing)
        .where(outgoing.c.channel == channel, outgoing.c.target == target, outgoing.c.state == "waiting")
        .values(state="gone", settled_at=now, error=why, leased_until=None)
    )


def gone_among(session: Session, targets: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (channel, target) that could not be reached."""
    names = {target for _, target in targets}
    rows = session.all(Gone, GONE_AMONG, {"names": list(names)}) if names else []
    return {(row.channel, row.target) for row in rows} & set(targets)


OPENED_AMONG = select(opened.c.target).where(opened.c.channel == bindparam("on"), among(opened.c.target, "names"))


def opened_among(session: Session, targets: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (channel, target) who began their private chat."""
    return {
        (channel, target)
        for channel, names in by_channel(targets).items()
        for target in session.connection.execute(OPENED_AMONG, {"on": channel, "names": names}).scalars()
    }


def open_chat(session: Session, channel: str, target: str, now: datetime, *, due_at: datetime | None = None) -> None:
    """Its owner began the private chat: what was parked for it may leave now, or from then on."""
    session.run(session.insert_unless_there(opened), {"channel": channel, "target": target, "at": now})
    session.run(
        update(outgoing)
        .where(outgoing.c.channel == channel, outgoing.c.target == target, PARKED)
        .values(state="waiting", due_at=due_at or now, settled_at=None)
    )


def back_again(session: Session, channel: str, target: str) -> None:
    """It speaks, so it can be reached."""
    session.run(gone.delete().where(gone.c.channel == channel, gone.c.target == target))


def all_gone(session: Session, limit: int = 100) -> list[Gone]:
    """The targets that cannot be reached, the latest first."""
    return session.all(Gone, select(gone).order_by(gone.c.at.desc()).limit(limit))
