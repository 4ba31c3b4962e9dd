"""The commands, as an operator types them."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import insert, select, text

from bot import cli
from bot.settings import PROJECT
from handlers.desk.export import COLUMNS
from storage import grids, matters, people, posts
from storage.database import Database
from storage.grids import grid

DISTRICT = PROJECT / "templates" / "demo" / "district.xlsx"
OPENED = datetime(2026, 6, 1, 4, tzinfo=UTC)


class Shell:
    """Types commands against one database and reads what they say."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, words: str, *more: str, ends: int = 0) -> str:
        """What the command says; on standard error when it ends with something else than 0 or 1."""
        with pytest.raises(SystemExit) as end:
            cli.main([*words.split(), *more])
        said = self.capsys.readouterr()
        assert end.value.code == ends, said
        return said.out if ends < cli.MISTAKE else said.err


@pytest.fixture
def shell(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XIAOGE_DATABASE_URL", database.url.render_as_string(hide_password=False))
    return Shell(capsys)


def report(database: Database, number: int, words: str) -> None:
    """A neighbour's report stands in the demo district, with an owner."""
    with database.transaction() as session:
        place = session.one(int, select(grid.c.id).order_by(grid.c.code.desc()).limit(1))
        account = people.add_account(
            session, channel="simulator", external="x", name="王奶奶", grid_id=place, now=OPENED
        )
        owner = session.one(int, select(posts.post.c.id).order_by(posts.post.c.id).limit(1))
        values = {
            "number": number,
            "kind": "report",
            "state": "assigned",
            "category": "facilities",
            "urgency": "normal",
            "grid_id": place,
            "building": "3",
            "unit": "2",
            "room": "502",
            "text": words,
            "account_id": account.id,
            "owner_id": owner,
            "opened_at": OPENED,
        }
        session.run(insert(matters.matter), values)


def test_the_organization_is_checked_imported_once_and_exported(shell: Shell, tmp_path: Path) -> None:
    assert "没有发现问题" in shell("org check", str(DISTRICT))
    assert "网格：新增 30" in shell("org import", str(DISTRICT))
    assert "没有改动" in shell("org import", str(DISTRICT))

    shell("org export", str(tmp_path / "again.xlsx"))
    assert "没有改动" in shell("org import", str(tmp_path / "again.xlsx"))


def test_a_workbook_with_faults_is_shown_and_not_imported(shell: Shell, database: Database, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(DISTRICT)
    book["网格"]["A2"] = "abc"
    book.save(tmp_path / "bad.xlsx")

    assert "abc" in shell("org check", str(tmp_path / "bad.xlsx"), ends=1)
    assert "abc" in shell("org import", str(tmp_path / "bad.xlsx"), ends=1)
    with database.reading() as session:
        assert session.first(object, select(grid.c.id)) is None


def test_matters_as_json_lines_have_the_promised_names_in_their_order(shell: Shell, database: Database) -> None:
    shell("org import", str(DISTRICT))
    report(database, 1002, "电梯停了")
    report(database, 1001, "路灯不亮")

    lines = [json.loads(line) for line in shell("matters export").splitlines()]

    assert [line["number"] for line in lines] == [1001, 1002]
    assert tuple(lines[0]) == COLUMNS
    assert lines[0]["place"] == "3栋2单元502室"
    assert lines[0]["opened_at"] == "2026-06-01T12:00:00+08:00"
    assert lines[0]["closed_at"] is None
    assert lines[0]["owner"]


def test_a_formula_in_a_report_stays_words_in_excel(shell: Shell, database: Database, tmp_path: Path) -> None:
    shell("org import", str(DISTRICT))
    report(database, 1001, '=HYPERLINK("http://x","点我")')

    shell("matters export --format csv --out", str(tmp_path / "m.csv"))
    raw = (tmp_path / "m.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    row = next(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert row["text"] == '\'=HYPERLINK("http://x","点我")'

    shell("matters export --format xlsx --out", str(tmp_path / "m.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "m.xlsx")["matters"]
    cell = sheet["H2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x","点我")')
    assert [name.value for name in sheet[1]] == list(COLUMNS)


def test_an_export_into_no_folder_says_so_and_leaves_nothing(shell: Shell, tmp_path: Path) -> None:
    assert "There is no folder" in shell("matters export --out", str(tmp_path / "none" / "m.jsonl"), ends=2)
    assert not (tmp_path / "none").exists()


def test_tables_that_do_not_fit_are_one_line_that_says_what_to_run(shell: Shell, database: Database) -> None:
    with database.transaction() as session:
        session.connection.execute(text("DELETE FROM alembic_version"))

    assert shell("matters export", ends=2) == "The database's tables are empty; run: xiaoge migrate\n"


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("XIAOGE_PORT", "abc", "XIAOGE_PORT"),
        ("XIAOGE_DATABASE_URL", "mysql://x", "SQLite and PostgreSQL"),
        ("XIAOGE_DATABASE_URL", "postgresql://127.0.0.1:1/x", "refuse"),
        ("XIAOGE_TEMPLATES", "/nowhere", "console.toml: the file is missing"),
    ],
)
def test_what_is_set_wrongly_is_one_line_without_a_trace(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, says: str
) -> None:
    monkeypatch.setenv(setting, value)

    said = shell("migrate", ends=2)

    assert says in said
    assert said.count("\n") == 1


def test_a_settings_file_that_cannot_be_read_is_one_line_too(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "xiaoge.toml").write_text("port = ")
    assert shell("migrate", ends=2).startswith("xiaoge.toml cannot be read")

    (tmp_path / "xiaoge.toml").write_text("prot = 80")
    assert "XIAOGE_PROT" in shell("migrate", ends=2)


def test_python_m_bot_is_the_same_program_and_parse_answers_line_by_line() -> None:
    lines = '3栋2单元电梯又停了\n{"text": "进度 1029", "where": "private"}\n'
    told = subprocess.run(
        [sys.executable, "-m", "bot", "parse"], input=lines.encode(), capture_output=True, cwd=PROJECT, check=True
    )

    read = [json.loads(line) for line in told.stdout.splitlines()]
    assert [line["intent"] for line in read] == ["report", "command"]
    assert read[0]["place"]["building"] == "3"
    assert told.stderr == b""


def test_a_workbook_that_would_end_most_of_what_stands_needs_a_yes(
    shell: Shell, database: Database, tmp_path: Path
) -> None:
    shell("org import", str(DISTRICT))
    made = openpyxl.load_workbook(DISTRICT)
    for name in ("网格", "人员岗位", "群", "部门", "户"):
        sheet = made[name]
        keep = {"网格": 5, "人员岗位": 4}.get(name, 1)
        sheet.delete_rows(keep + 1, sheet.max_row)
    made.save(tmp_path / "small.xlsx")

    assert "--yes" in shell("org import", str(tmp_path / "small.xlsx"), ends=2)
    with database.reading() as session:
        assert grids.count(session) == 30
    shell("org import", str(tmp_path / "small.xlsx"), "--yes")
    with database.reading() as session:
        assert grids.count(session) == 4


def test_an_empty_workbook_is_a_fault(shell: Shell, tmp_path: Path) -> None:
    made = openpyxl.load_workbook(DISTRICT)
    for name in ("网格", "人员岗位", "群", "部门", "户"):
        made[name].delete_rows(2, made[name].max_row)
    made.save(tmp_path / "empty.xlsx")

    assert "一个网格也没有" in shell("org check", str(tmp_path / "empty.xlsx"), ends=1)
