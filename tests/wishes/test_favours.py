"""邻里互助: posted after a yes, answered once, linked in private when both agree, over by itself."""

import pytest

from tests.stage import Stage

GROUP = "g-jinxiu-2"


def posted(stage: Stage, words: str = "借一把梯子，换灯泡用", by: str = "liguifang") -> int:
    stage.say(f"互助 {words}", by=by)
    stage.tap(stage.last(by), "发", by=by)
    return int(stage.last(by).text.split("编号 ")[1][:4])


def test_it_is_read_back_without_name_and_number_and_posted_only_after_a_yes(stage: Stage) -> None:
    heard = stage.does("text", "互助 我是李桂芳，借一把梯子，电话13812345678，3栋2单元501", by="liguifang")[0]

    assert "借一把梯子" in heard.text
    for secret in ("李桂芳", "13812345678", "501"):
        assert secret not in heard.text
    assert not stage.hears(GROUP, group=True)
    stage.tap(heard, "发", by="liguifang")
    line = stage.last("g-jinxiu-1", group=True)
    assert "借一把梯子" in line.text
    assert "李桂芳" not in line.text


def test_both_agree_before_either_hears_how_to_reach_the_other(stage: Stage) -> None:
    number = posted(stage)
    stage.tap(stage.last("g-jinxiu-1", group=True), "我来帮", by="chenhao")
    assert "先问问对方" in stage.last("chenhao").text
    stage.tap(stage.last("liguifang"), "同意", by="liguifang")
    before = [heard.text for who in ("liguifang", "chenhao") for heard in stage.hears(who)]
    assert not any("10000000067" in text or "10000000069" in text for text in before)

    stage.tap(stage.last("chenhao"), "同意", by="chenhao")

    assert stage.last("liguifang").text.startswith(f"互助 {number}")
    assert "陈浩 10000000067" in stage.last("liguifang").text
    assert "李桂芳 10000000069" in stage.last("chenhao").text
    assert not any("1000000006" in heard.text for heard in stage.hears("g-jinxiu-1", group=True))


def test_the_second_to_answer_is_told_kindly_and_a_no_opens_it_again(stage: Stage) -> None:
    number = posted(stage)
    stage.say(f"我来帮 {number}", by="chenhao")

    assert "已经有邻居回应" in stage.say(f"我来帮 {number}", by="wutong")[0]
    stage.tap(stage.last("liguifang"), "先不用", by="liguifang")
    assert "没搭上" in stage.last("chenhao").text
    assert "谢谢您回应" in stage.say(f"我来帮 {number}", by="wutong")[0]


def test_a_stranger_can_neither_agree_nor_take_it_back(stage: Stage) -> None:
    number = posted(stage)
    stage.say(f"我来帮 {number}", by="chenhao")
    stage.does("press", f"favour_agree {number}", by="wutong")
    stage.does("press", f"favour_no {number}", by="wutong")

    assert "没有查到" in stage.last("wutong").text
    assert "同意和这位邻居" in stage.last("liguifang").text


def test_it_ends_by_itself(stage: Stage) -> None:
    number = posted(stage)

    stage.pass_time(days=8)

    assert "到期了" in stage.last("liguifang").text
    assert "已经结束" in stage.say(f"我来帮 {number}", by="chenhao")[0]


def test_the_list_shows_what_is_near_and_posts_see_need_and_help_per_grid(stage: Stage) -> None:
    posted(stage)
    posted(stage, "多出两袋米可以分", by="chenhao")

    assert "想请人帮：借一把梯子" in stage.say("互助墙", by="wutong", chat=GROUP)[0]
    told = stage.say("互助链", by="zhoujianhua")[0]
    assert "锦绣花园3-4栋：要帮 1，能帮 0" in told
    assert "锦绣花园1-2栋：要帮 0，能帮 1" in told
    assert "李桂芳" not in told


def test_an_emergency_is_never_a_post(stage: Stage) -> None:
    assert "119" in stage.say("互助 着火了快来人", by="liguifang")[0]


@pytest.mark.parametrize("words", ["来一栋找王秀兰就是", "水碾坝3号", "我屋头瘫痪在床"])
def test_a_favour_that_cannot_be_told_without_saying_whose_it_is_is_not_offered(stage: Stage, words: str) -> None:
    heard = stage.does("text", f"互助 {words}", by="liguifang")[0]

    assert "我先不发" in heard.text
    assert heard.buttons == ()
    assert "借一把梯子" in stage.say("借一把梯子", by="liguifang")[0]
    assert stage.hears(GROUP, group=True) == []


def test_a_favour_goes_out_without_the_house_number_and_the_name(stage: Stage) -> None:
    heard = stage.does("text", "互助 我妈张桂花想借个轮椅，水碾坝3号", by="liguifang")[0]

    assert "想借个轮椅" in heard.text
    assert "张桂花" not in heard.text
    assert "水碾坝" not in heard.text


def test_a_favour_that_is_called_off_in_two_words_is_gone(stage: Stage) -> None:
    assert "发吗" in stage.say("互助 求借梯子用一下午", by="wutong")[0]

    assert stage.say("不发了,算了", by="wutong")
    stage.say("发", by="wutong")

    assert not any("梯子" in heard.text for heard in stage.heard() if not heard.private)
