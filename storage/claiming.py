"""Taking words from the outbox: whose turn it is, for how long one sender has them, and what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)

from bot.message import Address, Lane
from storage.columns import Moment
from storage.outbox import BY_CALL, Hold, Outgoing, body, gone, held, outgoing, words_of
from storage.reach import give_up
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one delivery; `due_at` is when it is tried again."""

    id: int
    state: str
    platform_id: str | None = None
    due_at: datetime | None = None
    attempts: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """A row whose turn it is, and why its target is gone, if it is."""

    id: int
    target: str
    why: str | None


FREE = and_(
    outgoing.c.state == "waiting",
    or_(outgoing.c.leased_until.is_(None), outgoing.c.leased_until <= bindparam("now")),
    or_(
        outgoing.c.body_id.is_(None), outgoing.c.body_id.not_in(select(body.c.id).where(body.c.stopped_at.is_not(None)))
    ),
)
DUE = and_(outgoing.c.channel == bindparam("on"), outgoing.c.due_at <= bindparam("now"))
AHEAD = outgoing.alias("ahead")
FIRST = (
    select(AHEAD.c.id)
    .where(
        AHEAD.c.state == "waiting",
        AHEAD.c.channel == outgoing.c.channel,
        AHEAD.c.target == outgoing.c.target,
        AHEAD.c.private == outgoing.c.private,
        AHEAD.c.lane == outgoing.c.lane,
        or_(AHEAD.c.due_at <= bindparam("now"), AHEAD.c.leased_by != ""),
    )
    .order_by(AHEAD.c.id)
    .limit(1)
    .scalar_subquery()
)
"""The word to the same target in the same lane whose turn it is: on its way, put off, or free to leave.

One at a time keeps their order. A word for a later hour that was never taken holds nobody up.
"""
WHY_GONE = (
    select(gone.c.why).where(gone.c.channel == outgoing.c.channel, gone.c.target == outgoing.c.target).scalar_subquery()
)
OF_A_LANE = [
    select(
        select(outgoing.c.id, outgoing.c.lane, outgoing.c.due_at, outgoing.c.target, WHY_GONE.label("why"))
        .where(DUE, FREE, outgoing.c.lane == int(lane), outgoing.c.id == FIRST)
        .order_by(outgoing.c.due_at, outgoing.c.id)
        .limit(bindparam("most"))
        .subquery(f"lane_{int(lane)}")
    )
    for lane in Lane
]
"""Each lane for itself walks its index from the longest due on and stops after `most`."""


def _next(lanes: int) -> Select[Any, Any, Any]:
    found = union_all(*OF_A_LANE[:lanes]).subquery("found")
    in_turn = (found.c.lane, found.c.due_at, found.c.id)
    return select(found.c.id, found.c.target, found.c.why).order_by(*in_turn).limit(bindparam("most"))


NEXT = {lane: _next(int(lane) + 1) for lane in Lane}
"""The rows that may leave now, down to a lane."""
RETURNING = (
    outgoing.c.id,
    outgoing.c.channel,
    outgoing.c.target,
    outgoing.c.private,
    outgoing.c.lane,
    words_of("text"),
    words_of("buttons"),
    outgoing.c.about,
    outgoing.c.attempts,
    outgoing.c.due_at,
    outgoing.c.edits,
    outgoing.c.afresh,
    outgoing.c.quote,
)
# Asked by key and in a statement of its own: joined to the search above, a server without fresh statistics goes astray.
STILL_FREE = select(outgoing.c.id).where(outgoing.c.id.in_(bindparam("ids", expanding=True)), FREE)
TAKE = update(outgoing).values(leased_until=bindparam("until"), leased_by=bindparam("by")).returning(*RETURNING)
TAKE_ON = {
    False: TAKE.where(outgoing.c.id.in_(STILL_FREE)),
    True: TAKE.where(outgoing.c.id.in_(STILL_FREE.with_for_update(skip_locked=True))),
}
"""By whether it is PostgreSQL, where two may claim in the same instant."""
SETTLE = (
    update(outgoing)
    .where(
        outgoing.c.id == bindparam("of"),
        or_(bindparam("state", type_=String) != "waiting", outgoing.c.leased_by == bindparam("by")),
    )
    .values(
        state=bindparam("state"),
        platform_id=bindparam("platform_id"),
        due_at=func.coalesce(bindparam("due_at", type_=Moment), outgoing.c.due_at),
        attempts=bindparam("attempts"),
        settled_at=bindparam("settled_at"),
        error=bindparam("error"),
        leased_until=None,
    )
)


def claim(
    session: Session, channel: str, *, by: str, now: datetime, until: datetime, most: int, down_to: Lane = Lane.DIGEST
) -> list[Outgoing]:
    """At most `most` rows that may leave now, highest lane first, leased to `by` until then.

    At most one of them is for the same target in the same lane. Words to targets known to be gone are settled instead.
    """
    ids = _reachable(session, channel, now, most, down_to)
    if not ids:
        return []
    taking = {"ids": ids, "now": now, "until": until, "by": by}
    rows = newest(session, session.all(Outgoing, TAKE_ON[session.is_postgres], taking), now)
    return sorted(rows, key=lambda row: (row.lane, row.due_at, row.id))


