"""The kit: printed every day for its owner's eyes, with every door in walking order; and paper that is entered once."""

import asyncio
import csv
import stat
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from bot import cli, kit_pages
from bot import kit as printing
from bot.catalog import Catalog
from bot.clock import StillClock
from bot.dispatcher import Dispatcher
from bot.errors import SetupError
from bot.settings import PROJECT, Settings
from bot.web.health import Health
from handlers.kit import paper as kits
from handlers.kit.paper import Kit
from storage import census, grids, kit, notices, people
from storage.database import Database
from storage.journal import entry
from tests.stage import MORNING, Stage, settle_district
from tests.stage import kit as parts_of

CATALOG = Catalog(PROJECT / "templates" / "catalog")
COMMUNITY = "519901001001"
MICRO = "519901001001001002"
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def district(database: Database) -> Database:
    """The demo district, on either database."""
    settle_district(database, CATALOG)
    return database


@pytest.fixture
def small(sqlite_database: Database) -> Database:
    """The demo district in a file."""
    settle_district(sqlite_database, CATALOG)
    return sqlite_database


def gathered(database: Database, code: str = COMMUNITY) -> Kit:
    return next(kits.kits(database, CATALOG, code, MORNING, ZONE, printing.number_now(database, MORNING)))


def settings_of(folder: Path) -> Settings:
    return Settings(kits=folder)


def sheet_of(path: Path) -> list[list[object]]:
    book = load_workbook(path)
    return [list(row) for row in book["门牌清单"].iter_rows(values_only=True)]


