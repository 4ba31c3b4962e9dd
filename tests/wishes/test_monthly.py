"""The monthly meeting: its list is found in any words, and a vetter puts a wish on it."""

from collections.abc import Callable

import pytest

from tests.stage import Stage
from tests.wishes.test_a_wishs_life import PLAIN, claimed, published, wished

ASKED = [
    "没人能办的心愿",
    "没人能办的有哪些",
    "这个月有哪些没人认",
    "这个月没得人认领的心愿有哪些",
    "月会上要说的",
    "月会要议的有哪些",
    "月会清单",
    "下次议事会说哪些",
    "开会要讨论的心愿",
    "哪些心愿没人接",
    "没人认领的有哪些",
]


def unmet(stage: Stage) -> int:
    """A wish that nobody took for a month."""
    number = published(stage)
    stage.pass_time(days=31)
    return number


@pytest.mark.parametrize("words", ASKED)
def test_a_vetter_finds_the_list_in_any_words(stage: Stage, words: str) -> None:
    number = unmet(stage)

    heard = stage.say(words, by="xujianing")[0]

    assert "议事会的心愿" in heard
    assert f"{number} {PLAIN}" in heard
    assert not stage.say("我的心愿", by="xujianing")[0].startswith("您许的")


def test_the_list_shows_what_nobody_has_taken_yet_as_well(stage: Stage) -> None:
    number = published(stage)

    heard = stage.say("这个月有哪些没人认", by="xujianing")[0]

    assert f"墙上还没人认领的：\n{number} {PLAIN}" in heard
    assert "转月会 编号" in heard


@pytest.mark.parametrize("words", ["没人能办的心愿", "哪些心愿没人认领"])
def test_to_a_neighbour_what_nobody_has_taken_is_the_wall(stage: Stage, words: str) -> None:
    number = published(stage)

    assert f"{number} 借用：{PLAIN}" in stage.say(words, by="chenhao")[0]
    assert "还没有许过心愿" in stage.say("我的心愿", by="chenhao")[0]


@pytest.mark.parametrize("words", ["心愿 想请人帮没人能办的事跑个腿", "我想找人陪我，没人陪的心愿"])
def test_a_wish_stays_a_wish(stage: Stage, words: str) -> None:
    assert "议事会" not in stage.say(words, by="xujianing")[0]


@pytest.mark.parametrize("words", ["3栋楼下的垃圾没人办的", "月会上说的3栋2单元路灯还是没修"])
def test_a_report_stays_a_report(stage: Stage, words: str) -> None:
    unmet(stage)

    assert "议事会" not in stage.say(words, by="xujianing")[0]


@pytest.mark.parametrize(
    "words", ["转月会 {0}", "{0}转月会", "{0} 留到月会上说", "把{0}放到月会嘛", "{0}没得人接，转议事会"]
)
@pytest.mark.parametrize("wish", [wished, published])
def test_a_vetter_puts_a_wish_on_the_list(stage: Stage, words: str, wish: Callable[[Stage], int]) -> None:
    number = wish(stage)

    heard = stage.say(words.format(number), by="xujianing")[0]

    assert f"心愿 {number} 列进12月10日的议事清单了" in heard
    assert stage.matter(number).state == "unmet"
    assert "议事会上想办法" in stage.last("liguifang").text
    assert str(number) not in stage.say("心愿墙", by="chenhao")[0]
    assert f"{number} {PLAIN}" in stage.say("月会清单", by="xujianing")[0]


def test_several_go_on_it_at_once(stage: Stage) -> None:
    numbers = [published(stage), wished(stage, "想请人教我用手机")]

    stage.say(f"转月会 {numbers[0]} {numbers[1]}", by="xujianing")

    assert [stage.matter(number).state for number in numbers] == ["unmet", "unmet"]


def test_what_somebody_has_on_hand_is_not_taken_from_them(stage: Stage) -> None:
    number = claimed(stage)

    stage.say(f"转月会 {number}", by="xujianing")

    assert stage.matter(number).state == "claimed"


@pytest.mark.parametrize("by", ["chenhao", "liguifang"])
def test_nobody_else_puts_one_on_it(stage: Stage, by: str) -> None:
    number = published(stage)

    stage.say(f"转月会 {number}", by=by)

    assert stage.matter(number).state == "open"


def test_help_for_whoever_vets_names_vetting_and_the_list(stage: Stage) -> None:
    heard = stage.say("帮助", by="xujianing")[0]

    assert "审心愿：发“待审心愿”" in heard
    assert "月会清单" in heard
    assert "月会清单" not in stage.say("帮助", by="liguifang")[0]
