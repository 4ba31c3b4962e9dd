"""A war order said whole, whenever it is said: read as far as it says, and only what is missing is asked."""

import pytest

from tests.modes.test_modes import COMMUNITY, HEAD, mode_of, number_in
from tests.stage import Stage


@pytest.mark.parametrize(
    "words",
    [
        "锦绣社区转战时 文号 锦溪应急〔2026〕3号 到今晚8点",
        "锦绣社区，到今晚8点，依据：锦溪应急〔2026〕3号",
        "锦绣社区转战时，时间到今晚8点，根据锦溪应急〔2026〕3号执行",
        "我们社区马上转入战时，今晚8点前，按锦溪应急〔2026〕3号文件要求",
    ],
)
def test_asked_for_the_place_the_whole_order_is_heard(stage: Stage, words: str) -> None:
    stage.say("战时", by=HEAD)

    shown = stage.say(words, by=HEAD)[0]

    assert "还没生效" in shown
    assert "依据：锦溪应急〔2026〕3号" in shown
    assert "到：11月23日20:00" in shown
    assert mode_of(stage, COMMUNITY) == "peace"


@pytest.mark.parametrize(
    "words",
    [
        "区防指3号令，锦绣社区即刻转入战时，到明早8点结束",
        "根据区防指3号令要求，锦绣社区从现在起转为战时管理，一直到明早8点",
        "锦绣社区马上转战时，依据是区防指3号令，时间到明早8点",
        "战时 锦绣社区 到明早8点 依据：区防指3号令",
        "战时：锦绣社区，明早8点前，按区防指3号令执行",
    ],
)
def test_said_whole_in_any_order(stage: Stage, words: str) -> None:
    shown = stage.say(words, by=HEAD)[0]

    assert "依据：区防指3号令\n" in shown
    assert "到：11月24日08:00" in shown


def test_the_ground_is_not_called_ground_twice(stage: Stage) -> None:
    stage.say("战时 锦绣社区 24小时", by=HEAD)

    assert "依据：区防指3号令\n" in stage.say("依据：区防指3号令", by=HEAD)[0]


def test_an_answer_that_says_more_is_read_as_far_as_it_says(stage: Stage) -> None:
    stage.say("战时 锦绣社区", by=HEAD)

    shown = stage.say("依据区防指3号令，到今晚8点", by=HEAD)[0]

    assert "依据：区防指3号令\n" in shown
    assert "到：11月23日20:00" in shown


def test_the_end_said_first_is_kept_and_the_ground_asked_again(stage: Stage) -> None:
    stage.say("战时 锦绣社区", by=HEAD)
    assert "谁下的令" in stage.say("到今晚8点", by=HEAD)[0]

    assert "到：11月23日20:00" in stage.say("区防指3号令", by=HEAD)[0]


def test_the_order_said_anew_keeps_what_was_said_of_it(stage: Stage) -> None:
    stage.say("战时 锦绣社区 区防指3号令", by=HEAD)

    shown = stage.say("锦绣社区转战时，到今晚8点", by=HEAD)[0]

    assert number_in(shown) == 1001
    assert "依据：区防指3号令\n" in shown


@pytest.mark.parametrize("words", ["哪个要转嘛", "群里都在说要下雨", "好的"])
def test_words_that_name_no_place_do_not_pile_up(stage: Stage, words: str) -> None:
    stage.say("战时", by=HEAD)
    assert "哪个网格" in stage.say(words, by=HEAD)[0]

    assert "谁下的令" in stage.say("锦绣社区", by=HEAD)[0]


@pytest.mark.parametrize("words", ["好的", "是要文号吗？", "嗯"])
def test_a_yes_and_a_question_are_no_ground(stage: Stage, words: str) -> None:
    stage.say("战时 锦绣社区", by=HEAD)

    assert "谁下的令" in stage.say(words, by=HEAD)[0]


def test_how_it_stands_is_told_while_a_part_is_asked(stage: Stage) -> None:
    stage.say("战时 锦绣社区", by=HEAD)
    assert "现在都是平时" in stage.say("现在是战时吗", by=HEAD)[0]

    assert "管到什么时候" in stage.say("区防指3号令", by=HEAD)[0]


def test_a_fault_reported_meanwhile_is_a_report(stage: Stage) -> None:
    stage.say("战时 锦绣社区", by=HEAD)

    assert "收到，编号" in stage.say("锦绣花园3栋2单元电梯又停了", by=HEAD)[0]


@pytest.mark.parametrize(
    "words", ["听说，锦绣社区要转战时", "群主说锦绣社区转战时", "锦绣社区昨天转战时了，大家都很累"]
)
def test_what_is_told_of_is_no_order(stage: Stage, words: str) -> None:
    assert "还没生效" not in "".join(stage.say(words, by=HEAD, chat="w-jinxiu"))
