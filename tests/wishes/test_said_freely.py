"""Wishes said freely are only offered, and for somebody else only with that person's yes."""

import pytest

from tests.stage import Stage

GROUP = "g-jinxiu-2"
FREE = "我想给孙女借一本新华字典"


def test_a_wish_recognised_in_chatter_is_only_offered_once_with_two_buttons(stage: Stage) -> None:
    heard = stage.does("text", FREE, by="liguifang", chat=GROUP)

    assert [one.text for one in heard] == ["要不要我帮您发到心愿墙，请邻居帮忙？社区先看，不写姓名和门牌。"]
    assert [label for label, _ in heard[0].buttons] == ["好，帮我发", "不用，随便聊"]
    assert stage.say("有没有人能陪我去医院", by="liguifang", chat=GROUP) == []
    assert stage.hears("xujianing") == []


def test_the_offer_taken_waits_for_the_community_like_any_other(stage: Stage) -> None:
    heard = stage.does("text", FREE, by="liguifang", chat=GROUP)

    assert "编号 1001" in stage.tap(heard[0], "好，帮我发", by="liguifang")[0]
    assert stage.matter(1001).state == "vetting"
    assert FREE in stage.last("xujianing").text


def test_the_offer_declined_leaves_nothing(stage: Stage) -> None:
    stage.say(FREE, by="liguifang", chat=GROUP)

    assert stage.say("不用了", by="liguifang", chat=GROUP) == ["好的，不发。"]
    assert stage.hears("xujianing") == []


def test_a_neighbour_cannot_answer_for_the_one_who_was_asked(stage: Stage) -> None:
    heard = stage.does("text", FREE, by="liguifang", chat=GROUP)

    assert stage.tap(heard[0], "好，帮我发", by="wutong") == []


def test_in_private_a_sure_wish_is_taken(stage: Stage) -> None:
    assert "编号 1001" in stage.say(FREE, by="liguifang")[0]


def test_an_emergency_in_the_words_of_a_wish_is_an_emergency(stage: Stage) -> None:
    assert "119" in stage.say("心愿 救命，我家着火了", by="liguifang")[0]
    assert stage.matter(1001).kind == "report"


def test_for_somebody_else_the_bot_asks_for_that_persons_yes_first(stage: Stage) -> None:
    heard = stage.does("text", "代许心愿 王奶奶想要一床棉被", by="hanmei")
    assert "本人同意" in heard[0].text

    assert "代许的心愿，编号 1001" in stage.tap(heard[0], "当面同意了", by="hanmei")[0]

    matter = stage.matter(1001)
    assert matter.behalf == "王奶奶"
    card = stage.last("xujianing").text
    assert "本人当面同意了" in card
    assert "发布后大家看到：一位老人想要一床棉被" in card


def test_without_that_persons_yes_nothing_is_kept(stage: Stage) -> None:
    heard = stage.does("text", "代许心愿 王奶奶想要一床棉被", by="hanmei")

    assert "先问问本人" in stage.tap(heard[0], "还没问", by="hanmei")[0]
    assert stage.hears("xujianing") == []


def test_whoever_belongs_nowhere_is_asked_for_the_estate(stage: Stage) -> None:
    assert "哪个小区" in stage.say(FREE, by="newcomer")[0]
    assert "编号 1001" in stage.say("锦绣花园", by="newcomer")[0]


@pytest.mark.parametrize("words", ["大家早上好", "认领", "圆梦", "发布", "谢谢大家", "今天真冷"])
def test_chatter_stays_chatter(stage: Stage, words: str) -> None:
    assert stage.say(words, by="wutong", chat=GROUP) == []


@pytest.mark.parametrize("chat", [GROUP, None])
@pytest.mark.parametrize(
    "words",
    [
        "有没得人会修空调的",
        "有没有师傅会修水管",
        "请问哪位师傅会修空调",
        "谁会修洗衣机",
        "群里有会修空调的吗",
        "我家空调坏了,有没得人会修",
        "下午哪个去超市帮我带袋米",
        "哪位邻居去超市帮我带瓶酱油",
    ],
)
def test_who_can_do_it_is_offered_to_be_asked_and_is_no_report(stage: Stage, words: str, chat: str | None) -> None:
    heard = stage.does("text", words, by="liguifang", chat=chat)[0]

    assert "心愿墙" in heard.text
    assert "编号 1001" in stage.tap(heard, "好，帮我发", by="liguifang")[0]
    assert stage.matter(1001).kind == "wish"


@pytest.mark.parametrize(
    "words",
    [
        "有没有人会打麻将",
        "谁会来修这个路灯",
        "电梯哪个来修",
        "有没有人知道理发店电话",
        "谁做的饭",
        "哪家装修这么吵",
        "有没有人在修水管",
        "谁家装空调这么吵",
        "哪个帮我砍一刀",
        "谁会做这种事",
        "你会修空调不",
    ],
)
def test_other_questions_among_neighbours_are_left_alone(stage: Stage, words: str) -> None:
    assert stage.say(words, by="liguifang", chat=GROUP) == []
