"""The outbox: what was promised to be said, in lanes, until it is said or the target is known to be gone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Index,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlmodel import Field, SQLModel

from bot.message import Address, Delivery, Lane
from storage.columns import Moment, table
from storage.identity import by_channel
from storage.session import Session

WAITS = text("state = 'waiting'")
LEASED = text("state = 'waiting' AND leased_until IS NOT NULL")
REFUSED = text("state = 'refused'")
SAID = text("platform_id IS NOT NULL")
SHARED = text("body_id IS NOT NULL")
HALTED = text("stopped_at IS NOT NULL")
PARKED = text("state = 'parked'")
STOPPED_AT_ONCE = 20_000
LOOKED_THROUGH, FEW_LETTERS = 50, 6
"""Of what was said at one address, by its words: people quote what is new; a platform may cut what they quote."""
BUTTONS = msgspec.json.Decoder(tuple[tuple[str, str], ...])
BY_CALL = "call"
"""Who takes words for the answer to a platform's own call: no sender's name."""


class Outgoing(SQLModel, table=True):
    """One message for one address."""

    __tablename__ = "outbox"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("outbox_waiting", "channel", "lane", "due_at", "id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index(
            "outbox_target", "channel", "target", "private", "lane", "id", sqlite_where=WAITS, postgresql_where=WAITS
        ),
        Index("outbox_leased", "channel", "leased_until", sqlite_where=LEASED, postgresql_where=LEASED),
        Index("outbox_refused", "id", sqlite_where=REFUSED, postgresql_where=REFUSED),
        Index("outbox_said", "channel", "target", "platform_id", sqlite_where=SAID, postgresql_where=SAID),
        Index("outbox_parked", "channel", "target", sqlite_where=PARKED, postgresql_where=PARKED),
        Index("outbox_told", "body_id", "channel", "target", unique=True, sqlite_where=SHARED, postgresql_where=SHARED),
    )
    id: int = Field(primary_key=True)
    channel: str
    target: str
    private: bool
    lane: int
    text: str
    buttons: str = ""
    """JSON: [[label, press], ...]"""
    about: int | None = None
    """The number of what it speaks of: quoting it leads back there."""
    due_at: datetime = Field(sa_type=Moment)
    state: str = "waiting"
    """waiting, sent, gone (no such target), refused (never accepted), stopped (taken back before it left) or
    parked (until its reader opens the chat)."""
    attempts: int = 0
    """How often it was tried in vain."""
    leased_until: datetime | None = Field(default=None, sa_type=Moment)
    leased_by: str = ""
    """Who took it last. Once it was taken, later words to the same target in the same lane wait for it."""
    platform_id: str | None = None
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    error: str = ""
    body_id: int | None = None
    """The words it shares with many others; its own text is empty then."""
    edits: str = ""
    """The name of the card that it is: where the channel can, it stands in place of the last one under this name."""
    afresh: bool = False
    """It is a message of its own all the same; later ones stand in its place."""
    quote: str | None = None
    """The platform's name of the message that it answers."""


class Body(SQLModel, table=True):
    """Words that many targets are told: written once, however many there are."""

    __tablename__ = "outbox_body"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("outbox_body_about", "about"),
        Index("outbox_body_stopped", "id", sqlite_where=HALTED, postgresql_where=HALTED),
    )
    id: int = Field(primary_key=True)
    about: int
    """The number of what they speak of."""
    text: str = ""
    buttons: str = ""
    stopped_at: datetime | None = Field(default=None, sa_type=Moment)
    """From then on they leave no more."""


class Gone(SQLModel, table=True):
    """A target that can no longer be reached, and why: shown, never tried blindly."""

    channel: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    why: str
    at: datetime = Field(sa_type=Moment)


class Opened(SQLModel, table=True):
    """A private chat that its owner began, on a platform where nobody else may begin one."""

    channel: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


class Hold(SQLModel, table=True):
    """A platform's word that a target, or its whole channel, must wait: it outlives the process that heard it."""

    key: str = Field(primary_key=True)
    channel: str
    target: str | None
    """None: the whole channel."""
    private: bool
    until: datetime = Field(sa_type=Moment)


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
class Backlog:
    """How much waits on one channel's lane, and since when the oldest could have left."""

    channel: str
    lane: int
    waiting: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class _Found:
    """A row whose turn it is, and why its target is gone, if it is."""

    id: int
    target: str
    why: str | None


