"""A broadcast to 300 groups while Telegram fails in every way it knows: no limit broken, nobody forgotten, nobody twice.

At Telegram's own limits and by the real clock: 300 words take 13 s at 25 a second. Only its time-outs are shorter (1 s).
"""

import asyncio
from collections import Counter

from sqlalchemy import select

from bot.channels.telegram.channel import Telegram as Channel
from bot.message import Lane
from storage import outbox
from storage.outbox import Outgoing, outgoing
from storage.session import Session
from tests.channels.conversation import until
from tests.channels.telegram.conftest import Open, Scene
from tests.channels.telegram.stand_in import Refusal

GROUPS = 300
FAULTS = ["429:2", "500", "drop", "time-out", "html", "429:1", "drop", "500"]
EVERY = 35
"""One call in so many fails."""
PATIENCE_S = 90.0


def promise(session: Session, at: Scene, groups: int = GROUPS) -> None:
    now = at.app.clock.now()
    rows: list[dict[str, object]] = [
        {
            "channel": "telegram",
            "target": str(-20_000 - n),
            "private": False,
            "lane": int(Lane.NOTICE),
            "text": f"通知 {n}：明早八点停水",
            "buttons": "",
            "due_at": now,
        }
        for n in range(groups)
    ]
    outbox.post(session, rows)


def test_a_broadcast_breaks_no_limit_and_reaches_everybody_once_or_says_why_not(town: Open) -> None:
    async def scene() -> list[Outgoing]:
        async with town() as at:
            telegram = at.telegram
            (sender,) = at.app.senders
            assert isinstance(sender.channel, Channel)
            sender.channel.patience_s = 1.0
            for n in range(GROUPS):
                telegram.room(-20_000 - n)
            telegram.rooms[-20_007].refuses = Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
            telegram.migrate(telegram.rooms[-20_008], -30_008, at.resident.me)
            del telegram.rooms[-20_009]
            for fault in FAULTS:
                telegram.faults += [None] * EVERY + [fault]
            await at.app.dispatcher.run(lambda session: promise(session, at))
            sender.wake()

            def settled() -> list[Outgoing]:
                with at.database.reading() as session:
                    rows = session.all(Outgoing, select(outgoing).order_by(outgoing.c.id))
                return rows if all(row.state != "waiting" for row in rows) else []

            rows = await until(settled, "everything is said or accounted for", PATIENCE_S)
            heard = Counter(one.text for room in telegram.rooms.values() for one in room.said if one.ours)
            assert not telegram.violations
            assert not telegram.faults
            assert [text for text, many in heard.items() if many != 1] == []
            assert {row.text for row in rows if row.state == "sent"} == set(heard)
            assert "通知 8：明早八点停水" in {one.text for one in telegram.rooms[-30_008].said}
            return rows

    rows = asyncio.run(scene())
    states = Counter(row.state for row in rows)
    assert states == {"sent": GROUPS - 2, "gone": 2}
    assert {row.error for row in rows if row.state == "gone"} == {
        "Forbidden: bot was kicked from the supergroup chat",
        "Bad Request: chat not found",
    }


def test_where_an_answer_is_lost_the_words_are_said_again_and_never_lost(town: Open) -> None:
    """Telegram said them and nobody knows: they are said twice, those and no others, and once each is kept as sent."""
    lost, groups = 6, 60

    async def scene() -> None:
        async with town() as at:
            telegram = at.telegram
            for n in range(groups):
                telegram.room(-20_000 - n)
            for _ in range(lost):
                telegram.faults += [None] * 3 + ["swallow"]  # all of them before the first is said again
            await at.app.dispatcher.run(lambda session: promise(session, at, groups))
            at.app.dispatcher.on_change()

            def settled() -> bool:
                with at.database.reading() as session:
                    rows = session.all(Outgoing, select(outgoing))
                return not telegram.faults and all(row.state == "sent" for row in rows)

            await until(settled, "everything is said", PATIENCE_S)
            heard = Counter(one.text for room in telegram.rooms.values() for one in room.said if one.ours)
            assert Counter(heard.values()) == {1: groups - lost, 2: lost}
            assert not telegram.violations

    asyncio.run(scene())


def test_every_message_of_long_words_counts(town: Open) -> None:
    """In a private chat one a second, in a group twenty a minute, by the real clock."""
    words = "很长的话。" * 500

    async def scene() -> None:
        async with town() as at:
            telegram = at.telegram
            people = [telegram.private(900_000 + n) for n in range(20)]
            for one in people:
                telegram.open(one.id)
            rows: list[dict[str, object]] = [
                {
                    "channel": "telegram", "target": str(one.id), "private": True, "lane": int(Lane.DUTY),
                    "text": words, "buttons": "", "due_at": at.app.clock.now(),
                }
                for one in [*people, people[0]]
            ]  # fmt: skip
            await at.app.dispatcher.run(lambda session: outbox.post(session, rows))
            at.app.dispatcher.on_change()

            def all_told() -> bool:
                return all(len(one.said) >= 2 for one in people) and len(people[0].said) == 4

            await until(all_told, "everybody is told", 20.0)
            assert ["".join(one.text for one in room.said) for room in people] == [words * 2, *[words] * 19]
            assert not telegram.violations

    asyncio.run(scene())
