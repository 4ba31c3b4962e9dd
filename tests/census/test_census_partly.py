"""A census of which only some places have a table of households: the others show what they answered, and are never "all"."""

import asyncio
from io import BytesIO

from openpyxl import load_workbook

from tests.census.test_census import COMMUNITY, begun, done
from tests.stage import Stage
from tests.web.test_board import got, served, way

HEAD, LEADER, SOUTH = "linruoyun", "sunlihua", "g-jinxiuyuan-nan"
BARE_GRID = "519901001001002"


def everybody_listed_answers(stage: Stage) -> None:
    """Every household of the table of 锦绣社区 is well."""
    for building in range(1, 7):
        for unit in (1, 2):
            stage.say(f"锦绣花园{building}栋{unit}单元全部平安", by=HEAD)


def test_a_door_is_counted_once_however_it_was_written(stage: Stage) -> None:
    number = begun(stage)
    stage.say("501 4口都好", by="nb1", chat=SOUTH)
    stage.say("3栋2单元501，4口都好", by="nb1", chat=SOUTH)
    stage.say("3栋501 4口都好", by="nb2", chat=SOUTH)
    stage.say("3-2-501都平安", by="nb2", chat=SOUTH)

    counted = done(stage, number, BARE_GRID)
    assert (counted.bare, counted.bare_heard, counted.heard) == (2, 1, 1)


def test_two_doors_are_not_made_one(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3栋1单元501，4口都好", by="nb1", chat=SOUTH)
    stage.say("3栋2单元501，2口都好", by="nb2", chat=SOUTH)
    stage.say("3栋501 都好", by="nb3", chat=SOUTH)

    counted = done(stage, number, BARE_GRID)
    assert (counted.heard, counted.unplaced) == (2, 1)


def test_where_all_of_the_table_have_answered_it_is_not_yet_all(stage: Stage) -> None:
    number = begun(stage)
    everybody_listed_answers(stage)
    counted = done(stage, number, COMMUNITY)
    assert (counted.expected, counted.answered, counted.bare) == (144, 144, 2)
    assert counted.percent == 99

    stage.say("3栋2单元501，4口都好", by="nb1", chat=SOUTH)
    [shown] = stage.say("摸排进度", by=HEAD)
    assert "99% 144/144 户" in shown
    assert "另有 2 处没有户表，已报 1 户，算不出完成率" in shown
    assert "锦绣第二网格 已报 1 户，没有户表，算不出完成率" in shown
    [told] = stage.say(f"结束摸排 {number} 确认", by=HEAD)
    assert "一户不漏" not in told
    assert "2 处没有户表" in told


def test_a_place_without_table_and_without_answer_is_shown(stage: Stage) -> None:
    begun(stage)

    assert "锦绣第二网格 已报 0 户，没有户表" in stage.say("摸排进度", by=HEAD)[0]


def test_its_leader_hears_at_the_marks_what_was_answered_and_what_to_do(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3栋2单元501，4口都好", by="nb1", chat=SOUTH)

    stage.pass_time(minutes=6)
    told = stage.last(LEADER).text
    assert "锦绣苑南区已报 1 户；没有户表，列不出谁没回。" in told
    assert "301到304都平安" in told
    stage.say(f"结束摸排 {number} 确认", by=HEAD)
    stage.pass_time(seconds=1)
    assert "把户表交给社区导入" in stage.last(LEADER).text


def test_a_floor_is_kept_until_its_doors_are_said(stage: Stage) -> None:
    number = begun(stage)
    [told] = stage.say("3楼全部平安", by=LEADER)
    assert "您的话先记着" in told
    assert "门牌" in told
    assert done(stage, number, BARE_GRID).unplaced == 1

    assert "已记 4 户平安：301、302、303、304" in stage.say("301到304", by=LEADER)[0]
    counted = done(stage, number, BARE_GRID)
    assert (counted.heard, counted.unplaced) == (4, 0)


def test_the_doors_may_come_as_a_sentence_of_their_own_and_floor_by_floor(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3楼全部平安", by=LEADER)
    stage.say("4楼全部平安", by=LEADER)
    assert done(stage, number, BARE_GRID).unplaced == 2

    stage.say("301到304都平安", by=LEADER)
    counted = done(stage, number, BARE_GRID)
    assert (counted.heard, counted.unplaced) == (4, 1)
    assert "缺门牌 1 条" in stage.say("摸排进度", by=HEAD)[0]


def test_a_door_that_is_named_beside_a_floor_counts(stage: Stage) -> None:
    number = begun(stage)
    told = stage.say("3楼全部平安，402没人应", by=LEADER)
    counted = done(stage, number, BARE_GRID)
    assert "您的话先记着" in told[-1]
    assert counted.unplaced == 1


def test_the_list_of_who_is_missing_says_what_it_cannot_know(stage: Stage) -> None:
    begun(stage)
    assert "另有 2 处没有户表，已报 0 户，列不出谁没回。" in stage.say("摸排还差谁", by=HEAD)[0]
    everybody_listed_answers(stage)
    assert "列不出谁没回" in stage.say("摸排还差谁", by=HEAD)[0]


def test_the_report_the_page_and_the_workbook_show_what_they_cannot_know(stage: Stage) -> None:
    number = begun(stage)
    everybody_listed_answers(stage)
    stage.say("3栋2单元501，4口都好", by="nb1", chat=SOUTH)
    told = stage.say(f"复盘 {number}", by=HEAD)[-1]
    assert "144/144 户有着落（99%），另有 2 处没有户表，已报 1 户，算不出完成率" in told
    assert "锦绣苑南区（微网格）没有户表，算不出完成率，已报 1 户" in told

    path = way(stage, number, by=HEAD)
    (_, page), *_ = got(stage, path)
    assert "另有 2 处没有户表，已报 1 户，算不出完成率" in page
    assert "100%" not in page.replace("width: 100%", "")
    assert "已报 1 户" in page
    book = load_workbook(BytesIO(asyncio.run(fetched(stage, path.replace("?", "/report.xlsx?")))))
    rows = [list(row) for row in book["每一跳"].iter_rows(values_only=True)]
    assert ["锦绣苑南区", "微网格", "没有户表", 1, "算不出", 0, 0] in [row[1:] for row in rows]
    assert ["那里已报户数", 1] in [list(row) for row in book["总览"].iter_rows(values_only=True)]


def test_a_part_without_any_table_shows_its_answers(stage: Stage) -> None:
    number = begun(stage)
    stage.say("3栋2单元501，4口都好", by="nb1", chat=SOUTH)
    stage.pass_time(minutes=2)

    (_, page), *_ = got(stage, way(stage, number, by="wulijuan"))
    assert "0/0" not in page
    assert "不知道" in page
    assert "已报 1 户，没有户表，算不出完成率" in stage.say(f"复盘 {number}", by="wulijuan")[-1]


async def fetched(stage: Stage, path: str) -> bytes:
    """What is downloaded there."""
    async with served(stage) as (_, client):
        return await (await client.get(path)).read()
