"""The live card: one message that changes in place, once a second at most, however many answer."""

import asyncio
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.engine import ExecutionContext
from sqlalchemy.engine.interfaces import DBAPICursor

from bot.channels.simulator import Simulator
from bot.channels.transcript import Line, Transcript
from bot.clock import StillClock
from bot.message import Address, Delivery, Incoming, Lane
from bot.turn import Scene
from handlers.mobilizing import board, plans
from storage import musters, notices
from storage.database import Database
from storage.grids import grid
from storage.musters import Tally
from storage.notices import Notice
from storage.people import account, person
from storage.posts import post
from tests.mobilizing.test_mobilizing import LEAD, card, mobilized
from tests.stage import CHANNEL, MORNING, Stage, settled_on, submit_all

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def boards(stage: Stage, who: str) -> list[str]:
    return [heard.text for heard in stage.hears(who) if " · " in heard.text]


# ---- on the phone -----------------------------------------------------------------------------------


def test_the_phone_shows_an_edit_as_a_line_with_the_number_of_the_first_as_its_id(tmp_path: Path) -> None:
    simulator = Simulator(tmp_path / "phones.jsonl", StillClock(NOW))
    address = Address("simulator", "hanmei", private=True)

    async def scene() -> str:
        first = await simulator.send(Delivery(1, address, "1 人", (("收到", "muster_ack 1001"),), Lane.DUTY))
        for text in ("2 人", "3 人"):
            assert await simulator.edit(first, Delivery(2, address, text, (), Lane.DUTY)) == first
        return first

    first = asyncio.run(scene())

    lines, _ = Transcript(tmp_path / "phones.jsonl").since(0)
    shown = [msgspec.json.decode(line.json, type=Line) for line in lines]
    assert [(line.text, line.id, line.edited) for line in shown] == [
        ("1 人", "", False),
        ("2 人", first, True),
        ("3 人", first, True),
    ]


def test_quoting_an_edited_line_leads_to_the_first(tmp_path: Path) -> None:
    simulator = Simulator(tmp_path / "phones.jsonl", StillClock(NOW))
    address = Address("simulator", "hanmei", private=True)

    async def scene() -> tuple[str, int]:
        first = await simulator.send(Delivery(1, address, "1 人", (), Lane.DUTY))
        await simulator.edit(first, Delivery(2, address, "2 人", (), Lane.DUTY))
        return first, simulator.transcript.since(0)[1]

    first, newest = asyncio.run(scene())

    said = Incoming("simulator", "k", "hanmei", None, NOW, text="1", quote=str(newest))
    assert simulator.resolve(said).quote == first


# ---- what it says -----------------------------------------------------------------------------------


def test_every_levels_lead_has_a_card_of_their_own_grid(stage: Stage) -> None:
    mobilized(stage)
    stage.pass_time(seconds=2)

    assert "· 锦绣社区\n应到 20 人，收到 1" in boards(stage, LEAD)[-1]
    assert "· 锦绣第一网格\n应到 9 人，收到 0" in boards(stage, "zhoujianhua")[-1]
    assert boards(stage, "hanmei") == []


def test_only_cards_whose_figures_changed_are_drawn_again(stage: Stage) -> None:
    mobilized(stage)
    stage.pass_time(seconds=2)
    before = {who: len(boards(stage, who)) for who in (LEAD, "zhoujianhua", "wulijuan")}

    stage.tap(card(stage, "hanmei"), "收到", by="hanmei")
    stage.pass_time(seconds=2)

    assert len(boards(stage, LEAD)) == before[LEAD] + 1
    assert len(boards(stage, "zhoujianhua")) == before["zhoujianhua"] + 1
    assert len(boards(stage, "wulijuan")) == before["wulijuan"]
    assert "收到 2" in boards(stage, LEAD)[-1]


def test_many_answers_within_a_second_make_one_card(stage: Stage) -> None:
    mobilized(stage)
    stage.pass_time(seconds=2)
    before = len(boards(stage, LEAD))

    for who in ("hanmei", "lilei", "wangyang", "zhaoxiaodong", "sunlihua", "zhoujianhua"):
        stage.say("收到", by=who)
    stage.pass_time(seconds=2)

    assert len(boards(stage, LEAD)) == before + 1
    assert "收到 7" in boards(stage, LEAD)[-1]


def test_the_slowest_are_named_by_their_grids_and_nobody_by_name(stage: Stage) -> None:
    mobilized(stage)
    stage.say("收到", by="hanmei")
    stage.pass_time(seconds=2)

    said = boards(stage, LEAD)[-1]
    assert "锦绣花园1-2栋没回话 1" in said
    assert "锦绣花园3-4栋没到 1" in said
    assert "李雷" not in said


def test_when_they_come_is_said_only_when_it_is_known(stage: Stage) -> None:
    mobilized(stage, "集结点名")
    stage.pass_time(seconds=2)
    assert "估不出几点到齐" in boards(stage, "zhoujianhua")[-1]

    for who in ("hanmei", "lilei", "wangyang", "zhaoxiaodong", "zhoujianhua", "chenxiaoyu", "luodayong"):
        stage.say("10分钟到", by=who)
    stage.pass_time(seconds=2)

    assert "按大家报的时间，09:40 前后到岗 95%" in boards(stage, "zhoujianhua")[-1]


