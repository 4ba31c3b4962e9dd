"""Words for customer groups: given to each owner once, whatever fails; confirmed, reminded of, taken back."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientTimeout
from sqlalchemy import select, update

from bot.channels.wecom import api
from bot.errors import SendError
from bot.message import Lane
from storage import bodies, customers, grids, notices, numbers
from storage.customers import CustomerWord, customer_word
from storage.database import Database
from storage.people import account
from tests.channels.conversation import settle, until
from tests.channels.wecom.crowd import Crowd, Group
from tests.channels.wecom.platform import AES_KEY, AGENT, CORP, SECRET, TOKEN, Fault
from tests.channels.wecom.stack import Stack, process
from tests.sending.voice import silent_kit
from tests.server import Server, free_port

KIT = silent_kit()
COMMUNITY, FIRST, SECOND = "519901001001", "519901001001001001", "519901001001001002"
LEADS = {"lilei": ("wecom", "LiLei"), "wangyang": ("wecom", "WangYang"), "hanmei": ("wecom", "HanMei")}
MEMBERS = {"LiLei", "WangYang", "HanMei"}
TODAY = "编号 1001 明天停水"
Act = Callable[[Stack, Crowd], Awaitable[None]]


def groups() -> dict[str, Group]:
    """Three, of two owners."""
    return {
        "wr1": Group("LiLei", "锦绣花园1-2栋一群"),
        "wr2": Group("LiLei", "锦绣花园1-2栋二群"),
        "wr3": Group("HanMei", "锦绣花园3-4栋"),
    }


def promised(database: Database, words: str = TODAY, *, lane: Lane = Lane.NOTICE) -> int:
    """The words of a notice for every customer group of the community; the number of the notice."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        grid = grids.by_code(session, COMMUNITY)
        author = session.one(int, select(account.c.id).limit(1))
        assert grid is not None
        number = numbers.give(session, "notice")
        row: dict[str, object] = {
            "number": number, "kind": "policy", "drill": False, "state": notices.GOING, "grid_id": grid.id, "audience": "",
            "topic": "", "summary": "", "text": words, "attachment": "", "plan": "", "wants_ack": False, "lane": int(lane),
            "order_key": "", "account_id": author, "composed_at": now, "released_at": now, "ended_why": "", "called": 0,
        }  # fmt: skip
        notices.compose(session, row)
        body_id = bodies.new(session, number)
        bodies.word(session, body_id, words, "")
        customers.queue(session, notice=number, body_id=body_id, lane=int(lane), code=COMMUNITY, due_at=now)
    return number


def words(database: Database) -> list[CustomerWord]:
    """All of them, in the order of their groups."""
    with database.reading() as session:
        return session.all(CustomerWord, select(customer_word).order_by(customer_word.c.id))


def states(database: Database) -> list[str]:
    return [word.state for word in words(database)]


def earlier(database: Database, **by: timedelta) -> None:
    """These moments of all words lie so much further back."""
    with database.transaction() as session:
        for word in session.all(CustomerWord, select(customer_word)):
            moved = {name: getattr(word, name) - much for name, much in by.items() if getattr(word, name) is not None}
            if moved:
                session.run(update(customer_word).where(customer_word.c.id == word.id).values(**moved))


async def settled(stack: Stack, *, fails: bool = False) -> None:
    """One look at what there is to do."""
    try:
        await stack.channel.customers.settle(stack.ears.customers)
    except SendError:
        assert fails
    else:
        assert not fails


def play(database: Database, act: Act, crowd: Crowd | None = None) -> Crowd:
    """One scene, with the groups counted at its beginning."""
    settle(database, LEADS)

    async def whole() -> Crowd:
        async with (crowd or Crowd(MEMBERS, groups())).open() as platform, process(KIT, database, platform) as stack:
            assert isinstance(platform, Crowd)
            await stack.channel.customers.count(stack.ears.customers)
            await act(stack, platform)
            return platform

    return asyncio.run(whole())


