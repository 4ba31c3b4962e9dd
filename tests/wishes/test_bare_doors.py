"""A bare room number is somebody's door: it is on no wall, in no favour, on no list and in no words passed on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import Catalog
from bot.settings import PROJECT
from handlers.wishes import doors, wording
from handlers.wishes.terms import terms
from tests.stage import Stage
from tests.wishes.test_a_wishs_life import GROUP, claimed, wished

ROWS = terms(Catalog(PROJECT / "templates" / "catalog"))
MASK = "（略）"
WANTED = ("想借个打气筒", "想请人帮我修灯", "我家有多的白菜送人", "想找人陪我散步")
LEADS = (
    "我在", "住", "我住", "送到", "来", "来我家", "我家在", "我屋头在", "到", "去", "放到", "就在", "门牌", "我是", "隔壁",
    "家住", "楼上", "从", "拿到", "搬到", "我家就是", "我屋头",
)  # fmt: skip
DOORS = ("1203", "302", "12-3", "3-2-501", "A1203", "12-1203", "801", "三楼五号", "五零二", "１２０３")
TAILS = ("", "等到起", "莫走错咯", "敲门就行", "来拿", "找程晓光", "吃饭嘛", "的", "门口", "屋头")
SHAPES = (
    "{wanted},{lead}{door}{tail}",
    "{lead}{door}{tail}，{wanted}",
    "{wanted} {lead}{door}{tail}",
    "{lead}{door}{wanted}",
)


@given(*map(st.sampled_from, (SHAPES, WANTED, LEADS, DOORS, TAILS)))
def test_however_a_door_is_told_it_is_left_out(shape: str, wanted: str, lead: str, door: str, tail: str) -> None:
    words = shape.format(wanted=wanted, lead=lead, door=door, tail=tail)

    assert door not in wording.public(words, ["李桂芳"], ROWS)
    assert door not in wording.covered(words, ["李桂芳"], MASK)
    assert wording.tells_who(words, [])


@pytest.mark.parametrize(
    "words",
    [
        "300块", "1203元", "1.5米", "2026年", "在2026年", "我家100平", "来300个", "到300块", "给我300就行", "喊120来", "水压200以上",
        "2-3个人", "在9-11点", "8:00-9:00", "300页的书", "101路公交", "坐3号线", "1500瓦的电热毯", "我家200多平", "二零二六年", "12月3号",
        "搬到5楼", "我家有300斤白菜", "住3天", "去301医院", "我是1958年生的", "在30分钟以内", "想要个5号电池", "上2-3楼", "在15号",
    ],
)  # fmt: skip
def test_a_price_a_size_a_count_and_a_time_are_no_door(words: str) -> None:
    assert not doors.any_in(words)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("想请人帮我通下水道,我在1203,莫走错咯", "想请人帮我通下水道"),
        ("想请人到我家902教手机,周六下午3点到5点", "想请人教手机,周六下午3点到5点"),
        ("想找人把冰箱从1203搬到楼下", "想找人把冰箱搬到楼下"),
        ("想要300块以内的收音机", "想要300块以内的收音机"),
    ],
)
def test_what_is_wanted_stays_whole(said: str, read: str) -> None:
    assert wording.public(said, [], ROWS) == read


def test_neither_a_wish_nor_the_answer_to_a_question_tells_the_door(stage: Stage) -> None:
    number = wished(stage, "想请人帮我通下水道,我在1203,莫走错咯")
    stage.say(f"问一句 {number} 几点方便", by="xujianing")
    stage.say("下午三点以后都行，我在302等到起", by="liguifang")
    stage.say(f"发布 {number}", by="xujianing")

    told = stage.last(GROUP, group=True).text
    assert "想请人帮我通下水道，下午三点以后都行\n" in told


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("想借个打气筒,送到12-3,找程晓光", "想借个打气筒"),
        ("想找人陪我夜跑,我在602,微信号cxg602", "想找人陪我夜跑"),
        ("我家有多的白菜送人,住801", "我家有多的白菜送人"),
    ],
)
def test_a_favour_tells_no_door(stage: Stage, words: str, read: str) -> None:
    stage.say(f"互助 {words}", by="liguifang")
    stage.tap(stage.last("liguifang"), "发", by="liguifang")

    assert stage.last(GROUP, group=True).text.startswith(f"邻里互助 1001：{read}\n")


@pytest.mark.parametrize(
    ("words", "passed_on"),
    [
        ("我在1201,敲门就行,叫我李桂芳", f"我在{MASK},敲门就行,{MASK}"),
        ("收到了,来我家902吃饭嘛,电话13800003333", f"收到了,来我家{MASK}吃饭嘛,电话{MASK}"),
        ("我住902,你直接上来嘛", f"我住{MASK},你直接上来嘛"),
    ],
)
def test_words_passed_on_before_the_yes_have_the_door_covered(stage: Stage, words: str, passed_on: str) -> None:
    number = claimed(stage)

    assert "门牌我没有转" in stage.say(f"捎话 {number} {words}", by="liguifang")[0]
    assert f"捎话：{passed_on}\n" in stage.last("chenhao").text


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("我家在1302,有个轮椅可以借,打我电话13512345678", "有个轮椅可以借"),
        ("我家在801,有个婴儿床可以借,电话13612345678", "有个婴儿床可以借"),
        ("我屋头在402,有个梯子可以借给大家,电话13512340000", "有个梯子可以借给大家"),
    ],
)
def test_a_thing_offered_beside_a_door_is_a_resource_without_it(stage: Stage, words: str, kept: str) -> None:
    assert "记进资源清单吗" in stage.say(words, by="wutong")[0]
    stage.tap(stage.last("wutong"), "好，记上", by="wutong")

    assert f"1001 {kept}\n" in stage.say("我的资源", by="wutong")[0]


def test_a_resource_ordered_with_a_door_is_kept_without_it(stage: Stage) -> None:
    stage.say("登记资源 轮椅一辆可以借，住3栋1203，电话13512345678", by="wutong")

    assert "1001 轮椅一辆可以借\n" in stage.say("我的资源", by="wutong")[0]
