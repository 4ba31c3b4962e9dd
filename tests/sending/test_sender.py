"""The sender against a platform that counts, fails and remembers."""

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.errors import SendError
from bot.message import Lane
from bot.pace import Limit, Pace
from storage import claiming, outbox, reach
from storage.database import Database
from tests.sending.conftest import Speaking
from tests.sending.fake_channel import FakeChannel, blocked, busy, no_network, too_long
from tests.sending.rows import all_rows, promise, states, until

GROUP = "1号楼群"
CUT_ALL_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def tell(database: Database, statement: str) -> None:
    """Do it to the database."""
    with database.transaction() as session:
        session.connection.execute(text(statement))


def test_what_was_promised_is_said_and_its_platform_id_kept(database: Database, speaking: Speaking) -> None:
    channel = FakeChannel()
    promise(database, ["您好", "3号事项已派单"], to=GROUP)

    async def story() -> None:
        async with speaking(database, channel) as sender:
            await sender.drained()
            assert channel.texts == ["您好", "3号事项已派单"]
            promise(database, ["已办结"], to=GROUP)
            sender.wake()
            await until(lambda: len(channel.heard) == 3)
            await sender.drained()

    asyncio.run(story())
    assert [(row.state, row.platform_id) for row in all_rows(database)] == [("sent", f"m{n}") for n in (1, 2, 3)]
    with database.reading() as session:
        assert outbox.about(session, "fake", GROUP, "m1") is None


def test_an_emergency_overtakes_five_thousand_notices(database: Database, speaking: Speaking) -> None:
    channel = FakeChannel(pace=Pace(app=(Limit(100, per_s=1),)))
    channel.takes_s = 0.03
    promise(database, [f"notice {n}" for n in range(5000)], lane=Lane.NOTICE)

    async def story() -> float:
        async with speaking(database, channel) as sender:
            await until(lambda: len(channel.heard) > 20)
            promise(database, ["煤气泄漏,请马上撤离"], lane=Lane.EMERGENCY)
            promised = time.monotonic()
            sender.wake()
            await until(lambda: any(heard.lane is Lane.EMERGENCY for heard in channel.heard))
            return next(heard.at for heard in channel.heard if heard.lane is Lane.EMERGENCY) - promised

    assert asyncio.run(story()) < 1.0
    assert len(channel.heard) < 500
    assert channel.windows.violations == 0


def test_an_emergency_does_not_wait_for_a_platform_that_answers_no_more(
    sqlite_database: Database, speaking: Speaking
) -> None:
    channel = FakeChannel()
    channel.takes_s = 1.0
    promise(sqlite_database, [f"notice {n}" for n in range(200)], lane=Lane.NOTICE)

    async def story() -> None:
        async with speaking(sqlite_database, channel) as sender:
            await until(lambda: channel.in_the_air >= 48)
            channel.takes_s = 0.0
            promise(sqlite_database, ["着火了"], lane=Lane.EMERGENCY)
            sender.wake()
            await until(lambda: channel.texts == ["着火了"])
            assert channel.most_in_the_air <= 49

    asyncio.run(story())


def test_no_limit_is_ever_broken_in_a_broadcast_at_high_pace(sqlite_database: Database, speaking: Speaking) -> None:
    pace = Pace(app=(Limit(200, per_s=1),), group=(Limit(2, per_s=0.2), Limit(6, per_s=1, burst=2)))
    channel = FakeChannel(pace=pace)
    channel.takes_s = 0.02
    promise(sqlite_database, ["busy"] * 100, to=GROUP, lane=Lane.DUTY)
    for n in range(3):
        promise(sqlite_database, [f"round {n} group {g}" for g in range(120)], lane=Lane.NOTICE)

    async def story() -> float:
        began = time.monotonic()
        async with speaking(sqlite_database, channel):
            await until(lambda: sum(heard.lane is Lane.NOTICE for heard in channel.heard) == 360)
            return time.monotonic() - began

    took_s = asyncio.run(story())
    assert channel.windows.violations == 0
    assert len(channel.heard_by(GROUP)) >= 4  # one busy group holds nobody else up, and is not forgotten
    assert took_s < 4.5


