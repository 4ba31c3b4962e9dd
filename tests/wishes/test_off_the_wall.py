"""A published wish is taken off the wall by whoever may vet it: at once, and everybody concerned hears why."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import GROUP, PLAIN, claimed, published, wished

ORDERS = [
    "撤下 {0}",
    "下架 {0}",
    "取消发布 {0}",
    "{0} 写了门牌号,先从墙上撤下来",
    "把{0}撤下来",
    "{0} 先下架",
    "撤回 {0}",
]


@pytest.mark.parametrize("words", ORDERS)
def test_a_vetter_takes_it_down_in_plain_words(stage: Stage, words: str) -> None:
    number = published(stage)

    heard = stage.say(words.format(number), by="xujianing")[0]

    assert f"心愿 {number} 从心愿墙撤下了" in heard
    assert "收不回来" in heard
    assert stage.matter(number).state == "vetting"
    assert str(number) not in stage.say("心愿墙", by="chenhao")[0]


def test_the_claim_ends_and_both_hear_why(stage: Stage) -> None:
    number = claimed(stage)

    stage.say(f"{number} 写了门牌号,先从墙上撤下来", by="xujianing")

    assert stage.last("liguifang").text.startswith(f"您的心愿 {number} 先从心愿墙撤下来了（写了门牌号）")
    assert f"您认领的心愿 {number}（{PLAIN}）社区先撤下来了（写了门牌号）" in stage.last("chenhao").text
    assert "不在您手上" in stage.say("圆梦", by="chenhao")[0]
    assert stage.matter(number).state == "vetting"


def test_why_it_went_tells_the_claimer_nobodys_name(stage: Stage) -> None:
    number = claimed(stage)

    stage.say(f"撤下 {number} 李桂芳说电话13812345678写错了", by="xujianing")

    heard = stage.last("chenhao").text
    assert "撤下来了" in heard
    assert "李桂芳" not in heard
    assert "13812345678" not in heard


def test_it_is_published_again_and_can_be_claimed_again(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"撤下 {number}", by="xujianing")
    stage.tap(stage.last("xujianing"), "发布", by="xujianing")

    stage.say(f"认领 {number}", by="wutong")

    assert stage.matter(number).state == "claimed"


def test_what_stands_in_the_group_claims_nothing_any_more(stage: Stage) -> None:
    number = published(stage)
    line = stage.last("g-jinxiu-1", group=True)
    stage.say(f"撤下 {number}", by="xujianing")

    stage.tap(line, "认领", by="chenhao")

    assert stage.matter(number).state == "vetting"


@pytest.mark.parametrize("words", ["撤下 {0}", "下架 {0}", "{0} 先从墙上撤下来"])
def test_nobody_else_takes_it_down(stage: Stage, words: str) -> None:
    number = published(stage)

    stage.say(words.format(number), by="chenhao")

    assert stage.matter(number).state == "open"


@pytest.mark.parametrize("words", ["{0} 莫撤下", "{0} 不要下架", "{0} 可以撤下吗", "{0} 的电话撤掉"])
def test_what_only_speaks_of_it_takes_nothing_down(stage: Stage, words: str) -> None:
    number = published(stage)

    stage.say(words.format(number), by="xujianing")

    assert stage.matter(number).state == "open"


def test_what_is_not_on_the_wall_cannot_be_taken_off(stage: Stage) -> None:
    number = wished(stage)

    assert "不能撤下" in stage.say(f"撤下 {number}", by="xujianing")[0]
    assert stage.matter(number).state == "vetting"


def test_several_are_taken_down_at_once(stage: Stage) -> None:
    numbers = [published(stage), published(stage, "想借一辆轮椅")]

    stage.say("撤下 {} {}".format(*numbers), by="xujianing")

    assert {stage.matter(number).state for number in numbers} == {"vetting"}


def test_in_a_residents_group_nobody_reads_of_it(stage: Stage) -> None:
    number = claimed(stage)

    assert stage.say(f"撤下 {number}", by="xujianing", chat=GROUP) == []
    assert "从心愿墙撤下了" in stage.last("xujianing").text


def test_a_yes_that_comes_after_it_was_taken_down_tells_nobody_a_phone(stage: Stage) -> None:
    number = claimed(stage)
    asked = stage.last("liguifang")
    stage.say(f"撤下 {number}", by="xujianing")

    stage.tap(asked, "可以", by="liguifang")

    assert not any("10000000069" in heard.text for heard in stage.hears("chenhao"))
