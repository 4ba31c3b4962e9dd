"""Notices: what goes down the tree, whom it calls, how far it has gone, and each person's answer to it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import (
    ColumnElement,
    Index,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Field, SQLModel

from bot.message import Lane
from storage import grids
from storage.codes import home
from storage.columns import Moment, table
from storage.grids import LIVE, Grid, grid, within
from storage.outbox import body, outgoing
from storage.people import Household, household
from storage.session import Session

Listeners = Literal["called", "missing", "staff_groups", "residents_groups", "customer_groups", "residents"]
"""Those with a receipt; those of them who have not answered; groups; those whose owners send it by hand; every neighbour
in private."""
DRAFT, WAITING, GOING, STOPPED, ENDED, REFUSED = "draft", "waiting", "going", "stopped", "ended", "refused"
"""States: being written, waiting for somebody else's yes, released, stopped by hand, over, refused."""
RUNS = (GOING, STOPPED, ENDED)
"""States that begin or end its running."""
ORDERED = text("order_key <> ''")


class Notice(SQLModel, table=True):
    """通知: one thing with many faces. Its number is what people type, and what the journal files it under."""

    __table_args__ = (
        Index("notice_order", "order_key", unique=True, sqlite_where=ORDERED, postgresql_where=ORDERED),
        Index("notice_state", "state", "kind"),
        Index("notice_refers", "refers_to"),
        Index("notice_grid", "grid_id", "released_at"),
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    """policy, mobilization, rollcall, census, correction, cancel or all_clear."""
    drill: bool = False
    state: str = DRAFT
    grid_id: int = Field(foreign_key="grid.id")
    """It is for this grid and all below it."""
    audience: str = ""
    """JSON: handlers/notices/audience.py reads it."""
    topic: str = ""
    summary: str = ""
    """In plain words, at most 60 characters."""
    text: str = ""
    attachment: str = ""
    plan: str = ""
    """The code of the plan it carries out."""
    refers_to: int | None = Field(default=None, foreign_key="notice.number")
    """The notice that it corrects, cancels or ends."""
    superseded_by: int | None = Field(default=None, foreign_key="notice.number")
    wants_ack: bool = False
    lane: int = int(Lane.NOTICE)
    order_key: str = ""
    """The order number that a superior gave it: the same order is released once."""
    account_id: int = Field(foreign_key="account.id")
    """Who wrote it."""
    post_id: int | None = Field(default=None, foreign_key="post.id")
    """The post by which."""
    asked_id: int | None = Field(default=None, foreign_key="post.id")
    """Whose yes it waits for."""
    approved_by: int | None = Field(default=None, foreign_key="account.id")
    released_by: int | None = Field(default=None, foreign_key="account.id")
    composed_at: datetime = Field(sa_type=Moment)
    begins_at: datetime | None = Field(default=None, sa_type=Moment)
    until: datetime | None = Field(default=None, sa_type=Moment)
    released_at: datetime | None = Field(default=None, sa_type=Moment)
    stopped_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_why: str = ""
    called: int = 0
    """How many people it called by name: one receipt each."""


class Receipt(SQLModel, table=True):
    """回执: one account's answer to a notice; those called have one from the release on, others when they answer."""

    __table_args__ = (
        UniqueConstraint("notice", "account_id", name="receipt_once"),
        Index("receipt_grid", "notice", "grid_id"),
        Index("receipt_account", "account_id", "notice"),
    )
    id: int = Field(primary_key=True)
    notice: int = Field(foreign_key="notice.number")
    account_id: int = Field(foreign_key="account.id")
    person_id: int | None = None
    post_id: int | None = None
    """The post by which somebody was called; None for a resident."""
    grid_id: int | None = Field(default=None, foreign_key="grid.id")
    """The hop: where the post is seated, or where the resident lives."""
    depth: int = 0
    role: str = ""
    called_at: datetime | None = Field(default=None, sa_type=Moment)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)
    underway_at: datetime | None = Field(default=None, sa_type=Moment)
    arrived_at: datetime | None = Field(default=None, sa_type=Moment)
    declined_at: datetime | None = Field(default=None, sa_type=Moment)
    """Cannot come; `stand_in` says who does instead, where somebody does."""
    stand_in: int | None = None
    """The receipt of whoever took it over."""
    rung: int = 0
    """How often it was reminded or passed on."""
    answer: str = ""
    expected_at: datetime | None = Field(default=None, sa_type=Moment)
    """When somebody under way said to be there."""


class Passage(SQLModel, table=True):
    """One way down of a notice that is being queued: to whom, with which words, and how far it has come."""

    id: int = Field(primary_key=True)
    notice: int = Field(foreign_key="notice.number")
    body_id: int
    """Its words (storage/outbox.py)."""
    listeners: str
    """One of Listeners, for those called with their roles behind it."""
    upto: str = ""
    """The code of the last grid whose residents are queued."""
    queued: int = 0
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    """Its words leave no earlier than this."""
    done_at: datetime | None = Field(default=None, sa_type=Moment)


