"""`xiaoge channels menu` and the account's own squares on the sheets of `xiaoge codes print`."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot import cli, sheet
from storage.database import Database
from tests.channels import conversation
from tests.channels.official.standin import APP, SECRET, Failure, WeChat
from tests.channels.otherseal import AES_KEY, TOKEN
from tests.codes.test_sheets import GRID, WITH_UNITS_AND_BUILDINGS, Shell, printed

Type = Callable[..., Awaitable[str]]
FOLLOWED = "微信扫一扫关注"


@pytest.fixture
def shell(
    sqlite_database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Shell:
    conversation.settle(sqlite_database, {})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XIAOGE_DATABASE_URL", sqlite_database.url.render_as_string(hide_password=False))
    return Shell(capsys)


def played(wechat: WeChat, shell: Shell, patch: pytest.MonkeyPatch, scene: Callable[[Type], Awaitable[None]]) -> None:
    """Commands are typed while the platform stands."""

    async def type_(words: str, ends: int = 0) -> str:
        return await asyncio.to_thread(shell, words, ends)

    async def whole() -> None:
        async with wechat.open():
            said = {"APP_ID": APP, "SECRET": SECRET, "TOKEN": TOKEN, "AES_KEY": AES_KEY, "API": wechat.api}
            for name, value in said.items():
                patch.setenv(f"XIAOGE_WECHAT__{name}", value)
            await scene(type_)

    asyncio.run(whole())


def test_the_menu_is_put_up(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    wechat, said = WeChat(sealed=True), list[str]()

    async def scene(type_: Type) -> None:
        said.append(await type_("channels menu"))

    played(wechat, shell, monkeypatch, scene)

    assert said[0].startswith("公众号的菜单换好了")
    assert wechat.menu is not None
    assert [one.name for one in wechat.menu.button] == ["报事", "邻里", "我的"]
    assert wechat.violations == []


@pytest.mark.parametrize("failure", [48001, 40164, 45009, 502, "drop"])
def test_a_menu_that_is_refused_is_said_in_one_line(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, failure: Failure
) -> None:
    wechat, said = WeChat(sealed=True), list[str]()
    wechat.fails = [0, failure]

    async def scene(type_: Type) -> None:
        said.append(await type_("channels menu", ends=cli.MISTAKE))

    played(wechat, shell, monkeypatch, scene)

    assert "平台没有答应" in said[0]
    assert SECRET not in said[0]
    assert wechat.menu is None


def test_printed_squares_follow_the_account_and_each_is_asked_for_once(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wechat = WeChat(sealed=True)

    async def scene(type_: Type) -> None:
        await type_(f"codes print --grid {GRID} one.html")
        await type_(f"codes print --grid {GRID} two.html")
        await type_(f"codes print --grid {GRID} --own own.html")
        monkeypatch.setenv("XIAOGE_CODE_LINK", "https://example.org/?code={code}")
        await type_(f"codes print --grid {GRID} linked.html")

    played(wechat, shell, monkeypatch, scene)

    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert wechat.asked.count("/cgi-bin/qrcode/create") == WITH_UNITS_AND_BUILDINGS
    assert set(wechat.scenes.values()) == printed(tmp_path / "one.html"), "each square says the code below it"
    assert page.count(FOLLOWED) == WITH_UNITS_AND_BUILDINGS
    assert all(_drawn(url) in page for url in wechat.scenes)
    assert page == (tmp_path / "two.html").read_text(encoding="utf-8")
    for name in ("own.html", "linked.html"):
        assert FOLLOWED not in (tmp_path / name).read_text(encoding="utf-8")
        assert printed(tmp_path / name) == printed(tmp_path / "one.html")
    assert wechat.violations == []


def test_squares_that_were_given_before_a_refusal_are_kept(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    wechat, said = WeChat(sealed=True), list[str]()
    wechat.fails = [0] * 11 + [45009]

    async def scene(type_: Type) -> None:
        said.append(await type_(f"codes print --grid {GRID} one.html", ends=cli.MISTAKE))
        assert len(wechat.scenes) == 10
        said.append(await type_(f"codes print --grid {GRID} one.html"))

    played(wechat, shell, monkeypatch, scene)

    assert "errcode 45009" in said[0]
    assert "--own" in said[0]
    assert len(wechat.scenes) == WITH_UNITS_AND_BUILDINGS
    assert len(set(wechat.scenes.values())) == WITH_UNITS_AND_BUILDINGS


def _drawn(content: str) -> str:
    """The path that a page draws for what a square holds."""
    _, runs = sheet._square(content)  # pyright: ignore[reportPrivateUsage]
    return "".join(f"M{run.x} {run.y}h{run.long}v1h-{run.long}z" for run in runs)
