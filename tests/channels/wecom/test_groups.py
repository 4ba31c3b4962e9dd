"""Staff groups in WeCom: a robot's, and those that the app makes and keeps in step with the organization."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bot.channels.wecom import channel as room
from bot.message import Lane
from storage import chats, claiming
from storage.database import Database
from tests.channels.conversation import settle, until
from tests.channels.wecom.platform import ROBOT, Fault, Platform
from tests.channels.wecom.stack import Stack, promise, rows, speaking
from tests.sending.voice import silent_kit

KIT = silent_kit()
MICRO, TAKEN = "519901001001001001", "519901001001001"
"""A micro-grid that has no staff group; a grid that has one in the simulator."""
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
