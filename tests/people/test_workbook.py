"""A workbook is checked: every fault has a name, a place and a way to mend it, and none of them is a stack trace."""

import io
import random
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.catalog import Catalog
from handlers.people import demo, organization
from handlers.people.faults import Fault, FaultTexts
from handlers.people.layout import Layout
from handlers.people.workbook import MOST_BYTES
from tests.people.books import GRIDS, HOUSEHOLDS, POSTS, Spoil, add, bare, book, drop, put

DEMO = Path(__file__).resolve().parents[2] / "templates" / "demo"
MICRO, STREET, TOP = "519902001001", "519902001", "519902"
LONG = "长" * 501

AT_FAULT: list[tuple[str, list[Spoil], tuple[str, int, str]]] = [
    ("column/missing", [put("网格", "C1", None)], ("网格", 1, "层级")),
    ("column/twice", [put("群", "F1", "群号")], ("群", 1, "F 群号")),
    ("cell/formula", [put("网格", "B4", '=HYPERLINK("http://example.org","点我")')], ("网格", 4, "B 名称")),
    ("cell/formula", [put("网格", "F4", "=1+1")], ("网格", 4, "F 户数")),
    ("cell/error", [put("网格", "B4", "#REF!")], ("网格", 4, "B 名称")),
    ("cell/needed", [put("网格", "B4", None)], ("网格", 4, "B 名称")),
    ("cell/number", [put("网格", "F4", "120户")], ("网格", 4, "F 户数")),
    ("cell/number", [put("网格", "F4", 1.5)], ("网格", 4, "F 户数")),
    ("cell/number", [put("网格", "F4", True)], ("网格", 4, "F 户数")),
    ("cell/too_small", [put("网格", "F4", -1)], ("网格", 4, "F 户数")),
    ("cell/too_small", [put("人员岗位", "G6", 0)], ("人员岗位", 6, "G 顺序")),
    ("cell/too_big", [put("网格", "F4", 10**12)], ("网格", 4, "F 户数")),
    ("cell/text", [put("网格", "B4", date(2026, 1, 1))], ("网格", 4, "B 名称")),
    ("cell/rounded", [put("网格", "A4", 519902001001001000)], ("网格", 4, "A 编码")),
    ("cell/too_long", [put("网格", "B4", LONG)], ("网格", 4, "B 名称")),
    ("cell/choice", [put("网格", "E4", "特殊网格")], ("网格", 4, "E 类型")),
    ("cell/choice", [put("人员岗位", "H6", "紧急")], ("人员岗位", 6, "H 模式")),
    ("cell/choice", [put("人员岗位", "I6", "中班")], ("人员岗位", 6, "I 班次")),
    ("cell/choice", [put("群", "E2", "家长群")], ("群", 2, "E 对象")),
    ("cell/role", [put("人员岗位", "D6", "楼长")], ("人员岗位", 6, "D 岗位")),
    ("cell/date", [put("人员岗位", "J6", "上周")], ("人员岗位", 6, "J 起")),
    ("cell/date", [put("人员岗位", "J6", "2026-02-30")], ("人员岗位", 6, "J 起")),
    ("grid/none", [bare("网格", [GRIDS[0]])], ("网格", 0, "")),
    ("grid/digits", [add("网格", "51990200100A", "甲", "社区", STREET)], ("网格", 5, "A 编码")),
    ("grid/twice", [add("网格", MICRO, "重复", "社区", STREET)], ("网格", 5, "A 编码")),
    ("grid/no_root", [put("网格", "D2", "519902001")], ("网格", 2, "D 上级编码")),
    ("grid/two_roots", [add("网格", "519903", "另一个区", "区")], ("网格", 5, "D 上级编码")),
    ("grid/orphan", [add("网格", "519902009001", "孤儿社区", "社区", "519902009")], ("网格", 5, "D 上级编码")),
    ("grid/prefix", [add("网格", "519903001", "别区街道", "街道", TOP)], ("网格", 5, "A 编码")),
    ("grid/prefix", [add("网格", "519902001002", "自己", "社区", "519902001002")], ("网格", 5, "A 编码")),
    ("grid/nearest", [add("网格", "519902001001001", "越级", "网格", STREET)], ("网格", 5, "D 上级编码")),
    ("grid/cycle", [put("网格", "D2", MICRO)], ("网格", 3, "D 上级编码")),
    (
        "grid/levels",
        [add("网格", MICRO + "0" * more, "深", f"第{more}级", MICRO + "0" * (more - 1)) for more in range(1, 5)],
        ("网格", 8, "C 层级"),
    ),
    (
        "grid/few_levels",
        [drop("网格", 4), drop("人员岗位", 8), drop("人员岗位", 7), drop("人员岗位", 6)],
        ("网格", 3, "C 层级"),
    ),
    ("person/no_name", [add("人员岗位", "9", None, None, "志愿者", MICRO)], ("人员岗位", 10, "B 姓名")),
    ("person/disagrees", [put("人员岗位", "B4", "丁二")], ("人员岗位", 4, "B 姓名")),
    ("person/disagrees", [put("人员岗位", "C4", "10000000009")], ("人员岗位", 4, "C 手机")),
    ("person/phone", [put("人员岗位", "C3", "没有手机")], ("人员岗位", 3, "C 手机")),
    ("account/form", [put("人员岗位", "L3", "maer")], ("人员岗位", 3, "L 账号")),
    ("account/form", [put("人员岗位", "L3", "qq:12345")], ("人员岗位", 3, "L 账号")),
    ("account/twice", [put("人员岗位", "L3", "simulator:dingyi")], ("人员岗位", 3, "L 账号")),
    ("post/where", [put("人员岗位", "F6", "CG")], ("人员岗位", 6, "E 网格编码")),
    ("post/where", [put("人员岗位", "E6", None)], ("人员岗位", 6, "E 网格编码")),
    ("post/unknown_grid", [put("人员岗位", "E6", "519902777")], ("人员岗位", 6, "E 网格编码")),
    ("post/unknown_unit", [put("人员岗位", "F9", "园林局")], ("人员岗位", 9, "F 部门")),
    (
        "post/which_unit",
        [add("部门", "CG2", "柳林城管", "城管", TOP), put("人员岗位", "F9", "柳林城管")],
        ("人员岗位", 9, "F 部门"),
    ),
    (
        "post/twice",
        [add("人员岗位", "3", "张三", None, "station_head", MICRO, None, 2, None, "白班")],
        ("人员岗位", 10, "D 岗位"),
    ),
    ("post/term", [put("人员岗位", "J6", "2100-01-01")], ("人员岗位", 6, "J 起")),
    (
        "post/resident_in_unit",
        [put("人员岗位", "E8", None), put("人员岗位", "F8", "CG")],
        ("人员岗位", 8, "F 部门"),
    ),
    ("chat/channel", [put("群", "A2", "qq")], ("群", 2, "A 渠道")),
    ("chat/twice", [add("群", "simulator", "g1", "又一个", STREET, "居民群")], ("群", 4, "B 群号")),
    ("chat/second", [add("群", "simulator", "g2", "第二个", MICRO, "居民群")], ("群", 4, "D 网格编码")),
    ("chat/unknown_grid", [put("群", "D2", "519902777")], ("群", 2, "D 网格编码")),
    ("unit/twice", [add("部门", "CG", "又一个", "城管", TOP)], ("部门", 3, "A 编码")),
    ("unit/kind", [put("部门", "C2", "园林")], ("部门", 2, "C 类别")),
    ("unit/unknown_grid", [put("部门", "D2", "519902777")], ("部门", 2, "D 网格编码")),
    ("household/unknown_grid", [put("户", "A2", "519902777")], ("户", 2, "A 网格编码")),
    ("household/twice", [add("户", MICRO, 3, 2, "302", 5)], ("户", 4, "D 房号")),
]

