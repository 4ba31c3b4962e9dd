"""Wishes: what is asked for beside the matter itself, who has taken one on, and what neighbours have to lend or can do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, and_, bindparam, func, insert, or_, select, text, update
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.grids import grid, within
from storage.matters import LIVING, Matter, matter
from storage.people import account, person
from storage.session import Session

KIND = "wish"
OPEN = "open"


class Wish(SQLModel, table=True):
    """心愿: what a matter of this kind has beside its life."""

    matter_id: int = Field(primary_key=True, foreign_key="matter.id")
    need: str
    """A code of wishes.toml: goods, repair, company ..."""
    public: str
    """The wording that others see, without name and door; the vetter may change it."""
    consent: str = ""
    """For somebody else: how that person agreed, in the words of who asked; empty where nobody was asked yet."""
    contact: str = ""
    """How the wisher wants to be reached."""
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    touched_at: datetime = Field(sa_type=Moment)
    """The last sign of life: nobody is reminded who has just said something."""
    reminded: int = 0
    """How often somebody was reminded in this state."""


class Claim(SQLModel, table=True):
    """认领: one neighbour has taken one wish on."""

    __table_args__ = (
        Index(
            "claim_of_wish",
            "matter_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("claim_of_account", "account_id", "state"),
    )
    id: int = Field(primary_key=True)
    matter_id: int = Field(foreign_key="matter.id")
    account_id: int = Field(foreign_key="account.id")
    state: str
    """open, granted (done), partly (done in part), released (given back), lapsed (taken back by the
    clock) or taken_down (with its wish)."""
    since: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    met: bool = False
    """The wisher has agreed that this neighbour hears how to reach them."""
    deed: str = ""
    """What was done, in the claimer's words."""


class Resource(SQLModel, table=True):
    """资源清单: what a neighbour has to lend or can do, and a unit too."""

    __table_args__ = (
        Index("resource_number", "number", unique=True),
        Index("resource_need", "need", "state"),
        Index("resource_account", "account_id"),
    )
    id: int = Field(primary_key=True)
    number: int
    need: str
    """The kind of need it answers, a code of wishes.toml."""
    text: str
    account_id: int | None = Field(default=None, foreign_key="account.id")
    """Whose it is; None for what came by a list and nobody answers for in chat."""
    holder: str = ""
    """Whose it is, as a list names them."""
    grid_id: int = Field(foreign_key="grid.id")
    state: str = "offered"
    """offered or ended."""
    since: datetime = Field(sa_type=Moment)


class Service(SQLModel, table=True):
    """服务清单: what is regularly done for neighbours, by whom and when."""

    __table_args__ = (Index("service_grid", "grid_id"),)
    id: int = Field(primary_key=True)
    grid_id: int = Field(foreign_key="grid.id")
    title: str
    provider: str = ""
    for_whom: str = ""
    times: str = ""
    """When, in the words of the list: 每周三上午."""
    matter_id: int | None = Field(default=None, foreign_key="matter.id")
    """The wish it was, when the row is the record of one."""
    at: datetime = Field(sa_type=Moment)


wish, claim, resource, service = table(Wish), table(Claim), table(Resource), table(Service)


@dataclass(frozen=True, slots=True)
class Shown:
    """A wish as the wall shows it: nothing that tells whose it is."""

    number: int
    need: str
    public: str
    grid_id: int
    since: datetime


BY_MATTER = select(wish).where(wish.c.matter_id == bindparam("id"))
OPEN_CLAIM = select(claim).where(claim.c.matter_id == bindparam("id"), claim.c.state == OPEN)
CLAIMED = (
    select(matter)
    .join(claim, claim.c.matter_id == matter.c.id)
    .where(claim.c.account_id == bindparam("account_id"), claim.c.state == OPEN, matter.c.state == bindparam("state"))
    .order_by(claim.c.since, claim.c.id)
)
ON_THE_WALL = (
    select(matter.c.number, wish.c.need, wish.c.public, matter.c.grid_id, wish.c.published_at)
    .join_from(matter, wish, wish.c.matter_id == matter.c.id)
    .where(matter.c.kind == KIND, matter.c.state == OPEN)
    .order_by(wish.c.published_at.desc(), matter.c.number.desc())
)


def _ready(session: Session) -> Session:
    """The session in which every wish so far can be read."""
    session.write(matter)
    session.write(wish)
    return session


def keep(session: Session, row: Mapping[str, object]) -> None:
    """The wish's own row; written with its like, before anybody reads the table."""
    unsaid = {name: told.default for name, told in Wish.model_fields.items() if not told.is_required()}
    session.later(wish, {**unsaid, **row})


def of(session: Session, matter_id: int) -> Wish:
    """What this wish has beside its life."""
    return _ready(session).all(Wish, BY_MATTER, {"id": matter_id})[0]


def change(session: Session, matter_id: int, values: Mapping[str, object]) -> None:
    """Change the wish's own row."""
    _ready(session).run(update(wish).where(wish.c.matter_id == matter_id).values(**values))


def take(session: Session, matter_id: int, account_id: int, now: datetime) -> None:
    """Write down who has taken it on; at most one open claim a wish can stand."""
    session.run(
        insert(claim),
        {"matter_id": matter_id, "account_id": account_id, "state": OPEN, "since": now, "met": False, "deed": ""},
    )


def claimed_by(session: Session, matter_id: int) -> Claim | None:
    """Who has it on hand now."""
    return _ready(session).first(Claim, OPEN_CLAIM, {"id": matter_id})


