"""A part was done: the claimer's words go to the wisher and into nobody's wording; what is lacking the wisher says."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import GROUP, last_in, published

WARDROBES = "想找人帮忙搬三个柜子"
RUDE = "搬了两个，还差一个大的，她脾气怪得很，李桂芳家在3栋501"


def part_done(stage: Stage, words: str = RUDE) -> int:
    """A wish of which Chen Hao has done a part."""
    number = published(stage, WARDROBES)
    stage.say(f"认领 {number}", by="chenhao")
    stage.say(f"部分圆梦 {number} {words}", by="chenhao")
    return number


def test_the_wall_keeps_the_wishers_wording_and_none_of_the_helpers_words(stage: Stage) -> None:
    number = part_done(stage)

    stage.say(f"发布 {number}", by="xujianing")

    shown = f"{WARDROBES}（已有邻居帮了一部分）"
    assert shown in last_in(stage, GROUP).text
    assert shown in stage.say("心愿墙", by="chenhao")[0]
    assert stage.matter(number).text == WARDROBES


def test_the_wisher_reads_what_was_done_and_is_asked_what_is_lacking(stage: Stage) -> None:
    number = part_done(stage)

    heard = stage.last("liguifang")
    assert f"您的心愿 {number}，一位邻居帮了一部分：搬了两个，还差一个大的" in heard.text
    assert "还差什么？" in heard.text
    assert "501" not in heard.text
    assert [label for label, _ in heard.buttons] == ["说声谢谢", "够了，不用再找"]


@pytest.mark.parametrize(
    ("words", "lacking"),
    [
        ("还差那个大衣柜", "那个大衣柜"),
        ("那个大衣柜", "那个大衣柜"),
        ("谢谢哈，就差大衣柜了嘛", "大衣柜"),
        ("还剩大衣柜，我住3栋501，电话13812345678", "大衣柜"),
        ("还要把大衣柜搬上楼", "把大衣柜搬上楼"),
    ],
)
def test_what_the_wisher_says_is_lacking_stands_beside_the_wording(stage: Stage, words: str, lacking: str) -> None:
    number = part_done(stage)

    assert f"{WARDROBES}（还差：{lacking}）" in stage.say(words, by="liguifang")[0]
    assert f"发布后大家看到：{WARDROBES}（还差：{lacking}）" in stage.last("xujianing").text
    stage.say(f"发布 {number}", by="xujianing")

    assert f"{WARDROBES}（还差：{lacking}）" in last_in(stage, GROUP).text


def test_a_second_part_replaces_what_was_lacking(stage: Stage) -> None:
    number = part_done(stage)
    stage.say("还差大衣柜和书柜", by="liguifang")
    stage.say(f"发布 {number}", by="xujianing")
    stage.say(f"认领 {number}", by="wutong")
    stage.say(f"部分圆梦 {number} 大衣柜搬了", by="wutong")

    stage.say("只剩书柜", by="liguifang")

    assert f"发布后大家看到：{WARDROBES}（还差：书柜）" in stage.last("xujianing").text


@pytest.mark.parametrize("words", ["够了", "不差了", "没有了", "不用了"])
def test_nothing_lacking_is_enough(stage: Stage, words: str) -> None:
    number = part_done(stage)

    stage.say(words, by="liguifang")

    assert stage.matter(number).state == "closed"


def test_on_the_wall_already_it_is_proposed_to_the_vetter(stage: Stage) -> None:
    number = part_done(stage)
    stage.say(f"发布 {number}", by="xujianing")

    stage.say(f"补充 {number} 还差那个大衣柜", by="liguifang")

    assert "还差那个大衣柜" in stage.last("xujianing").text
    assert "大衣柜" not in stage.say("心愿墙", by="chenhao")[0]


def test_a_report_meanwhile_is_a_report(stage: Stage) -> None:
    number = part_done(stage)

    assert stage.say("3栋2单元电梯又停了", by="liguifang")[0].startswith("收到，编号")
    assert stage.matter(number).text == WARDROBES


HELPER = "wutong"


def _helped_in_part(stage: Stage) -> int:
    number = published(stage, "想要一本新华字典和一个书包")
    stage.say(f"认领 {number}", by=HELPER)
    stage.say(f"办了一部分 {number} 书包送到了", by=HELPER)
    return number


@pytest.mark.parametrize(
    "words", ["{}字典送到了,圆梦", "圆梦 {}", "{} 剩下的也送到了", "字典送到了，圆梦", "心愿 {} 字典送到了，圆梦"]
)
def test_whoever_did_a_part_says_that_the_rest_is_done_and_the_wisher_is_asked(stage: Stage, words: str) -> None:
    number = _helped_in_part(stage)

    assert "剩下的也办好了" in stage.say(words.format(number), by=HELPER)[0]
    asked = stage.last("liguifang")
    assert "够了没有" in asked.text
    assert stage.matter(number).state == "vetting"
    stage.tap(asked, "够了，不用再找", by="liguifang")
    assert stage.matter(number).state == "closed"


def test_how_long_a_part_took_is_still_heard(stage: Stage) -> None:
    number = _helped_in_part(stage)

    assert "30 分钟" in stage.say(f"{number} 办好了，用了半小时", by=HELPER)[0]
    assert "够了没有" not in stage.last("liguifang").text


@pytest.mark.parametrize("words", ["1002轮椅送到了，圆梦", "轮椅送到了，圆梦", "轮椅那个办好了，花了半个小时"])
def test_another_that_is_done_is_no_answer_to_how_long_the_last_one_took(stage: Stage, words: str) -> None:
    for wish in ("想要一本新华字典", "想借一辆轮椅用一个月"):
        stage.say(f"认领 {published(stage, wish)}", by=HELPER)
    stage.say("圆梦 1001", by=HELPER)
    stage.say("圆梦了", by="liguifang")

    assert "心愿 1002 我去问问邻居收到没有" in stage.say(words, by=HELPER)[0]
    assert stage.matter(1002).state == "granted"


def test_done_without_a_name_is_asked_about_while_the_hours_are_asked(stage: Stage) -> None:
    for wish in ("想要一本新华字典", "想借一辆轮椅用一个月"):
        stage.say(f"认领 {published(stage, wish)}", by=HELPER)
    stage.say("圆梦 1001", by=HELPER)
    stage.say("圆梦了", by="liguifang")

    assert "1002" in stage.say("办好了", by=HELPER)[0]
    assert stage.matter(1002).state == "claimed"
