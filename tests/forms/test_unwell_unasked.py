"""Who lives alone and is asked after says that they are unwell without being asked: whoever looks after them hears it."""

import pytest

from tests.forms.speaking import said
from tests.forms.test_in_need import MINE, MOTHERS
from tests.stage import Stage

WHO, LEADER = "wutong", "hanmei"


def told(stage: Stage) -> list[str]:
    return [one.text for one in stage.hears(LEADER) if one.text.startswith("【")]


@pytest.mark.parametrize(
    "words",
    [
        "我头昏得很",
        "今天不舒服",
        "今天不太舒服，不想动",
        "脑壳痛",
        "没得胃口，一天没吃饭",
        "心慌，没得力气",
        "昨晚起就发烧",
        "肚子痛得很",
        "哎呀，难受",
    ],
)
def test_it_reaches_the_leader_and_is_no_emergency(stage: Stage, words: str) -> None:
    said(stage, *MINE)
    answer = stage.say(words, by=WHO)[0]

    assert "韩梅来看" in answer
    assert "120" in answer
    assert stage.matter(1002).urgency == "urgent"
    assert [one for one in told(stage) if "【急】" in one and words in one]
    assert not any("【紧急】" in one for one in told(stage))


def test_a_second_word_goes_to_whoever_comes(stage: Stage) -> None:
    said(stage, *MINE, "我头昏得很", "还想吐")
    assert len(told(stage)) == 1
    assert "还想吐" in stage.last(LEADER).text


def test_of_a_mother_for_whom_it_was_filed(stage: Stage) -> None:
    said(stage, *MOTHERS)
    assert "韩梅来看" in stage.say("我妈今天不舒服", by=WHO)[0]


@pytest.mark.parametrize(
    "words",
    [
        "我妈今天不舒服",
        "看电视看得我头昏",
        "气得我脑壳痛",
        "上个月头昏，现在好了",
        "头昏怎么办理慢病本",
        "去年这时候发烧",
        "脑壳没痛了",
        "不舒服的话找哪个?",
        "听到这个消息心里难受",
    ],
)
def test_what_is_not_ones_own_body_now_sends_nobody(stage: Stage, words: str) -> None:
    said(stage, *MINE)
    stage.say(words, by=WHO)
    assert told(stage) == []


def test_whoever_is_not_looked_after_is_answered_as_before(stage: Stage) -> None:
    stage.say("我头昏得很", by="liguifang")
    assert told(stage) == []


def test_in_a_group_nobody_is_sent(stage: Stage) -> None:
    said(stage, *MINE)
    stage.say("我头昏得很", by=WHO, chat="g-jinxiu-2")
    assert told(stage) == []
