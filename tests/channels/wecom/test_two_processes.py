"""Two programs on one database: whoever finds the token revoked, it is fetched anew once."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process

from storage.database import Database
from tests.channels.wecom.platform import Platform
from tests.server import ROOT

SPEAKER = (sys.executable, "-m", "tests.channels.wecom.speaker")
PATIENCE_S = 60.0
EACH = 25


async def _tells(process: Process, words: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{words}\n".encode())
    await process.stdin.drain()


async def _hears(process: Process, words: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        said = await process.stdout.readline()
    assert said.decode().strip() == words, said


def test_fifty_sends_of_two_processes_after_a_revoked_token_fetch_one(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    counted: list[int] = []

    async def scene() -> Platform:
        async with Platform({f"m{n}" for n in range(100)}).open() as platform:
            speakers = [
                await asyncio.create_subprocess_exec(
                    *SPEAKER, url, platform.address, cwd=ROOT, env=dict(os.environ), stdin=PIPE, stdout=PIPE
                )
                for _ in range(2)
            ]
            try:
                await asyncio.gather(*(_hears(one, "ready") for one in speakers))
                for at, first in ((0, 50), (1, 51)):
                    await _tells(speakers[at], f"{first} 1")
                    await _hears(speakers[at], "said")
                counted.append(platform.fetched)
                platform.revoke()
                platform.fetch_takes_s = 0.3
                for at, one in enumerate(speakers):
                    await _tells(one, f"{at * EACH} {EACH}")
                await asyncio.gather(*(_hears(one, "said") for one in speakers))
                counted.append(platform.fetched)
            finally:
                for one in speakers:
                    one.kill()
                    await one.wait()
            return platform

    platform = asyncio.run(scene())

    assert counted == [1, 2], "both begin with one token, and both go on with one new token"
    assert sum(one.text == "收到" for one in platform.messages) == 2 + 2 * EACH
    assert platform.violations == []
