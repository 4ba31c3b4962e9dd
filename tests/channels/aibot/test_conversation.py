"""The conversation of every channel, with an aibot: called, and on the line."""

import asyncio

import pytest

from bot.settings import Settings
from storage.database import Database
from tests.channels.aibot.phone import Phone
from tests.channels.aibot.platform import Platform
from tests.channels.conversation import GROUP, LEADER, RESIDENT, from_report_to_rating, rated, running, settle

ROOM = "wrkSFfCgAALFgnrSsWU38puiv4yvExuw"


@pytest.mark.parametrize("line", [False, True], ids=["called", "line"])
def test_a_report_lives_from_its_first_words_to_its_rating(sqlite_database: Database, line: bool) -> None:
    settle(
        sqlite_database,
        {RESIDENT: ("aibot", "LiGuiFang"), LEADER: ("aibot", "HanMei"), GROUP: ("aibot", ROOM)},
    )

    async def scene() -> tuple[str, Platform]:
        async with Platform({ROOM: {"LiGuiFang", "HanMei"}}).open() as platform:
            config = Settings(
                database_url=str(sqlite_database.url), aibot=platform.settings(line=line, called=not line)
            )
            async with running(config) as (_, address):
                platform.hook = "" if line else f"{address}/hooks/aibot"
                resident, leader = Phone(platform, "LiGuiFang", ROOM), Phone(platform, "HanMei")
                return await from_report_to_rating(resident, leader), platform

    number, platform = asyncio.run(scene())

    assert rated(sqlite_database, number)
    assert platform.violations == []
