"""Matters: anything with a life, who else asked for it, and what was added to it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import cast

from sqlalchemy import Executable, Index, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.engine import result_tuple
from sqlmodel import Field, SQLModel

from storage.among import among
from storage.columns import Moment, table
from storage.session import Session
from storage.shelves import Shelf

ENDED = ("closed", "withdrawn", "merged", "declined", "expired")
"""States in which a matter needs nobody any more; every other state has an owner and a deadline."""


MOST_ALIKE = 20
"""So many matters are compared with a new one; the newest."""
OTHERS_TURN = ("done", "asked_back", "open", "claimed", "granted")
"""States in which somebody other than the owning post has the next word."""


class Matter(SQLModel, table=True):
    """事项: its kind names its lifecycle (catalog/lifecycles), its state is one of that lifecycle's."""

    __table_args__ = (
        Index("matter_number", "number", unique=True),
        Index("matter_alike", "grid_id", "category", "opened_at"),
        Index("matter_reporter", "account_id", "opened_at"),
        Index("matter_owner", "owner_id", "state"),
        Index("matter_deadline", "state", "deadline"),
        Index("matter_chat", "chat_id", "opened_at"),
        Index("matter_decider", "decider_id"),
        Index("matter_supervisor", "supervisor_id"),
    )
    id: int = Field(primary_key=True)
    number: int
    kind: str
    state: str
    category: str
    urgency: str
    """normal, urgent or emergency."""
    grid_id: int = Field(foreign_key="grid.id")
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    spot: str | None = None
    text: str
    account_id: int = Field(foreign_key="account.id")
    """Who reported it."""
    behalf: str = ""
    """For whom, when it was reported for somebody else."""
    chat_id: int | None = Field(default=None, foreign_key="chat.id")
    """The group it was said in; None in private."""
    owner_id: int | None = Field(default=None, foreign_key="post.id")
    """The post that has to act next."""
    route: str = ""
    """Why it is theirs: 3网格·环卫·白班."""
    opened_at: datetime = Field(sa_type=Moment)
    assigned_at: datetime | None = Field(default=None, sa_type=Moment)
    accepted_at: datetime | None = Field(default=None, sa_type=Moment)
    arrived_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    accept_by: datetime | None = Field(default=None, sa_type=Moment)
    arrive_by: datetime | None = Field(default=None, sa_type=Moment)
    finish_by: datetime | None = Field(default=None, sa_type=Moment)
    deadline: datetime | None = Field(default=None, sa_type=Moment)
    """The next moment at which something must have happened."""
    rung: int = 0
    """How far up the ladder has been rung in this phase."""
    returns: int = 0
    reopened: int = 0
    supervisor_id: int | None = Field(default=None, foreign_key="post.id")
    """督办: the post that must agree before it is closed."""
    held_until: datetime | None = Field(default=None, sa_type=Moment)
    """挂账: asked for, or granted when the state is held."""
    decider_id: int | None = Field(default=None, foreign_key="post.id")
    """The post that was asked whether it may be put off, until it has answered."""
    result: str = ""
    rating: str = ""
    followers: int = 0


class Follower(SQLModel, table=True):
    """关注人: somebody else who reported the same; one answer reaches all."""

    matter_id: int = Field(foreign_key="matter.id", primary_key=True)
    account_id: int = Field(foreign_key="account.id", primary_key=True)
    text: str
    at: datetime = Field(sa_type=Moment)


class Addition(SQLModel, table=True):
    """A photo, a sentence or a place that came after the first words."""

    __table_args__ = (Index("addition_matter", "matter_id"),)
    id: int = Field(primary_key=True)
    matter_id: int = Field(foreign_key="matter.id")
    account_id: int = Field(foreign_key="account.id")
    kind: str
    text: str
    at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True, slots=True)
class Near:
    """As much of a matter as tells whether another report means the same."""

    id: int
    grid_id: int
    category: str
    building: str | None
    unit: str | None
    floor: str | None
    room: str | None
    spot: str | None
    text: str
    urgency: str
    state: str
    opened_at: datetime


