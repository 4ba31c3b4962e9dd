"""Queues in people's own words: while they are written, while they are called, and by those who come."""

import pytest

from storage import slots
from storage.slots import SlotQueue
from tests.stage import Stage

HEAD, NEIGHBOUR, GROUP = "tianxiaoman", "shiguixiang", "g-shiqiao-1"
WHOLE = "排队安排 领米 今天10点到16点 在村委会坝子 每刻钟8户"
NO_PACE = "排队安排 领米 今天10点到16点 在村委会坝子"


def queue(stage: Stage, number: int = 1001) -> SlotQueue:
    with stage.database.reading() as session:
        found = slots.by_number(session, number)
    assert found is not None
    return found


def out(stage: Stage) -> None:
    """A queue of a village, whose doors are not known, is out and is called."""
    stage.say(WHOLE, by=HEAD)
    stage.say("发布 1001", by=HEAD)
    stage.pass_time(minutes=30)
    stage.say("叫下一批 1001", by=HEAD)


@pytest.mark.parametrize(
    ("words", "many"),
    [("8", 8), ("八户", 8), ("十户", 10), ("每10分钟5户", 7), ("半小时十户", 5), ("12户吧", 12), ("2", 20)],
)
def test_a_pace_is_understood_however_it_is_said(stage: Stage, words: str, many: int) -> None:
    stage.say(NO_PACE, by=HEAD)

    stage.say(words, by=HEAD)

    assert queue(stage).per_quarter == many


@pytest.mark.parametrize("words", ["地点老祠堂", "地点改成老祠堂", "换到老祠堂去", "在老祠堂"])
def test_the_place_is_changed_in_the_words_that_were_offered(stage: Stage, words: str) -> None:
    stage.say(WHOLE, by=HEAD)
    stage.say("修改", by=HEAD)

    stage.say(words, by=HEAD)

    assert (queue(stage).place, queue(stage).title) == ("老祠堂", "领米")


def test_a_pace_is_no_place(stage: Stage) -> None:
    stage.say("排队安排 领米 今天10点到16点", by=HEAD)

    assert stage.say("8户", by=HEAD) == ["在哪儿排？比如：东门"]
    stage.say("村委会坝子", by=HEAD)
    assert (queue(stage).place, queue(stage).per_quarter) == ("村委会坝子", 8)


def test_one_step_back_asks_the_question_before(stage: Stage) -> None:
    stage.say(NO_PACE, by=HEAD)

    assert stage.say("上一步", by=HEAD) == ["在哪儿排？比如：东门"]
    stage.say("老祠堂", by=HEAD)
    assert queue(stage).place == "老祠堂"


def test_what_is_said_to_a_queue_that_was_left_becomes_no_matter(stage: Stage) -> None:
    stage.say("排队安排", by=HEAD)

    assert stage.say("算了", by=HEAD) == ["好，不排了。谁也没有通知。"]
    for words in ("检测", "今天下午2点到4点", "10"):
        assert stage.say(words, by=HEAD)[0].startswith("刚才的排队已经不排了")
    assert "编号" in stage.say("石桥村村委会门口的路灯坏了", by=HEAD)[0]


def test_second_thoughts_after_other_work_drop_the_queue_and_withdraw_no_matter(stage: Stage) -> None:
    stage.say("石桥村村委会门口的路灯坏了", by=HEAD)
    stage.pass_time(minutes=1)
    stage.say("排队安排 领米", by=HEAD)
    stage.say("待办", by=HEAD)
    with stage.database.transaction() as session:
        session.connection.exec_driver_sql("DELETE FROM asked")

    assert stage.say("算了", by=HEAD) == ["好，不排了。谁也没有通知。"]


def test_a_new_job_is_not_swallowed_by_an_open_question(stage: Stage) -> None:
    stage.say("排队安排 领米", by=HEAD)

    heard = stage.say("给石桥一组居民群发通知：明天停水，请接水", by=HEAD)

    assert "发给石桥一组的居民群" in heard[-1]


@pytest.mark.parametrize("words", ["老桥头有三户没来", "石守义家没来"])
def test_who_did_not_come_is_no_matter(stage: Stage, words: str) -> None:
    out(stage)

    assert stage.say(words, by=HEAD)[0].startswith("领米 1001 按中心户叫，不按门牌记谁没来。")


def test_a_repairer_who_did_not_come_is_one(stage: Stage) -> None:
    out(stage)

    assert "按中心户叫" not in stage.say("一组两户没来水", by=HEAD)[0]


def test_not_yet_calls_nobody(stage: Stage) -> None:
    out(stage)
    before = queue(stage).batch

    assert stage.say("说错了，先不叫", by=HEAD)[0].startswith("好，没有叫下一批。")
    assert queue(stage).batch == before


@pytest.mark.parametrize("words", ["作废 1001", "停发 1001", "撤回 1001"])
def test_taking_it_back_points_to_closing_it(stage: Stage, words: str) -> None:
    out(stage)

    assert "收队 1001" in stage.say(words, by=HEAD)[0]


def test_the_end_alone_names_the_exact_words(stage: Stage) -> None:
    out(stage)

    assert stage.say("结束叫号", by=HEAD) == ["没有动。领米 1001 要收队，请原样发：收队 1001"]
    assert queue(stage).state == slots.OPEN


@pytest.mark.parametrize("words", ["我几点", "我家是老桥头的，几点去领米"])
def test_the_group_hears_its_times(stage: Stage, words: str) -> None:
    out(stage)

    assert "老桥头中心户 10:00" in stage.say(words, by=NEIGHBOUR, chat=GROUP)[0]
    assert stage.say("我几点下班哦今天", by=NEIGHBOUR, chat=GROUP) == []


def test_whoever_cannot_stand_or_is_late_hears_what_to_do(stage: Stage) -> None:
    out(stage)

    assert "说一声“优先”" in stage.say("我家老人走不动，优先", by=NEIGHBOUR)[0]
    assert stage.say("我家人没在，错过了咋办", by=NEIGHBOUR)[0].startswith("不要紧")
    assert stage.say("我家老人走不动，优先", by=NEIGHBOUR, chat=GROUP) == ["好，私信您了。"]


def test_without_a_queue_the_same_words_are_what_they_were(stage: Stage) -> None:
    assert stage.say("我几点", by=NEIGHBOUR, chat=GROUP) == []
    assert "不要紧" not in "".join(stage.say("我家人没在，错过了咋办", by=NEIGHBOUR))
