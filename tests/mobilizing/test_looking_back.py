"""复盘 as a duty officer reads it: how long in words, the day where it is another one, shares of something, and ours."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from handlers.mobilizing import after_action, hindsight, report_book
from storage import grids, notices
from tests.mobilizing.test_after_action import DRILL, end, looked_at, scene_of
from tests.mobilizing.test_mobilizing import LEAD, mobilized
from tests.stage import Stage
from tests.web.test_board import got, way

HEAD_OF_FIRST = "zhoujianhua"
FIRST_GRID = "519901001001001"
Sheets = dict[str, list[tuple[object, ...]]]


def sheets(stage: Stage, number: int, part: str = "") -> Sheets:
    """Every sheet of the workbook, as somebody who opens it reads it."""
    out = BytesIO()
    with stage.database.reading() as session:
        grid = grids.by_code(session, part) if part else None
        report_book.write(scene_of(stage, session), notices.get(session, number), grid, out)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(out)}


def overview(stage: Stage, number: int, part: str = "") -> dict[str, object]:
    """The first sheet, by what stands before each figure."""
    return {str(row[0]): row[1] for row in sheets(stage, number, part)["总览"]}


def page(stage: Stage, number: int, by: str = LEAD) -> str:
    [(status, body)] = got(stage, way(stage, number, by))
    assert status == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;", " ", body))


def lasted_days(stage: Stage, words: str = DRILL) -> int:
    """One that was ended two days and three minutes after it began; somebody was there at once, others came the next day."""
    number = mobilized(stage, words)
    stage.pass_time(seconds=40)
    stage.say("收到", by="hanmei")
    stage.say("来不了", by="lilei")
    stage.pass_time(hours=30)
    stage.say("到了", by="hanmei")
    stage.pass_time(hours=18, minutes=2, seconds=20)
    end(stage, number)
    return number


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0秒"),
        (59.4, "59秒"),
        (60, "1分0秒"),
        (1250, "20分50秒"),
        (3600, "1 小时 0 分"),
        (7_505, "2 小时 5 分"),
        (172_980, "2 天 0 小时 3 分"),
        (hindsight.NEVER, ""),
    ],
)
def test_how_long_as_people_say_it(stage: Stage, seconds: float, said: str) -> None:
    assert hindsight.in_words(hindsight.terms(stage.kit.catalog).lasts, seconds) == said


@pytest.mark.parametrize("words", [DRILL, "动员 防汛"])
def test_what_lasted_days_says_so_and_ends_on_its_own_day(stage: Stage, words: str) -> None:
    number = lasted_days(stage, words)

    said, shown, book = stage.last(LEAD).text, page(stage, number), overview(stage, number)

    assert "11月23日09:30 发令，11月25日09:33 结束，历时 2 天 0 小时 3 分" in said
    assert "第一个收到 40秒，第一个到岗 1 天 6 小时 0 分" in said
    assert "11月23日 09:30 发令 · 11月25日 09:33 结束" in shown
    assert "2天 0:03:00" in shown
    assert "第一个收到 40秒，第一个到岗 1 天 6 小时 0 分，到岗没满 95%" in shown
    assert "11月25日 09:33 解除" in shown
    assert (book["历时"], book["结束"]) == ("2 天 0 小时 3 分", "2026-11-25 09:33:00")
    assert book["第一个到岗"] == "1 天 6 小时 0 分"


def test_within_one_day_only_the_hour_is_said(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(minutes=20, seconds=50)
    end(stage, number)

    assert "11月23日09:30 发令，09:50 结束，历时 20分50秒" in stage.last(LEAD).text


def test_message_page_and_workbook_tell_the_same_figures(stage: Stage) -> None:
    number = lasted_days(stage)

    said, shown, book = stage.last(LEAD).text, page(stage, number), sheets(stage, number)

    assert "叫了 20 人：收到 2（10%），到岗 1（5%），没回话 17，来不了 1" in said
    assert "叫了 20 收到 2 10% 在途 0 0% 到岗 1 5% 没回话 17 85% 来不了 1" in shown
    whole = overview(stage, number)
    assert [whole[name] for name in ("叫了", "收到", "到岗", "没回话", "来不了")] == [20, 2, 1, 17, 1]
    assert list(book["逐分钟"][-1][2:]) == [20, 2, 0, 1, 1]
    hops = book["每一跳"][1:]
    assert [sum(int(str(row[at])) for row in hops) for at in (3, 4, 5, 6, 7)] == [20, 2, 1, 17, 1]


def test_every_minute_of_the_first_day_is_in_the_workbook_and_then_the_end(stage: Stage) -> None:
    number = lasted_days(stage)

    minutes = sheets(stage, number)["逐分钟"]

    assert len(minutes) == 1 + 1441 + 1
    assert minutes[-1][:2] == (2883, "2026-11-25 09:33:00")


def test_nothing_is_a_share_of_nothing_nor_more_than_all(stage: Stage) -> None:
    number = lasted_days(stage)
    said, shown = stage.last(LEAD).text, page(stage, number)
    rows = [row for name, rows in sheets(stage, number).items() if name == "对照时间点" for row in rows[1:]]

    assert all(int(found) <= 100 for found in re.findall(r"(\d+)%", said + shown))
    assert all(isinstance(row[at], int) and 0 <= int(str(row[at])) <= 100 for row in rows for at in (4, 6))
    says = stage.kit.renderer.text(
        "after/report", {**_nothing(stage, number), "tally": hindsight.tally((), 0.0)}, private=True
    )
    assert "叫了 0 人：收到 0，到岗 0" in says


def _nothing(stage: Stage, number: int) -> dict[str, object]:
    with stage.database.reading() as session:
        scene = scene_of(stage, session)
        of = hindsight.course(scene, notices.get(session, number))
        return after_action.told(scene, of, (), (), of.top)


def test_guests_of_a_surge_change_nothing_of_what_we_were(stage: Stage) -> None:
    number = mobilized(stage, DRILL)
    stage.pass_time(seconds=90)
    for who in ("caihui", "baixuesong", HEAD_OF_FIRST):
        stage.say("收到", by=who)
    stage.pass_time(minutes=3)
    before = _figures(stage, number)

    stage.say("增援 2人 搬沙袋", by=HEAD_OF_FIRST)
    asked = stage.last(LEAD)
    stage.tap(asked, next(label for label, _ in asked.buttons if label.startswith("锦绣第二网格")), by=LEAD)
    stage.pass_time(minutes=1)
    assert _figures(stage, number) == before

    for who in ("caihui", "baixuesong"):
        stage.say("到了", by=who)
    stage.pass_time(minutes=15)
    end(stage, number)
    said = stage.say(f"复盘 {number}", by=HEAD_OF_FIRST)[-1]
    assert "叫了 9 人" in said
    assert "另有别处来增援的 2 人，到岗 2，不算在我们这" in said
    assert "另有别处来增援的 2 人，到岗 2，不算在这里" in page(stage, number, HEAD_OF_FIRST)
    whole = overview(stage, number, FIRST_GRID)
    assert (whole["叫了"], whole["来增援的（不算在内）"]) == (9, 2)
    assert "来增援" not in stage.say(f"复盘 {number}", by=LEAD)[-1]
    assert overview(stage, number, "519901001001002")["派出去增援的"] == 2


def _figures(stage: Stage, number: int) -> dict[str, int]:
    """Called, by grid."""
    _, hops = looked_at(stage, number)
    return {name: hop.tally.addressed for name, hop in hops.items()}
