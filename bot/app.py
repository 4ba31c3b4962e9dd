"""Puts the parts together and runs them: database, dispatcher, channels with their senders, timers, web."""

import asyncio
import contextlib
import ctypes
import gc
import hashlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import hdrs, web
from sqlalchemy.exc import SQLAlchemyError

from bot.batch import Kit
from bot.catalog import Catalog
from bot.channels import configured
from bot.channels.base import Channel, Invites, Inviting, Listening, Troubled
from bot.channels.simulator import NAME as SIMULATOR
from bot.channels.simulator import Cast, CastChat, CastGrid, CastPerson, CastPost, Simulator
from bot.clock import Clock
from bot.dispatcher import Dispatcher
from bot.ears import Hearing
from bot.errors import SetupError
from bot.kit import Printer
from bot.lastword import LastWord
from bot.message import Incoming
from bot.metrics import Metrics
from bot.processor import keep_to
from bot.render import Renderer
from bot.router import Routes
from bot.sender import Sender
from bot.settings import Settings
from bot.timers import Timers
from bot.understanding import Reader, whose
from bot.web import board, health, simulator, wall
from bot.web import kit as printed
from handlers import ROUTERS
from handlers.forms import rounds
from handlers.matters import clocks
from storage import cast, grids, posts, schema
from storage.database import Database

log = logging.getLogger(__name__)

LIMIT_BYTES = 1024 * 1024
"""No call to a web hook is larger."""
MET_AT_ONCE = 1000
"""Grids in one statement."""
SHUTDOWN_S = 5.0
M_ARENA_MAX = -8
"""glibc's malloc.h."""
RUBBISH = (50_000, 20, 100)
"""How seldom the garbage is looked through: what a message leaves behind is mostly freed at once, and a look at
everything that stays holds all messages up."""


