"""`xiaoge channels check`, asked of stand-ins: what is well, what is to be mended, and nothing changed."""

import asyncio
from collections.abc import Mapping

import pytest
from typer.testing import CliRunner

from bot import checking
from bot.catalog import Catalog
from bot.cli import program
from bot.settings import PROJECT, Official, Settings, WeCom
from tests.channels.aibot.platform import Platform as Aibots
from tests.channels.official.standin import APP, SECRET, WeChat
from tests.channels.otherseal import AES_KEY, TOKEN
from tests.channels.wecom.crowd import Crowd
from tests.channels.wecom.platform import Platform

SITE = "https://example.org"
NOTHING: Mapping[str, object] = {}
CATALOG = Catalog(PROJECT / "templates" / "catalog")


def looked(settings: Settings) -> list[str]:
    """What is said of each, the well ones marked."""
    found = asyncio.run(checking.look(settings, CATALOG))
    return [f"{'well ' if one.well else ''}{channel}: {one.says}{one.do}" for channel, one in found]


def looked_at_wecom(platform: Platform, wrong: Mapping[str, object] = NOTHING, *, site: str = SITE) -> list[str]:
    async def look() -> list[tuple[str, checking.Finding]]:
        async with platform.open():
            of = WeCom.model_validate(platform.settings(**wrong))
            return await checking.look(Settings(wecom=of, address=site), CATALOG)

    return [f"{'well ' if one.well else ''}{channel}: {one.says}{one.do}" for channel, one in asyncio.run(look())]


def looked_at_wechat(platform: WeChat, *, secret: str = SECRET) -> list[str]:
    async def look() -> list[tuple[str, checking.Finding]]:
        async with platform.open():
            of = Official.model_validate(
                {"app": APP, "secret": secret, "token": TOKEN, "aes_key": AES_KEY, "api": platform.api}
            )
            return await checking.look(Settings(official=of, address=SITE), CATALOG)

    return [f"{'well ' if one.well else ''}{channel}: {one.says}{one.do}" for channel, one in asyncio.run(look())]


def test_an_app_that_is_well_is_told_where_it_is_called() -> None:
    platform = Platform({"HanMei"})

    assert looked_at_wecom(platform) == [
        "well wecom: 连上了，设置没有问题。平台后台的回调地址要填 https://example.org/hooks/wecom 。"
    ]
    assert platform.calls == ["gettoken", "agent/get"], "nothing else is asked, nothing is changed"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"secret": "another"}, "不认这个 Secret"), ({"agent": 1000009}, "没有发消息的权限")],
)
def test_what_the_platform_refuses_is_said_with_its_mend(wrong: dict[str, object], says: str) -> None:
    (only,) = looked_at_wecom(Platform(set()), wrong)

    assert only.startswith("wecom: ")
    assert says in only


@pytest.mark.parametrize(("allowed", "owners"), [(True, 1000), (True, 0), (False, 1000)])
def test_the_right_to_customer_groups_is_looked_at_where_they_are_wanted(allowed: bool, owners: int) -> None:
    platform = Crowd({"HanMei"}, {})
    platform.allowed, platform.at_most_owners = allowed, owners

    (only,) = looked_at_wecom(platform, {"customers": True})

    assert only.startswith("well wecom: ") if allowed else "可调用接口的应用" in only
    assert platform.calls == ["gettoken", "agent/get", "groupchat/list"], "nothing is changed"


def test_an_address_that_is_not_trusted_is_named() -> None:
    platform = Platform(set())
    platform.untrusted = True

    (only,) = looked_at_wecom(platform)

    assert "企业可信IP" in only


def test_without_a_public_address_nobody_can_call() -> None:
    (only,) = looked_at_wecom(Platform(set()), site="")

    assert "XIAOGE_ADDRESS" in only


def test_an_account_that_is_well_and_one_with_a_wrong_secret() -> None:
    assert looked_at_wechat(WeChat())[0].startswith("well wechat: 连上了")

    (only,) = looked_at_wechat(WeChat(), secret="another")
    assert "不认这个 AppID 或 AppSecret" in only


def test_a_platform_that_is_not_there_is_one_line_and_no_trace() -> None:
    of = Official.model_validate(
        {"app": APP, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY, "api": "http://127.0.0.1:9"}
    )

    (only,) = looked(Settings(official=of, address=SITE))

    assert "连不上 http://127.0.0.1:9" in only
    assert SECRET not in only


@pytest.mark.parametrize("line", [False, True], ids=["called", "line"])
def test_an_aibot_is_looked_at_without_taking_its_line(line: bool) -> None:
    async def look() -> tuple[list[tuple[str, checking.Finding]], Aibots]:
        async with Aibots().open() as platform:
            of = platform.settings(line=line, called=not line)
            return await checking.look(Settings(aibot=of, address=SITE), CATALOG), platform

    found, platform = asyncio.run(look())

    assert [(channel, one.well) for channel, one in found] == [("aibot", True)]
    assert ("连得上" if line else f"{SITE}/hooks/aibot") in found[0][1].says
    assert platform.calls == [], "nobody says who they are: that would take the line from who holds it"


def test_an_aibot_that_cannot_be_called_nor_call_is_told_both() -> None:
    of = Aibots().settings(line=True, api="ws://127.0.0.1:9")

    found = looked(Settings(aibot=of))

    assert [line.startswith("aibot: ") for line in found] == [True, True]
    assert "连不上 ws://127.0.0.1:9" in found[0]
    assert "XIAOGE_ADDRESS" in found[1]


def test_the_command_says_when_there_is_nothing_to_check() -> None:
    ended = CliRunner().invoke(program, ["channels", "check"])

    assert ended.exit_code != 0
    assert "channels.zh-CN.md" in str(ended.exception)