ONLY_WARNED: list[tuple[str, list[Spoil], tuple[str, int, str]]] = [
    ("column/unknown", [put("群", "F1", "备注")], ("群", 1, "F 备注")),
    ("grid/no_leader", [put("人员岗位", "G6", 3)], ("网格", 4, "A 编码")),
    ("grid/no_leader", [put("人员岗位", "D6", "包保领导")], ("网格", 4, "A 编码")),
    ("grid/no_deputy", [drop("人员岗位", 7)], ("网格", 4, "A 编码")),
    ("unit/nobody", [add("部门", "SD", "柳林水电", "供水供电供气", TOP)], ("部门", 3, "A 编码")),
    ("grid/over_size", [put("网格", "F4", 501)], ("网格", 4, "F 户数")),
]


def test_a_right_workbook_has_no_fault_and_becomes_a_plan(catalog: Catalog) -> None:
    checked = organization.check_file(book(), catalog)

    assert checked.faults == ()
    assert checked.plan is not None
    assert [grid.depth for grid in checked.plan.grids] == [0, 1, 2]
    assert [person.name for person in checked.plan.people] == ["丁一", "马二", "张三", "李四", "王秀兰", "赵六"]
    assert checked.plan.people[4].accounts == (("simulator", "wang"), ("telegram", "77"))
    assert checked.plan.people[4].home == MICRO
    assert [(door.building, door.unit, door.room) for door in checked.plan.households] == [
        ("3", "2", "301"),
        ("3", "2", "302"),
    ]


