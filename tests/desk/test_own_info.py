"""Asked about one's own information in one's own words: answered, also while a report is being done."""

import pytest

from tests.forms.speaking import TRIP, WHO, said
from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published


@pytest.mark.parametrize("before", [(), ("3栋2单元电梯又停了",)])
@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("谁看过我的信息", "您的电话和门牌，只有"),
        ("我的电话哪个看得到嘛", "您的电话和门牌，只有"),
        ("你们凭什么记我的电话", "只为办您的事"),
        ("我的手机号换成13800001234了", "已转给微网格长韩梅核实更正"),
    ],
)
def test_own_information_is_answered_whatever_is_being_done(
    stage: Stage, before: tuple[str, ...], words: str, heard: str
) -> None:
    assert said(stage, *before, words).startswith(heard)


def test_in_a_group_nothing_is_said_of_it(stage: Stage) -> None:
    assert stage.say("谁看过我的信息", by=WHO, chat="g-jinxiu-2") == []


@pytest.mark.parametrize("before", [(), (TRIP, "确认"), ("报备",)])
def test_a_bare_place_is_no_report(stage: Stage, before: tuple[str, ...]) -> None:
    assert said(stage, *before, "北区3栋1单元202").startswith("这个地方怎么了？")
    assert said(stage, "3栋1单元漏水").startswith("收到，编号")


OPEN_WISH = "想借一辆轮椅用一个月"


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("更正我的电话", "花名册上哪里不对"),
        ("改电话", "花名册上哪里不对"),
        ("我的电话变了", "花名册上哪里不对"),
        ("更正我的电话13911112222", "已转给微网格长"),
        ("更正我的名字", "怎么称呼您"),
        ("我名字写错了", "怎么称呼您"),
        ("更正我的住处", "以门口的码为准"),
        ("更正我的信息", "哪一样不对"),
        ("以后叫我小叶阿姨", "以后称呼您小叶阿姨"),
        ("叫我小叶阿姨就行", "以后称呼您小叶阿姨"),
        ("我不叫李桂芳,叫李桂方", "以后称呼您李桂方"),
        ("称呼改成小叶阿姨嘛", "以后称呼您小叶阿姨"),
        ("删除我的信息", "您还有事在办"),
    ],
)
def test_with_a_wish_open_words_about_oneself_are_about_oneself(stage: Stage, words: str, heard: str) -> None:
    number = published(stage, OPEN_WISH)

    assert heard in stage.say(words, by="liguifang")[0]
    assert stage.matter(number).text == OPEN_WISH


def test_to_put_right_with_a_wish_open_is_asked_what(stage: Stage) -> None:
    number = published(stage, OPEN_WISH)

    asked = stage.does("text", "更正", by="liguifang")[0]
    assert "要更正哪一样" in asked.text
    assert [label for label, _ in asked.buttons] == [f"{number} {OPEN_WISH}", "我的信息"]
    assert "哪一样不对" in stage.tap(asked, "我的信息", by="liguifang")[0]
    asked = stage.does("text", "更正", by="liguifang")[0]
    stage.tap(asked, f"{number} {OPEN_WISH}", by="liguifang")
    assert "改好了" in stage.say("拐杖", by="liguifang")[0]


@pytest.mark.parametrize("words", ["叫我去拿嘛", "叫我不要去就行", "叫他来嘛", "更正 拐杖", "要大一点的"])
def test_other_words_with_a_wish_open_are_no_name(stage: Stage, words: str) -> None:
    published(stage, OPEN_WISH)

    heard = stage.say(words, by="liguifang")
    assert not any("称呼" in told or "花名册" in told for told in heard)


def test_with_a_form_kept_a_phone_that_is_put_right_is_the_forms(stage: Stage) -> None:
    published(stage, OPEN_WISH)
    stage.say("报备 外出 明天到后天,3栋2单元501,没人,不用", by="liguifang")
    stage.say("确认", by="liguifang")

    assert "花名册" not in stage.say("更正 电话13911112222", by="liguifang")[0]
