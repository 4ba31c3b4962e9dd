"""Only once, even when two do it at the same instant: accepting, reminding, and the order within one chat."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from bot.batch import Batch
from bot.clock import Clock
from bot.dispatcher import Dispatcher
from bot.message import Happening, Incoming
from storage import timers
from storage.database import Database
from storage.journal import entry
from storage.matters import matter
from storage.outbox import outgoing
from storage.people import account
from storage.session import Session
from tests.stage import Stage, settled_on, submit_all

T = TypeVar("T")
GROUP = "g-jinxiu-2"


@pytest.fixture
def stage(database: Database) -> Stage:
    return settled_on(database)


def at_once(*works: Callable[[Database], T], on: Database) -> list[T]:
    """What each of them did, each with a database connection of its own as another process has it."""
    gate = Barrier(len(works))

    def alone(work: Callable[[Database], T]) -> T:
        own = Database(on.url.render_as_string(hide_password=False))
        try:
            gate.wait()
            return work(own)
        finally:
            own.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(alone, works))


def pressed(stage: Stage, by: str, press: str, happening: Happening = "press") -> Callable[[Database], None]:
    incoming = Incoming("simulator", f"{by}-{press}", by, None, stage.clock.now(), happening, press)

    def press_it(database: Database) -> None:
        with database.transaction() as session:
            Batch(stage.kit, session, [incoming]).handle(incoming)

    return press_it


def acts(database: Database, act: str) -> list[int]:
    """The matters to which this was done."""
    with database.reading() as session:
        found = session.connection.execute(select(entry.c.matter_id).where(entry.c.act == act)).scalars().all()
    return [matter_id for matter_id in found if matter_id is not None]


def test_of_two_leaders_who_accept_at_the_same_instant_one_has_it_and_the_other_is_told_kindly(stage: Stage) -> None:
    stage.say("报事 3栋2单元的路灯坏了", by="liguifang", chat=GROUP)
    first = stage.last("hanmei")
    number = first.press("接单").split()[1]

    at_once(
        pressed(stage, "hanmei", f"accept {number}"),
        pressed(stage, "chenxiaoyu", f"accept {number}"),
        on=stage.database,
    )

    assert len(acts(stage.database, "accept")) == 1
    answers = [heard for who in ("hanmei", "chenxiaoyu") for heard in stage.hears(who) if heard.id > first.id]
    owner = stage.matter(int(number)).owner_id
    assert owner is not None
    assert len([heard for heard in answers if "已接" in heard.text or "接单" in heard.text]) >= 1
    assert len({heard.target for heard in answers}) == 2
    assert not any("编号" in heard.text and "出了点问题" in heard.text for heard in answers)


def test_a_yes_and_a_no_to_a_census_at_the_same_instant_are_never_both(stage: Stage) -> None:
    number = stage.say("摸排 家里几口人", by="shenliqun")[-1].split("摸排 ")[1].split("，")[0]
    sure = stage.does("text", f"开始摸排 {number}", by="shenliqun")[-1]
    stage.tap(sure, sure.buttons[0][0], by="shenliqun")

    at_once(
        pressed(stage, "guxiaolan", f"同意摸排 {number}", "text"),
        pressed(stage, "guxiaolan", f"census_refuse {number}"),
        on=stage.database,
    )
    stage.pass_time(seconds=1)

    refused = len(acts(stage.database, "refuse"))
    asked = len(stage.hears(GROUP, group=True))
    assert (refused, asked) in ((1, 0), (0, 1))
    assert not any("出了点问题" in heard.text for heard in stage.hears("guxiaolan"))


def test_two_processes_that_look_at_the_clock_together_remind_once(stage: Stage) -> None:
    for building in range(1, 9):
        stage.say(f"报事 {building}栋9单元的路灯坏了", by="liguifang", chat="g-shiqiao-1")
    with stage.database.transaction() as session:
        due = timers.next_due(session)
    assert due is not None
    stage.clock.move_to(due + timedelta(seconds=1))

    def tick(database: Database) -> int:
        with database.transaction() as session:
            return Batch(stage.kit, session, ()).tick()

    ticked = at_once(tick, tick, tick, on=stage.database)

    reminded = acts(stage.database, "remind") + acts(stage.database, "ring")
    assert sum(ticked) == len(reminded) == 8
    assert len(set(reminded)) == 8


def test_the_same_neighbour_known_to_nobody_speaks_twice_at_once_and_is_one_account(stage: Stage) -> None:
    def speak(text: str) -> Callable[[Database], None]:
        incoming = Incoming("simulator", text, "newcomer", GROUP, stage.clock.now(), "text", text)

        def say(database: Database) -> None:
            with database.transaction() as session:
                Batch(stage.kit, session, [incoming]).handle(incoming)

        return say

    at_once(speak("报事 3栋1单元的路灯坏了"), speak("报事 4栋2单元的垃圾没人收"), on=stage.database)

    with stage.database.reading() as session:
        ask = session.connection.execute
        accounts = ask(select(account.c.id).where(account.c.external == "newcomer")).scalars().all()
        owners = ask(select(matter.c.account_id)).scalars().all()
    assert len(accounts) == 1
    assert owners == [accounts[0], accounts[0]]


def test_messages_of_one_chat_are_handled_in_the_order_they_came(stage: Stage) -> None:
    """Many chats at once, on as many writers as there are; each chat's numbers grow in its own order."""
    groups = ("g-jinxiu-1", "g-jinxiu-2", "g-wangjiang-1", "g-wangjiang-2", "g-shiqiao-1")
    said = [
        Incoming(
            "simulator",
            f"{step}-{group}",
            "liguifang",
            group,
            stage.clock.now(),
            "text",
            f"报事 {step + 20}栋1单元的路灯坏了",
        )
        for step in range(20)
        for group in groups
    ]
    submit_all(stage.database, stage.kit, said)

    with stage.database.reading() as session:
        rows = session.connection.execute(
            select(matter.c.chat_id, matter.c.text).order_by(matter.c.chat_id, matter.c.number)
        ).all()
        promised = session.connection.execute(select(func.count()).select_from(outgoing)).scalar_one()
    assert promised >= len(said) == len(rows)
    for chat in {row.chat_id for row in rows}:
        texts = [row.text for row in rows if row.chat_id == chat]
        assert texts == [f"{step + 20}栋1单元的路灯坏了" for step in range(20)]