notice, receipt, passage = table(Notice), table(Receipt), table(Passage)
BY_NUMBER = select(notice).where(notice.c.number == bindparam("number"))
BY_ORDER = select(notice).where(notice.c.order_key == bindparam("order_key"))
REFERRING = select(notice).where(notice.c.refers_to == bindparam("number"), notice.c.released_at.is_not(None))
RECEIPT_OF = select(receipt).where(
    receipt.c.notice == bindparam("notice"), receipt.c.account_id == bindparam("account_id")
)
RECEIPT = select(receipt).where(receipt.c.id == bindparam("id"))
OPEN_OF = (
    select(receipt)
    .join(notice, notice.c.number == receipt.c.notice)
    .where(receipt.c.account_id == bindparam("account_id"), notice.c.state == GOING)
    .order_by(receipt.c.notice.desc())
)
MOMENTS = ("acknowledged_at", "underway_at", "arrived_at", "declined_at")


@dataclass(frozen=True, slots=True)
class Hop:
    """How far a notice has come with those called in one grid."""

    grid_id: int
    called: int
    acknowledged: int
    underway: int
    arrived: int
    declined: int


@dataclass(frozen=True, slots=True)
class Told:
    """How far its words have come on their way out."""

    listeners: str
    channel: str
    state: str
    """waiting, sent, gone, refused or stopped."""
    many: int


def compose(session: Session, values: Mapping[str, object]) -> Notice:
    """The notice that now exists; `values` has its number (storage/numbers.py)."""
    session.run(insert(notice), dict(values))
    return get(session, int(str(values["number"])))


def get(session: Session, number: int) -> Notice:
    """The notice with this number; it must exist."""
    return session.all(Notice, BY_NUMBER, {"number": number})[0]


def find(session: Session, number: int) -> Notice | None:
    """The notice with this number."""
    return session.first(Notice, BY_NUMBER, {"number": number})


def by_order(session: Session, order_key: str) -> Notice | None:
    """The notice with this order number."""
    return session.first(Notice, BY_ORDER, {"order_key": order_key})


def referring_to(session: Session, number: int) -> list[Notice]:
    """The released notices that correct, cancel or end this one."""
    return session.all(Notice, REFERRING, {"number": number})


def change(session: Session, number: int, *, only_if: Collection[str] = (), **values: object) -> bool:
    """Set these columns; with `only_if` only while it is in one of these states. Whether it was so."""
    changing = update(notice).where(notice.c.number == number)
    if only_if:
        changing = changing.where(notice.c.state.in_(only_if))
    changed = bool(session.run(changing.values(**values)))
    if changed and values.get("state") in RUNS:
        session.organization_changed()  # which ones are going is kept in memory: every message is asked
    return changed


def going(session: Session, kinds: Collection[str] = ()) -> list[Notice]:
    """Every released notice that is not over, the newest first."""
    wanted = select(notice).where(notice.c.state == GOING).order_by(notice.c.number.desc())
    return session.all(Notice, wanted.where(notice.c.kind.in_(list(kinds))) if kinds else wanted)


def unanswered() -> ColumnElement[bool]:
    """The condition "was called and has said neither yes nor no"."""
    return and_(receipt.c.acknowledged_at.is_(None), receipt.c.declined_at.is_(None), receipt.c.arrived_at.is_(None))


def told(session: Session, number: int) -> list[Told]:
    """How far its words have come: by way down, channel and state."""
    rows = session.connection.execute(
        select(passage.c.listeners, outgoing.c.channel, outgoing.c.state, func.count())
        .join(outgoing, outgoing.c.body_id == passage.c.body_id)
        .where(passage.c.notice == number)
        .group_by(passage.c.listeners, outgoing.c.channel, outgoing.c.state)
    )
    return [Told(way.split(" ")[0], channel, state, many) for way, channel, state, many in rows]


def receipt_of(session: Session, number: int, account_id: int) -> Receipt | None:
    """This account's receipt for this notice."""
    return session.first(Receipt, RECEIPT_OF, {"notice": number, "account_id": account_id})


def get_receipt(session: Session, id: int) -> Receipt:
    """The receipt with this id."""
    return session.all(Receipt, RECEIPT, {"id": id})[0]


def open_receipts(session: Session, account_id: int) -> list[Receipt]:
    """This account's receipts for notices that are not over, the newest notice first."""
    return session.all(Receipt, OPEN_OF, {"account_id": account_id})


def answer(
    session: Session, number: int, account_id: int, grid_id: int | None, now: datetime, *, moment: str, words: str = ""
) -> bool:
    """Note the first time of a moment (one of MOMENTS) for this account; whether it is new.

    Whoever was not called by name gets a receipt of their own now.
    """
    fresh = {
        "notice": number,
        "account_id": account_id,
        "grid_id": grid_id,
        "depth": 0,
        "role": "",
        "rung": 0,
        "answer": "",
    }
    session.run(session.insert_unless_there(receipt), fresh)
    mine = update(receipt).where(receipt.c.notice == number, receipt.c.account_id == account_id)
    new = session.run(mine.where(receipt.c[moment].is_(None)).values(**{moment: now}))
    if words:
        session.run(mine.values(answer=words))
    return bool(new)


