"""The board of a notice as a page, for a duty room's wall and a phone: behind a pass, without names, live while it runs."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.catalog import Catalog
from bot.clock import Clock
from bot.render import span
from bot.settings import Settings
from bot.turn import Scene
from bot.web import chart
from handlers.mobilizing import after_action, board, hindsight
from handlers.mobilizing.hindsight import MINUTE, NEVER, Course, Hop
from handlers.people import passes
from storage import notices
from storage.database import Database
from storage.grids import Grid

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIVE = "X-Live"
AS_OF = "X-As-Of"
"""The moment that an answer shows, in seconds since 1970: the page's clock goes by it."""
FRESH_S = 1.0
"""However many watch, it is looked up once in this time at most."""
SHARE = 4
"""And for no more than one part in so many of the time."""
DONE_FRESH_S = 30.0
"""What is over changes no more, but for one who ends it by mistake."""
MOST_COURSES = 16
MOST_VIEWS = 400
FEW, MOST_LOWER = 11, 20
"""Grids of one level below which the next is shown too, and how many of these fit."""
LONGEST_CHART = 8
"""A chart goes on for at most so many times the last mark: else somebody who comes days later hides the minutes that count."""
WIDE, NARROW = (1080, 450), (356, 250)
"""The chart on a wall and on a phone."""


