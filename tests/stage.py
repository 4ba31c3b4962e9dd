"""A stage for tests that read as what is said and what is heard: the demo district, a still clock, no network."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, select

from bot.batch import Batch, Kit
from bot.catalog import Catalog
from bot.clock import StillClock
from bot.dispatcher import Dispatcher
from bot.message import Happening, Incoming
from bot.metrics import Metrics
from bot.render import Renderer
from bot.router import Routes
from bot.settings import PROJECT, Settings
from bot.understanding import Reader
from handlers import ROUTERS
from handlers.people import organization
from storage import matters, timers
from storage.database import Database
from storage.matters import Matter
from storage.outbox import body, outgoing

CHANNEL = "simulator"
MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday that is a working day."""
DISTRICT = PROJECT / "templates" / "demo" / "district.xlsx"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the bot's as a phone shows it."""

    id: int
    target: str
    private: bool
    text: str
    buttons: tuple[tuple[str, str], ...]
    lane: int
    state: str = "sent"

    def press(self, label: str) -> str:
        """What tapping this button sends."""
        return dict(self.buttons)[label]


def kit(templates: Path, clock: StillClock) -> Kit:
    """The real parts, put together as the program does; those made of the project's own templates are made once."""
    settings = Settings()
    made = _once if templates == PROJECT / "templates" else _parts
    catalog, reader, renderer = made(templates, settings.zone)
    return Kit(
        routes=Routes(ROUTERS),
        reader=reader,
        renderer=renderer,
        catalog=catalog,
        settings=settings,
        clock=clock,
        meter=Metrics(),
    )


def _parts(templates: Path, zone: ZoneInfo) -> tuple[Catalog, Reader, Renderer]:
    """What is read from the templates and never changes."""
    catalog = Catalog(templates / "catalog")
    return catalog, Reader(catalog), Renderer(templates, catalog, zone)


_once = lru_cache(maxsize=2)(_parts)


def settle_district(database: Database, catalog: Catalog, path: Path = DISTRICT) -> None:
    """Import the demo district."""
    checked = organization.check_file(path, catalog)
    assert checked.plan is not None, checked.faults
    organization.import_plan(database, checked.plan, MORNING, _quietly)


def settled_on(database: Database) -> "Stage":
    """The stage on a database that other connections can open as well."""
    clock = StillClock(MORNING)
    parts = kit(PROJECT / "templates", clock)
    settle_district(database, parts.catalog)
    return Stage(database, parts, clock)


def submit_all(database: Database, parts: Kit, messages: Sequence[Incoming]) -> None:
    """All of them at once, to a dispatcher that lives no longer than that."""

    async def all_of_them() -> None:
        dispatcher = Dispatcher(database, parts)
        dispatcher.start()
        await asyncio.gather(*(dispatcher.submit(one) for one in messages))
        await asyncio.to_thread(dispatcher.stop)

    asyncio.run(all_of_them())


def _quietly(_noun: str, _done: int, _all: int) -> None:
    """Nobody watches the progress."""


class Stage:
    """Speak with `say`, tap with `tap`, listen with `hears`, let time pass with `pass_time`."""

    def __init__(self, database: Database, kit: Kit, clock: StillClock) -> None:
        self.database = database
        self.kit = kit
        self.clock = clock
        self._ids = count(1)
        self._heard_until = 0

    def say(self, text: str, *, by: str, chat: str | None = None, quote: Heard | None = None) -> list[str]:
        """What is heard where it was said."""
        return [heard.text for heard in self.does("text", text, by=by, chat=chat, quote=quote)]

    def tap(self, heard: Heard, label: str, *, by: str) -> list[str]:
        """What is heard where the button was."""
        chat = None if heard.private else heard.target
        return [one.text for one in self.does("press", heard.press(label), by=by, chat=chat)]

    def does(
        self,
        happening: Happening,
        text: str = "",
        *,
        by: str,
        chat: str | None = None,
        quote: Heard | None = None,
        key: str | None = None,
    ) -> list[Heard]:
        """Every new message in the conversation where it happened."""
        incoming = Incoming(
            channel=CHANNEL,
            key=key or f"m{next(self._ids)}",
            sender=by,
            chat=chat,
            at=self.clock.now(),
            happening=happening,
            text=text,
            quote=str(quote.id) if quote else None,
            sender_name=by,
        )
        before = self._last()
        with self.database.transaction() as session:
            Batch(self.kit, session, [incoming]).handle(incoming)
        self._send()
        target = incoming.address
        return [one for one in self.heard(before) if (one.target, one.private) == (target.target, target.private)]

    def hears(self, who: str, *, group: bool = False) -> list[Heard]:
        """Everything this person was told in private so far (or this group in public)."""
        return [one for one in self.heard() if one.target == who and one.private is not group]

    def last(self, who: str, *, group: bool = False) -> Heard:
        """The newest of it."""
        return self.hears(who, group=group)[-1]

    def heard(self, after: int = 0) -> list[Heard]:
        """Every message the bot promised, in its order."""
        with self.database.reading() as session:
            words = (func.coalesce(body.c.text, outgoing.c.text), func.coalesce(body.c.buttons, outgoing.c.buttons))
            rows = session.connection.execute(
                select(outgoing.c.id, outgoing.c.target, outgoing.c.private, *words, outgoing.c.lane, outgoing.c.state)
                .outerjoin(body, body.c.id == outgoing.c.body_id)
                .where(outgoing.c.id > after)
                .order_by(outgoing.c.id)
            ).all()
        return [
            Heard(row_id, target, private, text, _buttons(buttons), lane, state)
            for row_id, target, private, text, buttons, lane, state in rows
        ]

    def pass_time(self, **how_much: float) -> list[Heard]:
        """What is said while this much time passes; everything happens at its own moment."""
        before = self._last()
        target = self.clock.now() + timedelta(**how_much)
        while True:
            with self.database.transaction() as session:
                due = timers.next_due(session)
            if due is None or due > target:
                break
            self.clock.move_to(due)
            self.tick()
        self.clock.move_to(target)
        return self.heard(before)

    def tick(self) -> int:
        """Do what is due now."""
        with self.database.transaction() as session:
            done = Batch(self.kit, session, ()).tick()
        self._send()
        return done

    def matter(self, number: int) -> Matter:
        """The matter with this number."""
        with self.database.reading() as session:
            found = matters.by_number(session, number)
        assert found is not None
        return found

    def _last(self) -> int:
        heard = self.heard()
        return heard[-1].id if heard else 0

    def _send(self) -> None:
        """Every waiting word arrives; its id on the platform is its number in the outbox."""
        with self.database.transaction() as session:
            session.run(
                outgoing.update().where(outgoing.c.state == "waiting").values(state="sent", platform_id=outgoing.c.id)
            )


def _buttons(kept: str) -> tuple[tuple[str, str], ...]:
    found: Sequence[tuple[str, str]] = msgspec.json.decode(kept, type=list[tuple[str, str]]) if kept else []
    return tuple(found)
