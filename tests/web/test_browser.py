"""The whole program in a real browser: one report from its first word to its rating."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.web import morning
from tests.web.chromium import Theatre, bubbles, needs_chromium, say

PROJECT = Path(__file__).parents[2]
READY_WITHIN_S = 60
SAID = "3栋2单元电梯又停了"

pytestmark = needs_chromium


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """The address of the demo, started as anybody would, with a district of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "PYTHONPATH": str(PROJECT),
        "XIAOGE_DATABASE_URL": f"sqlite:///{tmp_path / 'xiaoge.db'}",
        "XIAOGE_PHONES": str(tmp_path / "phones"),
        "XIAOGE_PORT": str(port),
    }
    with (tmp_path / "says.txt").open("wb") as says:
        program = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo"], env=environment, cwd=tmp_path, stdout=says, stderr=says
        )
    try:
        _wait_until_ready(program, port)
        morning.begin(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/"
    finally:
        program.terminate()
        program.wait(timeout=20)


def _wait_until_ready(program: "subprocess.Popen[bytes]", port: int) -> None:
    ends_at = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < ends_at:
        assert program.poll() is None, "the demo has ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the demo does not answer")


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


def test_a_report_lives_from_its_first_word_to_its_rating(theatre: Theatre, demo: str) -> None:
    async def scene() -> None:
        async with theatre.window(demo) as page:
            await page.click("[data-try=say]")
            await expect(page.locator("#words")).to_have_value(SAID)
            resident = await page.locator("#my-name").inner_text()
            await page.click("#send")
            noted = page.locator("#lines .from-bot .bubble").last
            await expect(noted).to_contain_text(re.compile(r"\d{3,}"))
            found = re.search(r"\d{3,}", await noted.inner_text())
            assert found is not None
            number = found[0]

            await page.locator("#told-people button").filter(has_text="微网格长").first.click()
            leader = await page.locator("#my-name").inner_text()
            await expect(page.locator("#my-posts")).to_contain_text("微网格长")
            await expect(bubbles(page, number).first).to_be_visible()
            await tap(page, "接单")
            await tap(page, "到场")
            await tap(page, "办结")
            await say(page, "换了继电器，电梯恢复运行")

            await become(page, resident)
            await expect(bubbles(page, "继电器").last).to_be_visible()
            await tap(page, "解决了")
            await tap(page, "好")
            await expect(page.locator("#lines .act").last).to_contain_text("好")
            await expect(page.locator("#lines article").last).to_contain_text("记下了：好")

            await become(page, leader)
            await expect(page.locator("#lines article").last).to_contain_text("好")

    theatre.runner.run(scene())
