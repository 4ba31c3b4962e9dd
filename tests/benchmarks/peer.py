"""The same work as one would write it today with aiogram 3, an aiohttp webhook and SQLAlchemy's async ORM on aiosqlite.

python -m tests.benchmarks.peer DATABASE     prints the address once it answers; the tables and their rows are ours
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from aiogram import BaseMiddleware, Bot, Dispatcher, F, Router
from aiogram.types import Message, TelegramObject, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from sqlalchemy import Connection, event, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from bot.catalog import Catalog
from bot.message import Button, Reply
from bot.processor import keep_to
from bot.render import Renderer
from bot.settings import PROJECT
from bot.understanding import Reader
from bot.understanding.utterance import Utterance
from handlers.matters import alike, rules
from storage.asked import Asked
from storage.chats import Chat
from storage.grids import Grid
from storage.inbox import Handled
from storage.journal import Entry
from storage.matters import ENDED, Follower, Matter
from storage.numbers import Number
from storage.outbox import Outgoing
from storage.people import Account, Person
from storage.posts import Post
from storage.timers import Timer

CHANNEL = "simulator"
"""The accounts and groups of the workbook are known by this name."""
PATH = "/hooks/telegram"
PROCESSOR = "XIAOGE_PROCESSOR"
Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
router = Router()


class EachUpdateOnce(BaseMiddleware):
    """A session and a transaction for each update; one that was seen before ends here."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.sessions = sessions

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Commit what the handler did, together with the update's id."""
        assert isinstance(event, Update)
        async with self.sessions() as session, session.begin():
            key = str(event.update_id)
            if await session.get(Handled, (CHANNEL, key)) is not None:
                return None
            session.add(Handled(channel=CHANNEL, key=key, at=datetime.now(UTC)))
            data["session"] = session
            return await handler(event, data)


