"""What an operator is told to mend, by `channels check` and on the health page."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from bot import settings
from bot.channels.base import Checking, Inviting, Listening, Troubled
from bot.channels.telegram.channel import Telegram as Channel
from tests.channels.conversation import until
from tests.channels.telegram.conftest import Open
from tests.channels.telegram.stand_in import SECRET, TOKEN, Telegram
from tests.channels.telegram.test_going_out import HINT, OWN_WORDS

HOOK = "https://example.org/hooks/telegram"


def broken(how: str, telegram: Telegram) -> None:
    """Something is not as it should be on Telegram's side."""
    breaks: dict[str, Callable[[], Any]] = {
        "token": lambda: setattr(telegram, "token", "123456:new"),
        "privacy": lambda: setattr(telegram, "reads_all", False),
        "elsewhere": lambda: setattr(telegram, "hook", "https://elsewhere.example/x"),
        "missing": lambda: setattr(telegram, "hook", ""),
        "failing": lambda: setattr(telegram, "hook_error", "Wrong response from the webhook: 502 Bad Gateway"),
        "wants": lambda: setattr(telegram, "wanted", ["message"]),
    }
    if how in breaks:
        breaks[how]()


def check(how: str, **more: Any) -> list[tuple[bool, str]]:
    async def asked() -> list[tuple[bool, str]]:
        async with Telegram() as telegram:
            telegram.hook = HOOK
            broken(how, telegram)
            part: dict[str, Any] = {
                "token": SecretStr(TOKEN),
                "secret": SecretStr(SECRET),
                "hook": HOOK,
                "api": telegram.address,
                **more,
            }
            channel = Channel(settings.Telegram(**part), HINT, OWN_WORDS)
            return [(one.well, one.says + one.do) for one in await channel.check()]

    return asyncio.run(asked())


def test_all_is_well() -> None:
    assert check("") == [(True, "机器人 @XiaogeBot 连上了，设置没有问题。")]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("token", "@BotFather"),
        ("privacy", "/setprivacy"),
        ("elsewhere", "https://elsewhere.example/x"),
        ("missing", "轮询"),
        ("failing", "502 Bad Gateway"),
        ("wants", "点按钮"),
    ],
)
def test_what_is_wrong_is_said_with_what_mends_it(how: str, words: str) -> None:
    ((well, said),) = check(how)

    assert not well
    assert words in said
    assert TOKEN not in said
    assert SECRET not in said


def test_settings_that_do_not_fit_are_told() -> None:
    assert "@OtherBot" in check("", name="@OtherBot")[0][1]
    assert "轮询" in check("", secret=SecretStr(""))[0][1]
    assert "连不上" in check("", api="http://127.0.0.1:9")[0][1]


def test_the_channel_is_all_that_the_program_asks_of_one() -> None:
    channel = Channel(settings.Telegram(token=SecretStr(TOKEN)), HINT, OWN_WORDS)

    for kind in (Checking, Inviting, Listening, Troubled):
        assert isinstance(channel, kind)


def test_the_health_page_says_that_groups_are_not_heard(town: Open) -> None:
    async def scene() -> str:
        async with town() as at:
            (sender,) = at.app.senders
            channel = sender.channel
            assert isinstance(channel, Channel)
            await until(lambda: channel.reads_all, "it is known what it hears")
            channel.reads_all = False
            async with at.telegram.client.get(at.telegram.hook.replace("hooks/telegram", "health")) as answer:
                return await answer.text()

    assert "隐私模式" in asyncio.run(scene())
