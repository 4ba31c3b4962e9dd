"""A wish put right: what was meant stands where what was said stood, and what was on the wall is vetted anew."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published, wished

WISH = "想借一辆轮椅用一个月"


@pytest.mark.parametrize(
    "words",
    [
        "不是轮椅,是拐杖",
        "更正:要的是拐杖",
        "更正 拐杖",
        "说错了，是拐杖",
        "补充 不是轮椅，是拐杖",
        "我要的是拐杖不是轮椅",
        "写错了，应该是拐杖",
        "轮椅改成拐杖",
        "改成拐杖",
        "不要轮椅了，要拐杖",
        "不借轮椅，借拐杖",
        "{n} 改成拐杖",
        "更正 {n} 要的是拐杖",
        "不是那个轮椅，我要的是拐杖",
    ],
)
def test_the_right_thing_takes_the_wrong_ones_place(stage: Stage, words: str) -> None:
    number = wished(stage, WISH)

    heard = stage.say(words.format(n=number), by="liguifang")

    assert heard == [f"改好了，心愿 {number} 现在是：想借拐杖用一个月。社区看过就上墙。"]
    assert "发布后大家看到：想借拐杖用一个月" in stage.last("xujianing").text


def test_a_length_of_time_is_put_right_too(stage: Stage) -> None:
    wished(stage, "想借个轮椅用两晚")

    assert "想借个轮椅用三晚" in stage.say("等等,我说错了,是三晚", by="liguifang")[0]


def test_what_was_on_the_wall_is_taken_down_and_vetted_again(stage: Stage) -> None:
    number = published(stage, WISH)

    assert "先从心愿墙拿下来" in stage.say("不是轮椅,是拐杖", by="liguifang")[0]
    assert stage.matter(number).state == "vetting"
    assert "没有等人帮忙" in stage.say("心愿墙", by="chenhao")[0]
    stage.say(f"发布 {number}", by="xujianing")
    assert "拐杖" in stage.last("g-jinxiu-1", group=True).text
    assert "轮椅" not in stage.say("心愿墙", by="chenhao")[0]


def test_whoever_has_it_on_hand_reads_what_it_is_now(stage: Stage) -> None:
    number = published(stage, WISH)
    stage.say(f"认领 {number}", by="chenhao")
    stage.say("不是轮椅,是拐杖", by="liguifang")

    assert "现在是：想借拐杖用一个月" in stage.last("chenhao").text
    assert stage.matter(number).state == "claimed"


def test_no_name_and_no_door_comes_into_it(stage: Stage) -> None:
    number = published(stage, WISH)
    stage.say("不是轮椅,是拐杖，送到3栋2单元501找李桂芳", by="liguifang")
    stage.say(f"发布 {number}", by="xujianing")

    told = stage.last("g-jinxiu-1", group=True).text
    assert "拐杖" in told
    assert "501" not in told
    assert "李桂芳" not in told


def test_of_several_that_it_may_be_it_is_asked_which(stage: Stage) -> None:
    first, second = wished(stage, WISH), wished(stage, "想给我妈借个轮椅")

    assert "要改的是哪一个" in stage.say("不是轮椅,是拐杖", by="liguifang")[0]
    stage.say("2", by="liguifang")
    assert sum("拐杖" in stage.matter(number).text for number in (first, second)) == 1


@pytest.mark.parametrize(
    "words", ["不是我不想来,是没得空", "4栋2单元不是3栋,是路灯坏了", "不用谢，是应该的", "你不是说要来吗"]
)
def test_what_puts_nothing_in_it_right_changes_nothing(stage: Stage, words: str) -> None:
    number = wished(stage, WISH)
    stage.say(words, by="liguifang")

    assert stage.matter(number).text == WISH


def test_a_wish_is_put_right_while_a_report_is_open(stage: Stage) -> None:
    number = wished(stage, WISH)
    stage.say("3栋2单元电梯又停了", by="liguifang")

    assert f"心愿 {number} 现在是" in stage.say("不是轮椅,是拐杖", by="liguifang")[0]


def test_the_place_of_a_report_is_put_right_as_ever(stage: Stage) -> None:
    wished(stage, WISH)
    stage.pass_time(minutes=1)
    stage.say("3栋2单元电梯又停了", by="liguifang")
    stage.say("更正 4栋1单元", by="liguifang")

    assert stage.matter(1002).building == "4"
