"""The conversation of every channel, on WeCom."""

import asyncio

from bot.settings import Settings
from storage.database import Database
from tests.channels.conversation import LEADER, RESIDENT, from_report_to_rating, rated, running, settle
from tests.channels.wecom.phone import Phone
from tests.channels.wecom.platform import Platform
from tests.channels.wecom.stack import promise


def test_a_report_lives_from_its_first_words_to_its_rating(sqlite_database: Database) -> None:
    settle(sqlite_database, {RESIDENT: ("wecom", "LiGuiFang"), LEADER: ("wecom", "HanMei")})

    async def scene() -> tuple[str, Platform]:
        async with Platform({"LiGuiFang", "HanMei"}).open() as platform:
            settings = Settings(database_url=str(sqlite_database.url), wecom=platform.settings())
            async with running(settings) as (_, address):
                hook = f"{address}/hooks/wecom"
                number = await from_report_to_rating(
                    Phone(platform, hook, "LiGuiFang"), Phone(platform, hook, "HanMei")
                )
            return number, platform

    number, platform = asyncio.run(scene())

    assert rated(sqlite_database, number)
    assert platform.violations == []
    assert platform.fetched == 1


def test_a_digit_is_the_tap_where_a_card_could_not_hold_the_choices(sqlite_database: Database) -> None:
    settle(sqlite_database, {LEADER: ("wecom", "HanMei")})
    choices = tuple((f"第{n}样", "human" if n == 7 else "list") for n in range(1, 8))

    async def scene() -> Platform:
        async with Platform({"HanMei"}).open() as platform:
            config = Settings(database_url=str(sqlite_database.url), wecom=platform.settings())
            async with running(config) as (_, address):
                phone = Phone(platform, f"{address}/hooks/wecom", "HanMei")
                promise(sqlite_database, ["要哪一样？"], to="HanMei", buttons=choices)
                asked = await phone.sees("要哪一样")
                assert asked.labels == tuple(label for label, _ in choices)
                await phone.taps(asked, "第7样")
                await phone.sees("12345")
            return platform

    assert asyncio.run(scene()).violations == []
