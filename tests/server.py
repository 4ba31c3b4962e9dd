"""A server in a process of its own, which a test or a benchmark may kill, and the clients that speak to it."""

import asyncio
import logging
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy import select

from storage import schema
from storage.database import Database
from storage.outbox import Outgoing, outgoing

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(rb"http://[\d.]+:(\d+)/")
READY_WITHIN_S = 60.0
DEMO = (sys.executable, "-m", "bot", "demo")
PATIENCE = ClientTimeout(total=60)
"""A shared machine's disk may stand still for long: that is no fault of the server."""
log = logging.getLogger(__name__)


class Line(msgspec.Struct, frozen=True):
    """A line of the transcript."""

    n: int
    chat: str
    user: str
    speaker: str = msgspec.field(name="from")
    text: str


class _Page(msgspec.Struct, frozen=True):
    next: int
    messages: list[Line]


class Server:
    """`command` with `settings`; `start` returns once it has printed its address, and may be called again."""

    def __init__(self, folder: Path, settings: dict[str, str], command: tuple[str, ...] = DEMO) -> None:
        self.command = command
        self.settings = settings
        self.log = folder / f"server-{settings.get('XIAOGE_PORT', 'x')}.log"
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None
        return self._process.pid

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Run until it answers."""
        environment = {**os.environ, **self.settings}
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(
                self.command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until and self._process.poll() is None:
            if found := ADDRESS.search(self.log.read_bytes()):
                self.port = int(found[1])
                return
            time.sleep(0.02)
        self.kill()
        raise RuntimeError(f"the server did not start: {self.log.read_text()}")

    def kill(self) -> None:
        """SIGKILL: not a word of farewell."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """SIGTERM, and wait for the end."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()


def demo(database: Database, folder: Path) -> Server:
    """The demo on this database, at a port of its own that stays the same when it starts again."""
    return Server(
        folder,
        {
            "XIAOGE_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "XIAOGE_PHONES": str(folder / "phones"),
            "XIAOGE_PORT": str(free_port()),
        },
    )


def free_port() -> int:
    """A port nobody listens at now."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return asking.getsockname()[1]


async def say(client: ClientSession, address: str, message: dict[str, str]) -> bool:
    """Whether it was answered: 200 is the promise that it took effect."""
    try:
        async with client.post(f"{address}/simulator/messages", json=message, timeout=PATIENCE) as answer:
            words = await answer.text()
            if answer.status != 200:
                log.warning("%s was answered with %s: %s", message, answer.status, words)
            return answer.status == 200
    except (ClientError, TimeoutError, OSError) as fault:
        log.warning("%s was not answered: %r", message, fault)
        return False


async def transcript(client: ClientSession, address: str) -> list[Line]:
    """Everything the phones show."""
    lines: list[Line] = []
    after = 0
    while True:
        async with client.get(f"{address}/simulator/messages?after={after}") as answer:
            page = msgspec.json.decode(await answer.read(), type=_Page)
        if not page.messages:
            return lines
        lines += page.messages
        after = page.next


async def all_said(database: Database, within_s: float = 30.0) -> list[Outgoing]:
    """Every row of the outbox, once none of them waits any more."""
    until = time.monotonic() + within_s
    while True:
        with database.reading() as session:
            rows = session.all(Outgoing, select(outgoing).order_by(outgoing.c.id))
        if not any(row.state == "waiting" for row in rows):
            return rows
        assert time.monotonic() < until, "words still wait in the outbox"
        await asyncio.sleep(0.1)


def where_it_is_kept(database: Database, words: str) -> list[str]:
    """The tables and columns in which these words stand anywhere."""
    found: list[str] = []
    with database.reading() as session:
        for table in schema.METADATA.sorted_tables:
            for row in session.connection.execute(select(table)).mappings():
                found += [f"{table.name}.{name}" for name, value in row.items() if words in str(value)]
    return found
