"""What neighbours say beside, before and after a wish: a yes told of, despair said quietly, two things in one breath."""

import pytest

from tests.stage import Heard, Stage
from tests.wishes.test_a_wishs_life import GROUP, claimed, published, wished


@pytest.mark.parametrize("words", ["她电话里答应了", "他电话里答应了", "她刚才电话里答应了", "婆婆在电话里应了"])
def test_a_yes_told_of_rings_nobody(stage: Stage, words: str) -> None:
    stage.say("帮我妈许个心愿，想要个收音机", by="liguifang")

    assert not any("120" in told for told in stage.say(words, by="liguifang"))
    assert not any("紧急" in heard.text for heard in stage.heard())


@pytest.mark.parametrize(
    "words", ["喊他不答应了", "敲门没答应", "她答应了,我爸晕倒了", "她答应了她现在胸口痛得很", "答应了一声就喊不应了"]
)
def test_no_answer_at_the_door_is_a_danger_as_before(stage: Stage, words: str) -> None:
    assert any("紧急" in heard.text for heard in _after(stage, words))


@pytest.mark.parametrize(
    "words",
    [
        "想死的心都有了",
        "想死的心都有了,没人管我",
        "心愿 活着没啥意思,想有人陪我说说话",
        "活着真没得意思",
        "我觉得不如死了算了",
        "痛得想死的心都有了",
    ],
)
def test_quiet_despair_is_heard(stage: Stage, words: str) -> None:
    assert "12356" in stage.say(words, by="liguifang")[0]


@pytest.mark.parametrize(
    "words",
    [
        "笑死",
        "气死我了",
        "热死",
        "累得想死",
        "加班加得想死的心都有了",
        "作业多得很,想死的心都有了",
        "想死你了",
        "手机死了算了",
        "这集看得我活着没意思,哈哈",
    ],
)
def test_grumbling_is_not(stage: Stage, words: str) -> None:
    assert not any("12356" in heard.text or "紧急" in heard.text for heard in _after(stage, words))


def test_among_neighbours_such_words_are_a_way_to_grumble(stage: Stage) -> None:
    assert stage.say("想死的心都有了", by="liguifang", chat=GROUP) == []


@pytest.mark.parametrize("words", ["借个电钻", "借把电钻", "想借一下电钻用到周末", "电钻有没得"])
def test_a_drill_asked_for_makes_no_noise(stage: Stage, words: str) -> None:
    assert not any("噪音" in heard.text for heard in _after(stage, words))


@pytest.mark.parametrize("words", ["楼上电钻好吵", "楼上借的电钻天天响", "隔壁借电钻钻墙吵死了"])
def test_a_drill_that_is_heard_does(stage: Stage, words: str) -> None:
    assert "噪音" in stage.say(words, by="liguifang")[0]


@pytest.mark.parametrize("words", ["墙", "楼道", "水管", "车库"])
def test_a_noun_alone_opens_no_case(stage: Stage, words: str) -> None:
    assert stage.say(words, by="liguifang", chat=GROUP) == []
    assert not any("编号" in told for told in stage.say(words, by="liguifang"))


def test_the_wall_is_the_wall_of_wishes(stage: Stage) -> None:
    assert "心愿" in stage.say("墙", by="liguifang")[0]


@pytest.mark.parametrize(
    ("words", "fault", "wish"),
    [
        ("想借鱼竿就问问,顺便我家漏水了", "我家漏水了", "想借鱼竿就问问"),
        ("我有两件事,一是想借个电钻,二是5单元门禁坏了", "5单元门禁坏了", "想借个电钻"),
        ("3栋2单元路灯坏了，还有个事，我想借个轮椅", "3栋2单元路灯坏了", "我想借个轮椅"),
    ],
)
def test_two_things_in_one_breath_are_both_heard(stage: Stage, words: str, fault: str, wish: str) -> None:
    told = stage.say(words, by="liguifang")

    assert "编号 1001" in told[0]
    assert stage.matter(1001).text == fault
    assert wish in told[-1]
    stage.say("好", by="liguifang")
    assert (stage.matter(1002).kind, stage.matter(1002).text) == ("wish", wish)


def test_a_wish_that_is_ordered_is_taken_and_the_fault_beside_it_reported(stage: Stage) -> None:
    stage.say("心愿 想借轮椅，另外3栋路灯坏了", by="liguifang")

    kinds = {stage.matter(number).kind: stage.matter(number).text for number in (1001, 1002)}
    assert kinds == {"report": "3栋路灯坏了", "wish": "想借轮椅"}


@pytest.mark.parametrize("words", ["想借轮椅，还有想借拐杖", "家里灯坏了,想找人帮我换", "想借轮椅，另外要轻一点的"])
def test_one_thing_stays_one(stage: Stage, words: str) -> None:
    told = stage.say(words, by="liguifang")

    assert len(told) == 1


def test_the_answer_to_the_community_goes_to_whoever_asked(stage: Stage) -> None:
    number = wished(stage, "给石大爷修收音机,石大爷同意了")
    stage.say(f"问一句 {number} 什么牌子的，大爷叫啥", by="xujianing")

    assert stage.say("红灯牌的,不响了,石大爷叫石万福住老桥头5号", by="liguifang") == ["好的，已经告诉社区了。"]
    assert "红灯牌的" in stage.last("xujianing").text


