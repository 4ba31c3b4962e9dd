"""One browser for all tests of the page (starting it takes longer than most scenes), and a demo of one's own."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.web import morning
from tests.web.chromium import CHROMIUM, QUIETLY, Theatre

PROJECT = Path(__file__).parents[2]
READY_WITHIN_S = 180


@pytest.fixture(scope="session")
def theatre() -> Iterator[Theatre]:
    """A browser, and the event loop it lives on."""
    with asyncio.Runner() as runner:
        playwright = runner.run(async_playwright().start())
        browser = runner.run(playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY))
        yield Theatre(browser, runner)
        runner.run(browser.close())
        runner.run(playwright.stop())


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
