"""How the bot fares, in words: each part, what is wrong with it and what to do; and the figures for Prometheus."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web
from jinja2 import Environment, TemplateError
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.catalog import Catalog
from bot.channels.base import Troubled
from bot.clock import Clock
from bot.errors import CatalogError
from bot.message import Lane
from bot.metrics import Metrics, figures
from handlers.kit import paper as kits
from storage import chats, grids, kit, matters, outbox, reach, schema, stumbles, timers
from storage.database import BUSY_WAIT_MS, Database
from storage.session import Session

log = logging.getLogger(__name__)

Status = Literal["ok", "warn", "bad"]
Finding = tuple[str, Mapping[str, object]]

FILE = "health.toml"
STATUS: Mapping[str, Status] = {
    "database/ok": "ok",
    "database/busy": "warn",
    "database/unwritable": "bad",
    "disk/ok": "ok",
    "disk/low": "warn",
    "disk/full": "bad",
    "schema/ok": "ok",
    "schema/empty": "bad",
    "schema/behind": "bad",
    "schema/ahead": "bad",
    "organization/ok": "ok",
    "organization/empty": "warn",
    "groups/ok": "ok",
    "groups/unbound": "warn",
    "outbox/ok": "ok",
    "outbox/late": "warn",
    "targets/ok": "ok",
    "targets/gone": "warn",
    "refused/ok": "ok",
    "refused/some": "warn",
    "timers/ok": "ok",
    "timers/late": "warn",
    "stumbles/ok": "ok",
    "stumbles/some": "warn",
    "matters/ok": "ok",
    "matters/overdue": "warn",
    "kit/ok": "ok",
    "kit/coming": "ok",
    "kit/stale": "warn",
    "calendar/ok": "ok",
    "calendar/ending": "warn",
    "templates/ok": "ok",
    "templates/broken": "bad",
    "channels/ok": "ok",
    "channels/telegram_token": "warn",
    "channels/telegram_twice": "warn",
    "channels/telegram_privacy": "warn",
    "channels/wecom_ip": "warn",
    "channels/wecom_secret": "warn",
    "channels/wecom_rights": "warn",
    "channels/wecom_customers": "warn",
    "channels/wecom_uncancelled": "warn",
    "channels/wecom_strangers": "warn",
    "channels/wecom_stayed": "warn",
    "channels/clock": "warn",
    "channels/aibot_taken": "warn",
    "channels/aibot_secret": "warn",
    "channels/aibot_line": "warn",
    "channels/official_ip": "warn",
    "channels/official_secret": "warn",
    "channels/official_rights": "warn",
    "channels/official_quota": "warn",
    "channels/official_shut": "warn",
}
"""Everything that can be found, and how bad it is; the words are health.toml's."""
GRAVITY: tuple[Status, ...] = ("ok", "warn", "bad")
TOUCH = "UPDATE edition SET changes = changes"
"""Changes nothing, and has to reach the disk all the same."""
LOCK_WAIT_S = 2
LEAST_MB, NOTHING_MB = 200, 20
LATE_S = 60
PATIENT_S = 15 * 60
"""What a lane of many words may take: a broadcast to thousands of groups is paced, not stuck."""
TELLS_AHEAD = timedelta(days=45)
MOST_GONE = 1000


class Part(msgspec.Struct, frozen=True):
    """One part and how it fares."""

    part: str
    status: Status
    says: str
    do: str


class Report(msgspec.Struct, frozen=True):
    """All parts; the status is that of the worst."""

    status: Status
    parts: tuple[Part, ...]


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    says: str
    do: str = ""


