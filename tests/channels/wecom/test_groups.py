"""Staff groups in WeCom: a robot's, and those that the app makes and keeps in step with the organization."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.channels.wecom import channel as room
from bot.message import Lane
from storage import chats, claiming
from storage.database import Database
from tests.channels.conversation import settle, until
from tests.channels.wecom.platform import ROBOT, Fault, Platform
from tests.channels.wecom.stack import Stack, process, promise, rows, speaking
from tests.sending.voice import silent_kit

KIT = silent_kit()
MICRO, TAKEN = "519901001001001001", "519901001001001"
"""A micro-grid that has no staff group; a grid that has one in the simulator."""
GROUP = f"xiaoge{MICRO}"
LEADS = {"lilei": ("wecom", "LiLei"), "wangyang": ("wecom", "WangYang"), "hanmei": ("wecom", "HanMei")}
MEMBERS = {"LiLei", "WangYang", "HanMei"}


def staff_groups(database: Database) -> list[tuple[str, str]]:
    """(id, grid's code) of those on WeCom."""
    statement = "SELECT c.external, g.code FROM chat c JOIN grid g ON g.id = c.grid_id WHERE c.channel = 'wecom' AND c.audience = 'staff'"
    with database.reading() as session:
        return [(external, code) for external, code in session.connection.execute(text(statement))]


def say(stack: Stack, words: str, group: str, buttons: tuple[tuple[str, str], ...] = ()) -> None:
    promise(stack.database, [words], to=group, private=False, buttons=buttons, lane=Lane.DUTY)
    stack.sender.wake()


def test_a_robots_group_is_bound_and_told_what_nobody_can_answer_there(sqlite_database: Database) -> None:
    settle(sqlite_database, LEADS)

    async def scene() -> Platform:
        async with (
            Platform(MEMBERS).open() as platform,
            speaking(KIT, sqlite_database, platform, robots={MICRO: ROBOT, TAKEN: ROBOT, "77": ROBOT}) as stack,
        ):
            await until(lambda: staff_groups(sqlite_database), "a group is bound")
            say(stack, "1029 请接单", f"robot{MICRO}", (("接单", "accept 1029"),))
            say(stack, "没有这个群", "robot99")
            await stack.settled()
            return platform

    platform = asyncio.run(scene())

    assert staff_groups(sqlite_database) == [(f"robot{MICRO}", MICRO)], (
        "one grid has a staff group already, one is none"
    )
    assert [one.text for one in platform.to("robot")] == ["1029 请接单\n请在企业微信的“小格”应用里回复。"]
    assert [row.state for row in rows(sqlite_database)] == ["sent", "gone"]
    assert platform.violations == []
    assert platform.fetched == 0


def test_a_robot_that_says_too_much_waits_alone(sqlite_database: Database) -> None:
    async def scene() -> Platform:
        async with (
            Platform(MEMBERS).open() as platform,
            speaking(KIT, sqlite_database, platform, robots={MICRO: ROBOT}) as stack,
        ):
            platform.faults["webhook/send"].append(Fault(code=45009))
            say(stack, "群里的话", f"robot{MICRO}")
            await stack.tried()
            await stack.channel._groups.say(f"robot{MICRO}", room._text("不占名额"))  # pyright: ignore[reportPrivateUsage]
            stack.post("私下的话", to="HanMei")
            await until(lambda: platform.to("HanMei"), "a private word")
            return platform

    platform = asyncio.run(scene())

    assert [one.text for one in platform.to("HanMei")] == ["私下的话"]
    with sqlite_database.reading() as session:
        holds = claiming.holds(session, "wecom", datetime.now(UTC))
    assert [address.target for address, _ in holds if address] == [f"robot{MICRO}"]


def test_a_group_is_made_from_the_organization_and_kept_in_step(sqlite_database: Database) -> None:
    settle(sqlite_database, LEADS)
    group = f"xiaoge{MICRO}"
    seen: list[list[str]] = []

    async def scene() -> Platform:
        async with (
            Platform(MEMBERS).open() as platform,
            speaking(KIT, sqlite_database, platform, groups=[MICRO, "77"]) as stack,
        ):
            await until(lambda: staff_groups(sqlite_database), "a group is bound")
            seen.append(sorted(platform.chats[group][1]))
            groups = stack.channel._groups  # pyright: ignore[reportPrivateUsage]
            with sqlite_database.transaction() as session:
                session.connection.execute(
                    text("UPDATE post SET grid_id = (SELECT id FROM grid WHERE code = :code) WHERE person_id IN"
                         " (SELECT person_id FROM account WHERE external = 'HanMei')"), {"code": MICRO}
                )  # fmt: skip
                session.connection.execute(
                    text("UPDATE post SET until = :now WHERE person_id IN"
                         " (SELECT person_id FROM account WHERE external = 'LiLei')"),
                    {"now": (datetime.now(UTC) - timedelta(days=1)).replace(tzinfo=None)},
                )  # fmt: skip
            await groups.settle(stack.ears)
            await groups.settle(stack.ears)
            seen.append(sorted(platform.chats[group][1]))
            say(stack, "今晚八点巡查", group)
            await stack.settled()
            return platform

    platform = asyncio.run(scene())

    assert seen == [["LiLei", "WangYang"], ["HanMei", "WangYang"]]
    assert platform.chats[group][0] == "锦绣花园1-2栋"
    assert [one.text for one in platform.to(group)][1:] == ["今晚八点巡查"]
    assert "这里是工作群" in platform.to(group)[0].text
    assert staff_groups(sqlite_database) == [(group, MICRO)]
    assert platform.calls.count("appchat/create") == 1
    assert platform.calls.count("appchat/update") == 1
    assert platform.violations == []


def moves(database: Database, account: str, to: str) -> None:
    """They serve in that grid from now on."""
    where = "person_id IN (SELECT person_id FROM account WHERE external = :who)"
    grid = "(SELECT id FROM grid WHERE code = :code)"
    with database.transaction() as session:
        session.connection.execute(
            text(f"UPDATE post SET grid_id = {grid} WHERE {where}"),  # noqa: S608 - ours
            {"code": to, "who": account},
        )
        session.organization_changed()


def leaves_office(database: Database, account: str) -> None:
    """They serve nowhere from now on."""
    with database.transaction() as session:
        session.connection.execute(
            text(
                "UPDATE post SET until = :now WHERE person_id IN (SELECT person_id FROM account WHERE external = :who)"
            ),
            {"now": (datetime.now(UTC) - timedelta(days=1)).replace(tzinfo=None), "who": account},
        )
        session.organization_changed()


def kept(
    database: Database,
    members: set[str],
    act: Callable[[Stack, Platform], None],
    *,
    looks: int = 2,
    troubles: list[object] | None = None,
) -> Platform:
    """The group of the micro-grid is made, then something happens, then it is looked at again, so often."""

    async def scene() -> Platform:
        async with Platform(members).open() as platform, speaking(KIT, database, platform, groups=[MICRO]) as stack:
            await until(lambda: staff_groups(database), "a group is bound")
            act(stack, platform)
            for _ in range(looks):
                await stack.channel._groups.settle(stack.ears)  # pyright: ignore[reportPrivateUsage]
            if troubles is not None:
                troubles.append(stack.channel.trouble())
            return platform

    return asyncio.run(scene())


def test_who_serves_no_more_is_let_go_also_where_only_one_is_left(sqlite_database: Database) -> None:
    settle(sqlite_database, LEADS)

    platform = kept(sqlite_database, MEMBERS, lambda _stack, _platform: leaves_office(sqlite_database, "LiLei"))

    assert platform.chats[GROUP][1] == ["WangYang"]
    assert staff_groups(sqlite_database) == [(GROUP, MICRO)]
    assert platform.violations == []


def test_who_cannot_be_let_go_is_said(sqlite_database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Where the platform leaves no fewer than two in a group."""
    settle(sqlite_database, LEADS)
    troubles: list[object] = []

    def act(_: Stack, platform: Platform) -> None:
        platform.fewest = 2
        leaves_office(sqlite_database, "LiLei")

    platform = kept(sqlite_database, MEMBERS, act, troubles=troubles)

    assert platform.chats[GROUP][1] == ["LiLei", "WangYang"]
    assert troubles == [("channels/wecom_stayed", {"grid": MICRO, "many": 1})]
    told = [record for record in caplog.records if getattr(record, "member", "") == "LiLei"]
    assert len(told) == 1, "once, not at every look"


def test_one_whom_the_corp_does_not_know_keeps_nobody_else_out_or_in(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    settle(sqlite_database, LEADS)
    troubles: list[object] = []

    def act(_: Stack, platform: Platform) -> None:
        platform.members.add("ZhaoLiu")
        moves(sqlite_database, "HanMei", MICRO)
        leaves_office(sqlite_database, "LiLei")

    platform = kept(sqlite_database, {"LiLei", "WangYang"}, act, troubles=troubles)

    assert platform.chats[GROUP][1] == ["WangYang"]
    assert troubles == [("channels/wecom_strangers", {"grid": MICRO, "many": 1})]
    assert len([record for record in caplog.records if getattr(record, "member", "") == "HanMei"]) == 1
    assert platform.violations == []


def test_a_group_is_made_without_the_one_whom_the_corp_does_not_know(sqlite_database: Database) -> None:
    settle(sqlite_database, LEADS)
    moves(sqlite_database, "HanMei", MICRO)

    platform = kept(sqlite_database, {"HanMei", "WangYang"}, lambda _stack, _platform: None, looks=0)

    assert sorted(platform.chats[GROUP][1]) == ["HanMei", "WangYang"]
    assert platform.violations == []


def test_a_group_whose_making_was_not_answered_is_greeted_and_bound_once(sqlite_database: Database) -> None:
    """Nobody sees a new group until something is said in it."""
    settle(sqlite_database, LEADS)

    async def scene() -> Platform:
        async with Platform(MEMBERS).open() as platform:
            platform.faults["appchat/create"].append(Fault(drops=True, heard=True))
            async with speaking(KIT, sqlite_database, platform, groups=[MICRO]) as stack:
                await until(lambda: platform.chats.get(GROUP), "made")
                for _ in range(3):
                    await stack.channel._groups.settle(stack.ears)  # pyright: ignore[reportPrivateUsage]
            async with speaking(KIT, sqlite_database, platform, groups=[MICRO]) as stack:
                await stack.channel._groups.settle(stack.ears)  # pyright: ignore[reportPrivateUsage]
            return platform

    platform = asyncio.run(scene())

    assert ["这里是工作群" in one.text for one in platform.to(GROUP)] == [True]
    assert staff_groups(sqlite_database) == [(GROUP, MICRO)]
    assert platform.violations == []


def test_of_several_processes_the_one_that_speaks_keeps_the_groups(sqlite_database: Database) -> None:
    settle(sqlite_database, LEADS)

    async def scene() -> Platform:
        async with (
            Platform(MEMBERS).open() as platform,
            process(KIT, sqlite_database, platform, speaks=True, groups=[MICRO]),
            process(KIT, sqlite_database, platform, speaks=False, groups=[MICRO]),
            process(KIT, sqlite_database, platform, speaks=False, groups=[MICRO]),
        ):
            await until(lambda: staff_groups(sqlite_database), "a group is bound")
            await asyncio.sleep(0.2)
            return platform

    platform = asyncio.run(scene())

    assert platform.calls.count("appchat/create") == 1
    assert len(platform.to(GROUP)) == 1
    assert platform.violations == []


def test_a_group_that_another_process_has_just_made_is_taken_as_it_is(sqlite_database: Database) -> None:
    settle(sqlite_database, LEADS)

    async def scene() -> Platform:
        async with (
            Platform(MEMBERS).open() as platform,
            process(KIT, sqlite_database, platform, groups=[MICRO]) as stack,
        ):
            platform.faults["appchat/create"].append(Fault(code=86215, heard=True))
            await until(lambda: staff_groups(sqlite_database), "a group is bound")
            assert stack.channel.trouble() is None
            return platform

    platform = asyncio.run(scene())

    assert sorted(platform.chats[GROUP][1]) == ["LiLei", "WangYang"]


def test_a_group_of_one_is_not_made(sqlite_database: Database) -> None:
    settle(sqlite_database, {"lilei": ("wecom", "LiLei")})

    async def scene() -> Platform:
        async with Platform(MEMBERS).open() as platform, speaking(KIT, sqlite_database, platform, groups=[MICRO]) as s:
            await s.channel._groups.settle(s.ears)  # pyright: ignore[reportPrivateUsage]
            return platform

    platform = asyncio.run(scene())

    assert platform.chats == {}
    assert staff_groups(sqlite_database) == []


def test_the_staff_of_a_grid_hears_there_what_its_group_is_told(database: Database) -> None:
    settle(database, LEADS)

    async def scene() -> bool:
        async with Platform(MEMBERS).open() as platform, speaking(KIT, database, platform) as stack:
            assert await stack.ears.bound("wecom", f"robot{MICRO}", MICRO)
            assert not await stack.ears.bound("wecom", "robot77", "77")
            assert await stack.ears.roster("wecom", MICRO) == ("锦绣花园1-2栋", ["LiLei", "WangYang"])
            assert await stack.ears.roster("wecom", "77") is None
            return await stack.ears.bound("wecom", f"robot{MICRO}", MICRO)

    assert asyncio.run(scene())
    with database.reading() as session:
        (bound,) = chats.bound_within(session, MICRO, "staff")
    assert (bound.channel, bound.external, bound.name) == ("wecom", f"robot{MICRO}", "锦绣花园1-2栋")
