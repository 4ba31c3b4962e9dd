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


STAFF_GROUP = "w-jinxiu-1"


@pytest.mark.parametrize(
    "words",
    [
        "导出来访的表",
        "导出返乡来访",
        "把返乡报备导出来给我",
        "返乡报备给我导一份",
        "给我一份返乡报备的表格",
        "发我一份返乡来访的名单",
        "导出返乡的名单",
        "返乡来访导个表",
        "麻烦导出返乡报备",
        "导出报备",
    ],
)
def test_a_sheet_is_asked_for_in_many_words(stage: Stage, words: str) -> None:
    kept(stage)

    assert "xiaoge forms export 返乡来访" in stage.say(words, by="hanmei")[0]


def test_the_sheet_that_is_named_is_the_one_that_is_explained(stage: Stage) -> None:
    kept(stage)

    assert "xiaoge forms export 装修告知" in stage.say("给我一份装修报备的表格", by="hanmei")[0]


@pytest.mark.parametrize("words", ["导出 1001", "导出1001", "导出报备 1001", "把1001导出来"])
def test_one_filing_is_no_sheet_and_it_is_said_what_to_say(stage: Stage, words: str) -> None:
    kept(stage)

    heard = stage.say(words, by="hanmei")[0]
    assert "查报备 1001" in heard
    assert "导出返乡来访" in heard


def test_of_another_place_not_even_that_it_is_there_is_told(stage: Stage) -> None:
    kept(stage)

    assert stage.say("导出 1001", by="sunlihua") == ["没有查到报备 1001，请核对编号。"]


def test_a_post_that_may_not_look_hears_who_may(stage: Stage) -> None:
    for words in ("导出独居平安", "看看独居平安报备", "查报备 独居"):
        heard = stage.say(words, by="fangjingguan")[0]
        assert "独居平安" in heard
        assert "站长" in heard


@pytest.mark.parametrize("words", ["导出返乡来访", "导出来访的表", "导出 1001"])
def test_a_neighbour_who_wants_a_sheet_hears_who_may_and_nothing_is_reported(stage: Stage, words: str) -> None:
    kept(stage)

    assert stage.say(words, by="liguifang")[0].startswith("这里只有管这一片的工作人员能看")
    assert not any("编号" in one.text and "收到" in one.text for one in stage.hears("liguifang"))


@pytest.mark.parametrize(
    "words", ["给我一份返乡报备的表格", "打印机卡纸了", "我想下载一个报备的软件", "小区导视牌坏了"]
)
def test_what_only_sounds_like_it_is_no_export(stage: Stage, words: str) -> None:
    assert "工作人员能看" not in "".join(stage.say(words, by="liguifang"))


@pytest.mark.parametrize("by", ["hanmei", WHO])
@pytest.mark.parametrize("words", ["报备 1013", "报备1013"])
def test_of_a_number_that_is_none_it_is_said(stage: Stage, by: str, words: str) -> None:
    assert stage.say(words, by=by) == ["没有查到报备 1013，请核对编号。"]


def test_the_number_of_somebody_elses_filing_is_none(stage: Stage) -> None:
    kept(stage)

    assert stage.say("报备 1001", by="liguifang") == ["没有查到报备 1001，请核对编号。"]


def test_the_number_of_a_report_shows_the_report(stage: Stage) -> None:
    stage.say("3栋2单元电梯停了", by=WHO)

    assert "1001" in said(stage, "报备 1001")
    assert "电梯" in stage.last(WHO).text


@pytest.mark.parametrize(
    "words", ["看看报备", "有哪些报备", "看看返乡报备", "报备 1001", "返乡来访名单", "3栋2单元501报备了没得"]
)
def test_in_a_staff_group_staff_are_answered_in_private(stage: Stage, words: str) -> None:
    kept(stage)

    assert stage.say(words, by="hanmei", chat=STAFF_GROUP) == ["已收到，接下来我私下跟您说。"]
    assert "返乡来访" in stage.last("hanmei").text


@pytest.mark.parametrize("words", ["看看报备", "有哪些报备", "3栋2单元501报备了没得"])
@pytest.mark.parametrize("by", ["hanmei", "liguifang"])
def test_among_neighbours_nothing_is_said(stage: Stage, words: str, by: str) -> None:
    kept(stage)

    assert stage.say(words, by=by, chat="g-jinxiu-2") == []


@pytest.mark.parametrize(
    "words",
    [
        "3栋2单元501报备了没得",
        "3栋2单元501有没有报备",
        "3栋2单元501报备没",
        "3栋2单元501那家返乡报备了没有？",
        "3栋2单元501登记了吗",
        "三栋二单元501报备没得哦",
    ],
)
def test_whether_a_door_has_filed_is_looked_up_masked_and_journalled(stage: Stage, words: str) -> None:
    kept(stage)

    heard = stage.say(words, by="hanmei")[0]
    assert "3栋2单元501室" in heard
    assert "从哪里来：成都" in heard
    assert "10000000072" not in heard
    assert "11月23日 微网格长：1001 返乡来访" in said(stage, "谁看过我的报备")


def test_of_a_door_that_has_filed_nothing_it_is_said(stage: Stage) -> None:
    kept(stage)

    assert "没有在期的报备" in stage.say("3栋2单元502报备了没得", by="hanmei")[0]
    assert "没有在期的报备" in stage.say("3栋2单元501报备了没得", by="sunlihua")[0]


@pytest.mark.parametrize(
    "words",
    [
        "3栋2单元501报备了，电梯还是没修",
        "3栋2单元501漏水报备了没人来",
        "3栋2单元501报备了",
        "3栋2单元501我们明天报备哈",
    ],
)
def test_a_fault_at_a_door_is_no_look_up(stage: Stage, words: str) -> None:
    kept(stage)

    assert "从哪里来" not in "".join(stage.say(words, by="hanmei"))
