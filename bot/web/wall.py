"""The wall 心愿墙 as a page and as a poster to print: what is open, in the words that were vetted, and nothing else."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import segno
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.catalog import Catalog
from handlers.wishes.terms import Terms, terms
from storage import grids, wishes
from storage.database import Database
from storage.grids import Grid
from storage.wishes import Shown

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
}
SMALLEST = 3
"""The depth of the smallest grid that has a wall: in a smaller one neighbours would know whose wish it is."""
ON_A_POSTER = 10
LONGEST_CODE = 32


@dataclass(frozen=True, slots=True)
class Wall:
    """What one wall shows."""

    place: Grid | None
    shown: Sequence[Shown]
    names: dict[str, str]
    """Kinds of need by code."""
    granted: int


class Pages:
    """The wall's pages, from the community's own templates."""

    def __init__(self, database: Database, catalog: Catalog, folder: Path) -> None:
        self.database = database
        self.catalog = catalog
        self.folder = folder
        self._environment = Environment(
            loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def routes(self) -> list[web.RouteDef]:
        """The page, the poster, and how they look."""
        return [
            web.get("/wall", self._wall),
            web.get("/wall/poster", self._poster),
            web.get("/wall.css", self._look),
        ]

    async def _wall(self, request: web.Request) -> web.StreamResponse:
        wall = await asyncio.to_thread(self._find, request.query.get("grid", ""))
        return self._page("wall.html", wall, wall.shown, self._address(request, wall))

    async def _poster(self, request: web.Request) -> web.StreamResponse:
        wall = await asyncio.to_thread(self._find, request.query.get("grid", ""))
        return self._page("wall_poster.html", wall, wall.shown[:ON_A_POSTER], self._address(request, wall))

    async def _look(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(self.folder / "wall.css", headers=HEADERS)

    def _find(self, code: str) -> Wall:
        rows: Terms = terms(self.catalog)
        with self.database.reading() as session:
            place = grids.by_code(session, code) if code and code.isdecimal() and len(code) <= LONGEST_CODE else None
            while place is not None and place.depth > SMALLEST and place.parent_id is not None:
                place = grids.get(session, place.parent_id)
            codes = [place.code] if place else []
            shown = wishes.on_the_wall(session, codes)
            granted = wishes.granted_count(session, codes)
        return Wall(place, shown, {need.code: need.name for need in rows.need}, granted)

    def _page(self, name: str, wall: Wall, shown: Sequence[Shown], address: str) -> web.Response:
        code = segno.make(address, error="m")
        body = self._environment.get_template(name).render(
            place=wall.place,
            shown=shown,
            more=len(wall.shown) - len(shown),
            names=wall.names,
            granted=wall.granted,
            address=address,
            image=code.svg_data_uri(scale=4, border=1),
        )
        return web.Response(text=body, content_type="text/html", charset="utf-8", headers=HEADERS)

    def _address(self, request: web.Request, wall: Wall) -> str:
        """Where this wall is found, for the code on the poster."""
        found = request.url.origin().with_path("/wall")
        return str(found.with_query({"grid": wall.place.code}) if wall.place else found)
