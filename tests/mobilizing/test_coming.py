"""Plain words of those who are called count as what they mean, in private and in the staff group."""

import pytest

from tests.mobilizing.test_mobilizing import mobilized
from tests.stage import Stage

COLLEAGUES = "w-jinxiu-1"


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("好的", "已收到"), ("ok", "已收到"), ("明白了，马上安排", "已收到"), ("马上到", "：在途"), ("我马上过来", "：在途"),
        ("堵车，晚点到", "：在途"), ("已经到集结点了", "已到岗"), ("到不了了", "您来不了"), ("实在走不开", "您来不了"),
        ("家里有事，去不成了", "您来不了"),
    ],
)  # fmt: skip
def test_plain_words_are_counted_as_what_they_mean(stage: Stage, words: str, means: str) -> None:
    mobilized(stage)

    assert means in stage.say(words, by="hanmei")[0]


@pytest.mark.parametrize("words", ["收到收到", "收到收到！！", "1", "👌", "[OK]"])
def test_the_shortest_answers_are_counted_too(stage: Stage, words: str) -> None:
    mobilized(stage)

    assert "已收到" in stage.say(words, by="hanmei")[0]


@pytest.mark.parametrize(
    ("words", "at"), [("收到，在路上了，10分钟", "09:40"), ("马上到，5分钟", "09:35"), ("收到，大概一刻钟", "09:45")]
)
def test_a_span_beside_an_answer_is_when_they_are_there(stage: Stage, words: str, at: str) -> None:
    mobilized(stage)

    assert f"在途，预计 {at} 到" in stage.say(words, by="hanmei")[0]


@pytest.mark.parametrize(
    ("words", "means"), [("收到", "已收到"), ("收到收到", "已收到"), ("到岗", "已到岗"), ("到了", "已到岗")]
)
def test_whatever_else_was_asked_a_clear_answer_is_counted(stage: Stage, words: str, means: str) -> None:
    mobilized(stage)
    stage.say("发通知", by="zhoujianhua")

    assert means in stage.say(words, by="zhoujianhua")[0]


@pytest.mark.parametrize("words", ["收到", "到岗"])
def test_nor_does_a_place_that_was_asked_for_swallow_it(stage: Stage, words: str) -> None:
    stage.say("路灯坏了", by="lilei")
    mobilized(stage)

    assert "防汛动员" in stage.say(words, by="lilei")[0]


@pytest.mark.parametrize(("words", "means"), [("收到", "已收到"), ("马上到", "：在途"), ("来不了", "您来不了")])
def test_in_the_staff_group_they_count_and_each_hears_of_it_alone(stage: Stage, words: str, means: str) -> None:
    mobilized(stage)

    assert stage.say(words, by="hanmei", chat=COLLEAGUES) == []
    assert means in stage.last("hanmei").text


@pytest.mark.parametrize("words", ["来不了吗", "李雷来不了", "他来不了", "要是来不了怎么办"])
def test_a_question_or_somebody_elses_trouble_is_no_no_of_the_speakers(stage: Stage, words: str) -> None:
    mobilized(stage)

    stage.say(words, by="hanmei", chat=COLLEAGUES)

    assert "您来不了" not in stage.last("hanmei").text


def test_neighbours_words_are_nothing_to_it(stage: Stage) -> None:
    mobilized(stage)

    assert stage.say("到了", by="liguifang", chat="g-jinxiu-1") == []
    assert stage.say("人手不够，再派两个人来", by="liguifang", chat="g-jinxiu-1") == []


def test_a_report_beside_it_stays_a_report_and_the_step_counts(stage: Stage) -> None:
    mobilized(stage)

    said = stage.say("到了，3栋电梯坏了", by="hanmei", chat=COLLEAGUES)

    assert "3栋电梯" in said[0]
    assert any("已到岗" in heard.text for heard in stage.hears("hanmei"))


@pytest.mark.parametrize(
    ("words", "many"), [("请求增援3个人", 3), ("人手不够，再派两个人来", 2), ("还差5人", 5), ("需要支援10人搬沙袋", 10)]
)
def test_a_request_for_people_reaches_the_level_above_with_its_number(stage: Stage, words: str, many: int) -> None:
    mobilized(stage)

    assert stage.say(words, by="zhoujianhua", chat=COLLEAGUES) == []

    assert f"派 {many} 人" in stage.last("zhoujianhua").text
    assert f"锦绣第一网格请求增援 {many} 人" in stage.last("linruoyun").text


def test_without_a_number_it_is_asked_for_once(stage: Stage) -> None:
    mobilized(stage)

    assert "要几个人" in stage.say("请求增援", by="zhoujianhua")[0]
    assert "派 3 人" in stage.say("3个人搬沙袋", by="zhoujianhua")[0]
    assert "搬沙袋" in stage.last("linruoyun").text


@pytest.mark.parametrize("words", ["我能来", "算了我能来", "算了，还是我来"])
def test_whoever_can_come_after_all_is_counted_again(stage: Stage, words: str) -> None:
    mobilized(stage)
    stage.say("来不了", by="lilei")

    assert "已收到" in stage.say(words, by="lilei")[0]
