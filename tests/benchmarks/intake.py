"""How many messages a second, how long each waits, how much memory: beside the same work in the usual way.

python -m tests.benchmarks.intake [SECONDS]     (make bench): a whole district of 5,965 groups and 30,000 people
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from bot.catalog import Catalog
from handlers.people import organization
from storage import schema
from storage.database import Database
from tests.benchmarks import district, load
from tests.benchmarks.peer import PROCESSOR
from tests.server import ROOT, Server

GROUPS = 5965
PEOPLE, WITH_POSTS = 30_000, 7461
CLIENTS = 64
OFFERED = 500.0
SECONDS = 12.0
WARM_UP_S = 2.0
PEER = (sys.executable, "-m", "tests.benchmarks.peer")


@dataclass(frozen=True, slots=True)
class Result:
    """One server's figures."""

    flat_out: load.Outcome
    offered: load.Outcome
    cpu_ms: float
    """Processor time of the server for one message: what remains comparable on a busy machine."""
    memory_mb: float
    peak_mb: float


def main() -> None:
    """Measure both, one after the other, and print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    console = Console(width=100)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        template = folder / "district.db"
        console.print(f"loading {GROUPS} groups and {PEOPLE} people ...")
        build(template)
        console.print("xiaoge ...")
        ours = _measured_ours(folder, template, seconds)
        console.print("aiogram 3, aiohttp, SQLAlchemy async ORM, aiosqlite ...")
        peer = _measured_peer(folder, template, seconds)
    console.print(_table(ours, peer))


def unseen(_noun: str, _done: int, _all: int) -> None:
    """Nobody watches."""


def build(path: Path) -> None:
    """A database with the whole district in it."""
    book = path.with_suffix(".xlsx")
    district.write(book, residents=PEOPLE - WITH_POSTS)
    checked = organization.check_file(book, Catalog(district.CATALOG))
    assert checked.plan is not None, checked.faults[:3]
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    organization.import_plan(database, checked.plan, datetime.now(UTC), unseen)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()


def _measured_ours(folder: Path, template: Path, seconds: float) -> Result:
    path = folder / "ours.db"
    shutil.copy(template, path)
    settings = {"XIAOGE_DATABASE_URL": f"sqlite:///{path}", "XIAOGE_PHONES": str(folder / "phones"), "XIAOGE_PORT": "0"}
    with running(Server(folder, settings | _one_processor())) as server:
        return _measured(folder, server, "/simulator/messages", "simulator", seconds)


def _measured_peer(folder: Path, template: Path, seconds: float) -> Result:
    path = folder / "peer.db"
    shutil.copy(template, path)
    with running(Server(folder, _one_processor(), (*PEER, str(path)))) as server:
        return _measured(folder, server, "/hooks/telegram", "telegram", seconds)


def _one_processor() -> dict[str, str]:
    """Each server keeps to a processor of its own, as an operator sets it, where there is another for the clients."""
    able = os.sched_getaffinity(0)
    return {PROCESSOR: str(max(able))} if len(able) > 1 else {}


def _measured(folder: Path, server: Server, path: str, shape: load.Shape, seconds: float) -> Result:
    warm = load.Plan(
        port=server.port,
        path=path,
        shape=shape,
        clients=CLIENTS,
        seconds=WARM_UP_S,
        rate=0,
        groups=GROUPS,
        residents=PEOPLE - WITH_POSTS,
        seed=1,
        first_id=1,
    )
    _loaded(server, folder, warm)
    before_s = worked_s(server.pid)
    flat_out = _loaded(server, folder, msgspec.structs.replace(warm, seconds=seconds, seed=2, first_id=1_000_000))
    cpu_ms = (worked_s(server.pid) - before_s) * 1000 / flat_out.messages
    offered = _loaded(
        server, folder, msgspec.structs.replace(warm, seconds=seconds, rate=OFFERED, seed=3, first_id=2_000_000)
    )
    return Result(flat_out, offered, cpu_ms, _memory_mb(server.pid, "VmRSS"), _memory_mb(server.pid, "VmHWM"))


def _loaded(server: Server, folder: Path, plan: load.Plan) -> load.Outcome:
    """The outcome of one run of the clients, in a process of their own."""
    path = folder / "plan.json"
    path.write_bytes(msgspec.json.encode(plan))
    said = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.load", str(path)], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    outcome = msgspec.json.decode(said.stdout, type=load.Outcome)
    if outcome.refused:
        raise SystemExit(f"{outcome.refused} calls were not answered with 200:\n{server.log.read_text()[-3000:]}")
    return outcome


@contextmanager
def running(server: Server) -> Generator[Server]:
    """The server, while it runs."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


def worked_s(process: int) -> float:
    """Processor seconds this process has used, its threads and the system's part included."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(process: int, what: str) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(rf"{what}:\s+(\d+) kB", status)[0]) / 1024


def _table(ours: Result, peer: Result) -> Table:
    ratio = ours.flat_out.per_second / peer.flat_out.per_second
    table = Table(
        "SQLite synchronous=FULL, one process on one processor, 64 clients over HTTP",
        "xiaoge",
        "aiogram 3",
        "",
        "target",
    )
    rate = [f"{result.flat_out.per_second:,.0f}" for result in (ours, peer)]
    table.add_row("messages/s, flat out", *rate, f"x {ratio:.1f}", ">= 1,500, x 8")
    table.add_row("p99 then", *(f"{result.flat_out.p99_ms:,.1f} ms" for result in (ours, peer)))
    table.add_row("processor time per message", *(f"{result.cpu_ms:,.2f} ms" for result in (ours, peer)))
    done = [f"{result.offered.per_second:,.0f}" for result in (ours, peer)]
    table.add_row("answered/s at 500/s offered", *done, "", "500")
    table.add_row("p50 at 500/s offered", *(f"{result.offered.p50_ms:,.1f} ms" for result in (ours, peer)))
    table.add_row(
        "p99 at 500/s offered", *(f"{result.offered.p99_ms:,.1f} ms" for result in (ours, peer)), "", "< 100 ms"
    )
    table.add_row("resident memory", *(f"{result.memory_mb:,.0f} MB" for result in (ours, peer)), "", "< 200 MB")
    table.add_row("resident memory, peak", *(f"{result.peak_mb:,.0f} MB" for result in (ours, peer)), "", "< 200 MB")
    return table


if __name__ == "__main__":
    main()
