"""Threads: who has the same, who adds, who takes back; and how often that is right on whole conversations."""

import pytest

from bot.understanding import Reader
from bot.understanding.threads import joins
from tests.understanding.conversations import Conversation, Line, kept_aside, moments, right


def deeds(reader: Reader, lines: list[tuple[str, str]]) -> list[str]:
    conversation = Conversation(tuple(Line(by, text, "") for by, text in lines))
    return [moment.does for moment in moments(reader, conversation, reader.deed)]


@pytest.mark.parametrize("text", ["我家也是", "+1", "同问", "我们楼也停了", "5栋也是", "一样", "我也没水"])
def test_the_same_trouble_joins(text: str) -> None:
    assert joins(text)


@pytest.mark.parametrize("text", ["好的", "谢谢", "今天真热", "我家没事", "1"])
def test_talk_does_not_join(text: str) -> None:
    assert not joins(text)


def test_a_thread_has_one_matter(reader: Reader) -> None:
    said = [
        ("A", "3栋2单元电梯又停了"),
        ("B", "我家也是"),
        ("A", "[图片]"),
        ("C", "哈哈我住一楼"),
        ("A", "修好了,不用来了"),
    ]
    assert deeds(reader, said) == ["new", "joins", "adds", "nothing", "withdraws"]


def test_nobody_joins_what_was_never_said(reader: Reader) -> None:
    assert deeds(reader, [("A", "今晚吃饺子"), ("B", "我家也是"), ("C", "+1")]) == ["nothing"] * 3


def test_conversations_kept_aside_are_followed(reader: Reader) -> None:
    met, of = right(reader, kept_aside())

    assert met / of >= 0.8