def test_the_forecast_is_honest(stage: Stage) -> None:
    terms = plans.terms(stage.kit.catalog)
    with stage.database.transaction() as session:
        scene = Scene(session, MORNING, stage.kit.catalog, stage.kit.settings)
        order = Notice(
            number=1, kind="mobilization", grid_id=1, account_id=1, composed_at=MORNING,
            released_at=MORNING - timedelta(minutes=2),
        )  # fmt: skip

        def kind(expected: int, arrived: int, pending: int = 0) -> str:
            soon = [MORNING + timedelta(minutes=5)] * pending
            return board.forecast(scene, order, Tally(expected=expected, arrived=arrived), soon).kind

        assert kind(20, 19) == "reached"
        assert kind(20, 18) == "pace"
        assert kind(20, 2) == "unknown"
        assert kind(20, 9, pending=10) == "said"
        assert kind(100, 10) == "unknown", "a tenth says nothing of the rest"
        at = board.forecast(scene, order, Tally(expected=20, arrived=10), []).at
        assert at == MORNING - timedelta(minutes=2) + timedelta(minutes=2) * (19 / 10)
        assert terms.share == 0.95


# ---- a whole district -------------------------------------------------------------------------------

LEVELS = (("街道", 3, 5), ("社区", 3, 5), ("网格", 3, 8), ("微网格", 3, 5))
"""What they are called, how long their part of the code is, and how many each has."""
FIRST = 10_000


@contextmanager
def counted(database: Database) -> Generator[list[str]]:
    """The statements that the database is given meanwhile, savepoints left out."""
    statements: list[str] = []

    def note(
        connection: Connection,
        cursor: DBAPICursor,
        statement: str,
        values: object,
        context: ExecutionContext,
        many: bool,
    ) -> None:
        if "SAVEPOINT" not in statement:
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def settle_large(stage: Stage, many: int) -> list[str]:
    """People on posts all over new micro-grids of the district; their names on the channel."""
    with stage.database.transaction() as session:
        root = session.one(int, select(grid.c.id).where(grid.c.depth == 0))
        grids = list(tree(root))
        session.connection.execute(grid.insert(), grids)
        leaves = [row["id"] for row in grids if row["depth"] == 4]
        ids = range(FIRST, FIRST + many)
        session.connection.execute(person.insert(), [{"id": n, "key": f"L{n}", "name": f"人{n}"} for n in ids])
        known = {"channel": CHANNEL, "since": MORNING}
        session.connection.execute(
            account.insert(), [known | {"id": n, "external": f"u{n}", "name": f"人{n}", "person_id": n} for n in ids]
        )
        seat = {"role": "micro_lead", "seat": 1, "mode": "both", "shift": "all"}
        session.connection.execute(
            post.insert(), [seat | {"id": n, "person_id": n, "grid_id": leaves[n % len(leaves)]} for n in ids]
        )
        session.organization_changed()
    return [f"u{n}" for n in ids]


def tree(root: int) -> Iterator[Mapping[str, object]]:
    """Streets, their communities, their grids, their micro-grids."""
    ids = count(FIRST)
    level = [(root, "519901")]
    for depth, (name, digits, each) in enumerate(LEVELS, start=1):
        lower: list[tuple[int, str]] = []
        for parent, code in level:
            for at in range(each):
                row = {"id": next(ids), "code": f"{code}{900 + at:0{digits}}", "name": f"{name}{at}", "level": name}
                yield row | {"depth": depth, "parent_id": parent, "kind": "residential", "aliases": ""}
                lower.append((int(str(row["id"])), str(row["code"])))
        level = lower


@pytest.mark.parametrize(("kind", "many"), [("sqlite", 2000), ("postgres", 300)])
def test_a_burst_of_answers_of_a_whole_district_leaves_few_statements(
    kind: str, many: int, request: pytest.FixtureRequest
) -> None:
    database: Database = request.getfixturevalue(f"{kind}_database")
    stage = settled_on(database)
    people = settle_large(stage, 7_461 - 68)
    with counted(database) as released:
        number = mobilized(stage, "演练 防汛", by="shenliqun")
    with database.reading() as session:
        called = notices.get(session, number).called
    assert called >= 7_393
    assert len(released) < 150

    presses = [
        Incoming(CHANNEL, f"b{n}", who, None, MORNING, "press", f"muster_ack {number}")
        for n, who in enumerate(people[:many])
    ]
    with counted(database) as answered:
        submit_all(database, stage.kit, presses)
    assert len(answered) < 2 * many, "one statement an answer, and some for each batch of them"

    with counted(database) as drawn:
        stage.clock.move_to(stage.clock.now() + timedelta(seconds=2))
        stage.tick()
    assert len(drawn) < 100
    with database.reading() as session:
        tally = sum(tally.acknowledged for tally in musters.tallies(session, number).values())
    assert tally >= many

    stage.clock.move_to(stage.clock.now() + timedelta(minutes=1))
    with counted(database) as reminded:
        stage.tick()
    assert len(reminded) < 100, "one timer and one statement for all who are missing"
    stage.clock.move_to(stage.clock.now() + timedelta(minutes=2))
    with counted(database) as rung:
        stage.tick()
    assert len(rung) < 100
