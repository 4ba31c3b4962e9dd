"""A census where there is no table of households: what people name counts, and it is said plainly what cannot be known."""

import pytest
from sqlalchemy import text

from tests.notices.desk import HEAD, released
from tests.stage import Stage

GROUP, LEADER = "g-jinxiu-2", "hanmei"


@pytest.fixture
def bare(stage: Stage) -> Stage:
    """The demo district without its households."""
    with stage.database.transaction() as session:
        session.connection.execute(text("UPDATE household SET ended_at = '2026-01-01 00:00:00'"))
    return stage


def asked(stage: Stage) -> None:
    stage.say("摸排", by=HEAD)
    stage.say("开始摸排 1001", by=HEAD)
    stage.say("1", by=HEAD)
    stage.pass_time(seconds=1)


def progress(stage: Stage) -> str:
    return stage.say("摸排进度", by=HEAD)[0]


def test_the_preview_says_that_there_is_no_table_and_counts_neighbours_groups(bare: Stage) -> None:
    [shown] = bare.say("摸排", by=HEAD)

    assert "问 5 个居民群，另告诉 3 个工作群" in shown
    assert "这里还没有户表：能数回了多少户，数不出一共多少、列不出谁没回。" in shown
    assert "按楼层顺序" not in shown


def test_where_only_some_have_a_table_the_others_are_named(stage: Stage) -> None:
    assert "没有户表的 2 处（锦绣苑南区、锦绣苑北区）" in stage.say("摸排", by=HEAD)[0]


def test_doors_that_are_named_become_known(bare: Stage) -> None:
    asked(bare)
    bare.say("3栋2单元501，4口都好", by="nb1", chat=GROUP)
    bare.say("3栋303 需要帮助", by="nb2", chat=GROUP)

    assert "这里没有户表，已报 2 户，算不出完成率\n4 人，要帮忙 1 户" in progress(bare)


def test_a_run_of_doors_is_those_it_names(bare: Stage) -> None:
    asked(bare)
    assert "没有户表，我不知道是哪几户" in bare.say("3楼全部平安", by=LEADER)[0]

    assert "已记 4 户平安：301、302、303、304" in bare.say("301到304都平安", by=LEADER)[0]
    assert "另有 4 户自己回过" in bare.say("3楼全部平安", by=LEADER)[0]
    assert "已报 4 户" in progress(bare)


def test_who_is_missing_is_not_made_up(bare: Stage) -> None:
    asked(bare)

    assert "没有户表，列不出谁没回。已报 0 户" in bare.say("摸排还差谁", by=LEADER)[0]
    ended = bare.say("结束摸排 1001 确认", by=HEAD)[0]
    assert "不知道一共多少户" in ended
    assert "一户不漏" not in ended


def test_a_correction_puts_right_the_door_that_was_said_before(bare: Stage) -> None:
    asked(bare)
    bare.say("3栋202三口都平安", by="nb1", chat=GROUP)
    bare.say("不对,202是5个人", by="nb1", chat=GROUP)
    assert "已报 1 户，算不出完成率\n5 人，要帮忙 0 户" in progress(bare)

    bare.say("不对，是4个人", by="nb1", chat=GROUP)
    assert "已报 1 户，算不出完成率\n4 人" in progress(bare)


def test_a_correction_of_nothing_is_none(bare: Stage) -> None:
    asked(bare)

    assert bare.say("不对，是5个人", by="nb1", chat=GROUP) == []
    assert "已报 0 户" in progress(bare)


def test_a_bare_cry_for_help_is_counted_and_becomes_a_matter(stage: Stage) -> None:
    asked(stage)
    heard = stage.say("需要帮助", by="nb1", chat=GROUP)
    assert "已经转给负责的人" in heard[0]
    assert "需要帮助" in stage.last(LEADER).text

    stage.say("3栋1单元101", by="nb1", chat=GROUP)
    assert "3栋1单元101" in stage.last(LEADER).text
    assert "要帮忙 1 户" in progress(stage)


def test_the_doors_of_a_notice_are_not_said_to_be_none(bare: Stage) -> None:
    number = released(bare)

    assert "锦绣社区没有户表，列不出哪些户没收到。" in bare.say(f"没收到的户 {number}", by=HEAD)[0]
