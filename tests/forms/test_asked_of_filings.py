"""What is said of filings that are kept: taken back, looked at by staff in their own words, who has read them."""

import pytest

from tests.forms.speaking import TRIP, WHO, filed, said
from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published

AWAY = "报备 外出 明天到后天,3栋2单元501,没人,帮我看门窗"


def kept(stage: Stage) -> None:
    said(stage, TRIP, "确认")


@pytest.mark.parametrize(
    "words",
    [
        "我的报备 撤了",
        "我的报备 撤回",
        "我的报备撤了",
        "我的报备 撤了 我闺女不来了",
        "返乡报备撤了",
        "我的报备，不要了",
    ],
)
def test_a_filing_is_taken_back_in_ones_own_words_and_only_when_asked_again(stage: Stage, words: str) -> None:
    kept(stage)

    assert "要撤回吗" in said(stage, words)
    assert filed(stage).state == "kept"
    assert "撤回" in said(stage, "撤回")
    assert filed(stage).state == "withdrawn"


def test_an_open_wish_is_not_taken_back_with_it(stage: Stage) -> None:
    number = published(stage, "想借一辆轮椅用一个月")
    for line in (TRIP, "确认"):
        stage.say(line, by="liguifang")

    assert "要撤回吗" in stage.say("我的报备 撤了", by="liguifang")[0]
    assert stage.matter(number).state == "open"


def test_of_several_the_named_one_is_meant_else_all_are_shown(stage: Stage) -> None:
    kept(stage)
    said(stage, AWAY, "确认")

    assert "返乡来访" in said(stage, "我的报备 撤了")
    assert "1001" in said(stage, "返乡报备撤了")


def test_while_a_form_is_filled_both_are_shown(stage: Stage) -> None:
    kept(stage)
    said(stage, "报备 养犬")

    heard = said(stage, "我的报备 撤了")
    assert "返乡来访" in heard
    assert "没填完" in heard


@pytest.mark.parametrize("words", ["我的报备", "我的报备撤得了不", "报备怎么撤回吗"])
def test_what_takes_nothing_back_takes_nothing_back(stage: Stage, words: str) -> None:
    kept(stage)

    said(stage, words)
    assert filed(stage).state == "kept"


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("导出返乡报备", "xiaoge forms export 返乡来访"),
        ("返乡报备导出来", "xiaoge forms export 返乡来访"),
        ("报备 1001", "1001【返乡来访】"),
        ("看看报备", "在期的报备 1 份"),
        ("看看返乡报备", "1001 3栋2单元501室"),
        ("我的社区有哪些人报备返乡", "1001 3栋2单元501室"),
        ("有哪些人报备了返乡", "1001 3栋2单元501室"),
        ("李桂芳家的报备给我看下", "没有“李桂芳”的在期报备"),
    ],
)
def test_staff_look_in_their_own_words(stage: Stage, words: str, heard: str) -> None:
    kept(stage)

    assert heard in stage.say(words, by="hanmei")[0]


def test_staff_of_another_place_see_none_of_it(stage: Stage) -> None:
    kept(stage)

    assert "成都" not in "".join(stage.say("报备 1001", by="sunlihua"))
    assert "501" not in "".join(stage.say("看看返乡报备", by="sunlihua"))


def test_a_leader_still_files_for_herself(stage: Stage) -> None:
    assert "【返乡来访】" in stage.say("返乡报备", by="hanmei")[0]


@pytest.mark.parametrize("words", ["报备 1001", "看看报备", "看看返乡报备"])
def test_residents_look_at_their_own(stage: Stage, words: str) -> None:
    kept(stage)

    assert said(stage, words).startswith("1001【返乡来访】")
    assert "501" not in "".join(stage.say(words, by="liguifang"))


@pytest.mark.parametrize("words", ["导出返乡报备", "吴桐家的报备给我看下", "有哪些人报备了返乡"])
def test_residents_see_nobody_elses(stage: Stage, words: str) -> None:
    kept(stage)

    assert "只有管这一片的工作人员能看" in stage.say(words, by="liguifang")[0]


@pytest.mark.parametrize("words", ["谁看过我的报备", "哪个看了我的信息", "有人看过我的报备吗"])
def test_who_has_read_ones_filings_is_told_by_post_and_day(stage: Stage, words: str) -> None:
    kept(stage)
    stage.say("查报备 返乡来访", by="hanmei")
    stage.pass_time(days=1)
    stage.say("查报备 1001", by="xujianing")

    heard = said(stage, words)
    assert "11月24日 社区工作者：1001 返乡来访" in heard
    assert "11月23日 微网格长：1001 返乡来访" in heard
    assert "徐佳宁" not in heard
    assert "韩梅" not in heard


def test_whoever_filed_nothing_hears_who_may_read(stage: Stage) -> None:
    assert "您的电话和门牌，只有" in said(stage, "谁看过我的信息")


def test_in_a_group_nothing_is_told(stage: Stage) -> None:
    kept(stage)

    assert stage.say("谁看过我的报备", by=WHO, chat="g-jinxiu-2") == []