def open_claims(session: Session, account_id: int, state: str = "claimed") -> list[Matter]:
    """What this neighbour has on hand, the oldest first; in the state granted what waits for the wisher's yes."""
    return _ready(session).all(Matter, CLAIMED, {"account_id": account_id, "state": state})


def end_claim(session: Session, claim_id: int, state: str, now: datetime, deed: str = "") -> None:
    """The claim is over."""
    session.run(update(claim).where(claim.c.id == claim_id).values(state=state, ended_at=now, deed=deed))


def change_claim(session: Session, claim_id: int, values: Mapping[str, object]) -> None:
    """Change a claim."""
    session.run(update(claim).where(claim.c.id == claim_id).values(**values))


def last_done(session: Session, matter_id: int) -> Claim | None:
    """The claim by which it was done, wholly or in part, the newest first."""
    done = claim.c.state.in_(("granted", "partly"))
    return session.first(
        Claim, select(claim).where(claim.c.matter_id == matter_id, done).order_by(claim.c.id.desc()).limit(1)
    )


def done_by(session: Session, account_id: int) -> list[Claim]:
    """What this neighbour has done, wholly or in part, the newest first."""
    done = claim.c.state.in_(("granted", "partly"))
    return session.all(Claim, select(claim).where(claim.c.account_id == account_id, done).order_by(claim.c.id.desc()))


def on_the_wall(session: Session, codes: Collection[str], limit: int = 200) -> list[Shown]:
    """What is open in these subtrees, the newest first; everywhere when none is named."""
    near = or_(*(within(code) for code in codes)) if codes else LIVING
    statement = ON_THE_WALL.join(grid, grid.c.id == matter.c.grid_id).where(near).limit(limit)
    return [Shown(*row) for row in _ready(session).connection.execute(statement)]


def waiting_for(session: Session, states: Collection[str], code: str) -> list[Matter]:
    """Wishes in these states within the subtree, the oldest first."""
    statement = (
        select(matter)
        .join(grid, grid.c.id == matter.c.grid_id)
        .where(matter.c.kind == KIND, matter.c.state.in_(states), within(code))
        .order_by(matter.c.number)
    )
    return _ready(session).all(Matter, statement)


def unvetted_until(session: Session, posts: Collection[int], moment: datetime) -> list[Matter]:
    """Wishes that wait to be vetted by these posts and are due by this moment, the oldest first."""
    waits = (matter.c.kind == KIND) & (matter.c.state == "vetting") & matter.c.owner_id.in_(posts)
    due = waits & (matter.c.deadline <= moment)
    return _ready(session).all(Matter, select(matter).where(due).order_by(matter.c.number))


def add_resource(session: Session, row: Mapping[str, object]) -> None:
    """A resource that is offered from now on."""
    unsaid = {name: told.default for name, told in Resource.model_fields.items() if not told.is_required()}
    session.run(insert(resource), {**{key: value for key, value in unsaid.items() if key != "id"}, **row})


def resources_within(session: Session, code: str) -> list[Resource]:
    """Everything that is offered within the subtree."""
    statement = select(resource).join(grid, grid.c.id == resource.c.grid_id)
    return session.all(
        Resource, statement.where(resource.c.state == "offered", within(code)).order_by(resource.c.number)
    )


def resources_of(session: Session, account_id: int) -> list[Resource]:
    """What this neighbour offers."""
    mine = (resource.c.account_id == account_id) & (resource.c.state == "offered")
    return session.all(Resource, select(resource).where(mine).order_by(resource.c.number))


def resource_numbered(session: Session, number: int) -> Resource | None:
    """The resource with this number."""
    return session.first(Resource, select(resource).where(resource.c.number == number))


def end_resource(session: Session, number: int) -> None:
    """It is offered no longer."""
    session.run(update(resource).where(resource.c.number == number).values(state="ended"))


def load_of(session: Session, accounts: Collection[int], since: datetime) -> dict[int, int]:
    """How much each of these has on hand or has done since then; what was given back does not count."""
    busy = or_(claim.c.state == OPEN, and_(claim.c.since >= since, claim.c.state.in_(("granted", "partly"))))
    rows = session.connection.execute(
        select(claim.c.account_id, func.count())
        .where(claim.c.account_id.in_(accounts), busy)
        .group_by(claim.c.account_id)
    )
    return {row[0]: row[1] for row in rows}


def add_services(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows of the list of services."""
    if rows:
        unsaid = {"provider": "", "for_whom": "", "times": "", "matter_id": None}
        session.run(insert(service), [{**unsaid, **row} for row in rows])


def services_within(session: Session, code: str) -> list[Service]:
    """The list of services of a subtree."""
    statement = select(service).join(grid, grid.c.id == service.c.grid_id).where(within(code))
    return session.all(Service, statement.order_by(service.c.matter_id.is_not(None), service.c.id))


def accounts_of_people(session: Session, keys: Collection[str]) -> dict[str, int]:
    """The first account of each of these people, by the community's own number for them."""
    rows = session.connection.execute(
        select(person.c.key, func.min(account.c.id))
        .join_from(person, account, account.c.person_id == person.c.id)
        .where(person.c.key.in_(keys), person.c.ended_at.is_(None))
        .group_by(person.c.key)
    )
    return {row[0]: row[1] for row in rows}


def granted_count(session: Session, codes: Collection[str]) -> int:
    """How many wishes have come true in these subtrees; everywhere when none is named."""
    near = or_(*(within(code) for code in codes)) if codes else matter.c.kind == KIND
    counted = select(func.count()).select_from(matter).join(grid, grid.c.id == matter.c.grid_id)
    return _ready(session).one(int, counted.where(matter.c.kind == KIND, matter.c.state == "closed", near))
