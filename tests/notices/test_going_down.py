"""The way down: staff first, then groups, then neighbours; stopped at once; every target one row, whatever happens."""

from collections import Counter
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.batch import Batch
from bot.message import Lane
from bot.turn import Scene
from handlers.notices import audience as audiences
from handlers.notices import release
from handlers.notices.audience import Audience
from handlers.notices.release import Face
from storage import grids, notices, numbers, passages, targets, timers
from storage.database import Database
from storage.notices import Notice, receipt
from storage.outbox import outgoing
from storage.people import account
from storage.session import Session
from tests.stage import Stage, settled_on

COMMUNITY = "519901001001"
EVERYBODY = Audience(staff=True, staff_groups=True, residents_groups=True, residents=True)


@pytest.fixture
def stage(database: Database) -> Stage:
    return settled_on(database)


def scene(stage: Stage, session: Session) -> Scene:
    return Scene(session, stage.clock.now(), stage.kit.catalog, stage.kit.settings, paces=stage.kit.paces)


def composed(stage: Stage, session: Session, audience: Audience = EVERYBODY, lane: Lane = Lane.NOTICE) -> Notice:
    grid = grids.by_code(session, COMMUNITY)
    author = session.one(int, select(account.c.id).where(account.c.external == "linruoyun"))
    assert grid is not None
    values: dict[str, object] = {
        "number": numbers.give(session, "notice"), "kind": "policy", "drill": False, "state": notices.DRAFT,
        "grid_id": grid.id, "audience": audiences.kept(audience), "topic": "停水", "summary": "明天停水", "text": "明天停水",
        "attachment": "", "plan": "", "wants_ack": True, "lane": int(lane), "order_key": "", "account_id": author,
        "composed_at": stage.clock.now(), "ended_why": "", "called": 0,
    }  # fmt: skip
    return notices.compose(session, values)


def released(
    stage: Stage, audience: Audience = EVERYBODY, lane: Lane = Lane.NOTICE, due_at: datetime | None = None
) -> int:
    """The number of a notice that is on its way from now on."""
    with stage.database.transaction() as session:
        notice = composed(stage, session, audience, lane)
        faces = [Face(way, "desk/never_mind", due_at=due_at) for way in audiences.listeners(audience)]
        replies = release.release(scene(stage, session), notice, faces, by=notice.account_id)
        Batch(stage.kit, session, ())._say(replies, None)  # pyright: ignore[reportPrivateUsage]
        return notice.number


def rows(stage: Stage, number: int) -> list[tuple[str, bool, str]]:
    """(target, private, state) of all that was queued, in its order."""
    with stage.database.reading() as session:
        found = select(outgoing.c.target, outgoing.c.private, outgoing.c.state).where(outgoing.c.about == number)
        return [(row[0], row[1], row[2]) for row in session.connection.execute(found.order_by(outgoing.c.id))]


def names_called(stage: Stage, number: int) -> set[str]:
    """Whoever has a receipt."""
    with stage.database.reading() as session:
        mine = select(account.c.external).join(receipt, receipt.c.account_id == account.c.id)
        return set(session.connection.execute(mine.where(receipt.c.notice == number)).scalars())


def settle_neighbours(stage: Stage, many: int = 60) -> None:
    """So many neighbours in each micro-grid of the community, each with an account."""
    with stage.database.transaction() as session:
        for micro in grids.everything(session):
            if micro.code.startswith(COMMUNITY) and len(micro.code) == 18:
                values = [
                    {"channel": "simulator", "external": f"n-{micro.code}-{at}", "name": "", "grid_id": micro.id,
                     "since": stage.clock.now()}
                    for at in range(many)
                ]  # fmt: skip
                session.connection.execute(account.insert(), values)