def test_each_owner_is_asked_once_and_what_they_sent_is_seen(database: Database) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        number = promised(database)
        await settled(stack)
        await settled(stack)
        assert states(database) == ["asked"] * 3
        crowd.confirm("LiLei")
        earlier(database, looked_at=timedelta(minutes=6))
        await settled(stack)
        with database.reading() as session:
            hands = customers.by_hand(session, number, COMMUNITY)
        assert [(one.owner, one.groups, one.sent) for one in hands] == [("HanMei", 1, 0), ("LiLei", 2, 2)]

    crowd = play(database, act)

    with database.reading() as session:
        tally = customers.tally(session, COMMUNITY, datetime.now(UTC) - timedelta(hours=1))
        assert (tally.groups, tally.grids, tally.owners, tally.staff, tally.residents, tally.spent) == (
            3,
            2,
            2,
            3,
            0,
            3,
        )
        assert customers.tally(session, COMMUNITY, datetime.now(UTC) + timedelta(hours=1)).spent == 0
    assert [(task.owner, sorted(task.results)) for task in crowd.tasks.values()] == [
        ("LiLei", ["wr1", "wr2"]),
        ("HanMei", ["wr3"]),
    ]
    assert [word for group in crowd.groups.values() for _, word in group.told] == [TODAY] * 2
    assert states(database) == ["sent", "sent", "asked"]
    assert crowd.violations == []


def test_a_group_is_given_one_message_a_day_but_an_emergency(sqlite_database: Database) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        promised(sqlite_database)
        await settled(stack)
        promised(sqlite_database, "编号 1002 明天停电")
        promised(sqlite_database, "编号 1003 马上撤离", lane=Lane.EMERGENCY)
        await settled(stack)

    crowd = play(sqlite_database, act)

    assert [task.text for task in crowd.tasks.values()] == [TODAY, TODAY, "编号 1003 马上撤离", "编号 1003 马上撤离"]
    late = [word for word in words(sqlite_database) if word.state == "waiting"]
    assert len(late) == 3
    zone = KIT.settings.zone
    tomorrow = datetime.now(zone).date() + timedelta(days=1)
    assert {word.due_at.astimezone(zone).date() for word in late} == {tomorrow}


def test_what_an_owner_sent_too_late_in_the_day_is_seen_as_refused(sqlite_database: Database) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        crowd.groups["wr3"].told.append((time.time(), "群主自己群发过"))
        promised(sqlite_database)
        await settled(stack)
        crowd.confirm("HanMei")
        earlier(sqlite_database, looked_at=timedelta(minutes=6))
        await settled(stack)

    play(sqlite_database, act)

    assert [(word.state, word.error) for word in words(sqlite_database)][2] == ("failed", "status 3")


@pytest.mark.parametrize(
    ("fault", "then"),
    [
        (Fault(code=45009), "waiting"),
        (Fault(code=-1), "waiting"),
        (Fault(code=45033), "waiting"),
        (Fault(code=48002), "waiting"),
        (Fault(code=60020), "waiting"),
        (Fault(status=429), "waiting"),
        (Fault(status=502), "begun"),
        (Fault(drops=True), "begun"),
        (Fault(hangs=True), "begun"),
        (Fault(drops=True, heard=True), "begun"),
        (Fault(status=503, heard=True), "begun"),
    ],
)
def test_after_a_failure_each_owner_has_one_task(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, fault: Fault, then: str
) -> None:
    monkeypatch.setattr(api, "PATIENCE", ClientTimeout(total=0.3))

    async def act(stack: Stack, crowd: Crowd) -> None:
        promised(sqlite_database)
        crowd.faults["add_msg_template"].append(fault)
        await settled(stack, fails=True)
        assert states(sqlite_database)[:2] == [then] * 2
        if then == "begun":
            await settled(stack)
            assert states(sqlite_database)[:2] == ["begun"] * 2, "nobody asks again before it is known"
        earlier(sqlite_database, due_at=timedelta(minutes=3), begun_at=timedelta(minutes=3))
        for task in crowd.tasks.values():
            task.at -= 180
        await settled(stack)
        await settled(stack)

    crowd = play(sqlite_database, act)

    assert states(sqlite_database) == ["asked"] * 3
    assert sorted(task.owner for task in crowd.tasks.values()) == ["HanMei", "LiLei"]
    assert crowd.violations == []


