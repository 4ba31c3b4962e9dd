"""Who wants to help, or asks what is on hand, in any words: the wall nearby, or one's own claims."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import PLAIN, claimed, published

WALL = [
    "有没有什么我能帮的",
    "看看墙上有啥子",
    "有啥子可以帮忙的不",
    "墙上还有啥",
    "我今天空得很，有啥子要帮忙的没得",
    "我想帮忙",
    "哪些邻居需要帮忙",
]
HANDS = [
    "我认领的还有几个",
    "我认领了哪些",
    "我认了哪几个喃",
    "我手上还有几个没办",
    "我还有几个没弄完",
    "我接了几个哦",
]


@pytest.mark.parametrize("words", WALL)
def test_whoever_wants_to_help_sees_the_wall(stage: Stage, words: str) -> None:
    number = published(stage)

    heard = stage.does("text", words, by="chenhao")[0]

    assert f"{number} 借用：{PLAIN}" in heard.text
    assert heard.buttons[0][0] == f"认领 {number}"


@pytest.mark.parametrize("words", WALL)
def test_among_neighbours_it_is_chatter_until_the_bot_is_spoken_to(stage: Stage, words: str) -> None:
    published(stage)

    assert stage.say(words, by="chenhao", chat="g-jinxiu-1") == []
    assert PLAIN in stage.say(f"@小格 {words}", by="chenhao", chat="g-jinxiu-1")[0]


@pytest.mark.parametrize("words", HANDS)
def test_ones_own_claims_are_told_in_any_words(stage: Stage, words: str) -> None:
    number = claimed(stage)

    assert f"您认领的：\n{number} {PLAIN}" in stage.say(words, by="chenhao")[0]


@pytest.mark.parametrize("words", HANDS)
def test_with_nothing_on_hand_that_is_said_and_nothing_reported(stage: Stage, words: str) -> None:
    heard = stage.say(words, by="wutong")

    assert "手上也没有认领的" in heard[0]


def test_staff_without_a_claim_mean_their_work(stage: Stage) -> None:
    assert "收到，编号" not in stage.say("我手上还有几个没办", by="hanmei")[0]


@pytest.mark.parametrize(
    "words", ["我会修电器可以帮忙", "我能帮大家理发", "楼道墙上有个洞没人管", "墙上的瓷砖掉了有什么办法"]
)
def test_offers_and_reports_are_no_question_for_the_wall(stage: Stage, words: str) -> None:
    published(stage)

    assert "等人帮忙的心愿" not in stage.say(words, by="chenhao")[0]


def test_who_needs_help_is_asked_what_and_no_volunteer(stage: Stage) -> None:
    assert "热心" not in stage.say("我需要帮忙", by="wutong")[0]


@pytest.mark.parametrize("words", ["哪个能帮我看看水管", "3栋2单元电梯又停了"])
def test_a_want_is_no_resource(stage: Stage, words: str) -> None:
    stage.say("我要当志愿者", by="wutong")

    assert "资源" not in stage.say(words, by="wutong")[0]


@pytest.mark.parametrize("words", ["我能出门上班吗", "我可以出去不", "能不能回去拿猫", "准不准出门哦"])
def test_whoever_asks_what_is_allowed_offers_nothing(stage: Stage, words: str) -> None:
    assert "真热心" not in "".join(stage.say(words, by="wutong"))

    assert "真热心" in stage.say("我可以帮忙", by="wutong")[0]
    stage.say(words, by="wutong")
    assert "记下了" not in stage.last("wutong").text


@pytest.mark.parametrize("words", ["我能帮忙送东西吗", "我可以参加不", "能不能帮大家做点啥"])
def test_whoever_asks_how_to_help_is_told(stage: Stage, words: str) -> None:
    assert "找人来办" not in "".join(stage.say(words, by="wutong"))