@pytest.mark.parametrize(("code", "spoils", "place"), AT_FAULT)
def test_a_fault_is_named_with_its_place_and_its_mend(
    catalog: Catalog, code: str, spoils: list[Spoil], place: tuple[str, int, str]
) -> None:
    checked = organization.check_file(book(*spoils), catalog)

    assert checked.plan is None
    assert (code, *place) in [(fault.code, fault.sheet, fault.row, fault.column) for fault in checked.faults]
    assert all(fault.text and "{" not in fault.text for fault in checked.faults)


@pytest.mark.parametrize(("code", "spoils", "place"), ONLY_WARNED)
def test_a_warning_does_not_stop_the_import(
    catalog: Catalog, code: str, spoils: list[Spoil], place: tuple[str, int, str]
) -> None:
    checked = organization.check_file(book(*spoils), catalog)

    assert checked.plan is not None
    assert [(fault.severity, fault.code, fault.sheet, fault.row, fault.column) for fault in checked.faults] == [
        ("warning", code, *place)
    ]


def test_all_faults_are_named_in_one_go(catalog: Catalog) -> None:
    spoiled = book(put("网格", "F4", "很多"), put("群", "A2", "qq"), put("户", "D2", None), put("部门", "C2", "园林"))

    assert codes(organization.check_file(spoiled, catalog).faults) == [
        "cell/number",
        "chat/channel",
        "unit/kind",
        "cell/needed",
    ]


def test_a_missing_sheet_is_told_with_the_columns_it_needs(catalog: Catalog) -> None:
    def without(made: Any) -> None:
        del made["户"]

    (fault,) = organization.check_file(book(without), catalog).faults

    assert fault.code == "sheet/missing"
    assert "网格编码 楼栋 单元 房号 人数" in fault.text


def test_half_a_sheet_does_not_make_every_other_row_look_wrong(catalog: Catalog) -> None:
    faults = organization.check_file(book(put("网格", "A1", "代码"), put("群", "A2", None)), catalog).faults

    assert codes(faults) == ["column/unknown", "column/missing", "cell/needed"]


def test_merged_cells_are_named_with_their_area(catalog: Catalog) -> None:
    def merge(made: Any) -> None:
        made["网格"].merge_cells("C3:C4")

    faults = organization.check_file(book(merge), catalog).faults

    assert ("sheet/merged", "网格", 3) in [(fault.code, fault.sheet, fault.row) for fault in faults]
    assert "C3:C4" in next(fault.text for fault in faults if fault.code == "sheet/merged")


def test_columns_may_stand_in_any_order_and_empty_rows_are_skipped(catalog: Catalog) -> None:
    turned = [tuple(reversed(row)) for row in (*GRIDS[:3], (None,) * 8, (" ",) * 8, *GRIDS[3:])]
    straight, other = book(), book(bare("网格", turned))

    assert organization.check_file(other, catalog) == organization.check_file(straight, catalog)


def test_numbers_where_codes_are_meant_are_read_as_codes(catalog: Catalog) -> None:
    numbers = book(
        put("网格", "A2", 519902),
        put("网格", "D3", 519902.0),
        put("人员岗位", "A2", 1),
        put("人员岗位", "C2", 10000000001),
    )

    assert organization.check_file(numbers, catalog) == organization.check_file(book(), catalog)


def test_dates_are_read_in_every_usual_writing(catalog: Catalog) -> None:
    writings = ("2026-01-01", "2026/1/1", "2026年1月1日", "2026.01.01", date(2026, 1, 1))
    plans = {organization.check_file(book(put("人员岗位", "J6", day)), catalog).plan for day in writings}

    assert len(plans) == 1


def test_what_nobody_can_see_does_not_count(catalog: Catalog) -> None:
    hidden = book(put("网格", "B4", "\u200b柳林社区\u202e "), put("网格", "A4", " 519902001001\u200b"))

    assert organization.check_file(hidden, catalog) == organization.check_file(book(), catalog)


def test_more_rows_than_allowed_are_said_and_not_read(catalog: Catalog, tmp_path: Path) -> None:
    small = tmp_path / "catalog"
    small.mkdir()
    for file in catalog.folder.glob("*.toml"):
        text = file.read_text(encoding="utf-8").replace("most_rows = 300000", "most_rows = 5")
        (small / file.name).write_text(text, encoding="utf-8")

    faults = organization.check_file(book(), Catalog(small)).faults

    assert ("sheet/too_many_rows", "人员岗位", 7) in [(fault.code, fault.sheet, fault.row) for fault in faults]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "file/not_xlsx"),
        (b"just words", "file/not_xlsx"),
        (b"PK\x03\x04 and then nothing", "file/damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "file/old_format"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "file/encrypted"),
        (b"PK\x03\x04" + bytes(MOST_BYTES), "file/too_large"),
    ],
)
def test_a_file_that_is_no_workbook_is_told_apart(catalog: Catalog, file: bytes, code: str) -> None:
    checked = organization.check_file(file, catalog)

    assert (checked.plan, codes(checked.faults)) == (None, [code])


