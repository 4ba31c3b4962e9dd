"""After action: what is told of a mobilization minute by minute, and why its slowest hop was slow."""

import re
import time
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from bot.turn import Scene
from handlers.mobilizing import after_action, hindsight, report_book
from handlers.mobilizing.hindsight import NEVER, Course, Hop
from handlers.people import passes
from storage import grids, journal, musters, notices, replay
from storage.database import Database
from storage.grids import grid
from storage.notices import receipt
from storage.outbox import outgoing
from storage.people import account
from storage.posts import post
from tests.mobilizing.test_card import settle_large
from tests.mobilizing.test_mobilizing import LEAD, card, mobilized
from tests.notices.desk import released
from tests.stage import MORNING, Stage, settled_on

DRILL = "演练 防汛"
NAMES = ("李雷", "韩梅", "周建华", "林若云")


def scene_of(stage: Stage, session: object) -> Scene:
    return Scene(session, stage.clock.now(), stage.kit.catalog, stage.kit.settings)  # type: ignore[arg-type]


def looked_at(stage: Stage, number: int) -> tuple[Course, dict[str, Hop]]:
    """All of it, and its hops by the names of their grids."""
    with stage.database.reading() as session:
        of = hindsight.course(scene_of(stage, session), notices.get(session, number))
    return of, {hop.grid.name: hop for hop in hindsight.all_hops(of)}


def end(stage: Stage, number: int, by: str = LEAD) -> None:
    stage.say(f"解除 {number}", by=by)
    stage.tap(stage.last(by), "确认解除", by=by)
    stage.pass_time(seconds=1)


def reports(stage: Stage, who: str) -> list[str]:
    return [heard.text for heard in stage.hears(who) if "复盘 ·" in heard.text or "到现在 ·" in heard.text]


# ---- what is said -----------------------------------------------------------------------------------


