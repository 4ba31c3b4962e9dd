"""Where buttons are numbered choices, the digit is about the last words that were said there, on either database."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from bot.message import Address, Lane
from storage import bodies, lastsaid, outbox
from storage.database import Database
from storage.outbox import outgoing

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
HERE = Address("wecom", "hanmei", private=True)
CARD, OTHER = [("接单", "accept 1001")], [("好", "rate 1001 1")]


def say(database: Database, *cards: list[tuple[str, str]], address: Address = HERE, said: bool = True) -> None:
    """One after the other, a minute apart."""
    with database.transaction() as session:
        for card in cards:
            kept = msgspec.json.encode(card).decode() if card else ""
            row = {"channel": address.channel, "target": address.target, "private": address.private}
            outbox.post(session, [{**row, "lane": int(Lane.DUTY), "text": "x", "buttons": kept, "due_at": NOW}])
    with database.transaction() as session:
        if said:
            waits = outgoing.c.state == "waiting"
            for row_id in sorted(session.connection.execute(outgoing.select().where(waits)).scalars()):
                done = {"state": "sent", "platform_id": f"m{row_id}", "settled_at": NOW + timedelta(minutes=row_id)}
                session.run(outgoing.update().where(outgoing.c.id == row_id).values(**done))


def test_the_buttons_of_the_last_words(database: Database) -> None:
    say(database, CARD, OTHER)

    with database.transaction() as session:
        assert lastsaid.buttons(session, HERE) == OTHER


def test_words_without_buttons_leave_nothing_to_choose(database: Database) -> None:
    say(database, CARD, [])

    with database.transaction() as session:
        assert lastsaid.buttons(session, HERE) == []


def test_what_has_not_been_said_yet_was_not_read(database: Database) -> None:
    say(database, CARD)
    say(database, OTHER, said=False)

    with database.transaction() as session:
        assert lastsaid.buttons(session, HERE) == CARD


@pytest.mark.parametrize(
    "elsewhere",
    [Address("wecom", "hanmei"), Address("wecom", "wangyang", private=True), Address("aibot", "hanmei", private=True)],
)
def test_what_was_said_elsewhere_is_not_meant(database: Database, elsewhere: Address) -> None:
    say(database, CARD)
    say(database, OTHER, address=elsewhere)

    with database.transaction() as session:
        assert lastsaid.buttons(session, HERE) == CARD


def test_words_that_many_share_have_their_buttons_too(database: Database) -> None:
    with database.transaction() as session:
        body_id = bodies.new(session, 2001)
        bodies.word(session, body_id, "通知", msgspec.json.encode(CARD).decode())
        row = {"channel": HERE.channel, "target": HERE.target, "private": True, "lane": 3, "text": "", "buttons": ""}
        done = {"state": "sent", "platform_id": "m1", "settled_at": NOW, "due_at": NOW, "body_id": body_id}
        session.run(outgoing.insert(), {**row, **done})
        assert lastsaid.buttons(session, HERE) == CARD
