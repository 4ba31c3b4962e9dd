"""The figures of the half that was kept aside must not fall; and what a community adds to the catalog counts."""

from pathlib import Path
from shutil import copytree

import pytest

from bot.catalog import Catalog
from bot.understanding import Reader
from bot.understanding.learned import FILE
from tests.understanding import figures, sentences
from tests.understanding.figures import Read

LARGEST_BYTES = 2_000_000


@pytest.fixture(scope="module", params=["kept aside", "judge", "strangers"])
def unseen(reader: Reader, request: pytest.FixtureRequest) -> list[Read]:
    """What nothing was trained on: half of four hands' lines, all that a stranger wrote as a judge, and seven more."""
    if request.param == "kept aside":
        return figures.read_all(reader, sentences.kept_aside(sentences.hands()))
    return figures.read_all(reader, sentences.judge() if request.param == "judge" else sentences.strangers())


def test_reports_are_recognised(unseen: list[Read]) -> None:
    assert figures.recall(unseen, "report") >= 0.88


def test_chatter_is_left_alone(unseen: list[Read]) -> None:
    assert figures.false_alarms(unseen) <= 0.023


def test_danger_is_recognised(unseen: list[Read]) -> None:
    assert figures.recall(unseen, "emergency") >= 0.95


def test_lines_made_to_look_like_danger_do_not_fool(unseen: list[Read]) -> None:
    assert sum(read.sentence.fools and read.said.intent == "emergency" for read in unseen) <= 5


@pytest.mark.parametrize("intent", ["wish", "form", "ask", "progress", "withdraw", "volunteer", "verify", "command"])
def test_other_intents_are_recognised(unseen: list[Read], intent: str) -> None:
    assert figures.f1(unseen, intent) >= 0.75


def test_categories_and_places_are_right(unseen: list[Read]) -> None:
    assert figures.category_accuracy(unseen) >= 0.88
    assert figures.place_accuracy(unseen) >= 0.92


def test_the_corpus_is_large_and_half_of_it_is_kept_aside() -> None:
    hands = sentences.hands()
    assert len(hands) >= 2500
    assert sum(each.intent == "chat" for each in hands) >= 1000
    assert 0.45 <= len(sentences.kept_aside(hands)) / len(hands) <= 0.55


def test_the_learned_weights_are_small() -> None:
    assert FILE.stat().st_size <= LARGEST_BYTES


def test_a_word_that_a_community_adds_is_understood_at_once(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    copytree(catalog.folder, folder)
    file = folder / "categories.toml"
    file.write_text(file.read_text("utf-8").replace('"电梯门*1.5",', '"电梯门*1.5", "噗噗机..罢工*2",', 1), "utf-8")
    text = "3栋的噗噗机罢工"

    said = Reader(Catalog(folder)).read(text)

    assert (said.intent, said.category) == ("report", "facilities")
    assert "fault:facilities:噗噗机罢工" in said.why


def test_several_matters_in_one_message_are_told_apart(reader: Reader) -> None:
    said = reader.read("3栋2单元电梯又停了。还有东门垃圾没人收,臭死了")

    assert [(part.category, part.place.building, part.place.spot) for part in said.parts] == [
        ("facilities", "3", "电梯"),
        ("sanitation", "3", "东门"),
    ]
    assert reader.read("3栋2单元电梯又停了。麻烦快点来修").parts == ()


def test_personal_data_comes_with_what_was_said(reader: Reader) -> None:
    said = reader.read("@小格 3栋灯坏了,打我电话13912345678")

    assert [said.text[piece.start : piece.end] for piece in said.personal] == ["13912345678"]
