"""A danger told in the middle of a form or a wish is heard at once."""

import pytest

from tests.stage import Stage

FORM = "报备 明天从成都回来，两个人，住2栋1单元301，屋头着火了"


@pytest.mark.parametrize(
    "words",
    [
        FORM,
        "报备 返乡 住2栋1单元301。家里燃气味好大",
        "报备 养犬 打过疫苗，有人晕倒了",
        "心愿 想要个灭火器，屋里着火了快来",
    ],
)
def test_a_danger_in_a_form_or_a_wish_comes_first(stage: Stage, words: str) -> None:
    heard = stage.say(words, by="wutong")

    assert any(number in heard[0] for number in ("119", "120", "110"))
    assert stage.matter(1001).urgency == "emergency"


def test_the_place_that_was_said_beside_it_is_kept(stage: Stage) -> None:
    stage.say(FORM, by="wutong")

    assert (stage.matter(1001).building, stage.matter(1001).unit) == ("2", "1")


def test_a_danger_in_an_answer_comes_first_and_the_form_waits_on(stage: Stage) -> None:
    stage.say("报备 返乡", by="wutong")

    assert "窗" in stage.say("明天，家里煤气漏了", by="wutong")[0]
    assert "返乡" in stage.say("接着填", by="wutong")[0] or "哪天" in stage.last("wutong").text


@pytest.mark.parametrize(
    "words",
    [
        "报备 12月4日从成都回来,三个人,住3栋2单元501,12月8日走",
        "报备 独居平安 我妈有高血压，去年晕倒过一次，每天联系",
        "报备 装修 要动燃气管，下周一开始",
        "心愿 想学急救，家里有老人",
    ],
)
def test_what_only_sounds_like_danger_stays_what_it_is(stage: Stage, words: str) -> None:
    stage.say(words, by="wutong")

    assert not [heard for heard in stage.heard() if "119" in heard.text or "120" in heard.text]


FEARS = [
    "怕家里老人晕倒，想装个呼叫铃",
    "怕燃气泄漏，请人来检查",
    "卫生间滑，怕老人摔倒起不来",
    "我就怕突然晕倒了没人晓得，想有个人每天打个电话",
    "怕孩子从阳台掉下去，想装防护网",
    "免得晕倒了没人知道",
    "要是电梯把人关在里面咋办",
]
HAPPENING = [
    "老人晕倒了",
    "怕老人晕倒，现在真的晕倒了",
    "敲门没人应，怕老人晕倒了",
    "太可怕了，老人晕倒了",
    "我怕他拿刀砍我",
    "隔壁起火，怕烧过来",
    "恐怕是煤气漏了，味道好大",
]


@pytest.mark.parametrize("words", FEARS)
@pytest.mark.parametrize("said", [("心愿 {}",), ("互助 {}",), ("报备 独居平安", "{}"), ("报备 独居平安 {}",), ("{}",)])
def test_what_is_only_feared_rings_nobody(stage: Stage, words: str, said: tuple[str, ...]) -> None:
    for line in said:
        stage.say(line.format(words), by="wutong")

    assert not [heard for heard in stage.heard() if "【紧急】" in heard.text]


@pytest.mark.parametrize("words", HAPPENING)
@pytest.mark.parametrize("said", [("心愿 {}",), ("互助 {}",), ("报备 独居平安", "{}"), ("报备 独居平安 {}",), ("{}",)])
def test_what_is_happening_rings_whatever_fear_is_in_it(stage: Stage, words: str, said: tuple[str, ...]) -> None:
    for line in said:
        stage.say(line.format(words), by="wutong")

    assert [heard for heard in stage.heard() if "【紧急】" in heard.text]


@pytest.mark.parametrize("words", ["怕老人晕倒了", "担心他晕倒了"])
def test_where_it_may_be_either_it_rings(stage: Stage, words: str) -> None:
    stage.say(words, by="wutong")

    assert [heard for heard in stage.heard() if "【紧急】" in heard.text]


def test_a_question_of_its_own_is_answered_and_adds_nothing_to_what_was_just_reported(stage: Stage) -> None:
    stage.say("3栋2单元的路灯坏了", by="liguifang")
    told = stage.say("转户口要啥子", by="liguifang")

    assert not any("补充" in words for words in told)
    assert told
