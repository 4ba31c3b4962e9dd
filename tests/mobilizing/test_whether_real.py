"""是真的起火了吗: whoever asks hears whether it is a drill, what is known, and whom to call; a cry stays a cry."""

import pytest

from tests.census.test_census import begun
from tests.mobilizing.test_neighbours import GROUP, ordered
from tests.modes.test_modes import at_war
from tests.stage import Stage

ASKED = ["是真的起火了吗", "真的着火了迈", "是不是着火了", "听说3栋着火了是真的吗", "着火了没得？"]


@pytest.mark.parametrize("chat", [GROUP, None])
@pytest.mark.parametrize("words", ASKED)
def test_with_none_known_it_says_so_and_whom_to_call(stage: Stage, words: str, chat: str | None) -> None:
    stage.say("你好", by="liguifang")
    [said] = stage.say(words, by="liguifang", chat=chat)

    assert "没有收到着火的消息" in said
    assert "先打119" in said
    assert not any("【紧急】" in one.text for one in stage.heard())


@pytest.mark.parametrize("words", ASKED[:2])
def test_in_a_drill_it_is_a_drill_and_in_earnest_it_is_real(stage: Stage, words: str) -> None:
    number = ordered(stage, "演练 火灾")
    assert "不是真的险情" in stage.say(words, by="nb1", chat=GROUP)[0]

    stage.say(f"解除 {number} 确认", by="linruoyun")
    ordered(stage, "动员 火灾")
    assert "是真的，正在为火灾叫人" in stage.say(words, by="liguifang")[0]


def test_a_fire_that_a_neighbour_cried_is_told_of(stage: Stage) -> None:
    stage.say("3栋着火了", by="nb7", chat=GROUP)

    assert "有人报过着火" in stage.say("是真的起火了吗", by="nb1", chat=GROUP)[0]


def test_a_fire_in_the_middle_of_a_drill_is_no_drill(stage: Stage) -> None:
    ordered(stage, "演练 火灾")
    stage.say("不是演练，3栋真的着火了", by="nb7", chat=GROUP)

    assert "有人报过着火" in stage.say("真的着火了迈", by="nb1", chat=GROUP)[0]


@pytest.mark.parametrize("words", ["真的着火了", "着火了快来人", "3栋着火了", "真的着火了嘛快来"])
def test_a_cry_is_no_question(stage: Stage, words: str) -> None:
    assert stage.say(words, by="nb1", chat=GROUP)[0].startswith("先打119")


@pytest.mark.parametrize(
    "words", ["不是演练，3栋真的着火了", "真的起火了，3栋，不是演练哈", "不是演习 厨房真的烧起来了"]
)
def test_a_danger_that_is_no_drill_is_never_taken_for_one(stage: Stage, words: str) -> None:
    """Whoever cries in the middle of a drill says so, and names the drill."""
    ordered(stage, "演练 火灾")

    assert stage.say(words, by="nb1", chat=GROUP)[0].startswith("先打119")


@pytest.mark.parametrize("chat", [GROUP, None])
def test_whether_a_census_is_over_is_answered_whatever_matter_is_open(stage: Stage, chat: str | None) -> None:
    begun(stage)
    stage.say("3栋2单元电梯又停了", by="liguifang")

    assert "摸排还在收" in stage.say("摸排结束了吗", by="liguifang", chat=chat)[0]


@pytest.mark.parametrize("words", ["为啥要问我屋头几个人 是不是骗子", "问我家几口人干啥子", "摸排是真的吗"])
def test_whoever_doubts_a_census_that_runs_hears_that_it_is_real(stage: Stage, words: str) -> None:
    number = begun(stage)
    stage.say("3栋2单元电梯又停了", by="liguifang")

    assert f"是真的，摸排 {number}" in stage.say(words, by="liguifang")[0]


def test_where_no_census_runs_nobody_says_that_it_is_real(stage: Stage) -> None:
    assert "是真的" not in "".join(stage.say("为啥要问我屋头几个人 是不是骗子", by="liguifang"))


@pytest.mark.parametrize("words", ["手机炸了吗", "火锅店是不是起火苗了", "电动车着火了赔不赔", "今天火灾演练有人去吗"])
def test_what_asks_something_else_is_left_alone(stage: Stage, words: str) -> None:
    assert "没有收到" not in "".join(stage.say(words, by="nb1", chat=GROUP))


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("能出门吗", "没有叫大家撤离或不出门"),
        ("能不能出门", "没有叫大家撤离或不出门"),
        ("战时啥子意思", "多派人值守"),
        ("战时是什么意思", "多派人值守"),
        ("解除了吗", "还没解除"),
        ("战时结束了没得", "还没解除"),
    ],
)
@pytest.mark.parametrize("chat", [GROUP, None])
def test_at_war_a_question_is_answered_from_the_order(stage: Stage, words: str, heard: str, chat: str | None) -> None:
    at_war(stage)

    [said] = stage.say(words, by="liguifang", chat=chat)
    assert heard in said
    assert "11月24日09:30" in said


def test_each_drill_has_its_own_end(stage: Stage) -> None:
    ordered(stage, "演练 防汛")
    ordered(stage, "演练 火灾")

    assert stage.say("防汛演练结束了吗", by="liguifang")[0].startswith("防汛演练还没结束")
    assert stage.say("火灾演练结束了吗", by="liguifang")[0].startswith("火灾演练还没结束")
