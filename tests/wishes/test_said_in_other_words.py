"""What neighbours say beside the orders: a thing at hand, a wish for the neighbour, two at once, a question before a yes."""

import pytest

from handlers.wishes.terms import terms
from tests.stage import Stage
from tests.wishes.test_favours import posted

GROUP = "g-jinxiu-2"


@pytest.mark.parametrize("words", ["我有电钻,找我拿", "我家有电钻，来拿嘛", "电钻我有", "我有，找我拿"])
def test_a_thing_at_hand_answers_the_favour_that_asks_for_it(stage: Stage, words: str) -> None:
    number = posted(stage, "想借电钻，明天上午用")

    assert stage.say(words, by="wutong", chat=GROUP) == [f"互助 {number} 有邻居回应了，谢谢！我私下联系。"]
    assert "同意和这位邻居" in stage.last("liguifang").text


def test_after_two_hours_or_for_another_thing_it_is_offered_a_place_on_the_list(stage: Stage) -> None:
    posted(stage, "想借电钻，明天上午用")
    assert "资源清单" in stage.say("我家有梯子，来拿嘛", by="chenhao", chat=GROUP)[0]
    stage.pass_time(hours=3)
    assert "资源清单" in stage.say("我有电钻,找我拿", by="wutong", chat=GROUP)[0]


@pytest.mark.parametrize("words", ["我家有电钻吵得睡不着", "我家有水管漏水"])
def test_a_fault_in_such_words_is_a_report_still(stage: Stage, words: str) -> None:
    posted(stage, "想借电钻，明天上午用")

    assert "收到" in stage.say(words, by="wutong", chat=GROUP)[0]


@pytest.mark.parametrize(
    ("words", "whom", "read"),
    [
        ("帮我隔壁老李发个心愿,他想要个收音机", "老李", "想要个收音机"),
        ("给楼上张婆婆许个愿,她想有人教她用手机", "张婆婆", "想有人教她用手机"),
        ("帮隔壁李婆婆许个心愿 想要厚棉被", "李婆婆", "想要厚棉被"),
    ],
)
def test_a_wish_for_a_neighbour_waits_for_that_neighbours_yes(stage: Stage, words: str, whom: str, read: str) -> None:
    assert "本人同意" in stage.say(words, by="hanmei")[0]

    assert "代许的心愿" in stage.say("当面同意了", by="hanmei")[0]
    assert stage.matter(1001).behalf == whom
    assert f"发布后大家看到：{read}\n" in stage.last("xujianing").text


@pytest.mark.parametrize(
    "words", ["帮我发个心愿，想要台收音机", "给我自己发个心愿，想要台收音机", "给我儿子许个愿，想要套课本"]
)
def test_ones_own_wish_needs_nobodys_yes(stage: Stage, words: str) -> None:
    assert "编号 1001" in stage.say(words, by="hanmei")[0]
    assert f"发布后大家看到：{words.partition('，')[2]}\n" in stage.last("xujianing").text


def test_two_wishes_in_one_message_are_two(stage: Stage) -> None:
    told = stage.say("想借个轮椅,还想找人教我用手机", by="liguifang")[0]

    assert "1001 想借个轮椅\n1002 想找人教我用手机" in told
    assert [stage.matter(number).state for number in (1001, 1002)] == ["vetting", "vetting"]


@pytest.mark.parametrize("words", ["想借个轮椅,还想要大一点的", "想借个轮椅，还要带轮子的轮椅"])
def test_a_detail_is_no_second_wish(stage: Stage, words: str) -> None:
    assert "编号 1001" in stage.say(f"心愿 {words}", by="liguifang")[0]


def test_the_same_resource_told_twice_is_kept_once_and_another_one_is_another(stage: Stage) -> None:
    stage.say("登记资源 我家有轮椅可以借", by="wutong")

    assert "登记过了" in stage.say("登记资源 我有轮椅可以借", by="wutong")[0]
    assert "记下了" in stage.say("登记资源 我还有一辆轮椅可以借", by="wutong")[0]
    assert "记下了" in stage.say("登记资源 血压计可以借", by="wutong")[0]
    assert "记下了" in stage.say("登记资源 会量血压", by="wutong")[0]


@pytest.mark.parametrize(
    ("words", "need"),
    [
        ("想借个理发推子", "借用"), ("会剃头", "照护"), ("修一下电饭煲", "维修"), ("找人接孙女放学", "接送"), ("去市场买点菜", "跑腿"),
        ("教孙子写毛笔字", "学习"), ("每天念报纸", "陪伴"),
    ],
)  # fmt: skip
def test_kinds_of_need(stage: Stage, words: str, need: str) -> None:
    assert terms(stage.kit.catalog).need_of(words).name == need


@pytest.mark.parametrize("question", ["几点出发?", "收钱不?", "你是哪个单元的?"])
def test_a_question_before_a_yes_goes_on_and_is_no_yes(stage: Stage, question: str) -> None:
    number = posted(stage, "想搭车去医院，明天早上")
    stage.say(f"我来帮 {number}", by="wutong")

    assert "话带到了" in stage.say(question, by="liguifang")[0]
    assert f"有邻居问：{question}" in stage.last("wutong").text
    stage.say("8点，我叫吴桐，在3栋2单元501，电话13812345678", by="wutong")
    told = stage.last("liguifang")
    assert "8点" in told.text
    for secret in ("吴桐", "501", "13812345678"):
        assert secret not in told.text
    assert "再问问那位邻居" in stage.tap(told, "同意", by="liguifang")[0]


def test_whoever_has_not_answered_yet_asks_by_number_or_hears_how(stage: Stage) -> None:
    number = posted(stage, "想搭车去医院，明天早上")

    assert "我替您问" in stage.say("几点出发?", by="wutong")[0]
    assert "话带到了" in stage.say(f"{number} 几点出发?", by="wutong")[0]
    stage.say("8点", by="liguifang")
    assert "回话：8点" in stage.last("wutong").text


def test_a_report_said_after_such_a_question_is_a_report(stage: Stage) -> None:
    number = posted(stage, "想搭车去医院，明天早上")
    stage.say(f"{number} 几点出发?", by="wutong")

    assert "编号 1002" in stage.say("3栋2单元电梯停了", by="liguifang")[0]
    assert "电梯" not in stage.last("wutong").text


@pytest.mark.parametrize("words", ["住顶楼,想找人陪我聊聊天", "顶楼漏水想找人看看", "住顶楼没电梯,想找人背我妈下楼"])
def test_whoever_lives_under_the_roof_rings_nobody(stage: Stage, words: str) -> None:
    assert not any("110" in told for told in stage.say(words, by="wutong"))


@pytest.mark.parametrize("words", ["有人站在楼顶边上", "顶楼有人要跳", "我住在顶楼,我真想跳下去", "我在顶楼不想活了"])
def test_whoever_is_about_to_jump_rings(stage: Stage, words: str) -> None:
    assert any("110" in told or "12356" in told or "120" in told for told in stage.say(words, by="wutong"))
