"""xiaoge codes print and revoke: what hangs on the doors."""

import re
from pathlib import Path

import pytest

from bot import cli
from bot.catalog import Catalog
from bot.settings import PROJECT
from handlers.people import signing
from storage import chats
from storage.database import Database
from tests.stage import settle_district

GRID = "519901001001001002"
TEXT = re.compile(rf"[{signing.LETTERS}]{{4}}-[{signing.LETTERS}]{{4}}")
WITH_UNITS_AND_BUILDINGS = 54


class Shell:
    """Types commands where the demo district stands, and reads what they say."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, words: str, ends: int = 0) -> str:
        with pytest.raises(SystemExit) as end:
            cli.main(words.split())
        said = self.capsys.readouterr()
        assert end.value.code == ends, said
        return said.err if ends else said.out


@pytest.fixture
def shell(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Shell:
    settle_district(database, Catalog(PROJECT / "templates" / "catalog"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XIAOGE_DATABASE_URL", database.url.render_as_string(hide_password=False))
    return Shell(capsys)


def printed(path: Path) -> set[str]:
    return set(TEXT.findall(path.read_text(encoding="utf-8")))


def test_every_building_unit_and_door_of_a_grid_is_on_the_sheets(shell: Shell, tmp_path: Path) -> None:
    assert shell(f"codes print --grid {GRID} sheet.html").startswith(
        f"已写入 sheet.html：{WITH_UNITS_AND_BUILDINGS} 个码，9 页"
    )

    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert len(printed(tmp_path / "sheet.html")) == WITH_UNITS_AND_BUILDINGS
    assert all(words in page for words in ("锦绣花园3-4栋", "3栋（整栋）", "3栋2单元（单元门口）", "3栋2单元 501"))
    assert page.index("3栋（整栋）") < page.index("3栋1单元 101") < page.index("4栋（整栋）")


def test_printed_again_the_sheets_are_the_same_in_every_form(shell: Shell, tmp_path: Path) -> None:
    for name in ("one.html", "two.html", "one.pdf", "two.pdf", "one.svg"):
        shell(f"codes print --grid {GRID} {name}")
    shell(f"codes print --grid {GRID} --pdf three")

    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert (
        (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes() == (tmp_path / "three").read_bytes()
    )
    drawings = sorted(tmp_path.glob("one-*.svg"))
    assert len(drawings) == 9
    assert set[str]().union(*map(printed, drawings)) == printed(tmp_path / "one.html")
    assert all(one.read_text().startswith("<svg ") and one.read_text().endswith("</svg>") for one in drawings)


def test_a_grid_above_prints_all_below(shell: Shell, tmp_path: Path) -> None:
    shell(f"codes print --grid {GRID} one.html")
    shell("codes print --grid 519901001001001 all.html")
    assert printed(tmp_path / "one.html") < printed(tmp_path / "all.html")


def test_a_revoked_code_is_gone_from_the_next_sheet_and_another_hangs_there(shell: Shell, tmp_path: Path) -> None:
    shell(f"codes print --grid {GRID} before.html")
    one = min(printed(tmp_path / "before.html"))

    assert shell(f"codes revoke {one.lower()}").startswith(f"{one} 已作废")
    assert "不是在用的码" in shell(f"codes revoke {one}", ends=cli.MISTAKE)
    shell(f"codes print --grid {GRID} after.html")
    before, after = printed(tmp_path / "before.html"), printed(tmp_path / "after.html")
    assert before - after == {one}
    assert len(after) == WITH_UNITS_AND_BUILDINGS


def test_what_cannot_be_printed_is_said_in_one_line(shell: Shell) -> None:
    assert "没有登记的户" in shell("codes print --grid 77 sheet.html", ends=cli.MISTAKE)
    assert "There is no folder" in shell(f"codes print --grid {GRID} nowhere/sheet.html", ends=cli.MISTAKE)
    assert "不是在用的码" in shell("codes revoke 2222-2222", ends=cli.MISTAKE)


def test_a_link_leads_to_the_bot(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shell(f"codes print --grid {GRID} plain.html")
    monkeypatch.setenv("XIAOGE_CODE_LINK", "https://example.org/start?code={code}")
    shell(f"codes print --grid {GRID} linked.html")

    plain, linked = ((tmp_path / name).read_text(encoding="utf-8") for name in ("plain.html", "linked.html"))
    assert printed(tmp_path / "plain.html") == printed(tmp_path / "linked.html")
    assert plain != linked


@pytest.mark.parametrize("named", [True, False], ids=["named", "unnamed"])
def test_where_telegram_is_a_grid_without_a_group_gets_the_link_that_brings_the_bot_into_one(
    shell: Shell, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: bool
) -> None:
    monkeypatch.setenv("XIAOGE_TELEGRAM__TOKEN", "123456:TEST-token_of-a-bot")
    monkeypatch.setenv("XIAOGE_TELEGRAM__API", "http://127.0.0.1:9")
    if named:
        monkeypatch.setenv("XIAOGE_TELEGRAM__NAME", "@XiaogeBot")
    assert "startgroup" not in shell(f"codes print --grid {GRID} sheet.html"), "it has a group"
    with database.transaction() as session:
        session.run(chats.chat.update().values(grid_id=None))

    said = shell(f"codes print --grid {GRID} sheet.html")

    links = re.findall(r"锦绣花园3-4栋: https://t\.me/XiaogeBot\?startgroup=(\S+)", said)
    assert links == [code for code in links if code in printed(tmp_path / "sheet.html")]
    assert len(links) == int(named)
    assert ("XIAOGE_TELEGRAM__NAME" in said) != named