@pytest.mark.parametrize("code", [40096, 41048, 60111, 81017, 84061])
def test_what_the_platform_refuses_for_good_is_not_asked_again(sqlite_database: Database, code: int) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        promised(sqlite_database)
        crowd.faults["add_msg_template"].append(Fault(code=code))
        await settled(stack)
        await settled(stack)

    crowd = play(sqlite_database, act)

    assert states(sqlite_database) == ["failed", "failed", "asked"]
    assert {word.error for word in words(sqlite_database)} == {f"errcode {code}", ""}
    assert len(crowd.tasks) == 1


def test_a_group_that_has_another_owner_by_now_is_told_apart(database: Database) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        number = promised(database)
        crowd.groups["wr2"].owner = "WangYang"
        await settled(stack)
        assert [(word.state, word.error) for word in words(database)] == [
            ("asked", ""), ("failed", "fail_list"), ("asked", ""),
        ]  # fmt: skip
        stack.channel.customers.changed("wr2")
        await settled(stack)
        with database.transaction() as session:
            customers.again(session, number, datetime.now(UTC))
        await settled(stack)

    crowd = play(database, act)

    assert states(database) == ["asked"] * 3
    assert sorted(task.owner for task in crowd.tasks.values()) == ["HanMei", "LiLei", "WangYang"]


def test_the_same_words_for_one_owner_twice_are_two_tasks(sqlite_database: Database) -> None:
    """What was lost on the way is not taken for the task that is there already."""

    async def act(stack: Stack, crowd: Crowd) -> None:
        promised(sqlite_database, lane=Lane.EMERGENCY)
        await settled(stack)
        promised(sqlite_database, lane=Lane.EMERGENCY)
        crowd.faults["add_msg_template"] += [Fault(drops=True), Fault(drops=True)]
        for _ in range(2):
            await settled(stack, fails=True)
        earlier(sqlite_database, begun_at=timedelta(minutes=3))
        crowd.page = 1
        await settled(stack)
        await settled(stack)

    crowd = play(sqlite_database, act)

    assert states(sqlite_database) == ["asked"] * 6
    assert sorted(task.owner for task in crowd.tasks.values()) == ["HanMei", "HanMei", "LiLei", "LiLei"]


def test_long_words_are_cut_between_letters(sqlite_database: Database) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        promised(sqlite_database, "停水" * 1000)
        await settled(stack)

    crowd = play(sqlite_database, act)

    told = next(iter(crowd.tasks.values())).text
    assert told.endswith("水…") or told.endswith("停…")
    assert 3990 < len(told.encode()) <= 4000
    assert crowd.violations == []


def test_an_owner_is_reminded_three_times_at_most(sqlite_database: Database) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        number = promised(sqlite_database)
        await settled(stack)
        crowd.confirm("LiLei")
        earlier(sqlite_database, looked_at=timedelta(minutes=6))
        await settled(stack)
        for _ in range(5):
            with sqlite_database.transaction() as session:
                customers.again(session, number, datetime.now(UTC))
            await settled(stack)
        crowd.faults["remind_groupmsg_send"].append(Fault(code=45009))

    crowd = play(sqlite_database, act)

    assert [len(task.rung) for task in crowd.tasks.values()] == [0, 3]
    assert crowd.violations == []