def newest(session: Session, rows: list[Outgoing], now: datetime) -> list[Outgoing]:
    """Those of these waiting rows that no newer words of the same card wait behind; the others are dropped."""
    cards = [row.id for row in rows if row.edits and not row.afresh]
    outdated = set(session.connection.execute(OUTDATED, {"ids": cards}).scalars()) if cards else set[int]()
    if outdated:
        session.run(DROP, [{"of": row_id, "now": now} for row_id in outdated])
    return [row for row in rows if row.id not in outdated]


NEWER = outgoing.alias("newer")
OUTDATED = select(outgoing.c.id).where(
    outgoing.c.id.in_(bindparam("ids", expanding=True)),
    exists().where(
        NEWER.c.state == "waiting",
        NEWER.c.channel == outgoing.c.channel,
        NEWER.c.target == outgoing.c.target,
        NEWER.c.private == outgoing.c.private,
        NEWER.c.lane == outgoing.c.lane,
        NEWER.c.edits == outgoing.c.edits,
        NEWER.c.id > outgoing.c.id,
    ),
)
DROP = (
    update(outgoing)
    .where(outgoing.c.id == bindparam("of"))
    .values(state="stopped", settled_at=bindparam("now", type_=Moment), leased_until=None)
)
BEFORE = outgoing.alias("before")
LAST_SAID = (
    select(outgoing.c.id, BEFORE.c.platform_id, BEFORE.c.settled_at)
    .join_from(
        outgoing,
        BEFORE,
        and_(
            BEFORE.c.channel == outgoing.c.channel,
            BEFORE.c.target == outgoing.c.target,
            BEFORE.c.private == outgoing.c.private,
            BEFORE.c.edits == outgoing.c.edits,
            BEFORE.c.platform_id.is_not(None),
        ),
    )
    .where(outgoing.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(BEFORE.c.settled_at, BEFORE.c.id)
)


@dataclass(frozen=True, slots=True)
class Said:
    """The last words that were said under a card's name."""

    platform_id: str
    at: datetime


def last_said(session: Session, rows: Iterable[Outgoing]) -> dict[int, Said]:
    """What each of these cards stands in place of, by the row's id; asked only where there are cards."""
    cards = [row.id for row in rows if row.edits and not row.afresh]
    found = session.connection.execute(LAST_SAID, {"ids": cards}) if cards else ()
    return {int(row_id): Said(platform_id, at) for row_id, platform_id, at in found}


def put_off(session: Session, id: int, due_at: datetime) -> None:
    """It rests until then, as if nobody had taken it: nothing else waits for it."""
    session.run(update(outgoing).where(outgoing.c.id == id).values(due_at=due_at, leased_until=None, leased_by=""))


def _reachable(session: Session, channel: str, now: datetime, most: int, down_to: Lane) -> list[int]:
    while True:
        found = session.all(_Found, NEXT[down_to], {"on": channel, "now": now, "most": most})
        unreachable = {row.target: row.why for row in found if row.why is not None}
        if not unreachable:
            return [row.id for row in found]
        for target, why in unreachable.items():
            give_up(session, channel, target, why, now)


def settle(session: Session, settled: Sequence[Settled], now: datetime, *, by: str) -> None:
    """Write down what became of deliveries that `by` took; one put off that somebody else took since stays theirs."""
    rows = [
        {
            "of": one.id,
            "by": by,
            "state": one.state,
            "platform_id": one.platform_id,
            "due_at": one.due_at,
            "attempts": one.attempts,
            "settled_at": None if one.state == "waiting" else now,
            "error": one.error,
        }
        for one in settled
    ]
    if rows:
        session.run(SETTLE, rows)


def release(session: Session, channel: str) -> int:
    """Take back every sender's lease on a channel: whoever held them has died. The number of rows that wait again."""
    leased = outgoing.c.leased_until.is_not(None) & (outgoing.c.leased_by != BY_CALL)
    return session.run(
        update(outgoing)
        .where(outgoing.c.channel == channel, outgoing.c.state == "waiting", leased)
        .values(leased_until=None)
    )


def hold(session: Session, channel: str, address: Address | None, until: datetime) -> None:
    """Remember that nothing may go to `address` before then; None means the whole channel."""
    row = {
        "key": channel if address is None else address.line,
        "channel": channel,
        "target": address.target if address else None,
        "private": address is not None and address.private,
        "until": until,
    }
    session.upsert(held, [row])


def holds(session: Session, channel: str, now: datetime) -> list[tuple[Address | None, datetime]]:
    """What must still wait, and until when; what is over is forgotten."""
    session.run(held.delete().where(held.c.channel == channel, held.c.until <= now))
    rows = session.all(Hold, select(held).where(held.c.channel == channel))
    return [(None if row.target is None else Address(channel, row.target, row.private), row.until) for row in rows]


def _next_due() -> Select[tuple[datetime]]:
    waits = and_(outgoing.c.channel == bindparam("on"), outgoing.c.state == "waiting")
    now = bindparam("now", type_=Moment)
    moments = [select(func.min(outgoing.c.leased_until).label("at")).where(waits, outgoing.c.leased_until > now)]
    moments += [
        select(func.min(outgoing.c.due_at)).where(waits, outgoing.c.lane == int(lane), outgoing.c.due_at > now)
        for lane in Lane
    ]
    return select(func.min(union_all(*moments).subquery().c.at))


NEXT_DUE = _next_due()


def next_due(session: Session, channel: str, now: datetime) -> datetime | None:
    """The first moment after `now` at which something that waits becomes due or its lease lapses."""
    return session.maybe(datetime, NEXT_DUE, {"on": channel, "now": now})
