"""A group that gets another id keeps all it had: its grid, what was promised, what was asked, on either database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.message import Lane
from storage import asked, bodies, chats, claiming, formerly, moving, outbox, reach
from storage.asked import Asked
from storage.chats import Chat
from storage.claiming import Settled
from storage.database import Database
from storage.grids import grid
from storage.outbox import Outgoing, outgoing
from storage.session import Session

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
OLD, NEW = "-5", "-1005"


def settled(session: Session) -> Chat:
    """A group that is bound to a grid."""
    kind: dict[str, object] = {"level": "micro", "depth": 4, "kind": "residential", "households": 0, "people": 0}
    session.run(grid.insert(), {"id": 1, "code": "510124001001001001", "name": "1", "aliases": "", **kind})
    group = chats.join(session, channel="telegram", external=OLD, name="群", now=NOW)
    chats.bind(session, group.id, 1, "residents")
    return group


def promise(
    session: Session, text: str, target: str = OLD, *, body_id: int | None = None, private: bool = False
) -> None:
    row = {"channel": "telegram", "target": target, "private": private, "lane": int(Lane.REPLY), "text": text}
    outbox.post(session, [{**row, "buttons": "", "due_at": NOW, "body_id": body_id}])


def words(session: Session) -> list[tuple[str, str, str]]:
    rows = session.all(Outgoing, select(outgoing).order_by(outgoing.c.id))
    return [(row.text, row.target, row.state) for row in rows]


def test_the_group_its_words_and_its_questions_move_and_nothing_else_does(database: Database) -> None:
    with database.transaction() as session:
        group = settled(session)
        promise(session, "给群的")
        promise(session, "给别人的", "-55")
        promise(session, "私下的", private=True)
        asked.ask(
            session,
            asked.key_of(f"telegram//{OLD}", "71"),
            options=["a\tb"],
            takes="",
            held="",
            about=None,
            now=NOW,
            lasts=timedelta(hours=1),
        )
    with database.transaction() as session:
        reach.mark_gone(session, "telegram", NEW, "chat not found", NOW)
        claiming.hold(session, "telegram", outbox.Address("telegram", OLD), NOW + timedelta(hours=1))

        assert moving.move(session, "telegram", OLD, NEW, NOW)

    with database.reading() as session:
        found = chats.by_identity(session, [("telegram", OLD), ("telegram", NEW)])
        assert {key: (row.id, row.grid_id) for key, row in found.items()} == {("telegram", NEW): (group.id, 1)}
        assert words(session) == [
            ("给群的", NEW, "waiting"),
            ("给别人的", "-55", "waiting"),
            ("私下的", OLD, "waiting"),
        ]
        assert asked.waiting(session, [asked.key_of(f"telegram//{NEW}", "71")], NOW)
        assert not session.all(Asked, select(asked.asked).where(asked.asked.c.key.contains(f"//{OLD}|")))
        assert not reach.all_gone(session)
        assert not claiming.holds(session, "telegram", NOW)


def test_words_that_were_promised_to_the_old_id_afterwards_follow(database: Database) -> None:
    with database.transaction() as session:
        settled(session)
        assert moving.move(session, "telegram", OLD, NEW, NOW)
        promise(session, "来晚了")
    with database.transaction() as session:
        assert not moving.move(session, "telegram", OLD, NEW, NOW)
        assert words(session) == [("来晚了", NEW, "waiting")]


def test_a_group_greeted_anew_under_its_new_id_ends_and_the_former_one_stays(database: Database) -> None:
    with database.transaction() as session:
        group = settled(session)
        twin = chats.join(session, channel="telegram", external=NEW, name="群", now=NOW)
        moving.move(session, "telegram", OLD, NEW, NOW)
    with database.reading() as session:
        assert chats.by_identity(session, [("telegram", NEW)])["telegram", NEW].id == group.id
        assert chats.get(session, twin.id).gone_at is not None


def test_the_farewell_of_the_old_id_is_none(database: Database) -> None:
    with database.transaction() as session:
        group = settled(session)
        chats.leave(session, group.id, NOW)
        moving.move(session, "telegram", OLD, NEW, NOW)
    with database.reading() as session:
        kept = chats.get(session, group.id)
        assert (kept.external, kept.grid_id, kept.gone_at) == (NEW, 1, None)


def test_a_grid_that_has_another_group_by_then_keeps_it(database: Database) -> None:
    with database.transaction() as session:
        group = settled(session)
        chats.leave(session, group.id, NOW)
        other = chats.join(session, channel="telegram", external="-7", name="新群", now=NOW)
        chats.bind(session, other.id, 1, "residents")
        moving.move(session, "telegram", OLD, NEW, NOW)
    with database.reading() as session:
        assert (chats.get(session, group.id).grid_id, chats.get(session, other.id).grid_id) == (None, 1)


def test_what_was_said_under_the_old_id_is_quoted_by_no_number_of_the_new_one(database: Database) -> None:
    with database.transaction() as session:
        settled(session)
        promise(session, "收到")
    with database.transaction() as session:
        session.run(outgoing.update().values(about=1001, leased_by="me"))
        row = session.all(Outgoing, select(outgoing))[0]
        claiming.settle(session, [Settled(row.id, "sent", platform_id="40")], NOW, by="me")
        assert outbox.about(session, "telegram", OLD, "40") == 1001
        moving.move(session, "telegram", OLD, NEW, NOW)
        assert outbox.about(session, "telegram", NEW, "40") is None


@pytest.mark.parametrize("state", ["waiting", "sent"])
def test_nobody_is_told_the_same_notice_twice_by_a_move(database: Database, state: str) -> None:
    with database.transaction() as session:
        settled(session)
        body_id = bodies.new(session, 2001)
        promise(session, "", NEW, body_id=body_id)
        promise(session, "", OLD, body_id=body_id)
        session.flush()
        session.run(outgoing.update().where(outgoing.c.target == OLD).values(state=state))
        moving.move(session, "telegram", OLD, NEW, NOW)
        moved = [(target, kept) for _, target, kept in words(session)]
        assert moved == [(NEW, "waiting"), (OLD, "sent" if state == "sent" else "stopped")]


def group(session: Session, external: str) -> tuple[int, int | None, bool] | None:
    """Its row, its grid, and whether the bot is there."""
    found = chats.by_identity(session, [("telegram", external)]).get(("telegram", external))
    return None if found is None else (found.id, found.grid_id, found.gone_at is None)


def test_the_news_told_again_late_changes_no_group_even_where_the_old_id_was_greeted_anew(database: Database) -> None:
    with database.transaction() as session:
        settled(session)
        moving.move(session, "telegram", OLD, NEW, NOW)
    with database.transaction() as session:
        before = group(session, NEW)
        row = {"channel": "telegram", "external": OLD, "name": "群", "joined_at": NOW}
        session.run(chats.chat.insert(), row)  # written by who could not know of the move yet
    for _ in range(2):
        with database.transaction() as session:
            assert not moving.move(session, "telegram", OLD, NEW, NOW)
            assert (group(session, NEW), group(session, OLD)) == (before, None)


def test_a_former_id_begins_no_group(database: Database) -> None:
    with database.transaction() as session:
        kept = settled(session)
        moving.move(session, "telegram", OLD, NEW, NOW)
        joined = chats.join(session, channel="telegram", external=OLD, name="群", now=NOW)
        assert (joined.id, joined.external, joined.grid_id) == (kept.id, NEW, 1)


def test_of_two_groups_the_bound_one_stays_whoever_came_first(database: Database) -> None:
    """As where the move was heard by a program that kept no former ids."""
    with database.transaction() as session:
        bound = settled(session)
        session.run(chats.chat.update().values(external=NEW))
        chats.join(session, channel="telegram", external=OLD, name="群", now=NOW)
        moving.move(session, "telegram", OLD, NEW, NOW)
        assert (group(session, NEW), group(session, OLD)) == ((bound.id, 1, True), None)


@pytest.mark.parametrize("news", [((OLD, NEW), (NEW, "-9")), ((NEW, "-9"), (OLD, NEW)), ((OLD, NEW), (NEW, "-9")) * 2])
def test_a_group_that_moves_twice_is_one_group_under_all_its_ids(
    database: Database, news: tuple[tuple[str, str], ...]
) -> None:
    with database.transaction() as session:
        kept = settled(session)
        promise(session, "给群的")
    for old, new in news:
        with database.transaction() as session:
            moving.move(session, "telegram", old, new, NOW)
    with database.transaction() as session:
        assert group(session, "-9") == (kept.id, 1, True)
        assert (group(session, OLD), group(session, NEW)) == (None, None)
        assert words(session) == [("给群的", "-9", "waiting")]
        ids = [("telegram", OLD), ("telegram", NEW), ("telegram", "-9"), ("wecom", OLD)]
        assert formerly.now_called(session, ids) == {("telegram", OLD): "-9", ("telegram", NEW): "-9"}


def test_a_move_that_leads_back_ends_somewhere(database: Database) -> None:
    with database.transaction() as session:
        kept = settled(session)
        for old, new in ((OLD, NEW), (NEW, OLD), (NEW, NEW), (OLD, NEW)):
            moving.move(session, "telegram", old, new, NOW)
        assert group(session, NEW) == (kept.id, 1, True)


def test_the_same_news_twice_at_once_moves_the_group_once(database: Database) -> None:
    with database.transaction() as session:
        kept = settled(session)

    def told(_: int) -> bool:
        with database.transaction() as session:
            return moving.move(session, "telegram", OLD, NEW, NOW)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(told, range(4))) == [False, False, False, True]
    with database.transaction() as session:
        assert group(session, NEW) == (kept.id, 1, True)
