"""Which forms are refused, and why."""

import shutil
from pathlib import Path

import pytest

from bot.catalog import Catalog
from bot.settings import PROJECT
from handlers.forms import lint

GOOD = """
title = "看门"
purpose = "知道谁在家"
owner = "社区服务站"
basis = "本人同意"
audience = "住户"
staff = ["grid_lead"]

[expiry]
days = 30

[[question]]
id = "day"
label = "哪天"
ask = "哪天？"
kind = "date"
"""


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "templates" / "catalog", tmp_path / "catalog")
    (tmp_path / "forms").mkdir()
    return tmp_path


def refused(templates: Path, toml: str) -> list[str]:
    (templates / "forms" / "door.toml").write_text(toml, encoding="utf-8")
    catalog = Catalog(templates / "catalog")
    said = [text for _, _, text in lint.faults(catalog)]
    assert ("door" in lint.offered(catalog)) == (not said)
    return said


def test_the_seven_forms_that_are_shipped_may_be_offered() -> None:
    catalog = Catalog(PROJECT / "templates" / "catalog")

    assert lint.faults(catalog) == ()
    assert [form.title for form in lint.offered(catalog).values()] == [
        "返乡来访",
        "外出托付",
        "租住登记",
        "装修告知",
        "养犬登记",
        "独居平安",
        "家庭情况",
    ]


def test_a_form_that_says_all_it_must_is_offered(templates: Path) -> None:
    assert refused(templates, GOOD) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('purpose = "知道谁在家"', "没有写为什么要填"),
        ('owner = "社区服务站"', "没有写谁负责"),
        ('basis = "本人同意"', "没有写依据"),
        ('audience = "住户"', "没有写给谁填"),
        ('staff = ["grid_lead"]', "没有写哪些岗位可以看"),
        ("days = 30", "没有写保留多久"),
    ],
)
def test_a_form_that_leaves_out_what_it_must_say_is_refused(templates: Path, line: str, why: str) -> None:
    (said,) = refused(templates, GOOD.replace(line, ""))
    assert why in said


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ('id = "p"\nlabel = "门口照片"\nask = "拍一张？"\nkind = "photo"', "强制上传照片"),
        ('id = "p"\nlabel = "到岗"\nask = "请在这里打卡"\nkind = "text"', "打卡"),
        ('id = "p"\nlabel = "电话"\nask = "电话？"\nkind = "phone"', "不能让人再填一遍"),
        ('id = "p"\nlabel = "住址"\nask = "哪一户？"\nkind = "household"', "不能让人再填一遍"),
        ('id = "p"\nlabel = "姓名"\nask = "您叫什么？"\nkind = "text"', "不能让人再填一遍"),
        ('id = "day"\nlabel = "又一天"\nask = "？"\nkind = "text"', "用了两次"),
        ('id = "p"\nlabel = "几个"\nask = "？"\nkind = "number"\nleast = 1', "没有写不对时怎么说"),
        ('id = "p"\nlabel = "选"\nask = "？"\nkind = "choice"\noptions = []', "选项要 2 到 4 个"),
        ('id = "p"\nlabel = "谁"\nask = "？"\nkind = "text"\nreaders = ["king"]', "没有岗位“king”"),
        ('id = "p"\nlabel = "谁"\nask = "？"\nkind = "text"\nonly_if = { later = ["yes"] }', "不在前面"),
        ('id = "p"\nlabel = "谁"\nask = "？"\nkind = "text"\nfinds = "("', "finds 写得不对"),
        ('id = "P 1"\nlabel = "谁"\nask = "？"\nkind = "text"', "不能当代号"),
    ],
)
def test_a_question_that_forces_asks_again_or_cannot_work_is_refused(templates: Path, question: str, why: str) -> None:
    said = refused(templates, f"{GOOD}\n[[question]]\n{question}\n")
    assert any(why in one for one in said), said


def test_in_an_emergency_a_photo_may_be_required(templates: Path) -> None:
    photo = '\n[[question]]\nid = "p"\nlabel = "水位"\nask = "拍一张？"\nkind = "photo"\n'
    assert refused(templates, "emergency = true\n" + GOOD + photo) == []


def test_a_mistyped_field_names_the_file(templates: Path) -> None:
    said = refused(templates, GOOD.replace("purpose", "purrpose"))
    assert "door.toml" in said[0]
    assert "purrpose" in said[0]


def test_a_faulty_form_leaves_the_others_alone(templates: Path) -> None:
    (templates / "forms" / "good.toml").write_text(GOOD, encoding="utf-8")
    refused(templates, GOOD.replace('owner = "社区服务站"', ""))

    assert list(lint.offered(Catalog(templates / "catalog"))) == ["good"]
