"""One delivery in several of the platform's messages: each counts for the pace, and they stay together and in order."""

import asyncio

import pytest

from bot import sender as room
from bot.channels.base import Further, at_once
from bot.errors import SendError
from bot.message import Delivery, Lane
from bot.pace import Limit, Pace
from storage.database import Database
from tests.sending.conftest import Speaking
from tests.sending.fake_channel import FakeChannel, busy
from tests.sending.rows import all_rows, promise, states, until

GROUP = "1号楼群"
TIGHT = Pace(app=(Limit(40, per_s=1, burst=10),), group=(Limit(6, per_s=1, burst=2),))


class Piecemeal(FakeChannel):
    """Says each part between bars as a message of its own, and goes on where it was broken off."""

    def __init__(self, pace: Pace | None = None) -> None:
        super().__init__(pace=pace)
        self.said: dict[int, int] = {}

    def parts(self, delivery: Delivery) -> int:
        """How many are left."""
        return max(1, len(delivery.text.split("|")) - self.said.get(delivery.id, 0))

    async def send(self, delivery: Delivery, further: Further = at_once) -> str:
        """One after the other."""
        for n, part in enumerate(delivery.text.split("|")[self.said.get(delivery.id, 0) :]):
            if n:
                await further()
            await super().send(Delivery(delivery.id, delivery.address, part, (), delivery.lane))
            self.said[delivery.id] = self.said.get(delivery.id, 0) + 1
        return "the last"


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_every_message_of_a_delivery_counts(database: Database, speaking: Speaking, parts: int) -> None:
    channel = Piecemeal(TIGHT)
    said = ["|".join(f"{n}.{part}" for part in range(parts)) for n in range(12 // parts)]
    promise(database, said, to=GROUP)

    async def story() -> None:
        async with speaking(database, channel):
            await until(lambda: len(channel.heard) == parts * len(said))

    asyncio.run(story())
    assert channel.windows.violations == 0
    assert channel.texts == [part for text in said for part in text.split("|")]


def test_many_who_are_told_in_several_messages_keep_the_whole_channels_pace(
    database: Database, speaking: Speaking
) -> None:
    channel = Piecemeal(TIGHT)
    promise(database, [f"{n}a|{n}b|{n}c" for n in range(30)])

    async def story() -> None:
        async with speaking(database, channel):
            await until(lambda: len(channel.heard) == 90)

    asyncio.run(story())
    assert channel.windows.violations == 0
    assert all(channel.heard_by(target) == target.split("|") for target in states(database))


def test_nothing_comes_between_but_an_emergency(database: Database, speaking: Speaking) -> None:
    channel = Piecemeal(Pace(group=(Limit(20, per_s=1, burst=8),)))
    channel.takes_s = 0.05
    promise(database, ["一|二|三|四"], to=GROUP, lane=Lane.NOTICE)

    async def story() -> None:
        async with speaking(database, channel) as sender:
            await until(lambda: bool(channel.tried))
            promise(database, ["五|六"], to=GROUP, lane=Lane.DUTY)
            promise(database, ["收到"], to=GROUP, lane=Lane.REPLY)
            promise(database, ["马上撤离"], to=GROUP, lane=Lane.EMERGENCY)
            sender.wake()
            await until(lambda: len(channel.heard) == 8)

    asyncio.run(story())
    texts = channel.texts
    assert texts.index("马上撤离") < texts.index("四")
    texts.remove("马上撤离")
    assert "".join(texts).startswith("一二三四")
    assert "五六" in "".join(texts)


def test_what_is_left_waits_out_what_the_platform_says(
    database: Database, speaking: Speaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a delivery may wait in the air: it is put back, and goes on where it ended."""
    monkeypatch.setattr(room, "LONGEST_PAUSE_S", 0.2)
    channel = Piecemeal()
    promise(database, ["一|二"], to=GROUP)

    async def story() -> None:
        async with speaking(database, channel) as sender:
            channel.takes_s = 0.1
            await until(lambda: bool(channel.tried))
            sender.pacer.hold(None, 0.8)
            await until(lambda: any(row.error for row in all_rows(database)))
            assert channel.texts == ["一"]
            await until(lambda: len(channel.heard) == 2)
            await sender.drained()

    asyncio.run(story())
    assert channel.texts == ["一", "二"]
    assert [row.state for row in all_rows(database)] == ["sent"]


def test_a_refusal_in_the_middle_is_settled_as_any_other(database: Database, speaking: Speaking) -> None:
    channel = Piecemeal()
    channel.failures[GROUP] = [None, busy(0.1), None, SendError("never", final=True)]
    promise(database, ["一|二|三"], to=GROUP)

    async def story() -> None:
        async with speaking(database, channel):
            await until(lambda: all(row.state != "waiting" for row in all_rows(database)))

    asyncio.run(story())
    assert channel.texts == ["一", "二"]
    assert [(row.state, row.error) for row in all_rows(database)] == [("refused", "never")]
