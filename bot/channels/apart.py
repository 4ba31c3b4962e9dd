"""How far this machine's clock is from a platform's: calls that seem older than five minutes are refused."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aiohttp import ClientError, ClientSession, ClientTimeout

MOST_APART_S = 60
PATIENCE = ClientTimeout(total=10)


async def seconds_apart(api: str) -> int:
    """In seconds; 0 where the platform does not tell."""
    try:
        async with ClientSession(timeout=PATIENCE) as client, client.head(api) as answer:
            theirs = parsedate_to_datetime(answer.headers["Date"])
    except (ClientError, OSError, KeyError, ValueError):
        return 0
    return abs(int((datetime.now(UTC) - theirs).total_seconds()))
