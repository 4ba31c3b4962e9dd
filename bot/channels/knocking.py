"""Asks our own address what a platform asks of it when it is told to it: from outside, the way the platform would go."""

from collections.abc import Awaitable, Callable, Mapping
from secrets import token_hex

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.channels.base import Proving

PATIENCE = ClientTimeout(total=10)
OK = 200
Knock = Callable[[str, Mapping[str, str]], Awaitable[tuple[int, str]]]
"""Asks an address with a query: the status and the words of its answer."""


async def knock(address: str, query: Mapping[str, str]) -> tuple[int, str]:
    """Raises ClientError, OSError."""
    async with (
        ClientSession(timeout=PATIENCE) as client,
        client.get(address, params=query, allow_redirects=False) as answer,
    ):
        return answer.status, await answer.text(errors="replace")


async def unanswered(channel: Proving, site: str, by: Knock) -> str:
    """Why the platform would not be content with what it hears there; empty where it would."""
    words = token_hex(8)
    question = channel.question(words)
    if question is None:
        return ""
    try:
        status, said = await by(f"{site}{channel.path}", question)
    except (ClientError, OSError) as fault:  # a time-out is one too
        return type(fault).__name__
    return "" if (status, said) == (OK, words) else f"HTTP {status}"