def test_stopped_words_are_taken_back_from_owners_who_have_not_sent_them(sqlite_database: Database) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        number = promised(sqlite_database)
        await settled(stack)
        crowd.confirm("LiLei")
        earlier(sqlite_database, looked_at=timedelta(minutes=6))
        await settled(stack)
        later = promised(sqlite_database, "编号 1002 明天停电")
        with sqlite_database.transaction() as session:
            for stopped in (number, later):
                bodies.stop(session, stopped, datetime.now(UTC))
        await settled(stack)

    crowd = play(sqlite_database, act)

    assert [task.cancelled for task in crowd.tasks.values()] == [False, True]
    assert states(sqlite_database) == ["sent", "sent", "over", "over", "over", "over"]


def test_a_task_that_could_not_be_taken_back_stays_to_be_and_is_said(sqlite_database: Database) -> None:
    """Its owner can still send it: nobody is told that it is over."""
    seen: list[object] = []

    async def act(stack: Stack, crowd: Crowd) -> None:
        number = promised(sqlite_database)
        await settled(stack)
        with sqlite_database.transaction() as session:
            bodies.stop(session, number, datetime.now(UTC))
        crowd.faults["cancel_groupmsg_send"].append(Fault(code=41093))
        await settled(stack)
        await settled(stack)  # not before ten minutes have gone
        seen.extend((states(sqlite_database), stack.channel.trouble(), len(crowd.faults["cancel_groupmsg_send"])))
        earlier(sqlite_database, due_at=timedelta(minutes=11))
        await settled(stack)
        seen.append(stack.channel.trouble())

    crowd = play(sqlite_database, act)

    assert sorted(seen[0]) != ["over"] * 3  # pyright: ignore[reportArgumentType]
    assert "asked" in seen[0]  # pyright: ignore[reportOperatorIssue]
    assert seen[1:] == [("channels/wecom_uncancelled", {"many": 1, "code": 41093}), 0, None]
    assert states(sqlite_database) == ["over"] * 3
    assert all(task.cancelled for task in crowd.tasks.values())


def test_a_task_that_was_sent_before_it_could_be_taken_back_is_known_as_sent(sqlite_database: Database) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        number = promised(sqlite_database)
        await settled(stack)
        with sqlite_database.transaction() as session:
            bodies.stop(session, number, datetime.now(UTC))
        for owner in ("LiLei", "HanMei"):
            crowd.confirm(owner)
        crowd.fault = lambda path, _: Fault(code=41093) if path == "cancel_groupmsg_send" else None
        earlier(sqlite_database, looked_at=timedelta(minutes=6))
        await settled(stack)
        assert stack.channel.trouble() is None

    play(sqlite_database, act)

    assert set(states(sqlite_database)) == {"sent"}


def test_two_programs_ask_each_owner_once(database: Database) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        promised(database)
        async with process(KIT, database, crowd) as other:
            await asyncio.gather(*(settled(one) for one in (stack, other, stack, other)))

    crowd = play(database, act)

    assert states(database) == ["asked"] * 3
    assert len(crowd.tasks) == 2


def test_a_change_that_the_platform_tells_of_is_looked_at_soon(sqlite_database: Database) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        crowd.groups["wr3"].came_by = ["", "", ""]
        stack.channel.customers.changed("wr3")
        await settled(stack)

    play(sqlite_database, act)

    with sqlite_database.reading() as session:
        assert [(one.code, one.residents) for one in customers.by_grid(session, SECOND)] == [(SECOND, 3)]


