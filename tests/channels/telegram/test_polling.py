"""Asking for updates: who asks where several processes run, what happens when another program does, and who is told to wait."""

import asyncio

import pytest

from bot.app import App
from bot.channels.base import Troubled
from tests.channels.conversation import LIFT, running, until
from tests.channels.telegram.conftest import Open, Scene
from tests.channels.telegram.stand_in import SECRET
from tests.channels.telegram.test_scenes import ours, said_in


def trouble(app: App) -> str:
    """What an operator has to mend."""
    (sender,) = app.senders
    assert isinstance(sender.channel, Troubled)
    found = sender.channel.trouble()
    return found[0] if found else ""


async def asked(at: Scene, times: int) -> None:
    def often() -> bool:
        return sum(method == "getUpdates" for method, _ in at.telegram.calls) >= times

    await until(often, "it is asked")


def test_of_two_processes_one_asks_and_the_other_takes_over_from_it(town: Open) -> None:
    async def scene() -> None:
        async with town(polling=True) as at:
            await asked(at, 1)
            first = [task for task in asyncio.all_tasks() if task.get_name() in ("telegram", "listening")]
            async with running(at.app.settings) as (second, _):
                await at.telegram.tell(at.telegram.heard(at.group, at.resident.me, text=LIFT))
                await said_in(at.group, "收到，1001号")
                await asyncio.sleep(3.0)
                assert at.telegram.conflicts == 0
                assert trouble(second) == ""
                for task in first:
                    task.cancel()
                await asyncio.gather(*first, return_exceptions=True)
                await at.telegram.tell(at.telegram.heard(at.group, at.resident.me, text="4栋楼道灯不亮了"))
                await said_in(at.group, "1002")
            assert len([text for text in ours(at.group) if "1001号" in text]) == 1

    asyncio.run(scene())


def test_another_program_with_the_same_token_is_told_of_until_it_ends(town: Open) -> None:
    async def scene() -> None:
        async with town(polling=True) as at:
            await asked(at, 1)
            at.telegram.hook = "https://another.example/hook"
            await at.telegram.arrive()
            await until(lambda: trouble(at.app), "it is known")
            assert trouble(at.app) == "channels/telegram_twice"
            at.telegram.hook = ""
            await at.telegram.tell(at.telegram.heard(at.group, at.resident.me, text=LIFT))
            await said_in(at.group, "收到，1001号")
            await until(lambda: not trouble(at.app), "it is well")

    asyncio.run(scene())


@pytest.mark.parametrize("polling", [True, False], ids=["polling", "called"])
def test_who_is_told_to_wait_waits(town: Open, polling: bool) -> None:
    methods = ("deleteWebhook", "getUpdates", "getMe") if polling else ("setWebhook", "getMe")

    async def scene() -> None:
        async with town(polling=polling, waits=methods, hook="https://example.org/hooks/telegram") as at:
            await until(lambda: not at.telegram.waits, "each was told to wait")
            await until(lambda: at.telegram.menu, "it is settled")
            if polling:
                await at.telegram.tell(at.telegram.heard(at.group, at.resident.me, text=LIFT))
                await said_in(at.group, "收到，1001号")
            else:
                assert ("setWebhook", SECRET) in [
                    (method, given.get("secret_token")) for method, given in at.telegram.calls
                ]
            assert at.telegram.violations == []

    asyncio.run(scene())
