"""In a group a yes answers the bot only where nobody else spoke in between, or where it is said to the bot."""

import pytest

from tests.stage import Heard, Stage
from tests.wishes.test_a_wishs_life import GROUP

WISH = "有没有人能陪我去医院"
UNSURE = "楼上水管好像有点响"
BETWEEN = "你莫许愿了，来我家嘛，我陪你"


def offered(stage: Stage, words: str = WISH) -> Heard:
    """What the bot asks the speaker in the group."""
    asked = stage.does("text", words, by="liguifang", chat=GROUP)[0]
    assert asked.buttons
    return asked


@pytest.mark.parametrize("words", ["好嘛", "要得", "好的", "可以", "嗯嗯", "想", "不用了", "要得要得，谢谢你"])
def test_a_yes_after_a_neighbours_words_is_the_neighbours(stage: Stage, words: str) -> None:
    offered(stage)
    stage.say(BETWEEN, by="wutong", chat=GROUP)

    assert stage.say(words, by="liguifang", chat=GROUP) == []


@pytest.mark.parametrize(("offer", "code"), [("我家有轮椅可以借", "资源"), ("谁家有梯子借我用一下", "互助")])
def test_so_it_is_with_whatever_else_the_bot_asks(stage: Stage, offer: str, code: str) -> None:
    offered(stage, offer)
    stage.say("我等下来找你", by="wutong", chat=GROUP)

    assert stage.say("好嘛", by="liguifang", chat=GROUP) == []
    assert not any(code in heard.text for heard in stage.hears("liguifang"))


def test_a_photo_in_between_counts_as_well(stage: Stage) -> None:
    offered(stage)
    stage.does("photo", "p1", by="wutong", chat=GROUP)

    assert stage.say("好嘛", by="liguifang", chat=GROUP) == []


@pytest.mark.parametrize("words", ["好嘛", "要得", "好，帮我发", "发吧"])
def test_with_nobody_in_between_a_yes_is_the_bots(stage: Stage, words: str) -> None:
    offered(stage)

    assert stage.say(words, by="liguifang", chat=GROUP)[0].startswith("收到心愿")


def test_who_spoke_before_the_question_or_in_another_group_is_not_in_between(stage: Stage) -> None:
    stage.say("吃饭没得", by="wutong", chat=GROUP)
    offered(stage)
    stage.say("在不在", by="liguifang", chat=GROUP)
    stage.say("你莫许愿了", by="wutong", chat="g-jinxiu-1")

    assert stage.say("好嘛", by="liguifang", chat=GROUP)[0].startswith("收到心愿")


@pytest.mark.parametrize("words", ["@王姐 好嘛", "@wutong 要得", "王姐，好嘛", "要得哈孙孃孃"])
def test_a_yes_with_a_neighbours_name_is_the_neighbours(stage: Stage, words: str) -> None:
    offered(stage)

    assert stage.say(words, by="liguifang", chat=GROUP) == []


def test_after_the_neighbour_the_bot_still_hears_a_tap(stage: Stage) -> None:
    asked = offered(stage)
    stage.say(BETWEEN, by="wutong", chat=GROUP)

    assert stage.tap(asked, "好，帮我发", by="liguifang")[0].startswith("收到心愿")


def test_it_hears_a_yes_that_quotes_it(stage: Stage) -> None:
    asked = offered(stage)
    stage.say(BETWEEN, by="wutong", chat=GROUP)

    assert stage.say("好嘛", by="liguifang", chat=GROUP, quote=asked)[0].startswith("收到心愿")


@pytest.mark.parametrize("words", ["小格，好嘛", "@小格 要得", "好，帮我发", "发到心愿墙嘛，发吧", "1"])
def test_it_hears_its_name_its_buttons_words_and_a_digit(stage: Stage, words: str) -> None:
    offered(stage)
    stage.say(BETWEEN, by="wutong", chat=GROUP)

    assert "收到心愿" in stage.say(words, by="liguifang", chat=GROUP)[0]


def test_a_yes_that_quotes_a_neighbour_is_the_neighbours(stage: Stage) -> None:
    offered(stage)
    of_a_neighbour = Heard(999999, GROUP, private=False, text="来我家嘛", buttons=(), lane=1)

    assert stage.say("好嘛", by="liguifang", chat=GROUP, quote=of_a_neighbour) == []


def test_an_answer_of_ones_own_counts_whoever_spoke(stage: Stage) -> None:
    """Where the bot waits for a sentence, a sentence is its answer; only a bare yes is not."""
    stage.say("报事", by="liguifang", chat=GROUP)
    stage.say("下楼耍不嘛", by="wutong", chat=GROUP)

    assert stage.say("好嘛", by="liguifang", chat=GROUP) == []
    assert "1001" in stage.say("3栋2单元电梯又停了", by="liguifang", chat=GROUP)[0]
