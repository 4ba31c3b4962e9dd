"""The outbox on both databases: who is next, who waits for whom, what is never tried again."""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, select, text

from bot.message import Address, Lane
from storage import claiming, outbox, reach
from storage.claiming import Settled
from storage.columns import Moment
from storage.database import Database
from storage.outbox import outgoing
from tests.sending.rows import all_rows, promise, states

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HUNDRED_THOUSAND = text("""
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
    INSERT INTO outbox (channel, target, private, lane, text, buttons, due_at, state, attempts, leased_by, error)
    SELECT 'fake', 'group ' || (n % 6000), FALSE, 3, '', '', :now, 'waiting', 0, '', '' FROM numbers
""").bindparams(bindparam("now", type_=Moment))


def claim(database: Database, *, now: datetime = NOW, most: int = 100, down_to: Lane = Lane.DIGEST) -> list[str]:
    with database.transaction() as session:
        rows = claiming.claim(session, "fake", by="me", now=now, until=now + MINUTE, most=most, down_to=down_to)
    return [row.text for row in rows]


def settle(database: Database, text: str, state: str, *, due_at: datetime | None = None, by: str = "me") -> None:
    with database.transaction() as session:
        row_id = session.one(int, select(outgoing.c.id).where(outgoing.c.text == text))
        claiming.settle(session, [Settled(row_id, state, due_at=due_at)], NOW, by=by)


def test_the_highest_lane_goes_first_and_then_whoever_waited_longest(database: Database) -> None:
    promise(database, ["digest"], lane=Lane.DIGEST, due_at=NOW - MINUTE)
    promise(database, ["young notice"], lane=Lane.NOTICE, due_at=NOW)
    promise(database, ["old notice"], lane=Lane.NOTICE, due_at=NOW - MINUTE)
    promise(database, ["emergency"], lane=Lane.EMERGENCY, due_at=NOW)
    promise(database, ["tomorrow"], due_at=NOW + MINUTE)
    promise(database, ["elsewhere"], channel="another", due_at=NOW)

    assert claim(database, most=3) == ["emergency", "old notice", "young notice"]
    assert claim(database) == ["digest"]
    assert claim(database) == []


def test_only_as_far_down_as_asked_for(database: Database) -> None:
    promise(database, ["reply"], lane=Lane.REPLY, due_at=NOW)
    promise(database, ["emergency"], lane=Lane.EMERGENCY, due_at=NOW)

    assert claim(database, down_to=Lane.EMERGENCY) == ["emergency"]


def test_a_targets_words_come_one_after_the_other(database: Database) -> None:
    promise(database, ["first", "second"], to="1号楼群", due_at=NOW)
    promise(database, ["to another"], to="2号楼群", due_at=NOW)

    assert claim(database) == ["first", "to another"]
    assert claim(database) == []
    settle(database, "first", "waiting", due_at=NOW + MINUTE / 2)
    assert claim(database) == []  # the second waits while the first backs off
    assert claim(database, now=NOW + MINUTE / 2) == ["first"]
    settle(database, "first", "sent")
    assert claim(database) == ["second"]


def test_a_word_for_later_holds_nobody_up(database: Database) -> None:
    promise(database, ["tomorrow"], to="1号楼群", due_at=NOW + timedelta(days=1))
    promise(database, ["now"], to="1号楼群", due_at=NOW)

    assert claim(database) == ["now"]


def test_a_group_and_a_private_chat_of_the_same_id_do_not_wait_for_each_other(database: Database) -> None:
    promise(database, ["group"], to="7", due_at=NOW)
    promise(database, ["private"], to="7", private=True, due_at=NOW)

    assert claim(database) == ["group", "private"]


def test_a_lease_that_lapsed_is_claimed_again(database: Database) -> None:
    promise(database, ["hello"], due_at=NOW)

    assert claim(database) == ["hello"]
    assert claim(database, now=NOW + MINUTE - timedelta(seconds=1)) == []
    assert claim(database, now=NOW + MINUTE) == ["hello"]


