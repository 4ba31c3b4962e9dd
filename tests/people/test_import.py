"""The organization is imported wholly or not at all, twice without a change, and what is over stays as history."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.catalog import Catalog
from handlers.people import organization
from storage import chats, grids, people
from storage.chats import Chat, chat
from storage.database import Database
from storage.grids import Grid, grid
from storage.organization import Tally
from storage.people import Household, Person, account, household, person
from storage.plan import Plan
from storage.posts import Post, post
from tests.benchmarks import district
from tests.people.books import Spoil, add, book, drop, put

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
MICRO, STREET = "519902001001", "519902001"
NOTHING = Tally()


def test_a_first_import_adds_everything(database: Database, catalog: Catalog) -> None:
    tallies = take(database, catalog).tallies

    assert {noun: tally.added for noun, tally in tallies.items()} == {
        "grids": 3,
        "people": 6,
        "units": 1,
        "posts": 8,
        "accounts": 3,
        "chats": 2,
        "households": 2,
    }
    with database.reading() as session:
        micro = grids.by_code(session, MICRO)
        assert micro is not None
        assert [above.name for above in grids.lineage(session, micro)] == ["柳林社区", "柳林街道", "柳林区"]
        wang = people.by_identity(session, [("simulator", "wang")])["simulator", "wang"]
        assert wang.grid_id == micro.id
        assert [bound.external for bound in chats.bound_to(session, [micro.id], "staff")] == ["w1"]


def test_the_same_workbook_twice_changes_nothing(database: Database, catalog: Catalog) -> None:
    take(database, catalog)

    assert take(database, catalog, at=LATER).nothing_changed


def test_a_term_that_has_run_out_changes_nothing_either(database: Database, catalog: Catalog) -> None:
    past = put("人员岗位", "K6", "2026-02-01")
    take(database, catalog, past)

    assert take(database, catalog, past).nothing_changed
    assert take(database, catalog).tallies["posts"] == Tally(added=1)


def test_export_and_import_again_changes_nothing(database: Database, catalog: Catalog, tmp_path: Path) -> None:
    take(database, catalog)
    organization.export(database, tmp_path / "out.xlsx", catalog, NOW)

    checked = organization.check_file(tmp_path / "out.xlsx", catalog)

    assert checked.faults == ()
    assert checked.plan is not None
    assert organization.import_plan(database, checked.plan, LATER, quiet).nothing_changed


def test_the_demo_district_goes_round(database: Database, catalog: Catalog, tmp_path: Path) -> None:
    whole = Path(__file__).resolve().parents[2] / "templates" / "demo" / "district.xlsx"
    organization.import_plan(database, planned(whole, catalog), NOW, quiet)

    organization.export(database, tmp_path / "out.xlsx", catalog, NOW)

    again = planned(tmp_path / "out.xlsx", catalog)
    assert organization.import_plan(database, again, LATER, quiet).nothing_changed


def test_nothing_in_an_export_can_run(database: Database, catalog: Catalog, tmp_path: Path) -> None:
    names = ("=1+1", '=cmd|" /C calc"!A1', "+1", "-1", "@SUM(A1)")
    chats_too = [add("群", "telegram", f"-100{n}", "x", code, "居民群") for n, code in enumerate((STREET, "519902"))]
    take(database, catalog, *chats_too)
    with database.transaction() as session:
        for number, name in enumerate(names, 1):
            session.run(update(chat).where(chat.c.id == number).values(name=name))

    organization.export(database, tmp_path / "out.xlsx", catalog, NOW)

    cells = [cell for row in load_workbook(tmp_path / "out.xlsx")["群"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "=1+1" in [cell.value for cell in cells]
    assert organization.import_plan(database, planned(tmp_path / "out.xlsx", catalog), LATER, quiet).nothing_changed


def test_an_exported_workbook_begins_with_how_to_fill_it(database: Database, catalog: Catalog, tmp_path: Path) -> None:
    organization.export(database, tmp_path / "empty.xlsx", catalog, NOW)

    made = load_workbook(tmp_path / "empty.xlsx")
    assert made.sheetnames == ["说明", "网格", "人员岗位", "群", "部门", "户"]
    assert made["网格"].freeze_panes == "A2"


def test_a_row_that_fails_leaves_nothing_behind(database: Database, catalog: Catalog) -> None:
    take(database, catalog)
    before = everything(database)
    good = planned(book(put("网格", "B4", "柳林新社区"), add("群", "simulator", "g2", "x", STREET, "居民群")), catalog)
    second = replace(good.chats[-1], external="g3")

    with pytest.raises(IntegrityError):
        organization.import_plan(database, replace(good, chats=(*good.chats, second)), LATER, quiet)

    assert everything(database) == before


def test_a_post_that_is_no_longer_named_ends_and_stays_as_history(database: Database, catalog: Catalog) -> None:
    take(database, catalog)

    result = take(database, catalog, drop("人员岗位", 5), at=LATER)  # the second post of 马二

    assert result.tallies["posts"] == Tally(ended=1)
    with database.reading() as session:
        (over,) = session.all(Post, select(post).where(post.c.role == "street_lead"))
        assert (over.mode, over.until) == ("war", LATER)


def test_a_post_that_comes_back_is_a_new_term(database: Database, catalog: Catalog) -> None:
    take(database, catalog)
    take(database, catalog, drop("人员岗位", 5), at=LATER)

    result = take(database, catalog, at=LATER + timedelta(days=1))

    assert result.tallies["posts"] == Tally(added=1)
    with database.reading() as session:
        assert len(session.all(Post, select(post).where(post.c.role == "street_lead"))) == 2


def test_a_deputy_who_becomes_first_keeps_the_post(database: Database, catalog: Catalog) -> None:
    take(database, catalog)

    assert take(database, catalog, put("人员岗位", "G7", 1)).tallies["posts"] == Tally(changed=1)


def test_whoever_is_no_longer_named_ends_with_posts_and_accounts(database: Database, catalog: Catalog) -> None:
    take(database, catalog)

    tallies = take(database, catalog, drop("人员岗位", 8), at=LATER).tallies  # 王秀兰 with two accounts

    assert (tallies["people"], tallies["posts"], tallies["accounts"]) == (
        Tally(ended=1),
        Tally(ended=1),
        Tally(ended=2),
    )
    with database.reading() as session:
        (gone,) = session.all(Person, select(person).where(person.c.name == "王秀兰"))
        assert gone.ended_at == LATER
        assert people.by_identity(session, [("simulator", "wang")])["simulator", "wang"].person_id is None


def test_names_and_parents_follow_the_workbook(database: Database, catalog: Catalog) -> None:
    take(database, catalog)

    renamed = put("网格", "B4", "柳林第一社区")
    moved = add("网格", MICRO + "001", "新网格", "网格", MICRO)
    assert take(database, catalog, renamed, moved).tallies["grids"] == Tally(added=1, changed=1)


def test_a_code_that_comes_back_is_a_new_grid(database: Database, catalog: Catalog) -> None:
    extra = add("网格", MICRO + "001", "新网格", "网格", MICRO)
    take(database, catalog, extra)
    with database.transaction() as session:
        first = grids.by_code(session, MICRO + "001")
        assert first is not None
        session.run(
            insert(account), {"channel": "telegram", "external": "5", "name": "", "grid_id": first.id, "since": NOW}
        )

    assert take(database, catalog, at=LATER).tallies["grids"] == Tally(ended=1)
    assert take(database, catalog, extra, at=LATER).tallies["grids"] == Tally(added=1)

    with database.reading() as session:
        old, new = session.all(Grid, select(grid).where(grid.c.code == MICRO + "001").order_by(grid.c.id))
        assert (old.ended_at, new.ended_at) == (LATER, None)
        assert people.by_identity(session, [("telegram", "5")])["telegram", "5"].grid_id is None


def test_an_account_that_spoke_before_is_tied_to_its_person(database: Database, catalog: Catalog) -> None:
    with database.transaction() as session:
        known = people.add_account(session, channel="simulator", external="wang", name="王奶奶", grid_id=None, now=NOW)

    tallies = take(database, catalog, at=LATER).tallies

    assert tallies["accounts"] == Tally(added=2, changed=1)
    with database.reading() as session:
        tied = people.get_account(session, known.id)
        assert (tied.name, tied.since, tied.person_id is None, tied.grid_id is None) == ("王奶奶", NOW, False, False)


def test_two_groups_may_change_places(database: Database, catalog: Catalog) -> None:
    second = add("群", "simulator", "g2", "街道群", STREET, "居民群")
    take(database, catalog, second)

    changed = take(database, catalog, second, put("群", "D2", STREET), put("群", "D4", MICRO))

    assert changed.tallies["chats"] == Tally(changed=2)
    with database.reading() as session:
        micro = grids.by_code(session, MICRO)
        assert micro is not None
        assert [bound.external for bound in chats.bound_to(session, [micro.id], "residents")] == ["g2"]


def test_a_group_that_is_no_longer_named_is_bound_to_nothing(database: Database, catalog: Catalog) -> None:
    take(database, catalog)

    assert take(database, catalog, drop("群", 2)).tallies["chats"] == Tally(ended=1)
    with database.reading() as session:
        (loose,) = session.all(Chat, select(chat).where(chat.c.external == "g1"))
        assert loose.grid_id is None


def test_a_door_that_comes_back_is_the_same_door(database: Database, catalog: Catalog) -> None:
    take(database, catalog)

    assert take(database, catalog, drop("户", 3), at=LATER).tallies["households"] == Tally(ended=1)
    assert take(database, catalog).tallies["households"] == Tally(changed=1)
    with database.reading() as session:
        assert len(session.all(Household, select(household))) == 2


def test_two_imports_at_once_double_nothing(database: Database, catalog: Catalog) -> None:
    plan = planned(book(), catalog)

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(organization.import_plan, database, plan, NOW, quiet) for _ in range(2)]
        done = [run.result(timeout=30) for run in runs]

    assert sorted(result.nothing_changed for result in done) == [False, True]
    assert take(database, catalog, at=LATER).nothing_changed


def test_the_import_tells_how_far_it_is(database: Database, catalog: Catalog) -> None:
    told = list[tuple[str, int, int]]()

    def tell(noun: str, done: int, whole: int) -> None:
        told.append((noun, done, whole))

    organization.import_plan(database, planned(book(), catalog), NOW, tell)

    assert {noun for noun, _, _ in told} == {"grids", "people", "units", "posts", "accounts", "chats", "households"}
    assert ("posts", 8, 8) in told


def test_a_generated_district_is_right_whatever_its_size(database: Database, catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "district.xlsx"
    district.write(path, communities=5, grids=12, micros=40, people=70, residents=90)

    checked = organization.check_file(path, catalog)

    assert checked.faults == ()
    assert checked.plan is not None
    tallies = organization.import_plan(database, checked.plan, NOW, quiet).tallies
    assert tallies["grids"].added == 1 + 5 + 5 + 12 + 40
    assert tallies["people"].added == tallies["accounts"].added == 70 + 90


def take(db: Database, catalog: Catalog, *spoils: Spoil, at: datetime = NOW) -> organization.ImportResult:
    """Import the small workbook as the spoils leave it."""
    return organization.import_plan(db, planned(book(*spoils), catalog), at, quiet)


def planned(source: Path | bytes, catalog: Catalog) -> Plan:
    """The plan of a workbook without a fault."""
    checked = organization.check_file(source, catalog)
    assert checked.plan is not None, checked.faults
    return checked.plan


def everything(db: Database) -> list[object]:
    """All rows of the organization."""
    with db.reading() as session:
        tables = (grid, person, post, account, chat, household)
        return [row for table in tables for row in session.all(object, select(table).order_by(table.c.id))]


def quiet(noun: str, done: int, whole: int) -> None:
    """Shows no progress."""