class App:
    """Everything that runs, made once; `demo` adds the simulator, its pretended clock and the demo district."""

    def __init__(self, settings: Settings, *, demo: bool) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.clock = Clock(_ahead(settings) if demo else timedelta())
        self.metrics = Metrics()
        self.simulator = Simulator(_phones(settings, "jsonl"), self.clock) if demo else None
        catalog = Catalog(settings.templates / "catalog")
        renderer = Renderer(settings.templates, catalog, settings.zone)
        hint = renderer.text("answer_by_digit", {}, private=True)
        channels: list[Channel] = [self.simulator] if self.simulator else []
        channels += configured(settings, hint)
        self.listening = [channel for channel in channels if isinstance(channel, Listening)]
        self.kit = Kit(
            routes=Routes(ROUTERS),
            reader=Reader(catalog),
            renderer=renderer,
            catalog=catalog,
            settings=settings,
            clock=self.clock,
            meter=self.metrics,
            paces={channel.name: channel.pace for channel in channels},
            abilities={channel.name: channel.able for channel in channels},
            invites=Invites([one for one in channels if isinstance(one, Inviting)]),
        )
        self.dispatcher = Dispatcher(self.database, self.kit)
        self.ears = Hearing(self.dispatcher, self.clock, self._timed(self.dispatcher.submit))
        self.last_word = LastWord(self.kit.reader, self.kit.renderer, channels)
        self.senders = [Sender(channel, self.dispatcher, self.clock, self.metrics) for channel in channels]
        self.ears.batons.update({sender.channel.name: sender.speaks for sender in self.senders})
        self.ears.paces.update({sender.channel.name: sender.pacer.take for sender in self.senders})
        self.timers = Timers(self.dispatcher, self.clock, settings, [sender.drained for sender in self.senders])
        self.printer = Printer(self.database, self.dispatcher, self.clock, settings)
        self._tasks: list[asyncio.Task[None]] = []

    def prepare(self) -> None:
        """Bring the database up to date; in a demo an empty one gets the demo district. SetupError says what to do.

        CatalogError if learned weights are missing, or a table has a fault: better now than at somebody's message.
        """
        whose.ready()
        for make in self.kit.routes.makings:
            make(self.kit.catalog)
        if self.simulator is not None:
            schema.upgrade(self.database)
            self._settle_district()
        elif (stands := schema.state(self.database)) != "current":
            raise SetupError(f"The database is {stands}; run: xiaoge migrate")
        _meet_everybody(self.database)

    def site(self) -> web.Application:
        """The web application with every route."""
        app = web.Application(client_max_size=LIMIT_BYTES, middlewares=[_in_words])
        known_until = clocks.worktime(self.kit.catalog, self.settings.zone).known_until
        looked = health.Health(
            self.database,
            self.settings.templates,
            self.clock,
            self.settings.zone,
            known_until,
            lambda: self.dispatcher.trouble,
            [sender.channel for sender in self.senders if isinstance(sender.channel, Troubled)],
        )
        app.add_routes(health.routes(looked, self.metrics, lambda: self.dispatcher.waiting))
        pages = wall.Pages(self.database, self.kit.catalog, self.settings.templates / "pages")
        app.add_routes(pages.routes())
        app.add_routes(board.Boards(self.database, self.kit.catalog, self.settings, self.clock).routes())
        app.add_routes(printed.Kits(self.database, self.settings, self.clock).routes())
        if self.simulator is not None:
            simulator.mount(
                app,
                self.simulator,
                submit=self._timed(self.dispatcher.submit),
                clock=self.clock,
                advance=self.advance,
                cast=self.cast,
                roles={role.code: role.name for role in self.kit.catalog.roles.values()},
                pages=self.settings.templates / "pages",
            )
        for channel in self.listening:
            app.add_routes(channel.routes(self.ears))
        app.on_response_prepare.append(_unnamed)
        app.on_startup.append(self._start)
        app.on_cleanup.append(self._stop)
        return app

    async def advance(self, seconds: float) -> datetime:
        """Move the pretended clock on, for this run and the next."""
        now = await self.timers.advance(seconds)
        _phones(self.settings, "clock").write_text(str(self.clock.ahead.total_seconds()))
        return now

    async def cast(self) -> Cast:
        """Whom one can speak as, and where."""
        return await asyncio.to_thread(self._cast)

    def _cast(self) -> Cast:
        with self.database.reading() as session:
            found = cast.loaded(session, SIMULATOR)
        codes = {grid.id: grid.code for grid in found.grids}
        held: dict[int, list[CastPost]] = {}
        rank = {code: at for at, code in enumerate(self.kit.catalog.roles)}
        for post in sorted(found.posts, key=lambda post: -rank.get(post.role, 0)):
            if post.role != "resident":
                seat = CastPost(post.role, codes.get(post.grid_id) if post.grid_id else None, post.seat)
                held.setdefault(post.person_id, []).append(seat)
        return Cast(
            grids=tuple(
                CastGrid(grid.code, grid.name, grid.level, codes.get(grid.parent_id) if grid.parent_id else None)
                for grid in found.grids
            ),
            chats=tuple(
                CastChat(
                    chat.external,
                    chat.name or chat.external,
                    codes.get(chat.grid_id) if chat.grid_id else None,
                    "staff" if chat.audience == "staff" else "residents",
                )
                for chat in found.chats
            ),
            people=tuple(
                CastPerson(
                    account.external,
                    account.name or account.external,
                    codes.get(account.grid_id) if account.grid_id else None,
                    tuple(held.get(account.person_id, ())) if account.person_id else (),
                )
                for account in found.accounts
            ),
        )

    def _settle_district(self) -> None:
        with self.database.reading() as session:
            if grids.root(session) is not None:
                return
        from handlers.people import organization  # what reads workbooks takes 8 MB; loaded only for an empty demo

        checked = organization.check_file(self.settings.templates / "demo" / "district.xlsx", self.kit.catalog)
        if checked.plan is None:
            raise SetupError(f"The demo district has faults: {checked.faults[0].text}")
        organization.import_plan(self.database, checked.plan, self.clock.now(), _unseen)

    def _timed(self, submit: Callable[[Incoming], Awaitable[None]]) -> Callable[[Incoming], Awaitable[None]]:
        async def timed(incoming: Incoming) -> None:
            began = time.perf_counter()
            try:
                await submit(incoming)
            except SQLAlchemyError:
                await self.last_word.say(incoming)
                raise
            self.metrics.answered(time.perf_counter() - began)

        return timed

    async def _start(self, _: web.Application) -> None:
        self.dispatcher.on_change = self._wake
        self.dispatcher.start()
        try:
            await self.dispatcher.run(lambda session: rounds.begin(session, self.clock.now()))
        except SQLAlchemyError as fault:  # /health says what is wrong with the database; the next start begins it
            log.error("the daily round could not be begun", exc_info=fault)
        self._tasks = [asyncio.create_task(sender.run(), name=sender.channel.name) for sender in self.senders]
        self._tasks += [asyncio.create_task(one.run(self.ears), name="listening") for one in self.listening]
        self._tasks.append(asyncio.create_task(self.printer.run(), name="printer"))
        self.timers.start()

    async def _stop(self, _: web.Application) -> None:
        self.timers.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self.dispatcher.stop)
        self.database.close()

    def _wake(self) -> None:
        for sender in self.senders:
            sender.wake()