def test_a_broadcast_to_three_hundred_groups_through_every_failure_asks_each_owner_once(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PATIENCE", ClientTimeout(total=0.3))
    monkeypatch.setattr("bot.channels.wecom.customers.BETWEEN_S", 0.0)
    crowd = Crowd(MEMBERS, {f"wr{n}": Group(("LiLei", "HanMei", "WangYang")[n % 3], FIRST) for n in range(300)})
    bad: Sequence[Fault] = (
        Fault(code=45009), Fault(status=502), Fault(drops=True), Fault(code=-1), Fault(hangs=True),
        Fault(drops=True, heard=True), Fault(status=503, heard=True),
    )  # fmt: skip

    async def act(stack: Stack, crowd: Crowd) -> None:
        for n in range(4):
            promised(sqlite_database, f"编号 {1001 + n} 撤离", lane=Lane.EMERGENCY)
        crowd.faults["add_msg_template"] += [one for fault in bad for one in (fault, Fault(code=45033))]
        crowd.faults["get_groupmsg_list_v2"] += [Fault(status=500)]
        for _ in range(40):
            try:
                await stack.channel.customers.settle(stack.ears.customers)
            except SendError:
                earlier(sqlite_database, due_at=timedelta(minutes=3), begun_at=timedelta(minutes=3))
                for task in crowd.tasks.values():
                    task.at -= 180
            if set(states(sqlite_database)) == {"asked"}:
                break
            earlier(sqlite_database, begun_at=timedelta(minutes=3))
            for task in crowd.tasks.values():
                task.at -= 180

    play(sqlite_database, act, crowd)

    assert set(states(sqlite_database)) == {"asked"}
    assert len(crowd.tasks) == 4 * 3, "one task for each notice and owner"
    assert all(len(task.results) == 100 for task in crowd.tasks.values())
    assert crowd.violations == []


def test_a_program_killed_between_the_call_and_its_record_asks_nobody_twice(
    sqlite_database: Database, tmp_path: Path
) -> None:
    settle(sqlite_database, LEADS)

    async def scene() -> Crowd:
        async with Crowd(MEMBERS, groups()).open() as crowd:
            assert isinstance(crowd, Crowd)
            async with process(KIT, sqlite_database, crowd) as stack:
                await stack.channel.customers.count(stack.ears.customers)
            promised(sqlite_database)
            crowd.faults["add_msg_template"] += [Fault(hangs=True, heard=True)]
            server = Server(tmp_path, _served(sqlite_database, crowd), (sys.executable, "-m", "bot", "serve"))
            await asyncio.to_thread(server.start)
            await until(lambda: crowd.tasks, "the platform has made a task", 30.0)
            server.kill()
            assert states(sqlite_database) == ["begun", "begun", "waiting"], "it was noted before the call"
            earlier(sqlite_database, begun_at=timedelta(minutes=3))
            for task in crowd.tasks.values():
                task.at -= 180
            await asyncio.to_thread(server.start)
            try:
                await until(lambda: states(sqlite_database) == ["asked"] * 3, "both owners have it", 40.0)
            finally:
                server.kill()
            return crowd

    crowd = asyncio.run(scene())

    assert [task.owner for task in crowd.tasks.values()] == ["LiLei", "HanMei"]
    assert crowd.calls.count("add_msg_template") == 2
    assert crowd.violations == []


def test_secrets_are_not_logged(sqlite_database: Database, caplog: pytest.LogCaptureFixture) -> None:
    async def act(stack: Stack, crowd: Crowd) -> None:
        promised(sqlite_database)
        crowd.faults["add_msg_template"] += [Fault(status=502), Fault(code=60020), Fault(code=40058)]
        for _ in range(3):
            try:
                await stack.channel.customers.settle(stack.ears.customers)
            except SendError as failure:
                said.append(f"{failure!r} {failure.says}")

    said: list[str] = []
    play(sqlite_database, act)

    assert len(said) == 2
    assert not any(secret in words for words in (caplog.text, *said) for secret in (SECRET, "access_token", "token-"))


def _served(database: Database, crowd: Crowd) -> dict[str, str]:
    return {
        "XIAOGE_DATABASE_URL": database.url.render_as_string(hide_password=False), "XIAOGE_PORT": str(free_port()),
        "XIAOGE_WECOM__CORP_ID": CORP, "XIAOGE_WECOM__AGENT_ID": str(AGENT), "XIAOGE_WECOM__SECRET": SECRET,
        "XIAOGE_WECOM__TOKEN": TOKEN, "XIAOGE_WECOM__AES_KEY": AES_KEY, "XIAOGE_WECOM__API": crowd.address,
        "XIAOGE_WECOM__CUSTOMERS": "true",
    }  # fmt: skip
