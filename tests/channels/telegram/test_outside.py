"""A report's life by way of a Telegram that somebody else wrote."""

import asyncio
from pathlib import Path

from pydantic import SecretStr

from bot import settings
from bot.settings import Settings
from tests.channels.conversation import from_report_to_rating, rated, running
from tests.channels.telegram.conftest import GROUP_ID, LEADER_ID, RESIDENT_ID, STAFF_ID
from tests.channels.telegram.outside import OutsidePhone, needs_outside, outside
from tests.channels.telegram.stand_in import TOKEN


@needs_outside
def test_a_report_from_its_first_words_to_its_rating(district: Path, tmp_path: Path) -> None:
    path = tmp_path / "xiaoge.db"
    path.write_bytes(district.read_bytes())

    async def scene() -> None:
        async with outside(TOKEN) as telegram:
            part = settings.Telegram(token=SecretStr(TOKEN), api=telegram.address)
            told = Settings(database_url=f"sqlite:///{path}", telegram=part, phones=tmp_path, kits=tmp_path)
            resident = OutsidePhone(telegram, RESIDENT_ID, "李桂芳", GROUP_ID, "锦绣花园3-4栋居民群")
            leader = OutsidePhone(telegram, LEADER_ID, "韩梅", STAFF_ID, "锦绣一网格工作群")
            async with running(told) as (app, _):
                number = await from_report_to_rating(resident, leader)

                assert rated(app.database, number)

    asyncio.run(scene())
