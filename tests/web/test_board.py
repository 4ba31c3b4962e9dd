"""The board as a page: behind a pass, without names, one look-up for all who watch, and readable on a wall and a phone."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from openpyxl import load_workbook
from playwright.async_api import expect

from bot.web import board, chart
from bot.web.board import SHARE, Boards
from handlers.mobilizing.hindsight import Curve
from storage.database import Database
from tests.mobilizing.test_mobilizing import LEAD, mobilized
from tests.stage import Stage, settled_on
from tests.web.chromium import PHONE, Theatre, needs_chromium

WALL = (1920, 1080)
A_SLOW_MACHINE_S = 600.0
"""Longer than forty answers take on any machine that runs the tests: what is asked is one look-up, not its second."""
SECRETS = ("李雷", "韩梅", "林若云", "周建华", "汪洋", "simulator", "hanmei", "1栋1单元", "1380000")


def way(stage: Stage, number: int, by: str = LEAD) -> str:
    """The path with its pass, as the bot gives it."""
    found = urlsplit(stage.say(f"大屏 {number}", by=by)[-1].splitlines()[-1])
    return f"{found.path}?{found.query}"


@asynccontextmanager
async def served(stage: Stage) -> AsyncGenerator[tuple[Boards, "TestClient[web.Request, web.Application]"]]:
    app = web.Application()
    boards = Boards(stage.database, stage.kit.catalog, stage.kit.settings, stage.kit.clock)
    app.add_routes(boards.routes())
    async with TestClient(TestServer(app)) as client:
        yield boards, client


def got(stage: Stage, *paths: str) -> list[tuple[int, str]]:
    """(status, body) of each."""

    async def fetch() -> list[tuple[int, str]]:
        async with served(stage) as (_, client):
            get: Callable[[str], Awaitable[ClientResponse]] = client.get
            answers = [await get(path) for path in paths]
            return [(answer.status, await answer.text()) for answer in answers]

    return asyncio.run(fetch())


def drill(stage: Stage) -> int:
    """A drill in which some have answered."""
    number = mobilized(stage, "演练 防汛")
    stage.pass_time(seconds=30)
    for who in ("hanmei", "lilei", "zhoujianhua"):
        stage.say("收到", by=who)
    stage.pass_time(minutes=2)
    stage.say("到了", by="hanmei")
    stage.pass_time(minutes=1)
    return number


def over(stage: Stage) -> int:
    """A drill that has ended."""
    number = drill(stage)
    stage.pass_time(minutes=15)
    stage.say(f"解除 {number}", by=LEAD)
    stage.tap(stage.last(LEAD), "确认解除", by=LEAD)
    stage.pass_time(seconds=1)
    return number


# ---- who may look ------------------------------------------------------------------------------------


def test_without_a_pass_nothing_is_shown_and_it_says_how_to_get_one(stage: Stage) -> None:
    number = drill(stage)
    path = way(stage, number)
    forged = path[:-1] + ("0" if path[-1] != "0" else "1")

    for bad in (
        f"/board/{number}",
        f"/board/{number}?k=1-2-3",
        forged,
        path.replace(str(number), "9999"),
        "/board/1?k=",
    ):
        [(status, page), (now, fragment), (book, _)] = got(
            stage, bad, bad.replace("?", "/now?"), bad.replace("?", "/report.xlsx?")
        )
        assert status == 403
        assert "大屏" in page
        assert "锦绣" not in page
        assert now == 403 or "?" not in bad
        assert "锦绣" not in fragment
        assert book == 403 or "?" not in bad


def test_an_old_pass_opens_nothing(stage: Stage) -> None:
    number = drill(stage)
    path = way(stage, number)
    assert got(stage, path)[0][0] == 200

    stage.pass_time(hours=25)

    assert got(stage, path)[0][0] == 403


def test_it_shows_grids_and_posts_and_no_names_phones_or_doors(stage: Stage) -> None:
    number = drill(stage)

    for _, page in got(stage, way(stage, number), way(stage, number).replace("?", "/now?")):
        assert "锦绣花园5-6栋" in page
        assert "微网格长" in page
        assert not any(secret in page for secret in SECRETS)


def test_a_grids_lead_sees_the_own_part_only(stage: Stage) -> None:
    number = drill(stage)

    [(status, page)] = got(stage, way(stage, number, by="zhoujianhua"))

    assert status == 200
    assert "锦绣第一网格" in page
    assert "锦绣第二网格" not in page


def test_nothing_may_be_kept_or_framed_or_run_from_elsewhere(stage: Stage) -> None:
    path = way(stage, drill(stage))

    async def fetch() -> dict[str, str]:
        async with served(stage) as (_, client), client.get(path) as answer:
            return dict(answer.headers)

    headers = asyncio.run(fetch())
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


# ---- what it shows -----------------------------------------------------------------------------------


def test_the_figures_are_those_of_the_moment(stage: Stage) -> None:
    number = drill(stage)
    path = way(stage, number).replace("?", "/now?")

    [(_, before)] = got(stage, path)
    stage.say("到了", by="lilei")
    [(_, after)] = got(stage, path)

    assert '<span class="name">到岗</span><b>1</b>' in before
    assert '<span class="name">到岗</span><b>2</b>' in after


def test_a_name_that_looks_like_a_page_is_only_a_name(stage: Stage) -> None:
    with stage.database.transaction() as session:
        session.connection.exec_driver_sql("UPDATE grid SET name = '<b>x</b>' WHERE name = '锦绣花园5-6栋'")
        session.organization_changed()

    [(_, page)] = got(stage, way(stage, drill(stage)))

    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_after_the_end_it_is_the_report_with_the_earlier_drills(stage: Stage) -> None:
    first, number = over(stage), over(stage)

    [(_, page)] = got(stage, way(stage, number))

    assert 'data-live="no"' in page
    assert "跟以前比" in page
    assert f"11月23日 {first}" in page


def test_a_census_has_a_board_of_households(stage: Stage) -> None:
    stage.say("摸排", by=LEAD)
    stage.say("开始摸排 1001", by=LEAD)
    stage.does("press", stage.last(LEAD).buttons[0][1], by=LEAD)
    stage.say("1栋1单元101，两口都好", by="wangnainai", chat="g-jinxiu-1")
    stage.pass_time(minutes=2)

    [(status, page)] = got(stage, way(stage, 1001))

    assert status == 200
    assert '<span class="name">有着落</span><b>1</b>' in page
    assert '<span class="name">户表里</span><b>144</b>' in page
    assert "101" not in page.replace("1001", "")


def test_the_workbook_is_behind_the_same_pass(stage: Stage) -> None:
    path = way(stage, drill(stage), by="zhoujianhua").replace("?", "/report.xlsx?")

    async def fetch() -> bytes:
        async with served(stage) as (_, client), client.get(path) as answer:
            assert answer.status == 200
            return await answer.read()

    book = load_workbook(BytesIO(asyncio.run(fetch())))
    words = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "锦绣第一网格" in words
    assert "锦绣第二网格" not in words


# ---- one look-up for all ----------------------------------------------------------------------------


def test_however_many_watch_it_is_looked_up_once_a_second(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "FRESH_S", A_SLOW_MACHINE_S)
    stage = settled_on(sqlite_database)
    number = drill(stage)
    whole, part = way(stage, number), way(stage, number, by="zhoujianhua")
    paths = [path.replace("?", "/now?") for path in (whole, part)] * 20

    async def scene() -> tuple[int, int, int]:
        async with served(stage) as (boards, client):

            async def look(path: str) -> str:
                async with client.get(path) as answer:
                    assert answer.status == 200
                    return await answer.text()

            seen = set(await asyncio.gather(*(look(path) for path in paths)))
            first = boards.looked_up
            for held in boards._held.values():  # pyright: ignore[reportPrivateUsage]
                held.at -= A_SLOW_MACHINE_S * SHARE
            await look(paths[0])
            return len(seen), first, boards.looked_up

    views, first, second = asyncio.run(scene())
    assert views == 2
    assert first == 1
    assert second == 2


# ---- the drawing -------------------------------------------------------------------------------------


def test_the_chart_is_within_its_frame_and_its_lines_end_now() -> None:
    curve = Curve((0.0, 60.0, 120.0), (20, 20, 19), (0, 12, 19), (0, 0, 7))

    drawn = chart.draw(curve, (1, 3, 5, 15), 0.95, lasts=900.0, gathers=True, size=(1000, 400))

    assert [(mark.minute, mark.arrived_y is not None) for mark in drawn.marks] == [
        (1, True),
        (3, False),
        (5, False),
        (15, False),
    ]
    assert all(drawn.left <= mark.x <= drawn.right for mark in drawn.marks)
    assert [row.value for row in drawn.rows] == [0, 5, 10, 15, 20]
    assert drawn.arrived.endswith(f"H{drawn.now_x}")
    assert drawn.now_x < drawn.right / 2


def test_minutes_that_stand_too_close_on_a_phone_share_one_label() -> None:
    curve = Curve((0.0, 3600.0), (20, 20), (0, 19), (0, 7))

    long = chart.draw(curve, (1, 3, 5, 15), 0.95, lasts=3600.0, gathers=True, size=(356, 250))
    short = chart.draw(curve, (1, 3, 5, 15), 0.95, lasts=900.0, gathers=True, size=(356, 250))

    assert [label.text for label in long.labels] == ["1·3·5", "15"]
    assert [label.text for label in short.labels] == ["1", "3", "5", "15"]
    assert all(two.x - one.x >= 34 for one, two in zip(short.labels, short.labels[1:], strict=False))


def test_an_empty_chart_can_be_drawn_too() -> None:
    drawn = chart.draw(Curve((0.0,), (0,), (0,), (0,)), (1,), 0.95, lasts=0.0, gathers=False, size=(300, 200))

    assert [row.value for row in drawn.rows] == [0, 1]
    assert drawn.arrived == ""


# ---- in a browser -----------------------------------------------------------------------------------


@needs_chromium
def test_the_page_follows_what_happens_and_fits_a_wall_and_a_phone(theatre: Theatre, sqlite_database: Database) -> None:
    stage = settled_on(sqlite_database)
    number = drill(stage)
    path = way(stage, number)

    async def scene() -> None:
        async with served(stage) as (_, client):
            address = str(client.make_url("/"))[:-1] + path
            async with theatre.window(address, WALL) as page:
                there = page.locator(".figure.there b")
                await expect(there).to_have_text("1")
                overflow = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
                width, height = await page.evaluate(overflow)
                assert (width, height) <= WALL
                assert height <= WALL[1]
                await asyncio.to_thread(stage.say, "到了", by="lilei")
                await expect(there).to_have_text("2", timeout=15_000)
                await expect(page.locator("#trouble")).to_be_hidden()
                await expect(page.locator(".chart.wide")).to_be_visible()
            async with theatre.window(address, PHONE) as page:
                await expect(page.locator(".chart.narrow")).to_be_visible()
                await expect(page.locator(".chart.wide")).to_be_hidden()
                assert await page.evaluate("document.documentElement.scrollWidth") == PHONE[0]

    theatre.runner.run(scene())
