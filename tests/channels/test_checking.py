"""`xiaoge channels check`, asked of stand-ins: what is well, what is to be mended, and nothing changed."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError
from typer.testing import CliRunner

from bot import checking
from bot.catalog import Catalog
from bot.channels.knocking import Knock, knock
from bot.channels.sealed import Seal
from bot.cli import program
from bot.settings import PROJECT, Official, Settings, WeCom
from storage.database import Database
from tests.channels.aibot import platform as aibot
from tests.channels.aibot.platform import Platform as Aibots
from tests.channels.conversation import running
from tests.channels.official.standin import APP, SECRET, WeChat
from tests.channels.otherseal import AES_KEY, TOKEN
from tests.channels.wecom import platform as wecom
from tests.channels.wecom.crowd import Crowd
from tests.channels.wecom.platform import ROBOT, Platform

SITE = "https://example.org"
NOTHING: Mapping[str, object] = {}
CATALOG = Catalog(PROJECT / "templates" / "catalog")


SEALS = {
    "wecom": Seal(wecom.TOKEN, wecom.AES_KEY, wecom.CORP),
    "wechat": Seal(TOKEN, AES_KEY, APP),
    "aibot": Seal(aibot.TOKEN, aibot.AES_KEY, ""),
}


async def ours(address: str, query: Mapping[str, str]) -> tuple[int, str]:
    """Our address as it answers from outside where all is well."""
    assert address.startswith(f"{SITE}/hooks/")
    seal = SEALS[address.removeprefix(f"{SITE}/hooks/")]
    if "msg_signature" in query:
        return 200, seal.opened(query, query["echostr"])
    seal.proved(query)
    return 200, query["echostr"]


async def look_at(settings: Settings, by: Knock = ours) -> list[tuple[str, checking.Finding]]:
    return await checking.look(settings, CATALOG, by)


def looked(settings: Settings) -> list[str]:
    """What is said of each, the well ones marked."""
    found = asyncio.run(look_at(settings))
    return [f"{'well ' if one.well else ''}{channel}: {one.says}{one.do}" for channel, one in found]


def looked_at_wecom(
    platform: Platform, wrong: Mapping[str, object] = NOTHING, *, site: str = SITE, by: Knock = ours
) -> list[str]:
    async def look() -> list[tuple[str, checking.Finding]]:
        async with platform.open():
            of = WeCom.model_validate(platform.settings(**wrong))
            return await look_at(Settings(wecom=of, address=site), by)

    return [f"{'well ' if one.well else ''}{channel}: {one.says}{one.do}" for channel, one in asyncio.run(look())]


def looked_at_wechat(platform: WeChat, *, secret: str = SECRET) -> list[str]:
    async def look() -> list[tuple[str, checking.Finding]]:
        async with platform.open():
            of = Official.model_validate(
                {"app": APP, "secret": secret, "token": TOKEN, "aes_key": AES_KEY, "api": platform.api}
            )
            return await look_at(Settings(official=of, address=SITE))

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
            return await look_at(Settings(aibot=of, address=SITE)), platform

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


async def nothing_there(_: str, __: Mapping[str, str]) -> tuple[int, str]:
    return 404, '{"error": "Not Found"}'


async def somebody_else(_: str, query: Mapping[str, str]) -> tuple[int, str]:
    return 200, query["echostr"]


async def nobody(_: str, __: Mapping[str, str]) -> tuple[int, str]:
    raise ClientConnectionError


@pytest.mark.parametrize("by", [nothing_there, somebody_else, nobody])
def test_an_address_that_does_not_answer_as_ours_is_told(by: Knock) -> None:
    (only,) = looked_at_wecom(Platform({"HanMei"}), by=by)

    assert "从外面走到 https://example.org/hooks/wecom ，答的不是小格" in only
    assert "反向代理" in only


def test_the_running_program_answers_as_its_platforms_want(sqlite_database: Database, tmp_path: Path) -> None:
    async def scene() -> list[tuple[str, checking.Finding]]:
        async with Platform({"HanMei"}).open() as app, WeChat().open() as account, Aibots().open() as bots:
            of = {"app": APP, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY, "api": account.api}
            settings = Settings(
                wecom=app.settings(), official=Official.model_validate(of), aibot=bots.settings(), address=SITE,
                database_url=str(sqlite_database.url), phones=tmp_path, kits=tmp_path,
            )  # fmt: skip
            async with running(settings) as (_, address):

                async def from_outside(asked: str, query: Mapping[str, str]) -> tuple[int, str]:
                    return await knock(asked.replace(SITE, address), query)

                return await look_at(settings, from_outside)

    found = asyncio.run(scene())

    assert {channel for channel, one in found if one.well} == {"wecom", "wechat", "aibot"}
    assert all(one.well for _, one in found)


@pytest.mark.parametrize("key", [ROBOT, "another-key"])
def test_a_robot_s_key_is_tried_without_a_word_in_its_group(key: str) -> None:
    platform = Platform({"HanMei"})

    (only,) = looked_at_wecom(platform, {"robots": {"510124001001": key}})

    assert only.startswith("well wecom: ") if key == ROBOT else "网格 510124001001 的群机器人" in only
    assert key not in only
    assert platform.messages == []
    assert platform.violations == []


@pytest.mark.parametrize("visible", [(1,), (2, 3), ()])
def test_groups_of_its_own_need_an_app_that_the_whole_corp_sees(visible: tuple[int, ...]) -> None:
    platform = Platform({"HanMei"})
    platform.visible_to = visible

    (only,) = looked_at_wecom(platform, {"groups": ("510124001001",)})

    assert only.startswith("well wecom: ") if visible == (1,) else "不是全公司可见" in only
    assert "appchat/create" not in platform.calls


def test_an_account_that_may_only_answer_is_told_so() -> None:
    wechat = WeChat()
    wechat.may_speak = False

    (only,) = looked_at_wechat(wechat)

    assert "没有这项接口的权限（48001）" in only
    assert wechat.violations == []


def test_the_command_says_when_there_is_nothing_to_check() -> None:
    ended = CliRunner().invoke(program, ["channels", "check"])

    assert ended.exit_code != 0
    assert "channels.zh-CN.md" in str(ended.exception)
