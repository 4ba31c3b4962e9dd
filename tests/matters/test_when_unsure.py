"""When the bot is not sure that a report was meant: one question with two buttons, once."""

import re
import shutil
from pathlib import Path

import pytest

from bot.settings import PROJECT
from storage import asked
from tests.stage import Stage, kit

GROUP = "g-jinxiu-2"
LIFT = "3栋2单元电梯又停了"


@pytest.fixture
def shy(stage: Stage, tmp_path: Path) -> Stage:
    """A community that has told its bot never to be sure."""
    templates = tmp_path / "templates"
    shutil.copytree(PROJECT / "templates", templates)
    told = templates / "catalog" / "thresholds.toml"
    told.write_text(re.sub(r"^act = .*$", "act = 1.1", told.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    return Stage(stage.database, kit(templates, stage.clock), stage.clock)


def test_one_question_with_two_buttons(shy: Stage) -> None:
    assert shy.say(LIFT, by="liguifang", chat=GROUP) == ["liguifang，这是要报给网格长吗？"]

    question = shy.last(GROUP, group=True)
    assert [label for label, _ in question.buttons] == ["是，帮我报", "不是，随便聊"]
    assert shy.tap(question, "是，帮我报", by="liguifang")[0].startswith("收到，1001号")
    assert shy.matter(1001).text == LIFT


def test_a_digit_answers_too(shy: Stage) -> None:
    shy.say(LIFT, by="liguifang", chat=GROUP)

    assert shy.say("1", by="liguifang", chat=GROUP)[0].startswith("收到，1001号")


def test_no_means_that_nothing_is_kept(shy: Stage) -> None:
    shy.say(LIFT, by="liguifang", chat=GROUP)
    shy.tap(shy.last(GROUP, group=True), "不是，随便聊", by="liguifang")

    with shy.database.reading() as session:
        assert session.all(asked.Asked, asked.asked.select()) == []


def test_the_same_neighbour_is_not_asked_again_for_a_while(shy: Stage) -> None:
    shy.say(LIFT, by="liguifang", chat=GROUP)

    assert shy.say("4栋楼道灯坏了", by="liguifang", chat=GROUP) == []
    shy.pass_time(minutes=31)
    assert len(shy.say("4栋楼道灯坏了", by="liguifang", chat=GROUP)) == 1


def test_nobody_answers_for_somebody_else(shy: Stage) -> None:
    shy.say(LIFT, by="liguifang", chat=GROUP)

    assert shy.tap(shy.last(GROUP, group=True), "是，帮我报", by="zhangdashan") == []


def test_an_unanswered_question_forgets_the_words(shy: Stage) -> None:
    shy.say(LIFT, by="liguifang", chat=GROUP)
    question = shy.last(GROUP, group=True)
    shy.pass_time(minutes=11)

    assert shy.tap(question, "是，帮我报", by="liguifang") == []


def test_an_answer_that_names_no_place_is_asked_for_once_more_and_the_report_is_kept(stage: Stage) -> None:
    stage.say("楼道灯坏了", by="niu")
    assert "小区或村叫什么" in stage.say("要好久嘛", by="niu")[0]
    assert "1001" in stage.say("锦绣花园", by="niu")[0]
    assert stage.matter(1001).text == "楼道灯坏了"


def test_whoever_lives_where_nobody_is_known_is_heard_by_the_district_and_asked_again_next_time(stage: Stage) -> None:
    stage.say("楼道灯坏了", by="niu")
    assert "1001" in stage.say("阳光小区", by="niu")[0]
    stage.pass_time(days=3)
    assert "哪个小区" in stage.say("门口的路灯也坏了", by="niu")[0]


def test_the_question_where_can_be_left_in_ones_own_words(stage: Stage) -> None:
    stage.say("楼道灯坏了", by="niu")
    assert stage.say("算了 已经有人来修好了", by="niu") == ["好，那就不记了。有事随时说。"]


def test_an_estates_name_alone_is_asked_what_is_the_matter_there(stage: Stage) -> None:
    assert "怎么了" in stage.say("锦绣花园", by="niu")[0]


@pytest.mark.parametrize(
    ("words", "spot"), [("锦绣花园 楼道灯坏了", "楼道"), ("锦绣花园的花园没人扫", "花园"), ("锦绣花园没水了", None)]
)
def test_a_part_of_the_estates_name_is_no_spot(stage: Stage, words: str, spot: str | None) -> None:
    stage.say(words, by="niu")
    assert stage.matter(1001).spot == spot
