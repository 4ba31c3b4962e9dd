"""The wisher says in other words that it came true; how long it took; and a proxy's answer about that person's yes."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import published


def asked(stage: Stage, words: str = "水龙头漏水，想请人换一下", result: str = "") -> int:
    """A wish of which the wisher is asked whether it came true."""
    number = published(stage, words)
    stage.say(f"认领 {number}", by="chenhao")
    stage.say(f"圆梦 {number} {result}", by="chenhao")
    return number


@pytest.mark.parametrize(
    "words", ["水龙头修好了，师傅辛苦了", "龙头不漏了，多谢", "来过了，手艺好得很", "这回不滴了，安逸"]
)
def test_what_is_named_and_done_is_done(stage: Stage, words: str) -> None:
    number = asked(stage)

    assert f"真好，心愿 {number} 圆了" in stage.say(words, by="liguifang")[0]


@pytest.mark.parametrize("words", ["水龙头是修好了，可是又在漏", "修好了一个", "师傅手艺好得很"])
def test_what_may_be_either_is_asked(stage: Stage, words: str) -> None:
    number = asked(stage)

    assert "算圆梦了，还是还没有" in stage.say(words, by="liguifang")[0]
    assert stage.matter(number).state == "granted"


@pytest.mark.parametrize("words", ["麻烦你再来一趟，水龙头又漏了", "还是在漏", "龙头还没修好"])
def test_a_complaint_goes_to_the_claimer(stage: Stage, words: str) -> None:
    number = asked(stage)

    assert stage.say(words, by="liguifang") == [f"好的，心愿 {number} 我请那位邻居再看看。"]


def test_a_no_that_was_a_slip_is_taken_back(stage: Stage) -> None:
    number = asked(stage, "想找人陪我下棋")
    stage.say("还没有", by="liguifang")

    assert f"心愿 {number} 圆了" in stage.say("来了来了，我记错了，谢谢他，棋下得巴适", by="liguifang")[0]


def test_done_after_a_no_is_asked_about(stage: Stage) -> None:
    number = asked(stage, "想请人换灯泡")
    stage.say("还没有", by="liguifang")

    heard = stage.does("text", "好了好了，这回亮了", by="liguifang")[0]
    assert "算圆梦了吗" in heard.text
    stage.tap(heard, "圆梦了", by="liguifang")
    assert stage.matter(number).state == "closed"


def test_hours_that_were_said_are_not_asked_for(stage: Stage) -> None:
    number = asked(stage, "想请人教我拉二胡", "教了两个小时")
    stage.say("圆梦了", by="liguifang")

    assert "120 分钟记进您的服务了" in stage.last("chenhao").text
    assert f"{number}" in stage.say("我的服务", by="chenhao")[0]


@pytest.mark.parametrize("words", ["她还不晓得", "还没问他", "还没有问她，等下哈", "她电话里说不可以"])
def test_without_that_persons_yes_nothing_is_kept(stage: Stage, words: str) -> None:
    stage.say("心愿 我妈想要个收音机", by="chenhao")

    assert "先问问本人" in stage.say(words, by="chenhao")[0]


@pytest.mark.parametrize("words", ["电话里说要得", "打电话他答应了的", "微信上说好了"])
def test_a_yes_by_phone_in_other_words_is_one(stage: Stage, words: str) -> None:
    stage.say("心愿 我妈想要个收音机", by="chenhao")

    assert "收到代许的心愿" in stage.say(words, by="chenhao")[0]
    assert "本人电话里同意了" in stage.last("xujianing").text


def test_for_whom_it_is_can_be_put_right_while_asked(stage: Stage) -> None:
    stage.say("心愿 我妈想要个收音机", by="chenhao")

    assert "本人同意" in stage.say("等等，我说错了，不是我妈是我婆婆", by="chenhao")[0]
    stage.say("当面同意了", by="chenhao")
    assert "我婆婆想要个收音机" in stage.last("xujianing").text


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("我们组那个谢老汉，他眼睛看不见了，想找个人念报纸给他听，他自己说可以发", "一位老人想找个人念报纸给他听"),
        ("心愿 给独居的李奶奶送个收音机，李奶奶同意的", "给一位老人送个收音机"),
        ("替我妈许个心愿，想要个助听器，她叫张秀英，同意了", "想要个助听器"),
    ],
)
def test_a_wish_for_somebody_is_known_as_one_and_worded_without_them(stage: Stage, words: str, read: str) -> None:
    assert "收到代许的心愿" in stage.say(words, by="chenhao")[0]
    assert f"发布后大家看到：{read}\n" in stage.last("xujianing").text
