"""One transaction: what is asked at once, and what is written together at its end."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import (
    Connection,
    CursorResult,
    Delete,
    Dialect,
    Executable,
    Index,
    Insert,
    SelectBase,
    Table,
    Update,
    insert,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.shelves import CHANGES, ONLY, Key, Library, Shelf, Shelves, Thing, edition

ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(12, k)"
    " FROM (SELECT DISTINCT hashtext(words) AS k FROM unnest(CAST(:every AS text[])) AS words ORDER BY 1) AS s"
)
Model = TypeVar("Model")
Values = Mapping[str, object]


@lru_cache(maxsize=64)
def _upsert(is_postgres: bool, target: Table, key: str, names: Sequence[str]) -> Insert:
    builder = postgresql.insert if is_postgres else sqlite.insert
    adding = builder(target)
    rest = {name: adding.excluded[name] for name in names if name != key}
    return adding.on_conflict_do_update(index_elements=[key], set_=rest)


@lru_cache(maxsize=64)
def _insert_unless_there(is_postgres: bool, target: Table, key: Index | None) -> Any:
    builder = postgresql.insert if is_postgres else sqlite.insert
    counted = {"preserve_rowcount": True}  # else PostgreSQL's answer is thrown away before it is read
    only: dict[str, Any] = {}
    if key is not None:
        only["index_elements"] = list(key.columns)
        only["index_where"] = key.dialect_options["postgresql" if is_postgres else "sqlite"]["where"]
    return builder(target).on_conflict_do_nothing(**only).execution_options(**counted)


@lru_cache(maxsize=64)
def _insert_and_return(is_postgres: bool, target: Table) -> Any:
    return _insert_unless_there(is_postgres, target, None).returning(*target.c)


@lru_cache(maxsize=64)
def _insert(target: Table) -> Insert:
    return insert(target)


class _Prepared(NamedTuple):
    """An insert of many rows as the driver takes it."""

    words: str
    names: Sequence[str]
    """The columns in the order of their places."""
    alike: Sequence[object]
    """What every row has in these places: what the table says of columns that no row names."""
    takes: Sequence[tuple[int, str, Callable[[Any], Any] | None]]
    """The place of each value that a row brings, and what makes of it what the driver takes."""
    by_name: bool
    """The driver wants each row's values by name."""

    def as_sent(self, rows: Sequence[Values]) -> Any:
        """These rows for the driver."""
        sent: list[object] = []
        for row in rows:
            values = list(self.alike)
            for place, name, make in self.takes:
                values[place] = row[name] if make is None else make(row[name])
            sent.append(dict(zip(self.names, values, strict=True)) if self.by_name else tuple(values))
        return sent


