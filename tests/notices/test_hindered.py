"""发错了，停发; 停水改到后天了: what was sent is named with the exact words; nothing is done by the loose ones."""

import pytest

from storage import notices
from tests.notices.desk import HEAD, notice, released
from tests.stage import Stage


@pytest.mark.parametrize(
    "words", ["停发", "发错了，停发", "刚才那条停水的停发", "停水改到后天了，更正一下", "停水取消了，告诉大家一声"]
)
def test_the_notice_is_named_with_what_to_say_exactly(stage: Stage, words: str) -> None:
    number = released(stage)

    said = stage.say(words, by=HEAD)

    assert len(said) == 1
    assert f"停下来发“停发 {number}”" in said[0]
    assert f"更正 {number} 新的内容" in said[0]
    assert notice(stage, number).state == notices.GOING


def test_a_report_about_something_else_stays_one(stage: Stage) -> None:
    released(stage)

    assert "停下来发" not in "".join(stage.say("锦绣花园3栋2单元电梯停了", by=HEAD))
    assert "停下来发" not in "".join(stage.say("停水改到后天了", by="lilei"))


def test_with_nothing_sent_it_is_asked_which(stage: Stage) -> None:
    assert stage.say("停发", by=HEAD) == ["要停哪一条？请发“停发 编号”。"]