def filled(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """A file of commas with these answers: sheet, building, unit, room, people, safe, needs, note."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["纸表号", "楼栋", "单元", "房号", "人数", "平安", "要帮忙", "备注"])
        writer.writerows(rows)
    return path


def number_of(database: Database) -> int:
    """The sheet number of 锦绣花园3-4栋."""
    return next(one.number for one in gathered(database).doors if one.where == "锦绣花园3-4栋")


def answers(database: Database) -> dict[tuple[int, int], kit.PaperAnswer]:
    with database.reading() as session:
        return kit.answers(session, [number_of_used(database)])


def number_of_used(database: Database) -> int:
    with database.reading() as session:
        return session.one(int, select(func.min(kit.paper_answer.c.sheet)))


def test_who_rings_whom_goes_down_the_tree_with_deputies(district: Database) -> None:
    found = gathered(district)

    assert [(one.role, one.name) for one in found.upward] == [
        ("街道调度", "杜文斌"),
        ("街道负责人", "姚志远"),
        ("区值班", "沈立群"),
        ("区值班", "顾晓岚"),
    ]
    street, head, first, second = found.rings
    assert (street.caller.name, [call.first.name for call in street.calls]) == ("杜文斌", ["林若云"])
    assert (head.caller.name, [one.name for one in head.then]) == ("林若云", ["许佳宁"])
    assert [call.first.name for call in head.calls] == ["周建华", "吴丽娟"]
    assert [(call.first.where, call.first.name, [one.name for one in call.then]) for call in first.calls] == [
        ("锦绣花园1-2栋", "李雷", ["汪洋"]),
        ("锦绣花园3-4栋", "韩梅", ["汪洋"]),
        ("锦绣花园5-6栋", "赵晓东", ["蔡慧"]),
    ]
    assert second.caller.name == "吴丽娟"
    assert first.caller.phone == "10000000016"


def test_a_village_rings_down_to_its_household_leads(small: Database) -> None:
    rings = {
        ring.caller.name: [call.first.name for call in ring.calls] for ring in gathered(small, "519901002001").rings
    }

    assert rings["石建平"] == ["石有田", "石桂香"]


def test_every_door_is_listed_in_walking_order_under_its_sheets_number(district: Database) -> None:
    lists = {one.where: one for one in gathered(district).doors}

    doors = [(door.building, door.unit, door.room) for door in lists["锦绣花园3-4栋"].doors]
    assert len(doors) == 48
    assert doors[:3] == [("3", "1", "101"), ("3", "1", "102"), ("3", "1", "201")]
    assert doors == sorted(doors, key=lambda door: [(len(part), part) for part in door])
    assert lists["锦绣苑南区"].doors == ()
    assert lists["锦绣苑南区"].blank == 66
    assert len({one.number for one in lists.values()}) == 5


def test_a_sheet_keeps_its_number_until_something_was_entered_from_it(district: Database, tmp_path: Path) -> None:
    before = {one.where: one.number for one in gathered(district).doors}
    assert {one.where: one.number for one in gathered(district).doors} == before
    path = filled(tmp_path / "a.csv", [[before["锦绣花园3-4栋"], "3", "1", "101", 3, "√", "", ""]])

    kits.enter_file(district, path, CATALOG, MORNING)

    after = {one.where: one.number for one in gathered(district).doors}
    assert {where for where, number in before.items() if after[where] != number} == {"锦绣花园3-4栋"}


def test_printing_writes_a_pdf_and_a_sheet_to_type_into_for_the_owner_alone(small: Database, tmp_path: Path) -> None:
    folder = tmp_path / "kits"
    many = printing.print_all(small, Settings(), "", folder, MORNING, number=printing.number_now(small, MORNING))

    names = sorted(path.name for path in folder.iterdir())
    assert many == 3
    assert names == sorted(
        f"{name}.{kind}"
        for name in ("519901001001 锦绣社区", "519901001002 望江社区", "519901002001 石桥村")
        for kind in ("pdf", "xlsx")
    )
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "519901001001 锦绣社区.pdf").read_bytes().startswith(b"%PDF")
    head, first, *_ = sheet_of(folder / "519901001001 锦绣社区.xlsx")
    assert head == ["纸表号", "楼栋", "单元", "房号", "人数", "平安", "要帮忙", "备注"]
    assert first == [1001, "1", "1", "101", None, None, None, None]


def test_no_line_of_a_page_leaves_the_paper(small: Database) -> None:
    text = kits.rules(CATALOG).text
    sheets = kit_pages.Sheets(gathered(small), text)
    written: list[tuple[float, float, str]] = []
    plain = sheets.canvas.drawString

    def drawn(x: float, y: float, words: str) -> None:
        written.append((x, y, words))
        plain(x, y, words)

    sheets.canvas.drawString = drawn  # pyright: ignore[reportAttributeAccessIssue]
    kit_pages.lay_out(sheets)

    assert len(written) > 500
    for x, y, words in written:
        assert x >= kit_pages.LEFT, words
        assert x + kit_pages.ems(words) * kit_pages.SMALL * 0.6 <= kit_pages.WIDTH, words
        assert 4 <= y <= kit_pages.HEIGHT - 8, words


@pytest.mark.parametrize(
    "words", ["锦绣花园", "非常非常长的一个网格名字一二三四五六七八九十", "138 0000 0000　第2 夜班"]
)
def test_long_words_are_made_smaller_and_then_cut(words: str) -> None:
    for wide in (8.0, 20.0, 60.0):
        size = kit_pages.fitting(words, 6.4, wide)
        assert size >= 6.4 * 0.6
        assert kit_pages.ems(kit_pages.cut(words, wide / size)) * size <= wide + size


def test_paper_is_entered_once_however_often_it_comes(district: Database, tmp_path: Path) -> None:
    number = number_of(district)
    rows = [
        [number, "3", "1", "101", 3, "√", "", ""],
        [number, "3", "1", "102", 1, "×", "老人发烧", "独居"],
        [number, "3", "1", "201", "", "", "", ""],
    ]
    path = filled(tmp_path / "a.csv", rows)

    first = kits.enter_file(district, path, CATALOG, MORNING)
    second = kits.enter_file(district, path, CATALOG, MORNING + timedelta(hours=1))

    assert (len(first.fresh), first.same, first.faults) == (2, 0, ())
    assert (len(second.fresh), second.same, second.faults) == (0, 2, ())
    kept = sorted((row.people, row.safe, row.needs, row.note) for row in answers(district).values())
    assert kept == [(1, False, "老人发烧", "独居"), (3, True, "", "")]


def test_what_contradicts_or_cannot_be_is_named_with_its_row_and_the_rest_counts(
    district: Database, tmp_path: Path
) -> None:
    number = number_of(district)
    kits.enter_file(district, filled(tmp_path / "a.csv", [[number, "3", "1", "101", 3, "√", "", ""]]), CATALOG, MORNING)

    entered = kits.enter_file(
        district,
        filled(
            tmp_path / "b.csv",
            [
                [number, "3", "1", "101", 4, "√", "", ""],
                [number, "3", "1", "909", 2, "√", "", ""],
                [9, "3", "1", "102", 2, "√", "", ""],
                [number, "3", "1", "201", "三", "√", "", ""],
                [number, "3", "1", "202", 2, "√", "", ""],
                [number, "3", "1", "202", 5, "√", "", ""],
            ],
        ),
        CATALOG,
        MORNING,
    )

    assert [(fault.row, fault.code) for fault in entered.faults] == [
        (5, "cell/number"),
        (2, "paper/conflict"),
        (3, "paper/door"),
        (4, "paper/sheet"),
        (7, "paper/twice"),
    ]
    assert len(entered.fresh) == 1
    assert sorted(row.people or 0 for row in answers(district).values()) == [2, 3]


def test_a_file_without_its_columns_enters_nothing(small: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"纸表号,楼栋,单元,房号,人数\n{number_of(small)},3,1,101,3\n", encoding="utf-8")

    entered = kits.enter_file(small, path, CATALOG, MORNING)

    assert not entered.fresh
    assert {fault.code for fault in entered.faults} == {"column/missing"}


def test_paper_counts_for_the_census_that_runs_there_even_if_it_begins_later(
    district: Database, tmp_path: Path
) -> None:
    number = number_of(district)
    rows = [[number, "3", "1", "101", 3, "√", "", ""], [number, "3", "1", "102", 1, "×", "", ""]]
    path = filled(tmp_path / "a.csv", rows)
    assert kits.enter_file(district, path, CATALOG, MORNING).censuses == frozenset()
    begin_census(district)

    entered = kits.enter_file(district, path, CATALOG, MORNING)
    again = kits.enter_file(district, path, CATALOG, MORNING)

    assert entered.censuses == again.censuses == {500}
    with district.transaction() as session:
        found = census.completeness(session, 500, MICRO)
        run = census.run_of(session, 500)
        assert (found.expected, found.answered, found.need) == (48, 2, 1)
        assert run is not None
        assert run.paper == 1


def begin_census(database: Database) -> None:
    """A census of the community, numbered 500."""
    with database.transaction() as session:
        grid = grids.by_code(session, COMMUNITY)
        account = session.one(int, select(func.min(people.account.c.id)))
        assert grid is not None
        notices.compose(
            session,
            {
                "number": 500,
                "kind": census.CENSUS,
                "state": notices.GOING,
                "grid_id": grid.id,
                "account_id": account,
                "composed_at": MORNING,
                "released_at": MORNING,
            },
        )
        census.begin(session, 500, "家里几口人？")
        session.organization_changed()


def test_the_timer_asks_for_a_kit_every_morning(stage: Stage) -> None:
    with stage.database.transaction() as session:
        kits.keep_printing(session, stage.kit.catalog, stage.clock.now(), ZONE)

    stage.pass_time(days=2)

    with stage.database.reading() as session:
        days = [row.day for row in session.all(kit.KitRun, select(kit.kit_run).order_by(kit.kit_run.c.day))]
    assert days == ["2026-11-24", "2026-11-25"]


def test_words_from_paper_and_doors_of_old_queues_are_forgotten(small: Database, tmp_path: Path) -> None:
    number = number_of(small)
    kits.enter_file(
        small, filled(tmp_path / "a.csv", [[number, "3", "1", "101", 3, "×", "发烧", ""]]), CATALOG, MORNING
    )

    with small.transaction() as session:
        assert kit.forget(session, MORNING - timedelta(days=90)) == 0
        assert kit.forget(session, MORNING + timedelta(days=1)) == 1

    assert [(row.people, row.needs) for row in answers(small).values()] == [(3, "")]


def printer(database: Database, folder: Path, clock: StillClock) -> tuple[printing.Printer, Dispatcher]:
    dispatcher = Dispatcher(database, parts_of(PROJECT / "templates", clock))
    return printing.Printer(database, dispatcher, clock, settings_of(folder)), dispatcher


def test_of_two_printers_one_prints_and_old_days_are_dropped(small: Database, tmp_path: Path) -> None:
    clock, folder = StillClock(MORNING), tmp_path / "kits"
    for old in ("2026-11-10", "2026-11-20", "others"):
        (folder / old).mkdir(parents=True)
    with small.transaction() as session:
        kit.want(session, "2026-11-23", MORNING)

    async def both() -> list[bool]:
        one, first = printer(small, folder, clock)
        other, second = printer(small, folder, clock)
        first.start()
        second.start()
        printed = [*await asyncio.gather(one.look(), other.look()), await one.look()]
        await asyncio.to_thread(first.stop)
        await asyncio.to_thread(second.stop)
        return printed

    assert sorted(asyncio.run(both())) == [False, False, True]
    assert sorted(path.name for path in folder.iterdir()) == ["2026-11-20", "2026-11-23", "others"]
    assert len(list((folder / "2026-11-23").iterdir())) == 6


def test_what_a_dead_process_left_unfinished_is_taken_up_again(district: Database) -> None:
    later = MORNING + timedelta(hours=2)
    with district.transaction() as session:
        kit.want(session, "2026-11-23", MORNING)
        assert kit.take(session, "2026-11-23", MORNING, MORNING - timedelta(hours=1))
        assert not kit.take(session, "2026-11-23", MORNING, MORNING - timedelta(hours=1))
        assert kit.wanted(session, MORNING - timedelta(minutes=1)) is None

        found = kit.wanted(session, later - timedelta(hours=1))
        assert found is not None
        assert kit.take(session, "2026-11-23", later, later - timedelta(hours=1))


@pytest.mark.parametrize(
    ("wanted", "printed", "status", "says"),
    [
        (None, None, "ok", "第一份应急兜底包还没到印的时间：每天 05:30。"),
        (1, None, "ok", "第一份应急兜底包还没到印的时间：每天 05:30。"),
        (3, None, "warn", "应急兜底包有 3 天没有印成。"),
        (9, 1, "ok", "应急兜底包最近一次印于 11-22 09:30。"),
        (9, 3, "warn", "应急兜底包有 3 天没有印成。"),
    ],
)
def test_health_says_when_the_newest_is_too_old(
    small: Database, wanted: int | None, printed: int | None, status: str, says: str
) -> None:
    with small.transaction() as session:
        if wanted is not None:
            kit.want(session, "2026-11-14", MORNING - timedelta(days=wanted))
        if printed is not None:
            kit.done(session, "2026-11-14", MORNING - timedelta(days=printed), 3)
    health = Health(small, PROJECT / "templates", StillClock(MORNING), ZONE, date(2027, 12, 31), str)

    found = next(part for part in health.look().parts if part.part == "kit")

    assert (found.status, found.says) == (status, says)


def test_both_commands_by_hand(
    small: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIAOGE_DATABASE_URL", small.url.render_as_string(hide_password=False))
    monkeypatch.chdir(tmp_path)

    def typed(words: str) -> tuple[int | str | None, str]:
        with pytest.raises(SystemExit) as end:
            cli.main(words.split())
        return end.value.code, capsys.readouterr().out

    assert typed(f"kit print --grid {MICRO} --out paper") == (
        0,
        "已印 1 份，在 paper。里面有电话和门牌，只给工作人员看。\n",
    )
    filled(tmp_path / "a.csv", [[1001, "3", "1", "101", 3, "√", "", ""], [1001, "3", "1", "909", 3, "√", "", ""]])
    code, said = typed("kit enter a.csv")
    assert code == 1
    assert said.startswith("录入 1 户；0 户以前录过，没有变。\n现在没有正在进行的摸排")
    assert said.endswith("1 行没有录，改好再录一次，录过的不会重复。\n")


def test_a_grid_that_is_not_there_is_said_so(small: Database, tmp_path: Path) -> None:
    with pytest.raises(SetupError):
        printing.print_all(small, Settings(), "99", tmp_path, MORNING, number=printing.number_now(small, MORNING))


def test_entering_is_written_down(small: Database, tmp_path: Path) -> None:
    number = number_of(small)
    kits.enter_file(small, filled(tmp_path / "a.csv", [[number, "3", "1", "101", 3, "√", "", ""]]), CATALOG, MORNING)

    with small.reading() as session:
        rows = session.connection.execute(select(entry.c.why, entry.c.detail).where(entry.c.act == "paper_entered"))
        assert [tuple(row) for row in rows] == [(f"sheet {number}", "1")]
