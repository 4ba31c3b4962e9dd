"""给居民群发个通知，明天停水: a whole sentence begins the right preview, and nothing leaves by it."""

import pytest

from storage import notices
from tests.notices.desk import HEAD, notice, told
from tests.notices.test_composing import local
from tests.stage import Stage

CALLED = [
    ("给锦绣社区居民群发个通知,明天下午3点到6点停水", "锦绣社区", "明天下午3点到6点停水"),
    ("通知一下2网格的居民:周六上午打疫苗", "锦绣第二网格", "周六上午打疫苗"),
    ("帮我发条通知，锦绣花园的居民群，后天早上8点到12点停电", "锦绣第一网格", "后天早上8点到12点停电"),
    ("发个通知给居民群，明天停水", "锦绣社区", "明天停水"),
    ("通知大家明天下午开会", "锦绣社区", "明天下午开会"),
    ("明天下午停水，通知一下居民群", "锦绣社区", "明天下午停水"),
    ("发通知 给居民群，明天下午停水", "锦绣社区", "明天下午停水"),
]


@pytest.mark.parametrize(("words", "place", "text"), CALLED)
def test_a_sentence_with_whom_and_what_is_shown_and_goes_nowhere(
    stage: Stage, words: str, place: str, text: str
) -> None:
    face, shown = stage.say(words, by=HEAD)

    assert f"【通知】{text}" in face
    assert f"发给{place}的居民群" in shown
    assert "发布 1001" in shown
    stage.pass_time(minutes=5)
    assert (notice(stage, 1001).state, told(stage, 1001)) == (notices.DRAFT, set())


def test_the_hour_until_which_it_is_said_to_last_is_its_end(stage: Stage) -> None:
    stage.say("给居民群发个通知,明天下午3点到6点停水", by=HEAD)

    assert local(stage, notice(stage, 1001).until) == "11-24 18:00"


def test_a_place_that_is_not_there_is_asked_about(stage: Stage) -> None:
    trouble, asked = stage.say("通知一下7网格的居民:周六上午打疫苗", by=HEAD)

    assert trouble.startswith("没找到“7网格”")
    assert asked.startswith("发给谁？")
    assert "周六上午打疫苗" in stage.say("2网格居民群", by=HEAD)[0]


@pytest.mark.parametrize("words", ["通知物业3栋2单元电梯坏了", "通知维修师傅，3栋2单元电梯停了", "告诉居民代表一声"])
def test_what_is_for_somebody_in_charge_is_no_notice(stage: Stage, words: str) -> None:
    assert "大家会看到" not in "".join(stage.say(words, by=HEAD))


def test_a_neighbour_who_says_it_begins_nothing(stage: Stage) -> None:
    assert "大家会看到" not in "".join(stage.say("通知大家明天停水", by="wangfang", chat="g-jinxiu-2"))
    assert "大家会看到" not in "".join(stage.say("通知大家明天停水", by="wangfang"))


def test_a_count_of_households_asked_for_in_words_is_shown(stage: Stage) -> None:
    shown = stage.say("帮我摸排一下望江雅居有多少独居老人", by="hanlixin")[0]

    assert "问：有多少独居老人" in shown
    assert "望江第一网格" in shown
    assert "开始摸排 1001" in shown


@pytest.mark.parametrize(
    ("words", "whom"),
    [
        ("给锦溪街道网格员发通知:下午三点到街道开会", "锦溪街道的专职网格员、网格长、微网格长"),
        ("通知锦溪街道网格员,下午三点到街道开会", "锦溪街道的专职网格员、网格长、微网格长"),
        ("通知楼栋长 下午三点开会", "锦溪街道的微网格长、中心户长"),
        ("通知网格长们下午三点开会", "锦溪街道的网格长"),
        ("通知微网格长 下午三点开会", "锦溪街道的微网格长"),
    ],
)
def test_posts_are_named_as_people_call_them(stage: Stage, words: str, whom: str) -> None:
    assert f"发给{whom}，" in stage.say(words, by="duwenbin")[-1]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("每周五下午3点给居民群发防溺水提醒:孩子不下河，大人多看着", "每周五 15:00 自动发"),
        ("每周五下午给居民群发防溺水提醒:孩子不下河，大人多看着", "每周五 15:00 自动发"),
        ("每天早上8点给居民群发通知:孩子不下河，大人多看着", "每天 8:00 自动发"),
    ],
)
def test_what_comes_again_is_begun_in_one_sentence(stage: Stage, words: str, rule: str) -> None:
    shown = stage.say(words, by="linruoyun")

    assert rule in shown[-1]
    assert "锦绣社区的居民群" in shown[-1]
    assert "孩子不下河，大人多看着" in shown[0]


def test_a_rule_and_a_heading_after_the_word_ask_for_whom(stage: Stage) -> None:
    assert "发给谁" in stage.say("发通知:每周五下午 防溺水提醒", by="linruoyun")[0]

    shown = stage.say("居民群", by="linruoyun")

    assert "每周五 15:00 自动发" in shown[-1]
    assert "锦绣社区的居民群" in shown[-1]