def test_the_leases_of_the_dead_are_taken_back(database: Database) -> None:
    promise(database, ["hello"], due_at=NOW)
    claim(database)
    with database.transaction() as session:
        assert claiming.release(session, "another") == 0
        assert claiming.release(session, "fake") == 1

    assert claim(database) == ["hello"]


def test_what_somebody_else_took_since_is_not_put_off(database: Database) -> None:
    promise(database, ["hello"], due_at=NOW)
    claim(database)
    settle(database, "hello", "waiting", due_at=NOW + timedelta(days=1), by="somebody who was too slow")

    assert all_rows(database)[0].due_at == NOW
    assert claim(database) == []


def test_a_gone_target_gets_nothing_until_it_speaks_again(database: Database) -> None:
    promise(database, ["waits", "waits too"], to="moved out", due_at=NOW)
    with database.transaction() as session:
        reach.mark_gone(session, "fake", "moved out", "blocked", NOW)
    promise(database, ["promised later", "and more"], to="moved out", due_at=NOW)
    promise(database, ["hello"], due_at=NOW)

    assert claim(database, most=2) == ["hello"]
    assert states(database) == {
        "waits": "gone",
        "waits too": "gone",
        "promised later": "gone",
        "and more": "gone",
        "hello": "waiting",
    }
    with database.reading() as session:
        assert [(one.target, one.why) for one in reach.all_gone(session)] == [("moved out", "blocked")]
        assert outbox.backlog(session, NOW) == [outbox.Backlog("fake", int(Lane.REPLY), 1, NOW)]
    with database.transaction() as session:
        reach.back_again(session, "fake", "moved out")
    promise(database, ["welcome"], to="moved out", due_at=NOW)
    assert claim(database) == ["welcome"]


def test_the_next_moment_to_look_is_when_something_becomes_due_or_a_lease_lapses(database: Database) -> None:
    def next_due() -> datetime | None:
        with database.reading() as session:
            return claiming.next_due(session, "fake", NOW)

    assert next_due() is None
    promise(database, ["tomorrow"], due_at=NOW + timedelta(days=1))
    assert next_due() == NOW + timedelta(days=1)
    promise(database, ["now", "behind it"], to="1号楼群", due_at=NOW)
    claim(database)
    assert next_due() == NOW + MINUTE


def test_a_hold_is_remembered_until_it_is_over(database: Database) -> None:
    group = Address("fake", "1号楼群")
    with database.transaction() as session:
        claiming.hold(session, "fake", group, NOW + 2 * MINUTE)
        claiming.hold(session, "fake", None, NOW + MINUTE)
        claiming.hold(session, "fake", None, NOW + MINUTE)

    with database.transaction() as session:
        found = claiming.holds(session, "fake", NOW)
        assert set(found) == {(group, NOW + 2 * MINUTE), (None, NOW + MINUTE)}
        assert claiming.holds(session, "fake", NOW + MINUTE) == [(group, NOW + 2 * MINUTE)]
        assert claiming.holds(session, "another", NOW) == []


def test_a_claim_is_quick_before_a_hundred_thousand_waiting_notices(database: Database) -> None:
    with database.transaction() as session:
        session.connection.execute(HUNDRED_THOUSAND, {"now": NOW})
    promise(database, ["emergency"], lane=Lane.EMERGENCY, due_at=NOW)
    claims: list[list[str]] = []
    took_s: list[float] = []
    for _ in range(5):
        with database.transaction() as session:
            began = time.perf_counter()
            found = claiming.claim(session, "fake", by="me", now=NOW, until=NOW + MINUTE, most=100)
            took_s.append(time.perf_counter() - began)
        claims.append([row.text for row in found])

    assert claims[0][0] == "emergency"
    assert [len(one) for one in claims] == [100] * 5
    assert sorted(took_s)[2] < 0.1  # 5 ms on two quiet cores; a search that reads all rows takes ten times this limit
