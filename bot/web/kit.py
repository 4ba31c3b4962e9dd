"""The newest printed kit of a community, for whoever holds a pass to it."""

import asyncio
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from bot.clock import Clock
from bot.settings import Settings
from handlers.kit import fetching
from handlers.people import passes
from storage.database import Database

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class Kits:
    """One address; the pass says whose kit it opens."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock

    def routes(self) -> list[web.RouteDef]:
        """The file."""
        return [web.get("/kit", self._file)]

    async def _file(self, request: web.Request) -> web.StreamResponse:
        secret = await asyncio.to_thread(self._secret)
        code = fetching.code_opened(request.query.get("k", ""), self.clock.now(), secret) if secret else None
        if code is None:
            return web.Response(status=403, headers=HEADERS)
        path = await asyncio.to_thread(newest, self.settings.kits, code)
        if path is None:
            return web.Response(status=404, headers=HEADERS)
        named = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(path.name)}"}
        return web.FileResponse(path, headers=HEADERS | named)

    def _secret(self) -> str | None:
        with self.database.reading() as session:
            return passes.secret_there(session, self.settings)


def newest(folder: Path, code: str) -> Path | None:
    """The last one that was printed for the community of this code."""
    days = sorted((day for day in folder.iterdir() if day.is_dir()), reverse=True) if folder.is_dir() else []
    return next((path for day in days for path in sorted(day.glob(f"{code} *.pdf"))), None)
