"""What neighbours say in their own words about wishes, favours and what they have, and what is made of it."""

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import claimed, published, wished

GROUP = "g-jinxiu-2"


@pytest.mark.parametrize(
    ("words", "whom"),
    [
        ("代许愿 2单元的周爷爷想要个收音机", "周爷爷"),
        ("心愿 替周爷爷说,想要个收音机", "周爷爷"),
        ("代说3栋的周爷爷想要个收音机", "周爷爷"),
        ("我妈不会用手机,想要一台收音机,我替她说", "妈妈"),
        ("王奶奶想要一床棉被", "王奶奶"),
    ],
)
def test_for_somebody_else_that_persons_yes_comes_first_however_it_is_said(stage: Stage, words: str, whom: str) -> None:
    heard = stage.say(words, by="liguifang")
    assert heard == ["这是替别人许的心愿。本人同意发到心愿墙吗？（不写姓名和门牌）"]

    assert "代许的心愿，编号 1001" in stage.say("他同意", by="liguifang")[0]
    assert stage.matter(1001).behalf == whom


def test_whoever_vouches_for_the_yes_is_not_asked_for_it_again(stage: Stage) -> None:
    assert "编号 1001" in stage.say("代说 3栋的刘奶奶想要一床棉被,她同意我帮她说", by="liguifang")[0]
    assert "替刘奶奶许的，说话人说本人同意" in stage.last("xujianing").text


@pytest.mark.parametrize("words", ["代说 刘奶奶想要一床棉被,她还没同意", "代说 刘奶奶想要一床棉被"])
def test_no_yes_is_read_into_words_that_have_none(stage: Stage, words: str) -> None:
    assert "本人同意" in stage.say(words, by="liguifang")[0]
    assert "没有留" in stage.say("还没问", by="liguifang")[0]


def test_what_is_said_for_somebody_does_not_become_a_report(stage: Stage) -> None:
    stage.say("代说", by="liguifang")

    assert "本人同意" in stage.say("3栋2单元石守义,他想把屋顶漏的那块瓦补一下", by="liguifang")[0]


@pytest.mark.parametrize("words", ["我不会用手机，想请人教", "我是李桂芳，想借一本字典", "我想给妈妈借个轮椅"])
def test_ones_own_wish_is_ones_own(stage: Stage, words: str) -> None:
    assert "编号 1001" in stage.say(f"心愿 {words}", by="liguifang")[0]
    assert stage.matter(1001).behalf == ""


@pytest.mark.parametrize("order", ["心愿", "互助", "登记资源", "代许心愿"])
def test_a_bare_yes_is_nothing_to_wish_for_or_to_lend(stage: Stage, order: str) -> None:
    asked = stage.say(order, by="liguifang")

    for words in ("好", "要得嘛", "可以"):
        assert stage.say(words, by="liguifang") == asked
    assert stage.hears("xujianing") == []


def test_what_is_broken_is_asked_about_and_not_made_a_wish(stage: Stage) -> None:
    heard = stage.does("text", "心愿 希望4栋2单元电梯赶紧修好", by="liguifang")[0]
    assert [label for label, _ in heard.buttons] == ["是报修", "是心愿"]

    assert "4栋2单元电梯" in stage.tap(heard, "是报修", by="liguifang")[0]
    assert stage.matter(1001).kind == "report"


def test_a_wish_within_a_report_is_offered(stage: Stage) -> None:
    heard = stage.does("text", "路灯坏了,另外我想要个轮椅", by="liguifang")
    assert stage.matter(1001).kind == "report"

    assert "编号 1002" in stage.tap(heard[-1], "好，帮我发", by="liguifang")[0]
    assert "发布后大家看到：想要个轮椅" in stage.last("xujianing").text


@pytest.mark.parametrize(
    "words", ["唉要是有人能帮我妈修下洗衣机就好了,都坏半个月了", "要是哪个能陪我下盘棋就好咯", "我妈一直想要一台收音机"]
)
@pytest.mark.parametrize("chat", [GROUP, None])
def test_a_sigh_is_offered_and_never_filed_unasked(stage: Stage, words: str, chat: str | None) -> None:
    heard = stage.does("text", words, by="wutong", chat=chat)

    assert [label for label, _ in heard[0].buttons] == ["好，帮我发", "不用，随便聊"]
    assert stage.hears("xujianing") == []