def test_a_targets_order_holds_under_failures_while_others_go_on(database: Database, speaking: Speaking) -> None:
    channel = FakeChannel()
    channel.failures[GROUP] = [busy(0.2), None, busy(0.1), None, busy(0.1)]
    promise(database, [f"word {n}" for n in range(6)], to=GROUP)
    promise(database, ["to another"], to="2号楼群")

    async def story() -> None:
        async with speaking(database, channel) as sender:
            await until(lambda: len(channel.heard_by(GROUP)) == 6)
            await sender.drained()

    asyncio.run(story())
    assert channel.heard_by(GROUP) == [f"word {n}" for n in range(6)]
    assert channel.texts[0] == "to another"
    assert [row.attempts for row in all_rows(database)] == [1, 1, 1, 0, 0, 0, 0]


def test_a_platforms_retry_after_is_obeyed_to_the_letter(sqlite_database: Database, speaking: Speaking) -> None:
    channel = FakeChannel()
    channel.failures[GROUP] = [busy(0.7)]
    promise(sqlite_database, ["first"], to=GROUP)

    async def story() -> None:
        async with speaking(sqlite_database, channel) as sender:
            await sender.drained()
            promise(sqlite_database, ["an emergency obeys it too"], to=GROUP, lane=Lane.EMERGENCY)
            sender.wake()
            await until(lambda: len(channel.heard) == 2)

    asyncio.run(story())
    refused, *accepted = channel.tried
    assert len(accepted) == 2
    assert all(0.7 <= heard.at - refused.at < 1.5 for heard in accepted)


def test_when_the_whole_channel_must_wait_nothing_leaves_and_no_message_is_blamed(
    sqlite_database: Database, speaking: Speaking
) -> None:
    channel = FakeChannel(pace=Pace(app=(Limit(100, per_s=1),)))
    channel.failures["0"] = [busy(0.8, everyone=True), busy(0.3, everyone=True)]
    promise(sqlite_database, [f"{n}" for n in range(20)])

    async def story() -> None:
        async with speaking(sqlite_database, channel):
            await until(lambda: len(channel.heard) == 20)

    asyncio.run(story())
    first, second, _ = (heard.at for heard in channel.tried if heard.target == "0")
    assert second - first >= 0.8
    assert not [heard for heard in channel.tried if first + 0.03 < heard.at < first + 0.8]
    assert {row.attempts for row in all_rows(sqlite_database)} == {0}


def test_a_retry_after_outlives_the_process_that_heard_it(postgres_database: Database, speaking: Speaking) -> None:
    channel = FakeChannel()
    channel.failures[GROUP] = [busy(1.0)]
    promise(postgres_database, ["first"], to=GROUP)

    async def story() -> None:
        async with speaking(postgres_database, channel) as sender:
            await sender.drained()
        promise(postgres_database, ["second"], to=GROUP, lane=Lane.DUTY)
        async with speaking(postgres_database, channel):
            await until(lambda: len(channel.heard) == 2)

    asyncio.run(story())
    assert all(heard.at - channel.tried[0].at >= 0.99 for heard in channel.heard)


def test_gone_targets_are_never_tried_again_and_are_shown(database: Database, speaking: Speaking) -> None:
    channel = FakeChannel()
    channel.failures["moved out"] = [blocked()]
    promise(database, ["one", "two"], to="moved out")

    async def story() -> None:
        async with speaking(database, channel) as sender:
            await sender.drained()
            promise(database, ["three"], to="moved out")
            promise(database, ["hello"])
            await sender.drained()

    asyncio.run(story())
    assert [heard.text for heard in channel.tried] == ["one", "hello"]
    assert states(database) == {"one": "gone", "two": "gone", "three": "gone", "hello": "sent"}
    with database.reading() as session:
        assert [(one.target, one.why) for one in reach.all_gone(session)] == [
            ("moved out", "bot was blocked by the user")
        ]


def test_what_no_platform_wants_is_refused_and_holds_nobody_up(database: Database, speaking: Speaking) -> None:
    channel = FakeChannel()
    channel.failures[GROUP] = [too_long()]
    promise(database, ["much too long", "short"], to=GROUP)

    async def story() -> None:
        async with speaking(database, channel) as sender:
            await sender.drained()

    asyncio.run(story())
    assert states(database) == {"much too long": "refused", "short": "sent"}


def test_after_twenty_failures_a_message_is_given_up_and_it_is_logged(
    sqlite_database: Database, speaking: Speaking, caplog: pytest.LogCaptureFixture
) -> None:
    channel = FakeChannel()
    channel.failures[GROUP] = [SendError("server error")]
    promise(sqlite_database, ["unlucky"], to=GROUP)
    with sqlite_database.transaction() as session:
        session.connection.execute(text("UPDATE outbox SET attempts = 19"))

    async def story() -> None:
        async with speaking(sqlite_database, channel) as sender:
            await sender.drained()

    asyncio.run(story())
    (row,) = all_rows(sqlite_database)
    assert (row.state, row.attempts, row.error) == ("refused", 20, "server error")
    assert "a message was given up" in caplog.messages
    assert "unlucky" not in caplog.text


