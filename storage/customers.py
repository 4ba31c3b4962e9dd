"""Customer groups 客户群: neighbours in WeChat whom no bot hears; who is in them, and words sent by hand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Index, Select, UniqueConstraint, and_, case, func, literal, or_, select, update
from sqlmodel import Field, SQLModel

from bot.message import Lane
from storage import grids
from storage.columns import Moment, table
from storage.grids import LIVE, grid, within
from storage.outbox import body
from storage.session import Session

WAITING, BEGUN, ASKED, SENT, FAILED, OVER = "waiting", "begun", "asked", "sent", "failed", "over"
"""States of a word: to be given to its owner, being given, given but not confirmed, sent, refused, taken back."""
ON_HAND = (BEGUN, ASKED, SENT)
RINGS = 3
"""So often may an owner be reminded of one task."""


class CustomerGroup(SQLModel, table=True):
    """One group of neighbours in WeChat, as the platform told of it last."""

    __tablename__ = "customer_group"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("customer_group_grid", "grid_id"),)
    chat: str = Field(primary_key=True)
    """The platform's id."""
    grid_id: int | None = Field(default=None, foreign_key="grid.id")
    owner: str
    """The member who owns it: only they can let words go there."""
    name: str = ""
    staff: int = 0
    residents: int = 0
    by_square: int = 0
    """Neighbours who came by our printed square."""
    seen_at: datetime = Field(sa_type=Moment)
    gone_at: datetime | None = Field(default=None, sa_type=Moment)


class CustomerWord(SQLModel, table=True):
    """The words of a notice for one customer group: given to its owner as a task, who sends them by hand."""

    __tablename__ = "customer_word"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("body_id", "chat", name="customer_word_once"),
        Index("customer_word_state", "state", "due_at"),
        Index("customer_word_notice", "notice"),
        Index("customer_word_chat", "chat", "begun_at"),
        Index("customer_word_task", "task"),
    )
    id: int = Field(primary_key=True)
    notice: int = Field(foreign_key="notice.number")
    body_id: int
    """Its words (storage/outbox.py)."""
    chat: str = Field(foreign_key="customer_group.chat")
    owner: str
    lane: int
    state: str = WAITING
    due_at: datetime = Field(sa_type=Moment)
    begun_at: datetime | None = Field(default=None, sa_type=Moment)
    """When the platform was asked for the task: written before it is."""
    task: str = ""
    """The platform's id of it."""
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    looked_at: datetime | None = Field(default=None, sa_type=Moment)
    rung: int = 0
    """How often its owner was reminded."""
    ring_at: datetime | None = Field(default=None, sa_type=Moment)
    """When they are to be reminded next."""
    error: str = ""


customer_group, customer_word = table(CustomerGroup), table(CustomerWord)
STANDS = customer_group.c.gone_at.is_(None)
TASKS = "tasks in customer groups"
"""One at a time: a task is several rows, and two who change them in turn would wait for one another."""
STOPPED = customer_word.c.body_id.in_(select(body.c.id).where(body.c.stopped_at.is_not(None)))


@dataclass(frozen=True, slots=True)
class Tally:
    """The customer groups of a subtree."""

    groups: int
    grids: int
    owners: int
    staff: int
    residents: int
    spent: int
    """Groups that were given their one message of the day."""


@dataclass(frozen=True, slots=True)
class OfGrid:
    """The customer groups of one grid."""

    code: str
    name: str
    groups: int
    staff: int
    residents: int
    by_square: int


@dataclass(frozen=True, slots=True)
class ByHand:
    """How far a notice has come with those who send it by hand."""

    owner: str
    grid_id: int
    groups: int
    sent: int
    failed: int
    waiting: int
    """Not given to the owner yet: the group's message of the day is used up."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Words of one body with one owner, in one or more groups."""

    ids: tuple[int, ...]
    owner: str
    chats: tuple[str, ...]
    text: str
    task: str
    begun_at: datetime | None


