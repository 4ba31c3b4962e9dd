"""The wall as a page and a poster: vetted words only, on a phone and on paper."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.settings import PROJECT
from bot.web.wall import Pages
from tests.stage import Stage
from tests.wishes.test_a_wishs_life import WORDS, published

SECRETS = ("王奶奶", "李桂芳", "13812345678", "501", "3栋")


def got(stage: Stage, *paths: str) -> list[tuple[int, str]]:
    """(status, body) of each page."""

    async def fetch() -> list[tuple[int, str]]:
        app = web.Application()
        app.add_routes(Pages(stage.database, stage.kit.catalog, PROJECT / "templates" / "pages").routes())
        async with TestClient(TestServer(app)) as client:
            get: Callable[[str], Awaitable[tuple[int, str]]] = lambda path: _get(client, path)  # noqa: E731
            return [await get(path) for path in paths]

    return asyncio.run(fetch())


async def _get(client: "TestClient[web.Request, web.Application]", path: str) -> tuple[int, str]:
    async with client.get(path) as answer:
        return answer.status, await answer.text()


def test_the_wall_shows_the_vetted_words_with_the_number_and_nothing_that_tells_whose_they_are(stage: Stage) -> None:
    number = published(stage, WORDS)

    for status, page in got(stage, "/wall", "/wall/poster", "/wall?grid=519901001001"):
        assert status == 200
        assert str(number) in page
        assert "新华字典" in page
        assert not any(secret in page for secret in SECRETS)


def test_a_wall_shows_its_own_community_and_never_a_single_building(stage: Stage) -> None:
    published(stage)

    elsewhere, near, door = got(
        stage, "/wall?grid=519901002", "/wall?grid=519901001001001", "/wall?grid=519901001001001001"
    )

    assert "新华字典" not in elsewhere[1]
    assert "新华字典" in near[1]
    assert "锦绣花园1-2栋" not in door[1]
    assert "新华字典" in door[1]


def test_words_that_look_like_a_page_are_only_words(stage: Stage) -> None:
    published(stage, "想借<script>alert(1)</script>{{ 7*7 }}")

    page = got(stage, "/wall")[0][1]
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def test_an_unknown_grid_shows_the_whole_wall_and_an_empty_wall_says_what_to_do(stage: Stage) -> None:
    assert "跟小格说“心愿" in got(stage, "/wall?grid=999")[0][1]
    assert got(stage, "/wall?grid=';--")[0][0] == 200