@dataclass(slots=True)
class _Held:
    """One notice as it was last looked up, and what was drawn from that."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    at: float = -NEVER
    took: float = 0.0
    course: Course | None = None
    hops: Sequence[Hop] = ()
    former: Sequence[Course] | None = None
    """Looked up once: what is over does not change."""
    views: dict[int, str] = field(default_factory=dict[int, str])
    """By the grid whose part is shown."""

    @property
    def fresh(self) -> bool:
        """Whether it is young enough to be shown again."""
        if self.course is None:
            return False
        lasts = FRESH_S if self.course.going else DONE_FRESH_S
        return time.monotonic() - self.at < max(lasts, SHARE * self.took)


@dataclass(frozen=True, slots=True)
class Seen:
    """One part of a notice as it is shown."""

    view: str
    course: Course
    part: Grid


class Boards:
    """Pages of notices; all who watch share one look-up, which reads beside the writer."""

    def __init__(self, database: Database, catalog: Catalog, settings: Settings, clock: Clock) -> None:
        self.database = database
        self.catalog = catalog
        self.settings = settings
        self.clock = clock
        self.folder = settings.templates / "pages"
        self.looked_up = 0
        """How often anything was looked up."""
        self._secret: str | None = None
        self._held: OrderedDict[int, _Held] = OrderedDict()
        self._environment = Environment(
            loader=FileSystemLoader(self.folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(clock=self._clock, day=self._day, lasts=lasts, long=self._long, span=span)

    def routes(self) -> list[web.RouteDef]:
        """The page, what of it changes, the workbook, and how they look and move."""
        return [
            web.get(r"/board/{number:\d{1,9}}", self._page),
            web.get(r"/board/{number:\d{1,9}}/now", self._now),
            web.get(r"/board/{number:\d{1,9}}/report.xlsx", self._book),
            web.get("/board.css", self._file("board.css")),
            web.get("/board.js", self._file("board.js")),
        ]

    async def _page(self, request: web.Request) -> web.StreamResponse:
        number, key = int(request.match_info["number"]), request.query.get("k", "")
        seen = await self._seen(number, key)
        if seen is None:
            return self._html("board_closed.html", 403, number=number)
        now = self.clock.now().timestamp()
        return self._html(
            "board.html", 200, number=number, key=key, view=seen.view, of=seen.course, part=seen.part, as_of=now
        )

    async def _now(self, request: web.Request) -> web.StreamResponse:
        seen = await self._seen(int(request.match_info["number"]), request.query.get("k", ""))
        if seen is None:
            return web.Response(status=403, headers=HEADERS)
        response = web.Response(text=seen.view, content_type="text/html", charset="utf-8", headers=HEADERS)
        response.headers[AS_OF] = f"{self.clock.now().timestamp():.1f}"
        response.headers[LIVE] = "yes" if seen.course.going else "no"
        response.enable_compression()
        return response

    async def _book(self, request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["number"])
        seen = await self._seen(number, request.query.get("k", ""))
        if seen is None:
            return self._html("board_closed.html", 403, number=number)
        raw = await asyncio.to_thread(self._written, number, seen.part)
        named = {"Content-Disposition": f'attachment; filename="report-{number}.xlsx"'}
        return web.Response(body=raw, content_type=WORKBOOK, headers=HEADERS | named)

    async def _seen(self, number: int, key: str) -> Seen | None:
        """What whoever holds this pass sees now; None when it opens nothing."""
        if self._secret is None:
            self._secret = await asyncio.to_thread(self._read_secret)
        opened = after_action.part_opened(number, key, self.clock.now(), self._secret) if self._secret else None
        return await self._shown(number, opened) if opened is not None else None

    def _read_secret(self) -> str | None:
        with self.database.reading() as session:
            return passes.secret_there(session, self.settings)

    async def _shown(self, number: int, part_id: int) -> Seen | None:
        """The board of one part, looked up anew only where it is old."""
        held = self._held.setdefault(number, _Held())
        self._held.move_to_end(number)
        while len(self._held) > MOST_COURSES:
            self._held.popitem(last=False)
        async with held.turn:
            if not held.fresh:
                began = time.monotonic()
                held.course, held.hops, held.former = await asyncio.to_thread(self._look_up, number, held.former)
                held.views, held.at = {}, time.monotonic()
                held.took = held.at - began
            part = held.course.grids.get(part_id) if held.course else None
            if held.course is None or part is None:
                return None
            if part.id not in held.views:
                if len(held.views) >= MOST_VIEWS:
                    held.views = {}
                began = time.monotonic()
                held.views[part.id] = await asyncio.to_thread(self._draw, held.course, held.hops, held.former, part)
                held.took = max(held.took, time.monotonic() - began)
            return Seen(held.views[part.id], held.course, part)

    def _look_up(
        self, number: int, former: Sequence[Course] | None
    ) -> tuple[Course | None, Sequence[Hop], Sequence[Course]]:
        self.looked_up += 1
        with self.database.reading() as session:
            scene = Scene(session, self.clock.now(), self.catalog, self.settings)
            notice = notices.find(session, number)
            if notice is None or notice.released_at is None:
                return None, (), ()
            course = hindsight.course(scene, notice)
            former = hindsight.before(scene, course) if former is None else former
        return course, hindsight.all_hops(course), former

    def _written(self, number: int, part: Grid) -> bytes:
        from handlers.mobilizing import report_book  # what writes workbooks takes 8 MB; loaded by the first download

        with self.database.reading() as session:
            scene = Scene(session, self.clock.now(), self.catalog, self.settings)
            out = BytesIO()
            report_book.write(scene, notices.get(session, number), part, out)
            return out.getvalue()

    def _draw(self, of: Course, hops: Sequence[Hop], former: Sequence[Course] | None, part: Grid) -> str:
        rows, answers = hindsight.terms(self.catalog), of.below(part.code)
        slow = hindsight.slowest(hops, part.code)
        now = hindsight.tally(answers, of.seconds)
        curve, upto = self._curve(of, part)
        stuck = [hop for hop in slow if hop.stuck]
        below = hindsight.branches(of, part, slow)
        with self.database.reading() as session:
            scene = Scene(session, of.now, self.catalog, self.settings)
            soon = board.forecast(scene, of.notice, now, hindsight.pending(of, answers)) if of.gathers else None
        charts = [
            chart.draw(curve, of.marks, rows.goal, lasts=upto, gathers=of.gathers, size=size) for size in (WIDE, NARROW)
        ]
        return self._environment.get_template("board_now.html").render(
            of=of,
            part=part,
            now=now,
            homes=of.homes_below(part.code),
            guests=of.guests(part.code),
            lent=of.lent(part.code),
            soon=soon if of.going else None,
            goal=rows.goal,
            first=hindsight.reached(answers, rows.goal, _heard),
            there=hindsight.reached(answers, rows.goal, _there),
            marks=hindsight.home_marks(of, curve) if of.asks_homes else hindsight.at_marks(of, answers),
            charts=charts,
            cut=upto if not of.asks_homes and of.seconds > upto and not _still(of, part, upto) else None,
            branches=below[: rows.branches],
            lower=_lower(of, below, slow),
            more_branches=max(0, len(below) - rows.branches),
            stuck=[(hop, hindsight.lineage(of, hop.grid, part)) for hop in stuck[: rows.listed]],
            many_stuck=len(stuck),
            slow=[hop for hop in slow if not hop.stuck][: rows.listed],
            chips=rows.stuck,
            why=rows.why,
            doings=[(one, rows.doings[one.act]) for one in of.doings if one.act in rows.doings][-8:],
            past=hindsight.compared(of, former or (), part.code),
            roles={code: role.name for code, role in self.catalog.roles.items()},
        )

    def _curve(self, of: Course, part: Grid) -> tuple[hindsight.Curve, float]:
        """The curve, and until when the chart goes: past the last mark as long as anything changes."""
        marked = of.marks[-1] * MINUTE
        if of.asks_homes:
            with self.database.reading() as session:
                scene = Scene(session, of.now, self.catalog, self.settings)
                return hindsight.homes_curve(scene, of, part.code, of.seconds), max(marked, of.seconds)
        moments = (
            at for one in of.below(part.code) for at in (one.acknowledged, one.arrived, one.declined) if at < NEVER
        )
        last = max(moments, default=0.0) * 1.1 + MINUTE
        upto = max(marked, min(of.seconds, last, LONGEST_CHART * marked))
        return hindsight.curve(of.below(part.code), min(of.seconds, upto)), upto

    def _html(self, name: str, status: int, **values: object) -> web.Response:
        kinds = hindsight.terms(self.catalog).kinds
        text = self._environment.get_template(name).render(kinds=kinds, zone=self.settings.timezone, **values)
        return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)

    def _file(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        path = self.folder / name

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.FileResponse(path, headers=HEADERS | {"Cache-Control": "no-cache"})

        return answer

    def _long(self, seconds: float) -> str:
        return hindsight.in_words(hindsight.terms(self.catalog).lasts, seconds)

    def _clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.settings.zone):%H:%M}"

    def _day(self, moment: datetime) -> str:
        local = moment.astimezone(self.settings.zone)
        return f"{local.month}月{local.day}日"


def _still(of: Course, part: Grid, upto: float) -> bool:
    """Whether nothing changed after that moment."""
    return all(
        not upto < at < NEVER for one in of.below(part.code) for at in (one.acknowledged, one.arrived, one.declined)
    )


def _lower(of: Course, below: Sequence[hindsight.Branch], slow: Sequence[Hop]) -> dict[int, list[hindsight.Branch]]:
    """One more level of the tree by the grid above, where both fit."""
    if len(below) > FEW:
        return {}
    found = {one.grid.id: hindsight.branches(of, one.grid, slow) for one in below}
    return found if sum(len(some) for some in found.values()) <= MOST_LOWER else {}


def _heard(one: hindsight.Answer) -> float:
    return min(one.acknowledged, one.arrived)


def _there(one: hindsight.Answer) -> float:
    return one.arrived


def lasts(seconds: float) -> str:
    """4:05, as a clock shows it, days before it; a dash for never."""
    if seconds == NEVER:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}天 {hours}:{minutes:02}:{rest:02}"
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
