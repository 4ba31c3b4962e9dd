"""How long a platform waits at the web hook: so many calls a second on one process with SQLite, each from its own moment.

    python -m tests.benchmarks.webhook [--channel telegram] [--rate 200] [--seconds 20]

Calls leave at their moments whatever became of those before (an open loop), so that waiting in a queue counts. Each is a
real update with its secret, or WeCom's sealed envelope; the process is `xiaoge serve`, which speaks to our own platform
meanwhile.
"""

import argparse
import asyncio
import json
import math
import os
import sys
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from storage import schema
from storage.database import Database
from tests.benchmarks.talk import Said, talk
from tests.channels.conversation import GROUP, LEADER, STAFF, settle
from tests.channels.telegram import stand_in as telegram
from tests.channels.wecom import platform as wecom
from tests.server import Server, free_port

GROUP_ID, STAFF_ID, LEADER_ID = -1001, -1002, 72
RESIDENTS = 5000
WARM_UP_S = 2.0
CONNECTIONS = 40
"""As many as Telegram opens at once, as we tell it."""
HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n{more}Content-Length: {length}\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Platform:
    """One that stands and listens: what it gives our process to know it by, and the calls it makes."""

    settings: Mapping[str, str]
    phones: Mapping[str, tuple[str, str]]
    """Who and which groups of the demo district are on it."""
    request: Callable[[Said], bytes]
    """What is said, as it tells it: a whole HTTP call."""


@asynccontextmanager
async def _telegram() -> AsyncGenerator[Platform]:
    """Groups and private words, as updates with the secret."""
    async with telegram.Telegram() as there:
        group = there.room(GROUP_ID)
        there.room(STAFF_ID)
        secret = f"X-Telegram-Bot-Api-Secret-Token: {telegram.SECRET}\r\n"

        def request(said: Said) -> bytes:
            who = telegram.person(1000 + said.user, f"邻居{said.user}")
            room = group if said.group is not None else there.private(who["id"])
            update = json.dumps(there.heard(room, who, text=said.text), ensure_ascii=False).encode()
            return _call("/hooks/telegram", "application/json", update, secret)

        names = {LEADER: LEADER_ID, GROUP: GROUP_ID, STAFF: STAFF_ID}
        yield Platform(
            {
                "XIAOGE_TELEGRAM__TOKEN": telegram.TOKEN,
                "XIAOGE_TELEGRAM__WEBHOOK_SECRET": telegram.SECRET,
                "XIAOGE_TELEGRAM__API": there.address,
            },
            {name: ("telegram", str(number)) for name, number in names.items()},
            request,
        )


@asynccontextmanager
async def _wecom() -> AsyncGenerator[Platform]:
    """Private words alone: an app hears nothing else; each sealed by another's hand."""
    leader = "HanMei"
    async with wecom.Platform({leader, *(f"u{number}" for number in range(RESIDENTS + 1))}).open() as there:

        def request(said: Said) -> bytes:
            words = there.text(f"u{said.user % RESIDENTS}", said.text)
            sealed = there.seal.encrypted(wecom.xml_of(words))
            query = urlencode(there.seal.query(sealed, time.time(), there.nonce()))
            return _call(f"/hooks/wecom?{query}", "text/xml", wecom.envelope(sealed))

        yield Platform(
            {
                "XIAOGE_WECOM__CORP": wecom.CORP,
                "XIAOGE_WECOM__AGENT": str(wecom.AGENT),
                "XIAOGE_WECOM__SECRET": wecom.SECRET,
                "XIAOGE_WECOM__TOKEN": wecom.TOKEN,
                "XIAOGE_WECOM__AES_KEY": wecom.AES_KEY,
                "XIAOGE_WECOM__API": there.address,
            },
            {LEADER: ("wecom", leader)},
            request,
        )


PLATFORMS: Mapping[str, Callable[[], AbstractAsyncContextManager[Platform]]] = {"telegram": _telegram, "wecom": _wecom}


def _call(path: str, kind: str, body: bytes, more: str = "") -> bytes:
    return HEAD.format(path=path, kind=kind, more=more, length=len(body)).encode() + body


def prepared(folder: Path, phones: Mapping[str, tuple[str, str]]) -> str:
    """A database file with the demo district, whose people and groups are on this platform."""
    address = f"sqlite:///{folder / 'xiaoge.db'}"
    database = Database(address)
    schema.upgrade(database)
    settle(database, phones)
    database.close()
    return address


async def measured(channel: str, rate: int, seconds: int, folder: Path) -> tuple[list[float], list[int], float]:
    """How long each call took, in seconds, what it was answered, and the processor's time that all took the server."""
    async with PLATFORMS[channel]() as platform:
        settings = {
            "XIAOGE_DATABASE_URL": await asyncio.to_thread(prepared, folder, platform.phones),
            "XIAOGE_PORT": str(free_port()),
            "XIAOGE_KITS": str(folder),
            **platform.settings,
        }
        server = Server(folder, settings, (sys.executable, "-m", "bot", "serve"))
        await asyncio.to_thread(server.start)
        try:
            many = int((seconds + WARM_UP_S) * rate)
            requests = [platform.request(said) for said in talk(many, groups=1, residents=RESIDENTS, seed=6)]
            before = cpu_s(server.pid)
            took, statuses = await _called(server.port, requests, rate)
            return took, statuses, cpu_s(server.pid) - before
        finally:
            await asyncio.to_thread(server.stop)


async def _called(port: int, requests: list[bytes], rate: int) -> tuple[list[float], list[int]]:
    """Over connections that stay open, as a platform's do, and by hand: a client's own work may not look like the server's."""
    took: list[float] = []
    statuses: list[int] = []
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))

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
        for n, request in enumerate(requests):
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
    asked.add_argument("--channel", choices=PLATFORMS, default="telegram")
    asked.add_argument("--rate", type=int, default=200)
    asked.add_argument("--seconds", type=int, default=20)
    wanted = asked.parse_args()
    with TemporaryDirectory() as folder:
        took, statuses, busy_s = asyncio.run(measured(wanted.channel, wanted.rate, wanted.seconds, Path(folder)))
    good = sum(status == 200 for status in statuses)
    shown = " ".join(
        f"{name} {quantile(took, part):.1f} ms" for name, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
    )
    line = (
        f"{wanted.channel}, {wanted.rate}/s for {wanted.seconds} s: {shown}; {good} of {len(statuses)} answered 200; "
        f"{busy_s / len(statuses) * 1000:.2f} ms of processor time each, the sender's included"
    )
    print(line)  # noqa: T201


if __name__ == "__main__":
    main()
