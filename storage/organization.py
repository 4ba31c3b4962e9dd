"""The whole organization at once: what stands now, and the few bulk statements that turn it into what a plan says."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Table, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.chats import Chat, chat
from storage.grids import LIVE, Grid, grid
from storage.people import Account, Household, Person, account, household, person
from storage.plan import (
    Plan,
    PlannedChat,
    PlannedGrid,
    PlannedHousehold,
    PlannedPerson,
    PlannedPost,
    PlannedUnit,
)
from storage.posts import Post, Unit, post, unit
from storage.session import Session

T = TypeVar("T")
CHUNK = 2000
ONE_IMPORT_AT_A_TIME = 0x6F7267
"""The key of the PostgreSQL lock that two imports compete for."""
Progress = Callable[[str, int, int], None]
"""Called with a noun, how many of its rows are written, and how many there are."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of one noun came, changed and ended."""

    added: int = 0
    changed: int = 0
    ended: int = 0


def lock(session: Session) -> None:
    """Let no second import begin before this transaction ends (SQLite has one writer anyway); what is kept lapses."""
    session.organization_changed()
    if session.is_postgres:
        session.connection.execute(select(func.pg_advisory_xact_lock(ONE_IMPORT_AT_A_TIME)))


def standing_count(session: Session) -> int:
    """How many grids, people, posts and bound groups there are now."""
    living = (
        select(func.count()).select_from(grid).where(grid.c.ended_at.is_(None)),
        select(func.count()).select_from(person).where(person.c.ended_at.is_(None)),
        select(func.count()).select_from(post).where(post.c.until.is_(None)),
        select(func.count()).select_from(chat).where(chat.c.grid_id.is_not(None), chat.c.gone_at.is_(None)),
    )
    return sum(session.one(int, count) for count in living)


def standing(session: Session, now: datetime) -> Plan:
    """The organization as it lives now, in the order of its codes."""
    grids = session.all(Grid, select(grid).where(LIVE).order_by(grid.c.depth, grid.c.code))
    codes = {row.id: row.code for row in grids}
    people = session.all(Person, select(person).where(person.c.ended_at.is_(None)).order_by(person.c.key))
    keys = {row.id: row.key for row in people}
    units = session.all(Unit, select(unit).where(unit.c.ended_at.is_(None)).order_by(unit.c.code))
    unit_codes = {row.id: row.code for row in units}
    accounts: dict[int, list[Account]] = {}
    for row in session.all(Account, select(account).where(account.c.person_id.is_not(None)).order_by(account.c.id)):
        accounts.setdefault(row.person_id or 0, []).append(row)
    posts = session.all(Post, select(post).where(_held(now)).order_by(post.c.person_id, post.c.id))
    homes = _homes(posts, codes)
    bound = select(chat).where(chat.c.grid_id.in_(select(grid.c.id).where(LIVE)), chat.c.gone_at.is_(None))
    doors = select(household).where(household.c.ended_at.is_(None))
    return Plan(
        grids=tuple(
            PlannedGrid(
                row.code,
                row.name,
                row.level,
                row.depth,
                codes.get(row.parent_id or 0),
                row.kind,
                row.households,
                row.people,
                row.aliases,
            )
            for row in grids
        ),
        people=tuple(
            PlannedPerson(
                row.key,
                row.name,
                row.phone,
                tuple((known.channel, known.external) for known in accounts.get(row.id, ())),
                homes.get(row.id),
            )
            for row in people
        ),
        units=tuple(
            PlannedUnit(row.code, row.name, row.kind, codes[row.grid_id]) for row in units if row.grid_id in codes
        ),
        posts=tuple(
            PlannedPost(
                keys[row.person_id],
                codes.get(row.grid_id or 0),
                unit_codes.get(row.unit_id or 0),
                row.role,
                row.seat,
                row.mode,
                row.shift,
                row.since,
                row.until,
            )
            for row in posts
            if row.person_id in keys and (row.grid_id in codes or row.unit_id in unit_codes)
        ),
        chats=tuple(
            PlannedChat(row.channel, row.external, row.name, codes[row.grid_id or 0], row.audience)
            for row in session.all(Chat, bound.order_by(chat.c.id))
        ),
        households=tuple(
            PlannedHousehold(codes[row.grid_id], row.building, row.unit, row.room, row.people)
            for row in session.all(Household, doors.order_by(household.c.id))
            if row.grid_id in codes
        ),
    )


