"""A simulator with a pretend bot behind it, for tests of its contract and of its page."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.simulator import Cast, CastChat, CastGrid, CastPerson, CastPost, Simulator
from bot.message import Address, Delivery, Incoming, Lane
from bot.web import simulator as web_simulator

PAGES = Path(__file__).parents[2] / "templates" / "pages"
GROUP = "g-1"
CAST = Cast(
    grids=(CastGrid("510124", "郫都区", "区", None), CastGrid("510124001", "郫筒街道", "街道", "510124")),
    chats=(CastChat(GROUP, "1号楼群", "510124001", "residents"), CastChat("g-2", "还没绑定的群", None, "staff")),
    people=(CastPerson("u-1", "李雷", "510124001", (CastPost("micro_lead", "510124001", 1),)),),
)


class Line(msgspec.Struct, frozen=True):
    """A message as the contract promises it: each of these fields is always there."""

    n: int
    chat: str
    user: str
    speaker: str = msgspec.field(name="from")
    text: str
    buttons: list[dict[str, str]]
    lane: str | None


class Page(msgspec.Struct, frozen=True):
    """An answer to GET /simulator/messages."""

    next: int
    messages: list[Line]

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.messages]


class Stand:
    """A simulator whose bot only listens, and a browser in front of it."""

    def __init__(self, path: Path) -> None:
        self.moment = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
        self.heard: list[Incoming] = []
        self.simulator = Simulator(path, self)
        app = web.Application(client_max_size=64 * 1024 * 1024)
        web_simulator.mount(
            app,
            self.simulator,
            submit=self.submit,
            clock=self,
            advance=self.advance,
            cast=self.cast,
            roles={"micro_lead": "微网格长"},
            pages=PAGES,
        )
        self.client = TestClient(TestServer(app))

    def now(self) -> datetime:
        return self.moment

    async def submit(self, incoming: Incoming) -> None:
        self.heard.append(incoming)

    async def advance(self, seconds: float) -> datetime:
        self.moment += timedelta(seconds=seconds)
        return self.moment

    async def cast(self) -> Cast:
        return CAST

    async def post(self, body: object) -> ClientResponse:
        return await self.client.post("/simulator/messages", json=body)

    async def say(self, text: str, *, chat: str = GROUP, user: str = "u-1") -> None:
        assert (await self.post({"chat": chat, "user": user, "text": text})).status == 200

    async def bot_says(self, text: str, *, to: Address | None = None, lane: Lane = Lane.REPLY) -> str:
        buttons = (("接单", "accept 1001"), ("求助", "help 1001"))
        address = to or Address("simulator", GROUP)
        return await self.simulator.send(Delivery(1, address, text, buttons, lane))

    async def page(self, query: str = "") -> Page:
        answer = await self.client.get(f"/simulator/messages{query}")
        assert answer.status == 200, await answer.text()
        return msgspec.json.decode(await answer.read(), type=Page)


@asynccontextmanager
async def stand_at(path: Path) -> AsyncGenerator[Stand]:
    stand = Stand(path)
    async with stand.client:
        yield stand
    stand.simulator.transcript.close()
