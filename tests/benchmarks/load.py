"""Sixty-four clients in a process of their own: the load on a server, and how long it took to answer.

python -m tests.benchmarks.load PLAN     PLAN is a file with a Plan as JSON; the Outcome goes to the standard output
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from tests.benchmarks import talk

Shape = Literal["simulator", "telegram"]
Caller = Callable[["Connection", bytes, float], Awaitable[None]]
AHEAD = 60_000
"""Messages made ready before the first is sent: more than anybody answers in one run."""


class Plan(msgspec.Struct, frozen=True):
    """What is to be done to whom."""

    port: int
    path: str
    shape: Shape
    clients: int
    seconds: float
    rate: float
    """Messages offered each second whether or not earlier ones are answered; 0: each client waits for its answer."""
    groups: int
    residents: int
    seed: int
    first_id: int
    script: str = ""
    """A file with the bodies of the calls, one a line, in place of talk."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of it; latencies in milliseconds."""

    messages: int
    seconds: float
    refused: int
    p50_ms: float
    p99_ms: float
    most_ms: float

    @property
    def per_second(self) -> float:
        """Messages answered each second."""
        return self.messages / self.seconds


class Connection(asyncio.Protocol):
    """A keep-alive connection that knows just enough HTTP: one call at a time, answers with a Content-Length."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def call(self, request: bytes) -> asyncio.Future[int]:
        """The status of the answer."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Gather until the answer is whole."""
        self._buffer += data
        ends = self._buffer.find(b"\r\n\r\n")
        if ends < 0 or self._answer is None:
            return
        head = bytes(self._buffer[:ends]).lower()
        _, there, length = head.partition(b"content-length:")
        size = int(length.split(b"\r\n")[0]) if there else 0
        if len(self._buffer) >= ends + 4 + size:
            self._buffer.clear()
            answer, self._answer = self._answer, None
            answer.set_result(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits hears of it."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("closed"))

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


def requests(plan: Plan) -> list[bytes]:
    """The calls as bytes, ready to leave."""
    if plan.script:
        return [_http(plan, body) for body in Path(plan.script).read_bytes().splitlines()]
    many = AHEAD if not plan.rate else int(plan.rate * plan.seconds)
    said = talk.talk(many, groups=plan.groups, residents=plan.residents, seed=plan.seed, first_id=plan.first_id)
    shaped = _as_simulator if plan.shape == "simulator" else _as_telegram
    return [_http(plan, msgspec.json.encode(shaped(one))) for one in said]


def _as_simulator(said: talk.Said) -> object:
    chat = "private" if said.group is None else f"g{said.group}"
    return {"chat": chat, "user": f"r{said.user}", "text": said.text, "id": f"m{said.id}"}


def _as_telegram(said: talk.Said) -> object:
    user = {"id": said.user + 1, "is_bot": False, "first_name": f"r{said.user}"}
    private = {"id": said.user + 1, "type": "private", "first_name": f"r{said.user}"}
    chat = private if said.group is None else {"id": -said.group - 1, "type": "supergroup", "title": f"g{said.group}"}
    message = {"message_id": said.id, "date": int(time.time()), "chat": chat, "from": user, "text": said.text}
    return {"update_id": said.id, "message": message}


def _http(plan: Plan, body: bytes) -> bytes:
    head = f"POST {plan.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def run(plan: Plan) -> Outcome:
    """Put the load on the server and measure."""
    ready = requests(plan)
    loop = asyncio.get_running_loop()
    dialled = [await loop.create_connection(Connection, "127.0.0.1", plan.port) for _ in range(plan.clients)]
    clients = [connection for _, connection in dialled]
    took: list[float] = []
    refused = 0

    async def call(client: Connection, request: bytes, since: float) -> None:
        nonlocal refused
        status = await client.call(request)
        took.append(time.perf_counter() - since)
        refused += status != 200

    began = time.perf_counter()
    if plan.rate:
        await _open_loop(clients, ready, plan.rate, call)
    else:
        calls = iter(ready)
        await asyncio.gather(*(_closed_loop(client, calls, began + plan.seconds, call) for client in clients))
    seconds = time.perf_counter() - began
    for client in clients:
        client.close()
    took.sort()
    at = {share: took[min(len(took) - 1, int(len(took) * share))] * 1000 for share in (0.5, 0.99, 1.0)}
    return Outcome(len(took), seconds, refused, at[0.5], at[0.99], at[1.0])


async def _closed_loop(client: Connection, calls: Iterator[bytes], until: float, call: Caller) -> None:
    while (now := time.perf_counter()) < until:
        await call(client, next(calls), now)


async def _open_loop(clients: list[Connection], ready: list[bytes], rate: float, call: Caller) -> None:
    """Each message has its moment; the wait for a free client counts."""
    queue: asyncio.Queue[tuple[bytes, float] | None] = asyncio.Queue()

    async def serve(client: Connection) -> None:
        while (one := await queue.get()) is not None:
            await call(client, *one)

    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(serve(client))
        began = time.perf_counter()
        for number, request in enumerate(ready):
            due = began + number / rate
            if (wait_s := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait_s)
            queue.put_nowait((request, due))
        for _ in clients:
            queue.put_nowait(None)


def main() -> None:
    """Do what the plan says."""
    plan = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(run(plan))))


if __name__ == "__main__":
    main()