def write_grids(session: Session, planned: Sequence[PlannedGrid], now: datetime, progress: Progress) -> Tally:
    """Let exactly these grids live."""
    rows = session.all(Grid, select(grid).where(LIVE))
    stood = {row.code: row for row in rows}
    ids = {row.code: row.id for row in rows}
    codes = {row.code for row in planned}
    gone = [row.id for row in rows if row.code not in codes]
    _end(session, grid, gone, {"ended_at": now})
    session.run(update(account).where(account.c.grid_id.in_(select(grid.c.id).where(~LIVE))).values(grid_id=None))
    added, changed = 0, list[Row]()
    for depth in sorted({row.depth for row in planned}):
        fresh = list[Row]()
        for row in planned:
            if row.depth != depth:
                continue
            values = _grid_values(row, ids)
            old = stood.get(row.code)
            if old is None:
                fresh.append(values)
            elif _differs(old, values):
                changed.append({**values, "row": old.id})
        for part in _chunks(fresh):
            for found in session.connection.execute(insert(grid).returning(grid.c.id, grid.c.code), part):
                ids[found.code] = found.id
            added += len(part)
            progress("grids", added, len(planned))
    _change(session, grid, changed)
    progress("grids", len(planned), len(planned))
    return Tally(added, len(changed), len(gone))


def write_people(session: Session, planned: Sequence[PlannedPerson], now: datetime, progress: Progress) -> Tally:
    """Let exactly these people be known; whoever is no longer named ends."""
    rows = session.all(Person, select(person).where(person.c.ended_at.is_(None)))
    values = {row.key: {"key": row.key, "name": row.name, "phone": row.phone} for row in planned}
    return _settle(session, "people", person, {row.key: row for row in rows}, values, {"ended_at": now}, progress)


def write_units(session: Session, planned: Sequence[PlannedUnit], now: datetime, progress: Progress) -> Tally:
    """Let exactly these departments live."""
    grids = _grid_ids(session)
    rows = session.all(Unit, select(unit).where(unit.c.ended_at.is_(None)))
    values = {
        row.code: {"code": row.code, "name": row.name, "kind": row.kind, "grid_id": grids[row.grid]} for row in planned
    }
    return _settle(session, "units", unit, {row.code: row for row in rows}, values, {"ended_at": now}, progress)


def write_posts(session: Session, planned: Sequence[PlannedPost], now: datetime, progress: Progress) -> Tally:
    """Let exactly these posts be held; the others end now and stay as history."""
    grids, people, units = _grid_ids(session), _person_ids(session), _unit_ids(session)
    values: dict[object, Row] = {}
    for row in planned:
        seated = {
            "person_id": people[row.person],
            "grid_id": None if row.grid is None else grids[row.grid],
            "unit_id": None if row.unit is None else units[row.unit],
            "role": row.role,
            "seat": row.seat,
            "mode": row.mode,
            "shift": row.shift,
            "since": row.since,
            "until": row.until,
        }
        values[tuple(seated[name] for name in _SEAT)] = seated
    stood: dict[object, Any] = {}
    for past in session.all(Post, select(post).where(~_held(now))):
        if _seat_of(past) in values and not _differs(past, values[_seat_of(past)]):
            stood[_seat_of(past)] = past  # its term was stated, and has run out: nothing to do
    living = session.all(Post, select(post).where(_held(now)))
    stood |= {_seat_of(row): row for row in living}
    _end(session, post, [row.id for row in living if stood[_seat_of(row)].id != row.id], {"until": now})
    return _settle(session, "posts", post, stood, values, {"until": now}, progress)


def write_accounts(session: Session, planned: Sequence[PlannedPerson], now: datetime, progress: Progress) -> Tally:
    """Tie these accounts to their people and homes; one that is no longer named belongs to nobody."""
    grids, people = _grid_ids(session), _person_ids(session)
    stood = {(row.channel, row.external): row for row in session.all(Account, select(account))}
    wanted: dict[tuple[str, str], Row] = {}
    for row in planned:
        for channel, external in row.accounts:
            old = stood.get((channel, external))
            learnt = None if old is None else old.grid_id
            wanted[channel, external] = {
                "channel": channel,
                "external": external,
                "name": row.name if old is None else old.name,
                "person_id": people[row.key],
                "grid_id": learnt if row.home is None else grids[row.home],
                "since": now if old is None else old.since,
            }
    gone = [row.id for row in stood.values() if row.person_id and (row.channel, row.external) not in wanted]
    _end(session, account, gone, {"person_id": None})
    return _upsert(session, "accounts", account, stood, wanted, ("person_id", "grid_id"), len(gone), progress)


def write_chats(session: Session, planned: Sequence[PlannedChat], now: datetime, progress: Progress) -> Tally:
    """Bind exactly these chats; all others are bound to nothing."""
    grids = _grid_ids(session)
    stood = {(row.channel, row.external): row for row in session.all(Chat, select(chat))}
    wanted: dict[tuple[str, str], Row] = {}
    for row in planned:
        old = stood.get((row.channel, row.external))
        wanted[row.channel, row.external] = {
            "channel": row.channel,
            "external": row.external,
            "name": row.name or ("" if old is None else old.name),
            "grid_id": grids[row.grid],
            "audience": row.audience,
            "joined_at": now if old is None else old.joined_at,
        }
    gone, moved = list[int](), list[int]()
    for identity, old in stood.items():
        row = wanted.get(identity)
        if old.grid_id is not None and old.gone_at is None and row is None:
            gone.append(old.id)
        elif old.grid_id is not None and row is not None and _differs(old, row):
            moved.append(old.id)
    _end(session, chat, [*gone, *moved], {"grid_id": None})  # first free every seat: two chats may change places
    return _upsert(session, "chats", chat, stood, wanted, ("name", "grid_id", "audience"), len(gone), progress)


