"""A form filled by tapping, a scanned code, and a wish on its way to the wall, in a real browser at a phone's width."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from bot.settings import Settings
from handlers.people import codes
from storage.database import Database
from tests.web.chromium import PHONE, Theatre, become, bubbles, needs_chromium, say, tap

pytestmark = needs_chromium

RESIDENT, HEAD = "吴桐", "许佳宁"
GRID = "519901001001001002"


def a_door(folder: Path, building: str, unit: str) -> str:
    """The code that hangs at this unit's door in the demo that runs in `folder`."""
    database = Database(f"sqlite:///{folder / 'xiaoge.db'}")
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    with database.transaction() as session:
        sheets = list(codes.printed(session, Settings(), GRID, now))
    database.close()
    found = [one for _, printed in sheets for one in printed]
    return next(
        one.text for one in found if (one.place.building, one.place.unit, one.place.room) == (building, unit, "")
    )


async def scan(page: Page, text: str) -> None:
    """Hold the phone before a square."""
    await page.click("#more")
    await page.click("[data-send=scan]")
    await page.fill("#answer", text)
    await page.click("#answer-ok")


async def to_the_bot(page: Page, name: str) -> None:
    """On a phone: be somebody, and open the chat with the bot."""
    if await page.locator("#back").is_visible():
        await page.click("#back")
    await become(page, name)


def test_a_form_is_filled_by_tapping_and_a_scan_spares_the_address(theatre: Theatre, demo: str, tmp_path: Path) -> None:
    async def scene() -> None:
        async with theatre.window(demo, PHONE) as page:
            await to_the_bot(page, RESIDENT)
            await scan(page, "XG:0000-0000")
            await expect(bubbles(page, "这个码用不了").last).to_be_visible()
            await scan(page, a_door(tmp_path, "3", "2"))
            await expect(bubbles(page, "记好了").last).to_contain_text("3栋2单元")

            await say(page, "养犬登记")
            await say(page, "3栋2单元501")
            await tap(page, "1")
            await say(page, "泰迪")
            await tap(page, "是")
            await expect(bubbles(page, "犬证号").last).to_be_visible()
            await tap(page, "跳过")
            await expect(bubbles(page, "请您看看对不对").last).to_contain_text("泰迪")
            await tap(page, "确认")
            await expect(bubbles(page, "报备好了").last).to_be_visible()

    theatre.runner.run(scene())


def test_a_vetted_wish_stands_on_the_wall_that_fits_a_phone(theatre: Theatre, demo: str) -> None:
    async def scene() -> None:
        async with theatre.window(demo, PHONE) as page:
            await to_the_bot(page, RESIDENT)
            await say(page, "心愿 想借个轮椅用三天")
            noted = bubbles(page, "收到心愿").last
            found = re.search(r"\d{4,}", await noted.inner_text())
            assert found is not None
            await to_the_bot(page, HEAD)
            await tap(page, "发布")
            await expect(bubbles(page, f"心愿 {found[0]} 已上墙").last).to_be_visible()
            await page.goto(f"{demo}wall")
            card = page.locator(".wish").filter(has_text=found[0])
            await expect(card).to_contain_text("轮椅")
            assert RESIDENT not in await page.inner_text("body")
            assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            await page.goto(demo)
            await page.wait_for_selector("body[data-ready]")

    theatre.runner.run(scene())
