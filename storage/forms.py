"""Forms: what people say about themselves, kept as long as was promised and no longer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Index,
    Select,
    String,
    bindparam,
    cast,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table
from storage.grids import grid, within
from storage.people import account, person
from storage.session import Session
from storage.timers import timer

DRAFT, KEPT, WITHDRAWN, EXPIRED = "draft", "kept", "withdrawn", "expired"
NOTHING = "{}"
ERASED = {"answers": NOTHING, "known": "", "building": "", "unit": "", "room": ""}
"""What is left of the answers once they are no longer needed: nothing but that they were there."""


class Filing(SQLModel, table=True):
    """报备: one set of answers to one form, from the first word on; a restart loses none of it."""

    __table_args__ = (
        Index("filing_number", "number", unique=True),
        Index("filing_account", "account_id", "state"),
        Index("filing_grid", "grid_id", "form", "state"),
        Index("filing_revises", "revises_id"),
    )
    id: int = Field(primary_key=True)
    number: int
    form: str
    """The code of the form: the name of its file."""
    version: int
    """The form's version when it was last answered."""
    account_id: int = Field(foreign_key="account.id")
    grid_id: int | None = Field(default=None, foreign_key="grid.id")
    building: str = ""
    unit: str = ""
    room: str = ""
    state: str
    """draft, kept, withdrawn or expired."""
    step: str = ""
    """The question that waits."""
    answers: str = NOTHING
    """JSON: what was answered, by question; an empty answer was skipped."""
    known: str = ""
    """The questions that were filled in because the answer was held already, separated by blanks."""
    revises_id: int | None = Field(default=None, foreign_key="filing.id")
    """The kept filing that this draft will change."""
    opened_at: datetime = Field(sa_type=Moment)
    touched_at: datetime = Field(sa_type=Moment)
    kept_at: datetime | None = Field(default=None, sa_type=Moment)
    kept_until: datetime | None = Field(default=None, sa_type=Moment)


class SheetMap(SQLModel, table=True):
    """Which column of a superior's sheet is filled from which question: remembered by the sheet's own headers."""

    __tablename__ = "sheet_map"  # pyright: ignore[reportAssignmentType]
    key: str = Field(primary_key=True)
    """form|fingerprint of the headers."""
    columns: str
    """JSON: header to question."""
    at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many filings of one form there are."""

    form: str
    many: int


filing, sheet_map = table(Filing), table(SheetMap)
ADD = insert(filing).returning(filing)
BY_NUMBER = select(filing).where(filing.c.number == bindparam("number"))
BY_IDS = select(filing).where(filing.c.id.in_(bindparam("ids", expanding=True))).order_by(filing.c.id)
CHANGE = (
    update(filing).where(filing.c.id == bindparam("of_id"), filing.c.state == bindparam("in_state")).returning(filing)
)
"""What is changed is named by the values that come with it."""
OF_ACCOUNT = (
    select(filing)
    .where(filing.c.account_id == bindparam("account_id"), filing.c.state.in_(bindparam("states", expanding=True)))
    .order_by(filing.c.touched_at.desc(), filing.c.id.desc())
    .limit(50)
)


def add(session: Session, values: Mapping[str, object]) -> Filing:
    """A new draft."""
    return session.all(Filing, ADD, values)[0]


def by_number(session: Session, number: int, *, to_change: bool = False) -> Filing | None:
    """The filing with this number; `to_change` lets nobody else change it before this transaction ends."""
    statement = BY_NUMBER.with_for_update() if to_change and session.is_postgres else BY_NUMBER
    return session.first(Filing, statement, {"number": number})


def by_ids(session: Session, ids: Collection[int]) -> list[Filing]:
    """The filings with these ids."""
    return session.all(Filing, BY_IDS, {"ids": list(ids)}) if ids else []


def of_account(session: Session, account_id: int, *states: str) -> list[Filing]:
    """The account's filings in these states, the last touched first."""
    return session.all(Filing, OF_ACCOUNT, {"account_id": account_id, "states": list(states)})


def change(session: Session, id: int, state: str, values: Mapping[str, object]) -> Filing | None:
    """The filing after the change; None when it is no longer in `state`."""
    return session.first(Filing, CHANGE, {**values, "of_id": id, "in_state": state})


def end(session: Session, ids: Collection[int], state: str, now: datetime) -> int:
    """Let these filings be withdrawn or expired: their answers are gone in the same breath."""
    if not ids:
        return 0
    wanted = filing.c.id.in_(ids) & filing.c.state.in_((DRAFT, KEPT))
    return session.run(update(filing).where(wanted).values(state=state, step="", touched_at=now, **ERASED))


def forget(session: Session, account_id: int, now: datetime) -> int:
    """Erase every answer of this account, on its own wish; how many filings it was."""
    mine = (filing.c.account_id == account_id) & filing.c.state.in_((DRAFT, KEPT))
    return session.run(update(filing).where(mine).values(state=WITHDRAWN, step="", touched_at=now, **ERASED))


def drop(session: Session, id: int) -> None:
    """A draft whose answers went into the filing it revises."""
    session.run(filing.delete().where(filing.c.id == id))


