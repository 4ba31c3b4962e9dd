"""Whoever goes instead stands for that place: on the card, on the board, and when they cannot come either."""

import pytest

from tests.mobilizing.test_mobilizing import LEAD, mobilized
from tests.stage import Stage


def handed_twice(stage: Stage) -> None:
    """汪洋 is asked to cover both 1-2栋 and 3-4栋."""
    mobilized(stage, "演练 地震")
    stage.say("来不了,让汪洋去", by="lilei")
    stage.say("来不了,让汪洋去", by="hanmei")


def board_of(stage: Stage, who: str) -> str:
    stage.pass_time(seconds=10)
    return [one.text for one in stage.hears(who) if "应到" in one.text][-1]


def test_a_place_that_nobody_has_taken_yet_is_still_missing(stage: Stage) -> None:
    handed_twice(stage)

    said = board_of(stage, LEAD)

    assert "应到 20 人" in said
    assert "锦绣花园1-2栋没回话 1" in said
    assert "锦绣花园3-4栋没回话 1" in said


def test_his_no_passes_on_the_places_that_were_his_to_cover(stage: Stage) -> None:
    handed_twice(stage)

    said = stage.say("来不了", by="wangyang")[0]

    assert "周建华" in said
    asked = stage.last("zhoujianhua").text
    assert "锦绣花园1-2栋、锦绣花园3-4栋" in asked
    assert "喊邻居出来" in asked
    assert "锦绣花园3-4栋没回话 1" in board_of(stage, LEAD)
    stage.say("收到", by="zhoujianhua")
    assert "锦绣花园3-4栋没回话" not in board_of(stage, LEAD)


def test_an_answer_lands_on_the_place_that_is_covered(stage: Stage) -> None:
    handed_twice(stage)

    assert "您顶的是锦绣花园1-2栋、锦绣花园3-4栋" in stage.say("收到,马上下楼", by="wangyang")[0]
    assert "锦绣花园1-2栋" in stage.say("我到底去哪边", by="wangyang")[0]
    assert "喊邻居出来" in stage.say("我到岗了", by="wangyang")[0]
    assert "锦绣花园3-4栋" not in board_of(stage, LEAD)


@pytest.mark.parametrize("words", ["等等,我点错了,还没到", "还没到", "上一步", "点错了"])
def test_a_step_is_taken_back_in_a_word(stage: Stage, words: str) -> None:
    mobilized(stage)
    stage.say("5分钟到", by="hanmei")
    stage.say("到岗", by="hanmei")

    assert "在途" in stage.say(words, by="hanmei")[0]
    assert "到岗 0" in board_of(stage, LEAD)


def test_a_step_back_from_under_way_is_seen(stage: Stage) -> None:
    mobilized(stage)
    stage.say("5分钟到", by="hanmei")

    assert "已收到" in stage.say("上一步", by="hanmei")[0]


def test_nothing_is_taken_back_of_whoever_answered_nothing(stage: Stage) -> None:
    mobilized(stage)

    assert "动员" not in "".join(stage.say("点错了", by="hanmei"))


def test_spare_people_are_sent_first_and_a_place_keeps_its_last_lead(stage: Stage) -> None:
    mobilized(stage)
    for who in ("sunlihua", "huangzhiming", "yugang", "caihui"):
        stage.say("到岗", by=who)
    stage.say("增援 4人", by="zhoujianhua")
    asked = stage.last(LEAD)
    assert "锦绣第二网格可派 2 人" in asked.text

    label = next(label for label, _ in asked.buttons if "锦绣第二网格" in label)
    said = stage.tap(asked, label, by=LEAD)[0]

    assert "蔡慧" in said
    assert "孙丽华" not in said
    assert "还差 2 人" in said
    assert "锦绣第二网格没回话" not in board_of(stage, LEAD) or "没回话 3" in board_of(stage, LEAD)
    assert [label for label, _ in stage.last("caihui").buttons] == ["在途", "来不了"]


def test_whoever_asks_for_people_has_answered(stage: Stage) -> None:
    mobilized(stage)

    stage.say("再来三个人增援", by="zhoujianhua")

    assert "收到 2" in board_of(stage, LEAD), "the lead who ordered it and the one who asks"
