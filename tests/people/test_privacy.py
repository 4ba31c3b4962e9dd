"""In a group the bot shows no private number, and says so kindly when somebody posts one."""

import pytest

from tests.stage import Stage

GROUP = "g-jinxiu-2"
KINDLY = "群里人多，电话、证件号、卡号最好撤回，需要的话私聊告诉我。"


@pytest.mark.parametrize("words", ["我电话13812345678 有事打给我", "我身份证11010519491231002X 帮我看看"])
def test_whoever_posts_a_private_number_is_told_once(stage: Stage, words: str) -> None:
    assert stage.say(words, by="liguifang", chat=GROUP) == [KINDLY]
    assert stage.say(words, by="liguifang", chat=GROUP) == []
    stage.pass_time(hours=13)
    assert stage.say(words, by="liguifang", chat=GROUP) == [KINDLY]


@pytest.mark.parametrize("words", ["快递单号 773012345678901 谁拿错了", "2026年11月23日 开会", "今天花了1280元"])
def test_other_numbers_are_nobodys_business(stage: Stage, words: str) -> None:
    assert stage.say(words, by="liguifang", chat=GROUP) == []


def test_a_report_with_a_number_is_taken_and_the_number_is_not_repeated(stage: Stage) -> None:
    heard = stage.say("报事 3栋2单元电梯停了 电话13812345678", by="liguifang", chat=GROUP)

    assert heard[0].startswith("收到，1001号")
    assert heard[1] == KINDLY
    assert "13812345678" in stage.last("hanmei").text
    assert all("13812345678" not in one.text for one in stage.heard() if not one.private)


def test_in_private_and_among_staff_numbers_are_fine(stage: Stage) -> None:
    assert KINDLY not in stage.say("我电话13812345678", by="liguifang")
    assert stage.say("王师傅电话13812345678", by="hanmei", chat="w-jinxiu-1") == []


def test_an_id_number_right_after_a_phone_is_spoken_of_too(stage: Stage) -> None:
    assert stage.say("我电话13812345678 有事打给我", by="liguifang", chat=GROUP) == [KINDLY]
    assert stage.say("我身份证11010519491231002X 帮我看看", by="liguifang", chat=GROUP) == [KINDLY]
    assert stage.say("我身份证11010519491231002X 帮我看看", by="liguifang", chat=GROUP) == []


def test_an_id_number_among_neighbours_is_warned_of_and_never_offered_as_a_report(stage: Stage) -> None:
    heard = stage.say("我的身份证11010519491231002X", by="wutong", chat="g-jinxiu-2")

    assert len(heard) == 1
    assert "报给网格长" not in heard[0]