def test_a_file_that_is_not_there_is_said(catalog: Catalog, tmp_path: Path) -> None:
    assert codes(organization.check_file(tmp_path / "没有.xlsx", catalog).faults) == ["file/missing"]
    assert codes(organization.check_file(tmp_path, catalog).faults) == ["file/missing"]


def test_another_zip_file_is_no_workbook(catalog: Catalog) -> None:
    assert codes(organization.check_file(zipped({"photo.txt": b"hello"}), catalog).faults) == ["file/not_xlsx"]


def test_a_zip_bomb_is_not_unpacked(catalog: Catalog) -> None:
    bomb = zipped({"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(260_000_000)})

    assert len(bomb) < 1_000_000
    assert codes(organization.check_file(bomb, catalog).faults) == ["file/bomb"]


def test_an_xml_bomb_is_a_damaged_file(catalog: Catalog) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    evil = f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><worksheet><sheetData>&e11;</sheetData></worksheet>'
    parts = unzipped(book())
    parts["xl/worksheets/sheet1.xml"] = evil.encode()

    faults = organization.check_file(zipped(parts), catalog).faults

    assert faults
    assert faults[0].code in {"file/damaged", "sheet/damaged"}


def test_broken_bytes_never_end_in_a_stack_trace(catalog: Catalog) -> None:
    chance, whole = random.Random(20), book()
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        cut = bytes(broken)[: chance.choice([len(broken), chance.randrange(len(broken))])]
        organization.check_file(cut, catalog)


def test_broken_xml_inside_never_ends_in_a_stack_trace(catalog: Catalog) -> None:
    chance, parts = random.Random(21), unzipped(book())
    for _ in range(150):
        name = chance.choice(sorted(parts))
        broken = bytearray(parts[name])
        for _ in range(chance.randint(1, 5)):
            broken[chance.randrange(len(broken))] = chance.choice(b'<>"=/ 0x9A&;')
        organization.check_file(zipped({**parts, name: bytes(broken)}), catalog)


def test_every_text_of_the_faults_is_used_and_every_fault_has_a_text(catalog: Catalog) -> None:
    tried = {code for code, *_ in (*AT_FAULT, *ONLY_WARNED)}
    tried |= {"sheet/missing", "sheet/damaged", "sheet/too_many_rows", "sheet/merged"}
    tried |= {
        f"file/{word}" for word in ("missing", "too_large", "bomb", "encrypted", "old_format", "not_xlsx", "damaged")
    }

    texts = catalog.read("faults.toml", FaultTexts).text
    elsewhere = ("ledger/", "paper/")  # tried in tests/wishes and tests/notices
    assert {code for code in texts if not code.startswith(elsewhere)} == tried


def test_the_kinds_of_units_are_those_the_categories_name(catalog: Catalog) -> None:
    named = {unit for category in catalog.categories.values() for unit in (category.lead, *category.co)}

    assert named <= set(catalog.read("workbook.toml", Layout).unit_kinds)


def test_the_demo_workbook_is_right_and_says_what_its_csv_files_say(catalog: Catalog, tmp_path: Path) -> None:
    demo.write(DEMO, tmp_path / "demo.xlsx", catalog)

    shipped = organization.check_file(DEMO / "district.xlsx", catalog)

    assert shipped.faults == ()
    assert shipped == organization.check_file(tmp_path / "demo.xlsx", catalog), (
        "write it anew: handlers.people.demo.write(templates/demo, templates/demo/district.xlsx, catalog)"
    )


def test_the_sheets_of_these_tests_have_the_columns_of_the_layout(catalog: Catalog) -> None:
    shape = msgspec.to_builtins(catalog.read("workbook.toml", Layout))
    headers = {sheet["code"]: tuple(column["name"] for column in sheet["column"]) for sheet in shape["sheet"]}

    assert (headers["grids"], headers["posts"], headers["households"]) == (GRIDS[0], POSTS[0], HOUSEHOLDS[0])


def codes(faults: tuple[Fault, ...]) -> list[str]:
    """Only the codes, in their order."""
    return [fault.code for fault in faults]


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip file of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def unzipped(file: bytes) -> dict[str, bytes]:
    """The parts of a zip file."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
