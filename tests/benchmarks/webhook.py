"""How long Telegram waits at the web hook: so many calls a second on one process with SQLite, each from its own moment.

    python -m tests.benchmarks.webhook [--rate 200] [--seconds 20]

Calls leave at their moments whatever became of those before (an open loop), so that waiting in a queue counts. Each is a
real update with its secret; the process is `xiaoge serve`, which speaks to our own Telegram meanwhile.
"""

import argparse
import asyncio
import json
import math
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import schema
from storage.database import Database
from tests.benchmarks.talk import talk
from tests.channels.conversation import GROUP, LEADER, STAFF, settle
from tests.channels.telegram.stand_in import SECRET, TOKEN, Telegram, person
from tests.server import Server, free_port

GROUP_ID, STAFF_ID, LEADER_ID = -1001, -1002, 72
RESIDENTS = 5000
WARM_UP_S = 2.0
CONNECTIONS = 40
"""As many as Telegram opens at once, as we tell it."""
HEAD = (
    "POST /hooks/telegram HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {length}\r\n\r\n"
)


def prepared(folder: Path) -> str:
    """A database file with the demo district, whose groups are on Telegram."""
    address = f"sqlite:///{folder / 'xiaoge.db'}"
    database = Database(address)
    schema.upgrade(database)
    names = {LEADER: LEADER_ID, GROUP: GROUP_ID, STAFF: STAFF_ID}
    settle(database, {name: ("telegram", str(number)) for name, number in names.items()})
    database.close()
    return address


def updates(telegram: Telegram, many: int) -> list[bytes]:
    """What a district says on a busy day, as Telegram tells it."""
    group = telegram.room(GROUP_ID)
    telegram.room(STAFF_ID)
    made: list[bytes] = []
    for said in talk(many, groups=1, residents=RESIDENTS, seed=6):
        who = person(1000 + said.user, f"邻居{said.user}")
        room = group if said.group is not None else telegram.private(who["id"])
        made.append(json.dumps(telegram.heard(room, who, text=said.text), ensure_ascii=False).encode())
    return made


async def measured(rate: int, seconds: int, folder: Path) -> tuple[list[float], list[int], float]:
    """How long each call took, in seconds, what it was answered, and the processor's time that all took the server."""
    async with Telegram() as telegram:
        settings = {
            "XIAOGE_DATABASE_URL": await asyncio.to_thread(prepared, folder),
            "XIAOGE_PORT": str(free_port()),
            "XIAOGE_KITS": str(folder),
            "XIAOGE_TELEGRAM__TOKEN": TOKEN,
            "XIAOGE_TELEGRAM__WEBHOOK_SECRET": SECRET,
            "XIAOGE_TELEGRAM__API": telegram.address,
        }
        server = Server(folder, settings, (sys.executable, "-m", "bot", "serve"))
        await asyncio.to_thread(server.start)
        try:
            bodies = updates(telegram, int((seconds + WARM_UP_S) * rate))
            before = cpu_s(server.pid)
            took, statuses = await _called(server.port, bodies, rate)
            return took, statuses, cpu_s(server.pid) - before
        finally:
            await asyncio.to_thread(server.stop)


async def _called(port: int, bodies: list[bytes], rate: int) -> tuple[list[float], list[int]]:
    """Over connections that stay open, as Telegram's do, and by hand: a client's own work may not look like the server's."""
    took: list[float] = []
    statuses: list[int] = []
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    heads = [HEAD.format(secret=SECRET, length=len(body)).encode() + body for body in bodies]

    async def call(request: bytes, at: float) -> None:
        reader, writer = await free.get()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
        took.append(time.perf_counter() - at)
        statuses.append(int(head[9:12]))
        free.put_nowait((reader, writer))

    began = time.perf_counter() + 0.1
    async with asyncio.TaskGroup() as group:
        for n, request in enumerate(heads):
            at = began + n / rate
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            group.create_task(call(request, at))
    while not free.empty():
        _, writer = free.get_nowait()
        writer.close()
    return took[int(WARM_UP_S * rate) :], statuses


def cpu_s(pid: int) -> float:
    """Seconds of processor time that this process has had, as Linux counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def quantile(took: list[float], part: float) -> float:
    """So much of them took no longer, in milliseconds."""
    return sorted(took)[min(len(took) - 1, math.ceil(len(took) * part) - 1)] * 1000


def main() -> None:
    """Print p50, p99 and the longest."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rate", type=int, default=200)
    asked.add_argument("--seconds", type=int, default=20)
    wanted = asked.parse_args()
    with TemporaryDirectory() as folder:
        took, statuses, busy_s = asyncio.run(measured(wanted.rate, wanted.seconds, Path(folder)))
    good = sum(status == 200 for status in statuses)
    shown = " ".join(
        f"{name} {quantile(took, part):.1f} ms" for name, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
    )
    line = (
        f"{wanted.rate}/s for {wanted.seconds} s: {shown}; {good} of {len(statuses)} answered 200; "
        f"{busy_s / len(statuses) * 1000:.2f} ms of processor time each, the sender's included"
    )
    print(line)  # noqa: T201


if __name__ == "__main__":
    main()