def write_households(session: Session, planned: Sequence[PlannedHousehold], now: datetime, progress: Progress) -> Tally:
    """Let exactly these doors be lived behind; one that comes back is the same row again."""
    grids = _grid_ids(session)
    rows = session.all(Household, select(household))
    values = dict[object, Row]()
    for row in planned:
        key = (grids[row.grid], row.building, row.unit, row.room)
        values[key] = {
            "grid_id": key[0],
            "building": row.building,
            "unit": row.unit,
            "room": row.room,
            "people": row.people,
            "ended_at": None,
        }
    stood = {
        key: row
        for row in rows
        if (key := (row.grid_id, row.building, row.unit, row.room)) in values or row.ended_at is None
    }
    return _settle(session, "households", household, stood, values, {"ended_at": now}, progress)


_SEAT = ("person_id", "grid_id", "unit_id", "role", "mode", "shift")
"""What makes two posts the same."""


def _seat_of(row: Post) -> tuple[object, ...]:
    return (row.person_id, row.grid_id, row.unit_id, row.role, row.mode, row.shift)


def _held(now: datetime) -> Any:
    return or_(post.c.until.is_(None), post.c.until > now)


def _homes(posts: Iterable[Post], codes: Mapping[int, str]) -> dict[int, str]:
    homes: dict[int, str] = {}
    for row in posts:
        if row.role == "resident" and (code := codes.get(row.grid_id or 0)):
            homes.setdefault(row.person_id, code)
    return homes


def _grid_values(row: PlannedGrid, ids: Mapping[str, int]) -> Row:
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "depth": row.depth,
        "parent_id": None if row.parent is None else ids[row.parent],
        "kind": row.kind,
        "households": row.households,
        "people": row.people,
        "aliases": row.aliases,
    }


def _grid_ids(session: Session) -> dict[str, int]:
    return _ids(session, grid.c.code, LIVE)


def _person_ids(session: Session) -> dict[str, int]:
    return _ids(session, person.c.key, person.c.ended_at.is_(None))


def _unit_ids(session: Session) -> dict[str, int]:
    return _ids(session, unit.c.code, unit.c.ended_at.is_(None))


def _ids(session: Session, name: Column[Any], living: Any) -> dict[str, int]:
    return {row[1]: row[0] for row in session.connection.execute(select(name.table.c.id, name).where(living))}


def _differs(old: object, values: Row) -> bool:
    return any(getattr(old, name) != value for name, value in values.items())


def _settle(
    session: Session,
    noun: str,
    target: Table,
    stood: Mapping[Any, Any],
    values: Mapping[Any, Row],
    ended: Row,
    progress: Progress,
) -> Tally:
    """Make the rows of `target`, known by their keys, be `values`; what is not named there gets `ended`."""
    gone = [row.id for key, row in stood.items() if key not in values]
    changed = [
        {**row, "row": stood[key].id} for key, row in values.items() if key in stood and _differs(stood[key], row)
    ]
    fresh = [row for key, row in values.items() if key not in stood]
    _end(session, target, gone, ended)
    _change(session, target, changed)
    written = len(values) - len(fresh)
    for part in _chunks(fresh):
        session.run(insert(target), part)
        written += len(part)
        progress(noun, written, len(values))
    progress(noun, len(values), len(values))
    return Tally(len(fresh), len(changed), len(gone))


def _upsert(
    session: Session,
    noun: str,
    target: Table,
    stood: Mapping[Any, Any],
    values: Mapping[Any, Row],
    mine: Sequence[str],
    ended: int,
    progress: Progress,
) -> Tally:
    """Write rows that others may be adding at this moment; of those that stand, only the columns in `mine`."""
    fresh = [row for key, row in values.items() if key not in stood]
    changed = [row for key, row in values.items() if key in stood and _differs(stood[key], row)]
    builder = (postgresql.insert if session.is_postgres else sqlite.insert)(target)
    statement = builder.on_conflict_do_update(
        index_elements=[target.c.channel, target.c.external],
        set_={name: builder.excluded[name] for name in mine},
    )
    written = len(values) - len(fresh) - len(changed)
    for part in _chunks([*fresh, *changed]):
        session.run(statement, part)
        written += len(part)
        progress(noun, written, len(values))
    progress(noun, len(values), len(values))
    return Tally(len(fresh), len(changed), ended)


def _end(session: Session, target: Table, ids: Collection[int], values: Row) -> None:
    statement = update(target).where(target.c.id.in_(bindparam("ids", expanding=True))).values(**values)
    for part in _chunks(ids):
        session.run(statement, {"ids": part})


def _change(session: Session, target: Table, rows: Collection[Row]) -> None:
    """Every row as it is now; its "row" is the id."""
    for part in _chunks(rows):
        session.run(update(target).where(target.c.id == bindparam("row")), part)


def _chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while part := list(islice(left, CHUNK)):
        yield part