def test_yes_in_dialect_takes_the_offer(stage: Stage) -> None:
    stage.say("要是哪个能陪我下盘棋就好咯", by="wutong", chat=GROUP)

    assert "编号 1001" in stage.say("发嘛", by="wutong", chat=GROUP)[0]


@pytest.mark.parametrize(
    "words",
    ["要是明天不下雨就好了", "你的充电器借我一下", "邻里互助，从我做起", "如果电梯不停就好了", "我们一直想你"],
)
def test_chatter_that_only_sounds_like_it_is_left_alone(stage: Stage, words: str) -> None:
    assert stage.say(words, by="wutong", chat=GROUP) == []


@pytest.mark.parametrize(
    "words",
    [
        "想去华西医院,有没有顺风车",
        "我要搭车去火车站",
        "周末有空车去龙泉驿,可以带两个邻居",
        "借梯子",
        "谁家有梯子借我用一下",
        "有没有人明天一起去爬山",
    ],
)
def test_a_favour_is_understood_in_private_without_its_word_and_read_back(stage: Stage, words: str) -> None:
    wished(stage)

    heard = stage.does("text", words, by="liguifang")[0]

    assert "发吗？" in heard.text
    assert stage.hears(GROUP, group=True) == []


def test_in_a_group_a_favour_is_offered_and_read_back_in_private(stage: Stage) -> None:
    heard = stage.does("text", "谁家有梯子借我用一下", by="wutong", chat=GROUP)
    assert [label for label, _ in heard[0].buttons] == ["好，帮我问", "不用，随便聊"]

    assert stage.tap(heard[0], "好，帮我问", by="wutong") == []
    assert "发吗？" in stage.last("wutong").text


def test_the_word_for_favours_makes_one_in_a_group_too(stage: Stage) -> None:
    stage.say("互助 想借个血压计用两天", by="wutong", chat=GROUP)

    assert "想借个血压计用两天\n不写姓名电话" in stage.last("wutong").text


def test_a_quoted_wish_or_favour_is_taken_on_by_saying_so(stage: Stage) -> None:
    number = published(stage)
    stage.say("我来嘛", by="chenhao", chat="g-jinxiu-1", quote=stage.last("g-jinxiu-1", group=True))
    assert stage.matter(number).state == "claimed"

    stage.say("互助 借一把梯子", by="liguifang")
    stage.tap(stage.last("liguifang"), "发", by="liguifang")
    stage.say("我家有", by="chenhao", chat="g-jinxiu-1", quote=stage.last("g-jinxiu-1", group=True))
    assert "有邻居回应了" in stage.last("liguifang").text


def test_an_offer_with_two_places_stays_open_after_the_first_taker(stage: Stage) -> None:
    stage.say("互助 周末有空车去龙泉驿,可以带两个邻居", by="wutong")
    stage.tap(stage.last("wutong"), "发", by="wutong")
    for taker, group in (("chenhao", "g-jinxiu-1"), ("liguifang", GROUP)):
        line = next(one for one in stage.hears(group, group=True) if one.buttons)
        stage.tap(line, "我需要", by=taker)
        stage.tap(stage.last("wutong"), "同意", by="wutong")
        stage.tap(stage.last(taker), "同意", by=taker)
        assert "请联系吴桐" in stage.last(taker).text

    line = next(one for one in stage.hears(GROUP, group=True) if one.buttons)
    assert "已经结束" in stage.tap(line, "我需要", by="zhangdashan")[0]


def test_who_would_rather_not_hears_so_in_words_that_fit(stage: Stage) -> None:
    stage.say("互助 借一把梯子", by="liguifang")
    stage.tap(stage.last("liguifang"), "发", by="liguifang")
    stage.tap(stage.last("g-jinxiu-1", group=True), "我来帮", by="chenhao")
    stage.tap(stage.last("liguifang"), "同意", by="liguifang")

    assert "谢谢您的好意" in stage.tap(stage.last("chenhao"), "先不用", by="chenhao")[0]
    assert "接着帮您等别的邻居" in stage.last("liguifang").text


def test_the_contact_is_told_once_however_often_the_button_is_tapped(stage: Stage) -> None:
    claimed(stage)
    asked = stage.last("liguifang")
    stage.tap(asked, "可以", by="liguifang")
    before = len(stage.hears("chenhao"))

    stage.tap(asked, "可以", by="liguifang")

    assert len(stage.hears("chenhao")) == before


