"""Old people, dialect, questions back, second thoughts: no fact is made up, and nobody gets stuck."""

import pytest

from tests.forms.speaking import TRIP, WHO, answers, filed, said
from tests.stage import Stage

HOUSEHOLD = ("报备 家庭情况 3栋1单元302",)
AWAY = ("外出托付 12月1号到5号 3栋2单元501",)
WORKS = ("报备 装修 12月10日到20日 3栋1单元302",)


@pytest.mark.parametrize("words", ["周末能不能施工", "要不要押金", "谁来看嘛", "是不是要交钱？", "星期六可以施工吗"])
def test_a_question_at_the_read_back_changes_nothing(stage: Stage, words: str) -> None:
    said(stage, *WORKS, "不动墙", "跳过")
    before = answers(stage)
    said(stage, words)

    assert answers(stage) == before
    assert [one.text[:8] for one in stage.hears(WHO)[-2:]] == ["这个我答不准，要", "【装修告知】请您"]


def test_a_question_at_a_question_is_no_answer(stage: Stage) -> None:
    assert said(stage, *HOUSEHOLD, "啥子叫几口人").startswith("平时住着几口人")
    assert any("这个我答不准" in one.text for one in stage.hears(WHO))


def test_the_name_of_an_answer_is_no_question(stage: Stage) -> None:
    assert "从哪里来：重庆" in said(stage, TRIP, "从哪里来改成重庆")


def test_who_fears_a_swindle_is_told_what_it_is_for(stage: Stage) -> None:
    said(stage, *HOUSEHOLD, "问这么多搞啥子，诈骗嘛")
    assert stage.hears(WHO)[-2].text.startswith("发放物资、上门服务")


def test_ages_are_no_people(stage: Stage) -> None:
    said(stage, *HOUSEHOLD, "我屋头六个人，两个老的两个小的", "没得", "老的一个七十二一个六十九")
    assert answers(stage)["people"] == "6"


@pytest.mark.parametrize(
    ("words", "many"),
    [("我和老伴两个，孙女后头来不来还说不准", "2"), ("我跟老婆两个", "2"), ("我和老公带两个娃儿", "4")],
)
def test_only_those_who_come_for_certain_are_counted(stage: Stage, words: str, many: str) -> None:
    said(stage, "报备 返乡 明天从上海回来", words)
    assert answers(stage)["people"] == many


def test_no_children_says_nothing_of_the_old(stage: Stage) -> None:
    heard = said(stage, *HOUSEHOLD, "1", "没得娃儿")

    assert "六十岁以上的有几位" in heard
    assert (answers(stage).get("old"), answers(stage)["small"]) == (None, "0")
    said(stage, "没得老人")
    assert answers(stage)["old"] == "0"


def test_a_daughters_phone_leaves_no_child_at_home(stage: Stage) -> None:
    said(stage, *AWAY, "我女儿电话13800002222")
    assert "left" not in answers(stage)
    said(stage, "老头子一个人在屋")
    assert answers(stage)["left"] == "elderly"


def test_without_a_drawing_the_form_goes_on(stage: Stage) -> None:
    said(stage, *WORKS, "要拆墙", "厨房那堵墙", "我兄弟家", "没得图纸，都是凭经验")
    assert stage.last(WHO).text.startswith("【装修告知】请您看看对不对")


def test_a_complaint_is_no_builder(stage: Stage) -> None:
    said(stage, *WORKS, "不动墙", "楼上也在装修吵死了")
    assert "builder" not in answers(stage)


def test_who_gives_up_the_work_gives_up_the_form(stage: Stage) -> None:
    assert said(stage, *WORKS, "不动墙", "跳过", "算了我不装了").startswith("好，没有报备")
    assert filed(stage).state == "withdrawn"


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("帮我看哈屋头嘛,我要出门三天,明天走", "11月24日到11月26日"),
        ("帮我看到屋头哈，后天回来", "11月23日到11月25日"),
        ("明天走后天回，帮我看下屋头", "11月24日到11月25日"),
        ("明天回老家去，帮我看下屋头", "11月24日到……"),
        ("明天回娘家，后天回来，屋头没得人", "11月24日到11月25日"),
        ("我要出去耍几天，屋头帮忙看到点", ""),
        ("屋头没得人，帮我看到点", ""),
        ("过两天要出趟远门，屋头帮看一哈", ""),
    ],
)
def test_whoever_asks_that_the_home_is_looked_after_begins_the_form(stage: Stage, words: str, when: str) -> None:
    heard = stage.say(words, by="liguifang")[0]

    assert heard.startswith("【外出托付】")
    assert when in heard


@pytest.mark.parametrize("words", ["明天回老家住几天", "我下周带孩子回老家", "报备 明天回老家"])
def test_going_home_or_coming_home_is_asked_with_both_to_tap(stage: Stage, words: str) -> None:
    """老家 is here to one and far away to another."""
    asked = stage.does("text", words, by="liguifang")[0]

    assert [label for label, _ in asked.buttons][:2] == ["返乡来访", "外出托付"]
    assert stage.tap(asked, "外出托付", by="liguifang")[0].startswith("【外出托付】")


@pytest.mark.parametrize("words", ["帮我看哈屋头", "帮我看哈屋头嘛", "麻烦照应下屋里"])
def test_without_going_away_it_is_asked_first(stage: Stage, words: str) -> None:
    asked = stage.does("text", words, by="liguifang")[0]

    assert asked.text == "您是要报备“外出托付”吗？"
    assert stage.say("要得", by="liguifang")[0].startswith("【外出托付】")


@pytest.mark.parametrize(
    "words",
    [
        "帮我看哈娃儿",
        "帮我看哈屋头那个灯坏没坏",
        "帮我看哈门口有没得快递",
        "帮我看哈今天星期几",
        "我在屋头看电视",
        "去你家看哈",
    ],
)
def test_other_looking_is_no_going_away(stage: Stage, words: str) -> None:
    assert not any("外出托付" in heard for heard in stage.say(words, by="liguifang"))


def test_among_neighbours_it_is_their_own_affair(stage: Stage) -> None:
    assert stage.say("明天要走，帮我看哈屋头", by="liguifang", chat="g-jinxiu-2") == []


RENTS = "报备 租住 我租的3栋2单元501,两个人,9月1日开始"


@pytest.mark.parametrize(
    "words",
    [
        "房东电话13800001111",
        "房东张先生13800001111",
        "电话13800001111（房东）",
        "13800001111房东",
        "房东老王的号码13800001111",
        "电话13800001111是房东的",
    ],
)
def test_the_landlords_phone_is_not_the_tenants(stage: Stage, words: str) -> None:
    stage.say(f"{RENTS},{words}", by="zhangdashan")

    kept = answers(stage)
    assert kept["side"] == "tenant"
    assert kept.get("phone") != "13800001111"


def test_both_phones_said_at_once_are_told_apart_and_the_tenant_stays_one(stage: Stage) -> None:
    for words in (RENTS, "跳过", "房东13800001111，我的13900002222"):
        stage.say(words, by="zhangdashan")

    assert answers(stage)["side"] == "tenant"
    assert answers(stage)["phone"] == "13900002222"