@lru_cache(maxsize=256)
def _prepared(statement: Insert, dialect: Dialect, names: tuple[str, ...]) -> _Prepared:
    """SQLAlchemy's words and types; what it does anew for every row is done once for all."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names), for_executemany=True)
    ordered: list[str] = compiled.positiontup or list(compiled.binds)
    makes = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    told = {column.key: column.default for column in compiled.insert_prefetch}
    if unknown := [name for name in ordered if name not in names and not (name in told and told[name].is_scalar)]:
        raise ValueError(f"{compiled}: no row brings {unknown}")
    alike = [
        None if name in names else makes[name](told[name].arg) if makes[name] else told[name].arg for name in ordered
    ]
    takes = [(place, name, makes[name]) for place, name in enumerate(ordered) if name in names]
    return _Prepared(str(compiled), ordered, alike, takes, not compiled.positional)


@lru_cache(maxsize=64)
def _order(target: Table) -> int:
    """Rows that others refer to are written before them."""
    return target.metadata.sorted_tables.index(target)


class Session:
    """A transaction in progress.

    Rows that nobody reads before the commit (journal, outbox, inbox, timers) are handed to `later` and leave in one
    statement per table when the batch ends. A row read back stands in for its table's class: attribute for attribute,
    and never to be changed.
    """

    def __init__(self, connection: Connection, library: Library | None = None) -> None:
        self.connection = connection
        self._library = library or Library()
        self._shelves: Shelves | None = None
        self._changed = False
        """The organization was changed in this transaction: what it keeps from now on is its own."""
        self._savepoints: list[bool] = []
        """Whether each savepoint, from the outermost, is known to the database yet."""
        self.is_postgres = connection.dialect.name == "postgresql"
        self._later: dict[Table, list[Values]] = {}
        self._upserts: dict[tuple[Table, object], Values | None] = {}
        self._notes: Shelves = {}

    def all(self, model: type[Model], statement: Executable, values: Values | None = None) -> list[Model]:
        """Every row of the answer."""
        return cast("list[Model]", self._execute(statement, values).all())

    def first(self, model: type[Model], statement: Executable, values: Values | None = None) -> Model | None:
        """The first row of the answer, or None."""
        return cast("Model | None", self._execute(statement, values).first())

    def one(self, kind: type[Model], statement: Executable, values: Values | None = None) -> Model:
        """The single value of the answer."""
        return cast("Model", self._execute(statement, values).scalar_one())

    def maybe(self, kind: type[Model], statement: Executable, values: Values | None = None) -> Model | None:
        """The single value of the answer, or None where there is no row."""
        return cast("Model | None", self._execute(statement, values).scalar())

    def returned(self, kind: type[Model], statement: Insert, rows: Sequence[Values]) -> list[Model]:
        """The single value that each inserted row gives back."""
        return cast("list[Model]", self._execute(statement, rows).scalars().all())

    def run(self, statement: Insert | Update | Delete, values: Values | Sequence[Values] | None = None) -> int:
        """Carry it out now; the number of rows it touched."""
        return self._execute(statement, values).rowcount

    def insert_unless_there(self, target: Table, key: Index | None = None) -> Any:
        """An insert that does nothing where a unique key already stands; no read-then-write race.

        `key` names the only one that can stand there: PostgreSQL then asks no other first, a third less for many rows.
        """
        return _insert_unless_there(self.is_postgres, target, key)

    def add_for_good(self, model: type[Model], target: Table, values: Values) -> Model | None:
        """Insert the row unless one stands there, and give it back; it stays even where what comes after is undone.

        For rows that are true whatever becomes of the message: no savepoint is told to the database for them.
        """
        statement = _insert_and_return(self.is_postgres, target)
        return cast("Model | None", self.connection.execute(statement, values).first())  # pyright: ignore[reportArgumentType]

    def upsert(self, target: Table, rows: Sequence[Values], key: str = "key") -> None:
        """Let the row with each key be this one, whether one stood there or not."""
        self._insert_all(_upsert(self.is_postgres, target, key, tuple(rows[0])), rows)

    def one_at_a_time(self, *words: str) -> None:
        """Until the end of this transaction nobody else may pass with any of the same words.

        SQLite has one writer anyway. Of two transactions that wait for one another PostgreSQL undoes one; then each of
        its messages is handled alone, and as often as it is undone again.
        """
        if self.is_postgres:
            self.connection.execute(ONE_AT_A_TIME, {"every": list(words)})

    def take_stock(self) -> None:
        """Much was written: let PostgreSQL count it now, else it goes through whole tables for a while.

        Without it, right after an import, the seats of thirty grids took it 47 ms, with it 1.5 ms.
        """
        if self.is_postgres:
            self.flush()
            self.connection.exec_driver_sql("ANALYZE")

    def later(self, target: Table, row: Values) -> None:
        """Insert `row` at the end of the batch, together with its like."""
        self._later.setdefault(target, []).append(row)

    def gathered(self, target: Table) -> Sequence[Values]:
        """The rows that wait to be inserted."""
        return self._later.get(target, ())

    def write(self, target: Table) -> None:
        """Insert the rows that wait for this table: somebody is about to read it."""
        if rows := self._later.pop(target, None):
            self._insert_all(_insert(target), rows)

    def keep_later(self, target: Table, key: object, row: Values | None) -> None:
        """At the end of the batch let the row with this `key` be `row`, or be gone; the last word counts."""
        self._upserts[target, key] = row

    def waits(self, target: Table, key: object) -> bool:
        """Whether a last word on the row with this key waits to be written."""
        return (target, key) in self._upserts

    def kept(self, target: Table, key: object) -> Values | None:
        """That last word: the row, or None when it is to be gone."""
        return self._upserts.get((target, key))

    def flush(self) -> None:
        """Write what waited; called once before the commit, and by readers of a table that gathers."""
        upserts, self._upserts = self._upserts, {}
        for target in {of for of, _ in upserts}:
            unwanted = sorted(str(key) for (of, key), row in upserts.items() if of is target and row is None)
            rows = [row for (of, _), row in upserts.items() if of is target and row is not None]
            if unwanted:
                self._execute(target.delete().where(target.c.key.in_(unwanted)))
            if rows:
                self.upsert(target, sorted(rows, key=lambda row: str(row["key"])))
        for target in sorted(self._later, key=_order):
            self.write(target)

    def shelf(self, of: Shelf[Key, Thing]) -> dict[Key, Thing]:
        """What is kept of the organization under this name, for reading and for adding to; empty after a change."""
        if self._shelves is None:
            self._shelves = {} if self._changed else self._library.of(self.maybe(int, CHANGES) or 0)
        return cast("dict[Key, Thing]", self._shelves.setdefault(of, {}))

    def notes(self, of: Shelf[Key, Thing]) -> dict[Key, Thing]:
        """What this transaction looked up ahead under this name; whoever writes it notes it, and where anything is undone
        all of it is forgotten: it must be found again without."""
        return cast("dict[Key, Thing]", self._notes.setdefault(of, {}))

    def forget_notes(self) -> None:
        """What was looked up ahead may no longer be so."""
        self._notes = {}

    def organization_changed(self) -> None:
        """What was kept of the organization is no longer true, here and in every other process."""
        builder = postgresql.insert if self.is_postgres else sqlite.insert
        first = builder(edition).values(id=ONLY, changes=1)
        again = first.on_conflict_do_update(index_elements=[edition.c.id], set_={"changes": edition.c.changes + 1})
        self._execute(again)
        self._changed, self._shelves = True, None

    @contextmanager
    def savepoint(self) -> Generator[None]:
        """Undo everything inside, gathered rows too, if it fails. Where nothing is written it costs nothing."""
        later = {target: (rows, len(rows)) for target, rows in self._later.items()}
        upserts = dict(self._upserts)
        self._savepoints.append(False)
        name = f"before_{len(self._savepoints)}"
        try:
            yield
        except BaseException:
            written = self._savepoints.pop()
            if written:
                self.connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {name}")
                self.connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")
            gathered = {target: (rows, len(rows)) for target, rows in self._later.items()}
            if written or upserts != self._upserts or gathered != later:
                self._notes = {}
            self._later = {target: rows[:many] for target, (rows, many) in later.items()}
            self._upserts = upserts
            if self._changed:
                self._shelves = None
            raise
        if self._savepoints.pop():
            self.connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")

    def _insert_all(self, statement: Insert, rows: Sequence[Values]) -> None:
        """Insert rows that all name the same columns, without going through them again for what they have in common."""
        self._open_savepoints()
        prepared = _prepared(statement, self.connection.dialect, tuple(rows[0]))
        self.connection.exec_driver_sql(prepared.words, prepared.as_sent(rows))

    def _execute(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> CursorResult[Any]:
        if not isinstance(statement, SelectBase):
            self._open_savepoints()
        return self.connection.execute(statement, values)  # pyright: ignore[reportArgumentType, reportCallIssue, reportReturnType]

    def _open_savepoints(self) -> None:
        """Something is about to be written: now the database must know where to go back to."""
        if not self._savepoints or self._savepoints[-1]:
            return
        for depth, known in enumerate(self._savepoints):
            if not known:
                self.connection.exec_driver_sql(f"SAVEPOINT before_{depth + 1}")
                self._savepoints[depth] = True
