"""Musters: a mobilization while it runs: how far each grid has come, who watches it, who asked for help."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Index,
    Select,
    String,
    UniqueConstraint,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from storage import notices, outbox
from storage.columns import Moment, table
from storage.grids import LIVE, Grid, grid, within
from storage.journal import entry
from storage.notices import Notice, Receipt, notice, receipt, unanswered
from storage.people import account, person
from storage.posts import RESIDENT, post
from storage.session import Session
from storage.shelves import Shelf

KINDS = ("mobilization", "rollcall")
Step = Literal["acknowledged", "underway", "arrived", "declined"]


class Muster(SQLModel, table=True):
    """What a mobilization has done by the clock."""

    notice: int = Field(primary_key=True, foreign_key="notice.number", sa_column_kwargs={"autoincrement": False})
    marks: int = 0
    """How many of the plan's marks are done."""
    full_at: datetime | None = Field(default=None, sa_type=Moment)
    """When everybody expected was on site, which was said once."""


class Board(SQLModel, table=True):
    """The live card of one lead: in one grid, of one notice."""

    __table_args__ = (UniqueConstraint("notice", "grid_id", "channel", "target", name="board_once"),)
    id: int = Field(primary_key=True)
    notice: int = Field(foreign_key="notice.number")
    grid_id: int = Field(foreign_key="grid.id")
    channel: str
    target: str
    shown: str = ""
    """The figures that it shows."""


class Surge(SQLModel, table=True):
    """增援: one grid's request for people to the level above."""

    __table_args__ = (Index("surge_notice", "notice", "id"),)
    id: int = Field(primary_key=True)
    notice: int = Field(foreign_key="notice.number")
    grid_id: int = Field(foreign_key="grid.id")
    """Who needs them."""
    asked_id: int = Field(foreign_key="grid.id")
    """The level that is asked now."""
    account_id: int = Field(foreign_key="account.id")
    wanted: int
    sent: int = 0
    why: str = ""
    at: datetime = Field(sa_type=Moment)


muster, board, surge = table(Muster), table(Board), table(Surge)
GOING = Shelf[str, "dict[int, Notice]"]()
TAKERS = Shelf[int, "set[int]"]()
"""By notice: the receipts of those who come instead of somebody."""
ALL = "all"
MINE = and_(receipt.c.notice == bindparam("number"), receipt.c.account_id == bindparam("account"))
NOW = bindparam("now", type_=Moment)
WAS_ACKNOWLEDGED = func.coalesce(receipt.c.acknowledged_at, NOW)
COMES: dict[str, object] = {"declined_at": None, "stand_in": None}
STEPS: Mapping[Step, Update] = {
    "acknowledged": update(receipt)
    .where(MINE, or_(receipt.c.acknowledged_at.is_(None), receipt.c.declined_at.is_not(None)))
    .values(acknowledged_at=WAS_ACKNOWLEDGED, **COMES)
    .returning(receipt),
    "underway": update(receipt)
    .where(MINE, or_(receipt.c.underway_at.is_(None), receipt.c.declined_at.is_not(None)))
    .where(receipt.c.arrived_at.is_(None))
    .values(
        acknowledged_at=WAS_ACKNOWLEDGED,
        underway_at=NOW,
        expected_at=bindparam("expected", type_=Moment),
        **COMES,
    )
    .returning(receipt),
    "arrived": update(receipt)
    .where(MINE, or_(receipt.c.arrived_at.is_(None), receipt.c.declined_at.is_not(None)))
    .values(acknowledged_at=WAS_ACKNOWLEDGED, arrived_at=NOW, **COMES)
    .returning(receipt),
    "declined": update(receipt).where(MINE, receipt.c.declined_at.is_(None)).values(declined_at=NOW).returning(receipt),
}
"""Each step is taken once; whoever could not come may come after all."""
EXPECTED = (
    update(receipt)
    .where(MINE, receipt.c.arrived_at.is_(None))
    .values(expected_at=bindparam("expected", type_=Moment))
    .returning(receipt)
)
CALLED = and_(receipt.c.notice == bindparam("number"), receipt.c.called_at.is_not(None))
COMING = receipt.c.declined_at.is_(None)