def test_neighbours_who_report_the_same_in_private_at_the_same_instant_share_one_matter(stage: Stage) -> None:
    def says(who: str) -> Callable[[Database], None]:
        incoming = Incoming("simulator", who, who, None, stage.clock.now(), "text", "报事 3栋2单元电梯停了")

        def say(database: Database) -> None:
            with database.transaction() as session:
                Batch(stage.kit, session, [incoming]).handle(incoming)

        return say

    at_once(*[says(who) for who in ("liguifang", "zhangdashan", "linxiaoxia", "wutong")], on=stage.database)

    assert len(acts(stage.database, "open")) == 1
    assert len(acts(stage.database, "follow")) == 3


def test_of_two_who_wait_for_one_another_both_get_on(postgres_database: Database) -> None:
    """What PostgreSQL undoes so that another gets on is begun anew; whoever waits for it hears nothing of that."""
    stage = settled_on(postgres_database)
    met = Barrier(2)
    begun: Counter[str] = Counter()

    def locks(*words: str) -> Callable[[Session], str]:
        def job(session: Session) -> str:
            begun[words[0]] += 1
            session.one_at_a_time(words[0])
            if begun[words[0]] == 1:
                met.wait(timeout=30)
            session.one_at_a_time(words[1])
            return words[0]

        return job

    def alone(database: Database, *words: str) -> str:
        async def scene() -> str:
            dispatcher = Dispatcher(database, stage.kit)
            dispatcher.start()
            try:
                return await dispatcher.run(locks(*words))
            finally:
                await asyncio.to_thread(dispatcher.stop)

        return asyncio.run(scene())

    done = at_once(
        lambda database: alone(database, "here", "there"),
        lambda database: alone(database, "there", "here"),
        on=postgres_database,
    )

    assert done == ["here", "there"]
    assert sum(begun.values()) == 3


def test_two_processes_with_several_reports_each_file_the_same_trouble_once(stage: Stage) -> None:
    said = ("3栋2单元的电梯停了，里面没人", "5栋楼下的垃圾三天没人收了", "南门口的路灯不亮了")

    def speak(*by: str) -> Callable[[Database], None]:
        messages = [
            Incoming("simulator", f"{who}-{text}", who, GROUP, stage.clock.now(), "text", text)
            for who, text in zip(by, said, strict=True)
        ]

        def say(database: Database) -> None:
            with database.transaction() as session:
                batch = Batch(stage.kit, session, messages)
                for one in messages:
                    batch.handle(one)

        return say

    at_once(speak("liguifang", "wangdama", "zhaoqiang"), speak("tiantian", "chenlaoshi", "sunpo"), on=stage.database)

    assert len(acts(stage.database, "open")) == len(said)
    assert len(acts(stage.database, "follow")) == len(said)


def test_all_that_one_transaction_does_is_done_at_one_moment(stage: Stage) -> None:
    said = ("3栋2单元的电梯停了，里面没人", "5栋楼下的垃圾三天没人收了")
    ticking = replace(stage.kit, clock=Clock())
    messages = [
        Incoming("simulator", text, "liguifang", GROUP, stage.clock.now(), "text", text, message=str(at))
        for at, text in enumerate(said)
    ]

    with stage.database.transaction() as session:
        batch = Batch(ticking, session, messages)
        for one in messages:
            batch.handle(one)

    with stage.database.reading() as session:
        opened = session.connection.execute(select(matter.c.text, matter.c.opened_at).order_by(matter.c.number)).all()
    assert [row.text for row in opened] == list(said)
    assert len({row.opened_at for row in opened}) == 1
