"""One process of several: it says what it is told to say by its standard input, through the app on a stand-in."""

import asyncio
import sys

from bot.message import Address, Delivery, Lane
from storage.database import Database
from tests.channels.wecom.platform import Platform
from tests.channels.wecom.stack import process
from tests.sending.voice import silent_kit


async def speak(url: str, api: str) -> None:
    """Each line names the first and the number of the members who are told 收到, all at once; answers with "said"."""
    platform, database = Platform(set()), Database(url)
    platform.address = api
    async with process(silent_kit(), database, platform) as stack:
        _answer("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            first, many = map(int, line.split())
            said = [
                stack.channel.send(Delivery(n, Address("wecom", f"m{n}", private=True), "收到", (), Lane.REPLY))
                for n in range(first, first + many)
            ]
            await asyncio.gather(*said)
            _answer("said")
    database.close()


def _answer(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(speak(*sys.argv[1:]))
