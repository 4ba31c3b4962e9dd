"""What is kept for an aibot: answers in groups, addresses, and what was quoted; on either database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bot.message import Lane
from storage import answers, claiming, outbox, windows
from storage.database import Database
from storage.outbox import outgoing

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(text: str, **more: object) -> dict[str, object]:
    here = {"channel": "c", "target": "g", "private": False, "lane": int(Lane.REPLY), "text": text, "buttons": ""}
    return {**here, "due_at": NOW + timedelta(seconds=4), "edits": "", "quote": None, **more}


@pytest.mark.parametrize(
    ("only", "taken"), [(False, ["通知", "答甲一", "答甲二"]), (True, ["答甲一", "答甲二"])], ids=["message", "tap"]
)
def test_in_a_group_nobody_gets_anothers_answer(database: Database, only: bool, taken: list[str]) -> None:
    with database.transaction() as session:
        session.run(
            insert(outgoing),
            [
                row("通知"),
                row("答甲一", quote="甲"),
                row("答乙", quote="乙"),
                row("答甲二", quote="甲"),
                row("私信", private=True),
            ],
        )

    for _ in range(2):  # and a repeated call gets the same again
        with database.transaction() as session:
            found = answers.take(
                session, "c", "g", "1", most=1000, now=NOW, until=NOW + HOUR, asker="甲", private=False, only=only
            )
        assert [one.text for one in found] == taken

    with database.transaction() as session:
        answers.say(session, "c", "g", "1", private=False)
        left = claiming.claim(session, "c", by="s", now=NOW + timedelta(seconds=5), until=NOW + HOUR, most=10)
    assert {one.text for one in left} == {"私信", "通知" if only else "答乙"}


def test_the_address_of_the_call_itself_is_used_first_and_old_ones_are_forgotten(database: Database) -> None:
    with database.transaction() as session:
        for n in range(3):
            windows.grant(session, "c", "g", f"https://x/{n}", most=1, until=NOW + (n + 1) * HOUR)
        spent = [windows.spend(session, "c", "g", kept=0, now=NOW, first="https://x/1") for _ in range(4)]
        gone = windows.forget(session, NOW + 2 * HOUR)
        windows.give_back(session, "c", "g", "https://x/1")
        again = windows.spend(session, "c", "g", kept=0, now=NOW)

    assert spent == ["https://x/1", "https://x/0", "https://x/2", None]
    assert (gone, again) == (1, "https://x/1")


@pytest.mark.parametrize(
    ("quoted", "found"),
    [
        ("收到，1001号：电梯停了。", "p1"),
        ("收到，1001号：\n电梯停了。", "p1"),
        ("收到，1001号：电", "p1"),
        ("收到，1001号：电梯停了。\n\n还有两件事等您。", "p1"),
        ("收到", None),
        ("电梯停了", None),
        ("好", "p3"),
        ("", None),
        ("还没说的", None),
    ],
)
def test_quoted_words_are_the_latest_message_that_they_are_or_begin(
    database: Database, quoted: str, found: str | None
) -> None:
    with database.transaction() as session:
        said = [row("收到，1001号：电梯停了。"), row("别的"), row("好"), row("还没说的")]
        session.run(insert(outgoing), said)
        for n, one in enumerate(said[:3], 1):
            session.run(update(outgoing).where(outgoing.c.text == one["text"]).values(platform_id=f"p{n}"))
        assert outbox.named(session, "c", "g", quoted) == found
        assert outbox.named(session, "c", "another", quoted) is None