_OF_NEAR = tuple(each.name for each in fields(Near))
matter, follower, addition = table(Matter), table(Follower), table(Addition)
LIVING = and_(*(matter.c.state != state for state in ENDED))
BY_NUMBER = select(matter).where(matter.c.number == bindparam("number"))
BY_ID = select(matter).where(matter.c.id == bindparam("id"))
ALIKE = (
    select(*(matter.c[name] for name in _OF_NEAR))
    .where(matter.c.grid_id == bindparam("grid_id"), matter.c.category == bindparam("category"))
    .where(matter.c.opened_at > bindparam("since"), LIVING)
    .order_by(matter.c.opened_at.desc())
    .limit(MOST_ALIKE)
)
_PLACE_IN_LINE = func.row_number().over(
    partition_by=(matter.c.grid_id, matter.c.category), order_by=matter.c.opened_at.desc()
)
_OF_MANY = (
    select(*(matter.c[name] for name in _OF_NEAR), _PLACE_IN_LINE.label("place"))
    .where(among(matter.c.grid_id, "grids"))
    .where(among(matter.c.category, "categories"))
    .where(matter.c.opened_at > bindparam("since"), LIVING)
    .subquery()
)
ALIKE_OF_MANY = (
    select(*(_OF_MANY.c[name] for name in _OF_NEAR))
    .where(_OF_MANY.c.place <= MOST_ALIKE)
    .order_by(_OF_MANY.c.opened_at.desc())
)
NEWEST = select(matter).where(
    matter.c.id.in_(
        select(func.max(matter.c.id))
        .where(among(matter.c.chat_id, "chats"), matter.c.opened_at > bindparam("since"), LIVING)
        .group_by(matter.c.chat_id)
    )
    | matter.c.id.in_(
        select(func.max(matter.c.id))
        .where(among(matter.c.account_id, "accounts"))
        .where(matter.c.opened_at > bindparam("since"), LIVING)
        .group_by(matter.c.account_id)
    )
)
LATEST_IN = (
    select(matter)
    .where(matter.c.chat_id == bindparam("key"), matter.c.opened_at > bindparam("since"), LIVING)
    .order_by(matter.c.opened_at.desc(), matter.c.id.desc())
    .limit(1)
)
LATEST_OF = (
    select(matter)
    .where(matter.c.account_id == bindparam("key"), matter.c.opened_at > bindparam("since"), LIVING)
    .order_by(matter.c.opened_at.desc(), matter.c.id.desc())
    .limit(1)
)


