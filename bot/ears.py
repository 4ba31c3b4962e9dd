"""What channels hear goes to the dispatcher; what is to be answered in the call itself comes back from the outbox."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from secrets import token_hex

from bot.channels.base import Fetch
from bot.channels.errands import Desk
from bot.clock import Clock
from bot.customers import CustomerDesk
from bot.dispatcher import Dispatcher
from bot.message import Address, Delivery, Incoming
from storage import answers, inbox, moving, outbox, rosters, tokens, windows
from storage.session import Session

OTHERS_FETCH_S = 0.2
"""Another process fetches it: how often that is looked for."""
IN_TIME_S = 4.0
"""A platform that waits for an answer gives up soon after; words that nobody took by then go out like any others."""
UNHEARD = timedelta(seconds=8)
"""So long after words were taken for an answer that never left they are said as any others; a repeated call is sooner."""
EARLY_S = 120.0
"""So long before it ends a token is renewed."""


class Hearing:
    """The ears of every channel."""

    def __init__(self, dispatcher: Dispatcher, clock: Clock, submit: Callable[[Incoming], Awaitable[None]]) -> None:
        self._dispatcher = dispatcher
        self._clock = clock
        self._submit = submit
        self._name = token_hex(8)
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._fetching: dict[str, asyncio.Lock] = {}
        self.customers: Desk = CustomerDesk(dispatcher, clock, dispatcher.kit.settings.zone)
        """Where errands in customer groups are fetched."""
        self.batons: dict[str, Callable[[], bool]] = {}
        """By channel, whether this process is the one that speaks there; it is where nobody says otherwise."""
        self.paces: dict[str, Callable[[Address], None]] = {}
        """By channel, what counts a message."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return self._clock.now()

    async def heard(self, incoming: Incoming) -> None:
        """Return once its effect is durable."""
        await self._submit(incoming)

    async def answered(self, incoming: Incoming, most: int, *, told: bool = False) -> Sequence[Delivery]:
        """As `heard`, then the words for whoever spoke, or for the group where it was said."""
        until = time.monotonic() + IN_TIME_S
        address = incoming.address

        def job(session: Session) -> Sequence[Delivery]:
            now = self._clock.now()
            room = most if time.monotonic() < until else 0
            lost = now + UNHEARD if told else None
            tapped = incoming.happening == "press"  # a card's answer has room for what the tap itself brings
            asker = incoming.message if tapped or not address.private else None
            here = incoming.channel, address.target, incoming.key
            whom = {"private": address.private, "only": tapped}
            rows = answers.take(session, *here, most=room, now=now, until=lost, asker=asker, **whom)
            return [outbox.delivery_of(row) for row in rows]

        _, words = await asyncio.gather(self._submit(incoming), self._dispatcher.run(job, incoming.line))
        return words

    async def told(self, incoming: Incoming) -> None:
        """The answer to its call has left."""
        here, private = (incoming.channel, incoming.address.target, incoming.key), incoming.address.private
        await self._dispatcher.run(lambda session: answers.say(session, *here, private=private))

    async def stands_for(self, channel: str, nonce: str, holds: str) -> bool:
        """Whether this nonce stands for that and nothing else."""
        now = self._clock.now()
        return await self._dispatcher.run(lambda session: inbox.stands_for(session, channel, nonce, holds, now))

    async def granted(self, channel: str, target: str, kind: str, *, most: int, until: datetime, call: str) -> None:
        """Whoever spoke may be told so many messages until then; once for each call."""
        await self._dispatcher.run(
            lambda session: windows.grant(session, channel, target, kind, most=most, until=until, call=call)
        )

    async def spent(self, channel: str, target: str, *, kept: int, first: str = "") -> str | None:
        """The kind of what one message was just taken from."""
        now = self._clock.now()
        return await self._dispatcher.run(
            lambda session: windows.spend(session, channel, target, kept=kept, now=now, first=first)
        )

    async def given_back(self, channel: str, target: str, kind: str) -> None:
        """It was not said."""
        await self._dispatcher.run(lambda session: windows.give_back(session, channel, target, kind))

    async def closed(self, channel: str, target: str) -> None:
        """Nothing more may be said until the person speaks."""
        await self._dispatcher.run(lambda session: windows.close(session, channel, target))

    async def token(self, key: str, fetch: Fetch, *, refused: str = "") -> str:
        """The token that serves; one fetch at a time, of all processes."""
        async with self._fetching.setdefault(key, asyncio.Lock()):
            while True:
                words, until = self._tokens.get(key, ("", self._clock.now()))
                if words and words != refused and until > self._clock.now():
                    return words
                now = self._clock.now()
                found = await self._dispatcher.run(
                    lambda session: tokens.held(session, key, refused=refused, by=self._name, now=now)  # noqa: B023 - run at once
                )
                if found is None:
                    await asyncio.sleep(OTHERS_FETCH_S)
                elif found.words:
                    self._tokens[key] = (found.words, found.until)
                else:
                    return await self._fetch(key, fetch)

    async def _fetch(self, key: str, fetch: Fetch) -> str:
        words, until = "", self._clock.now()
        try:
            words, serves_s = await fetch()
            until = self._clock.now() + timedelta(seconds=max(0.0, serves_s - EARLY_S))
        finally:
            await self._dispatcher.run(lambda session: tokens.keep(session, key, words, until))
        self._tokens[key] = (words, until)
        return words

    def left(self, channel: str, address: Address) -> None:
        """A message of its own has left there."""
        if count := self.paces.get(channel):
            count(address)

    async def speaks(self, channel: str) -> bool:
        """Whether of all processes this is the one whose words leave there."""
        has = self.batons.get(channel)
        return has is None or await asyncio.to_thread(has)

    async def bound(self, channel: str, group: str, code: str) -> bool:
        """This group is where the staff of the grid is told."""
        now = self._clock.now()
        return await self._dispatcher.run(lambda session: rosters.bind(session, channel, group, code, now))

    async def wants_staff_group(self, code: str) -> bool:
        """Whether there is such a grid, and no group yet where its staff is told."""
        return await self._dispatcher.run(lambda session: rosters.wants_group(session, code))

    async def roster(self, channel: str, code: str) -> tuple[str, Sequence[str]] | None:
        """The grid's name and the accounts of who serves there or below."""
        now = self._clock.now()
        return await self._dispatcher.run(lambda session: rosters.of_staff(session, channel, code, now))

    async def moved(self, channel: str, old: str, new: str) -> None:
        """A group has another id from now on."""
        now = self._clock.now()
        await self._dispatcher.run(lambda session: moving.move(session, channel, old, new, now))