def test_each_failure_makes_the_wait_longer(sqlite_database: Database, speaking: Speaking) -> None:
    channel = FakeChannel()
    channel.failures["first"], channel.failures["tenth"] = [no_network()], [SendError("server error")]
    promise(sqlite_database, ["first", "tenth"])
    with sqlite_database.transaction() as session:
        session.connection.execute(text("UPDATE outbox SET attempts = 9 WHERE text = 'tenth'"))

    async def story() -> datetime:
        async with speaking(sqlite_database, channel) as sender:
            await sender.drained()
            return datetime.now(UTC)

    now = asyncio.run(story())
    first, tenth = ((row.due_at - now).total_seconds() for row in all_rows(sqlite_database))
    assert 0.5 < first <= 2.0
    assert 140 < tenth <= 300


def test_what_a_killed_sender_left_behind_is_said_by_the_next(database: Database, speaking: Speaking) -> None:
    channel = FakeChannel()
    promise(database, ["taken by the dead", "behind it"], to=GROUP)
    now = datetime.now(UTC)
    with database.transaction() as session:
        claiming.claim(session, "fake", by="the dead", now=now, until=now + timedelta(minutes=1), most=10)

    async def story() -> None:
        async with speaking(database, channel) as sender:
            await sender.drained()

    asyncio.run(story())
    assert channel.texts == ["taken by the dead", "behind it"]


def test_a_sender_that_is_stopped_lets_land_what_is_in_the_air_and_leaves_the_rest(
    database: Database, speaking: Speaking
) -> None:
    channel = FakeChannel(pace=Pace(app=(Limit(50, per_s=1),)))
    channel.takes_s = 0.3
    promise(database, [f"{n}" for n in range(100)])

    async def story() -> None:
        async with speaking(database, channel):
            await until(lambda: channel.in_the_air > 5)

    asyncio.run(story())
    said = {row.text for row in all_rows(database) if row.state == "sent"}
    assert said == set(channel.texts) == {heard.text for heard in channel.tried}
    assert all(row.leased_until is None for row in all_rows(database))


def test_a_broken_database_delays_but_neither_loses_nor_doubles(
    postgres_database: Database, speaking: Speaking, caplog: pytest.LogCaptureFixture
) -> None:
    channel = FakeChannel(pace=Pace(app=(Limit(100, per_s=1),)))
    channel.takes_s = 0.2
    promise(postgres_database, [f"{n}" for n in range(100)])

    async def story() -> None:
        async with speaking(postgres_database, channel) as sender:
            await until(lambda: channel.in_the_air > 5)
            tell(postgres_database, CUT_ALL_OTHERS)
            await until(lambda: len(channel.heard) > 30)
            tell(postgres_database, "ALTER TABLE outbox RENAME TO away")
            await asyncio.sleep(0.3)
            tell(postgres_database, "ALTER TABLE away RENAME TO outbox")
            await until(lambda: len(channel.heard) >= 100)
            await sender.drained()

    asyncio.run(story())
    assert "the baton is lost with its connection" in caplog.messages
    assert "the outbox cannot be reached" in caplog.messages
    assert sorted(channel.texts, key=int) == [f"{n}" for n in range(100)]
    assert set(states(postgres_database).values()) == {"sent"}


def test_two_senders_double_nothing_and_the_second_goes_on_where_the_first_ends(
    database: Database, speaking: Speaking
) -> None:
    channel = FakeChannel(pace=Pace(app=(Limit(300, per_s=1),)))
    channel.takes_s = 0.02
    promise(database, [f"{n}" for n in range(80)])
    other = Database(database.url.render_as_string(hide_password=False))

    async def story() -> None:
        async with AsyncExitStack() as first, AsyncExitStack() as second:
            await (await first.enter_async_context(speaking(database, channel))).drained()
            await second.enter_async_context(speaking(other, channel))
            promise(database, [f"{n}" for n in range(80, 140)])
            await until(lambda: len(channel.heard) >= 100)
            await first.aclose()
            await until(lambda: len(channel.heard) >= 140)

    asyncio.run(story())
    other.close()
    assert sorted((heard.text for heard in channel.tried), key=int) == [f"{n}" for n in range(140)]
    assert set(states(database).values()) == {"sent"}
