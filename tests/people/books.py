"""Small workbooks for the tests: right unless a test spoils them."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

GRIDS = (
    ("编码", "名称", "层级", "上级编码", "类型", "户数", "人口", "别名"),
    ("519902", "柳林区", "区", None, None, None, None, None),
    ("519902001", "柳林街道", "街道", "519902", None, None, None, None),
    ("519902001001", "柳林社区", "社区", "519902001", "基础网格", 120, 300, "柳林花园、柳林路"),
)
POSTS = (
    ("编号", "姓名", "手机", "岗位", "网格编码", "部门", "顺序", "模式", "班次", "起", "止", "账号"),
    ("1", "丁一", "10000000001", "区值班", "519902", None, 1, None, None, None, None, "simulator:dingyi"),
    ("2", "马二", None, "district_duty", "519902", None, 2, None, None, None, None, None),
    ("1", "丁一", None, "街道调度", "519902001", None, 1, None, None, None, None, None),
    ("2", "马二", None, "街道负责人", "519902001", None, 2, "战", None, None, None, None),
    ("3", "张三", None, "站长", "519902001001", None, 1, None, "白班", "2026-01-01", "2099-12-31", None),
    ("4", "李四", None, "社区工作者", "519902001001", None, 2, None, None, None, None, None),
    ("5", "王秀兰", None, "居民", "519902001001", None, None, None, None, None, None, "simulator:wang telegram:77"),
    ("6", "赵六", None, "部门经办", None, "CG", 1, None, None, None, None, None),
)
CHATS = (
    ("渠道", "群号", "群名", "网格编码", "对象"),
    ("simulator", "g1", "柳林邻里群", "519902001001", "居民群"),
    ("simulator", "w1", "柳林工作群", "519902001001", "工作群"),
)
UNITS = (("编码", "名称", "类别", "网格编码"), ("CG", "柳林城管", "城管", "519902"))
HOUSEHOLDS = (
    ("网格编码", "楼栋", "单元", "房号", "人数"),
    ("519902001001", "3栋", "2单元", 301, 3),
    ("519902001001", "3", "2", 302, None),
)
Spoil = Callable[[Workbook], None]


def book(*spoils: Spoil) -> bytes:
    """The workbook as a file, after `spoils` have had their way with it."""
    made = Workbook()
    del made[made.sheetnames[0]]
    for name, rows in (("网格", GRIDS), ("人员岗位", POSTS), ("群", CHATS), ("部门", UNITS), ("户", HOUSEHOLDS)):
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for spoil in spoils:
        spoil(made)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def put(sheet: str, cell: str, value: object) -> Spoil:
    """Write one cell."""

    def spoil(made: Workbook) -> None:
        target: Any = made[sheet]
        target[cell] = value

    return spoil


def add(sheet: str, *row: object) -> Spoil:
    """Add a row at the end."""

    def spoil(made: Workbook) -> None:
        target: Any = made[sheet]
        target.append(row)

    return spoil


def drop(sheet: str, row: int) -> Spoil:
    """Take a row out."""

    def spoil(made: Workbook) -> None:
        made[sheet].delete_rows(row)

    return spoil


def bare(sheet: str, rows: Sequence[Sequence[object]]) -> Spoil:
    """Let a sheet hold these rows and nothing else."""

    def spoil(made: Workbook) -> None:
        target: Any = made[sheet]
        target.delete_rows(1, 100)
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                target.cell(at, column, value)

    return spoil