def test_staff_hear_it_first_then_groups_then_every_neighbour_and_each_of_them_once(stage: Stage) -> None:
    settle_neighbours(stage)

    number = released(stage)
    stage.pass_time(seconds=1)

    told = rows(stage, number)
    assert max(Counter((target, private) for target, private, _ in told).values()) == 1
    called = names_called(stage, number)
    kinds = [target[0] if not private else "staff" if target in called else "resident" for target, private, _ in told]
    firsts = [kinds.index(kind) for kind in ("staff", "w", "g", "resident")]
    assert firsts == sorted(firsts)
    assert Counter(kinds)["resident"] >= 300
    assert Counter(kinds)["g"] == 5
    assert told[0][0] in {"linruoyun", "xujianing", "songminghui", "fangjingguan", "liangxiuying"}
    with stage.database.reading() as session:
        assert notices.get(session, number).called == len(called) == Counter(kinds)["staff"]


def test_what_is_not_for_this_subtree_hears_nothing(stage: Stage) -> None:
    number = released(stage)
    stage.pass_time(seconds=1)

    assert not {"g-wangjiang-1", "w-shiqiao", "hanlixin", "shenliqun"} & {
        target for target, _, _ in rows(stage, number)
    }


def test_stopped_it_says_not_one_word_more_and_what_waited_is_settled(stage: Stage) -> None:
    settle_neighbours(stage)
    number = released(stage, due_at=stage.clock.now().replace(hour=20))
    stage.tick()
    with stage.database.transaction() as session:
        notice = notices.get(session, number)
        assert release.stop(scene(stage, session), notice, by=notice.account_id)
        assert not release.stop(scene(stage, session), notice, by=notice.account_id)
    before = len(rows(stage, number))
    while stage.tick():
        pass

    after = rows(stage, number)
    assert len(after) == before
    stage.pass_time(hours=12)
    assert rows(stage, number) == after


@pytest.mark.parametrize("large", [400, 2])
def test_a_restart_in_the_middle_skips_nobody_and_tells_nobody_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(targets, "GRIDS_AT_ONCE", 2)
    monkeypatch.setattr(targets, "ROWS_AT_ONCE", 30)
    monkeypatch.setattr(targets, "LARGE", large)
    settle_neighbours(stage, 20)
    number = released(stage)
    for _ in range(5):
        stage.tick()
    with pytest.raises(RuntimeError):
        killed_in_the_middle(stage)
    half = len(rows(stage, number))
    stage.pass_time(seconds=1)

    told = [(target, private) for target, private, _ in rows(stage, number)]
    neighbours = [target for target, _ in told if target.startswith("n-")]
    assert half < len(told)
    assert len(set(told)) == len(told)
    assert len(neighbours) == 5 * 20


def killed_in_the_middle(stage: Stage) -> None:
    """The next piece is queued and never committed."""
    with stage.database.transaction() as session:
        Batch(stage.kit, session, ()).tick()
        raise RuntimeError


def test_two_who_carry_on_at_the_same_time_tell_nobody_twice(stage: Stage) -> None:
    number = released(stage)
    stage.pass_time(seconds=1)
    once = rows(stage, number)
    with stage.database.transaction() as session:
        passages.again(session, number, stage.clock.now())
        timers.arm(session, release.GO_ON, number, stage.clock.now())
        session.flush()
    stage.pass_time(seconds=1)

    assert [row[:2] for row in rows(stage, number)] == [row[:2] for row in once]


def test_an_emergency_is_queued_before_the_release_is_over(stage: Stage) -> None:
    number = released(stage, Audience(staff=True, residents_groups=True), Lane.EMERGENCY)

    assert {"linruoyun", "g-jinxiu-1"} <= {target for target, _, _ in rows(stage, number)}


def test_what_is_due_later_leaves_later(stage: Stage) -> None:
    later = stage.clock.now().replace(hour=20)
    number = released(stage, Audience(residents_groups=True), due_at=later)
    stage.tick()

    with stage.database.reading() as session:
        due = session.connection.execute(select(outgoing.c.due_at).where(outgoing.c.about == number)).scalars().all()
    assert set(due) == {later}