def _unseen(_noun: str, _done: int, _all: int) -> None:
    """A demo's district is small: there is no progress to watch."""


async def serve(settings: Settings, *, demo: bool, ready: Callable[[str], None]) -> None:
    """Run until a signal ends it; `ready` hears the address once it answers."""
    keep_to(settings.processor)
    _one_arena()
    app = App(settings, demo=demo)
    await asyncio.to_thread(app.prepare)
    _settle()
    runner = web.AppRunner(app.site(), access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        door = web.TCPSite(runner, settings.host, settings.port)
        try:
            await door.start()
        except OSError as fault:
            raise SetupError(
                f"Port {settings.port} on {settings.host} is taken or forbidden ({fault.strerror}); set XIAOGE_PORT."
            ) from fault
        host, port = runner.addresses[0][:2]
        ready(f"http://{host}:{port}/")
        await _ended()
    finally:
        await runner.cleanup()


def _one_arena() -> None:
    """The threads take turns, so none needs memory of its own: what one frees the others use."""
    with contextlib.suppress(AttributeError, OSError):  # glibc alone gives each its own, and can be told
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def _settle() -> None:
    """What is loaded stays and is not looked through again; what loading freed goes back to the machine."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RUBBISH)
    with contextlib.suppress(AttributeError, OSError):  # glibc alone keeps what was freed, and can be told
        ctypes.CDLL(None).malloc_trim(0)


def _meet_everybody(database: Database) -> None:
    """Every grid and whoever is seated there, in memory before a message asks for them."""
    with database.reading() as session:
        known = [row.id for row in grids.everything(session)]
        for at in range(0, len(known), MET_AT_ONCE):
            grids.by_ids(session, known[at : at + MET_AT_ONCE])
            posts.look_up_seats(session, known[at : at + MET_AT_ONCE])


async def _ended() -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, ended.set)
    await ended.wait()


async def _unnamed(_: web.Request, response: web.StreamResponse) -> None:
    """What answers is nobody's business: the library would tell its version, and Python's."""
    response.headers.pop(hdrs.SERVER, None)


@web.middleware
async def _in_words(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Whatever goes wrong, the caller gets a sentence and never a stack trace."""
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        if refusal.status < 400:
            raise
        return web.json_response({"error": refusal.reason}, status=refusal.status)
    except SQLAlchemyError as fault:
        log.error("a message could not be made durable", extra={"error": type(fault).__name__})
        words = "The message could not be stored now; nothing of it took effect. Send it again. See /health."
        return web.json_response({"error": words}, status=503, headers={"Retry-After": "2"})
    except Exception:  # the border: logged once, the caller hears no more than that
        log.exception("a call hit a bug", extra={"path": request.path})
        return web.json_response({"error": "Something went wrong here; it was logged."}, status=500)


def _phones(settings: Settings, ending: str) -> Path:
    """The pretended phones of one database: two demos on two databases do not mix."""
    name = hashlib.sha256(settings.database_url.encode()).hexdigest()[:12]
    return settings.phones / f"{name}.{ending}"


def _ahead(settings: Settings) -> timedelta:
    """How far the pretended clock had been moved before."""
    try:
        return timedelta(seconds=float(_phones(settings, "clock").read_text()))
    except (OSError, ValueError):
        return timedelta()