OF_ACCOUNT = (
    select(matter)
    .where(
        or_(
            matter.c.account_id == bindparam("account_id"),
            matter.c.id.in_(select(follower.c.matter_id).where(follower.c.account_id == bindparam("account_id"))),
        )
    )
    .order_by(LIVING.desc(), matter.c.opened_at.desc())
    .limit(20)
)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest living matter of a group or an account since a moment, as far as was looked."""

    since: datetime
    matter: Matter | None


@dataclass(frozen=True, slots=True)
class Alike:
    """The living matters of one category in one grid since a moment, the newest first."""

    since: datetime
    matters: tuple[Near, ...] = ()


_COLUMNS = tuple(column.name for column in matter.c)
_row = result_tuple(_COLUMNS)
_UNSAID = {name: told.default for name, told in Matter.model_fields.items() if not told.is_required()}
NEWEST_IN, NEWEST_OF = Shelf[int, Newest](), Shelf[int, Newest]()
ALIKE_IN = Shelf[tuple[int, str], Alike]()
OF_ONE = Shelf[int, list[Matter]]()


def open_matter(session: Session, values: Mapping[str, object]) -> Matter:
    """The matter that now exists; its row is written with its like, before anybody reads the table."""
    row = {**_UNSAID, **values, "id": values["number"]}
    session.later(matter, row)
    opened = cast("Matter", _row([row[name] for name in _COLUMNS]))
    for notes, key in _noted(session, opened):
        notes[key] = replace(notes[key], matter=opened)
    session.notes(OF_ONE).pop(opened.account_id, None)
    alikes, kind = session.notes(ALIKE_IN), (opened.grid_id, opened.category)
    if kind in alikes:
        alikes[kind] = Alike(alikes[kind].since, (_near(row), *alikes[kind].matters)[:MOST_ALIKE])
    return opened


def _near(row: Mapping[str, object]) -> Near:
    return Near(**{name: row[name] for name in _OF_NEAR})  # pyright: ignore[reportArgumentType]


def _written(session: Session) -> Session:
    """The session, in which every matter opened so far can be read and referred to."""
    session.write(matter)
    return session


def _written_where(session: Session, name: str, value: object) -> Session:
    """The session, in which those opened so far can be read that have this; others may go on waiting for their like."""
    return _written(session) if any(row[name] == value for row in session.gathered(matter)) else session


def look_up_newest(session: Session, chats: Collection[int], accounts: Collection[int], since: datetime) -> None:
    """Whoever asks for the newest matter of these groups and accounts in this transaction finds it in memory."""
    in_chats, of_accounts = session.notes(NEWEST_IN), session.notes(NEWEST_OF)
    nothing = Newest(since, None)
    in_chats.update(dict.fromkeys(chats, nothing))
    of_accounts.update(dict.fromkeys(accounts, nothing))
    if not in_chats and not of_accounts:
        return
    values = {"chats": list(chats), "accounts": list(accounts), "since": since}
    for row in sorted(_written(session).all(Matter, NEWEST, values), key=lambda row: row.id):
        for notes, key in _noted(session, row):
            notes[key] = Newest(since, row)


def _noted(session: Session, row: Matter) -> list[tuple[dict[int, Newest], int]]:
    """Where the matter is noted, or would be."""
    in_chats, of_accounts = session.notes(NEWEST_IN), session.notes(NEWEST_OF)
    where = [(in_chats, row.chat_id)] if row.chat_id is not None else []
    return [(notes, key) for notes, key in (*where, (of_accounts, row.account_id)) if key in notes]


def _changed(session: Session, row: Matter) -> Matter:
    """The matter as it is now; what was noted of its group and its reporter may no longer be so."""
    session.notes(OF_ONE).clear()
    for of, key in ((NEWEST_IN, row.chat_id), (NEWEST_OF, row.account_id)):
        notes = session.notes(of)
        for stale in [at for at, noted in notes.items() if at == key or (noted.matter and noted.matter.id == row.id)]:
            del notes[stale]
    alikes, kind = session.notes(ALIKE_IN), (row.grid_id, row.category)
    for old in [at for at, noted in alikes.items() if at == kind or any(one.id == row.id for one in noted.matters)]:
        del alikes[old]
    return row


def look_up_alike(session: Session, kinds: Collection[tuple[int, str]], since: datetime) -> None:
    """Whoever asks for what is alike in these (grid, category) in this transaction finds it in memory."""
    grids, categories = {grid_id for grid_id, _ in kinds}, {category for _, category in kinds}
    values = {"grids": list(grids), "categories": list(categories), "since": since}
    found: dict[tuple[int, str], list[Near]] = {}
    for row in _written(session).all(Near, ALIKE_OF_MANY, values):
        found.setdefault((row.grid_id, row.category), []).append(row)
    session.notes(ALIKE_IN).update({kind: Alike(since, tuple(found.get(kind, ()))) for kind in kinds})


def _latest(
    session: Session, of: Shelf[int, Newest], key: int, since: datetime, statement: Executable
) -> Matter | None:
    noted = session.notes(of).get(key)
    if noted and noted.matter:
        return noted.matter if noted.matter.opened_at > since else None
    if noted and noted.since <= since:
        return None
    return _written(session).first(Matter, statement, {"key": key, "since": since})


def by_number(session: Session, number: int) -> Matter | None:
    """The matter people mean by this number."""
    return _written_where(session, "number", number).first(Matter, BY_NUMBER, {"number": number})


def get(session: Session, id: int) -> Matter:
    """The matter with this id."""
    return _written(session).all(Matter, BY_ID, {"id": id})[0]


def alike(session: Session, grid_id: int, category: str, since: datetime) -> Sequence[Near]:
    """Living matters of this category in this grid since then, the newest first, at most 20."""
    noted = session.notes(ALIKE_IN).get((grid_id, category))
    if noted and noted.since <= since:
        return [one for one in noted.matters if one.opened_at > since]
    fresh = [
        _near(row)
        for row in reversed(session.gathered(matter))
        if row["grid_id"] == grid_id and row["category"] == category
    ]
    return fresh + session.all(Near, ALIKE, {"grid_id": grid_id, "category": category, "since": since})


def latest_of(session: Session, account_id: int, since: datetime) -> Matter | None:
    """The newest living matter this account reported since then."""
    return _latest(session, NEWEST_OF, account_id, since, LATEST_OF)


def latest_in(session: Session, chat_id: int, since: datetime) -> Matter | None:
    """The newest living matter that was said in this group since then."""
    return _latest(session, NEWEST_IN, chat_id, since, LATEST_IN)


def of_account(session: Session, account_id: int) -> list[Matter]:
    """What this account reported or follows, living ones first, then the newest, at most 20."""
    noted = session.notes(OF_ONE)
    if account_id not in noted:
        read = _written_where(session, "account_id", account_id)
        noted[account_id] = read.all(Matter, OF_ACCOUNT, {"account_id": account_id})
    return list(noted[account_id])


def owned_by(session: Session, posts: Collection[int], limit: int = 50) -> list[Matter]:
    """Living matters whose next step is one of these posts', the most pressing first; not those that wait for a resident."""
    return _written(session).all(
        Matter,
        select(matter)
        .where(matter.c.owner_id.in_(posts), LIVING, matter.c.state.not_in(OTHERS_TURN))
        .order_by(matter.c.deadline.is_(None), matter.c.deadline, matter.c.id)
        .limit(limit),
    )