class WhoAndWhere(BaseMiddleware):
    """The account, its posts, the chat, its grid and what was asked."""

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Put them where handlers ask for them."""
        assert isinstance(event, Message)
        assert event.from_user is not None
        session: AsyncSession = data["session"]
        reader: Reader = data["reader"]
        sender, private = f"r{event.from_user.id - 1}", event.chat.type == "private"
        account = await session.scalar(select(Account).where(Account.channel == CHANNEL, Account.external == sender))
        posts: list[Post] = []
        if account is not None and account.person_id is not None:
            posts = list(await session.scalars(select(Post).where(Post.person_id == account.person_id)))
        chat = None
        if not private:
            group = f"g{-event.chat.id - 1}"
            chat = await session.scalar(select(Chat).where(Chat.channel == CHANNEL, Chat.external == group))
        grid_id = chat.grid_id if chat is not None else account.grid_id if account is not None else None
        asked = await session.get(Asked, f"{event.chat.id}|{sender}")
        data |= {
            "account": account,
            "posts": posts,
            "chat": chat,
            "grid": await session.get(Grid, grid_id) if grid_id is not None else None,
            "asked": asked,
            "said": reader.read(event.text or "", private=private),
        }
        return await handler(event, data)


@router.message(F.text)
async def heard(
    message: Message,
    session: AsyncSession,
    said: Utterance,
    account: Account | None,
    chat: Chat | None,
    grid: Grid | None,
    renderer: Renderer,
    catalog: Catalog,
) -> None:
    """A report becomes a matter; a command is answered; chatter passes."""
    if account is None or grid is None:
        return
    if said.command is not None or said.intent == "progress":
        await _command(session, account, chat, said, renderer)
    elif said.intent == "report" and said.confidence >= catalog.thresholds[chat is None].act:
        await _report(session, said, account, chat, grid, renderer, catalog)


async def _command(
    session: AsyncSession, account: Account, chat: Chat | None, said: Utterance, renderer: Renderer
) -> None:
    query = select(Matter).where(Matter.account_id == account.id).order_by(Matter.opened_at.desc()).limit(20)
    matters = list(await session.scalars(query))
    template = "desk/help" if said.command == "help" or not matters else "reports/added"
    values = {"human": "12345", "matter": matters[0] if matters else None, "kind": "sentence", "leader": False}
    _say(session, renderer, Reply(template, values), account, chat)


async def _report(
    session: AsyncSession,
    said: Utterance,
    account: Account,
    chat: Chat | None,
    grid: Grid,
    renderer: Renderer,
    catalog: Catalog,
) -> None:
    now, category = datetime.now(UTC), said.category or "other"
    same = await _alike(session, grid, category, said, catalog, now)
    if same is not None:
        session.add(Follower(matter_id=same.id, account_id=account.id, text=said.text, at=now))
        same.followers += 1
        session.add(Entry(at=now, act="follow", matter_id=same.id, grid_id=grid.id, account_id=account.id))
        values = {"matter": same, "state": same.state, "new": True}
        _say(session, renderer, Reply("reports/followed", values, about=same.number), account, chat)
        return
    prefixes = [grid.code[:length] for length in range(1, len(grid.code) + 1)]
    lineage = list(await session.scalars(select(Grid).where(Grid.code.in_(prefixes)).order_by(Grid.depth.desc())))
    seats = await session.execute(
        select(Post, Person, Account)
        .join(Person, Person.id == Post.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(Post.grid_id.in_([one.id for one in lineage]), Post.role != "resident")
        .order_by(Post.seat)
    )
    depth = {one.id: one.depth for one in lineage}
    owner, person, to = max(seats, key=lambda row: (depth[row[0].grid_id or 0], -row[0].seat))
    shown = {"id": owner.id, "name": person.name, "role": owner.role}
    number = Number(names="report")  # pyright: ignore[reportCallIssue]
    session.add(number)
    await session.flush()
    matter = Matter(  # pyright: ignore[reportCallIssue]
        number=number.value,
        kind="report",
        state="assigned",
        category=category,
        urgency=said.urgency or "normal",
        grid_id=grid.id,
        building=said.place.building,
        unit=said.place.unit,
        floor=said.place.floor,
        room=said.place.room,
        spot=said.place.spot,
        text=said.text,
        account_id=account.id,
        chat_id=chat.id if chat else None,
        owner_id=owner.id,
        opened_at=now,
        assigned_at=now,
        accept_by=now + timedelta(minutes=30),
        deadline=now + timedelta(minutes=30),
    )
    session.add(matter)
    await session.flush()
    for act in ("open", "file", "route"):
        session.add(Entry(at=now, act=act, matter_id=matter.id, grid_id=grid.id, account_id=account.id))
    key = f"clock {matter.id}"
    session.add(Timer(key=key, kind="clock", about=matter.id, due_at=now + timedelta(minutes=20)))
    values = {"matter": matter, "owner": shown, "category": catalog.categories[category], "called": []}
    template = "reports/noted_group" if chat else "reports/noted"
    _say(session, renderer, Reply(template, values, about=matter.number), account, chat)
    buttons = rules.lifecycle(catalog, "report").states["assigned"].buttons
    card = Reply(
        "reports/card",
        {"matter": matter, "grid": grid, "reporter": account.name, "group": chat.name if chat else "", "phone": ""},
        buttons=tuple(Button(verb, f"{verb} {matter.number}") for verb in buttons),
        about=matter.number,
    )
    _say(session, renderer, card, to, None)


async def _alike(
    session: AsyncSession, grid: Grid, category: str, said: Utterance, catalog: Catalog, now: datetime
) -> Matter | None:
    table = rules.routes(catalog)
    found = await session.scalars(
        select(Matter)
        .where(Matter.grid_id == grid.id, Matter.category == category, Matter.state.not_in(ENDED))
        .where(Matter.opened_at > now - timedelta(hours=table.window_hours))
        .order_by(Matter.opened_at.desc())
        .limit(20)
    )
    for matter in found:
        if alike.agree(matter, said.place) and alike.likeness(matter.text, said.text) >= table.alike_without_place:
            return matter
    return None


def _say(session: AsyncSession, renderer: Renderer, reply: Reply, account: Account, chat: Chat | None) -> None:
    buttons = renderer.buttons(reply)
    session.add(
        Outgoing(  # pyright: ignore[reportCallIssue]
            channel=CHANNEL,
            target=chat.external if chat else account.external,
            private=chat is None,
            lane=1,
            text=renderer.text(reply.template, reply.values, private=chat is None),
            buttons=msgspec.json.encode(buttons).decode() if buttons else "",
            about=reply.about,
            due_at=datetime.now(UTC),
        )
    )


def engine_at(path: Path, connections: int) -> AsyncEngine:
    """As durable as ours; writers queue for a connection instead of failing on SQLite's lock."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        pool_size=connections,
        max_overflow=0,
        pool_timeout=60,
        connect_args={"timeout": 30},
    )

    def prepare(raw: Any, _record: object) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


async def serve(path: Path, connections: int) -> None:
    """Answer until the process is ended."""
    keep_to(int(os.environ[PROCESSOR]) if PROCESSOR in os.environ else None)
    engine = engine_at(path, connections)
    catalog = Catalog(PROJECT / "templates" / "catalog")
    renderer = Renderer(PROJECT / "templates", catalog, ZoneInfo("Asia/Shanghai"))
    dispatcher = Dispatcher(catalog=catalog, renderer=renderer, reader=Reader(catalog))
    dispatcher.update.outer_middleware(EachUpdateOnce(async_sessionmaker(engine, expire_on_commit=False)))
    router.message.outer_middleware(WhoAndWhere())
    dispatcher.include_router(router)
    app = web.Application()
    SimpleRequestHandler(dispatcher, Bot("42:" + "A" * 35), handle_in_background=False).register(app, PATH)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    sys.stdout.write(f"http://{host}:{port}/\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