def change_receipts(session: Session, ids: Collection[int], **values: object) -> int:
    """Set these columns of these receipts."""
    return session.run(update(receipt).where(receipt.c.id.in_(list(ids))).values(**values)) if ids else 0


def hops(session: Session, number: int, code: str) -> list[Hop]:
    """How far it has come with those called, per grid of the subtree in which somebody was called."""

    def noted(column: str) -> ColumnElement[int]:
        return func.sum(case((receipt.c[column].is_not(None), 1), else_=0))

    rows = session.connection.execute(
        select(receipt.c.grid_id, func.count(), *(noted(moment) for moment in MOMENTS))
        .join(grid, grid.c.id == receipt.c.grid_id)
        .where(receipt.c.notice == number, receipt.c.called_at.is_not(None), within(code))
        .group_by(receipt.c.grid_id)
    )
    return [Hop(*row) for row in rows]


def missing(session: Session, number: int, code: str, most: int = 1000) -> list[Receipt]:
    """Those called in the subtree who have not answered, the highest seats first."""
    return session.all(
        Receipt,
        select(receipt)
        .join(grid, grid.c.id == receipt.c.grid_id)
        .where(receipt.c.notice == number, receipt.c.called_at.is_not(None), unanswered(), within(code))
        .order_by(receipt.c.depth, grid.c.code, receipt.c.id)
        .limit(most),
    )


def released_over(session: Session, code: str, since: datetime) -> list[tuple[Notice, str, str]]:
    """(notice, its grid's name, its grid's code) of all released since then above this grid, for it or below it."""
    above = [code[:length] for length in range(1, len(code))]
    rows = session.connection.execute(
        select(notice, grid.c.name, grid.c.code)
        .join(grid, grid.c.id == notice.c.grid_id)
        .where(notice.c.released_at >= since, or_(within(code), grid.c.code.in_(above)))
        .order_by(notice.c.released_at.desc())
    ).all()
    return [(cast("Notice", row), row[-2], row[-1]) for row in rows]


def with_order(session: Session, order: str) -> list[tuple[Notice, str]]:
    """(notice, its grid's code) of those with this order number, whatever place it is for."""
    like = notice.c.order_key.startswith(f"{order}@", autoescape=True)
    rows = session.connection.execute(
        select(notice, grid.c.code).join(grid, grid.c.id == notice.c.grid_id).where(like)
    ).all()
    return [(cast("Notice", row), row[-1]) for row in rows]


def of_author(session: Session, account_id: int, states: Collection[str], since: datetime) -> list[Notice]:
    """This account's notices in these states, the newest first."""
    mine = select(notice).where(notice.c.account_id == account_id, notice.c.state.in_(list(states)))
    return session.all(Notice, mine.where(notice.c.composed_at >= since).order_by(notice.c.number.desc()))


def in_states(session: Session, states: Collection[str]) -> list[Notice]:
    """Every notice in these states, the newest first."""
    return session.all(Notice, select(notice).where(notice.c.state.in_(list(states))).order_by(notice.c.number.desc()))


def answered_uncalled(session: Session, number: int) -> int:
    """How many said 收到 who were not called by name: neighbours."""
    mine = (receipt.c.notice == number, receipt.c.called_at.is_(None), receipt.c.acknowledged_at.is_not(None))
    return session.one(int, select(func.count()).select_from(receipt).where(*mine))


def households(session: Session, code: str) -> int:
    """How many households of the subtree the table has."""
    living = select(func.count()).select_from(household).join(grid, grid.c.id == household.c.grid_id)
    return session.one(int, living.where(within(code), LIVE, household.c.ended_at.is_(None)))


def unread_doors(session: Session, number: int, code: str) -> list[tuple[Household, Grid]]:
    """The doors of the subtree where nobody who lives there has acknowledged this notice, in the order of the grids."""
    said = exists().where(
        home.c.grid_id == household.c.grid_id,
        home.c.building == household.c.building,
        home.c.unit == household.c.unit,
        home.c.room == household.c.room,
        receipt.c.account_id == home.c.account_id,
        receipt.c.notice == number,
        receipt.c.acknowledged_at.is_not(None),
    )
    rows = session.connection.execute(
        select(household)
        .join(grid, grid.c.id == household.c.grid_id)
        .where(within(code), LIVE, household.c.ended_at.is_(None), ~said)
        .order_by(grid.c.code, household.c.id)
    ).all()
    found = grids.by_ids(session, {row.grid_id for row in rows})
    return [(cast("Household", row), found[row.grid_id]) for row in rows]


def words_over(session: Session, code: str, since: datetime) -> list[tuple[Notice, list[str]]]:
    """(notice, every wording of it that went out) of all released since then over this grid and above or below it."""
    found = [one for one, _, _ in released_over(session, code, since)]
    said: dict[int, list[str]] = {one.number: [] for one in found}
    rows = session.connection.execute(select(body.c.about, body.c.text).where(body.c.about.in_(list(said))))
    for about, words in rows:
        said[about].append(words)
    return [(one, said[one.number]) for one in found]
