"""What must hold whatever is said: nobody releases beyond their subtree, no loose word releases, silence is kept."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.batch import Kit
from bot.clock import StillClock
from bot.settings import PROJECT
from storage import claiming, grids, notices
from storage.database import IN_MEMORY, Database
from storage.outbox import outgoing
from tests.notices.desk import HEAD, WATER, confirm, notice, released, wrote
from tests.stage import MORNING, Stage, kit

STAFF = (
    "shenliqun",
    "duwenbin",
    "linruoyun",
    "hanlixin",
    "zhoujianhua",
    "hanmei",
    "fangjingguan",
    "chenxiaoyu",
    "liguifang",
)
"""One of each kind, and a neighbour."""
PLACES = (
    "云溪区",
    "锦溪街道",
    "青禾镇",
    "锦绣社区",
    "望江社区",
    "石桥村",
    "锦绣第一网格",
    "望江第一网格",
    "锦绣花园1-2栋",
    "锦绣苑南区",
)
NOT_SLOW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def copied(settled: sqlite3.Connection) -> Stage:
    """A stage of its own for one example."""
    database = Database(IN_MEMORY)
    raw = database.engine.raw_connection().driver_connection
    assert isinstance(raw, sqlite3.Connection)
    settled.backup(raw)
    clock = StillClock(MORNING)
    return Stage(database, replace(parts(), clock=clock), clock)


@lru_cache
def parts() -> Kit:
    """Read once for all examples."""
    return kit(PROJECT / "templates", StillClock(MORNING))


def seats(stage: Stage, who: str) -> list[str]:
    """The codes of the grids in which somebody is seated."""
    with stage.database.reading() as session:
        rows = session.connection.exec_driver_sql(
            "SELECT grid.code FROM post JOIN account ON account.person_id = post.person_id JOIN grid ON grid.id = "
            "post.grid_id WHERE account.external = ? AND post.role != 'resident'",
            (who,),
        )
        return [row[0] for row in rows]


@NOT_SLOW
@given(who=st.sampled_from(STAFF), place=st.sampled_from(PLACES), helper=st.sampled_from(STAFF))
def test_nobody_releases_beyond_their_subtree(settled: sqlite3.Connection, who: str, place: str, helper: str) -> None:
    stage = copied(settled)
    stage.say(f"发通知\n对象：{place}居民群\n正文：{WATER}", by=who)
    for by in (who, helper):
        for heard in stage.does("text", "发布 1001", by=by):
            for _, press in heard.buttons[:1]:
                stage.does("press", press, by=by)
    stage.pass_time(seconds=1)
    own = seats(stage, who) + seats(stage, helper)

    with stage.database.reading() as session:
        found = notices.find(session, 1001)
        if found is not None and found.released_at is not None:
            code = grids.get(session, found.grid_id).code
            by = found.released_by
            assert by is not None
            assert any(code.startswith(seat) for seat in own)
        else:
            told = session.connection.execute(outgoing.select().where(outgoing.c.body_id.is_not(None))).all()
            assert told == []
    stage.database.close()


def mutations(number: int) -> st.SearchStrategy[str]:
    """Words that look like 发布 and its number, and are not."""
    exact = f"发布 {number}"
    cut = st.integers(0, len(exact) - 1).map(lambda at: exact[:at])
    dropped = st.integers(0, len(exact) - 1).map(lambda at: exact[:at] + exact[at + 1 :])
    swapped = st.tuples(st.integers(0, len(exact) - 1), st.sampled_from("发步不部0123789好的 ")).map(
        lambda pair: exact[: pair[0]] + pair[1] + exact[pair[0] + 1 :]
    )
    added = st.sampled_from(["吧", "了吗", " 行不行", "？要不要", " 1002", "号", "的话"]).map(lambda more: exact + more)
    around = st.sampled_from(["先别", "要不要", "能不能", "不", "请问", "帮我看看"]).map(lambda before: before + exact)
    wild = st.text(alphabet="发布同意好是确定1001 给锦绣社区5个群", min_size=1, max_size=14)
    return st.one_of(cut, dropped, swapped, added, around, wild)


@NOT_SLOW
@given(words=st.lists(mutations(1001), min_size=1, max_size=4))
def test_no_loose_word_releases_anything(settled: sqlite3.Connection, words: list[str]) -> None:
    stage = copied(settled)
    number = wrote(stage)
    label = confirm(stage, number).buttons[0][0]
    for said in words:
        if said.strip() not in (label, f"发布 {number}", f"发布{number}", "1"):
            stage.say(said, by=HEAD)
    stage.pass_time(seconds=1)

    assert notice(stage, number).released_at is None
    stage.database.close()


class Patient(Stage):
    """A stage on which the words of notices stay in the outbox."""

    def _send(self) -> None:
        with self.database.transaction() as session:
            own = outgoing.c.body_id.is_(None) & (outgoing.c.state == "waiting")
            session.run(outgoing.update().where(own).values(state="sent", platform_id=outgoing.c.id))


@NOT_SLOW
@given(
    ending=st.sampled_from(["停发 {}", "作废 {} 发错了", "解除 {} 没事了", "更正 {} 改到后天"]),
    ticks=st.integers(0, 3),
    at_night=st.booleans(),
)
def test_a_cancelled_or_stopped_notice_sends_nothing_more(
    settled: sqlite3.Connection, ending: str, ticks: int, at_night: bool
) -> None:
    plain = copied(settled)
    stage = Patient(plain.database, plain.kit, plain.clock)
    if at_night:
        stage.clock.move_to(MORNING.replace(hour=22))
    number = wrote(stage, f"居民群和工作人员 {WATER}")
    stage.does("press", confirm(stage, number).buttons[0][1], by=HEAD)
    for _ in range(ticks):
        stage.tick()
    before = words_of(stage, number)
    stage.say(ending.format(number), by=HEAD)
    if not ending.startswith("停发"):
        stage.does("press", confirm(stage, number + 1).buttons[0][1], by=HEAD)
    for _ in range(6):
        stage.tick()

    assert words_of(stage, number) == before
    leaves = claimable(stage)
    assert number not in leaves
    assert ending.startswith("停发") or number + 1 in leaves
    stage.database.close()


def words_of(stage: Stage, number: int) -> int:
    """How many words of it were ever queued."""
    with stage.database.reading() as session:
        mine = (outgoing.c.about == number) & outgoing.c.body_id.is_not(None)
        return len(session.connection.execute(outgoing.select().where(mine)).all())


def claimable(stage: Stage) -> set[int]:
    """The notices of which a sender would take words, even tomorrow."""
    now = stage.clock.now() + timedelta(days=2)
    with stage.database.transaction() as session:
        rows = claiming.claim(session, "simulator", by="test", now=now, until=now + timedelta(minutes=1), most=10_000)
    return {row.about for row in rows if row.about is not None}


@pytest.mark.parametrize("who", ["liguifang", "hanlixin", "zhoujianhua"])
def test_a_press_that_somebody_else_made_up_releases_nothing(stage: Stage, who: str) -> None:
    number = wrote(stage)
    press = confirm(stage, number).buttons[0][1]

    stage.does("press", press, by=who)
    stage.does("press", f"notice_go {number}", by=HEAD)
    stage.does("press", f"notice_go {number} 00000000", by=HEAD)
    stage.does("press", f"notice_agree {number}", by=HEAD)

    assert notice(stage, number).released_at is None
    assert released(stage, f"居民群 {WATER}")
