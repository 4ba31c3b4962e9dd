"""What is kept of windows and of answers, on either database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from bot.message import Address, Lane
from storage import answers, claiming, lastsaid, windows
from storage.database import Database
from storage.outbox import BY_CALL, outgoing

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=8)
HOUR = timedelta(hours=1)
BUTTONS = '[["收到","ack 1"]]'


def row(text: str, lane: Lane = Lane.REPLY, **more: object) -> dict[str, object]:
    due = {"channel": "c", "target": "o", "private": True, "lane": int(lane), "text": text, "buttons": ""}
    return {**due, "due_at": NOW + timedelta(seconds=4), "edits": "", **more}


def taken(database: Database, call: str, *, most: int = 1000, at: datetime = NOW, lasts: bool = True) -> list[str]:
    """What the answer to a call says."""
    until = at + timedelta(seconds=8) if lasts else None
    with database.transaction() as session:
        return [one.text for one in answers.take(session, "c", "o", call, most=most, now=at, until=until)]


def claimed(database: Database, at: datetime) -> list[str]:
    """What the sender may say then."""
    with database.transaction() as session:
        rows = claiming.claim(session, "c", by="sender", now=at, until=at + HOUR, most=10)
    return [one.text for one in rows]


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.connection.execute(select(outgoing.c.state).order_by(outgoing.c.id)).scalars())


def test_windows_are_spent_from_the_one_that_ends_first_and_never_beyond(database: Database) -> None:
    with database.transaction() as session:
        windows.grant(session, "c", "o", "message", most=2, until=NOW + 48 * HOUR)
        windows.grant(session, "c", "o", "tap", most=1, until=NOW + HOUR)
        spent = [windows.spend(session, "c", "o", kept=0, now=NOW) for _ in range(4)]
        kept = windows.spend(session, "c", "o", kept=0, now=NOW)
        windows.give_back(session, "c", "o", "message")
        again = windows.spend(session, "c", "o", kept=0, now=NOW)
        others = windows.spend(session, "c", "another", kept=0, now=NOW)

    assert spent == ["tap", "message", "message", None]
    assert (kept, again, others) == (None, "message", None)


def test_a_call_opens_its_window_once_however_often_it_comes(database: Database) -> None:
    """Whoever is repeated, by the platform or by somebody who kept its bytes, is allowed no more by it."""
    with database.transaction() as session:
        for call, later in (("1", 0), ("2", 1), ("1", 2), ("2", 3)):
            windows.grant(session, "c", "o", "message", most=1, until=NOW + (48 + later) * HOUR, call=call)
            windows.grant(
                session, "c", "g", f"https://x/{call}", most=1, until=NOW + HOUR * (1 + later), call=f"https://x/{call}"
            )
            if later:
                windows.spend(session, "c", "o", kept=0, now=NOW)
                windows.spend(session, "c", "g", kept=0, now=NOW)
        spent = [windows.spend(session, "c", who, kept=0, now=NOW) for who in ("o", "g")]
        windows.grant(session, "c", "o", "message", most=1, until=NOW + 53 * HOUR, call="3")
        fresh = windows.spend(session, "c", "o", kept=0, now=NOW)
        gone = windows.forget(session, NOW + 60 * HOUR)

    assert (spent, fresh) == ([None, None], "message")
    assert gone == 6, "what stands for a call is forgotten with its window"


def test_a_window_ends_keeps_back_and_is_closed(database: Database) -> None:
    with database.transaction() as session:
        windows.grant(session, "c", "o", "message", most=3, until=NOW + HOUR)
        assert windows.spend(session, "c", "o", kept=3, now=NOW) is None
        assert windows.spend(session, "c", "o", kept=2, now=NOW) == "message"
        assert windows.spend(session, "c", "o", kept=0, now=NOW + HOUR) is None
        windows.close(session, "c", "o")
        assert windows.spend(session, "c", "o", kept=0, now=NOW) is None


def test_a_repeated_call_opens_nothing_anew_and_a_later_one_does(database: Database) -> None:
    with database.transaction() as session:
        windows.grant(session, "c", "o", "message", most=1, until=NOW + HOUR)
        windows.spend(session, "c", "o", kept=0, now=NOW)
        windows.grant(session, "c", "o", "message", most=1, until=NOW + HOUR)
        assert windows.spend(session, "c", "o", kept=0, now=NOW) is None
        windows.grant(session, "c", "o", "message", most=1, until=NOW + 2 * HOUR)
        assert windows.spend(session, "c", "o", kept=0, now=NOW) == "message"


@pytest.mark.parametrize("told", [True, False])
def test_an_answer_that_left_is_said_and_one_that_did_not_is_the_senders(database: Database, told: bool) -> None:
    with database.transaction() as session:
        session.run(insert(outgoing), [row("甲"), row("乙")])

    assert taken(database, "1") == ["甲", "乙"]
    assert taken(database, "1") == ["甲", "乙"], "the same call"
    assert taken(database, "2") == [], "another call"
    if told:
        with database.transaction() as session:
            answers.say(session, "c", "o", "1")

    assert claimed(database, NOW + timedelta(seconds=7)) == []
    assert claimed(database, LATER) == ([] if told else ["甲"])
    assert states(database) == (["sent"] * 2 if told else ["waiting"] * 2)
    assert taken(database, "1", at=LATER) == (["甲", "乙"] if told else ["乙"]), "what the sender says is left to it"


def test_a_sender_that_begins_leaves_alone_what_is_being_answered(database: Database) -> None:
    with database.transaction() as session:
        session.run(insert(outgoing), [row("甲")])
        session.run(insert(outgoing), [row("乙", leased_until=LATER + HOUR, leased_by="a dead sender")])
    taken(database, "1")
    with database.transaction() as session:
        assert claiming.release(session, "c") == 1
        assert session.maybe(str, select(outgoing.c.leased_by).where(outgoing.c.text == "甲")) == BY_CALL


def test_choices_end_an_answer_and_are_what_a_digit_is_about(database: Database) -> None:
    with database.transaction() as session:
        parked = row("等着的卡", Lane.DUTY, buttons=BUTTONS)
        session.run(insert(outgoing), [parked, row("后来的卡", Lane.DUTY, buttons=BUTTONS), row("回答")])

    assert taken(database, "1", lasts=False) == ["回答", "等着的卡"]
    with database.reading() as session:
        assert lastsaid.buttons(session, Address("c", "o", private=True)) == [("收到", "ack 1")]


def test_only_as_much_is_taken_as_there_is_room_for(database: Database) -> None:
    with database.transaction() as session:
        session.run(insert(outgoing), [row("四个汉字"), row("四个汉字"), row("四个汉字")])

    assert taken(database, "1", most=30) == ["四个汉字"] * 2
    assert taken(database, "1", most=0) == ["四个汉字"] * 2, "a repeat, however late"
    assert taken(database, "2", most=0) == []


def test_of_a_card_only_the_newest_words_are_said(database: Database) -> None:
    with database.transaction() as session:
        session.run(insert(outgoing), [row("1 人", edits="board 1"), row("2 人", edits="board 1")])

    assert taken(database, "1", lasts=False) == ["2 人"]
    assert states(database) == ["stopped", "sent"]
