"""A wisher's no to telling how to be reached, and what is said beside it: the arrangement goes on, covered."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed

ARRANGED = {
    "莫给他电话,约在花园凉亭见": "约在花园凉亭见",
    "不要给电话，我自己明天去社区拿": "我自己明天去社区拿",
    "算了不给他说嘛，喊他明天下午三点放门卫那里": "喊他明天下午三点放门卫那里",
    "电话莫给他哈，明天早上花园头碰面嘛，多谢了哈": "明天早上花园头碰面嘛",
    "不给，给他说放物业就行了": "给他说放物业就行了",
    "不用电话,楼下超市门口等我,晚上七点": "楼下超市门口等我，晚上七点",
}


@pytest.mark.parametrize(("words", "carried"), ARRANGED.items())
def test_what_is_arranged_beside_a_no_reaches_the_neighbour(stage: Stage, words: str, carried: str) -> None:
    claimed(stage)

    heard = stage.say(words, by="liguifang")

    assert heard == [f"好的，不告诉。“{carried}”捎给邻居了。"]
    told = stage.last("chenhao").text
    assert "先不留联系方式" in told
    assert f"捎话：{carried}" in told
    assert "10000000069" not in told


def test_the_neighbours_answer_to_it_goes_back(stage: Stage) -> None:
    claimed(stage)
    stage.say("莫给他电话,约在花园凉亭见", by="liguifang")

    stage.say("好，明天九点我在凉亭等", by="chenhao")

    assert "明天九点我在凉亭等" in stage.last("liguifang").text


def test_a_name_a_number_and_a_door_beside_a_no_are_covered(stage: Stage) -> None:
    claimed(stage)

    heard = stage.say("先不给电话，明天下午三点小区门口见，我姓李住501，打13812345678", by="liguifang")[0]

    told = stage.last("chenhao").text
    assert "明天下午三点小区门口见" in told
    assert not any(secret in told for secret in ("501", "姓李", "13812345678"))
    assert "我没有转" in heard


def test_it_is_carried_though_words_went_before(stage: Stage) -> None:
    number = claimed(stage)
    stage.say(f"捎话 {number} 明天几点方便？", by="chenhao")

    stage.say("莫给电话，下午三点小区门口见", by="liguifang")

    assert "下午三点小区门口见" in stage.last("chenhao").text
    assert "先不留联系方式" in stage.last("chenhao").text


@pytest.mark.parametrize("words", ["不给，我怕遇到骗子", "莫给，又不认识", "不给电话，谢谢", "先不给"])
def test_why_it_is_a_no_is_told_to_nobody(stage: Stage, words: str) -> None:
    claimed(stage)

    heard = stage.does("text", words, by="liguifang")[0]

    assert heard.text.startswith("好的，不告诉。想说什么")
    assert not heard.buttons
    assert "捎话：" not in stage.last("chenhao").text


def test_other_words_beside_a_no_go_on_by_one_tap(stage: Stage) -> None:
    claimed(stage)

    heard = stage.does("text", "不给电话，字典旧的也要得", by="liguifang")[0]
    stage.tap(heard, "捎给邻居", by="liguifang")

    assert "字典旧的也要得" in stage.last("chenhao").text


def test_a_report_beside_a_no_stays_a_report_and_the_no_a_no(stage: Stage) -> None:
    number = claimed(stage)

    heard = stage.say("莫给电话，3栋2单元电梯又停了", by="liguifang")

    assert heard[0].startswith("好的，不告诉。")
    assert heard[1].startswith("收到，编号")
    assert "电梯" not in stage.last("chenhao").text
    assert "先不留联系方式" in stage.last("chenhao").text
    assert stage.matter(number + 1).kind == "report"