def test_it_is_told_against_the_marks_of_the_plan(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(seconds=40)
    stage.say("收到", by="hanmei")
    stage.pass_time(minutes=3)
    stage.say("到了", by="hanmei")
    stage.pass_time(minutes=13)

    [said] = stage.say(f"复盘 {number}", by=LEAD)

    assert said.startswith(f"【演练】防汛动员 {number} 到现在 · 锦绣社区")
    assert "满1分钟：收到 2（10%），到岗 0（0%），提醒 18 人" in said
    assert "满5分钟：收到 2（10%），到岗 1（5%）" in said
    assert "满15分钟：收到 2（10%），到岗 1（5%）" in said
    assert "第一个收到 40秒，第一个到岗 3分40秒" in said


def test_a_mark_that_has_not_come_is_not_told(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(minutes=2)

    [said] = stage.say(f"复盘 {number}", by=LEAD)

    assert "满1分钟" in said
    assert "满3分钟" not in said


def test_a_mark_that_it_did_not_last_to_is_not_told_after_the_end_nor_at_the_next(stage: Stage) -> None:
    first = mobilized(stage, DRILL)
    stage.pass_time(minutes=4)
    end(stage, first)

    [said] = stage.say(f"复盘 {first}", by=LEAD)
    assert "满3分钟" in said
    assert "满5分钟" not in said
    assert "满15分钟" not in said

    stage.pass_time(days=1)
    second = mobilized(stage, DRILL)
    stage.pass_time(minutes=16)
    assert f"{first}：满3分钟收到" in stage.say(f"复盘 {second}", by=LEAD)[0]


def test_at_the_end_whoever_released_it_and_the_leads_hear_how_it_went(stage: Stage) -> None:
    number = mobilized(stage, DRILL, by="shenliqun")
    stage.pass_time(minutes=2)
    assert reports(stage, LEAD) == []
    end(stage, number, by="shenliqun")

    assert f"{number} 复盘 · 云溪区" in reports(stage, "shenliqun")[0]
    assert f"{number} 复盘 · 锦绣社区" in reports(stage, LEAD)[0]
    assert reports(stage, "hanmei") == []
    assert len(reports(stage, LEAD)) == 1


def test_nobody_is_named_in_it(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(minutes=6)
    end(stage, number)

    [said] = reports(stage, LEAD)
    assert "锦绣花园" in said
    assert not any(name in said for name in NAMES)


def test_each_post_looks_back_on_the_own_part_and_nobody_elses(stage: Stage) -> None:
    number = mobilized(stage, DRILL)

    assert "· 锦绣第一网格" in stage.say(f"复盘 {number}", by="zhoujianhua")[0]
    assert "没找到您能看的" in stage.say(f"复盘 {number}", by="gaomin")[0]
    assert "没找到您能看的" in stage.say(f"复盘 {number}", by="wangnainai")[0]
    assert "没找到您能看的" in stage.say("复盘 9999", by=LEAD)[0]


def test_without_a_number_it_is_the_newest_of_ones_own_places(stage: Stage) -> None:
    assert "没找到您能看的" in stage.say("复盘", by=LEAD)[0]
    mobilized(stage, DRILL)
    number = mobilized(stage, "演练 火灾")

    assert f"火灾动员 {number}" in stage.say("复盘", by="zhoujianhua")[0]


def test_in_a_group_it_is_not_told(stage: Stage) -> None:
    number = mobilized(stage, DRILL)

    assert stage.say(f"复盘 {number}", by="wangnainai", chat="g-jinxiu-2") == []
    assert "私聊" in stage.say(f"复盘 {number}", by=LEAD, chat="g-jinxiu-2")[0]


def test_a_policy_notice_is_looked_back_on_too(stage: Stage) -> None:
    number = released(stage, "站长、网格长 明天9点开会\n回执：要")
    stage.pass_time(minutes=2)

    [said] = stage.say(f"复盘 {number}", by=LEAD)

    assert "收到" in said
    assert "到岗" not in said


def test_a_census_is_told_by_households(stage: Stage) -> None:
    [asked] = stage.say("摸排", by=LEAD)
    number = int(re.search(r"\d{4}", asked)[0])  # type: ignore[index]
    stage.say(f"开始摸排 {number}", by=LEAD)
    stage.does("press", stage.last(LEAD).buttons[0][1], by=LEAD)
    stage.pass_time(seconds=5)
    stage.say("1栋1单元101，两口都好", by="wangnainai", chat="g-jinxiu-1")
    stage.pass_time(minutes=2)
    stage.say(f"结束摸排 {number} 确认", by=LEAD)
    stage.pass_time(minutes=1)

    said = reports(stage, LEAD)[-1]
    assert f"摸排 {number} 复盘 · 锦绣社区" in said
    assert "1/144 户有着落（0%）" in said
    assert "锦绣花园3-4栋（微网格）没有消息" in said


# ---- why ---------------------------------------------------------------------------------------------


def test_why_a_hop_was_slow(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    with stage.database.transaction() as session:
        lost = outgoing.c.target == "zhaoxiaodong", outgoing.c.about == number
        session.run(update(outgoing).where(*lost).values(state="gone"))
    stage.say("到了", by="hanmei")
    stage.pass_time(minutes=4)
    stage.say("收到", by="lilei")
    stage.pass_time(seconds=1)

    _, hops = looked_at(stage, number)

    where = {who: hop_of(stage, who) for who in ("hanmei", "lilei", "zhaoxiaodong", "zhoujianhua")}
    assert hops[where["hanmei"]].why == ""
    assert hops[where["lilei"]].why == "absent"
    assert hops[where["zhaoxiaodong"]].why == "unreached"
    assert hops[where["zhoujianhua"]].why == "silent"


def hop_of(stage: Stage, who: str) -> str:
    """The grid in which somebody was called."""
    with stage.database.reading() as session:
        found = (
            select(receipt.c.grid_id)
            .join(account, account.c.id == receipt.c.account_id)
            .where(account.c.external == who)
        )
        return grids.get(session, session.one(int, found)).name


def test_a_grid_in_which_nobody_sits_is_a_hop_too(stage: Stage) -> None:
    with stage.database.transaction() as session:
        empty = select(grid.c.id).where(grid.c.name == "锦绣花园3-4栋").scalar_subquery()
        session.run(post.delete().where(post.c.grid_id == empty, post.c.role == "micro_lead"))
        session.organization_changed()
    number = mobilized(stage, DRILL)

    _, hops = looked_at(stage, number)

    assert hops["锦绣花园3-4栋"].why == "nobody"


def test_who_handed_it_over_is_told_as_that_and_the_other_counts(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.say("来不了，让李雷去", by="hanmei")
    stage.say("来不了", by="lilei")
    stage.pass_time(seconds=30)
    before, _ = looked_at(stage, number)
    declined = hindsight.tally(before.answers, before.seconds).declined
    assert declined == 2
    for who in ("zhoujianhua", "chenxiaoyu"):
        stage.say("到了", by=who)

    _, hops = looked_at(stage, number)

    assert hops[hop_of(stage, "hanmei")].handed >= 1


def test_late_is_what_was_answered_after_the_first_mark(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(seconds=90)
    stage.say("到了", by="hanmei")

    _, hops = looked_at(stage, number)

    hop = hops[hop_of(stage, "hanmei")]
    assert (hop.why, hop.heard) == ("late", 90.0)


def test_the_slowest_comes_first(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(seconds=90)
    stage.say("到了", by="hanmei")

    of, _ = looked_at(stage, number)

    slow = hindsight.slowest(hindsight.all_hops(of), of.top.code)
    assert slow[0].tally.acknowledged == 0
    assert slow[-1].why == "late"


def test_whoever_was_sent_elsewhere_keeps_the_first_moments(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(seconds=20)
    stage.say("收到", by="hanmei")
    with stage.database.transaction() as session:
        hanmei = session.one(int, select(account.c.id).where(account.c.external == "hanmei"))
        mine = notices.receipt_of(session, number, hanmei)
        assert mine is not None
        notices.change_receipts(session, [mine.id], acknowledged_at=None, called_at=stage.clock.now())
        journal.note(session, stage.clock.now(), "sent", matter_id=number, grid_id=mine.grid_id)

    of, _ = looked_at(stage, number)

    assert 20.0 in [one.acknowledged for one in of.answers]


# ---- figures -----------------------------------------------------------------------------------------


def test_the_curve_and_the_tally_say_the_same(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    for who in ("hanmei", "lilei", "zhoujianhua"):
        stage.pass_time(seconds=25)
        stage.say("收到", by=who)
    stage.tap(card(stage, "lilei"), "来不了", by="lilei")
    stage.pass_time(seconds=25)
    stage.say("到了", by="hanmei")
    stage.pass_time(seconds=1)

    of, _ = looked_at(stage, number)
    curve = hindsight.curve(of.answers, of.seconds, points=20)

    for at, seconds in enumerate(curve.seconds):
        then = hindsight.tally(of.answers, seconds)
        figures = (curve.expected[at], curve.acknowledged[at], curve.arrived[at])
        assert figures == (then.expected, then.acknowledged, then.arrived), seconds
    now = hindsight.tally(of.answers, of.seconds)
    with stage.database.reading() as session:
        assert now == sum(musters.tallies(session, number).values(), musters.Tally())


def test_drills_of_the_same_plan_and_place_are_compared(stage: Stage) -> None:
    first = mobilized(stage, DRILL)
    stage.say("到了", by="hanmei")
    stage.pass_time(minutes=16)
    end(stage, first)
    other = mobilized(stage, "演练 火灾")
    end(stage, other)
    stage.pass_time(days=1)
    second = mobilized(stage, DRILL)
    stage.pass_time(minutes=16)

    [said] = stage.say(f"复盘 {second}", by=LEAD)

    assert f"11月23日 {first}：满15分钟收到 2（10%），到岗 1（5%）" in said
    assert str(other) not in said


def test_the_workbook_has_every_minute_and_every_hop(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(minutes=2, seconds=30)
    stage.say("到了", by="hanmei")
    stage.pass_time(minutes=3)
    end(stage, number)
    out = BytesIO()
    with stage.database.reading() as session:
        hops = report_book.write(scene_of(stage, session), notices.get(session, number), None, out)

    book = load_workbook(out)

    assert book.sheetnames[:5] == ["总览", "逐分钟", "对照时间点", "每一跳", "经过"]
    minutes = list(book["逐分钟"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in minutes[:6]] == [0, 1, 2, 3, 4, 5]
    assert [row[5] for row in minutes[:6]] == [0, 0, 0, 1, 1, 1]
    assert book["每一跳"].max_row == hops + 1
    words = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert not any(name in words for name in NAMES)
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", words)


def test_nobody_answers_and_nothing_breaks(stage: Stage) -> None:
    number = mobilized(stage, DRILL)

    of, _ = looked_at(stage, number)

    assert hindsight.reached([], 0.95, lambda one: one.arrived).first == NEVER
    assert hindsight.curve([], 0.0).acknowledged[0] == 0
    assert hindsight.tally(of.answers, -1.0).expected == 0


# ---- a whole district --------------------------------------------------------------------------------

CPU_S = 1.0


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_whole_district_is_reckoned_within_a_second(kind: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(f"{kind}_database")
    stage = settled_on(database)
    settle_large(stage, 7_461 - 68)
    number = mobilized(stage, DRILL, by="shenliqun")
    with database.transaction() as session:
        said = MORNING + timedelta(seconds=70)
        session.run(update(receipt).where(receipt.c.id % 3 != 0).values(acknowledged_at=said))
        session.run(update(receipt).where(receipt.c.id % 5 == 0).values(acknowledged_at=said, arrived_at=said))
    stage.clock.move_to(MORNING + timedelta(minutes=16))

    with database.reading() as session:
        notice, scene = notices.get(session, number), scene_of(stage, session)

        def reckoned() -> tuple[hindsight.Course, float]:
            began = time.process_time()
            of = hindsight.course(scene, notice)
            hops = hindsight.all_hops(of)
            slow = hindsight.slowest(hops, of.top.code)
            hindsight.branches(of, of.top, slow)
            hindsight.at_marks(of, of.answers)
            hindsight.curve(of.answers, of.seconds)
            return of, time.process_time() - began

        of, took_s = reckoned()
        if took_s >= CPU_S:  # a collection of garbage may fall into one, hardly into two
            of, took_s = reckoned()

    assert len(of.answers) >= 7_393
    assert hindsight.tally(of.answers, of.seconds).arrived > 1400
    assert took_s < CPU_S


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_both_databases_tell_the_same_minutes(kind: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(f"{kind}_database")
    stage = settled_on(database)
    [asked] = stage.say("摸排", by=LEAD)
    number = int(re.search(r"\d{4}", asked)[0])  # type: ignore[index]
    stage.say(f"开始摸排 {number}", by=LEAD)
    stage.does("press", stage.last(LEAD).buttons[0][1], by=LEAD)
    for room in ("101", "102", "201"):
        stage.pass_time(seconds=50)
        stage.say(f"1栋1单元{room}，两口都好", by="wangnainai", chat="g-jinxiu-1")
    stage.pass_time(seconds=70)

    with database.reading() as session:
        scene = scene_of(stage, session)
        of = hindsight.course(scene, notices.get(session, number))
        curve = hindsight.homes_curve(scene, of, of.top.code, of.seconds)
        newest = replay.newest(session, of.top.code, after_action.KINDS)

    assert curve.seconds == (0.0, 60.0, 120.0, 180.0, 220.0)
    assert curve.acknowledged == (0, 1, 2, 3, 3)
    assert [mark.tally.acknowledged if mark.tally else None for mark in hindsight.home_marks(of, curve)] == [
        1,
        3,
        None,
        None,
    ]
    assert newest is not None
    assert newest.number == number


# ---- the pass ----------------------------------------------------------------------------------------


def test_the_pass_opens_its_own_part_for_some_hours_and_nothing_else(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    [said] = stage.say(f"大屏 {number}", by="zhoujianhua")
    address = urlsplit(said.splitlines()[-1])
    assert address.path == f"/board/{number}"
    key = parse_qs(address.query)["k"][0]

    with stage.database.reading() as session:
        secret = passes.secret_there(session, stage.kit.settings) or ""
        own = next(one.id for one in grids.everything(session) if one.name == "锦绣第一网格")

    def opened(number: int, key: str, later: timedelta = timedelta()) -> int | None:
        return after_action.part_opened(number, key, stage.clock.now() + later, secret)

    assert opened(number, key) == own
    assert opened(number, key, timedelta(hours=23)) == own
    assert opened(number, key, timedelta(hours=25)) is None
    assert opened(number + 1, key) is None
    part, until, mark = key.split("-")
    assert opened(number, f"1-{until}-{mark}") is None
    assert opened(number, f"{part}-{int(until) + 9999}-{mark}") is None
    assert opened(number, f"{part}-{until}-{mark[:-1]}{'0' if mark[-1] != '0' else '1'}") is None
    assert opened(number, "") is None


# ---- what a minute said stays what it said ------------------------------------------------------------


def test_people_who_are_sent_elsewhere_change_no_earlier_minute(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(seconds=90)
    for who in ("caihui", "baixuesong"):
        stage.say("收到", by=who)
    before, _ = looked_at(stage, number)
    said = [hindsight.tally(before.answers, at) for at in (60.0, 95.0)]
    stage.pass_time(minutes=3)

    stage.say("增援 2人 搬沙袋", by="zhoujianhua")
    asked = stage.last(LEAD)
    stage.tap(asked, next(label for label, _ in asked.buttons if label.startswith("锦绣第二网格")), by=LEAD)

    after, _ = looked_at(stage, number)
    assert [hindsight.tally(after.answers, at) for at in (60.0, 95.0)] == said


def test_shares_are_of_all_who_were_called_whoever_said_no(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(seconds=30)
    for who in ("lilei", "hanmei"):
        stage.say("来不了", by=who)
    stage.pass_time(minutes=2)

    [said] = stage.say(f"复盘 {number}", by=LEAD)

    assert "叫了 20 人" in said
    assert "来不了 2" in said
    assert "微网格 0/6" in said


def test_a_run_of_forty_seconds_reads_well_and_is_compared_at_what_it_reached(stage: Stage) -> None:
    long = mobilized(stage, DRILL)
    stage.pass_time(minutes=6)
    end(stage, long)
    short = mobilized(stage, DRILL)
    stage.pass_time(seconds=40)
    end(stage, short)

    said = stage.say(f"复盘 {short}", by=LEAD)[-1]

    assert "历时 40秒" in said
    assert "满" not in said
    assert f"{long}：历时 6分0秒，收到" in said
