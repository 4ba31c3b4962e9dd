"""The web hook: who may call it, what its answer promises, and that a call that is repeated has one effect."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Iterator
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, func, select, text

from storage.database import Database
from storage.inbox import handled
from storage.matters import matter
from storage.outbox import outgoing
from tests.channels.conversation import LIFT, until
from tests.channels.telegram.conftest import GROUP_ID, Open, Scene
from tests.channels.telegram.stand_in import HEADER, SECRET, TOKEN, Json, person

RIGHT = {HEADER: SECRET}
SLOW = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
Result = TypeVar("Result")


def effects(database: Database, *tables: Table) -> tuple[int, ...]:
    """How many messages were handled, matters made and words promised; or the rows of these tables."""
    with database.reading() as session:
        return tuple(
            session.one(int, select(func.count()).select_from(table)) for table in tables or (handled, matter, outgoing)
        )


class Stand:
    """One program for all tests of this file, which share its loop."""

    def __init__(self, runner: asyncio.Runner, at: Scene) -> None:
        self.runner = runner
        self.at = at

    def run(self, scene: Awaitable[Result]) -> Result:
        async def awaited() -> Result:
            return await scene

        return self.runner.run(awaited())

    def call(self, body: bytes, headers: dict[str, str] = RIGHT) -> int:
        return self.run(self.at.telegram.call(body, headers))

    def heard(self, **content: object) -> Json:
        """What somebody new says in the group, or anything else of theirs."""
        return self.at.telegram.heard(self.at.group, person(self.at.telegram.next_update()), **content)


@pytest.fixture
def stand(town: Open) -> Iterator[Stand]:
    with asyncio.Runner() as runner:
        opened = town()
        at = runner.run(opened.__aenter__())
        yield Stand(runner, at)
        runner.run(opened.__aexit__(None, None, None))


def test_a_call_that_is_repeated_and_comes_three_times_at_once_has_one_effect(stand: Stand) -> None:
    raw = json.dumps(stand.heard(text=LIFT), ensure_ascii=False).encode()

    async def at_once() -> list[int]:
        return await asyncio.gather(*(stand.at.telegram.call(raw, RIGHT) for _ in range(3)))

    assert stand.run(at_once()) == [200] * 3
    assert stand.call(raw) == 200
    assert effects(stand.at.database)[:2] == (1, 1)
    stand.run(until(lambda: stand.at.group.said[1:], "the answer"))
    assert len([one for one in stand.at.group.said if one.ours and "收到，1001" in one.text]) == 1


def test_it_is_answered_once_its_effect_is_durable_and_not_before(stand: Stand) -> None:
    raw = json.dumps(stand.heard(text=LIFT), ensure_ascii=False).encode()
    with stand.at.database.transaction() as session:
        session.connection.execute(text("ALTER TABLE matter RENAME TO away"))
    assert stand.call(raw) == 503
    assert effects(stand.at.database, handled) == (0,)
    with stand.at.database.transaction() as session:
        session.connection.execute(text("ALTER TABLE away RENAME TO matter"))

    assert stand.call(raw) == 200
    assert effects(stand.at.database)[:2] == (1, 1)


def test_who_does_not_know_the_secret_sees_what_nobody_listens_to(stand: Stand) -> None:
    raw = json.dumps(stand.heard(text=LIFT)).encode()
    before = effects(stand.at.database)

    async def answers() -> list[tuple[int, bytes]]:
        client = stand.at.telegram.client
        hook = stand.at.telegram.hook
        calls = [("POST", hook, headers) for headers in ({}, {HEADER: ""}, {HEADER: SECRET[:-1]}, {HEADER: "秘"})]
        calls += [("GET", hook, RIGHT), ("PUT", hook, RIGHT), ("POST", hook.replace("hooks", "hoops"), RIGHT)]
        found: list[tuple[int, bytes]] = []
        for method, address, headers in calls:
            async with client.request(method, address, data=raw, headers=headers) as answer:
                found.append((answer.status, await answer.read()))
        return found

    assert set(stand.run(answers())) == {(404, b'{"error": "Not Found"}')}
    assert effects(stand.at.database) == before


def test_garbage_has_no_effect_and_gets_no_stack_trace(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    good = json.dumps(stand.heard(text=LIFT), ensure_ascii=False).encode()
    before = effects(stand.at.database)
    pieces = st.integers(0, len(good) - 1).map(lambda end: good[:end])
    turned = st.tuples(st.integers(0, len(good) - 1), st.integers(0, 255)).map(
        lambda at: good[: at[0]] + bytes([at[1]]) + good[at[0] + 1 :]
    )
    wrong = st.fixed_dictionaries(
        {"update_id": st.one_of(st.integers(), st.text(), st.none())},
        optional={
            name: st.recursive(
                st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9)),
                lambda inner: st.dictionaries(
                    st.sampled_from(["id", "chat", "from", "message", "text", "date"]), inner
                ),
                max_leaves=6,
            )
            for name in ("message", "callback_query", "my_chat_member", "chat_member", "edited_message", "what")
        },
    ).map(lambda update: json.dumps(update).encode())

    @settings(max_examples=60, deadline=None, suppress_health_check=SLOW, database=None)
    @given(st.one_of(st.binary(max_size=200), pieces, wrong))
    def called(body: bytes) -> None:
        assert stand.call(body) in (200, 400)
        assert effects(stand.at.database) == before

    @settings(max_examples=40, deadline=None, suppress_health_check=SLOW, database=None)
    @given(turned)
    def damaged(body: bytes) -> None:
        assert stand.call(body) in (200, 400)

    with caplog.at_level(logging.DEBUG):
        called()
        damaged()
        assert stand.call(b"x" * 2_000_000) == 413
        assert stand.call(b"[" * 100_000) == 400
        assert stand.call(b'{"update_id": 1, "message": {"text": "\\ud800"}}') == 400
    assert not any(record.exc_info for record in caplog.records if record.name.startswith("bot"))
    assert stand.call(good) == 200


def test_half_a_letter_is_heard_without_it(stand: Stand) -> None:
    update = stand.heard(text=LIFT)
    raw = json.dumps(update).replace(json.dumps(LIFT)[1:-1], json.dumps(LIFT)[1:-1] + "\\ud83d").encode()

    assert stand.call(raw) in (200, 400)


def test_every_tap_is_answered_and_a_forged_one_does_nothing(stand: Stand) -> None:
    telegram, resident = stand.at.telegram, stand.at.resident

    async def scene() -> None:
        await resident.opens()
        await resident.says(LIFT)
        card = await until(lambda: next((one for one in stand.at.staff.said if one.buttons), None), "the card")
        before = effects(stand.at.database)
        await telegram.tell(telegram.tapped(card, "accept 1001", stand.at.leader.me))
        await telegram.tell(telegram.tapped(card, "AAAAAAAAaccept 1001", stand.at.leader.me))
        assert [bool(words) for _, words in telegram.answered] == [True, True]
        assert effects(stand.at.database) == before
        good = card.buttons[0]["callback_data"]
        await telegram.tell(telegram.tapped(card, good, stand.at.leader.me))
        assert telegram.answered[-1][1] == ""
        await until(lambda: [one for one in stand.at.staff.said if "已接单" in one.text], "the leader has it")

    stand.run(scene())
    assert not telegram.unanswered
    assert not telegram.violations


def test_no_secret_is_ever_written_down(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    telegram = stand.at.telegram

    async def scene() -> None:
        telegram.faults.append("drop")
        telegram.token = "123456:another"
        await stand.at.resident.says(LIFT, aloud=True)
        await until(lambda: telegram.tried[GROUP_ID] > 0 or len(telegram.calls) > 3, "it was tried")
        telegram.token = TOKEN
        await stand.at.resident.sees("收到，")
        await telegram.call(b"{", RIGHT)
        await telegram.call(b"{}", {HEADER: "wrong"})

    with caplog.at_level(logging.DEBUG):
        stand.run(scene())
    with stand.at.database.reading() as session:
        kept = [str(row) for row in session.connection.execute(select(outgoing))]
    for words in [*kept, caplog.text, *(str(vars(record)) for record in caplog.records)]:
        assert TOKEN not in words
        assert SECRET not in words


def test_a_database_that_refuses_tells_nobody_what_was_said(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    """In the batch, and where what was sent is to be settled; the matter is heard once the database is well."""
    words = "3栋2单元电梯停了，我的手机13912345678"
    raw = json.dumps(stand.heard(text=words), ensure_ascii=False).encode()

    def refuse(what: str, table: str) -> None:
        with stand.at.database.transaction() as session:
            session.connection.execute(
                text(
                    f"CREATE TRIGGER full_{table} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
                )
            )

    def take(table: str) -> None:
        with stand.at.database.transaction() as session:
            session.connection.execute(text(f"DROP TRIGGER full_{table}"))

    async def sent() -> None:
        await until(lambda: [one for one in stand.at.group.said if one.ours], "it is said")
        await until(lambda: "the outbox cannot be reached" in caplog.text, "the database refuses")

    with caplog.at_level(logging.DEBUG):
        for table in ("matter", "outbox", "inbox"):
            refuse("INSERT", table)
            assert stand.call(raw) == 503
            take(table)
        refuse("UPDATE OF state", "outbox")
        assert stand.call(raw) == 200
        stand.run(sent())
        take("outbox")
    assert "a batch could not be committed" in caplog.text
    for found in (caplog.text, *(str(vars(record)) for record in caplog.records)):
        assert "13912345678" not in found
        assert "我的手机" not in found
        assert TOKEN not in found
