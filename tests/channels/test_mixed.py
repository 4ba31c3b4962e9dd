"""One matter on two platforms: a neighbour speaks in a Telegram group, the leader works in WeCom; on both databases."""

import asyncio

from pydantic import SecretStr

from bot import settings
from bot.settings import Settings
from storage.database import Database
from tests.channels.conversation import GROUP, LEADER, RESIDENT, STAFF, from_report_to_rating, rated, running, settle
from tests.channels.telegram.phone import Phone as Telephone
from tests.channels.telegram.stand_in import SECRET, TOKEN, Telegram
from tests.channels.wecom.phone import Phone as Desk
from tests.channels.wecom.platform import Platform

GROUP_ID, RESIDENT_ID, MEMBER = -1001, 71, "HanMei"


def test_a_neighbour_on_telegram_is_helped_by_a_leader_on_wecom(database: Database) -> None:
    settle(
        database,
        {
            RESIDENT: ("telegram", str(RESIDENT_ID)),
            GROUP: ("telegram", str(GROUP_ID)),
            LEADER: ("wecom", MEMBER),
            STAFF: ("wecom", "staff-of-grid-1"),
        },
    )

    async def scene() -> None:
        async with Telegram() as telegram, Platform({MEMBER}).open() as wecom:
            asking = settings.Telegram(token=SecretStr(TOKEN), secret=SecretStr(SECRET), api=telegram.address)
            told = Settings(
                database_url=database.url.render_as_string(hide_password=False),
                telegram=asking,
                wecom=wecom.settings(),
            )
            async with running(told) as (app, address):
                telegram.hook = f"{address}/hooks/telegram"
                group = telegram.room(GROUP_ID, title="锦绣花园3-4栋居民群")
                resident = Telephone(telegram, RESIDENT_ID, "李桂芳", group)
                leader = Desk(wecom, f"{address}/hooks/wecom", MEMBER)

                number = await from_report_to_rating(resident, leader)

                assert rated(app.database, number)
                assert not telegram.violations
                assert not telegram.unanswered
                assert not wecom.violations

    asyncio.run(scene())