def tally(session: Session, codes: Sequence[str], forms: Collection[str]) -> list[Tally]:
    """How many kept filings of these forms the subtrees have, the most first."""
    many = func.count().label("many")
    statement = select(filing.c.form, many).join(grid, grid.c.id == filing.c.grid_id)
    statement = statement.where(_in(codes), filing.c.state == KEPT, filing.c.form.in_(forms))
    rows = session.connection.execute(statement.group_by(filing.c.form).order_by(many.desc(), filing.c.form))
    return [Tally(*row) for row in rows]


def below(session: Session, codes: Sequence[str], form: str, start: int = 0, most: int = 100_000) -> list[Filing]:
    """The kept filings of one form in these subtrees, in walking order."""
    statement = select(filing).join(grid, grid.c.id == filing.c.grid_id)
    statement = statement.where(_in(codes), filing.c.state == KEPT, filing.c.form == form)
    walking = (grid.c.code, func.length(filing.c.building), filing.c.building, filing.c.unit)
    order = (*walking, func.length(filing.c.room), filing.c.room, filing.c.id)
    return session.all(Filing, statement.order_by(*order).offset(start).limit(most))


def unheard(session: Session, codes: Sequence[str], forms: Collection[str]) -> list[Filing]:
    """The kept filings of these forms in the subtrees of which something waits, the longest waiting first."""
    statement = select(filing).join(grid, grid.c.id == filing.c.grid_id)
    statement = statement.where(_in(codes), filing.c.state == KEPT, filing.c.step != "", filing.c.form.in_(forms))
    return session.all(Filing, statement.order_by(filing.c.step, filing.c.id).limit(50))


def without_timer(session: Session, forms: Collection[str], kind: str, after: int, most: int) -> list[Filing]:
    """The kept filings of these forms, from the one after this id on, that no timer of the kind looks at again."""
    session.flush()
    key = literal(f"{kind} ").concat(cast(filing.c.id, String))
    looked_at = exists().where(timer.c.key == key)
    statement = select(filing).where(filing.c.state == KEPT, filing.c.form.in_(list(forms)), filing.c.id > after)
    return session.all(Filing, statement.where(~looked_at).order_by(filing.c.id).limit(most)) if forms else []


def at_door(
    session: Session, codes: Sequence[str], forms: Collection[str], building: str, unit: str, room: str
) -> list[Filing]:
    """What is kept about one door in these subtrees; without a unit, of every unit.

    A door without a building is a village's, whose address may be begun in several ways: its end counts.
    """
    statement = select(filing).join(grid, grid.c.id == filing.c.grid_id)
    statement = statement.where(_in(codes), filing.c.state == KEPT, filing.c.form.in_(forms))
    there = filing.c.room == room if building else filing.c.room.endswith(room, autoescape=True)
    statement = statement.where(filing.c.building == building, there)
    if unit:
        statement = statement.where(filing.c.unit.in_((unit, "")))
    order = (grid.c.code, filing.c.form, filing.c.kept_at, filing.c.id)
    return session.all(Filing, statement.order_by(*order).limit(60))


def of_name(session: Session, codes: Sequence[str], forms: Collection[str], name: str) -> list[Filing]:
    """What is kept in these subtrees by somebody of this name, or names it in an answer."""
    statement = select(filing).join(grid, grid.c.id == filing.c.grid_id)
    statement = statement.where(_in(codes), filing.c.state == KEPT, filing.c.form.in_(forms))
    named = filing.c.answers.contains(name, autoescape=True) | filing.c.account_id.in_(_called(name))
    order = (grid.c.code, filing.c.form, filing.c.kept_at, filing.c.id)
    return session.all(Filing, statement.where(named).order_by(*order).limit(60))


def by_people_called(session: Session, account_ids: Collection[int], name: str) -> set[int]:
    """Which of these accounts are of somebody called so."""
    statement = _called(name).where(account.c.id.in_(account_ids))
    return set(session.connection.execute(statement).scalars()) if account_ids else set()


def many_called(session: Session, codes: Sequence[str], name: str) -> int:
    """How many people of this name live in these subtrees, as far as they are known."""
    statement = _called(name).join(grid, grid.c.id == account.c.grid_id).where(_in(codes))
    whom = func.coalesce(account.c.person_id, -account.c.id)
    return session.one(int, statement.with_only_columns(func.count(whom.distinct()), maintain_column_froms=True))


def _called(name: str) -> Select[int]:
    of_person = select(person.c.id).where(person.c.name == name)
    return select(account.c.id).where((account.c.name == name) | account.c.person_id.in_(of_person))


def columns_of(session: Session, key: str) -> str:
    """The remembered column map, as JSON; an empty one when this sheet is new."""
    return session.maybe(str, select(sheet_map.c.columns).where(sheet_map.c.key == key)) or NOTHING


def remember_columns(session: Session, key: str, columns: str, now: datetime) -> None:
    """The column map of this sheet from now on."""
    session.upsert(sheet_map, [{"key": key, "columns": columns, "at": now}])


def _in(codes: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(within(code) for code in codes)) if codes else false()
