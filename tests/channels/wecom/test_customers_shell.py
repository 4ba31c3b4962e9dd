"""`xiaoge channels join` and `groups`: squares by which neighbours join, kept; who is in the customer groups."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import cli
from storage.customers import customer_group
from storage.database import Database
from storage.squares import customer_join
from tests.channels.conversation import settle
from tests.channels.wecom.crowd import Crowd, Group, png
from tests.channels.wecom.platform import AES_KEY, AGENT, CORP, SECRET, TOKEN, Fault
from tests.codes.test_sheets import Shell

ABOVE = "519901001001001"
FIRST, SECOND = "519901001001001001", "519901001001001002"
LEADS = {"lilei": ("wecom", "LiLei"), "wangyang": ("wecom", "WangYang"), "hanmei": ("wecom", "HanMei")}
MEMBERS = {"LiLei", "WangYang", "HanMei"}
Type = Callable[..., Awaitable[str]]
PICTURE = re.compile(r"data:image/png;base64,([^\"]+)")


def groups() -> dict[str, Group]:
    """Two grids have one or two, one group says nothing of where it is."""
    return {
        "wr1": Group("LiLei", "锦绣花园1-2栋 邻里群", staff=2, came_by=["", "", FIRST]),
        "wr2": Group("LiLei", "锦绣花园1-2栋邻里群2", came_by=[FIRST]),
        "wr3": Group("HanMei", "大家好", came_by=[SECOND, SECOND, ""]),
        "wr4": Group("Nobody", "别处的群"),
    }


def played(
    platform: Crowd,
    database: Database,
    shell: Shell,
    patch: pytest.MonkeyPatch,
    scene: Callable[[Type], Awaitable[None]],
) -> None:
    """Commands are typed while the platform stands."""
    settle(database, LEADS)

    async def type_(words: str, ends: int = 0) -> str:
        return await asyncio.to_thread(shell, words, ends)

    async def whole() -> None:
        async with platform.open():
            said = {
                "CORP_ID": CORP, "AGENT_ID": str(AGENT), "SECRET": SECRET, "TOKEN": TOKEN, "AES_KEY": AES_KEY,
                "API": platform.address, "CUSTOMERS": "true",
            }  # fmt: skip
            for name, value in said.items():
                patch.setenv(f"XIAOGE_WECOM__{name}", value)
            await scene(type_)

    asyncio.run(whole())


@pytest.fixture
def shell(
    sqlite_database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XIAOGE_DATABASE_URL", sqlite_database.url.render_as_string(hide_password=False))
    return Shell(capsys)


def test_each_grid_gets_one_square_that_is_kept_and_printed_again(
    sqlite_database: Database, shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    platform, said = Crowd(MEMBERS, groups()), list[str]()

    async def scene(type_: Type) -> None:
        for out in ("one.html", "two.html", "three.pdf", "four.svg"):
            said.append(await type_(f"channels join --grid {ABOVE} {out}"))

    played(platform, sqlite_database, shell, monkeypatch, scene)

    assert said[0].startswith("已写入 one.html：2 个入群码（新的 2 个），1 页")
    assert "个网格还没有客户群" in said[0]
    assert "锦绣花园5-6栋" in said[0]
    assert said[1].startswith("已写入 two.html：2 个入群码（新的 0 个）")
    assert platform.calls.count("groupchat/add_join_way") == 2
    first, second = platform.squares.values()
    assert (first["scene"], first["auto_create_room"], first["state"], first["remark"]) == (
        2,
        1,
        FIRST,
        f"小格 {FIRST}",
    )
    assert (first["chat_id_list"], second["chat_id_list"]) == (["wr1", "wr2"], ["wr3"])
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert "锦绣花园1-2栋居民群" in page
    assert len(set(PICTURE.findall(page))) == 2
    assert page == (tmp_path / "two.html").read_text(encoding="utf-8")
    assert (tmp_path / "three.pdf").read_bytes().startswith(b"%PDF")
    with sqlite_database.reading() as session:
        kept = session.connection.execute(select(customer_join.c.picture)).scalars().all()
    assert sorted(kept) == sorted(png(config) for config in platform.squares)
    assert platform.violations == []


def test_a_group_of_the_grid_above_is_joined_by_one_square(
    sqlite_database: Database, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, said = Crowd(MEMBERS, {"wr1": Group("LiLei", f"邻里群 {ABOVE}")}), list[str]()

    async def scene(type_: Type) -> None:
        said.append(await type_(f"channels join --grid {ABOVE} one.html"))

    played(platform, sqlite_database, shell, monkeypatch, scene)

    assert said[0].startswith("已写入 one.html：1 个入群码")
    assert [square["state"] for square in platform.squares.values()] == [ABOVE]


def test_a_square_of_which_no_answer_came_is_not_asked_for_twice(
    sqlite_database: Database, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, said = Crowd(MEMBERS, groups()), list[str]()
    platform.faults["groupchat/add_join_way"].append(Fault(drops=True, heard=True))

    async def scene(type_: Type) -> None:
        said.append(await type_(f"channels join --grid {FIRST} one.html", ends=cli.MISTAKE))
        said.append(await type_(f"channels join --grid {FIRST} one.html", ends=cli.MISTAKE))
        assert len(platform.squares) == 1
        said.append(await type_(f"channels join --grid {FIRST} --again one.html"))

    played(platform, sqlite_database, shell, monkeypatch, scene)

    assert said[2].startswith("已写入 one.html：1 个入群码（新的 1 个）")
    assert platform.calls.count("groupchat/add_join_way") == 2
    assert platform.violations == []


@pytest.mark.parametrize("fault", [Fault(code=45009), Fault(code=40058), Fault(code=60020), Fault(code=84061)])
def test_a_square_that_was_refused_is_asked_for_the_next_time(
    sqlite_database: Database, shell: Shell, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    platform, said = Crowd(MEMBERS, groups()), list[str]()
    platform.faults["groupchat/add_join_way"].append(fault)

    async def scene(type_: Type) -> None:
        said.append(await type_(f"channels join --grid {FIRST} one.html", ends=cli.MISTAKE))
        said.append(await type_(f"channels join --grid {FIRST} one.html"))

    played(platform, sqlite_database, shell, monkeypatch, scene)

    assert "（新的 1 个）" in said[1]
    assert len(platform.squares) == 1


def test_neighbours_and_staff_are_counted_grid_by_grid(
    sqlite_database: Database, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, said = Crowd(MEMBERS, groups()), list[str]()
    platform.page = 1

    async def scene(type_: Type) -> None:
        said.append(await type_("channels groups"))
        del platform.groups["wr2"]
        platform.groups["wr5"] = Group("WangYang", "???", came_by=["", ""])
        platform.groups["wr1"].name = "没有名字了"
        platform.groups["wr1"].came_by = ["", "", "", ""]
        said.append(await type_("channels groups"))

    played(platform, sqlite_database, shell, monkeypatch, scene)

    assert f"{FIRST} 锦绣花园1-2栋：2 个客户群，居民 4 人（扫入群码进来的 2 人），工作人员 3 人" in said[0]
    assert f"{SECOND} 锦绣花园3-4栋：1 个客户群，居民 3 人（扫入群码进来的 2 人），工作人员 1 人" in said[0]
    assert "2 个网格有客户群，共 3 个群、7 位居民。" in said[0]
    assert f"{FIRST} 锦绣花园1-2栋：" in said[1], "a group that is known stays where it was, its owner serves there"
    assert "居民 4 人（扫入群码进来的 0 人）" in said[1]
    with sqlite_database.reading() as session:
        gone = session.connection.execute(select(customer_group.c.chat).where(customer_group.c.gone_at.is_not(None)))
        assert [chat for (chat,) in gone] == ["wr2"]
    assert platform.violations == []


def test_owners_who_are_too_many_at_once_are_asked_after_in_parts(
    sqlite_database: Database, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, said = Crowd(MEMBERS, groups()), list[str]()
    platform.at_most_owners = 1

    async def scene(type_: Type) -> None:
        said.append(await type_("channels groups"))

    played(platform, sqlite_database, shell, monkeypatch, scene)

    assert "共 3 个群、7 位居民。" in said[0]


@pytest.mark.parametrize("fault", [Fault(code=45009), Fault(code=-1), Fault(status=502), Fault(drops=True)])
def test_a_count_that_breaks_off_loses_no_group(
    sqlite_database: Database, shell: Shell, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    platform, said = Crowd(MEMBERS, groups()), list[str]()

    async def scene(type_: Type) -> None:
        await type_("channels groups")
        platform.faults["groupchat/get"].append(fault)
        said.append(await type_("channels groups", ends=cli.MISTAKE))

    played(platform, sqlite_database, shell, monkeypatch, scene)

    assert "平台没有答应" in said[0]
    with sqlite_database.reading() as session:
        left = session.connection.execute(select(customer_group.c.chat).where(customer_group.c.gone_at.is_(None)))
        assert sorted(chat for (chat,) in left) == ["wr1", "wr2", "wr3"]


def test_without_the_right_or_the_setting_it_is_said_in_one_line(
    sqlite_database: Database, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, said = Crowd(MEMBERS, groups()), list[str]()
    platform.allowed = False

    async def scene(type_: Type) -> None:
        said.append(await type_("channels groups", ends=cli.MISTAKE))
        monkeypatch.setenv("XIAOGE_WECOM__CUSTOMERS", "false")
        said.append(await type_(f"channels join --grid {FIRST} one.html", ends=cli.MISTAKE))
        said.append(await type_("channels menu", ends=cli.MISTAKE))

    played(platform, sqlite_database, shell, monkeypatch, scene)

    assert "errcode 48002" in said[0]
    assert all("还没有配置" in words for words in said[1:])
