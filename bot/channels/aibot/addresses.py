"""Later words without a line: each call brings an address, by which one message may be said within the hour."""

import msgspec
from aiohttp import ClientConnectorError, ClientError, ClientSession, DummyCookieJar

from bot.channels.aibot.wording import Body
from bot.channels.base import Ears
from bot.channels.wecom.api import ANSWER, OK, PATIENCE, TOO_MANY, TOO_MANY_REST_S
from bot.channels.wecom.failures import Refused, Unanswered
from bot.channels.wecom.memory import Memory
from bot.errors import SendError
from bot.message import Delivery

AT_ONCE = 3
"""Addresses that are tried for one message: who spoke an hour ago may have used them all up."""
WAITED_OUT = frozenset((-1, 45009, 45033))
"""The platform's own trouble: the address is not spent."""
WRONG = frozenset((40033, 44004, 45002))
"""The message is, whatever the address."""


class Addresses:
    """Those of every chat; which are not spent is kept by the ears."""

    def __init__(self) -> None:
        self._client: ClientSession | None = None
        self._in_doubt: Memory[int, str] = Memory()
        """By delivery, the address by which it may have been said: it can be said there only once."""

    async def say(self, ears: Ears, channel: str, delivery: Delivery, message: Body) -> None:
        """Say it by the address of the call that it answers, or by another of its reader's. Raises SendError."""
        target, doubt = delivery.address.target, self._in_doubt.get(delivery.id)
        for _ in range(AT_ONCE):
            url = await ears.spent(channel, target, kept=0, first=doubt or delivery.quote or "")
            if url is None:
                break
            try:
                await self._post(url, message)
            except Refused as refusal:
                if refusal.code in WAITED_OUT:
                    await ears.given_back(channel, target, url)
                    raise
                if refusal.code in WRONG:
                    raise
                if url != doubt:
                    continue  # it is spent, or too old
            except SendError as failure:
                if isinstance(failure, Unanswered):
                    self._in_doubt.keep(delivery.id, url)
                await ears.given_back(channel, target, url)
                raise
            self._in_doubt.forget(delivery.id)
            return
        raise SendError("waits for its reader's next word", later=True)

    async def close(self) -> None:
        """Nothing more is said."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _post(self, url: str, message: Body) -> None:
        """One call; a failure tells no address, for that holds what is secret."""
        if self._client is None:
            self._client = ClientSession(timeout=PATIENCE, cookie_jar=DummyCookieJar())
        try:
            async with self._client.post(
                url,
                data=msgspec.json.encode(message),
                headers={"Content-Type": "application/json; charset=utf-8"},
                allow_redirects=False,
            ) as response:
                status, held = response.status, await response.read()
        except ClientConnectorError as fault:
            raise SendError(type(fault).__name__, everyone=True) from None
        except (ClientError, OSError, ValueError) as fault:  # a time-out is one too
            raise Unanswered(type(fault).__name__) from None
        if status == TOO_MANY:
            raise SendError("HTTP 429", everyone=True, retry_after_s=TOO_MANY_REST_S)
        if status != OK:
            raise Unanswered(f"HTTP {status}")
        try:
            code = ANSWER.decode(held).errcode
        except msgspec.DecodeError:
            raise Unanswered("not an answer of the interface") from None
        if code != 0:
            raise Refused(code)
