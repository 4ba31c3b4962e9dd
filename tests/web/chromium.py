"""A real browser for the tests of the page."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Locator, Page, expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIETLY = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
DESK = (1440, 900)
PHONE = (390, 844)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@dataclass(frozen=True, slots=True)
class Theatre:
    """One browser for all scenes, and the event loop it lives on."""

    browser: Browser
    runner: asyncio.Runner

    @asynccontextmanager
    async def window(self, address: str, size: tuple[int, int] = DESK) -> AsyncGenerator[Page]:
        """The simulator's page at this address; it must raise no error while it is used."""
        width, height = size
        phone = size == PHONE
        page = await self.browser.new_page(
            viewport={"width": width, "height": height}, has_touch=phone, is_mobile=phone
        )
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        await page.goto(address)
        await page.wait_for_selector("body[data-ready]")
        yield page
        await page.context.close()
        assert faults == []


def bubbles(page: Page, text: str) -> Locator:
    """What was said in the open chat with these words in it."""
    return page.locator("#lines .bubble").filter(has_text=text)


async def say(page: Page, text: str) -> None:
    """Type and send."""
    await page.fill("#words", text)
    await page.click("#send")
    await expect(page.locator("#words")).to_have_value("")


async def tap(page: Page, label: str) -> None:
    """Tap the newest button with this label, and hear the bot's answer."""
    heard = await page.locator("#lines .from-bot").count()
    await page.locator(".taps button").get_by_text(label, exact=True).last.click()
    await expect(page.locator("#lines .from-bot").nth(heard)).to_be_visible()


async def become(page: Page, name: str) -> None:
    """Switch to somebody and open their private chat with the bot."""
    await page.click("#switch")
    await page.fill("#find-person", name)
    await page.locator("#found button").filter(has_text=name).first.click()
    await page.click(".chat[data-key=private]")
    await expect(page.locator("#chat-name")).to_have_text("小格")
