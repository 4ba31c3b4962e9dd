"""A report's life on Telegram, by the web hook and by long polling."""

import asyncio

import pytest

from tests.channels.conversation import from_report_to_rating, rated
from tests.channels.telegram.conftest import Open


@pytest.mark.parametrize("polling", [False, True], ids=["hook", "polling"])
def test_a_report_from_its_first_words_to_its_rating(town: Open, *, polling: bool) -> None:
    async def scene() -> None:
        async with town(polling=polling) as at:
            number = await from_report_to_rating(at.resident, at.leader)

            assert rated(at.database, number)
            assert not at.telegram.violations
            assert not at.telegram.unanswered

    asyncio.run(scene())