def test_a_fault_in_the_answer_is_offered_as_a_report_besides(stage: Stage) -> None:
    number = wished(stage, "想找人陪我摆龙门阵")
    stage.say(f"问一句 {number} 平时一个人吗", by="xujianing")

    told = stage.say("电梯老是坏,我下不了楼,就是闷", by="liguifang")
    assert told[0] == "好的，已经告诉社区了。"
    assert "电梯老是坏" in told[1]
    assert "就是闷" in stage.last("xujianing").text
    assert "编号 1002" in stage.say("好", by="liguifang")[0]
    assert stage.matter(1002).text == "电梯老是坏"


def test_what_is_wrong_with_the_thing_itself_is_an_answer(stage: Stage) -> None:
    number = wished(stage, "想找人修收音机")
    stage.say(f"问一句 {number} 啥毛病", by="xujianing")

    assert stage.say("收音机坏了,不响", by="liguifang") == ["好的，已经告诉社区了。"]


@pytest.mark.parametrize("words", ["3栋2单元电梯坏了", "楼道灯坏了"])
def test_a_report_meanwhile_stays_a_report(stage: Stage, words: str) -> None:
    number = wished(stage, "想找人陪我摆龙门阵")
    stage.say(f"问一句 {number} 平时一个人吗", by="xujianing")

    assert "编号 1002" in stage.say(words, by="liguifang")[0]
    assert stage.say("一个人", by="liguifang") == ["好的，已经告诉社区了。"]


@pytest.mark.parametrize("words", ["心愿{0}不要了,灯自己亮了", "心愿 {0} 不要了,我自己买了", "心愿{0}，不用了"])
def test_a_wish_called_by_its_name_and_number_is_that_one(stage: Stage, words: str) -> None:
    number = wished(stage)

    assert f"心愿 {number} 已撤回" in stage.say(words.format(number), by="liguifang")[0]


def test_asked_how_it_stands_by_its_name_and_number(stage: Stage) -> None:
    number = claimed(stage)

    for words in (f"心愿{number}", f"心愿 {number} 咋样了"):
        assert "有邻居在办" in stage.say(words, by="liguifang")[0]
    assert "编号" not in stage.say(f"心愿 {number} 谢谢啊", by="liguifang")[0]
    assert "问问邻居" in stage.say(f"心愿{number}办好了", by="chenhao")[0]


def test_a_favour_called_by_its_name_and_number(stage: Stage) -> None:
    stage.say("互助 借个梯子", by="liguifang")
    stage.say("发", by="liguifang")

    assert "互助 1001 不发了" in stage.say("互助1001不要了", by="liguifang")[0]


def test_a_number_of_pieces_is_no_number_of_a_wish(stage: Stage) -> None:
    number = published(stage)

    assert "收到心愿" in stage.say(f"心愿 {number}块的拼图一盒，想送孙女", by="liguifang")[0]


@pytest.mark.parametrize("words", ["不用记了", "不用麻烦了", "莫记了", "算了嘛", "不消了", "我就说说"])
def test_declining_an_offer_takes_back_nothing_else(stage: Stage, words: str) -> None:
    number = wished(stage)
    stage.say("我会修电器", by="liguifang")

    assert stage.say(words, by="liguifang") == ["好的，不记。"]
    assert stage.matter(number).state == "vetting"


def test_taking_back_the_wish_by_name_is_done_though_an_offer_waits(stage: Stage) -> None:
    number = wished(stage)
    stage.say("我会修电器", by="liguifang")

    assert "已撤回" in stage.say("撤回心愿", by="liguifang")[0]
    assert stage.matter(number).state == "withdrawn"


@pytest.mark.parametrize(
    "words",
    ["我会包粽子,愿意教大家", "我屋头有台闲置的洗衣机送人", "我家有个沙发不要钱送人", "我会打太极拳,可以教大家"],
)
@pytest.mark.parametrize("yes", ["好嘛记上", "可以"])
def test_what_is_offered_freely_is_on_the_list_after_one_yes(stage: Stage, words: str, yes: str) -> None:
    assert "资源清单" in stage.say(words, by="liguifang")[0]
    assert "记下了，资源 1001" in stage.say(yes, by="liguifang")[0]


@pytest.mark.parametrize("words", ["我家有台旧冰箱便宜卖", "我家洗衣机坏了", "我会帮忙，愿意当志愿者"])
def test_what_is_sold_or_not_said_yet_is_not(stage: Stage, words: str) -> None:
    assert "要记进资源清单吗" not in stage.say(words, by="liguifang")[0]


def test_what_was_lent_out_is_asked_for_no_more(stage: Stage) -> None:
    stage.say("我家有轮椅可以借", by="liguifang")
    stage.say("可以", by="liguifang")

    assert "资源 1001" in stage.say("我家轮椅借出去了,不用问我了", by="liguifang")[0]
    assert "已收回" in stage.say("对", by="liguifang")[0]


def _after(stage: Stage, words: str) -> list[Heard]:
    before = len(stage.heard())
    stage.say(words, by="liguifang")
    return stage.heard()[before:]
