"""The health page says in words what is wrong and what to do; the figures are Prometheus'."""

import asyncio
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import insert, text

from bot.clock import StillClock
from bot.errors import CatalogError
from bot.message import Lane
from bot.metrics import Metrics
from bot.settings import PROJECT
from bot.web import health as page
from bot.web.health import STATUS, Health, Part, Report, routes
from storage import chats, outbox, reach, stumbles, timers
from storage.database import Database
from storage.grids import grid

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)


@pytest.fixture
def look(database: Database) -> Health:
    """A health page of a healthy bot with one grid."""
    with database.transaction() as session:
        row = {"code": "510117", "name": "郫都区", "level": "区", "depth": 0}
        session.run(insert(grid), row)
    return health_of(database)


def health_of(
    database: Database, *, known_until: date = date(2026, 12, 31), templates: Path | None = None, trouble: str = ""
) -> Health:
    folder, zone = templates or PROJECT / "templates", ZoneInfo("Asia/Shanghai")
    return Health(database, folder, StillClock(NOW), zone, known_until, lambda: trouble)


def part(health: Health, name: str) -> Part:
    """What the page says of one part."""
    return next(part for part in health.look().parts if part.part == name)


def say(database: Database, *, lane: Lane, waits: timedelta, state: str = "waiting") -> None:
    with database.transaction() as session:
        row: dict[str, object] = {
            "channel": "telegram",
            "target": "1",
            "private": True,
            "lane": int(lane),
            "text": "您好",
            "due_at": NOW - waits,
            "state": state,
        }
        outbox.post(session, [row])


def test_a_healthy_bot_says_so_for_every_part(look: Health) -> None:
    report = look.look()

    assert report.status == "ok", report
    parts = {part.part for part in report.parts}
    assert parts == {key.partition("/")[0] for key in STATUS} - ({"disk"} if look.database.is_postgres else set())
    assert all(part.says and not part.do for part in report.parts)


def test_every_finding_has_its_words_and_every_fault_says_what_to_do(look: Health) -> None:
    words = msgspec.toml.decode(
        (PROJECT / "templates/catalog/health.toml").read_bytes(), type=dict[str, dict[str, str]]
    )

    assert words.keys() == STATUS.keys()
    assert all(("do" in row) == (STATUS[key] != "ok") for key, row in words.items())


def test_an_empty_database_is_bad_and_says_migrate(empty_database: Database) -> None:
    found = part(health_of(empty_database), "schema")

    assert (found.status, found.do) == ("bad", "运行 xiaoge migrate。")


def test_tables_older_than_the_program_are_bad_and_newer_ones_too(look: Health) -> None:
    with look.database.transaction() as session:
        session.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert part(look, "schema").says == "数据表比程序新。"
    assert look.look().status == "bad"


def test_without_an_organization_it_says_how_to_import_one(database: Database) -> None:
    found = part(health_of(database), "organization")

    assert found.status == "warn"
    assert "xiaoge org import" in found.do


def test_a_group_that_is_bound_to_nothing_is_counted(look: Health) -> None:
    with look.database.transaction() as session:
        chats.join(session, channel="telegram", external="-1", name="群", now=NOW)

    assert part(look, "groups").says == "有 1 个群没有绑定网格，群里报事没有人接。"


def test_words_that_wait_more_than_a_minute_are_shown_with_their_channel(look: Health) -> None:
    say(look.database, lane=Lane.REPLY, waits=timedelta(seconds=59))
    assert part(look, "outbox").status == "ok"

    say(look.database, lane=Lane.REPLY, waits=timedelta(seconds=75))
    assert part(look, "outbox").says == "telegram 有 2 条消息没发出去，最早的等了 75 秒。"


def test_a_broadcast_on_its_way_is_no_fault(look: Health) -> None:
    say(look.database, lane=Lane.NOTICE, waits=timedelta(minutes=5))

    assert part(look, "outbox").status == "ok"


def test_gone_targets_refused_words_late_timers_and_stumbles_are_told(look: Health) -> None:
    say(look.database, lane=Lane.REPLY, waits=timedelta(0), state="refused")
    with look.database.transaction() as session:
        reach.mark_gone(session, "telegram", "2", "blocked", NOW)
        timers.arm(session, "clock", 1, NOW - timedelta(seconds=90))
        stumbles.keep(session, 1001, NOW, "KeyError", "{}")

    report = look.look()

    assert {part.part for part in report.parts if part.status == "warn"} == {"targets", "refused", "timers", "stumbles"}
    assert report.status == "warn"


def test_six_weeks_before_the_calendar_ends_it_says_so(look: Health) -> None:
    assert part(look, "calendar").status == "ok"

    ending = health_of(look.database, known_until=NOW.date() + timedelta(days=44))

    assert part(ending, "calendar").status == "warn"