outgoing, body, gone, held, opened = table(Outgoing), table(Body), table(Gone), table(Hold), table(Opened)
TOLD = next(index for index in outgoing.indexes if index.name == "outbox_told")
"""By it nobody is told the same words twice."""
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


def _said(column: str) -> ColumnElement[str]:
    """Its own words, or those it shares."""
    shared = select(body.c[column]).where(body.c.id == outgoing.c.body_id).scalar_subquery()
    return func.coalesce(shared, outgoing.c[column]).label(column)


RETURNING = (
    outgoing.c.id,
    outgoing.c.channel,
    outgoing.c.target,
    outgoing.c.private,
    outgoing.c.lane,
    _said("text"),
    _said("buttons"),
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


def post(session: Session, rows: Iterable[dict[str, object]]) -> None:
    """Promise these; they leave in one statement with the rest of the batch.

    A standing card that waits to be said is said in its newest words, in the place that it has in the queue.
    """
    cards: list[dict[str, object]] = []
    for row in rows:
        if row.get("edits") and not row.get("afresh") and row["lane"] != int(Lane.REPLY):
            cards.append(row)
        else:
            session.later(outgoing, row)
    waiting = _waiting_cards(session, cards)
    again: list[dict[str, object]] = []
    for row in cards:
        if (waits := waiting.get(_card(row))) is not None:
            again.append({"of": waits, "words": row["text"], "taps": row["buttons"]})
        else:
            session.later(outgoing, row)
    if again:
        session.run(REWORD, again)


def card_of(about: int) -> str:
    """The name of the card by which one is told about this number together with many others."""
    return f"notice {about}"


REWORD = (
    update(outgoing).where(outgoing.c.id == bindparam("of")).values(text=bindparam("words"), buttons=bindparam("taps"))
)
WAITING_CARDS = select(
    outgoing.c.id, outgoing.c.channel, outgoing.c.target, outgoing.c.private, outgoing.c.lane, outgoing.c.edits
).where(
    outgoing.c.state == "waiting",
    outgoing.c.leased_until.is_(None),
    outgoing.c.afresh.is_(False),
    outgoing.c.channel.in_(bindparam("channels", expanding=True)),
    outgoing.c.target.in_(bindparam("targets", expanding=True)),
    outgoing.c.edits.in_(bindparam("cards", expanding=True)),
)


def _card(row: Mapping[str, object]) -> tuple[object, ...]:
    return row["channel"], row["target"], row["private"], row["lane"], row["edits"]


def _waiting_cards(session: Session, cards: Collection[Mapping[str, object]]) -> dict[tuple[object, ...], int]:
    """Those of these cards that wait and that nobody has taken yet; nobody takes them before this transaction ends."""
    if not cards:
        return {}
    wanted = {
        name: list({row[column] for row in cards})
        for name, column in (("channels", "channel"), ("targets", "target"), ("cards", "edits"))
    }
    statement = WAITING_CARDS.with_for_update(skip_locked=True) if session.is_postgres else WAITING_CARDS
    rows = session.connection.execute(statement, wanted)
    return {tuple(card): int(row_id) for row_id, *card in rows}


def new_body(session: Session, about: int) -> int:
    """The id of words that many will be told; `word_body` says which."""
    return session.returned(int, insert(body).returning(body.c.id), [{"about": about, "text": "", "buttons": ""}])[0]


def word_body(session: Session, id: int, text: str, buttons: str) -> None:
    """These are the words."""
    session.run(update(body).where(body.c.id == id).values(text=text, buttons=buttons))


def bodies_about(session: Session, about: int) -> list[Body]:
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


def stop_bodies(session: Session, about: int, now: datetime) -> None:
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


def buttons_of(kept: str) -> tuple[tuple[str, str], ...]:
    """(label, press) of each, as a row keeps them."""
    return BUTTONS.decode(kept) if kept else ()


def delivery_of(row: Outgoing) -> Delivery:
    """The row as a channel says it."""
    address = Address(row.channel, row.target, row.private)
    return Delivery(row.id, address, row.text, buttons_of(row.buttons), Lane(row.lane), row.quote)


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
            _give_up(session, channel, target, why, now)


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


GONE_AMONG = select(gone).where(gone.c.target.in_(bindparam("names", expanding=True)))


def mark_gone(session: Session, channel: str, target: str, why: str, now: datetime) -> None:
    """No more words for this target: those that wait are settled now, later ones when their turn comes."""
    session.run(session.insert_unless_there(gone), {"channel": channel, "target": target, "why": why, "at": now})
    _give_up(session, channel, target, why, now)


def _give_up(session: Session, channel: str, target: str, why: str, now: datetime) -> None:
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


OPENED_AMONG = select(opened.c.target).where(
    opened.c.channel == bindparam("on"), opened.c.target.in_(bindparam("names", expanding=True))
)


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


def park(session: Session, rows: Sequence[dict[str, object]], now: datetime) -> None:
    """Promise these for the day on which their reader opens the chat; forgotten with what was settled today."""
    if rows:
        session.run(insert(outgoing), [row | {"state": "parked", "settled_at": now} for row in rows])


def back_again(session: Session, channel: str, target: str) -> None:
    """It speaks, so it can be reached."""
    session.run(gone.delete().where(gone.c.channel == channel, gone.c.target == target))


def all_gone(session: Session, limit: int = 100) -> list[Gone]:
    """The targets that cannot be reached, the latest first."""
    return session.all(Gone, select(gone).order_by(gone.c.at.desc()).limit(limit))


def about(session: Session, channel: str, target: str, platform_id: str) -> int | None:
    """The number that this message of ours spoke of."""
    said = (outgoing.c.channel == channel) & (outgoing.c.target == target) & (outgoing.c.platform_id == platform_id)
    return session.maybe(int, select(outgoing.c.about).where(said))


def is_ours(session: Session, channel: str, target: str, platform_id: str) -> bool:
    """Whether this message there was said by the bot."""
    said = (outgoing.c.channel == channel) & (outgoing.c.target == target) & (outgoing.c.platform_id == platform_id)
    return session.maybe(int, select(outgoing.c.id).where(said).limit(1)) is not None


SAID_HERE = (
    select(outgoing.c.platform_id, _said("text"))
    .where(
        outgoing.c.channel == bindparam("on"),
        outgoing.c.target == bindparam("whose"),
        outgoing.c.platform_id.is_not(None),
    )
    .order_by(outgoing.c.id.desc())
    .limit(LOOKED_THROUGH)
)


def named(session: Session, channel: str, target: str, words: str) -> str | None:
    """The platform's id of our latest message there that these quoted words are, or are the beginning of."""
    quoted = "".join(words.split())
    if not quoted:
        return None
    for platform_id, said in session.connection.execute(SAID_HERE, {"on": channel, "whose": target}):
        ours = "".join(str(said).split())
        if ours == quoted or any(
            len(a) >= FEW_LETTERS and b.startswith(a) for a, b in ((quoted, ours), (ours, quoted))
        ):
            return str(platform_id)
    return None


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


def backlog(session: Session, now: datetime) -> list[Backlog]:
    """What waits and is due, by channel and lane."""
    rows = session.connection.execute(
        select(outgoing.c.channel, outgoing.c.lane, func.count(), func.min(outgoing.c.due_at))
        .where(outgoing.c.state == "waiting", outgoing.c.due_at <= now)
        .group_by(outgoing.c.channel, outgoing.c.lane)
    )
    return [Backlog(channel, lane, waiting, oldest) for channel, lane, waiting, oldest in rows]


def refused_count(session: Session) -> int:
    """How many messages no platform wanted."""
    return session.one(int, select(func.count()).select_from(outgoing).where(outgoing.c.state == "refused"))


def forget(session: Session, before: datetime) -> int:
    """Drop what was settled before then."""
    return session.run(outgoing.delete().where(outgoing.c.state != "waiting", outgoing.c.settled_at < before))
