"""What is said around 平安吗: the wish to be asked, days without it, another hour, and the words of whoever was sent."""

import pytest

from tests.forms.speaking import answers, filed, said
from tests.stage import Heard, Stage

WHO, LEADER = "wutong", "hanmei"
MINE = ("独居平安 我自己 3栋2单元501 每天", "跳过", "女儿李梅13812345678", "确认")


@pytest.fixture
def kept(stage: Stage) -> Stage:
    said(stage, *MINE)
    return stage


@pytest.fixture
def sent(kept: Stage) -> Stage:
    kept.pass_time(hours=30)
    return kept


def asked_on(stage: Stage, heard: list[Heard]) -> int:
    return sum(one.target == WHO and "您今天平安吗" in one.text for one in heard)


@pytest.mark.parametrize("words", ["收到,我现在去", "我去看看", "好的,马上过去", "在路上了"])
def test_who_was_sent_says_that_they_go(sent: Stage, words: str) -> None:
    assert sent.say(words, by=LEADER)[0].startswith("好，辛苦您")
    assert not any("也请您看看" in one.text for one in sent.pass_time(hours=3))


@pytest.mark.parametrize("words", ["看了,没事", "去看过了,人好好的", "见到了,她在打麻将"])
def test_who_was_sent_says_that_all_is_well(sent: Stage, words: str) -> None:
    sent.say("我去看看", by=LEADER)
    assert "3栋2单元501室平安" in sent.say(words, by=LEADER)[0]
    assert filed(sent).step == ""


def test_who_was_sent_has_found_somebody_hurt(sent: Stage) -> None:
    told = sent.say("见到了,他脚扭了,我送他去医院", by=LEADER)[0]
    assert told.startswith("知道了，3栋2单元501室有您在就好")
    assert filed(sent).step == ""


@pytest.mark.parametrize("words", ["敲门没人应", "没看到人", "收到"])
def test_who_has_not_seen_anybody_ends_nothing(sent: Stage, words: str) -> None:
    sent.say(words, by=LEADER)
    assert filed(sent).step


def test_a_leader_who_was_not_sent_ends_nothing(sent: Stage) -> None:
    sent.say("看了,没事", by="lilei")
    assert filed(sent).step


@pytest.mark.parametrize(
    ("words", "who", "often"),
    [
        ("我一个人住,你们能不能天天问我一声平安", "self", "daily"),
        ("我妈一个人在家,她住北区3栋2单元101,我在外地,想让你们每天问问她", "parent", "daily"),
        ("我想给我妈报独居平安,她住北区3栋2单元101", "parent", ""),
        ("家里没人吃饭了,哎呀独居平安给我登一个,我住南区3栋1单元402,每天问,儿子叶强 13511110000", "self", "daily"),
    ],
)
def test_the_plain_wish_to_be_asked_begins_the_form(stage: Stage, words: str, who: str, often: str) -> None:
    assert "独居平安" in stage.say(words, by=WHO)[0]
    assert answers(stage).get("often", "") == often
    assert answers(stage).get("who", "self") == who
    assert filed(stage).form == "alone"


@pytest.mark.parametrize("words", ["独居平安是啥子", "我一个人住,水管爆了", "我一个人在家,想借个梯子"])
def test_other_words_do_not_begin_it(stage: Stage, words: str) -> None:
    assert not any("给自己登记" in one or "已记下" in one for one in stage.say(words, by=WHO))


def test_some_days_are_left_out(kept: Stage) -> None:
    told = kept.say("我后天要去女儿家住三天,不用问", by=WHO)[0]
    assert told.startswith("好，11月25日到11月27日不问，11月28日再问您平安")
    assert asked_on(kept, kept.pass_time(days=1)) == 1
    kept.say("平安", by=WHO)
    assert asked_on(kept, kept.pass_time(days=3)) == 0
    assert asked_on(kept, kept.pass_time(days=1)) == 1


@pytest.mark.parametrize("words", ["明天别问了", "明天不用问,我走人户"])
def test_one_day_is_left_out_and_it_is_a_sign_of_life(kept: Stage, words: str) -> None:
    kept.pass_time(days=1)
    assert kept.say(words, by=WHO)[0].startswith("好，11月25日不问，11月26日再问您平安")
    assert filed(kept).step == ""
    assert asked_on(kept, kept.pass_time(days=1)) == 0
    assert asked_on(kept, kept.pass_time(days=1)) == 1


def test_without_days_it_ends(kept: Stage) -> None:
    kept.pass_time(days=1)
    assert "不再问" in kept.say("以后别问了", by=WHO)[0] or "以后不问了" in kept.last(WHO).text


@pytest.mark.parametrize("words", ["每天早上七点半嘛,我起得早", "晚点问嘛,早上还没起床", "能不能改到10点问"])
def test_another_hour_is_no_matter(kept: Stage, words: str) -> None:
    assert "上午9点问" in kept.say(words, by=WHO)[0]


def test_an_hour_in_a_report_is_a_report(kept: Stage) -> None:
    assert kept.say("楼上每天早上七点半装修,吵得很", by=WHO)[0].startswith("收到，编号 1002")
