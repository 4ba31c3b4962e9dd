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