def to_decide(session: Session, posts: Collection[int], now: datetime) -> list[Matter]:
    """Living matters that wait for a yes or no of one of these posts: to be put off, or to end under supervision."""
    asked = matter.c.decider_id.in_(posts) & (matter.c.held_until > now) & LIVING
    ends = matter.c.supervisor_id.in_(posts) & (matter.c.state == "done")
    return _written(session).all(Matter, select(matter).where(or_(asked, ends)).order_by(matter.c.id))


def overdue_count(session: Session, now: datetime) -> int:
    """How many living matters are past their deadline."""
    return _written(session).one(int, select(func.count()).select_from(matter).where(LIVING, matter.c.deadline < now))


def advance(session: Session, id: int, *, states: Collection[str], values: Mapping[str, object]) -> Matter | None:
    """The matter after the change; None when somebody was faster and its state is no longer one of `states`."""
    row = _written(session).first(
        Matter, update(matter).where(matter.c.id == id, matter.c.state.in_(states)).values(**values).returning(matter)
    )
    return row and _changed(session, row)


def change(session: Session, id: int, values: Mapping[str, object]) -> Matter:
    """The matter after a change that its state has no say in."""
    row = _written(session).all(Matter, update(matter).where(matter.c.id == id).values(**values).returning(matter))[0]
    return _changed(session, row)


def follow(session: Session, of: Matter, account_id: int, text: str, now: datetime) -> bool:
    """Whether the account is a new follower; asking twice is no second one."""
    values = {"matter_id": of.id, "account_id": account_id, "text": text, "at": now}
    if not _written(session).run(session.insert_unless_there(follower), values):
        return False
    session.run(update(matter).where(matter.c.id == of.id).values(followers=matter.c.followers + 1))
    session.notes(OF_ONE).clear()
    return True


def unfollow(session: Session, of: Matter, account_id: int) -> None:
    """The account is no follower any more."""
    wanted = (follower.c.matter_id == of.id) & (follower.c.account_id == account_id)
    if _written(session).run(follower.delete().where(wanted)):
        session.run(update(matter).where(matter.c.id == of.id).values(followers=matter.c.followers - 1))
        session.notes(OF_ONE).clear()


def followers(session: Session, matter_id: int) -> list[int]:
    """The accounts that follow it, the first first."""
    rows = session.all(
        Follower,
        select(follower).where(follower.c.matter_id == matter_id).order_by(follower.c.at, follower.c.account_id),
    )
    return [row.account_id for row in rows]


def follows(session: Session, matter_id: int, account_id: int) -> bool:
    """Whether this account follows it."""
    wanted = (follower.c.matter_id == matter_id) & (follower.c.account_id == account_id)
    return session.first(Follower, select(follower).where(wanted)) is not None


def add(session: Session, of: Matter, account_id: int, kind: str, text: str, now: datetime) -> None:
    """Keep a photo, a sentence or a place with the matter."""
    _written(session).run(
        insert(addition), {"matter_id": of.id, "account_id": account_id, "kind": kind, "text": text, "at": now}
    )


def additions(session: Session, matter_id: int) -> list[Addition]:
    """What was added, in its order."""
    return session.all(
        Addition, select(addition).where(addition.c.matter_id == matter_id).order_by(addition.c.at, addition.c.id)
    )