def test_a_template_that_cannot_be_read_is_named_with_its_line_and_mending_it_helps(
    look: Health, tmp_path: Path
) -> None:
    shutil.copytree(PROJECT / "templates" / "catalog", tmp_path / "t" / "catalog")
    broken = tmp_path / "t" / "says" / "hello.txt"
    broken.parent.mkdir()
    broken.write_text("您好\n{% if %}")
    health = health_of(look.database, templates=tmp_path / "t")

    found = part(health, "templates")
    assert found.status == "bad"
    assert "says/hello.txt 第 2 行" in found.says

    broken.write_text("您好")
    os.utime(broken, ns=(1, 1))
    assert part(health, "templates").status == "ok"


def test_a_database_that_cannot_be_reached_is_bad_and_the_rest_is_still_told(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    database = Database(f"sqlite:///{folder / 'x.db'}")
    folder.rmdir()
    folder.write_text("a file stands where the folder was")

    report = health_of(database).look()

    assert report.parts[0].part == "database"
    assert report.parts[0].status == "bad"
    assert {"calendar", "templates"} <= {part.part for part in report.parts}


def test_who_looks_at_the_page_learns_no_host_and_no_user() -> None:
    database = Database("postgresql://secretary@127.0.0.1:1/ledger")

    found = part(health_of(database), "database")
    database.close()

    assert found.says == "数据库写不进去(OperationalError)。"


def test_a_writer_that_does_not_let_go_is_told(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "LOCK_WAIT_S", 0)
    holder = Database(str(sqlite_database.url))
    with holder.transaction():
        found = part(health_of(sqlite_database), "database")
    holder.close()

    assert found.says == "数据库被占用超过 0 秒，消息在等。"


def test_after_a_failure_it_is_tried_whether_something_can_be_stored_again(look: Health) -> None:
    assert part(health_of(look.database, trouble="OperationalError"), "database").status == "ok"

    forbid = "SET default_transaction_read_only = on" if look.database.is_postgres else "PRAGMA query_only = on"
    with look.database.engine.connect() as connection:
        connection.exec_driver_sql(forbid)
        connection.commit()

    assert part(health_of(look.database, trouble="OperationalError"), "database").status == "bad"


def test_a_disk_that_runs_full_is_told(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "LEAST_MB", 2**40)

    assert part(health_of(sqlite_database), "disk").status == "warn"


def test_words_that_are_missing_are_a_fault_of_their_file(database: Database, tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "health.toml").write_text('"disk/ok" = { says = "好" }')

    with pytest.raises(CatalogError, match=r"health\.toml: the row 'calendar/ending' is missing"):
        health_of(database, templates=tmp_path)


def ask(health: Health, metrics: Metrics, path: str) -> tuple[int, str, bytes]:
    """(status, type, body) of one call."""

    async def call() -> tuple[int, str, bytes]:
        app = web.Application()
        app.add_routes(routes(health, metrics, waiting=lambda: 3))
        async with TestClient(TestServer(app, host="127.0.0.1")) as client, client.get(path) as answer:
            return answer.status, answer.content_type, await answer.read()

    return asyncio.run(call())


def test_over_http_a_warning_is_200_and_a_fault_is_503(database: Database) -> None:
    health = health_of(database)

    status, kind, body = ask(health, Metrics(), "/health")
    assert (status, kind) == (200, "application/json")
    assert msgspec.json.decode(body, type=Report).status == "warn"

    with database.transaction() as session:
        session.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert ask(health, Metrics(), "/health")[0] == 503


def test_the_figures_are_there_for_prometheus(look: Health) -> None:
    say(look.database, lane=Lane.REPLY, waits=timedelta(seconds=75))
    metrics = Metrics()
    metrics.handled("report")
    metrics.handled("report")
    metrics.committed(2, 0.004)
    metrics.answered(0.02)
    metrics.stumbled()
    metrics.sent("telegram", "sent")

    _, kind, body = ask(look, metrics, "/metrics")

    assert kind == "text/plain"
    assert set(body.decode().splitlines()) >= {
        'xiaoge_messages_total{intent="report"} 2.0',
        "xiaoge_commit_seconds_count 1.0",
        "xiaoge_message_seconds_count 1.0",
        "xiaoge_stumbles_total 1.0",
        'xiaoge_sends_total{channel="telegram",result="sent"} 1.0',
        "xiaoge_dispatcher_waiting 3.0",
        'xiaoge_outbox_waiting{channel="telegram",lane="reply"} 1.0',
        'xiaoge_outbox_oldest_seconds{channel="telegram",lane="reply"} 75.0',
        "xiaoge_matters_overdue 0.0",
    }


def test_a_lane_that_has_run_empty_says_nought(look: Health) -> None:
    say(look.database, lane=Lane.REPLY, waits=timedelta(seconds=75))
    metrics = Metrics()
    ask(look, metrics, "/metrics")
    with look.database.transaction() as session:
        session.run(outbox.outgoing.delete())

    assert b'xiaoge_outbox_waiting{channel="telegram",lane="reply"} 0.0' in ask(look, metrics, "/metrics")[2]
