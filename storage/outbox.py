"""The outbox: what was promised to be said, in lanes, until it is said or the target is known to be gone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import (
    ColumnElement,
    Index,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlmodel import Field, SQLModel

from bot.message import Address, Delivery, Lane
from storage.columns import Moment, table
from storage.session import Session

WAITS = text("state = 'waiting'")
LEASED = text("state = 'waiting' AND leased_until IS NOT NULL")
REFUSED = text("state = 'refused'")
SAID = text("platform_id IS NOT NULL")
SHARED = text("body_id IS NOT NULL")
HALTED = text("stopped_at IS NOT NULL")
PARKED = text("state = 'parked'")
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
class Backlog:
    """How much waits on one channel's lane, and since when the oldest could have left."""

    channel: str
    lane: int
    waiting: int
    oldest: datetime


outgoing, body, gone, held, opened = table(Outgoing), table(Body), table(Gone), table(Hold), table(Opened)


def words_of(column: str) -> ColumnElement[str]:
    """Its own words, or those it shares."""
    shared = select(body.c[column]).where(body.c.id == outgoing.c.body_id).scalar_subquery()
    return func.coalesce(shared, outgoing.c[column]).label(column)


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


def buttons_of(kept: str) -> tuple[tuple[str, str], ...]:
    """(label, press) of each, as a row keeps them."""
    return BUTTONS.decode(kept) if kept else ()


def delivery_of(row: Outgoing) -> Delivery:
    """The row as a channel says it."""
    address = Address(row.channel, row.target, row.private)
    return Delivery(row.id, address, row.text, buttons_of(row.buttons), Lane(row.lane), row.quote)


def park(session: Session, rows: Sequence[dict[str, object]], now: datetime) -> None:
    """Promise these for the day on which their reader opens the chat; forgotten with what was settled today."""
    if rows:
        session.run(insert(outgoing), [row | {"state": "parked", "settled_at": now} for row in rows])


def about(session: Session, channel: str, target: str, platform_id: str) -> int | None:
    """The number that this message of ours spoke of."""
    said = (outgoing.c.channel == channel) & (outgoing.c.target == target) & (outgoing.c.platform_id == platform_id)
    return session.maybe(int, select(outgoing.c.about).where(said))


def is_ours(session: Session, channel: str, target: str, platform_id: str) -> bool:
    """Whether this message there was said by the bot."""
    said = (outgoing.c.channel == channel) & (outgoing.c.target == target) & (outgoing.c.platform_id == platform_id)
    return session.maybe(int, select(outgoing.c.id).where(said).limit(1)) is not None


SAID_HERE = (
    select(outgoing.c.platform_id, words_of("text"))
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
