"""Whoever cannot move, has no oxygen left or is hurt is a call for help: people are rung and the door is asked for."""

import pytest

from tests.census.test_census import begun, done
from tests.mobilizing.test_neighbours import GROUP, ordered
from tests.stage import Stage

RUNG = "我已叫了 3 个人"


def rings(stage: Stage, words: str, chat: str | None = None) -> bool:
    said = stage.say(words, by="nb1" if chat else "liguifang", chat=chat)
    return bool(said) and RUNG in said[0]


@pytest.mark.parametrize("order", [True, False])
@pytest.mark.parametrize("chat", [GROUP, None])
@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("走不动,派个人来接我", "别急"),
        ("走不动，能不能派个人来接我", "别急"),
        ("我们老两口走不动 来个人嘛", "别急"),
        ("我婆婆走不动路,谁来背一下", "别急"),
        ("我妈坐轮椅的，帮忙喊个人来背一下嘛", "别急"),
        ("我腿断了动不了", "先打120"),
        ("我爸要吸氧没氧气了", "先打120"),
        ("楼上老太婆摔了腿动不得", "先打120"),
        ("吸氧没氧气", "先打120"),
        ("停电了我老汉的制氧机用不起", "先打120"),
        ("楼在摇 我腿受伤了", "先打120"),
        ("楼在摇 我腿受伤了走不动 1栋2单元301", "先打120"),
        ("地震了 我脚遭砸了", "先打120"),
        ("房子在摇，柜子砸到我老汉的头了", "先打120"),
        ("楼道堵死了，我婆婆走不动来个人背", "别急"),
        ("手机快没电了，我腿断了动不了", "先打120"),
    ],
)
def test_people_are_rung_at_once(stage: Stage, words: str, first: str, chat: str | None, *, order: bool) -> None:
    if order:
        ordered(stage)

    said = stage.say(words, by="nb1" if chat else "liguifang", chat=chat)[0]
    assert said.startswith(first)
    assert RUNG in said
    assert "hanmei" in {one.target for one in stage.heard()} or "1栋" in words
    assert "心愿" not in said


@pytest.mark.parametrize("chat", [GROUP, None])
@pytest.mark.parametrize(
    "words",
    [
        "我坐轮椅下不来楼,8号3楼", "下不了楼", "我在三楼下不来", "我家有瘫痪病人怎么转移", "我受伤了",
        "娃儿我眼睛不好看不清 去哪里集合", "老汉瘫痪在床，转移的时候咋个办", "隔壁老人受伤了",
        "我家里有人用氧气机", "屋头老人是瘫起的", "3栋2单元501有个坐轮椅的老人",
    ],
)  # fmt: skip
def test_while_an_order_runs_less_is_enough(stage: Stage, words: str, chat: str | None) -> None:
    ordered(stage)

    assert rings(stage, words, chat)


def test_without_an_order_who_cannot_leave_home_is_looked_after_within_the_hour(stage: Stage) -> None:
    assert "民生救助" in stage.say("我坐轮椅下不来楼,8号3楼", by="nb1", chat=GROUP)[0]
    assert stage.matter(1001).urgency == "urgent"


def test_the_lift_that_keeps_somebody_upstairs_is_still_a_lift(stage: Stage) -> None:
    stage.say("3栋电梯坏了，老人下不了楼", by="nb1", chat=GROUP)

    assert stage.matter(1001).category == "facilities"


@pytest.mark.parametrize("order", [True, False])
@pytest.mark.parametrize("chat", [GROUP, None])
@pytest.mark.parametrize(
    "words",
    [
        "家里老人走不动了想借轮椅", "今天爬山走不动了", "打麻将手都打断了", "车走不动了谁来推一下", "狗受伤了",
        "手扭伤了想借个药膏", "有没有人受伤", "我心受伤了", "鱼缸没氧气了", "我腿脚不好下不了楼，有没有人帮我买药",
        "老人家走不动，明天想找人陪到医院复查", "想请人每周陪走不动的老人聊天", "电梯门动不了", "楼上没人受伤，水没进来",
        "我家窗子遭冰雹砸了", "风把我家花盆吹下来砸了车", "我家马桶下不去水了", "我看不清你发的图", "楼上太吵了，我都看不见电视了",
    ],
)  # fmt: skip
def test_what_is_no_call_rings_nobody(stage: Stage, words: str, chat: str | None, *, order: bool) -> None:
    if order:
        ordered(stage)

    assert not rings(stage, words, chat)


def test_the_door_is_asked_for_and_told_to_whoever_comes(stage: Stage) -> None:
    assert "几栋几单元几号" in stage.say("走不动,派个人来接我", by="liguifang")[0]

    stage.say("3栋2单元501", by="liguifang")
    assert "3栋2单元501室" in stage.last("hanmei").text


def test_in_a_group_the_door_may_be_told_in_private(stage: Stage) -> None:
    [said] = stage.say("走不动,派个人来接我", by="liguifang", chat=GROUP)
    assert "私信我" in said

    stage.say("3栋2单元501", by="liguifang")
    assert "3栋2单元501室" in stage.last("hanmei").text


def test_two_who_cannot_move_are_two(stage: Stage) -> None:
    stage.say("走不动,派个人来接我", by="nb1", chat=GROUP)

    assert "编号 1002" in stage.say("我也走不动,派个人来接我", by="nb2", chat=GROUP)[0]


@pytest.mark.parametrize("words", ["我家也是", "+1"])
def test_so_am_i_is_a_call_of_its_own(stage: Stage, words: str) -> None:
    stage.say("走不动,派个人来接我", by="nb1", chat=GROUP)

    assert "编号 1002" in stage.say(words, by="nb2", chat=GROUP)[0]


def test_whoever_was_asked_for_a_wish_and_cries_for_help_is_helped(stage: Stage) -> None:
    stage.say("心愿", by="liguifang")

    assert rings(stage, "我走不动,派个人来接我")


def test_a_leader_who_cannot_come_hands_over(stage: Stage) -> None:
    ordered(stage)

    assert RUNG not in "".join(stage.say("我脚崴了走不动，来不了，让王秀兰去", by="hanmei"))


def test_in_a_census_a_need_is_counted_and_who_cannot_move_is_fetched(stage: Stage) -> None:
    number = begun(stage)
    assert "已经转给负责的人" in stage.say("3栋2单元501 两口都好,老人坐轮椅", by="nb1", chat=GROUP)[0]
    assert "已经转给负责的人" in stage.say("3栋2单元402 三口，老人下不了楼", by="nb2", chat=GROUP)[0]

    ordered(stage)
    assert "已经转给负责的人" in stage.say("3栋2单元301 两口都好,老人坐轮椅", by="nb3", chat=GROUP)[0]
    assert RUNG in stage.say("3栋2单元302 三口 老人坐轮椅下不来楼", by="nb4", chat=GROUP)[0]
    assert RUNG in stage.say("我家老人瘫在床上，要不要转移", by="nb5", chat=GROUP)[0]
    assert done(stage, number).answered == 4