@dataclass(slots=True)
class Health:
    """Looks at every part; `known_until` is where the calendar of holidays ends."""

    database: Database
    templates: Path
    clock: Clock
    zone: ZoneInfo
    known_until: date
    trouble: Callable[[], str]
    """What kept the last messages from being stored; empty when they were."""
    channels: Sequence[Troubled] = ()
    """Those that know what keeps them from working."""
    _words: Mapping[str, _Words] = field(init=False)
    _checked: Mapping[Path, int] = field(init=False, default_factory=dict[Path, int])
    _faults: list[str] = field(init=False, default_factory=list[str])

    def __post_init__(self) -> None:
        self._words = Catalog(self.templates / "catalog").read(FILE, dict[str, _Words])
        missing = STATUS.keys() - self._words.keys()
        if missing:
            raise CatalogError(f"{self.templates / 'catalog' / FILE}: the row {min(missing)!r} is missing.")

    def look(self) -> Report:
        """How every part fares now. It asks the database and the disk, so it belongs on a thread."""
        parts = [self._part(*finding) for finding in self._findings()]
        worst = max(GRAVITY.index(part.status) for part in parts)
        return Report(GRAVITY[worst], tuple(parts))

    def _part(self, key: str, values: Mapping[str, object]) -> Part:
        words = self._words[key]
        return Part(key.partition("/")[0], STATUS[key], words.says.format_map(values), words.do.format_map(values))

    def _findings(self) -> Iterator[Finding]:
        try:
            yield from list(self._stored())
        except DBAPIError as fault:
            log.warning("the database cannot be written", exc_info=fault)
            yield "database/unwritable", {"error": self._public(fault)}
        yield from self._disk()
        yield self._calendar()
        yield self._templates()
        troubles = [trouble for one in self.channels if (trouble := one.trouble())]
        yield from troubles or [("channels/ok", {})]

    def _stored(self) -> Iterator[Finding]:
        yield self._writing()
        stands = schema.state(self.database)
        yield "schema/ok" if stands == "current" else f"schema/{stands}", {}
        if stands == "current":
            with self.database.reading() as session:
                yield from self._remembered(session)

    def _writing(self) -> Finding:
        """Whether a transaction that writes can begin soon; after a failure, whether one can be made durable again."""
        with self.database.engine.connect() as connection:
            raw = connection.connection.cursor()
            if not self.database.is_postgres:
                raw.execute(f"PRAGMA busy_timeout={LOCK_WAIT_S * 1000}")
            try:
                with connection.begin() as transaction:
                    if self.database.is_postgres:
                        connection.exec_driver_sql("SELECT pg_current_xact_id()")  # a standby has none to give
                    if self.trouble():
                        connection.exec_driver_sql(TOUCH)
                        transaction.commit()
                    else:
                        transaction.rollback()
            except OperationalError as fault:
                if "locked" in str(fault.orig):
                    return "database/busy", {"seconds": LOCK_WAIT_S}
                raise
            finally:
                if not self.database.is_postgres:
                    raw.execute(f"PRAGMA busy_timeout={BUSY_WAIT_MS}")
                raw.close()
        return "database/ok", {}

    def _public(self, fault: DBAPIError) -> str:
        """PostgreSQL's words name hosts and users, which are nobody's business; they are in the log."""
        return type(fault.orig).__name__ if self.database.is_postgres else str(fault.orig)

    def _disk(self) -> Iterator[Finding]:
        """Only where the database is a file of ours."""
        if self.database.is_postgres or self.database.url.database in (None, "", ":memory:"):
            return
        free_mb = shutil.disk_usage(Path(str(self.database.url.database)).parent).free // 2**20
        code = "full" if free_mb < NOTHING_MB else "low" if free_mb < LEAST_MB else "ok"
        yield f"disk/{code}", {"free_mb": free_mb, "least_mb": LEAST_MB}

    def _remembered(self, session: Session) -> Iterator[Finding]:
        now = self.clock.now()
        count = grids.count(session)
        yield "organization/ok" if count else "organization/empty", {"count": count}
        yield _some("groups/unbound", chats.unbound_count(session))
        late = [
            row
            for row in outbox.backlog(session, now)
            if (now - row.oldest).total_seconds() > (LATE_S if row.lane < Lane.NOTICE else PATIENT_S)
        ]
        for row in late:
            seconds = int((now - row.oldest).total_seconds())
            yield "outbox/late", {"channel": row.channel, "waiting": row.waiting, "seconds": seconds}
        if not late:
            yield "outbox/ok", {}
        yield _some("targets/gone", len(reach.all_gone(session, MOST_GONE)))
        yield _some("refused/some", outbox.refused_count(session))
        due = timers.next_due(session)
        late_s = int((now - due).total_seconds()) if due else 0
        yield "timers/late" if late_s > LATE_S else "timers/ok", {"seconds": late_s}
        yield _some("stumbles/some", stumbles.count(session))
        yield _some("matters/overdue", matters.overdue_count(session, now))
        yield self._kit(session)

    def _kit(self, session: Session) -> Finding:
        """Whether there is paper to go on with when the channels fail."""
        rules, now = kits.rules(Catalog(self.templates / "catalog")), self.clock.now()
        printed, wanted = kit.newest(session)
        last = printed or wanted
        if last is not None and now - last > timedelta(days=rules.stale_days):
            return "kit/stale", {"days": (now - last).days}
        if printed is None:
            return "kit/coming", {"hour": rules.hour}
        return "kit/ok", {"at": f"{printed.astimezone(self.zone):%m-%d %H:%M}"}

    def _calendar(self) -> Finding:
        today = self.clock.now().astimezone(self.zone).date()
        ending = self.known_until - today < TELLS_AHEAD
        return "calendar/ending" if ending else "calendar/ok", {"until": self.known_until.isoformat()}

    def _templates(self) -> Finding:
        """Read again only after a file was changed."""
        stamps = {path: path.stat().st_mtime_ns for path in sorted(self.templates.rglob("*")) if path.is_file()}
        if stamps != self._checked:
            self._faults = list(template_faults(self.templates))
            self._checked = stamps
        if not self._faults:
            return "templates/ok", {}
        return "templates/broken", {"count": len(self._faults), "fault": self._faults[0]}


def template_faults(templates: Path) -> Iterator[str]:
    """Each file under templates/ that cannot be read, with what is wrong in it."""
    environment = Environment(autoescape=True)
    for path in sorted((templates / "says").rglob("*.txt")):
        try:
            environment.parse(path.read_text(encoding="utf-8"))
        except (TemplateError, UnicodeDecodeError) as fault:
            line = getattr(fault, "lineno", 1)
            yield f"{path.relative_to(templates)} 第 {line} 行:{fault}"
    for path in sorted(templates.rglob("*.toml")):
        try:
            msgspec.toml.decode(path.read_bytes())
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            yield f"{path.relative_to(templates)}:{fault}"


def routes(health: Health, metrics: Metrics, waiting: Callable[[], int]) -> list[web.RouteDef]:
    """GET /health and GET /metrics; `waiting` tells how many messages wait for a transaction."""

    async def say_health(_: web.Request) -> web.Response:
        report = await asyncio.to_thread(health.look)
        return web.Response(
            body=msgspec.json.encode(report),
            status=503 if report.status == "bad" else 200,
            content_type="application/json",
            charset="utf-8",
            headers={"Cache-Control": "no-store"},
        )

    async def say_metrics(_: web.Request) -> web.Response:
        def ask() -> bytes:
            with health.database.reading() as session:
                return metrics.page(figures(session, health.clock.now()), waiting())

        page = await asyncio.to_thread(ask)
        return web.Response(body=page, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    return [web.get("/health", say_health), web.get("/metrics", say_metrics)]


def _some(key: str, count: int) -> Finding:
    """A part that is well as long as there is nothing of it."""
    return key if count else key.partition("/")[0] + "/ok", {"count": count}