def keep_groups(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """These groups stand as they were just seen."""
    if rows:
        session.upsert(customer_group, rows, key="chat")


def grids_of(session: Session, chats: Collection[str]) -> dict[str, int | None]:
    """The grids, by group, of those that are known."""
    wanted = customer_group.c.chat.in_(list(chats))
    rows = session.connection.execute(select(customer_group.c.chat, customer_group.c.grid_id).where(wanted))
    return {str(chat): grid_id for chat, grid_id in rows}


def counted_at(session: Session) -> datetime | None:
    """When the standing group that was seen longest ago was seen."""
    longest = select(customer_group.c.seen_at).where(STANDS).order_by(customer_group.c.seen_at).limit(1)
    return session.maybe(datetime, longest)


def unseen(session: Session, since: datetime, now: datetime) -> int:
    """Every group that was not seen since then is no more; how many."""
    lost = update(customer_group).where(STANDS, customer_group.c.seen_at < since)
    return session.run(lost.values(gone_at=now))


def groups_within(session: Session, code: str) -> list[CustomerGroup]:
    """The standing groups of the subtree, in the order of the grids."""
    return session.all(
        CustomerGroup,
        select(customer_group)
        .join(grid, grid.c.id == customer_group.c.grid_id)
        .where(within(code), LIVE, STANDS)
        .order_by(grid.c.code, customer_group.c.seen_at, customer_group.c.chat),
    )


def any_within(session: Session, grid_id: int) -> bool:
    """Whether the subtree of this grid has any."""
    held = select(customer_group.c.chat).join(grid, grid.c.id == customer_group.c.grid_id)
    inside = within(grids.get(session, grid_id).code)
    return session.maybe(str, held.where(inside, LIVE, STANDS).limit(1)) is not None


def unmatched(session: Session) -> list[CustomerGroup]:
    """The standing groups of which nobody knows where they belong."""
    lost = select(customer_group).where(STANDS, customer_group.c.grid_id.is_(None))
    return session.all(CustomerGroup, lost.order_by(customer_group.c.owner, customer_group.c.chat))


def by_grid(session: Session, code: str) -> list[OfGrid]:
    """How many are in the groups of each grid of the subtree that has one, in the order of the codes."""
    held = customer_group.c
    rows = session.connection.execute(
        select(
            grid.c.code, grid.c.name, func.count(), func.sum(held.staff), func.sum(held.residents), func.sum(held.by_square)
        )
        .join(grid, grid.c.id == held.grid_id)
        .where(within(code), LIVE, STANDS)
        .group_by(grid.c.code, grid.c.name)
        .order_by(grid.c.code)
    )  # fmt: skip
    return [OfGrid(str(code), str(name), *(int(many) for many in counts)) for code, name, *counts in rows]


def tally(session: Session, code: str, day: datetime) -> Tally:
    """All of the subtree; `day` is when this day began."""
    held = customer_group.c
    spent = held.chat.in_(_spent(day))
    row = session.connection.execute(
        select(
            func.count(), func.count(held.grid_id.distinct()), func.count(held.owner.distinct()),
            func.coalesce(func.sum(held.staff), 0), func.coalesce(func.sum(held.residents), 0),
            func.coalesce(func.sum(case((spent, 1), else_=0)), 0),
        )
        .join(grid, grid.c.id == held.grid_id)
        .where(within(code), LIVE, STANDS)
    ).one()  # fmt: skip
    return Tally(*(int(many) for many in row))


def _spent(day: datetime) -> Select[tuple[str]]:
    """The groups whose message of the day is given away."""
    given = customer_word.c.state.in_(ON_HAND) & (customer_word.c.begun_at >= day)
    return select(customer_word.c.chat).where(given)


def queue(session: Session, *, notice: int, body_id: int, lane: int, code: str, due_at: datetime) -> int:
    """These words for every customer group of the subtree, each once; how many are new."""
    found = (
        select(
            literal(notice), literal(body_id), customer_group.c.chat, customer_group.c.owner, literal(lane),
            literal(WAITING), literal(due_at, Moment), literal(""), literal(0), literal(""),
        )
        .join(grid, grid.c.id == customer_group.c.grid_id)
        .where(within(code), LIVE, STANDS)
        .order_by(grid.c.code, customer_group.c.chat)
    )  # fmt: skip
    names = ("notice", "body_id", "chat", "owner", "lane", "state", "due_at", "task", "rung", "error")
    return session.run(session.insert_unless_there(customer_word).from_select(names, found))


def again(session: Session, number: int, now: datetime) -> None:
    """What failed is tried once more, and whoever has not confirmed is reminded, as often as the platform allows."""
    mine = update(customer_word).where(customer_word.c.notice == number)
    owns = select(customer_group.c.owner).where(customer_group.c.chat == customer_word.c.chat).scalar_subquery()
    anew = {"state": WAITING, "owner": owns, "due_at": now, "error": "", "task": ""}
    session.run(mine.where(customer_word.c.state == FAILED).values(**anew))
    session.run(mine.where(customer_word.c.state == ASKED, customer_word.c.rung < RINGS).values(ring_at=now))


def ring(session: Session, number: int, at: datetime, rung: int) -> int:
    """Owners who have not confirmed, and were reminded less than that, are to be reminded then; how many groups."""
    late = (customer_word.c.notice == number, customer_word.c.state == ASKED, customer_word.c.rung < rung)
    return session.run(update(customer_word).where(*late).values(ring_at=at))


def by_hand(session: Session, number: int, code: str) -> list[ByHand]:
    """How far it has come, by owner and grid of the subtree, the slowest first."""

    def many(*states: str) -> ColumnElement[int]:
        return func.sum(case((customer_word.c.state.in_(states), 1), else_=0))

    sent = many(SENT)
    rows = session.connection.execute(
        select(customer_word.c.owner, customer_group.c.grid_id, func.count(), sent, many(FAILED), many(WAITING))
        .join(customer_group, customer_group.c.chat == customer_word.c.chat)
        .join(grid, grid.c.id == customer_group.c.grid_id)
        .where(customer_word.c.notice == number, within(code))
        .group_by(customer_word.c.owner, customer_group.c.grid_id, grid.c.code)
        .order_by(sent, grid.c.code, customer_word.c.owner)
    )
    return [ByHand(str(owner), int(grid_id), *(int(one) for one in counts)) for owner, grid_id, *counts in rows]


def next_to_cancel(session: Session, now: datetime) -> Errand | None:
    """A task of words that were stopped, and that its owner has not sent."""
    return _errand(session, and_(customer_word.c.state == ASKED, customer_word.c.due_at <= now, STOPPED))


def next_to_ring(session: Session, now: datetime) -> Errand | None:
    """A task whose owner is to be reminded now: counted before they are, so that nobody is reminded too often."""
    due = and_(customer_word.c.state == ASKED, customer_word.c.ring_at <= now, customer_word.c.rung < RINGS)
    session.one_at_a_time(TASKS)
    found = _errand(session, due)
    if found is not None:
        counted = {"rung": customer_word.c.rung + 1, "ring_at": None}
        session.run(update(customer_word).where(customer_word.c.task == found.task).values(**counted))
    return found


def next_in_doubt(session: Session, before: datetime) -> Errand | None:
    """Words for which the platform was asked before then, and nobody noted what it answered."""
    return _errand(session, and_(customer_word.c.state == BEGUN, customer_word.c.begun_at <= before))


def next_to_look_at(session: Session, now: datetime, before: datetime) -> Errand | None:
    """A task that nobody looked at since then; from now on somebody has."""
    session.one_at_a_time(TASKS)
    unseen_yet = or_(customer_word.c.looked_at.is_(None), customer_word.c.looked_at <= before)
    found = _errand(session, and_(customer_word.c.state == ASKED, unseen_yet))
    if found is not None:
        session.run(update(customer_word).where(customer_word.c.task == found.task).values(looked_at=now))
    return found


def next_to_ask(session: Session, now: datetime, *, day: datetime, tomorrow: datetime) -> Errand | None:
    """Words for one owner's groups that were not given one today; from now on the platform is being asked for the task.

    What is no emergency waits for tomorrow where today's message is given away.
    """
    if session.maybe(int, select(customer_word.c.id).where(customer_word.c.state == WAITING).limit(1)) is None:
        return None
    session.one_at_a_time(TASKS)
    session.run(update(customer_word).where(customer_word.c.state == WAITING, STOPPED).values(state=OVER))
    late = customer_word.c.chat.in_(_spent(day)) & (customer_word.c.lane != int(Lane.EMERGENCY))
    due = and_(customer_word.c.state == WAITING, customer_word.c.due_at <= now)
    session.run(update(customer_word).where(due, late).values(due_at=tomorrow))
    found = _errand(session, due)
    if found is None:
        return None
    begun = update(customer_word).where(customer_word.c.id.in_(found.ids), customer_word.c.state == WAITING)
    session.run(begun.values(state=BEGUN, begun_at=now))
    return found


def _errand(session: Session, wanted: ColumnElement[bool]) -> Errand | None:
    """The first such words, with those of the same body, owner and task; for nobody else until the transaction ends."""
    firsts = select(customer_word).where(wanted).order_by(customer_word.c.lane, customer_word.c.id).limit(1)
    first = session.first(CustomerWord, firsts.with_for_update(skip_locked=True) if session.is_postgres else firsts)
    if first is None:
        return None
    same = (
        customer_word.c.body_id == first.body_id, customer_word.c.owner == first.owner,
        customer_word.c.task == first.task,
    )  # fmt: skip
    all_of = select(customer_word).where(wanted, *same).order_by(customer_word.c.id).limit(1000)
    rows = session.all(CustomerWord, all_of.with_for_update(skip_locked=True) if session.is_postgres else all_of)
    if not rows:
        return None
    text = session.one(str, select(body.c.text).where(body.c.id == first.body_id))
    ids, chats = tuple(row.id for row in rows), tuple(row.chat for row in rows)
    begun = min((row.begun_at for row in rows if row.begun_at), default=None)
    return Errand(ids, first.owner, chats, text, first.task, begun)


def asked(session: Session, ids: Collection[int], task: str) -> bool:
    """The owner has it as this task; False where that is the task of other words."""
    if session.maybe(int, select(func.count()).where(customer_word.c.task == task, customer_word.c.id.not_in(ids))):
        return False
    mine = update(customer_word).where(customer_word.c.id.in_(list(ids)), customer_word.c.state == BEGUN)
    session.run(mine.values(state=ASKED, task=task, error=""))
    return True


def unasked(session: Session, ids: Collection[int], error: str, due_at: datetime | None) -> None:
    """The platform made no task of it: it is tried again then, or never."""
    mine = update(customer_word).where(customer_word.c.id.in_(list(ids)), customer_word.c.state == BEGUN)
    ended = {"state": FAILED} if due_at is None else {"state": WAITING, "due_at": due_at, "begun_at": None}
    session.run(mine.values(error=error, **ended))


def uncancelled(session: Session, task: str, error: str, due_at: datetime) -> None:
    """The platform did not take it back: its owner can still send it, and it is tried again then."""
    mine = update(customer_word).where(customer_word.c.task == task, customer_word.c.state == ASKED)
    session.run(mine.values(error=error, due_at=due_at))


def failed(session: Session, ids: Collection[int], chats: Collection[str], error: str) -> None:
    """Of these words those for these groups were refused."""
    mine = update(customer_word).where(customer_word.c.id.in_(list(ids)), customer_word.c.chat.in_(list(chats)))
    session.run(mine.values(state=FAILED, error=error))


def settle(session: Session, task: str, chats: Collection[str], state: str, now: datetime, error: str = "") -> int:
    """What became of this task in these groups; how many were settled."""
    session.one_at_a_time(TASKS)
    mine = update(customer_word).where(customer_word.c.task == task, customer_word.c.state == ASKED)
    sent = {"sent_at": now} if state == SENT else {}
    return session.run(mine.where(customer_word.c.chat.in_(list(chats))).values(state=state, error=error, **sent))
