"""A notice to a whole district, measured: preview, queuing for staff and groups, and for 1.6 million residents.

    python -m tests.benchmarks.broadcast [--residents N] [--database URL]

Without a URL it is a new SQLite file; a URL must be an empty database. The rows of residents are made by the database
itself, INSERT ... SELECT from a number series. It prints seconds and memory, and asks nothing of the network.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy import func, select, text

from bot.batch import Batch, Kit
from bot.clock import StillClock
from bot.settings import PROJECT
from bot.turn import Scene
from handlers.notices import audience as audiences
from handlers.notices import faces, leaving
from handlers.notices.audience import Audience
from handlers.people import organization
from storage import grids, notices, numbers, schema
from storage.database import Database
from storage.outbox import outgoing
from storage.people import account
from storage.session import Session
from tests.benchmarks import district
from tests.stage import MORNING, kit

Result = TypeVar("Result")
STAFF_AND_GROUPS = Audience(staff=True, staff_groups=True, residents_groups=True)
RESIDENTS = Audience(residents=True)
LIMITS = {"preview": 1.0, "queue staff and groups": 2.0, "queue residents": 20.0}
SERIES = {
    False: "WITH RECURSIVE series(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n + 1 < :many) ",
    True: "WITH series(n) AS (SELECT generate_series(0, :many - 1)) ",
}
"""A number series, by whether it is PostgreSQL."""


def settle(
    database: Database, parts: Kit, folder: Path, residents: int, channel: str = "simulator", **size: int
) -> None:
    """A district (of full size unless said otherwise), and so many residents spread evenly over its micro-grids."""
    schema.upgrade(database)
    district.write(folder / "district.xlsx", channel="simulator", **size)
    checked = organization.check_file(folder / "district.xlsx", parts.catalog)
    assert checked.plan is not None, checked.faults
    organization.import_plan(database, checked.plan, MORNING, _quietly)
    with database.transaction() as session:
        postgres = session.is_postgres
        micros = "SELECT id, row_number() OVER (ORDER BY code) - 1 AS place FROM grid WHERE level = '微网格'"
        many = session.connection.execute(text("SELECT count(*) FROM grid WHERE level = '微网格'")).scalar_one()
        name = "'r' || series.n"
        adding = text(
            f"INSERT INTO account (channel, external, name, grid_id, since) "  # noqa: S608 - no outsider's words
            f"{SERIES[postgres]} SELECT :channel, {name}, '', micro.id, :since "
            f"FROM series JOIN ({micros}) AS micro ON micro.place = series.n % :micros"
        )
        since: object = datetime.now(UTC) if postgres else datetime.now(UTC).isoformat(" ")
        session.connection.execute(adding, {"many": residents, "micros": many, "since": since, "channel": channel})
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def _quietly(_noun: str, _done: int, _all: int) -> None:
    """Nobody watches the progress."""


def composed(session: Session, scene: Scene, audience: Audience) -> int:
    """The number of a notice to everybody of this kind."""
    root = grids.root(session)
    assert root is not None
    author = session.one(int, select(func.min(account.c.id)))
    values: dict[str, object] = {
        "number": numbers.give(session, "notice"), "kind": "policy", "drill": True, "state": notices.DRAFT,
        "grid_id": root.id, "audience": audiences.kept(audience), "topic": "停水", "summary": "明天停水", "text": "明天停水",
        "attachment": "", "plan": "", "wants_ack": audience.staff, "lane": 3, "order_key": "", "account_id": author,
        "composed_at": scene.now, "ended_why": "", "called": 0,
    }  # fmt: skip
    return notices.compose(session, values).number


def in_transaction(database: Database, parts: Kit, job: Callable[[Session, Scene], Result]) -> Result:
    """The result of a job, committed."""
    with database.transaction() as session:
        scene = Scene(session, parts.clock.now(), parts.catalog, parts.settings, paces=parts.paces)
        return job(session, scene)


def released(database: Database, parts: Kit, number: int) -> None:
    """From now on it goes down; nothing is queued yet."""

    def go(session: Session, scene: Scene) -> None:
        notice = notices.get(session, number)
        replies = leaving.go(scene, notice, by=notice.account_id)
        Batch(parts, session, ())._say(replies, None)  # pyright: ignore[reportPrivateUsage]

    in_transaction(database, parts, go)


def queued(database: Database, parts: Kit, audience: Audience) -> tuple[float, float, int]:
    """(seconds until all is queued, the longest transaction, how many rows)."""
    number = in_transaction(database, parts, lambda session, scene: composed(session, scene, audience))
    began = time.perf_counter()
    released(database, parts, number)
    longest, step = time.perf_counter() - began, time.perf_counter()
    while in_transaction(database, parts, lambda session, _: Batch(parts, session, ()).tick()):
        longest, step = max(longest, time.perf_counter() - step), time.perf_counter()
    took = time.perf_counter() - began
    many = in_transaction(
        database,
        parts,
        lambda session, _: session.one(
            int, select(func.count()).select_from(outgoing).where(outgoing.c.about == number)
        ),
    )
    return took, longest, many


def measure(database: Database, parts: Kit) -> bool:
    """Print every figure; whether all are within their limits."""
    well = True

    def told(what: str, seconds: float, more: str = "") -> None:
        nonlocal well
        well &= seconds < LIMITS[what]
        print(f"{what}: {seconds:.2f} s (limit {LIMITS[what]:.0f}) {more} rss {_memory_mb():.0f} MB")  # noqa: T201

    for audience in (STAFF_AND_GROUPS, RESIDENTS):
        number = in_transaction(database, parts, lambda session, scene, a=audience: composed(session, scene, a))
        began = time.perf_counter()
        shown = in_transaction(
            database, parts, lambda session, scene, n=number: faces.about(scene, notices.get(session, n))
        )
        reach = shown["reach"]
        assert isinstance(reach, audiences.Reach)
        told("preview", time.perf_counter() - began, f"{reach.targets} targets")
    took, longest, many = queued(database, parts, STAFF_AND_GROUPS)
    told("queue staff and groups", took, f"{many} rows, longest transaction {longest * 1000:.0f} ms")
    took, longest, many = queued(database, parts, RESIDENTS)
    told("queue residents", took, f"{many} rows, longest transaction {longest * 1000:.0f} ms")
    return well


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Settle the district, measure, and end with 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--residents", type=int, default=1_600_000)
    parser.add_argument("--database", default="")
    chosen = parser.parse_args()
    parts = kit(PROJECT / "templates", StillClock(MORNING))
    with TemporaryDirectory(prefix="xiaoge-") as folder:
        database = Database(chosen.database or f"sqlite:///{folder}/broadcast.db")
        began = time.perf_counter()
        settle(database, parts, Path(folder), chosen.residents)
        print(f"settled in {time.perf_counter() - began:.0f} s, rss {_memory_mb():.0f} MB")  # noqa: T201
        well = measure(database, parts)
        database.close()
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
