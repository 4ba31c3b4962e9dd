"""One browser for all tests of the page: starting it takes longer than most scenes."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import async_playwright

from tests.web.chromium import CHROMIUM, QUIETLY, Theatre


@pytest.fixture(scope="session")
def theatre() -> Iterator[Theatre]:
    """A browser, and the event loop it lives on."""
    with asyncio.Runner() as runner:
        playwright = runner.run(async_playwright().start())
        browser = runner.run(playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY))
        yield Theatre(browser, runner)
        runner.run(browser.close())
        runner.run(playwright.stop())
