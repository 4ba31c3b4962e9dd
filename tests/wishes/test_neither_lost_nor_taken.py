"""A neighbour's wish has that neighbour's yes; what is called off or refused in other words is heard as that."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed, published
from tests.wishes.test_yes_and_no import reached

WHO = "liguifang"


@pytest.mark.parametrize(
    "words",
    [
        "隔壁王婆婆想有人陪她去医院看眼睛",
        "楼上张大爷想要个收音机",
        "我家对门李婆婆想借轮椅用一天",
        "楼下的陈叔想找个人下棋",
    ],
)
def test_a_neighbours_wish_is_asked_about_first(stage: Stage, words: str) -> None:
    assert "本人同意" in stage.say(words, by=WHO)[0]
    assert not stage.hears("xujianing")


@pytest.mark.parametrize("words", ["想借一本新华字典", "想借隔壁王婆婆那种轮椅"])
def test_ones_own_wish_is_ones_own(stage: Stage, words: str) -> None:
    assert "收到心愿" in stage.say(f"心愿 {words}", by=WHO)[0]


@pytest.mark.parametrize("words", ["王婆婆说她自己去了,不麻烦了", "我自己去了,不麻烦了"])
def test_calling_off_in_other_words_is_asked_about(stage: Stage, words: str) -> None:
    number = claimed(stage)
    stage.say("可以告诉", by=WHO)

    asked = stage.does("text", words, by=WHO)[0]
    assert "不要了吗" in asked.text
    assert stage.matter(number).state == "claimed"
    stage.tap(asked, "撤回", by=WHO)
    assert stage.matter(number).state == "withdrawn"


def test_in_a_group_nothing_is_asked(stage: Stage) -> None:
    published(stage)

    assert stage.say("我自己去了,不麻烦了", by=WHO, chat="g-jinxiu-2") == []


@pytest.mark.parametrize(
    "words", ["字典的那个不要告诉", "字典那个莫告诉他", "不要告诉他我是哪个", "莫告诉他我是谁", "借字典的先不给"]
)
def test_a_no_that_names_the_wish_is_a_no_and_no_report(stage: Stage, words: str) -> None:
    number = claimed(stage)
    stage.say("心愿墙", by=WHO)

    assert "不告诉" in stage.say(words, by=WHO)[0]
    assert stage.matter(number).state == "claimed"
    assert not reached(stage)
    assert not stage.hears("hanmei")


@pytest.mark.parametrize(
    "words", ["哎我来不了了,临时有事", "我去不了了", "不得空哦，来不了", "我帮不了，不好意思", "我来不成"]
)
def test_who_cannot_come_has_claimed_nothing(stage: Stage, words: str) -> None:
    number = published(stage)
    assert "您是要认领" in stage.say(f"我来嘛 {number}", by="chenhao")[0]

    assert "没关系" in stage.say(words, by="chenhao")[0]
    stage.say("对", by="chenhao")
    assert stage.matter(number).state == "open"


@pytest.mark.parametrize("words", ["3栋2单元楼道灯坏了,还有想借个轮椅推老伴去医院", "楼道灯坏了,另外想借个轮椅"])
def test_a_wish_beside_a_report_is_offered_once(stage: Stage, words: str) -> None:
    heard = stage.say(words, by=WHO)

    assert len(heard) == 2
    assert "发到心愿墙" in heard[1]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("我下个月初五要去成都住两个月,屋头钥匙交给李雷,顺便想找个人帮我浇花", "顺便想找个人帮我浇花"),
        ("我们全家国庆出去耍,想找人帮忙喂猫", "想找人帮忙喂猫"),
        ("我们要回老家过年，屋头没得人，想找人帮忙看哈房子", "想找人帮忙看哈房子"),
        ("其实我是想要一点旧衣服,小孩三岁,不想让别人知道是我", "想要一点旧衣服,小孩三岁"),
        ("想找人陪我去成都看病", "想找人陪我去成都看病"),
    ],
)
def test_no_group_is_shown_when_a_home_is_empty_or_who_is_shy(stage: Stage, words: str, shown: str) -> None:
    """An empty home is a thief's news."""
    stage.say(f"心愿 {words}", by=WHO)

    assert f"发布后大家看到：{shown}\n" in stage.last("xujianing").text
