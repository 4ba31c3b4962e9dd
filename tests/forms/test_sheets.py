"""The superior's sheet: filled by its own headers, remembered, with numbers hidden unless there is a reason."""

import io
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import select

from bot.errors import SetupError
from bot.settings import PROJECT
from handlers.forms import sheets
from handlers.forms.sheets import Filled
from storage.journal import entry
from tests.stage import Stage
from tests.test_cli import Shell, shell

__all__ = ["shell"]
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
DISTRICT = PROJECT / "templates" / "demo" / "district.xlsx"


@pytest.fixture
def kept(stage: Stage) -> Stage:
    """Two trips, in two micro-grids."""
    stage.say("报备 12月3日从成都回来,两个人,住3栋2单元501,12月8日走", by="wutong", chat="g-jinxiu-2")
    stage.say("13812345678", by="wutong")
    stage.say("确认", by="wutong")
    stage.say("报备 12月4日从=绵阳回来,三个人,住1栋1单元302,12月8日走", by="newcomer", chat="g-jinxiu-1")
    stage.say("=绵阳", by="newcomer")
    stage.say("跳过", by="newcomer")
    stage.say("确认", by="newcomer")
    return stage


@pytest.fixture
def wanted(tmp_path: Path) -> Path:
    """A sheet as it comes from above: a title, a note, then the header."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["返乡人员统计表"])
    page.append([None])
    page.append(["序号", "所属网格", "返乡时间", "人数", "现住址", "手机号码", "落脚点", "备注"])
    book.save(tmp_path / "wanted.xlsx")
    return tmp_path / "wanted.xlsx"


def filled(
    stage: Stage, wanted: Path | None, *, named: dict[str, str] | None = None, grid: str = "", full: str = ""
) -> tuple[Filled, list[tuple[object, ...]]]:
    out = io.BytesIO()
    with stage.database.transaction() as session:
        result = sheets.fill(
            session, stage.kit.catalog, "return", NOW, ZONE, out, sheet=wanted, named=named, grid=grid, full=full
        )
    page = openpyxl.load_workbook(out).worksheets[0]
    return result, [tuple(row) for row in page.iter_rows(values_only=True)]


def test_a_sheet_is_filled_by_its_own_headers(kept: Stage, wanted: Path) -> None:
    result, rows = filled(kept, wanted)

    assert rows[0][0] == "返乡人员统计表"
    assert rows[3][:6] == ("1", "锦绣花园1-2栋", "12月4日", "3", "1栋1单元302室", None)
    assert rows[4][:6] == ("2", "锦绣花园3-4栋", "12月3日", "2", "3栋2单元501室", "＊＊＊")
    assert result.unknown == ("落脚点", "备注")


def test_what_a_header_means_is_said_once_and_remembered(kept: Stage, wanted: Path) -> None:
    filled(kept, wanted, named={"落脚点": "door"})

    result, rows = filled(kept, wanted)

    assert rows[4][6] == "3栋2单元501室"
    assert result.unknown == ("备注",)


def test_numbers_are_written_only_for_a_reason_which_is_journalled(kept: Stage, wanted: Path) -> None:
    _, rows = filled(kept, wanted, full="台风转移，逐户通知")

    assert rows[4][5] == "13812345678"
    with kept.database.reading() as session:
        done = session.connection.execute(select(entry.c.why, entry.c.detail).where(entry.c.act == "form_export")).all()
    assert [tuple(one) for one in done] == [("台风转移，逐户通知", "return 2")]


def test_only_one_grid_is_written_where_one_is_named(kept: Stage, wanted: Path) -> None:
    result, _ = filled(kept, wanted, grid="519901001001001002")

    assert result.rows == 1


def test_without_a_sheet_the_forms_own_labels_are_the_header(kept: Stage) -> None:
    _, rows = filled(kept, None)

    assert rows[0] == ("到达日期", "从哪里来", "几个人", "住哪里", "哪天走", "联系电话")


def test_a_text_that_looks_like_a_formula_stays_a_text(kept: Stage) -> None:
    out = io.BytesIO()
    with kept.database.transaction() as session:
        sheets.fill(session, kept.kit.catalog, "return", NOW, ZONE, out)
    cell = openpyxl.load_workbook(out).worksheets[0]["B2"]

    assert (cell.value, cell.data_type) == ("=绵阳", "s")


@pytest.mark.parametrize(
    ("named", "says"), [({"没有": "door"}, "没有“没有”这一列"), ({"人数": "nothing"}, "没有“nothing”这一问")]
)
def test_a_column_that_is_none_is_refused(kept: Stage, wanted: Path, named: dict[str, str], says: str) -> None:
    with pytest.raises(SetupError, match=says):
        filled(kept, wanted, named=named)


def test_what_is_no_workbook_is_refused(kept: Stage, tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"nothing")

    with pytest.raises(SetupError, match="打不开"):
        filled(kept, tmp_path / "broken.xlsx")


def test_the_command_writes_and_says_what_it_could_not_place(shell: Shell, wanted: Path) -> None:
    shell("org import", str(DISTRICT))

    said = shell("forms export return --out", "done.xlsx", "--sheet", str(wanted), "--column", "落脚点=door")

    assert "共 0 份" in said
    assert "没有对上的列：备注" in said
    assert "没有“nothing”这张表。现在有：返乡来访（return）" in shell("forms export nothing --out", "done.xlsx", ends=2)


def test_a_form_is_exported_by_its_title(shell: Shell) -> None:
    shell("org import", str(DISTRICT))

    assert "共 0 份" in shell("forms export 返乡来访 --out", "done.xlsx")


def test_what_is_missing_of_the_command_is_said_with_what_to_type(shell: Shell) -> None:
    assert "请写上要存成哪个文件，比如：xiaoge forms export 返乡来访 --out" in shell("forms export return", ends=2)
    assert "请写上要导出哪张表" in shell("forms export", ends=2)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--out nowhere/done.xlsx", "没有 nowhere 这个文件夹。请先建好"),
        ("--out .", "是个文件夹。请在 --out 后面写上文件名"),
        ("--out done.xlsx --sheet none.xlsx", "没有找到 none.xlsx。请核对"),
        ("--out done.xlsx --grid 77", "没有编码是 77 的网格。请核对"),
        ("--out done.xlsx --column 现住址", "请写成“表头=问题代号”"),
        ("--out done.xlsx --column 没有=door", "没有“没有”这一列。它有：到达日期、"),
        ("--out done.xlsx --column 几个人=none", "没有“none”这一问，“几个人”对不上。可以写：到达日期（arrive）"),
    ],
)
def test_what_cannot_be_exported_is_said_with_what_to_do(shell: Shell, words: str, says: str) -> None:
    shell("org import", str(DISTRICT))

    assert says in shell("forms export return", *words.split(), ends=2)


def test_the_check_names_faulty_forms(shell: Shell) -> None:
    assert "表单没有问题，7 张可以用" in shell("org check")