def test_how_a_wish_stands_is_told_in_plain_words(stage: Stage) -> None:
    number = wished(stage)

    for words in (f"{number}有人应了没得?", "还没有"):
        assert stage.say(words, by="liguifang") == [f"心愿 {number}：待审核，社区看过就上墙。"]


def test_urging_reaches_whoever_has_to_act_next(stage: Stage) -> None:
    number = wished(stage)
    assert "催了社区" in stage.say("催办", by="liguifang")[0]
    assert "许愿的邻居在催" in stage.last("xujianing").text
    before = len(stage.hears("xujianing"))
    assert "刚催过" in stage.say("催办", by="liguifang")[0]
    assert len(stage.hears("xujianing")) == before

    stage.say(f"发布 {number}", by="xujianing")
    stage.say(f"认领 {number}", by="chenhao")
    stage.pass_time(hours=2)
    assert "催了认领的邻居" in stage.say(f"催办 {number}", by="liguifang")[0]
    assert "办得怎么样了" in stage.last("chenhao").text


def test_what_may_belong_to_the_wish_is_asked_and_kept_with_it(stage: Stage) -> None:
    number = wished(stage, "想借个轮椅用两晚")
    heard = stage.does("text", "对了,最好是能折叠的", by="liguifang")[0]
    assert "要补充到这个心愿里吗" in heard.text

    assert stage.say("要得", by="liguifang") == [f"已补充到心愿 {number}。"]
    assert "能折叠" in stage.last("xujianing").text


def test_the_wall_goes_on_where_there_is_more(stage: Stage) -> None:
    numbers = [published(stage, f"想借一本{title}") for title in ("字典", "地图", "菜谱", "画册", "词典", "绘本")]

    first = stage.does("text", "心愿墙", by="chenhao")[0]
    assert len(first.buttons) == 4
    second = stage.does("text", "更多", by="chenhao")[0]

    shown = [int(line[:4]) for heard in (first, second) for line in heard.text.splitlines() if line[:4].isdecimal()]
    assert sorted(shown) == numbers
    assert "还有" not in second.text


def test_my_wishes_tell_of_those_that_have_ended(stage: Stage) -> None:
    number = wished(stage)
    stage.say(f"撤回 {number}", by="liguifang")

    assert f"已经结束的：\n{number} 想给孙女借一本新华字典：已撤回" in stage.say("我的心愿", by="liguifang")[0]


def test_help_speaks_of_wishes_and_favours(stage: Stage) -> None:
    said = stage.say("帮助", by="liguifang")[0]

    assert "心愿" in said
    assert "互助" in said


def test_many_wishes_that_nobody_has_vetted_make_one_reminder(stage: Stage) -> None:
    for title in ("字典", "地图", "菜谱"):
        wished(stage, f"想借一本{title}")
        stage.pass_time(minutes=20)
    before = len(stage.hears("xujianing"))

    stage.pass_time(days=2)

    told = stage.hears("xujianing")[before:]
    assert len(told) == 1
    assert "还有 3 个心愿没审核" in told[0].text
    assert "李桂芳" not in told[0].text


@pytest.mark.parametrize(
    "words",
    [
        "发个互助 想借个打气筒",
        "发互助借个梯子",
        "互助想借个梯子",
        "我想发个互助，借梯子",
        "求个互助 找人帮我搬个柜子",
        "借个梯子",
    ],
)
@pytest.mark.parametrize(
    "before", ["心愿 想借一本字典", "我家有轮椅可以借", "唉要是有人能帮我妈修下洗衣机就好了", "3栋2单元电梯又停了"]
)
def test_a_favour_is_a_favour_whatever_was_said_before(stage: Stage, words: str, before: str) -> None:
    stage.say(before, by="wutong")

    assert "不写姓名电话" in stage.say(words, by="wutong")[0]


@pytest.mark.parametrize("words", ["互助小组真不错", "我们楼的互助氛围好"])
def test_the_word_for_favours_alone_posts_nothing(stage: Stage, words: str) -> None:
    stage.say(words, by="wutong")

    assert not any("发吗？" in heard.text for heard in stage.hears("wutong"))
