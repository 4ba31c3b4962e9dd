"""What one answer says, kind by kind."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.catalog import Catalog
from bot.settings import PROJECT
from bot.understanding import Reader
from handlers.forms import reading, rules
from handlers.forms.rules import Kind, Option, Question

CATALOG = Catalog(PROJECT / "templates" / "catalog")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
CHOICES = (Option("self", "给我自己", ("我自己",)), Option("parent", "给家里老人", ("我妈", "老人")))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(CATALOG)


def read(reader: Reader, kind: Kind, words: str) -> reading.Heard:
    question = Question("one", "问", "？", kind, options=CHOICES if kind == "choice" else ())
    said = reading.said(words, reader.read(words, private=True).place, NOW)
    return reading.answer(question, said, rules.words(CATALOG), {})


@pytest.mark.parametrize(
    ("kind", "words", "value"),
    [
        ("number", "3", "3"),
        ("number", "三个人", "3"),
        ("number", "一共有十二个", "12"),
        ("number", "没有", "0"),
        ("date", "明天", "2026-11-24"),
        ("date", "12月3号下午", "2026-12-03"),
        ("period", "12月1日到8日", "2026-12-01/2026-12-08"),
        ("period", "明天开始一周", "2026-11-24/2026-11-30"),
        ("yesno", "有的", "yes"),
        ("yesno", "没有", "no"),
        ("yesno", "不需要", "no"),
        ("choice", "2", "parent"),
        ("choice", "给我妈", "parent"),
        ("phone", "我的是138 1234 5678", "13812345678"),
        ("phone", "+86 13812345678", "13812345678"),
        ("id", "11010519491231002x", "11010519491231002X"),
        ("household", "3栋2单元501", "3-2-501"),
        ("household", "住B座1203", "B--1203"),
        ("household", "石桥一组12号", "--石桥一组12号"),
        ("text", "两天浇一次花", "两天浇一次花"),
    ],
)
def test_an_answer_is_understood(reader: Reader, kind: Kind, words: str, value: str) -> None:
    assert read(reader, kind, words) == reading.Heard(value)


@pytest.mark.parametrize(
    ("kind", "words", "trouble"),
    [
        ("number", "好多人", "not_understood"),
        ("date", "过几天", "which_dates"),
        ("date", "随便", "not_understood"),
        ("date", "春节", "which_dates"),
        ("period", "12月1日", "until_when"),
        ("yesno", "再看看", "not_understood"),
        ("choice", "都行", "not_understood"),
        ("phone", "1381234567", "phone_wrong"),
        ("id", "110105194912310021", "id_wrong"),
        ("household", "3栋", "door_wrong"),
        ("photo", "没有照片", "photo_wanted"),
    ],
)
def test_what_is_no_answer_is_told_apart(reader: Reader, kind: Kind, words: str, trouble: str) -> None:
    assert read(reader, kind, words).trouble == trouble
