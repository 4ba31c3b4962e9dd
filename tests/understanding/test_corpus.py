"""Sentences as neighbours write them: what is recognised must not get worse. The words were tuned on them: no proof."""

from pathlib import Path

import msgspec
import pytest

from bot.catalog import Catalog
from bot.understanding import Reader, Utterance

FOLDER = Path(__file__).parent / "corpus"


class Line(msgspec.Struct, frozen=True):
    text: str
    intent: str
    category: str | None = None
    kind: str | None = None


def corpus(name: str) -> list[Line]:
    return [msgspec.json.decode(line, type=Line) for line in (FOLDER / f"{name}.jsonl").read_bytes().splitlines()]


def share(good: int, lines: list[Line]) -> float:
    return good / len(lines)


def speaks(said: Utterance) -> bool:
    return said.intent != "chat"


def test_reports_are_recognised(reader: Reader) -> None:
    lines = corpus("reports")
    assert share(sum(reader.read(line.text).intent == "report" for line in lines), lines) >= 0.93


def test_recognised_reports_have_the_right_category(reader: Reader) -> None:
    lines = [line for line in corpus("reports") if reader.read(line.text).intent == "report"]
    assert share(sum(reader.read(line.text).category == line.category for line in lines), lines) >= 0.93


def test_chatter_is_left_alone(reader: Reader) -> None:
    lines = corpus("chatter")
    assert share(sum(speaks(reader.read(line.text)) for line in lines), lines) <= 0.02


def test_what_else_people_want_is_recognised(reader: Reader) -> None:
    lines = corpus("others")
    assert share(sum(reader.read(line.text).intent == line.intent for line in lines), lines) >= 0.9


@pytest.mark.parametrize("line", corpus("emergencies"), ids=lambda line: line.text)
def test_danger_is_recognised(reader: Reader, line: Line) -> None:
    said = reader.read(line.text)
    assert (said.intent, said.urgency, said.emergency) == ("emergency", "emergency", line.kind)


@pytest.mark.parametrize("line", corpus("innocents"), ids=lambda line: line.text)
def test_what_only_sounds_like_danger_is_none(reader: Reader, line: Line) -> None:
    assert reader.read(line.text).intent != "emergency"


def test_an_explicit_report_of_danger_is_an_emergency(reader: Reader) -> None:
    assert reader.read("报事 3栋着火了").intent == "emergency"


def test_every_danger_has_its_advice_in_sixty_characters(catalog: Catalog) -> None:
    says = catalog.folder.parent / "says" / "emergency"
    for kind in catalog.emergencies.kind:
        advice = (says / f"{kind.advice}.txt").read_text("utf-8").strip()
        assert len(advice) <= 60
        assert any(number in advice for number in ("110", "119", "120"))


@pytest.mark.parametrize(
    ("text", "urgency"), [("楼道灯坏了好几天", "normal"), ("水管爆了 水往楼道流", "urgent"), ("3栋井盖没了", "urgent")]
)
def test_what_cannot_wait_is_urgent(reader: Reader, text: str, urgency: str) -> None:
    assert reader.read(text).urgency == urgency


def test_a_reading_says_why(reader: Reader) -> None:
    assert "fault:facilities:电梯又停" in reader.read("3栋2单元电梯又停了").why
