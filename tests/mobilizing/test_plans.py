"""Plans are data: which are refused and why, and whose post is missing before the night on which it is needed."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from bot.catalog import Catalog
from bot.settings import PROJECT
from handlers.mobilizing import plans
from handlers.people import organization
from storage.plan import Plan as Organization
from tests.stage import DISTRICT

GOOD = """
title = "大风"
words = ["大风"]
ends = "风停了，由发令的人解除。"

[[call]]
level = "micro"
roles = ["micro_lead"]
does = "看阳台上的花盆。"

[[mark]]
minute = 1
does = "remind"

[[mark]]
minute = 5
does = "above"
"""


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "templates" / "catalog", tmp_path / "catalog")
    (tmp_path / "plans").mkdir()
    (tmp_path / "forms").mkdir()
    return tmp_path


def refused(templates: Path, toml: str) -> str:
    (templates / "plans" / "storm.toml").write_text(toml, encoding="utf-8")
    catalog = Catalog(templates / "catalog")
    said = " ".join(text for _, text in plans.faults(catalog))
    assert ("storm" in plans.offered(catalog)) == (not said)
    return said


def warned(spoilt: Organization) -> str:
    catalog = Catalog(PROJECT / "templates" / "catalog")
    return "\n".join(fault.text for fault in plans.missing_posts(catalog, spoilt))


@pytest.fixture(scope="module")
def district() -> Organization:
    found = organization.check_file(DISTRICT, Catalog(PROJECT / "templates" / "catalog")).plan
    assert found is not None
    return found


def test_the_plans_that_are_shipped_may_be_carried_out() -> None:
    catalog = Catalog(PROJECT / "templates" / "catalog")

    assert plans.faults(catalog) == ()
    titles = [plan.title for plan in plans.offered(catalog).values()]
    assert titles == ["防汛", "火灾", "停水停电", "疫情", "走失", "地震", "集结点名"]


def test_a_good_plan_is_offered(templates: Path) -> None:
    assert refused(templates, GOOD) == ""


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ('title = "大风"', "", "没有写预案叫什么"),
        ('ends = "风停了，由发令的人解除。"', "", "没有写怎么算完"),
        ('"micro_lead"', '"micro_led"', "没有岗位“micro_led”"),
        ('"micro_lead"', '"micro_lead", "micro_lead"', "写在两组里"),
        ('level = "micro"', 'level = "house"', "没有层级“house”"),
        ("看阳台上的花盆。", "看" * 61, "太长了"),
        ('does = "看阳台上的花盆。"', 'does = " "', "没有写要做什么"),
        ("minute = 5", "minute = 1", "时间点要从早到晚"),
        ("minute = 1", "minute = 0", "时间点要从早到晚"),
        ('title = "大风"', 'title = "大风"\nforms = ["wind"]', "没有报备表“wind”"),
        ('title = "大风"', 'title = "大风演练"', "不要写演练"),
        ('does = "above"', 'does = "shout"', "shout"),
        ('title = "大风"', 'title = "大风"\nurgent = true', "urgent"),
        ("minute = 1", 'minute = "1"', "int"),
    ],
)
def test_a_faulty_plan_is_refused_and_says_what_to_do(templates: Path, good: str, bad: str, says: str) -> None:
    assert good in GOOD
    assert says in refused(templates, GOOD.replace(good, bad))


def test_a_plan_without_calls_or_marks_is_none(templates: Path) -> None:
    said = refused(templates, 'title = "大风"\nends = "风停了。"\n')

    assert "没有写叫谁" in said
    assert "没有写时间点" in said


def test_the_demo_district_lacks_nobody(district: Organization) -> None:
    assert warned(district) == ""


def test_a_grid_without_a_leader_is_named_once_with_all_plans(district: Organization) -> None:
    spoilt = dataclasses.replace(
        district, posts=tuple(post for post in district.posts if post.grid != "519901001001001002")
    )

    said = warned(spoilt)

    assert said.count("锦绣花园3-4栋") == 1
    assert "没有微网格长：防汛、火灾" in said
    assert "请在岗位表补一位" in said


def test_a_leader_without_an_account_cannot_be_rung(district: Organization) -> None:
    codes = {grid.name: grid.code for grid in district.grids}
    spoilt = dataclasses.replace(
        district,
        people=tuple(
            dataclasses.replace(person, accounts=()) if person.name == "石春燕" else person
            for person in district.people
        ),
        posts=tuple(post for post in district.posts if not (post.grid == codes["石桥二组"] and post.seat == 2)),
    )

    assert "石桥二组的微网格长石春燕没有账号" in warned(spoilt)


def test_a_community_without_a_staff_group_is_named(district: Organization) -> None:
    code = next(grid.code for grid in district.grids if grid.name == "石桥村")
    spoilt = dataclasses.replace(
        district, chats=tuple(chat for chat in district.chats if not chat.grid.startswith(code))
    )

    assert "石桥村没有工作群：防汛" in warned(spoilt)