def _many(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*conditions), 1), else_=0))


def _whether(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, 1), else_=0))


TALLIES = (
    select(
        receipt.c.grid_id,
        _many(COMING),
        _many(unanswered()),
        _many(COMING, or_(receipt.c.acknowledged_at.is_not(None), receipt.c.arrived_at.is_not(None))),
        _many(COMING, receipt.c.underway_at.is_not(None), receipt.c.arrived_at.is_(None)),
        _many(COMING, receipt.c.arrived_at.is_not(None)),
        _many(receipt.c.declined_at.is_not(None)),
    )
    .where(CALLED, receipt.c.grid_id.is_not(None))
    .group_by(receipt.c.grid_id)
)
ARRIVALS = select(receipt.c.grid_id, receipt.c.expected_at).where(
    CALLED, COMING, receipt.c.arrived_at.is_(None), receipt.c.expected_at.is_not(None), receipt.c.grid_id.is_not(None)
)
SILENT = (
    select(
        receipt.c.grid_id,
        func.count(),
        func.aggregate_strings(func.coalesce(person.c.name, account.c.name), "、"),
        func.aggregate_strings(
            func.trim(
                func.coalesce(person.c.name, account.c.name)
                + " "
                + case((receipt.c.post_id.is_not(None), func.coalesce(person.c.phone, "")), else_="")
            ),
            "、",
        ),
    )
    .join(account, account.c.id == receipt.c.account_id)
    .outerjoin(person, person.c.id == receipt.c.person_id)
    .where(CALLED, unanswered(), receipt.c.grid_id.is_not(None))
    .group_by(receipt.c.grid_id)
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far it has come with those called in one grid, or in a grid and all below it."""

    expected: int = 0
    """Called, and not excused."""
    silent: int = 0
    acknowledged: int = 0
    underway: int = 0
    arrived: int = 0
    declined: int = 0

    @property
    def addressed(self) -> int:
        """All who were called: what shares are taken of, whoever said no since."""
        return self.expected + self.declined

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.expected + other.expected,
            self.silent + other.silent,
            self.acknowledged + other.acknowledged,
            self.underway + other.underway,
            self.arrived + other.arrived,
            self.declined + other.declined,
        )


@dataclass(frozen=True, slots=True)
class Silence:
    """Those called in one grid who have not answered."""

    grid_id: int
    many: int
    names: str
    numbers: str
    """The names with the phone numbers of those on duty: for a private word alone."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Somebody who was called in a grid and comes: who can be asked about the others there."""

    grid_id: int
    post_id: int | None
    channel: str
    external: str


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody with an account whom a name may mean."""

    account_id: int
    channel: str
    external: str
    person_id: int | None
    name: str
    grid_id: int
    role: str
    """Empty for a neighbour without a post."""
    post_id: int | None


@dataclass(frozen=True, slots=True)
class Free:
    """How many people of a grid and all below it could be sent elsewhere."""

    grid_id: int
    name: str
    many: int


def card(number: int) -> str:
    """The name of the card by which somebody is called."""
    return outbox.card_of(number)


def going(session: Session) -> Mapping[int, Notice]:
    """Every mobilization that is not over, from memory until one begins or ends."""
    kept = session.shelf(GOING)
    if ALL not in kept:
        kept[ALL] = {row.number: row for row in notices.going(session, KINDS)}
    return kept[ALL]


def forget(session: Session, number: int) -> None:
    """It was stopped meanwhile: nobody's words are an answer to it any more."""
    if number in going(session):
        session.organization_changed()


def begin(session: Session, number: int) -> None:
    """It is released: from now on everybody's words are looked at for an answer to it."""
    session.run(insert(muster), {"notice": number, "marks": 0})
    session.organization_changed()


def end(session: Session, number: int, **values: object) -> bool:
    """It is over; False when it was already."""
    ended = notices.change(session, number, only_if=(notices.GOING,), state=notices.ENDED, **values)
    session.organization_changed()
    return ended


def get(session: Session, number: int) -> Muster:
    """What the clock has done for it."""
    return session.all(Muster, select(muster).where(muster.c.notice == number))[0]


def change(session: Session, number: int, **values: object) -> None:
    """Set these columns."""
    session.run(update(muster).where(muster.c.notice == number).values(**values))


def fill(session: Session, number: int, now: datetime) -> bool:
    """Note that everybody is on site; False when that was noted before."""
    return bool(
        session.run(update(muster).where(muster.c.notice == number, muster.c.full_at.is_(None)).values(full_at=now))
    )


def step(
    session: Session, number: int, account_id: int, step: Step, now: datetime, expected_at: datetime | None = None
) -> tuple[Receipt | None, bool]:
    """This account's receipt after the step, and whether it was new; None for whoever was not called. One statement
    for what is new."""
    values: dict[str, object] = {"number": number, "account": account_id}
    taken = session.first(
        Receipt, STEPS[step], {**values, "now": now} | ({"expected": expected_at} if step == "underway" else {})
    )
    if taken is not None:
        return taken, True
    if expected_at is not None and (later := session.first(Receipt, EXPECTED, {**values, "expected": expected_at})):
        return later, False
    return notices.receipt_of(session, number, account_id), False


def tallies(session: Session, number: int) -> dict[int, Tally]:
    """How far it has come, per grid in which somebody was called."""
    rows = session.connection.execute(TALLIES, {"number": number})
    return {int(grid_id): Tally(*(int(many) for many in figures)) for grid_id, *figures in rows}


def arrivals(session: Session, number: int) -> list[tuple[int, datetime]]:
    """(grid, when) of those under way who said when they will be there."""
    return [(int(grid_id), at) for grid_id, at in session.connection.execute(ARRIVALS, {"number": number})]


def silent(session: Session, number: int) -> list[Silence]:
    """Those who have not answered, one row a grid."""
    return [Silence(*row) for row in session.connection.execute(SILENT, {"number": number})]


def ready(session: Session, number: int, now: datetime, roles: Collection[str] = ()) -> dict[int, Ready]:
    """In each grid the first of those seated there who said yes, wherever they were called; with one of these roles,
    where some are named."""
    place = func.row_number().over(partition_by=post.c.grid_id, order_by=(post.c.seat, post.c.id))
    yes = (
        select(post.c.grid_id, post.c.id, account.c.channel, account.c.external, place.label("place"))
        .select_from(receipt)
        .join(post, post.c.person_id == receipt.c.person_id)
        .join(account, account.c.id == receipt.c.account_id)
        .where(CALLED, COMING, post.c.grid_id.is_not(None), post.c.role != RESIDENT)
        .where(or_(receipt.c.acknowledged_at.is_not(None), receipt.c.arrived_at.is_not(None)))
        .where(or_(post.c.until.is_(None), post.c.until > now))
    )
    each = (yes.where(post.c.role.in_(list(roles))) if roles else yes).subquery("each")
    firsts = select(each.c.grid_id, each.c.id, each.c.channel, each.c.external).where(each.c.place == 1)
    return {int(row[0]): Ready(*row) for row in session.connection.execute(firsts, {"number": number})}


def note_rung(session: Session, number: int, act: str, now: datetime) -> int:
    """Count and journal that all who are silent were reminded or passed on; how many they are."""
    names = ("at", "act", "phase", "matter_id", "grid_id", "post_id", "why", "detail")
    rows = select(
        literal(now, Moment),
        literal(act),
        literal(""),
        receipt.c.notice,
        receipt.c.grid_id,
        receipt.c.post_id,
        literal(""),
        literal(""),
    ).where(CALLED, unanswered())
    noted = session.run(insert(entry).from_select(names, rows), {"number": number})
    session.run(
        update(receipt).where(CALLED, unanswered()).values(rung=receipt.c.rung + 1),
        {"number": number},
    )
    return noted


def set_up_boards(session: Session, number: int, roles: Collection[str]) -> int:
    """A live card for each of those called with one of these roles whose grid has others below it."""
    lower = grid.alias("lower")
    leads = (
        select(receipt.c.notice, receipt.c.grid_id, account.c.channel, account.c.external, literal(""))
        .join(account, account.c.id == receipt.c.account_id)
        .where(CALLED, receipt.c.role.in_(list(roles)))
        .where(exists().where(lower.c.parent_id == receipt.c.grid_id, lower.c.ended_at.is_(None)))
        .order_by(receipt.c.depth, receipt.c.id)
    )
    adding = session.insert_unless_there(board)
    return session.run(
        adding.from_select(("notice", "grid_id", "channel", "target", "shown"), leads), {"number": number}
    )


def set_up_board(session: Session, number: int, grid_id: int, channel: str, target: str) -> None:
    """A live card for this account."""
    row = {"notice": number, "grid_id": grid_id, "channel": channel, "target": target, "shown": ""}
    session.run(session.insert_unless_there(board), row)


def boards(session: Session, number: int) -> list[Board]:
    """Its live cards, the highest grids first."""
    return session.all(Board, select(board).where(board.c.notice == number).order_by(board.c.id))


def show(session: Session, shown: Sequence[tuple[int, str]]) -> None:
    """These boards show these figures now."""
    if shown:
        changing = update(board).where(board.c.id == bindparam("of")).values(shown=bindparam("figures"))
        session.run(changing, [{"of": board_id, "figures": figures} for board_id, figures in shown])


def named(session: Session, name: str, code: str, now: datetime) -> list[Named]:
    """Those called so who hold a post or live in the subtree, and have an account; each once, posts first."""
    mine = account.alias("mine")
    first = select(func.min(mine.c.id)).where(mine.c.person_id == person.c.id).scalar_subquery()
    seated = (
        select(
            account.c.id, account.c.channel, account.c.external, person.c.id, person.c.name, grid.c.id, post.c.role,
            post.c.id,
        )
        .select_from(post)
        .join(person, person.c.id == post.c.person_id)
        .join(grid, grid.c.id == post.c.grid_id)
        .join(account, account.c.id == first)
        .where(person.c.name == name, person.c.ended_at.is_(None), within(code), LIVE, post.c.role != RESIDENT)
        .where(or_(post.c.since.is_(None), post.c.since <= now), or_(post.c.until.is_(None), post.c.until > now))
        .order_by(grid.c.depth, post.c.seat, post.c.id)
    )  # fmt: skip
    living = (
        select(
            account.c.id, account.c.channel, account.c.external, account.c.person_id,
            func.coalesce(person.c.name, account.c.name), grid.c.id, literal(""), literal(None),
        )
        .select_from(account)
        .join(grid, grid.c.id == account.c.grid_id)
        .outerjoin(person, person.c.id == account.c.person_id)
        .where(func.coalesce(person.c.name, account.c.name) == name, within(code), LIVE)
        .order_by(account.c.id)
    )  # fmt: skip
    found: dict[object, Named] = {}
    for statement in (seated, living):
        for row in session.connection.execute(statement):
            one = Named(*row)
            found.setdefault(one.person_id or f"account {one.account_id}", one)
    return list(found.values())


def called(session: Session, account_id: int) -> Named:
    """This account with the post and the grid that it is known by."""
    found = (
        select(
            account.c.id, account.c.channel, account.c.external, account.c.person_id,
            func.coalesce(person.c.name, account.c.name), func.coalesce(account.c.grid_id, 0), literal(""),
            literal(None),
        )
        .outerjoin(person, person.c.id == account.c.person_id)
        .where(account.c.id == account_id)
    )  # fmt: skip
    return Named(*session.connection.execute(found).one())


def stand_in(session: Session, of: Receipt, to: Named, now: datetime) -> tuple[Receipt, bool]:
    """The receipt of whoever takes it over from now on, and whether it is new: else that person was called anyway."""
    row = {
        "notice": of.notice,
        "account_id": to.account_id,
        "person_id": to.person_id,
        "post_id": to.post_id,
        "grid_id": of.grid_id,
        "depth": of.depth,
        "role": of.role,
        "called_at": now,
        "rung": 0,
        "answer": "",
    }
    new = bool(session.run(session.insert_unless_there(receipt), row))
    taking = notices.receipt_of(session, of.notice, to.account_id)
    if taking is None:
        raise LookupError("a receipt that was just written is not there")
    if new:
        session.run(update(notice).where(notice.c.number == of.notice).values(called=notice.c.called + 1))
    session.run(update(receipt).where(receipt.c.id == of.id).values(stand_in=taking.id))
    session.notes(TAKERS).pop(of.notice, None)
    return taking, new


def covered_by(session: Session, taker: Receipt) -> list[Receipt]:
    """The receipts of those who cannot come and for whom this one comes instead, the lowest places first. Who comes instead
    of anybody is looked up once a batch."""
    noted = session.notes(TAKERS)
    if taker.notice not in noted:
        every = select(receipt.c.stand_in).where(receipt.c.notice == taker.notice, receipt.c.stand_in.is_not(None))
        noted[taker.notice] = set(session.connection.execute(every).scalars())
    if taker.id not in noted[taker.notice]:
        return []
    mine = select(receipt).where(
        receipt.c.notice == taker.notice, receipt.c.stand_in == taker.id, receipt.c.declined_at.is_not(None)
    )
    return session.all(Receipt, mine.order_by(receipt.c.depth.desc(), receipt.c.id))


def uncover(session: Session, of: Receipt) -> None:
    """Nobody comes instead any more."""
    session.run(update(receipt).where(receipt.c.id == of.id).values(stand_in=None))


def left_open(session: Session, number: int) -> dict[int, Tally]:
    """The grids where everybody called said no: one place each, as far as whoever comes instead has come."""
    taker = receipt.alias("taker")
    theirs = taker.c.declined_at.is_(None)
    heard = and_(theirs, or_(taker.c.acknowledged_at.is_not(None), taker.c.arrived_at.is_not(None)))
    there = and_(theirs, taker.c.arrived_at.is_not(None))
    goes = and_(theirs, taker.c.underway_at.is_not(None), taker.c.arrived_at.is_(None))
    rows = session.connection.execute(
        select(receipt.c.grid_id, _whether(heard), _whether(goes), _whether(there))
        .select_from(receipt)
        .outerjoin(taker, taker.c.id == receipt.c.stand_in)
        .where(CALLED, receipt.c.grid_id.is_not(None))
        .group_by(receipt.c.grid_id)
        .having(func.sum(case((COMING, 1), else_=0)) == 0),
        {"number": number},
    )
    return {int(row[0]): Tally(1, 1 - int(row[1]), int(row[1]), int(row[2]), int(row[3])) for row in rows}


def take_back(session: Session, of: Receipt, **values: object) -> Receipt:
    """The receipt as it was before its last step."""
    session.run(update(receipt).where(receipt.c.id == of.id).values(**values))
    return session.all(Receipt, select(receipt).where(receipt.c.id == of.id))[0]


def receipts_of(session: Session, number: int, people: Collection[int]) -> dict[int, Receipt]:
    """The receipts of these people, by person."""
    wanted = select(receipt).where(receipt.c.notice == number, receipt.c.person_id.in_(list(people)))
    return {row.person_id or 0: row for row in session.all(Receipt, wanted)} if people else {}


def ask_for(session: Session, values: Mapping[str, object]) -> int:
    """A request for people; its id."""
    return session.returned(int, insert(surge).returning(surge.c.id), [values])[0]


def surge_of(session: Session, id: int) -> Surge | None:
    """The request with this id."""
    return session.first(Surge, select(surge).where(surge.c.id == id))


def change_surge(session: Session, id: int, **values: object) -> None:
    """Set these columns."""
    session.run(update(surge).where(surge.c.id == id).values(**values))


def _movable(number: int, code: str, not_in: str, spare: Collection[str]) -> Select[Any]:
    """The receipts of those in a subtree who have said yes, but not of those in another one; whoever is the last of a
    place stays, and so does whoever stands in for somebody."""
    place = func.row_number().over(
        partition_by=receipt.c.grid_id,
        order_by=(case((receipt.c.arrived_at.is_not(None), 0), else_=1), receipt.c.acknowledged_at, receipt.c.id),
    )
    held = (
        select(receipt.c.id, place.label("place"))
        .where(receipt.c.notice == number, receipt.c.called_at.is_not(None), COMING)
        .where(receipt.c.acknowledged_at.is_not(None), receipt.c.role.not_in(list(spare)))
        .subquery("held")
    )
    absent = receipt.alias("absent")
    covers = exists().where(absent.c.stand_in == receipt.c.id, absent.c.declined_at.is_not(None))
    last = receipt.c.id.in_(select(held.c.id).where(held.c.place == 1))
    where = (
        receipt.c.notice == number,
        receipt.c.called_at.is_not(None),
        receipt.c.acknowledged_at.is_not(None),
        COMING,
        ~last,
        ~covers,
        within(code),
        ~within(not_in),
    )
    return select(receipt.c.id).join(grid, grid.c.id == receipt.c.grid_id).where(*where)


def free(session: Session, number: int, above: Grid, needing: Grid, spare: Collection[str]) -> list[Free]:
    """How many could be sent by each grid right below this one, the most first; the one in need is left out."""
    lower = grid.alias("lower")
    rows = session.connection.execute(
        select(lower.c.id, lower.c.name, func.count())
        .select_from(receipt)
        .join(grid, grid.c.id == receipt.c.grid_id)
        .join(lower, and_(grid.c.code >= lower.c.code, grid.c.code < lower.c.code + literal(":", String)))
        .where(lower.c.parent_id == above.id, lower.c.ended_at.is_(None))
        .where(receipt.c.id.in_(_movable(number, above.code, needing.code, spare)))
        .group_by(lower.c.id, lower.c.name)
        .order_by(func.count().desc(), lower.c.id)
    )
    return [Free(*row) for row in rows]


def send(
    session: Session, number: int, giving: Grid, needing: Grid, many: int, spare: Collection[str]
) -> list[Receipt]:
    """The receipts of those who are sent over, at most so many: spare people first, and of them those not yet on site;
    they have said yes, and set out anew for the grid that needs them."""
    chosen = (
        _movable(number, giving.code, needing.code, spare)
        .order_by(
            case((receipt.c.role.in_(list(spare)), 0), else_=1),
            case((receipt.c.arrived_at.is_(None), 0), else_=1),
            receipt.c.depth.desc(),
            receipt.c.id.desc(),
        )
        .limit(many)
    )
    ids = list(session.connection.execute(chosen).scalars())
    moving: dict[str, object] = {
        "grid_id": needing.id,
        "depth": needing.depth,
        "underway_at": None,
        "arrived_at": None,
        "expected_at": None,
        "rung": 0,
    }
    return session.all(Receipt, update(receipt).where(receipt.c.id.in_(ids)).values(**moving).returning(receipt))


def without_seat(
    session: Session, code: str, levels: Collection[str], roles: Collection[str], now: datetime
) -> list[str]:
    """The names of the grids of these levels in which nobody with an account holds any of these roles."""
    mine = account.alias("mine")
    held = exists().where(
        post.c.grid_id == grid.c.id,
        post.c.role.in_(list(roles)),
        or_(post.c.since.is_(None), post.c.since <= now),
        or_(post.c.until.is_(None), post.c.until > now),
        exists().where(mine.c.person_id == post.c.person_id),
    )
    lacking = select(grid.c.name).where(within(code), LIVE, grid.c.level.in_(list(levels)), ~held).order_by(grid.c.code)
    return list(session.connection.execute(lacking).scalars())
