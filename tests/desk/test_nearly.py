"""Nearly the words: nothing leaves on a softened yes, and whoever says one hears what to say exactly."""

import pytest

from storage import notices
from tests.notices.desk import HEAD, WATER, confirm, notice, wrote
from tests.stage import Stage

EXACTLY = "得原样回才算"


def asks_the_whole_district(stage: Stage) -> int:
    """A notice that waits for 顾晓岚's yes."""
    number = wrote(stage, f"居民群 {WATER}", by="shenliqun")
    stage.does("press", confirm(stage, number, by="shenliqun").buttons[0][1], by="shenliqun")
    assert notice(stage, number).state == notices.WAITING
    return number


@pytest.mark.parametrize(
    "words", ["动员1001吧", "确认 1001吧", "发布吧", "是的发", "好的", "动员", "演练 1001", "1001 发吧?"]
)
def test_nobody_is_called_on_nearly_the_word(stage: Stage, words: str) -> None:
    stage.say("动员 防汛", by=HEAD)

    [said] = stage.say(words, by=HEAD)

    assert f"{EXACTLY}：动员 1001" in said
    assert [label for label, _ in stage.last(HEAD).buttons] == ["动员"]
    assert notice(stage, 1001).state == notices.DRAFT


@pytest.mark.parametrize("words", ["发布吧", "是的发", "可以发", "1001", "确认发布", "好的"])
def test_no_notice_leaves_on_nearly_the_word(stage: Stage, words: str) -> None:
    number = wrote(stage)

    assert f"{EXACTLY}：发布 {number}" in stage.say(words, by=HEAD)[0]
    assert notice(stage, number).state == notices.DRAFT


def test_no_census_begins_on_nearly_the_word(stage: Stage) -> None:
    stage.say("摸排", by=HEAD)

    for words in ("开始吧", "开始摸排", "开始摸排 1001吧", "发布 1001"):
        assert f"{EXACTLY}：开始摸排 1001" in stage.say(words, by=HEAD)[0]


def test_no_war_begins_on_nearly_the_word(stage: Stage) -> None:
    stage.say("战时 锦绣社区 到明天18点 街道防汛指挥部1号令", by=HEAD)

    for words in ("启动吧", "确认", "启动战时 1001吧", "启动 1001", "是的"):
        assert "启动战时 1001" in stage.say(words, by=HEAD)[0]


def test_the_exact_words_are_no_near_miss(stage: Stage) -> None:
    stage.say("动员 防汛", by=HEAD)

    assert "已发出" in " ".join(stage.say("动员1001", by=HEAD))


def test_a_yes_to_something_else_is_not_taken_for_it(stage: Stage) -> None:
    stage.say("动员 防汛", by=HEAD)
    stage.pass_time(minutes=40)

    assert not any(EXACTLY in said for said in stage.say("好的", by=HEAD))


def test_colleagues_in_the_staff_group_are_left_alone(stage: Stage) -> None:
    stage.say("动员 防汛", by=HEAD)

    assert stage.say("好的", by=HEAD, chat="w-jinxiu") == []
    assert stage.say("发吧", by="xujianing", chat="w-jinxiu") == []


@pytest.mark.parametrize("words", ["同意", "同意 1001吧", "同意吧 1001", "可以", "1001 同意"])
def test_a_second_person_agrees_by_nothing_less_than_the_word_and_the_number(stage: Stage, words: str) -> None:
    number = asks_the_whole_district(stage)

    assert f"{EXACTLY}：同意发布 {number}" in stage.say(words, by="guxiaolan")[0]
    assert notice(stage, number).state == notices.WAITING


def test_the_word_and_the_number_agree_like_the_button(stage: Stage) -> None:
    number = asks_the_whole_district(stage)

    assert "开始发了" in stage.say(f"同意 {number}", by="guxiaolan")[0]
    assert notice(stage, number).state == notices.GOING


def test_a_no_in_words_is_kept_with_its_reason(stage: Stage) -> None:
    number = asks_the_whole_district(stage)

    assert "原因已告诉写的人" in stage.say(f"不同意 {number} 先别急", by="guxiaolan")[0]
    assert "先别急" in stage.last("shenliqun").text
    assert notice(stage, number).state == notices.REFUSED


def test_nobody_agrees_to_their_own_by_word(stage: Stage) -> None:
    number = asks_the_whole_district(stage)

    assert "要另一个人同意" in stage.say(f"同意 {number}", by="shenliqun")[0]
    assert notice(stage, number).state == notices.WAITING


def test_no_queue_opens_on_a_softened_word(stage: Stage) -> None:
    shown = stage.say("排队安排 领物资 今天14点到17点 社区广场 每15分钟24户", by=HEAD)
    assert "发给锦绣社区5个群268户" in dict(stage.last(HEAD).buttons), shown

    assert stage.say("发布吧", by=HEAD)[0].startswith("领物资 1001 还没发。要告诉大家，得原样回才算：发布 1001")


@pytest.mark.parametrize("number", [102, 999, 1234])
def test_a_number_that_nothing_has_is_called_nothing(stage: Stage, number: int) -> None:
    assert stage.say(f"发布 {number}", by="linruoyun") == [f"没有 {number} 这个编号，请核对一下。"]
